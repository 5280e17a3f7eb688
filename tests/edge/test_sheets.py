"""Exports open in a spreadsheet without running anything."""

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.app.sheets import csv_pieces, neutral, xlsx_pieces

NASTY = ["=1+1", "+8613812345678", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=cmd|'/c calc'!A1"]


@pytest.mark.parametrize("text", NASTY)
def test_a_formula_becomes_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_no_neutral_text_starts_a_formula(text: str) -> None:
    assert not neutral(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def read_csv(pieces: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))


def test_csv_says_what_was_put_in() -> None:
    at = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    rows = read_csv(csv_pieces(["名", "数", "时"], [('周,"周"\n周', 3, at), (None, 1.5, None)]))
    assert rows == [
        ["名", "数", "时"],
        ['周,"周"\n周', "3", "2026-11-21 08:30:00"],
        ["", "1.5", ""],
    ]


def test_csv_is_made_piece_by_piece() -> None:
    wide = "x" * 100
    tracemalloc.start()
    sizes = [len(piece) for piece in csv_pieces(["a"], ([wide] for _ in range(50_000)))]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) > 5_000_000
    assert peak < 1_000_000
    assert len(sizes) == 101


def test_xlsx_holds_text_as_text() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    made = b"".join(xlsx_pieces(["=头", "数", "时"], [("=1+1", 7, at)]))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "'=1+1" in sheet
    assert "<v>7</v>" in sheet


def test_an_empty_xlsx_still_has_its_heads() -> None:
    made = b"".join(xlsx_pieces(["名"], []))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert "名" in book.read("xl/worksheets/sheet1.xml").decode()
