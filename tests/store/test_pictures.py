"""What is uploaded is drawn anew or refused; nothing of it is decoded before its size is known."""

import io
import struct
import zlib

import pytest
from PIL import Image

from banyan.kernel.errors import Refused
from banyan.store.pictures import PIXELS_MOST, TYPES, WIDTHS, drawn
from tests.journeys.goods import drawing


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is that large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10))
        + chunk(b"IEND", b"")
    )


def moving(frames: int) -> bytes:
    made = io.BytesIO()
    pages = [Image.new("RGB", (8, 8), (n % 255, 0, 0)) for n in range(frames)]
    pages[0].save(made, "WEBP", save_all=True, append_images=pages[1:])
    return made.getvalue()


def animation() -> bytes:
    made = io.BytesIO()
    Image.new("P", (4, 4)).save(made, "GIF")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_of(60_000, 60_000), "picture_too_large"),
        (png_of(PIXELS_MOST, 1), "picture_too_large"),
        (png_of(5478, 5478), "picture_too_large"),
        (png_of(400, 400), "picture_unreadable"),
        (b"", "picture_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "picture_unreadable"),
        (b"<html><script>alert(1)</script>", "picture_unreadable"),
        (animation(), "picture_unreadable"),
        (drawing()[:500], "picture_unreadable"),
        (drawing(kind="TIFF"), "picture_unreadable"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        drawn(content)
    assert refused.value.refusal.code == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_size_is_made(kind: str) -> None:
    made = drawn(drawing(1500, 750, kind))
    assert (made.width, made.height) == (1280, 640)
    assert set(made.sizes) == {f"{width}.{ending}" for width in WIDTHS for ending in TYPES}
    for name, content in made.sizes.items():
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.width == int(name.partition(".")[0])


def test_a_small_picture_is_not_blown_up() -> None:
    made = drawn(drawing(200, 100))
    with Image.open(io.BytesIO(made.sizes["1280.webp"])) as picture:
        assert picture.size == (200, 100)


def test_a_picture_behind_a_picture_is_gone() -> None:
    hidden = b"<?php system($_GET['c']); ?>"
    made = drawn(drawing() + hidden)
    assert all(hidden not in content for content in made.sizes.values())


def test_a_moving_picture_stands_still() -> None:
    made = drawn(moving(30))
    with Image.open(io.BytesIO(made.sizes["160.webp"])) as picture:
        assert getattr(picture, "n_frames", 1) == 1


def test_holes_become_paper_and_a_turned_camera_is_turned_back() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(io.BytesIO(drawn(clear.getvalue()).sizes["160.jpg"])) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    made = drawn(drawing(300, 100, exif=exif))
    assert (made.width, made.height) == (100, 300)
