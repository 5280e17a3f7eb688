"""Rows of a product sheet: what the columns are called and what each cell must be. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from banyan.kernel.errors import Refused
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import RowError
from banyan.store.importing.sheets import Row
from banyan.store.products import (
    DESCRIPTION_MOST,
    KEYWORDS_MOST,
    NAME_MOST,
    SUMMARY_MOST,
)
from banyan.store.skus import (
    ATTRIBUTES_MOST,
    CODE_MOST,
    PRICE_MOST_MINOR,
    QUANTITY_MOST,
    WEIGHT_MOST_GRAMS,
    attributes_of,
)
from banyan.store.views import Twin
from banyan.store.wording import one_line, paragraphs


class Column(NamedTuple):
    """A column: its key, its name in both languages, what else people call it."""

    key: str
    zh: str
    en: str
    others: tuple[str, ...] = ()


COLUMNS = (
    Column(
        "name", "商品名称", "Name", ("名称", "标题", "商品标题", "title", "product", "product name")
    ),
    Column("price", "价格", "Price", ("售价", "单价", "销售价", "价格(元)", "price_yuan")),
    Column(
        "code", "商家编码", "SKU code", ("编码", "货号", "sku编码", "sku", "id", "商品编号", "code")
    ),
    Column("category", "分类", "Category", ("商品分类", "类目", "类别")),
    Column("attributes", "规格", "Attributes", ("规格属性", "属性", "销售属性")),
    Column("stock", "库存", "Stock", ("库存数量", "数量", "quantity")),
    Column("cost", "成本价", "Cost", ("成本", "进价")),
    Column("weight", "重量(克)", "Weight (g)", ("重量", "重量（克）", "weight_grams", "weight")),
    Column("most", "每单限购", "Most per order", ("限购", "most_per_order")),
    Column("summary", "简介", "Summary", ("副标题", "卖点")),
    Column("description", "描述", "Description", ("商品描述", "详情")),
    Column("keywords", "关键词", "Keywords", ("搜索词", "标签")),
)
NEEDED = ("name", "price")

_MINOR = 100
_YUAN = re.compile(r"[¥￥$]|元$|,(?=[0-9]{3}(?:[^0-9]|$))")
_PLAIN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,20})?")
_WHOLE = re.compile(r"[0-9]{1,12}(?:\.0{1,20})?")
_PAIR = re.compile(r"[:：=]")
_PAIRS = re.compile(r"[;；|\n]")


class SheetRow(NamedTuple):
    """A row that can be taken as it is. None: the cell was empty."""

    number: int
    name: str
    price_minor: int
    code: str | None
    category: str | None
    attributes: dict[str, str]
    stock: int | None
    cost_minor: int | None
    weight_grams: int | None
    most_per_order: int | None
    summary: str
    description: str
    keywords: str


def read_columns(head: Row) -> dict[str, int]:
    """Return where each known column stands. Raises `file_without_columns`, `columns_twice`."""
    names = {
        _form(name): column.key
        for column in COLUMNS
        for name in (column.key, column.zh, column.en, *column.others)
    }
    places: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        key = names.get(_form(cell))
        if key is None:
            continue
        if key in places:
            raise Refused(refusals.COLUMNS_TWICE, column=cell[:40])
        places[key] = place
    if missing := [
        column.zh for column in COLUMNS if column.key in NEEDED and column.key not in places
    ]:
        raise Refused(refusals.FILE_WITHOUT_COLUMNS, missing="、".join(missing))
    return places


def read_row(row: Row, places: dict[str, int], heads: Sequence[str]) -> SheetRow | list[RowError]:
    """Return the row as it can be taken, or everything that is wrong with it."""
    reading = _Reading(row, places, heads)
    name = reading.words("name", NAME_MOST)
    if not name and "name" not in reading.wrong:
        reading.refuse("name", "name_missing", "缺少商品名称", "The name is missing")
    price = reading.money("price")
    if price is None and "price" not in reading.wrong:
        reading.refuse("price", "price_missing", "缺少价格", "The price is missing")
    elif price == 0:
        reading.refuse("price", "price_zero", "价格应大于 0", "A price is more than 0")
    made = SheetRow(
        number=row.number,
        name=name,
        price_minor=price or 0,
        code=reading.words("code", CODE_MOST) or None,
        category=reading.words("category", 40) or None,
        attributes=reading.attributes(),
        stock=reading.whole("stock", QUANTITY_MOST),
        cost_minor=reading.money("cost"),
        weight_grams=reading.whole("weight", WEIGHT_MOST_GRAMS),
        most_per_order=reading.whole("most", 9999) or None,
        summary=reading.words("summary", SUMMARY_MOST),
        description=reading.words("description", DESCRIPTION_MOST, in_lines=True),
        keywords=reading.words("keywords", KEYWORDS_MOST),
    )
    return reading.errors or made


class _Reading:
    """One row being read; collects what is wrong instead of stopping at the first."""

    def __init__(self, row: Row, places: dict[str, int], heads: Sequence[str]) -> None:
        self._row = row
        self._places = places
        self._heads = heads
        self.errors: list[RowError] = []
        self.wrong: set[str] = set()

    def _cell(self, key: str) -> str:
        place = self._places.get(key)
        return "" if place is None or place >= len(self._row.cells) else self._row.cells[place]

    def refuse(self, key: str, code: str, zh: str, en: str) -> None:
        """Note that the cell of a column is wrong."""
        place = self._places.get(key)
        head = None if place is None else self._heads[place][:80]
        self.wrong.add(key)
        self.errors.append(RowError(self._row.number, head, code, Twin(zh, en)))

    def words(self, key: str, most: int, *, in_lines: bool = False) -> str:
        """Return the text of a cell, cleaned."""
        try:
            clean = paragraphs if in_lines else one_line
            return clean(self._cell(key), most, key)
        except Refused:
            self.refuse(key, "too_long", f"最多 {most} 个字", f"{most} letters at most")
            return ""

    def money(self, key: str) -> int | None:
        """Return the amount of a cell in minor units."""
        text = _YUAN.sub("", _number(self._cell(key))).strip()
        if not text:
            return None
        amount = _decimal(text)
        if amount is None:
            self.refuse(
                key, "not_a_price", "价格应为数字，如 12.90", "A price is a number, as 12.90"
            )
            return None
        minor = amount * _MINOR
        # A spreadsheet may keep 12.9 as 12.899999999999999: the nearest cent, not a smaller one.
        whole = minor.quantize(Decimal(1))
        if abs(minor - whole) > Decimal("0.000001"):
            self.refuse(key, "too_many_decimals", "最多两位小数", "Two decimals at most")
            return None
        if whole > PRICE_MOST_MINOR:
            self.refuse(key, "price_too_high", "价格超出上限", "The price is too high")
            return None
        return int(whole)

    def whole(self, key: str, most: int) -> int | None:
        """Return the whole number of a cell."""
        text = _number(self._cell(key))
        if not text:
            return None
        if not _WHOLE.fullmatch(text) or int(text.partition(".")[0]) > most:
            self.refuse(
                key, "not_a_number", f"应为 0 至 {most} 的整数", f"A whole number from 0 to {most}"
            )
            return None
        return int(text.partition(".")[0])

    def attributes(self) -> dict[str, str]:
        """Return the pairs of a cell like "颜色:红;尺码:M"; a single word is the kind."""
        text = self._cell("attributes").strip()
        if not text:
            return {}
        pairs: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in _PAIRS.split(text))):
            mark = _PAIR.search(part)
            name, value = (part[: mark.start()], part[mark.end() :]) if mark else ("规格", part)
            pairs[name.strip()] = value.strip()
        try:
            if len(pairs) <= ATTRIBUTES_MOST:
                return attributes_of(pairs)
        except Refused:
            pass
        self.refuse(
            *("attributes", "attributes_unclear", "规格应写成“颜色:红;尺码:M”"),
            "Write attributes as “colour:red;size:M”",
        )
        return {}


def _form(name: str) -> str:
    return re.sub(r"[\s_*＊]+", "", unicodedata.normalize("NFKC", name)).casefold()


def _number(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _decimal(text: str) -> Decimal | None:
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
