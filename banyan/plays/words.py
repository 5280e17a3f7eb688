"""Words a participant or a merchant reads, always in both languages."""

import msgspec

__all__ = ["Words"]


class Words(msgspec.Struct, frozen=True):
    """One sentence or name, in Chinese and in English."""

    zh: str
    en: str
