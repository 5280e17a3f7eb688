"""Sheets of products: every encoding of the trade, every wrong row told, no bomb."""

import csv
import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from banyan.kernel.errors import Refused
from banyan.kernel.work import Database
from banyan.store.catalogue_views import ImportOutcome
from banyan.store.importing.products import import_products
from banyan.store.importing.sheets import ROWS_MOST, Row, read_sheet
from tests.shelf import Shelf

DATA = Path(os.environ.get("BANYAN_TEST_DATA", Path(__file__).parents[2] / "../shared/data"))

HEAD = "商品名称,价格,商家编码,分类,规格,库存,成本价\r\n"
GOOD = HEAD + "挂耳咖啡,59,C-1,咖啡,口味:坚果,10,28.5\r\n挂耳咖啡,59,C-2,咖啡,口味:柑橘,,\r\n"


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf()


def take(shelf: Shelf, content: bytes | str, *, dry_run: bool = False) -> ImportOutcome:
    sheet = read_sheet(content.encode() if isinstance(content, str) else content)
    with shelf.work() as work:
        return import_products(work, shelf.shop, sheet, dry_run=dry_run)


def codes(outcome: ImportOutcome) -> list[tuple[int, str | None, str]]:
    return [(error.row, error.column, error.code) for error in outcome.errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_sheets_are_read_in_the_encodings_of_the_trade(encoding: str, delimiter: str) -> None:
    head, rows = read_sheet(GOOD.replace(",", delimiter).encode(encoding))
    assert head.cells[:2] == ["商品名称", "价格"]
    assert [row.cells[0] for row in rows] == ["挂耳咖啡", "挂耳咖啡"]


def test_rows_become_drafts_and_a_repeat_changes_nothing(shelf: Shelf) -> None:
    tried = take(shelf, GOOD, dry_run=True)
    assert (tried.made, tried.changed, tried.rows) == (1, 0, 2)
    assert shelf.one("select count(*) from products") == 0
    done = take(shelf, GOOD)
    assert (done.made, done.accepted, done.errors) == (1, 1, [])
    assert shelf.one("select count(*) from skus") == 2
    assert shelf.one("select state from products") == "draft"
    assert shelf.one("select cost_minor from skus where code = 'C-1'") == 2850
    assert shelf.one("select c.name from products p join categories c on c.id = p.category_id") == (
        "咖啡"
    )
    sku = shelf.one("select id from skus where code = 'C-1'")
    assert shelf.stock(sku) == (10, 0, 0)
    again = take(shelf, GOOD.replace("口味:坚果,10", "口味:坚果,4").replace("59,C-1", "49.9,C-1"))
    assert (again.made, again.changed) == (0, 2)
    assert shelf.stock(sku) == (4, 0, 0)
    assert shelf.one("select price_minor from skus where code = 'C-1'") == 4990
    assert shelf.one("select count(*) from prices where sku_id = %s", sku) == 2
    assert shelf.one("select count(*) from skus") == 2


def test_every_wrong_cell_is_told_by_row_and_column(shelf: Shelf) -> None:
    outcome = take(
        shelf,
        HEAD
        + "拿铁,abc,,,,1.5,\r\n"
        + ",12,,,,,\r\n"
        + "美式,,,,,-3,\r\n"
        + "摩卡,0,,,:红,,\r\n"
        + "冷萃,12.345,,,,,\r\n"
        + "手冲,１２.５０,X,,,,\r\n"
        + "气泡,¥1,X,,,,\r\n"
        + '奶茶,"1,299.00元",,,,,\r\n'
        + "奶茶,5,,,,,\r\n"
        + f"{'长' * 121},5,,,,,\r\n",
    )
    assert codes(outcome) == [
        (2, "价格", "not_a_price"),
        (2, "库存", "not_a_number"),
        (3, "商品名称", "name_missing"),
        (4, "价格", "price_missing"),
        (4, "库存", "not_a_number"),
        (5, "价格", "price_zero"),
        (5, "规格", "attributes_unclear"),
        (6, "价格", "too_many_decimals"),
        (8, "商家编码", "code_twice"),
        (10, None, "row_twice"),
        (11, "商品名称", "too_long"),
    ]
    assert outcome.made == 1
    assert shelf.one("select price_minor from skus") == 1250
    assert all(error.message.zh and error.message.en for error in outcome.errors)


def test_a_text_that_looks_like_a_formula_stays_a_text(shelf: Shelf) -> None:
    assert take(shelf, HEAD + '"=HYPERLINK(""http://x"")",1,,,,,\r\n').made == 1
    assert shelf.one("select name from products") == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_unreadable"),
        (b"\x00\x01\x02", "file_unreadable"),
        (b"\xff\xfe\xff", "file_unreadable"),
        (b"PK\x03\x04garbage", "file_unreadable"),
        ("颜色,尺码\r\n红,M\r\n".encode(), "file_without_columns"),
        ("商品名称,名称,价格\r\na,b,1\r\n".encode(), "columns_twice"),
        (HEAD.encode() + b"a,1\r\n" * (ROWS_MOST + 1), "file_too_long"),
        (b"," * 1_000_000 + b"x\r\n", "file_too_long"),
    ],
)
def test_a_file_that_is_no_sheet_of_products_is_refused(
    shelf: Shelf, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        take(shelf, content)
    assert refused.value.refusal.code == code


def book(rows: list[list[object]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as writing:
        sheet = writing.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return made.getvalue()


def test_a_workbook_is_read_as_it_was_typed(shelf: Shelf) -> None:
    content = book(
        [
            ["商品名称", "价格", "商家编码", "库存", "描述"],
            ["挂耳咖啡", 12.9, "00123", 7, "第一行\n第二行"],
            [],
            ["美式", "13.00", "13800138000", 1e6, "<b>&amp;</b>"],
        ]
    )
    head, rows = read_sheet(content)
    assert head == Row(1, ["商品名称", "价格", "商家编码", "库存", "描述"])
    assert [row.number for row in rows] == [2, 4]
    outcome = take(shelf, content)
    assert (outcome.made, outcome.errors) == (2, [])
    assert shelf.one("select price_minor from skus where code = '00123'") == 1290
    assert shelf.one("select description from products where name = '挂耳咖啡'") == "第一行\n第二行"


def parts(sheet: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr("xl/worksheets/sheet1.xml", sheet)
    return made.getvalue()


SHEET = '<worksheet xmlns="x"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        # A cell in the last corner of the sheet.
        (
            parts(SHEET.format('<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>')),
            "file_too_long",
        ),
        # A billion laughs.
        (
            parts('<!DOCTYPE a [<!ENTITY b "ha">]>' + SHEET.format("&b;")),
            "file_unreadable",
        ),
        # Far more than any sheet holds, packed into a few kilobytes.
        (parts(SHEET.format(" " * (130 << 20))), "file_too_long"),
        (parts(SHEET.format('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')), "file_unreadable"),
        (parts("<worksheet><sheetData><row>"), "file_unreadable"),
        (parts(SHEET.format('<row r="x"><c><v>1</v></c></row>')), "file_unreadable"),
    ],
    ids=["corner", "entity", "bomb", "no such text", "cut off", "no row"],
)
def test_a_workbook_made_to_harm_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(content)
    assert refused.value.refusal.code == code


def found(*names: str) -> list[Path]:
    if not DATA.is_dir():
        pytest.skip(f"BANYAN_TEST_DATA: there is no {DATA}")
    files = [file for name in names for file in sorted(DATA.glob(name))]
    assert files, names
    return files


def test_no_file_that_anybody_ever_sent_breaks_the_reader(shelf: Shelf) -> None:
    read = 0
    for file in found("csv_nasty/**/*.*"):
        content = file.read_bytes()
        for head in (b"", HEAD.encode()):
            try:
                outcome = take(shelf, head + content, dry_run=True)
            except Refused:
                continue
            read += 1
            assert outcome.rows >= len({error.row for error in outcome.errors})
    assert read > 30


def test_nasty_texts_are_kept_or_refused_but_never_fail(shelf: Shelf) -> None:
    (file,) = found("csv_nasty/blns/blns.txt")
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(["商品名称", "价格", "关键词", "描述"])
    writer.writerows([line, "1", line, line] for line in lines)
    outcome = take(shelf, made.getvalue())
    assert outcome.made > len(lines) * 7 // 10
    assert shelf.one("select count(*) from products") == outcome.made


def test_a_real_catalogue_comes_in(shelf: Shelf) -> None:
    (file,) = found("tmall_2020/taobao_double11_cosmetics.csv.gz")
    lines = gzip.decompress(file.read_bytes()).decode("utf-8-sig").splitlines(keepends=True)
    outcome = take(shelf, "".join(lines[: ROWS_MOST + 1]))
    assert outcome.made > 700
    # The file lists a product once a day: every repeat is told, none is taken twice.
    assert {error.code for error in outcome.errors} <= {"code_twice", "row_twice", "price_missing"}
    assert shelf.one("select count(*) from products") == outcome.made
    assert shelf.one("select count(*) from skus where price_minor < 1") == 0
