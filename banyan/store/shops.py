"""Shops: under whose name goods are sold. A merchant has several; a participant may have one."""

from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from banyan import people
from banyan.kernel import settings
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import (
    Completeness,
    Missing,
    Owner,
    OwnerPublic,
    Picture,
    PublicShop,
    ShopView,
)
from banyan.store.judged_words import must_be_allowed
from banyan.store.models.catalogue import ProductRow
from banyan.store.models.shops import SelectionRow, ShopRow
from banyan.store.pictures import pictures_of
from banyan.store.revisions import touch
from banyan.store.views import Twin
from banyan.store.wording import one_line, paragraphs

NAME_MOST = 40
INTRODUCTION_MOST = 2000
CONTACT_MOST = 120
ADDRESS_MOST = 500
SLUG_BITS = 50
FREIGHT_MOST_MINOR = 10**7

Slug = Annotated[str, msgspec.Meta(pattern="^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$")]
Freight = Annotated[int, msgspec.Meta(ge=0, le=FREIGHT_MOST_MINOR)]
Goods = Annotated[int, msgspec.Meta(ge=0, le=10**11)]


class ShopFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may say of a shop."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    introduction: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    logo_id: UUID | None = None
    licence_url: Annotated[str, msgspec.Meta(max_length=ADDRESS_MOST)] | None = None
    contact: Annotated[str, msgspec.Meta(max_length=500)] = ""
    state: Annotated[str, msgspec.Meta(pattern="^(open|closed)$")] = "open"
    freight_minor: Freight = 0
    freight_free_from_minor: Goods | None = None


