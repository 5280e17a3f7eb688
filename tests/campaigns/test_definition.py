"""A definition: every problem at once, one truth for rules text, verdict and the nearest variant."""

import copy
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest

from banyan.campaigns.compliance_ir import case_of, judge_definition
from banyan.campaigns.definition import Definition, definition_schema
from banyan.campaigns.nearest import changed
from banyan.campaigns.problems import read_definition
from banyan.campaigns.rules_text import rules_text
from banyan.compliance import SEVERITIES, Change
from banyan.templates import templates

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def data_of(key: str = "dining_latte_referral", **changes: Any) -> dict[str, Any]:
    data = templates()[key].definition_at(NOW)
    for path, value in changes.items():
        _put(data, path.split("__"), value)
    return data


def _put(data: Any, path: list[str], value: Any) -> None:
    for name in path[:-1]:
        data = data[int(name)] if isinstance(data, list) else data[name]
    data[int(path[-1]) if isinstance(data, list) else path[-1]] = value


def found(data: object) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in read_definition(data)[1]}


def read(data: object) -> Definition:
    definition, problems = read_definition(data)
    assert problems == []
    return cast("Definition", definition)


def test_every_problem_is_told_at_once() -> None:
    data = data_of(
        name="",
        period__ends_at="tomorrow",
        budget__total_minor=-1,
        offers__0__key="Bad Key",
        page__blocks__0={"kind": "html"},
        surfaces=["mars"],
        play__settings__reward_cap_per_person=0,
    )
    data["play"]["settings"]["tiers"][0] = {"people": "x"}
    data["extra"] = 1
    del data["offers"][1]["name"]
    assert found(data) == {
        ("name", "too_short"),
        ("period.ends_at", "bad_time"),
        ("budget.total_minor", "too_small"),
        ("offers[0].key", "bad_format"),
        ("offers[1].name", "missing"),
        ("page.blocks[0].kind", "not_in_list"),
        ("surfaces[0]", "not_in_list"),
        ("extra", "unknown_field"),
        ("play.settings.reward_cap_per_person", "too_small"),
        ("play.settings.tiers[0].people", "wrong_type"),
        ("play.settings.tiers[0].offer", "missing"),
    }


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"name": "   "}, "name", "empty"),
        ({"name": "<b>大促</b>"}, "name", "markup"),
        ({"period__starts_at": "2027-12-01T00:00:00Z"}, "period.ends_at", "ends_before_start"),
        ({"period__ends_at": "2026-12-20T00:00:00"}, "period.ends_at", "bad_time"),
        ({"budget__per_day_minor": 10**9}, "budget.per_day_minor", "above_total"),
        ({"offers__1__key": "latte5"}, "offers[1].key", "repeated"),
        ({"offers__0__value_minor": 0}, "offers[0].value_minor", "empty"),
        ({"offers__0__kind": "points"}, "offers[0].points", "empty"),
        ({"offers__0__cost_minor": 10**9}, "offers[0].cost_minor", "above_budget"),
        ({"surfaces": ["own_web", "own_web"]}, "surfaces", "repeated"),
        ({"play__key": "pyramid"}, "play.key", "unknown_play"),
        ({"play__settings__friend_offer": "car"}, "play.settings.friend_offer", "unknown_offer"),
        ({"play__settings": {}}, "play.settings.tiers", "no_reward"),
        (
            {"play__settings__tiers": [{"people": 3, "offer": "latte5"}] * 2},
            "play.settings.tiers[1].people",
            "not_ascending",
        ),
        (
            {"page__blocks__1": {"kind": "prize", "offer": "car"}},
            "page.blocks[1].offer",
            "unknown_offer",
        ),
        ({"page__title": {"zh": " "}}, "page.title.zh", "empty"),
        ({"budget__total_minor": 1.5}, "budget.total_minor", "wrong_type"),
        ({"budget__total_minor": True}, "budget.total_minor", "wrong_type"),
        ({"surfaces": []}, "surfaces", "too_short"),
    ],
)
def test_a_problem_has_its_place_and_its_code(changes: Any, path: str, code: str) -> None:
    assert (path, code) in found(data_of(**changes))


@pytest.mark.parametrize("data", [None, 1, "x", [], {}, {"play": 3}, {"play": {"key": []}}])
def test_anything_at_all_can_be_read(data: object) -> None:
    definition, problems = read_definition(data)
    assert definition is None
    assert problems
    assert all(one.message.zh and one.message.en for one in problems)


def test_the_schema_of_a_definition_is_one_a_form_can_use() -> None:
    schema = definition_schema()
    assert set(schema["$defs"]["Definition"]["required"]) == {
        "name",
        "period",
        "budget",
        "play",
        "page",
        "offers",
        "surfaces",
    }


# --- LAW-17: the rules people read are the rules that run ---


