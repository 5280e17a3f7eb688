"""SKUs: the buyable kinds of a product, their prices and what may be crossed out beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from sqlalchemy import insert, select

from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store import catalogue_refusals as refusals
from banyan.store.models.catalogue import SkuRow
from banyan.store.prices import check_references, record_prices
from banyan.store.stock import open_stock, stock_accounts
from banyan.store.wording import one_line

PRICE_MOST_MINOR = 10**9
QUANTITY_MOST = 10**9
WEIGHT_MOST_GRAMS = 10**7
ATTRIBUTES_MOST = 5
CODE_MOST = 60

Price = Annotated[int, msgspec.Meta(ge=1, le=PRICE_MOST_MINOR)]
Quantity = Annotated[int, msgspec.Meta(ge=0, le=QUANTITY_MOST)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class SkuFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may say of a SKU; without an id it is a new one."""

    price_minor: Price
    id: UUID | None = None
    code: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    attributes: Annotated[dict[str, str], msgspec.Meta(max_length=ATTRIBUTES_MOST)] = {}
    reference_minor: Price | None = None
    cost_minor: Annotated[int, msgspec.Meta(ge=0, le=PRICE_MOST_MINOR)] | None = None
    weight_grams: Annotated[int, msgspec.Meta(ge=0, le=WEIGHT_MOST_GRAMS)] = 0
    state: Literal["on_sale", "off_sale"] = "on_sale"
    most_per_order: Annotated[int, msgspec.Meta(ge=1, le=9999)] | None = None
    sale_starts_at: Moment | None = None
    sale_ends_at: Moment | None = None
    quantity: Quantity = 0


def add_skus(work: Work, made: Iterable[tuple[UUID, Sequence[SkuFields]]]) -> None:
    """Add the SKUs of new products, with their first prices and stock, set-wise."""
    rows: list[dict[str, Any]] = []
    quantities: list[tuple[UUID, int]] = []
    for product_id, skus in made:
        _must_differ(skus)
        for position, fields in enumerate(skus):
            if fields.reference_minor is not None:
                raise Refused(refusals.REFERENCE_WITHOUT_DEAL, sku_id=None)
            row = _columns(fields) | _fresh(work, product_id, position)
            rows.append(row)
            quantities.append((row["id"], fields.quantity))
    _insert(work, rows)
    record_prices(work, [(row["id"], row["price_minor"], None) for row in rows])
    open_stock(work, quantities)


def change_skus(work: Work, product_id: UUID, skus: Sequence[SkuFields]) -> None:
    """Make `skus` the SKUs of a product: change, add, and take out those not named.

    A changed price is written down; what is crossed out is checked against the deals before it.
    """
    _must_differ(skus)
    kept = {row.id: row for row in _rows(work, product_id)}
    wanted = [fields.id for fields in skus if fields.id is not None]
    if len(set(wanted)) != len(wanted) or not kept.keys() >= set(wanted):
        raise Refused(INVALID, problem="skus")
    for row in kept.values():
        if row.id not in wanted:
            row.is_removed, row.state = True, "off_sale"
    work.session.flush()
    claimed: dict[UUID, int] = {}
    changed: list[tuple[UUID, int, int | None]] = []
    added: list[dict[str, Any]] = []
    quantities: list[tuple[UUID, int]] = []
    for position, fields in enumerate(skus):
        if fields.id is None:
            if fields.reference_minor is not None:
                raise Refused(refusals.REFERENCE_WITHOUT_DEAL, sku_id=None)
            row = _columns(fields) | _fresh(work, product_id, position)
            added.append(row)
            quantities.append((row["id"], fields.quantity))
            changed.append((row["id"], fields.price_minor, None))
            continue
        sku = kept[fields.id]
        is_new_price = (sku.price_minor, sku.reference_minor) != (
            fields.price_minor,
            fields.reference_minor,
        )
        if is_new_price:
            changed.append((sku.id, fields.price_minor, fields.reference_minor))
            if fields.reference_minor is not None:
                claimed[sku.id] = fields.reference_minor
        for name, value in (_columns(fields) | {"position": position}).items():
            setattr(sku, name, value)
    check_references(work, claimed)
    _flush(work)
    _insert(work, added)
    record_prices(work, changed)
    open_stock(work, quantities)


class SkuChange(NamedTuple):
    """New figures of a SKU that is there, as a sheet gives them; None leaves one as it is."""

    sku_id: UUID
    price_minor: int
    cost_minor: int | None
    weight_grams: int | None
    most_per_order: int | None


UPDATE = """
update skus s set
  price_minor = c.price, reference_minor = case when c.price = s.price_minor
    and s.reference_minor > c.price then s.reference_minor end,
  cost_minor = coalesce(c.cost, s.cost_minor), weight_grams = coalesce(c.weight, s.weight_grams),
  most_per_order = coalesce(c.most, s.most_per_order)
from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::int[], %s::int[])
  as c (id, price, cost, weight, most),
  (select id, price_minor from skus where workspace_id = %s and id = any(%s)
   order by id for no key update) as before
where s.workspace_id = %s and s.id = c.id and before.id = s.id
returning s.id, s.price_minor, s.reference_minor, before.price_minor
"""


def change_figures(work: Work, changes: Sequence[SkuChange]) -> None:
    """Change many SKUs at once. A changed price takes its crossed-out one away."""
    if not changes:
        return
    work.session.flush()
    columns = [list(column) for column in zip(*changes, strict=True)]
    ids = columns[0]
    rows = work.driver.execute(
        UPDATE, (*columns, work.workspace_id, ids, work.workspace_id)
    ).fetchall()
    record_prices(
        work, [(sku, price, reference) for sku, price, reference, was in rows if price != was]
    )
    work.session.expire_all()


