"""Words that people write about goods: one spelling, bounded, and how they are found again. Pure."""

import re
import unicodedata

from banyan.kernel.errors import INVALID, Refused

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"
_MOST_MARKS = 2
TERM_LETTERS = 2
_PLAIN = re.compile(r"[ -~\u4e00-\u9fff\u3001-\u3011\uff01-\uff5e]*")
"""Nearly everything that people write: nothing in it is hidden or piled up."""


def one_line(text: str, most: int, field: str) -> str:
    """Return `text` on one line, without what cannot be seen and without piled-up marks.

    Raises `invalid` naming `field` when more than `most` letters are left: nothing is cut off
    behind somebody's back.
    """
    return _bounded(" ".join(_visible(text).split()), most, field)


def paragraphs(text: str, most: int, field: str) -> str:
    """Return `text` in its lines, cleaned like `one_line`; at most one empty line in a row."""
    lines = [" ".join(_visible(line).split()) for line in text.splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return _bounded("\n".join(kept).strip(), most, field)


def search_form(text: str) -> str:
    """Return `text` as searches compare it: one width, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", _visible(text)).casefold().split())


def terms_of(text: str) -> set[str]:
    """Return every pair of neighbouring letters of a `search_form`; a space is a letter."""
    return {text[place : place + TERM_LETTERS] for place in range(len(text) - TERM_LETTERS + 1)}


def _bounded(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Refused(INVALID, problem=field)
    return text


def _visible(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text):
        category = unicodedata.category(letter)
        # A tab or a line's end inside a cell parts words; what cannot be seen at all goes.
        if letter.isspace():
            kept.append(" ")
            continue
        if category in _HIDDEN and letter != _JOINER:
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
