"""Products: made, changed and deleted. Adding takes a list and costs the same few statements."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import insert

from banyan.kernel.errors import INVALID, VERSION_CONFLICT, Refused
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.judged_words import must_be_allowed
from banyan.store.models.catalogue import CategoryRow, ProductRow
from banyan.store.models.shops import ShopRow
from banyan.store.pictures import pictures_of
from banyan.store.publishing import texts_of
from banyan.store.revisions import touch
from banyan.store.skus import SkuFields, add_skus, change_skus, sku_rows
from banyan.store.wording import one_line, paragraphs, search_form, terms_of

NAME_MOST = 120
SUMMARY_MOST = 200
DESCRIPTION_MOST = 20_000
KEYWORDS_MOST = 200
PICTURES_MOST = 12
SKUS_MOST = 200

NoReturn = Literal["made_to_order", "perishable", "digital", "periodical"]
"""What the law excepts from the seven days of return (消保法 25); nothing else may be excepted."""


class ProductFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may say of a product."""

    shop_id: UUID
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    category_id: UUID | None = None
    summary: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    description: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    keywords: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    no_return: NoReturn | None = None
    picture_ids: Annotated[list[UUID], msgspec.Meta(max_length=PICTURES_MOST)] = []
    skus: Annotated[list[SkuFields], msgspec.Meta(min_length=1, max_length=SKUS_MOST)]


def add_product(work: Work, product_id: UUID, fields: ProductFields) -> None:
    """Add a draft. Raises `shop_not_found`, `category_not_found`, `picture_not_found`."""
    add_products(work, [(product_id, fields)])


def add_products(work: Work, made: Sequence[tuple[UUID, ProductFields]]) -> None:
    """Add drafts, set-wise. Raises for the first that names what is not there."""
    if not made:
        return
    _must_be_there(work, [fields for _, fields in made])
    rows: list[dict[str, Any]] = [
        {
            "workspace_id": work.workspace_id,
            "id": product_id,
            "shop_id": fields.shop_id,
            **_words(work, fields),
            "state": "draft",
            "created_at": work.now,
            "updated_at": work.now,
        }
        for product_id, fields in made
    ]
    work.session.execute(insert(ProductRow), rows)
    work.session.flush()
    _index(work, {row["id"]: row["search_text"] for row in rows})
    add_skus(work, [(product_id, fields.skus) for product_id, fields in made])
    touch(work)


def change_product(work: Work, product_id: UUID, version: int, fields: ProductFields) -> None:
    """Change a product that was read at `version`. Its shop stays: orders are kept by shop.

    What buyers see already is judged at once. Raises `product_not_found`, `version_conflict`,
    `words_forbidden` and what the SKUs and prices refuse.
    """
    row = locked_product(work, product_id)
    if row.version != version:
        raise Refused(VERSION_CONFLICT)
    if row.shop_id != fields.shop_id:
        raise Refused(INVALID, problem="shop_id")
    _must_be_there(work, [fields])
    before = row.search_text
    for name, value in _words(work, fields).items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = work.now
    work.session.flush()
    if row.search_text != before:
        _index(work, {product_id: row.search_text})
    change_skus(work, product_id, fields.skus)
    if row.state == "published":
        skus = sku_rows(work, [product_id]).get(product_id, [])
        must_be_allowed(**texts_of(row, skus))
    touch(work)


def delete_draft(work: Work, product_id: UUID) -> None:
    """Delete a product that was never published. Raises `product_not_draft`."""
    row = locked_product(work, product_id)
    if row.state != "draft" or row.published_at is not None:
        raise Refused(refusals.NOT_A_DRAFT)
    # Prices are kept as they were written and stock accounts have moved: the rows stay, unseen.
    row.is_removed = True
    work.driver.execute(
        "update skus set is_removed = true, state = 'off_sale'"
        " where workspace_id = %s and product_id = %s",
        (work.workspace_id, product_id),
    )
    work.session.flush()
    _index(work, {product_id: ""})
    touch(work)


def locked_product(work: Work, product_id: UUID) -> ProductRow:
    """Return a product, locked. Raises `product_not_found`."""
    row = work.session.get(
        ProductRow, (work.workspace_id, product_id), with_for_update=True, populate_existing=True
    )
    if row is None or row.is_removed:
        raise Refused(refusals.NO_SUCH_PRODUCT)
    return row


def _words(work: Work, fields: ProductFields) -> dict[str, Any]:
    """Return the columns of what was said, cleaned."""
    name = one_line(fields.name, NAME_MOST, "name")
    if not name:
        raise Refused(INVALID, problem="name")
    keywords = one_line(fields.keywords, KEYWORDS_MOST, "keywords")
    pictures = pictures_of(work, fields.picture_ids) if fields.picture_ids else []
    return {
        "category_id": fields.category_id,
        "name": name,
        "summary": one_line(fields.summary, SUMMARY_MOST, "summary"),
        "description": paragraphs(fields.description, DESCRIPTION_MOST, "description"),
        "keywords": keywords,
        "search_text": search_form(f"{name} {keywords}"),
        "no_return": fields.no_return,
        "pictures": [msgspec.to_builtins(picture) for picture in pictures],
    }


def _must_be_there(work: Work, made: Sequence[ProductFields]) -> None:
    for kind, ids, missing in (
        (ShopRow, {fields.shop_id for fields in made}, refusals.NO_SUCH_SHOP),
        (
            CategoryRow,
            {fields.category_id for fields in made if fields.category_id},
            refusals.NO_SUCH_CATEGORY,
        ),
    ):
        for each in ids:
            row = work.session.get(kind, (work.workspace_id, each))
            # A participant's shop shows the merchant's products and has none of its own.
            if row is None or (isinstance(row, ShopRow) and row.owner_person_id is not None):
                raise Refused(missing)


DROP_TERMS = "delete from product_terms where workspace_id = %s and product_id = any(%s)"
ADD_TERMS = """
insert into product_terms (workspace_id, term, product_id)
select %s, t.term, t.product_id from unnest(%s::text[], %s::uuid[]) as t (term, product_id)
"""


def _index(work: Work, texts: dict[UUID, str]) -> None:
    """Make the products findable by these texts and no other."""
    work.driver.execute(DROP_TERMS, (work.workspace_id, list(texts)))
    pairs = sorted(
        (term, product_id) for product_id, text in texts.items() for term in terms_of(text)
    )
    if pairs:
        columns = [list(column) for column in zip(*pairs, strict=True)]
        work.driver.execute(ADD_TERMS, (work.workspace_id, *columns))