def set_stocks(work: Work, available: Mapping[UUID, int], reason: str) -> None:
    """Make these the numbers that can be bought, with one lock for all; reservations stay."""
    made = {sku_id: stock_accounts(work.workspace_id, sku_id) for sku_id in available}
    book = Book(work, [each for row in made.values() for each in (row.supply, row.available)])
    for sku_id, accounts in made.items():
        change = available[sku_id] - book.accounts[accounts.available].free_minor
        if change:
            ends = (accounts.supply, accounts.available)
            debit, credit = ends if change > 0 else ends[::-1]
            book.ask(Transfer(new_id(), debit, credit, abs(change), accounts.unit, reason, sku_id))
    book.close()


def sku_rows(work: Work, product_ids: Iterable[UUID]) -> dict[UUID, list[SkuRow]]:
    """Return the SKUs of products, in order, without those taken out."""
    found = work.session.scalars(
        select(SkuRow)
        .where(
            SkuRow.workspace_id == work.workspace_id,
            SkuRow.product_id.in_(list(product_ids)),
            SkuRow.is_removed.is_(False),
        )
        .order_by(SkuRow.position, SkuRow.created_at, SkuRow.id)
    )
    rows: dict[UUID, list[SkuRow]] = {}
    for row in found:
        rows.setdefault(row.product_id, []).append(row)
    return rows


def _rows(work: Work, product_id: UUID) -> Sequence[SkuRow]:
    return work.session.scalars(
        select(SkuRow)
        .where(
            SkuRow.workspace_id == work.workspace_id,
            SkuRow.product_id == product_id,
            SkuRow.is_removed.is_(False),
        )
        .order_by(SkuRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _columns(fields: SkuFields) -> dict[str, Any]:
    """Return the columns of what was said. Raises `invalid`."""
    code = one_line(fields.code or "", CODE_MOST, "code") or None
    if fields.sale_starts_at and fields.sale_ends_at:  # noqa: SIM102 - one thought a line
        if fields.sale_starts_at >= fields.sale_ends_at:
            raise Refused(INVALID, problem="sale_ends_at")
    if fields.reference_minor is not None and fields.reference_minor <= fields.price_minor:
        raise Refused(INVALID, problem="reference_minor")
    return {
        "code": code,
        "attributes": attributes_of(fields.attributes),
        "price_minor": fields.price_minor,
        "reference_minor": fields.reference_minor,
        "cost_minor": fields.cost_minor,
        "weight_grams": fields.weight_grams,
        "state": fields.state,
        "most_per_order": fields.most_per_order,
        "sale_starts_at": fields.sale_starts_at,
        "sale_ends_at": fields.sale_ends_at,
    }


def attributes_of(given: Mapping[str, str]) -> dict[str, str]:
    """Return what tells a SKU from the others, cleaned. Raises `invalid`."""
    cleaned = {
        one_line(name, 20, "attributes"): one_line(value, 60, "attributes")
        for name, value in given.items()
    }
    if len(cleaned) != len(given) or not all(name and value for name, value in cleaned.items()):
        raise Refused(INVALID, problem="attributes")
    return cleaned


def _fresh(work: Work, product_id: UUID, position: int) -> dict[str, Any]:
    return {
        "workspace_id": work.workspace_id,
        "id": new_id(),
        "product_id": product_id,
        "position": position,
        "created_at": work.now,
    }


def _must_differ(skus: Sequence[SkuFields]) -> None:
    seen: set[tuple[tuple[str, str], ...]] = set()
    codes: set[str] = set()
    for fields in skus:
        alike = tuple(sorted(attributes_of(fields.attributes).items()))
        if alike in seen:
            raise Refused(refusals.SKUS_ALIKE)
        seen.add(alike)
        if fields.code and fields.code in codes:
            raise Refused(refusals.SKU_CODE_TAKEN, sku_code=fields.code)
        codes.add(fields.code or "")


TAKEN = """
select code from skus
where workspace_id = %s and code = any(%s) and not is_removed and not id = any(%s) limit 1
"""


def _flush(work: Work) -> None:
    """Write what changed; a code that another SKU has is told by name."""
    dirty = [row for row in work.session.dirty if isinstance(row, SkuRow) and row.code]
    if dirty:
        with work.session.no_autoflush:
            _must_be_free(work, [row.code for row in dirty if row.code], [row.id for row in dirty])
    work.session.flush()


def _insert(work: Work, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    work.session.flush()
    _must_be_free(work, [row["code"] for row in rows if row["code"]], [])
    try:
        with work.session.begin_nested():
            work.session.execute(insert(SkuRow), rows)
    except Exception as error:
        # Somebody else took a code between the look and the write.
        if isinstance(getattr(error, "orig", None), psycopg.errors.UniqueViolation):
            raise Refused(refusals.SKU_CODE_TAKEN, sku_code="") from None
        raise


def _must_be_free(work: Work, codes: list[str], mine: list[UUID]) -> None:
    if not codes:
        return
    row = work.driver.execute(TAKEN, (work.workspace_id, codes, mine)).fetchone()
    if row:
        raise Refused(refusals.SKU_CODE_TAKEN, sku_code=row[0])


def must_exist(work: Work, sku_id: UUID) -> None:
    """Raise `product_not_found` unless the SKU is one of a product that is there."""
    row = work.session.get(SkuRow, (work.workspace_id, sku_id))
    if row is None or row.is_removed:
        raise Refused(refusals.NO_SUCH_PRODUCT)
