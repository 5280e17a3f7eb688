"""Words a participant or a merchant reads, always in both languages."""

import msgspec

__all__ = ["Words", "money", "some"]


class Words(msgspec.Struct, frozen=True):
    """One sentence or name, in Chinese and in English."""

    zh: str
    en: str


def money(minor: int) -> str:
    """Return minor units as a plain number of the currency, without its sign: 1990 is `19.90`."""
    whole, rest = divmod(minor, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def some(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun in English: `1 day`, `3 days`; `many` where it is irregular."""
    return f"{count} {one if count == 1 else many or one + 's'}"
