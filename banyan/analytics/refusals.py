"""The ways analytics says no."""

from banyan.kernel.errors import refusal

ANALYTICS_DOWN = refusal(
    "analytics_down",
    503,
    zh="数据分析暂时不可用，活动照常进行，数据不会丢失",
    en="Numbers are briefly unavailable. The campaign goes on and nothing is lost",
)
