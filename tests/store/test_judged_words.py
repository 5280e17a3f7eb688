"""Words that buyers may not be shown: said before publishing, refused when they are."""

import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.store import ProductFields, ShopFields, SkuFields
from banyan.store.catalogue_queries import product_view
from banyan.store.judged_words import words_problems
from banyan.store.publishing import publish
from tests.shelf import Shelf


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def test_a_product_says_which_words_to_change_and_is_not_published(shelf: Shelf) -> None:
    product = new_id()
    with shelf.work() as work:
        said = ProductFields(
            shop_id=shelf.shop,
            name="国 家 级 拿铁",
            description="全网最低价",
            skus=[SkuFields(price_minor=990)],
        )
        store.add_products(work, [(product, said)])
        problems = product_view(work, product).problems
        (outcome,) = publish(work, [product])
    found = {(each.path, each.code) for each in problems}
    assert {("name", "words_law_20"), ("description", "words_law_20")} <= found
    (name,) = [each for each in problems if each.path == "name"]
    assert "去掉「国 家 级」" in name.message.zh
    assert outcome.state == "draft"
    assert outcome.problems == problems


def test_what_buyers_read_already_cannot_become_forbidden(shelf: Shelf) -> None:
    product = shelf.one("select product_id from skus where id = %s", shelf.sku(3))
    with shelf.work() as work:
        version = product_view(work, product).version
        sku = product_view(work, product).skus[0].id
    changed = ProductFields(
        shop_id=shelf.shop,
        name="拿铁",
        summary="世界第一的拿铁",
        skus=[SkuFields(id=sku, price_minor=990)],
    )
    with pytest.raises(Refused) as refused, shelf.work() as work:
        store.change_product(work, product, version, changed)
    assert refused.value.refusal.code == "words_forbidden"
    assert "世界第一" in str(refused.value.params["words"])
    with shelf.work() as work:
        assert product_view(work, product).summary == ""


def test_a_shop_is_judged_like_its_products(shelf: Shelf) -> None:
    with pytest.raises(Refused) as refused, shelf.work() as work:
        store.open_shop(work, new_id(), ShopFields(name="小店", introduction="最终解释权归本店"))
    assert refused.value.refusal.code == "words_forbidden"


def test_ordinary_words_pass() -> None:
    assert words_problems({"name": "最佳赏味期 30 天的饼干", "summary": "最好在三天内吃完"}) == []