class NewShop(ShopFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shop to open; without a slug one is made."""

    slug: Slug | None = None


POINTS: tuple[tuple[str, int, str, str], ...] = (
    ("name", 10, "填写店铺名称", "Name the shop"),
    ("introduction", 15, "写一段至少 20 字的店铺介绍", "Introduce it in at least 20 letters"),
    ("logo", 15, "上传店铺标志", "Upload a logo"),
    ("licence", 20, "填写营业执照公示链接", "Link to the business licence"),
    ("contact", 10, "填写联系方式", "Say how to reach you"),
    ("products", 20, "上架至少 3 个商品", "Publish at least 3 products"),
    ("pictures", 10, "每个上架商品都有图片", "Give every published product a picture"),
)
"""What makes a shop complete: code, points, words. They add up to 100."""
INTRODUCTION_LEAST = 20
PRODUCTS_LEAST = 3


def completeness(row: ShopRow, published: int, with_pictures: int) -> Completeness:
    """Return how complete a shop is and what it lacks. Pure."""
    is_own = row.owner_person_id is not None
    there = {
        "name": bool(row.name),
        "introduction": len(row.introduction) >= INTRODUCTION_LEAST,
        "logo": row.logo is not None,
        # A participant recommends; the licence is the merchant's to show.
        "licence": is_own or bool(row.licence_url),
        "contact": is_own or bool(row.contact),
        "products": published >= PRODUCTS_LEAST,
        "pictures": published > 0 and with_pictures == published,
    }
    missing = [
        Missing(code, points, Twin(zh, en)) for code, points, zh, en in POINTS if not there[code]
    ]
    return Completeness(100 - sum(each.points for each in missing), missing)


def open_shop(
    work: Work,
    shop_id: UUID,
    fields: ShopFields,
    *,
    slug: str | None = None,
    owner: UUID | None = None,
) -> None:
    """Open a shop. Raises `slug_taken`, `picture_not_found`, `words_forbidden`, `invalid`."""
    row = ShopRow()
    row.workspace_id, row.id, row.owner_person_id = work.workspace_id, shop_id, owner
    row.slug = slug or new_code(SLUG_BITS)
    row.created_at = work.now
    _write(work, row, fields)
    try:
        # Two who choose the same address at once meet at the constraint.
        with work.session.begin_nested():
            work.session.add(row)
            work.session.flush()
    except IntegrityError as error:
        taken = refusals.OWN_SHOP_EXISTS if "owner" in str(error.orig) else refusals.SLUG_TAKEN
        raise Refused(taken) from None
    touch(work)


def change_shop(work: Work, shop_id: UUID, fields: ShopFields) -> None:
    """Change what a shop says of itself.

    Raises `shop_not_found`, `picture_not_found`, `words_forbidden`.
    """
    row = work.session.get(ShopRow, (work.workspace_id, shop_id), with_for_update=True)
    if row is None:
        raise Refused(refusals.NO_SUCH_SHOP)
    _write(work, row, fields)
    work.session.flush()
    touch(work)


def _write(work: Work, row: ShopRow, fields: ShopFields) -> None:
    row.name = one_line(fields.name, NAME_MOST, "name")
    if not row.name:
        raise Refused(INVALID, problem="name")
    row.introduction = paragraphs(fields.introduction, INTRODUCTION_MOST, "introduction")
    must_be_allowed(name=row.name, introduction=row.introduction)
    row.contact = one_line(fields.contact, CONTACT_MOST, "contact")
    row.licence_url = _address(fields.licence_url)
    row.state = fields.state
    row.freight_minor = fields.freight_minor
    row.freight_free_from_minor = fields.freight_free_from_minor
    logo = pictures_of(work, [fields.logo_id])[0] if fields.logo_id else None
    row.logo = msgspec.to_builtins(logo) if logo else None


def _address(text: str | None) -> str | None:
    """Return a web address that a browser may open; nothing that runs as a script."""
    if not text or not text.strip():
        return None
    found = text.strip()
    try:
        parts = urlsplit(found)
        is_fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_fit = False
    if not is_fit or not found.isprintable() or any(letter.isspace() for letter in found):
        raise Refused(INVALID, problem="licence_url")
    return found


def shop_views(work: Work, shop_id: UUID | None = None) -> list[ShopView]:
    """Return the workspace's shops (or the one), the merchant's own first."""
    asked = select(ShopRow).where(ShopRow.workspace_id == work.workspace_id)
    if shop_id is not None:
        asked = asked.where(ShopRow.id == shop_id)
    asked = asked.order_by(ShopRow.owner_person_id.is_not(None), ShopRow.created_at, ShopRow.id)
    rows = work.session.scalars(asked.limit(500)).all()
    tallies = tallies_of(work)
    names = people.names_masked(work, {row.owner_person_id for row in rows if row.owner_person_id})
    return [
        ShopView(
            id=row.id,
            slug=row.slug,
            url=shop_url(row.slug),
            name=row.name,
            introduction=row.introduction,
            logo=picture(row.logo),
            logo_id=UUID(row.logo["id"]) if row.logo else None,
            licence_url=row.licence_url,
            contact=row.contact,
            state=row.state,
            owner=Owner(row.owner_person_id, names.get(row.owner_person_id, "**"))
            if row.owner_person_id
            else None,
            freight_minor=row.freight_minor,
            freight_free_from_minor=row.freight_free_from_minor,
            completeness=completeness(row, *tallies.get(row.id, (0, 0))),
            products=tallies.get(row.id, (0, 0))[0],
            created_at=row.created_at,
        )
        for row in rows
    ]


def shop_view(work: Work, shop_id: UUID) -> ShopView:
    """Return one shop. Raises `shop_not_found`."""
    found = shop_views(work, shop_id)
    if not found:
        raise Refused(refusals.NO_SUCH_SHOP)
    return found[0]


def tallies_of(work: Work) -> dict[UUID, tuple[int, int]]:
    """Return of each shop how many published products it shows, and how many have a picture."""
    has_picture = func.count().filter(func.json_array_length(ProductRow.pictures) > 0)
    published = ProductRow.state == "published"
    own = select(ProductRow.shop_id, func.count(), has_picture).where(published)
    selected = (
        select(SelectionRow.shop_id, func.count(), has_picture)
        .join(
            ProductRow,
            (ProductRow.workspace_id == SelectionRow.workspace_id)
            & (ProductRow.id == SelectionRow.product_id),
        )
        .where(published)
    )
    rows = [
        *work.session.execute(own.group_by(ProductRow.shop_id)),
        *work.session.execute(selected.group_by(SelectionRow.shop_id)),
    ]
    return {row[0]: (row[1], row[2]) for row in rows}


def public_shop(row: ShopRow, owner_masked: str | None) -> PublicShop:
    """Return a shop as buyers see it."""
    return PublicShop(
        id=row.id,
        slug=row.slug,
        name=row.name,
        introduction=row.introduction,
        logo=picture(row.logo),
        licence_url=row.licence_url,
        contact=row.contact,
        is_open=row.state == "open",
        owner=OwnerPublic(owner_masked) if owner_masked else None,
        freight_minor=row.freight_minor,
        freight_free_from_minor=row.freight_free_from_minor,
    )


def picture(kept: dict[str, Any] | None) -> Picture | None:
    """Return a picture as it is kept beside what it shows."""
    return Picture(UUID(kept["id"]), kept["width"], kept["height"]) if kept else None


def shop_url(slug: str) -> str:
    """Return the address of a shop, absolute."""
    return f"{_base_url()}/h5/shop/{slug}"


@cache
def _base_url() -> str:
    return settings.load().base_url
