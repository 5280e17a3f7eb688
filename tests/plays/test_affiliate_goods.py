"""Which goods earn: choices that cannot be kept, and how the choice is told."""

from typing import Any

import msgspec
import pytest

from banyan.plays import AffiliateSettings, Words
from banyan.plays.affiliate import GoodsRate
from tests.plays.test_affiliate_lines import (
    PLAIN,
    PLAY,
    TWO_LEVELS,
    product,
    some_categories,
    some_products,
)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"rates": (GoodsRate(100),)}, "rates[0].products", "empty"),
        (
            {"products": some_products(1), "excluded_products": some_products(1)},
            "products",
            "also_excluded",
        ),
        (
            {
                "rates": (GoodsRate(100, (), some_categories(1)),),
                "excluded_categories": some_categories(1),
            },
            "rates[0].categories",
            "also_excluded",
        ),
        ({"categories": some_categories(1, 1)}, "categories", "repeated"),
        (
            {
                "rates": (
                    GoodsRate(100, some_products(1)),
                    GoodsRate(200, some_products(2, 1)),
                )
            },
            "rates[1].products",
            "repeated",
        ),
        (
            {"rates": (GoodsRate(2600, some_products(1)),), "second_level": TWO_LEVELS},
            "rates[0].rate_bps",
            "above_most",
        ),
    ],
)
def test_a_choice_that_cannot_be_kept_is_a_problem(
    change: dict[str, Any], path: str, code: str
) -> None:
    found = PLAY.problems(msgspec.structs.replace(PLAIN, **change))
    assert [(one.path, one.code) for one in found] == [(path, code)]


def test_settings_take_no_third_kind_of_id_and_no_name_that_turns_the_line() -> None:
    for wrong in (
        {"id": str(product(1)).upper(), "name": "茶"},
        {"id": product(1).hex, "name": "茶"},
        {"id": str(product(1)), "name": ""},
        {"id": str(product(1)), "name": "茶\u202egnihton"},
        {"id": str(product(1)), "name": "茶", "rate_bps": 1},
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"offer": "cash", "products": [wrong]}, AffiliateSettings)


def test_the_rules_name_every_choice_in_both_languages() -> None:
    settings = msgspec.structs.replace(
        PLAIN,
        products=some_products("tea"),
        categories=some_categories("cups"),
        rates=(GoodsRate(1250, some_products("box"), some_categories("gifts")),),
        excluded_products=some_products("sale"),
        second_level=TWO_LEVELS,
    )
    said = PLAY.rules(settings, {"cash": Words("佣金", "Commission")})
    zh, en = "".join(one.zh for one in said), " ".join(one.en for one in said)
    assert "仅限商品「商品 tea」和分类「分类 cups」，以及下列另定比例的商品" in zh
    assert "商品「商品 box」和分类「分类 gifts」：佣金比例为 12.5%" in zh
    assert "不计佣：商品「商品 sale」" in zh
    for name in ("商品 tea", "分类 cups", "商品 box", "分类 gifts", "商品 sale"):
        assert f"“{name}”" in en
    assert "12.5 %" in en
    plain = PLAY.rules(PLAIN, {"cash": Words("佣金", "Commission")})
    assert plain[1] == Words("计佣商品：全店商品。", "What earns: everything in the shop.")


def test_the_judge_hears_of_the_highest_share() -> None:
    settings = msgspec.structs.replace(
        PLAIN, rates=(GoodsRate(2000, some_products(1)),), second_level=TWO_LEVELS
    )
    assert PLAY.disclosures(settings).commissions[0].rate_bps == 2500
    assert settings.highest_bps == 2000
