"""The picture a chat shows beside a page's link, drawn from the page's own words. Pure but for the font."""

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from banyan.creatives.lettering import letters, wrapped
from banyan.creatives.pages import Theme

__all__ = ["SHARE_PICTURE_SIDE", "draw_share_picture"]

SHARE_PICTURE_SIDE: Final = 600
"""Pixels; chats crop to the middle square, so it is one."""
EDGE: Final = 56
GROUND: Final[dict[Theme, tuple[tuple[int, int, int], tuple[int, int, int]]]] = {
    "leaf": ((24, 95, 60), (56, 140, 97)),
    "sun": ((125, 67, 11), (178, 106, 32)),
    "sky": ((31, 77, 128), (66, 125, 186)),
    "rose": ((143, 40, 54), (190, 74, 86)),
}
"""From top to bottom, as the head of the page; white words stay readable on both ends."""
WORDS: Final = "#ffffff"
LARGE: Final = 84
SMALL: Final = 64
LETTERS_LARGE: Final = 12
"""Few words are large in a list of chats; of many more must fit."""
LINES_MOST: Final = 4


@lru_cache(maxsize=128)
def draw_share_picture(theme: Theme, title: str, host: str) -> bytes:
    """Return a PNG of 600 × 600 pixels: the host's name above the title, on the theme's ground."""
    side = SHARE_PICTURE_SIDE
    picture = _ground(theme)
    pen = ImageDraw.Draw(picture)
    words = " ".join(title.split())
    size = LARGE if len(words) <= LETTERS_LARGE else SMALL
    font, line_height = letters(size), int(size * 1.35)
    lines = _even(pen, words, size)
    top = (side - line_height * len(lines)) // 2
    for line in lines:
        pen.text((EDGE, top), line, WORDS, font)
        top += line_height
    pen.rounded_rectangle((EDGE, EDGE, EDGE + 56, EDGE + 8), 4, WORDS)
    small = letters(30)
    (named,) = wrapped(pen, " ".join(host.split()), small, side - 2 * EDGE, 1)
    pen.text((EDGE, side - EDGE - 40), named, WORDS, small)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _even(pen: ImageDraw.ImageDraw, words: str, size: int) -> list[str]:
    """Break `words` into as few lines as need be, none of them a single letter if that can be."""
    font, room = letters(size), SHARE_PICTURE_SIDE - 2 * EDGE
    lines = wrapped(pen, words, font, room, LINES_MOST)
    if "".join(lines).replace(" ", "") != words.replace(" ", ""):
        return lines
    while room > size:
        room -= size // 2
        narrower = wrapped(pen, words, font, room, LINES_MOST + 1)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _ground(theme: Theme) -> Image.Image:
    above, below = GROUND[theme]
    column = Image.new("RGB", (1, 2))
    column.putdata([above, below])
    side = SHARE_PICTURE_SIDE
    return column.resize((side, side), Image.Resampling.BILINEAR)
