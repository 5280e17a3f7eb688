"""Sheets: rows as CSV or XLSX that a spreadsheet opens safely, however many there are.

CSV begins with a byte-order mark, because the spreadsheets of this trade guess the encoding
without one. A text that would start a formula is made plain: somebody's name must not run on the
merchant's machine.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | datetime | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_A_PIECE = 500
_BYTES_A_PIECE = 64 * 1024
_MOST_XLSX_ROWS = 1_048_576
"""What the format itself holds."""


def neutral(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    # The look-alike full-width signs start formulas in Chinese and Japanese editions.
    return f"'{text}" if text.lstrip(" \ufeff").startswith(_FORMULA_STARTS) else text


def csv_pieces(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the CSV in pieces of some hundred rows; never more than one piece is in memory."""
    piece = io.StringIO(newline="")
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow([neutral(head) for head in heads])
    for count, row in enumerate(rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if count % _ROWS_A_PIECE == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def xlsx_pieces(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the XLSX file in pieces, made on disk row by row.

    Past the rows one sheet can hold it goes on in the next sheet.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        with xlsxwriter.Workbook(
            path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            bold: Format = book.add_format({"bold": True})  # pyright: ignore[reportUnknownMemberType]
            moment: Format = book.add_format(  # pyright: ignore[reportUnknownMemberType]
                {"num_format": "yyyy-mm-dd hh:mm:ss"}
            )
            sheet, place = None, 0
            for row in rows:
                if sheet is None or place >= _MOST_XLSX_ROWS:
                    sheet, place = _headed(book, heads, bold), 1
                _write(sheet, place, row, moment)
                place += 1
            if sheet is None:
                _headed(book, heads, bold)
        with path.open("rb") as made:
            while piece := made.read(_BYTES_A_PIECE):
                yield piece


def _headed(book: xlsxwriter.Workbook, heads: Sequence[str], bold: Format) -> Worksheet:
    sheet = book.add_worksheet()  # pyright: ignore[reportUnknownMemberType]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 20)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    return sheet


def _write(sheet: Worksheet, place: int, row: Sequence[Cell], moment: Format) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, datetime):
            sheet.write_datetime(place, column, cell.replace(tzinfo=None), moment)
        elif isinstance(cell, str):
            sheet.write_string(place, column, neutral(cell))
        elif cell is not None:
            sheet.write_number(place, column, cell)


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return neutral(cell) if isinstance(cell, str) else cell
