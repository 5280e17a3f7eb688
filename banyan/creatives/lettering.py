"""Letters on pictures: the font, and words broken into the lines there is room for."""

from functools import lru_cache
from importlib import resources
from typing import Final

import manimgx_fonts_cjk
from PIL import ImageDraw, ImageFont

__all__ = ["letters", "wrapped"]

SIMPLIFIED: Final = 2
"""Place of the simplified Chinese face in the font's collection."""
REGULAR, BOLD, BIG = 400, 700, 50


@lru_cache(maxsize=16)
def letters(size: int) -> ImageFont.FreeTypeFont:
    """Return the letters of `size` pixels; large ones are bold."""
    file = resources.files(manimgx_fonts_cjk) / "NotoSansCJK-VF.otf.ttc"
    made = ImageFont.truetype(str(file), size, index=SIMPLIFIED)
    made.set_variation_by_axes([BOLD if size >= BIG else REGULAR])
    return made


def wrapped(
    pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, room: int, lines: int
) -> list[str]:
    """Return `text` in at most `lines` lines of `room` pixels; the last one says when it was cut."""
    told: list[str] = []
    line: str = ""
    for letter in text:
        if not line or pen.textlength(line + letter, font=font) <= room:
            line = line + letter
            continue
        # Words of an alphabet are not cut where there is a space to break at.
        space = line.rfind(" ")
        is_word = letter.isascii() and letter.isalnum() and space > 0
        told.append(line[:space] if is_word else line)
        line = (line[space + 1 :] if is_word else "") + letter.lstrip()
    told.append(line)
    if len(told) > lines:
        told = [*told[: lines - 1], told[lines - 1][:-1] + "…"]
    return told
