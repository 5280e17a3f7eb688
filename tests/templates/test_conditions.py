"""What a template's words promise or restrict is what its settings do, and the other way round."""

import re
from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from banyan.campaigns.definition import Coupon, Offer
from banyan.campaigns.offer_words import amount, folds, offer_words, percent
from banyan.campaigns.said_conditions import contradictions, unkept
from banyan.creatives import Text
from banyan.templates import Template, templates

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
ALL = templates()
each = pytest.mark.parametrize("template", ALL.values(), ids=list(ALL))


def offers(template: Template) -> list[Offer]:
    return msgspec.convert(template.definition_at(NOW)["offers"], list[Offer])


@each
def test_no_condition_in_words_differs_from_the_settings(template: Template) -> None:
    assert [said for offer in offers(template) for said in contradictions(offer)] == []


@each
def test_no_coupon_is_restricted_by_words_alone(template: Template) -> None:
    assert [unkept(offer) for offer in offers(template) if offer.kind == "coupon"] == [
        [] for offer in offers(template) if offer.kind == "coupon"
    ]


@each
def test_every_setting_of_a_coupon_is_said(template: Template) -> None:
    for offer in offers(template):
        words = offer_words(offer)
        if offer.kind != "cash":
            assert f"自获得起 {offer.valid_days} 天内有效" in words.zh
            assert f"valid for {offer.valid_days} days from receipt" in words.en
        if offer.per_person is not None:
            assert f"每人最多得 {offer.per_person} 份" in words.zh
        if offer.kind != "coupon":
            continue
        coupon = offer.coupon or Coupon()
        least = f"满 {amount(coupon.from_minor)} 元可用" if coupon.from_minor else "无使用门槛"
        assert least in words.zh
        assert f"减 {amount(offer.value_minor)} 元" in words.zh
        assert f"{amount(offer.value_minor)} yuan" in words.en
        assert (f"打 {folds(coupon.off_bps)} 折" in words.zh) is (coupon.off_bps > 0)
        assert (f"{percent(coupon.off_bps)} % off" in words.en) is (coupon.off_bps > 0)
        assert ("可与其他可叠加的券同用" in words.zh) is coupon.stacks
        assert ("全店商品可用" in words.zh) is not (coupon.product_ids or coupon.category_ids)


@each
def test_a_threshold_on_the_page_is_a_coupon_s(template: Template) -> None:
    """Pages and summaries say of a coupon what it does."""
    data = template.definition_at(NOW)
    text = str([data["page"], template.summary, template.name, data["name"]])
    kept = {amount((offer.coupon or Coupon()).from_minor) for offer in offers(template)}
    assert set(re.findall(r"满\s*(\d+)\s*(?:元可用|减|立减|元减)", text)) <= kept


def test_templates_use_every_setting_there_is() -> None:
    coupons = [offer for one in ALL.values() for offer in offers(one) if offer.kind == "coupon"]
    uses = Counter[str]()
    for offer in coupons:
        coupon = offer.coupon or Coupon()
        uses["share"] += coupon.off_bps > 0
        uses["threshold"] += coupon.from_minor > 0
        uses["stacks"] += coupon.stacks
    every = [offer for one in ALL.values() for offer in offers(one)]
    uses["per_person"] = sum(offer.per_person is not None for offer in every)
    uses["level"] = sum(offer.kind == "level" for offer in every)
    uses["channels"] = sum("channels" in one.definition["budget"] for one in ALL.values())
    assert {name for name, times in uses.items() if times >= 10} == {
        *("share", "threshold", "stacks", "per_person", "channels")
    }
    assert uses["level"] >= 4


def offer(**changed: object) -> Offer:
    made = Offer(key="a", kind="coupon", name=Text("券", "A coupon"), value_minor=2000)
    return msgspec.structs.replace(made, **changed)


@pytest.mark.parametrize(
    ("words", "setting", "code"),
    [
        ("满 88 元可用", {}, "threshold_differs"),
        ("满 88 元可用", {"coupon": Coupon(from_minor=8900)}, "threshold_differs"),
        ("无门槛", {"coupon": Coupon(from_minor=1)}, "threshold_differs"),
        ("8 折优惠", {}, "share_differs"),
        ("八折优惠", {"coupon": Coupon(off_bps=1500)}, "share_differs"),
        ("半价", {"coupon": Coupon(off_bps=4000)}, "share_differs"),
        ("不与其他券同享", {"coupon": Coupon(stacks=True)}, "stacking_differs"),
        ("每单限用一张", {"coupon": Coupon(stacks=True)}, "stacking_differs"),
        ("可与其他券叠加", {}, "stacking_differs"),
        ("每人限领 1 张", {}, "per_person_differs"),
        ("每人限领一张", {"per_person": 2}, "per_person_differs"),
        ("7 天内有效", {}, "days_differ"),
        ("共 500 份", {"quantity": 400}, "quantity_differs"),
        ("价值 35 元", {}, "worth_differs"),
    ],
)
def test_words_that_differ_are_told(words: str, setting: dict[str, object], code: str) -> None:
    assert code in [said.code for said in contradictions(offer(terms=Text(words), **setting))]


@pytest.mark.parametrize(
    ("words", "setting"),
    [
        ("满 88 元可用", {"coupon": Coupon(from_minor=8800)}),
        ("满 88.5 元可用", {"coupon": Coupon(from_minor=8850)}),
        ("85 折", {"coupon": Coupon(off_bps=1500)}),
        ("8.5 折", {"coupon": Coupon(off_bps=1500)}),
        ("八折", {"coupon": Coupon(off_bps=2000)}),
        ("半价", {"coupon": Coupon(off_bps=5000)}),
        ("不与其他券同享，每单限用一张", {}),
        ("可与其他券叠加", {"coupon": Coupon(stacks=True)}),
        ("每人限领两张", {"per_person": 2}),
        ("30 天内有效", {}),
        ("共 500 份，价值 20 元", {"quantity": 500}),
    ],
)
def test_words_that_agree_are_let_be(words: str, setting: dict[str, object]) -> None:
    assert list(contradictions(offer(terms=Text(words), **setting))) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("For orders of 88 and more", "threshold_differs"),
        ("20 % off everything", "share_differs"),
        ("Not with other coupons", None),
        ("one for one person", "per_person_differs"),
        ("Valid for 7 days", "days_differ"),
        ("Worth 35", "worth_differs"),
    ],
)
def test_english_words_are_read_too(words: str, code: str | None) -> None:
    found = [said.code for said in contradictions(offer(terms=Text("", words)))]
    assert found == ([code] if code else [])


@pytest.mark.parametrize("words", ["限新客使用", "特价商品除外", "法定节假日不适用", "限堂食"])
def test_what_no_setting_keeps_is_found(words: str) -> None:
    assert unkept(offer(terms=Text(words)))
