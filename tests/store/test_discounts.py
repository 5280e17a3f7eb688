"""Discounts: made, explained line by line, kept by orders that stand, and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.store import discounts
from banyan.store.discounts import DiscountFields, TwinName
from banyan.store.quotes import quote
from banyan.store.shelf import Item
from tests.shelf import Shelf
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def make(shelf: Shelf, **terms: Any) -> UUID:
    """Make a discount of the shelf's shop: 满 100 减 20 for a day, unless it says otherwise."""
    fields: dict[str, Any] = {
        "shop_id": shelf.shop,
        "name": TwinName("满 100 减 20", "20 off 100"),
        "kind": "amount_off",
        "from_minor": 10_000,
        "off_minor": 2_000,
        "starts_at": shelf.now,
        "ends_at": shelf.now + timedelta(days=1),
    }
    discount_id = new_id()
    with shelf.work() as work:
        discounts.make_discount(work, discount_id, DiscountFields(**fields | terms))
    return discount_id


def code(shelf: Shelf, **terms: Any) -> str:
    with pytest.raises(Refused) as refused:
        make(shelf, **terms)
    return refused.value.refusal.code


def test_a_discount_is_explained_line_by_line_and_kept_by_the_order(shelf: Shelf) -> None:
    first, second = shelf.skus(2, 10, price_minor=3333)
    discount = make(shelf)
    items = [Item(first, 2), Item(second, 2)]
    with shelf.work() as work:
        quoted = quote(work, items, "collection")
    (shown,) = quoted.discounts
    assert (shown.id, shown.name.zh, shown.minor) == (discount, "满 100 减 20", 2000)
    assert sum(shown.parts) == 2000
    assert [line.discount_minor for line in quoted.lines] == shown.parts
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (first, 2), (second, 2))
    assert order.payable_minor == quoted.payable_minor == 4 * 3333 - 2000
    with shelf.work() as work:
        discounts.end_discount(work, discount)
        discounts.end_discount(work, discount)
        assert discounts.discount_view(work, discount).state == "ended"
        assert quote(work, items, "collection").discounts == []
    assert shelf.look(order).discounts == order.discounts
    assert_whole()


def test_the_one_that_takes_most_off_applies_to_its_own_products(shelf: Shelf) -> None:
    cheap, dear = shelf.sku(10, price_minor=1000), shelf.sku(10, price_minor=20_000)
    product = shelf.one("select product_id from skus where id = %s", cheap)
    make(shelf)
    share = make(shelf, kind="share_off", off_minor=0, from_minor=0, off_bps=9000,
                 product_ids=[product])  # fmt: skip
    with shelf.work() as work:
        taken = quote(work, [Item(cheap, 3), Item(dear, 1)], "collection").discounts
        assert [(each.id, each.parts) for each in taken] == [(share, [2700, 0])]


def test_it_begins_and_is_over_by_itself(shelf: Shelf) -> None:
    sku = shelf.sku(10, price_minor=20_000)
    begins = shelf.now + timedelta(hours=1)
    discount = make(shelf, starts_at=begins, ends_at=begins + timedelta(hours=1))
    states: list[tuple[str, int]] = []
    for _ in range(3):
        with shelf.work() as work:
            state = discounts.discount_view(work, discount).state
            states.append((state, quote(work, [Item(sku, 1)], "collection").discount_minor))
        shelf.now += timedelta(hours=1)
    assert states == [("waiting", 0), ("running", 2000), ("over", 0)]


def test_what_is_no_discount_is_refused(shelf: Shelf) -> None:
    other = shelf.open_shop()
    product = shelf.one("select product_id from skus where id = %s", shelf.sku(1, shop=other))
    assert code(shelf, off_minor=0) == "discount_empty"
    assert code(shelf, off_minor=10_001) == "discount_above_order"
    assert code(shelf, kind="share_off", off_bps=0) == "discount_empty"
    assert code(shelf, ends_at=shelf.now) == "discount_over"
    assert code(shelf, shop_id=new_id()) == "shop_not_found"
    assert code(shelf, product_ids=[product]) == "product_not_found"
    assert code(shelf, product_ids=[]) == "product_not_found"
    assert code(shelf, name=TwinName("全网最低价", "Cheap")) == "words_forbidden"
