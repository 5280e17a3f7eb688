"""The stages of a campaign's life, and the only steps between them."""

from typing import Final, Literal

State = Literal["draft", "published", "live", "paused", "ended", "settled"]
Step = Literal["publish", "begin", "pause", "resume", "end", "settle"]

STATES: Final[tuple[State, ...]] = ("draft", "published", "live", "paused", "ended", "settled")

STEPS: Final[dict[tuple[str, Step], State]] = {
    ("draft", "publish"): "published",
    ("published", "begin"): "live",
    ("live", "pause"): "paused",
    ("paused", "resume"): "live",
    ("published", "end"): "ended",
    ("live", "end"): "ended",
    ("paused", "end"): "ended",
    ("ended", "settle"): "settled",
}
"""Every legal step. A pair that is not here is refused."""

RUNNING: Final[frozenset[str]] = frozenset({"published", "live", "paused"})
"""Promised to participants and not yet over: what was announced binds."""

OVER: Final[frozenset[str]] = frozenset({"ended", "settled"})


def after(state: str, step: Step) -> State | None:
    """Return the stage that `step` leads to from `state`, or None when there is no such step."""
    return STEPS.get((state, step))
