"""What may be crossed out: never above the lowest deal of the seven days before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Database
from banyan.store import ProductFields, SkuFields
from banyan.store.prices import Deal, Offered, price_history, reference_most
from tests.shelf import Shelf

NOW = datetime(2026, 11, 11, tzinfo=UTC)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


@pytest.mark.parametrize(
    ("deals", "offered", "most"),
    [
        # Nothing was sold: nothing can be claimed.
        ([], [], None),
        ([], [Offered(ago(days=30), 100)], None),
        # The lowest deal of the seven days counts, the edge of them too.
        ([Deal(ago(days=6), 100), Deal(ago(days=2), 80)], [], 80),
        ([Deal(ago(days=7), 60), Deal(ago(days=2), 80)], [], 60),
        ([Deal(ago(days=7, seconds=1), 60), Deal(ago(days=2), 80)], [], 80),
        # None in seven days: the last one before.
        ([Deal(ago(days=90), 50), Deal(ago(days=30), 70)], [], 70),
        # Raised, then cut again: what it was offered at meanwhile is a base no higher.
        ([Deal(ago(days=3), 150)], [Offered(ago(days=30), 100), Offered(ago(days=4), 150)], 100),
        ([Deal(ago(days=3), 150)], [Offered(ago(days=30), 100), Offered(ago(days=8), 150)], 150),
        # A deal of tomorrow is no deal.
        ([Deal(NOW + timedelta(days=1), 10), Deal(ago(days=1), 90)], [], 90),
    ],
)
def test_what_may_be_crossed_out(
    deals: list[Deal], offered: list[Offered], most: int | None
) -> None:
    assert reference_most(sorted(deals), offered, NOW) == most


moments = st.integers(0, 20 * 86_400).map(lambda seconds: ago(seconds=seconds))
amounts = st.integers(1, 10**6)


@given(st.lists(st.builds(Deal, moments, amounts)), st.lists(st.builds(Offered, moments, amounts)))
def test_it_is_never_above_a_deal_of_the_last_seven_days(
    deals: list[Deal], offered: list[Offered]
) -> None:
    most = reference_most(sorted(deals), sorted(offered), NOW)
    assert (most is None) == (not deals)
    for deal in deals:
        if most is not None and deal.at >= ago(days=7):
            assert most <= deal.unit_minor


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf()


def made(shelf: Shelf, price_minor: int) -> tuple[ProductFields, SkuFields]:
    """Add a product and return what its next change starts from."""
    product_id = new_id()
    with shelf.work() as work:
        sku = SkuFields(price_minor=price_minor, quantity=100)
        fields = ProductFields(shop_id=shelf.shop, name="挂耳咖啡", skus=[sku])
        store.add_products(work, [(product_id, fields)])
        work.driver.execute(
            "update products set state = 'published', published_at = %s where id = %s",
            (work.now, product_id),
        )
        row = work.driver.execute("select id from skus where product_id = %s", (product_id,))
        sku_id = row.fetchone()
    assert sku_id
    return fields, SkuFields(id=sku_id[0], price_minor=price_minor)


def change(shelf: Shelf, fields: ProductFields, price_minor: int, reference_minor: int) -> str:
    """Cut the price and cross `reference_minor` out; return the refusal, "" when it may be."""
    sku = fields.skus[0]
    assert sku.id
    product_id = shelf.one("select product_id from skus where id = %s", sku.id)
    version = shelf.one("select version from products where id = %s", product_id)
    said = SkuFields(id=sku.id, price_minor=price_minor, reference_minor=reference_minor)
    asked = ProductFields(shop_id=shelf.shop, name=fields.name, skus=[said])
    try:
        with shelf.work() as work:
            store.change_product(work, product_id, version, asked)
    except Refused as refused:
        return refused.refusal.code
    return ""


def test_deals_decide_what_a_merchant_may_cross_out(shelf: Shelf) -> None:
    first, sku = made(shelf, 10_000)
    fields = ProductFields(shop_id=first.shop_id, name=first.name, skus=[sku])
    assert change(shelf, fields, 8000, 10_000) == "reference_without_deal"
    (buyer,) = shelf.people(1)
    assert sku.id
    shelf.paid(buyer, (sku.id, 1))
    shelf.now += timedelta(hours=1)
    assert change(shelf, fields, 8000, 10_001) == "reference_too_high"
    assert change(shelf, fields, 8000, 10_000) == ""
    shelf.paid(buyer, (sku.id, 1))
    shelf.now += timedelta(days=1)
    # Sold at 80 meanwhile: 100 is no base for the next cut.
    assert change(shelf, fields, 7000, 10_000) == "reference_too_high"
    assert change(shelf, fields, 7000, 8000) == ""
    prices = shelf.one("select count(*) from prices where sku_id = %s", sku.id)
    assert prices == 3


def test_the_prices_of_no_product_and_of_somebody_elses_are_not_found(shelf: Shelf) -> None:
    _, sku = made(shelf, 10_000)
    product = shelf.one("select product_id from skus where id = %s", sku.id)
    with shelf.work() as work:
        assert [change.price_minor for change in price_history(work, product)] == [10_000]
    for stage, unknown in ((shelf, new_id()), (Shelf(), product)):
        with stage.work() as work, pytest.raises(Refused) as refused:
            price_history(work, unknown)
        assert refused.value.refusal.code == "product_not_found"
