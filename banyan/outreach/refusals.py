"""The ways outreach says no."""

from banyan.kernel.errors import refusal

QUIET_HOURS = refusal(
    "quiet_hours",
    409,
    zh="晚上 9 点到早上 8 点不打扰客户，请到时间再发",
    en="Nobody is written to between 9 in the evening and 8 in the morning; send it then",
)
NO_SEEDS = refusal(
    "no_seeds",
    409,
    zh="还没有选种子用户，请先到“客户 · 种子用户”里选",
    en="No seed user is picked yet: pick them under People, Seed users",
)