@pytest.mark.parametrize(
    ("key", "path", "value", "told"),
    [
        ("dining_latte_referral", "play__settings__tiers__1__people", 7, "7"),
        ("dining_latte_referral", "play__settings__reward_cap_per_person", 4, "4"),
        ("dining_latte_referral", "play__settings__hours_to_finish", 36, "36"),
        ("dining_latte_referral", "offers__0__value_minor", 777, "7.77"),
        ("dining_latte_referral", "offers__0__quantity", 4321, "4321"),
        ("dining_latte_referral", "offers__0__valid_days", 19, "19"),
        ("dining_latte_referral", "attribution_days", 23, "23"),
        ("dining_latte_referral", "host__name", "Otter Café 獭咖啡", "Otter Café 獭咖啡"),
        ("dining_meal_assist", "play__settings__helpers_needed", 9, "9"),
        ("dining_meal_assist", "play__settings__hours_to_finish", 77, "77"),
        ("dining_meal_assist", "play__settings__helps_per_person", 8, "8"),
        ("dining_meal_assist", "play__settings__quests_per_person", 6, "6"),
        ("ecommerce_decreasing_coupons", "play__settings__decrease__1__after_people", 11, "11"),
    ],
)
def test_what_is_executed_is_what_is_told(key: str, path: str, value: Any, told: str) -> None:
    before = rules_text(read(data_of(key)))
    after = rules_text(read(data_of(key, **{path: value})))
    for old, new in ((before.zh, after.zh), (before.en, after.en)):
        fresh = set(new) - set(old)
        assert any(told in sentence for sentence in fresh)


@pytest.mark.parametrize("key", ["new_people_only"])
def test_a_switch_is_told_too(key: str) -> None:
    path = f"play__settings__{key}"
    switched: list[dict[str, Any]] = [{path: True}, {path: False}]
    on, off = (rules_text(read(data_of(**change))) for change in switched)
    assert on.zh != off.zh
    assert on.en != off.en


def test_times_are_told_in_the_merchant_s_own_zone() -> None:
    definition = read(data_of(period__ends_at="2026-12-24T16:00:00Z"))
    assert any("2026年12月25日 00:00" in one for one in rules_text(definition).zh)
    assert any("2026-12-24 16:00" in one for one in rules_text(definition, "UTC").en)


# --- the verdict of a definition, and the way out of it ---


def test_the_same_referral_is_judged_by_where_it_runs() -> None:
    def severity(*surfaces: str) -> str:
        return judge_definition(read(data_of(surfaces=list(surfaces)))).severity

    assert severity("own_web", "in_store", "app") == "pass"
    assert severity("mini_program") == "review"
    assert severity("wechat_h5") == "block"
    assert severity("own_web", "official_account") == "block"


def test_a_finding_points_at_the_setting_and_shows_the_chain() -> None:
    verdict = judge_definition(read(data_of(surfaces=["own_web", "wechat_h5"])))
    finding = verdict.findings[0]
    assert finding.rule_id == "WX-02"
    assert finding.path == "play.settings.tiers[0]"
    assert finding.chain == ("friend:registered", "inviter:latte5")
    assert finding.nearest_allowed is not None
    assert finding.nearest_allowed.kind == "drop_surface"
    assert verdict.by_surface == {"own_web": "pass", "wechat_h5": "block"}


BROKEN: list[dict[str, Any]] = [
    {"surfaces": ["own_web", "wechat_h5", "official_account"]},
    {"surfaces": ["wechat_h5"]},
    {"surfaces": ["wechat_h5", "mini_program"]},
    {"surfaces": ["wecom", "douyin"]},
    {"offers__0__terms": {"zh": "", "en": ""}},
    {"page__title": {"zh": "国家级好茶", "en": "Good tea"}},
    {"terms": {"zh": "主办方保留最终解释权", "en": "Right of final interpretation is ours"}},
    {"order_value_minor": 400, "surfaces": ["own_web"]},
    {"surfaces": ["wechat_h5"], "page__subtitle": {"zh": "不转不是中国人，好喝", "en": "Tea"}},
]


@pytest.mark.parametrize("changes", BROKEN)
@pytest.mark.parametrize("key", ["dining_latte_referral", "dining_meal_assist"])
def test_the_nearest_allowed_variant_leads_out(key: str, changes: dict[str, Any]) -> None:
    data = data_of(key, **copy.deepcopy(changes))
    definition = read(data)
    verdict = judge_definition(definition)
    assert verdict.severity != "pass"
    for _ in range(12):
        if verdict.severity == "pass":
            break
        change = next(f.nearest_allowed for f in verdict.findings if f.nearest_allowed)
        after = changed(definition, change)
        assert after is not None, change
        assert after != definition
        later = judge_definition(after)
        assert SEVERITIES.index(later.severity) <= SEVERITIES.index(verdict.severity)
        definition, verdict = after, later
    assert verdict.severity == "pass"


def test_a_change_that_does_not_fit_is_not_made() -> None:
    definition = read(data_of(surfaces=["own_web"]))
    for change in (
        Change("drop_surface", "", "", surface="own_web"),
        Change("set", "", "", path="nowhere[3].value_minor", value=1),
        Change("reword", "", "", path="offers", found="x"),
        Change("remove", "", "", path="edges[0].gate"),
    ):
        assert changed(definition, change) is None


def test_a_case_is_the_same_for_the_same_definition() -> None:
    definition = read(data_of())
    again = msgspec.json.decode(msgspec.json.encode(definition), type=Definition)
    assert msgspec.json.encode(case_of(definition)) == msgspec.json.encode(case_of(again))
    assert judge_definition(definition).digest == judge_definition(again).digest
