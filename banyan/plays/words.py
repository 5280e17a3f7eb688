"""Words a participant or a merchant reads, always in both languages."""

import msgspec

__all__ = ["Words", "money"]


class Words(msgspec.Struct, frozen=True):
    """One sentence or name, in Chinese and in English."""

    zh: str
    en: str


def money(minor: int) -> str:
    """Return minor units as a plain number of the currency, without its sign: 1990 is `19.90`."""
    whole, rest = divmod(minor, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)
