"""The words that tell both sides what became of a help."""

from functools import lru_cache
from typing import Final

from banyan.campaigns.views import Twin
from banyan.kernel.errors import REFUSALS
from banyan.plays import REASONS

COUNTED: Final = Twin("助力成功", "Your help counts")


@lru_cache(maxsize=256)
def outcome_words(reason: str | None) -> Twin:
    """Say why a help did not count; None: it did.

    A reason is a play's, or a refusal of the rewards it would have earned.
    """
    if reason is None:
        return COUNTED
    words = REASONS.get(reason)  # pyright: ignore[reportArgumentType] - or another's
    if words is not None:
        return Twin(words.zh, words.en)
    refused = REFUSALS.get(reason)
    if refused is not None:
        return Twin(refused.zh, refused.en)
    return Twin("未计入", "Not counted")
