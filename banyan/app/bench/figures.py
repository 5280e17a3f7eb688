"""Figures: what was measured, against what it must reach."""

import statistics
from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, kw_only=True):
    """One number of the report. `low` and `high` are the extremes of the rounds."""

    name: str
    what: str
    value: float
    low: float
    high: float
    rounds: int
    target: float | None
    """None: measured to be known, held against nothing."""
    at_least: bool
    """Whether the target is a floor (ratios) or a ceiling (times, sizes)."""
    reached: bool
    detail: dict[str, float] = {}
    """The medians behind a ratio, per second, and what else helps to read it."""


def figure(
    name: str,
    what: str,
    samples: Sequence[float],
    target: float | None,
    *,
    at_least: bool,
    detail: dict[str, float] | None = None,
) -> Figure:
    """Return the median of `samples` as a figure held against `target`."""
    value = statistics.median(samples)
    return Figure(
        name=name,
        what=what,
        value=round(value, 4),
        low=round(min(samples), 4),
        high=round(max(samples), 4),
        rounds=len(samples),
        target=target,
        at_least=at_least,
        reached=target is None or (value >= target if at_least else value <= target),
        detail={key: round(number, 3) for key, number in (detail or {}).items()},
    )


def ratio(
    name: str, what: str, ours: Sequence[float], reference: Sequence[float], target: float | None
) -> Figure:
    """Return the median of the rounds' ratios: each pair was measured side by side in time."""
    pairs = [mine / theirs for mine, theirs in zip(ours, reference, strict=True)]
    detail = {
        "ours_per_s": statistics.median(ours),
        "reference_per_s": statistics.median(reference),
    }
    return figure(name, what, pairs, target, at_least=True, detail=detail)
