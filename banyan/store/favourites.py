"""Favourites: the products and shops somebody marked."""

from typing import Literal, LiteralString
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import Favourites
from banyan.store.showcase import cards_of, shops_of

Kind = Literal["product", "shop"]
KEPT_MOST = 200

THERE: dict[Kind, LiteralString] = {
    "product": "select 1 from products where workspace_id = %s and id = %s and state = 'published'",
    "shop": "select 1 from shops where workspace_id = %s and id = %s and state = 'open'",
}
ADD = """
insert into favourites (workspace_id, person_id, kind, thing_id, at)
values (%s, %s, %s, %s, %s) on conflict do nothing
"""
COUNT = "select count(*) from favourites where workspace_id = %s and person_id = %s"
REMOVE = """
delete from favourites
where workspace_id = %s and person_id = %s and kind = %s and thing_id = %s
"""
LIST = """
select kind, thing_id from favourites where workspace_id = %s and person_id = %s
order by at desc, thing_id
"""


def mark(work: Work, person_id: UUID, kind: Kind, thing_id: UUID) -> None:
    """Mark a product or a shop; again is harmless. Raises `product_not_found`, `shop_not_found`."""
    if not work.driver.execute(THERE[kind], (work.workspace_id, thing_id)).fetchone():
        is_product = kind == "product"
        raise Refused(refusals.NO_SUCH_PRODUCT if is_product else refusals.NO_SUCH_SHOP)
    row = work.driver.execute(COUNT, (work.workspace_id, person_id)).fetchone()
    if row and row[0] >= KEPT_MOST:
        raise Refused(refusals.TOO_MANY_KEPT, most=KEPT_MOST)
    work.driver.execute(ADD, (work.workspace_id, person_id, kind, thing_id, work.now))


def unmark(work: Work, person_id: UUID, kind: Kind, thing_id: UUID) -> None:
    """Take a mark away; again is harmless."""
    work.driver.execute(REMOVE, (work.workspace_id, person_id, kind, thing_id))


def favourites(work: Work, person_id: UUID) -> Favourites:
    """Return what somebody marked and can still see, the latest first."""
    rows = work.driver.execute(LIST, (work.workspace_id, person_id)).fetchall()
    products = cards_of(work, [thing for kind, thing in rows if kind == "product"])
    shops = shops_of(work, [thing for kind, thing in rows if kind == "shop"])
    return Favourites(
        [products[thing] for _, thing in rows if thing in products],
        [shops[thing] for _, thing in rows if thing in shops],
    )
