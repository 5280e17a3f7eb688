"""Importing products: rows become drafts, or change the SKUs they name. Repeating it changes nothing.

A row that names the code of a SKU changes that SKU. Otherwise rows of one name are one product, a
SKU a row. A product any of whose rows is wrong is left out whole, and every wrong row is told.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import ImportOutcome, RowError
from banyan.store.categories import ensure_categories
from banyan.store.importing.rows import SheetRow, read_columns, read_row
from banyan.store.importing.sheets import Row
from banyan.store.products import SKUS_MOST, ProductFields, add_products
from banyan.store.revisions import touch
from banyan.store.skus import SkuChange, SkuFields, change_figures, set_stocks
from banyan.store.views import Twin

ERRORS_SHOWN = 200


class _Plan(NamedTuple):
    """What a sheet comes to."""

    made: list[list[SheetRow]]
    changed: list[tuple[UUID, SheetRow]]
    errors: list[RowError]


CODES = """
select s.code, s.id, p.shop_id from skus s
join products p on p.workspace_id = s.workspace_id and p.id = s.product_id
where s.workspace_id = %s and s.code = any(%s) and not s.is_removed
"""
ALIKE = """
select p.name, s.attributes, s.id from products p
join skus s on s.workspace_id = p.workspace_id and s.product_id = p.id and not s.is_removed
where p.workspace_id = %s and p.shop_id = %s and p.name = any(%s) and not p.is_removed
order by s.created_at, s.id
"""


def import_products(
    work: Work, shop_id: UUID, sheet: tuple[Row, list[Row]], *, dry_run: bool
) -> ImportOutcome:
    """Take a sheet's rows into a shop, or only say what would happen.

    Raises `shop_not_found`, `file_without_columns`, `columns_twice`.
    """
    owned = work.driver.execute(
        "select owner_person_id from shops where workspace_id = %s and id = %s",
        (work.workspace_id, shop_id),
    ).fetchone()
    if owned is None or owned[0] is not None:
        raise Refused(refusals.NO_SUCH_SHOP)
    head, rows = sheet
    plan = _planned(work, shop_id, head, rows)
    if not dry_run:
        _carry_out(work, shop_id, plan)
    changed = len({sku_id for sku_id, _ in plan.changed})
    return ImportOutcome(
        dry_run=dry_run,
        accepted=len(plan.made) + changed,
        made=len(plan.made),
        changed=changed,
        rows=len(rows),
        errors=plan.errors[:ERRORS_SHOWN],
        errors_left=max(0, len(plan.errors) - ERRORS_SHOWN),
    )


def _planned(work: Work, shop_id: UUID, head: Row, rows: Sequence[Row]) -> _Plan:
    places = read_columns(head)
    errors: list[RowError] = []
    good: list[SheetRow] = []
    spoilt: set[str] = set()
    codes: dict[str, int] = {}
    for row in rows:
        read = read_row(row, places, head.cells)
        if isinstance(read, list):
            errors += read
            place = places["name"]
            spoilt.add(row.cells[place] if place < len(row.cells) else "")
            continue
        if read.code and (first := codes.setdefault(read.code, row.number)) != row.number:
            errors.append(_twice(row.number, head.cells[places["code"]], first))
            continue
        good.append(read)
    known, foreign = _known(work, shop_id, [row.code for row in good if row.code])
    alike = _alike(work, shop_id, {row.name for row in good})
    changed: list[tuple[UUID, SheetRow]] = []
    groups: dict[str, list[SheetRow]] = {}
    for row in good:
        if row.name in spoilt:
            continue
        if row.code in foreign:
            errors.append(_elsewhere(row, head.cells[places["code"]]))
            continue
        sku_id = known.get(row.code or "") or alike.get((row.name, _key(row.attributes)))
        if sku_id:
            changed.append((sku_id, row))
        else:
            groups.setdefault(row.name, []).append(row)
    made: list[list[SheetRow]] = []
    for group in groups.values():
        if found := _unclear(group):
            errors += found
        else:
            made.append(group)
    errors.sort(key=lambda error: error.row)
    return _Plan(made, changed, errors)


def _carry_out(work: Work, shop_id: UUID, plan: _Plan) -> None:
    names = {row.category for group in plan.made for row in group if row.category}
    categories = ensure_categories(work, names) if names else {}
    add_products(work, [(new_id(), _fields(shop_id, group, categories)) for group in plan.made])
    changes = {
        sku_id: SkuChange(
            sku_id, row.price_minor, row.cost_minor, row.weight_grams, row.most_per_order
        )
        for sku_id, row in plan.changed
    }
    change_figures(work, list(changes.values()))
    stocks = {sku_id: row.stock for sku_id, row in plan.changed if row.stock is not None}
    set_stocks(work, stocks, "stock.imported")
    if plan.changed:
        touch(work)


def _fields(shop_id: UUID, group: Sequence[SheetRow], categories: dict[str, UUID]) -> ProductFields:
    first = group[0]
    return ProductFields(
        shop_id=shop_id,
        name=first.name,
        category_id=categories.get(first.category) if first.category else None,
        summary=first.summary,
        description=first.description,
        keywords=first.keywords,
        skus=[
            SkuFields(
                price_minor=row.price_minor,
                code=row.code,
                attributes=row.attributes,
                cost_minor=row.cost_minor,
                weight_grams=row.weight_grams or 0,
                most_per_order=row.most_per_order,
                quantity=row.stock or 0,
            )
            for row in group
        ],
    )


def _known(work: Work, shop_id: UUID, codes: list[str]) -> tuple[dict[str, UUID], set[str | None]]:
    """Return the SKUs of this shop with these codes, and the codes that other shops use."""
    rows = work.driver.execute(CODES, (work.workspace_id, codes)).fetchall()
    here = {code: sku_id for code, sku_id, shop in rows if shop == shop_id}
    return here, {code for code, _, shop in rows if shop != shop_id}


def _alike(
    work: Work, shop_id: UUID, names: set[str]
) -> dict[tuple[str, tuple[tuple[str, str], ...]], UUID]:
    rows = work.driver.execute(ALIKE, (work.workspace_id, shop_id, sorted(names)))
    return {(name, _key(attributes)): sku_id for name, attributes, sku_id in rows}


def _key(attributes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(attributes.items()))


def _unclear(group: Sequence[SheetRow]) -> list[RowError]:
    """Return why rows of one name cannot be one product."""
    if len(group) > SKUS_MOST:
        words = Twin(f"一个商品最多 {SKUS_MOST} 个规格", f"A product has at most {SKUS_MOST} SKUs")
        return [RowError(row.number, None, "too_many_skus", words) for row in group[SKUS_MOST:]]
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    found: list[RowError] = []
    for row in group:
        first = seen.setdefault(_key(row.attributes), row.number)
        if first != row.number:
            words = Twin(
                f"与第 {first} 行的商品和规格相同",
                f"The same product and attributes as row {first}",
            )
            found.append(RowError(row.number, None, "row_twice", words))
    return found


def _twice(number: int, column: str, first: int) -> RowError:
    words = Twin(f"编码与第 {first} 行重复", f"The same code as in row {first}")
    return RowError(number, column, "code_twice", words)


def _elsewhere(row: SheetRow, column: str) -> RowError:
    words = Twin("编码已被另一个店铺使用", "Another shop uses this code")
    return RowError(row.number, column, "sku_code_taken", words)
