"""The ways levels say no."""

from banyan.kernel.errors import refusal

LEVEL_TWICE = refusal(
    "level_twice", 422, zh="两个等级用了同一个编号", en="Two levels have the same key"
)
TOO_MANY_LEVELS = refusal(
    "too_many_levels", 422, zh="最多设 {most} 个等级", en="There can be {most} levels at most"
)
LEVEL_NOT_HIGHER = refusal(
    "level_not_higher",
    422,
    zh="「{high}」的门槛要比「{low}」高",
    en="“{high}” must ask for more than “{low}”",
)
