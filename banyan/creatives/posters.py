"""Posters: a merchant's picture with a code to scan, drawn on the server. Pure but for the font.

Only the merchant's own words, and a name if somebody typed one for this very picture, are on it:
never an account's picture or nickname.
"""

import io
from typing import Final, Literal, NamedTuple

import segno
from PIL import Image, ImageDraw

from banyan.creatives.lettering import letters, wrapped

__all__ = ["PosterLook", "PosterText", "draw_poster"]

PosterLook = Literal["plain", "warm", "night"]

WIDTH, HEIGHT, EDGE = 750, 1200, 60
CODE: Final = 330
"""Pixels of the code's side, with its quiet zone."""
MOST_LINES: Final = 3


class _Colours(NamedTuple):
    paper: str
    card: str
    ink: str
    quiet: str
    accent: str


_COLOURS: Final[dict[PosterLook, _Colours]] = {
    "plain": _Colours("#f4f6f3", "#ffffff", "#1d2b22", "#5b6a60", "#1f7a4d"),
    "warm": _Colours("#fff1e2", "#fffaf4", "#4a2412", "#86583c", "#d2491e"),
    "night": _Colours("#10201a", "#1a3027", "#f2f7f3", "#a9bfb2", "#7fd6a5"),
}


class PosterText(NamedTuple):
    """What the picture says. `name` is empty unless its owner typed one for it."""

    merchant: str
    title: str
    line: str
    name: str
    hint: str


def draw_poster(look: PosterLook, text: PosterText, address: str) -> bytes:
    """Return a PNG of 750 × 1200 pixels whose code leads to `address`."""
    colours = _COLOURS[look]
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours.paper)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE), 36, fill=colours.card)
    pen.rounded_rectangle((EDGE * 2, 130, EDGE * 2 + 64, 140), 5, fill=colours.accent)
    down = _written(pen, text.merchant, 160, 30, colours.quiet, lines=1)
    down = _written(pen, text.title, down + 22, 58, colours.ink, lines=MOST_LINES)
    if text.line:
        down = _written(pen, text.line, down + 18, 30, colours.quiet, lines=2)
    if text.name:
        _written(pen, text.name, down + 26, 32, colours.accent, lines=1)
    code = _code(address)
    left, top = (WIDTH - CODE) // 2, HEIGHT - EDGE - CODE - 110
    pen.rounded_rectangle((left - 16, top - 16, left + CODE + 16, top + CODE + 16), 24, "#ffffff")
    picture.paste(code, (left, top))
    font = letters(28)
    wide = pen.textlength(text.hint, font=font)
    pen.text(((WIDTH - wide) / 2, top + CODE + 34), text.hint, colours.quiet, font)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _code(address: str) -> Image.Image:
    """Return the code at a whole number of pixels a module, so that it stays sharp."""
    made = segno.make(address, error="m", micro=False)
    border = 3
    modules = made.symbol_size(scale=1, border=border)[0]
    raw = io.BytesIO()
    made.save(raw, kind="png", scale=max(1, CODE // modules), border=border)
    drawn = Image.open(raw).convert("RGB")
    framed = Image.new("RGB", (CODE, CODE), "#ffffff")
    framed.paste(drawn, ((CODE - drawn.width) // 2, (CODE - drawn.height) // 2))
    return framed


def _written(
    pen: ImageDraw.ImageDraw, text: str, top: int, size: int, colour: str, *, lines: int
) -> int:
    """Write `text` in at most `lines` lines and return where the next thing can begin."""
    font, room = letters(size), WIDTH - EDGE * 4
    for line in wrapped(pen, " ".join(text.split()), font, room, lines):
        pen.text((EDGE * 2, top), line, colour, font)
        top += int(size * 1.4)
    return top
