"""Names: one spelling, and what other participants may see of one. Pure."""

import unicodedata

MOST_LETTERS = 40
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MOST_MARKS = 2


def clean_name(text: str | None) -> str | None:
    """Return `text` without what cannot be seen and without piled-up marks, None when empty.

    Direction overrides, zero-width letters and control characters would let one person's name
    disturb the page of another.
    """
    if text is None:
        return None
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text):
        category = unicodedata.category(letter)
        # The joiner inside an emoji stays: a family is one picture.
        if category in _HIDDEN and letter != "\u200d":
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    cleaned = " ".join("".join(kept).split())[:MOST_LETTERS].strip()
    return cleaned or None


def masked_name(name: str | None) -> str:
    """Return the first letter and two stars, "周**"; "**" for somebody without a name."""
    return f"{name[0]}**" if name else "**"
