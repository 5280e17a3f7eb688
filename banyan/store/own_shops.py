"""Own shops: a participant's selection of the merchant's products under their name.

The goods, their prices and the orders stay the merchant's; an order that came through such a shop
names it (`via_shop_id`).
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import OwnShop
from banyan.store.models.shops import ShopRow
from banyan.store.revisions import touch
from banyan.store.shops import (
    ShopFields,
    change_shop,
    completeness,
    open_shop,
    shop_url,
    tallies_of,
)
from banyan.store.showcase import public_shops

PRODUCTS_MOST = 200


class OwnShopFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a participant may say of their shop."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    introduction: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    product_ids: Annotated[list[UUID], msgspec.Meta(max_length=PRODUCTS_MOST)] = []


def open_own_shop(work: Work, person_id: UUID, fields: OwnShopFields) -> OwnShop:
    """Open somebody's shop. Raises `own_shop_exists`, `product_not_found`."""
    if _row(work, person_id) is not None:
        raise Refused(refusals.OWN_SHOP_EXISTS)
    shop_id = derived_id(work.workspace_id, "own shop", person_id)
    said = ShopFields(name=fields.name, introduction=fields.introduction)
    open_shop(work, shop_id, said, owner=person_id)
    _select(work, shop_id, fields.product_ids)
    return _shown(work, person_id)


def change_own_shop(work: Work, person_id: UUID, fields: OwnShopFields) -> OwnShop:
    """Change somebody's shop. Raises `shop_not_found`, `product_not_found`."""
    row = _row(work, person_id)
    if row is None:
        raise Refused(refusals.NO_SUCH_SHOP)
    said = ShopFields(name=fields.name, introduction=fields.introduction, state=row.state)
    change_shop(work, row.id, said)
    _select(work, row.id, fields.product_ids)
    return _shown(work, person_id)


def own_shop(work: Work, person_id: UUID) -> OwnShop | None:
    """Return somebody's shop, None when they have none."""
    return _shown(work, person_id) if _row(work, person_id) else None


def _row(work: Work, person_id: UUID) -> ShopRow | None:
    return work.session.scalar(
        select(ShopRow).where(
            ShopRow.workspace_id == work.workspace_id, ShopRow.owner_person_id == person_id
        )
    )


THERE = """
select count(*) from products
where workspace_id = %s and id = any(%s) and state = 'published'
"""
CLEAR = "delete from shop_selections where workspace_id = %s and shop_id = %s"
SELECT = """
insert into shop_selections (workspace_id, shop_id, product_id, position)
select %s, %s, s.product_id, s.position
from unnest(%s::uuid[]) with ordinality as s (product_id, position)
order by s.product_id
"""


def _select(work: Work, shop_id: UUID, product_ids: Sequence[UUID]) -> None:
    chosen = list(dict.fromkeys(product_ids))
    row = work.driver.execute(THERE, (work.workspace_id, chosen)).fetchone()
    if not row or row[0] != len(chosen):
        raise Refused(refusals.NO_SUCH_PRODUCT)
    work.driver.execute(CLEAR, (work.workspace_id, shop_id))
    work.driver.execute(SELECT, (work.workspace_id, shop_id, chosen))
    touch(work)


def _shown(work: Work, person_id: UUID) -> OwnShop:
    row = _row(work, person_id)
    if row is None:
        raise Refused(refusals.NO_SUCH_SHOP)
    chosen = work.driver.execute(
        "select l.product_id from shop_selections l join products p"
        " on p.workspace_id = l.workspace_id and p.id = l.product_id and p.state = 'published'"
        " where l.workspace_id = %s and l.shop_id = %s order by l.position, l.product_id",
        (work.workspace_id, row.id),
    )
    return OwnShop(
        shop=public_shops(work, [row])[0],
        url=shop_url(row.slug),
        completeness=completeness(row, *tallies_of(work).get(row.id, (0, 0))),
        product_ids=[product_id for (product_id,) in chosen],
    )
