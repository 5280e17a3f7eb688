"""The ways outreach says no."""

from banyan.kernel.errors import refusal

QUIET_HOURS = refusal(
    "quiet_hours",
    409,
    zh="只在 {from_hour} 点到 {to_hour} 点之间给客户发消息，请到时间再发",
    en="People are written to between {from_hour}:00 and {to_hour}:00 only; send it then",
)
HOURS_UPSIDE_DOWN = refusal(
    "hours_upside_down",
    422,
    zh="开始的钟点要早于结束的钟点",
    en="The first hour has to be before the last",
)
NO_SEEDS = refusal(
    "no_seeds",
    409,
    zh="还没有选种子用户，请先到“客户 · 种子用户”里选",
    en="No seed user is picked yet: pick them under People, Seed users",
)
