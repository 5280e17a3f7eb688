"""What was announced may change in the participants' favour only (LAW-08)."""

from copy import deepcopy
from typing import Any

import pytest

from banyan.campaigns.edits import harms_of

BEFORE: dict[str, Any] = {
    "name": "拿铁",
    "strategy": "",
    "page": {"title": {"zh": "请你喝", "en": ""}},
    "terms": {"zh": "", "en": ""},
    "host": {"name": "山茶咖啡", "contact": "021"},
    "attribution_days": 7,
    "period": {"starts_at": None, "ends_at": "2026-12-01T00:00:00+08:00"},
    "budget": {"total_minor": 10_000, "per_day_minor": 2_000, "warn_at_bps": 8000},
    "surfaces": ["own_web"],
    "channels": ["moments", "offline"],
    "offers": [
        {
            "key": "latte",
            "kind": "coupon",
            "value_minor": 500,
            "points": 0,
            "valid_days": 30,
            "quantity": 100,
            "terms": {"zh": "", "en": ""},
        }
    ],
    "play": {
        "key": "referral",
        "settings": {
            "tiers": [{"people": 3, "offer": "latte"}],
            "friend_offer": None,
            "reward_cap_per_person": 3,
            "new_people_only": True,
            "hours_to_finish": 48,
        },
    },
}


def put(path: str, value: Any) -> dict[str, Any]:
    after = deepcopy(BEFORE)
    here: Any = after
    *way, last = path.split(".")
    for part in way:
        here = here[int(part) if part.isdigit() else part]
    here[last] = value
    return after


FAVOURABLE = [
    ("name", "拿铁节"),
    ("strategy", "先送老客"),
    ("page", {"title": {"zh": "一起喝", "en": ""}}),
    ("period.ends_at", "2026-12-02T00:00:00+08:00"),
    # The same moment written in another zone is no change at all.
    ("period.ends_at", "2026-11-30T16:00:00Z"),
    ("budget.total_minor", 20_000),
    ("budget.per_day_minor", None),
    ("surfaces", ["own_web", "app"]),
    ("offers.0.quantity", None),
    ("offers.0.quantity", 101),
    ("offers.0.value_minor", 600),
    ("play.settings.tiers", [{"people": 2, "offer": "latte"}]),
    ("play.settings.tiers", [{"people": 3, "offer": "latte"}, {"people": 5, "offer": "latte"}]),
    ("play.settings.friend_offer", "latte"),
    ("play.settings.reward_cap_per_person", 4),
    ("play.settings.new_people_only", False),
    ("play.settings.hours_to_finish", None),
]
UNFAVOURABLE = [
    ("terms", {"zh": "仅限会员", "en": ""}),
    ("host.name", "别家"),
    ("attribution_days", 1),
    ("period.ends_at", "2026-11-30T00:00:00+08:00"),
    ("period.starts_at", "2026-11-20T00:00:00+08:00"),
    ("budget.total_minor", 9_999),
    ("budget.per_day_minor", 1_999),
    ("channels", ["moments"]),
    ("surfaces", ["app"]),
    ("offers", []),
    ("offers.0.kind", "points"),
    ("offers.0.value_minor", 499),
    ("offers.0.valid_days", 29),
    ("offers.0.quantity", 99),
    ("offers.0.terms", {"zh": "满百可用", "en": ""}),
    ("play.key", "assist"),
    ("play.settings.tiers", [{"people": 4, "offer": "latte"}]),
    ("play.settings.tiers", []),
    ("play.settings.reward_cap_per_person", 2),
    ("play.settings.hours_to_finish", 24),
    ("play.settings.surprise", 1),
]


@pytest.mark.parametrize(("path", "value"), FAVOURABLE)
def test_a_gain_or_mere_words_may_change(path: str, value: Any) -> None:
    assert harms_of(BEFORE, put(path, value)) == []


@pytest.mark.parametrize(("path", "value"), UNFAVOURABLE)
def test_a_loss_is_named_with_its_place(path: str, value: Any) -> None:
    harms = harms_of(BEFORE, put(path, value))
    assert [harm.path for harm in harms] == [path]
    assert harms[0].zh
    assert harms[0].en


def test_every_loss_is_told_at_once() -> None:
    after = put("budget.total_minor", 1)
    after["period"]["ends_at"] = "2026-11-01T00:00:00+08:00"
    assert len(harms_of(BEFORE, after)) == 2


TEAM = BEFORE | {
    "goods": [{"key": "tea", "sku_id": "a"}],
    "play": {
        "key": "group_buy",
        "settings": {"tiers": [{"people": 3, "price_minor": 900}], "hours_to_fill": 24},
    },
}


@pytest.mark.parametrize(
    ("tiers", "is_worse"),
    [
        ([{"people": 3, "price_minor": 800}], False),
        ([{"people": 2, "price_minor": 900}], False),
        ([{"people": 3, "price_minor": 900}, {"people": 5, "price_minor": 700}], False),
        ([{"people": 3, "price_minor": 950}], True),
        ([{"people": 4, "price_minor": 900}], True),
    ],
)
def test_a_team_price_may_only_fall(tiers: list[dict[str, int]], *, is_worse: bool) -> None:
    after: dict[str, Any] = deepcopy(TEAM)
    after["play"]["settings"]["tiers"] = tiers
    paths = [harm.path for harm in harms_of(TEAM, after)]
    assert paths == (["play.settings.tiers"] if is_worse else [])


def test_what_is_sold_cannot_be_swapped() -> None:
    assert [harm.path for harm in harms_of(TEAM, TEAM | {"goods": []})] == ["goods"]
    other = TEAM | {"goods": [{"key": "tea", "sku_id": "b"}]}
    assert [harm.path for harm in harms_of(TEAM, other)] == ["goods.0.sku_id"]
