"""Publishing: which products buyers see, and what stands between a draft and the shelf."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from banyan.kernel.events import Event, record
from banyan.kernel.work import Work
from banyan.store.catalogue_views import Problem, PublicationOutcome
from banyan.store.events import ProductPublished, ProductWithdrawn
from banyan.store.judged_words import words_problems
from banyan.store.models.catalogue import ProductRow, SkuRow
from banyan.store.revisions import touch
from banyan.store.skus import sku_rows
from banyan.store.views import Twin

NO_PICTURE = Problem(
    "picture_ids", "picture_missing", Twin("至少上传一张图片", "Add at least one picture")
)
NOTHING_ON_SALE = Problem(
    "skus", "nothing_on_sale", Twin("至少有一个在售规格", "Put at least one SKU on sale")
)
NOT_THERE = Problem("id", "product_not_found", Twin("没有找到这个商品", "There is no such product"))


def problems_of(product: ProductRow, skus: Sequence[SkuRow]) -> list[Problem]:
    """Return what stands between a product and publication. Pure."""
    found: list[Problem] = []
    if not product.pictures:
        found.append(NO_PICTURE)
    if not any(sku.state == "on_sale" for sku in skus):
        found.append(NOTHING_ON_SALE)
    return found + words_of(product, skus)


def words_of(product: ProductRow, skus: Sequence[SkuRow]) -> list[Problem]:
    """Return which words of a product may not go out, and what to change. Pure."""
    return words_problems(texts_of(product, skus))


def texts_of(product: ProductRow, skus: Sequence[SkuRow]) -> dict[str, str]:
    """Return everything a product says to buyers, by the path of its field."""
    kinds = {word for sku in skus for pair in sku.attributes.items() for word in pair}
    return {
        "name": product.name,
        "summary": product.summary,
        "description": product.description,
        "keywords": product.keywords,
        "skus": " / ".join(sorted(kinds)),
    }


def publish(work: Work, product_ids: Sequence[UUID]) -> list[PublicationOutcome]:
    """Show products to buyers, set-wise; each answers for itself. Again is harmless."""
    products = _locked(work, product_ids)
    skus = sku_rows(work, products)
    outcomes: list[PublicationOutcome] = []
    events: list[Event] = []
    for product_id in product_ids:
        product = products.get(product_id)
        if product is None:
            outcomes.append(PublicationOutcome(product_id, "", [NOT_THERE]))
            continue
        problems = problems_of(product, skus.get(product_id, []))
        if not problems and product.state != "published":
            product.state = "published"
            product.published_at = product.updated_at = work.now
            product.version += 1
            events.append(ProductPublished(product_id=product_id, shop_id=product.shop_id))
        outcomes.append(PublicationOutcome(product_id, product.state, problems))
    _written(work, events)
    return outcomes


def withdraw(work: Work, product_ids: Sequence[UUID]) -> list[PublicationOutcome]:
    """Take products off the shelf, set-wise. Orders that stand are not touched."""
    products = _locked(work, product_ids)
    outcomes: list[PublicationOutcome] = []
    events: list[Event] = []
    for product_id in product_ids:
        product = products.get(product_id)
        if product is None:
            outcomes.append(PublicationOutcome(product_id, "", [NOT_THERE]))
            continue
        if product.state == "published":
            product.state = "withdrawn"
            product.updated_at = work.now
            product.version += 1
            events.append(ProductWithdrawn(product_id=product_id, shop_id=product.shop_id))
        outcomes.append(PublicationOutcome(product_id, product.state, []))
    _written(work, events)
    return outcomes


def _locked(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, ProductRow]:
    found = work.session.scalars(
        select(ProductRow)
        .where(
            ProductRow.workspace_id == work.workspace_id,
            ProductRow.id.in_(list(product_ids)),
            ProductRow.is_removed.is_(False),
        )
        .order_by(ProductRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


def _written(work: Work, events: Sequence[Event]) -> None:
    work.session.flush()
    if events:
        record(work, events)
        touch(work)
