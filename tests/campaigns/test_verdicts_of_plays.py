"""Every play of one's own doing, judged where it runs; the way out leads out with one click."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from banyan.campaigns.compliance_ir import case_of, judge_definition
from banyan.campaigns.definition import Definition
from banyan.campaigns.nearest import changed
from banyan.campaigns.problems import read_definition
from banyan.compliance import SEVERITIES, Verdict
from tests.stage import answered, offer

QUESTION = {
    "ask_zh": "茶树最早长在哪里？",
    "ask_en": "Where did tea first grow?",
    "choices_zh": ["云南", "北京"],
    "choices_en": ["Yunnan", "Beijing"],
    "right": 1,
}
PLAYS: dict[str, dict[str, Any]] = {
    "check_in": {"daily_offer": "half", "streaks": [{"days": 3, "offer": "latte"}]},
    "content": {"first_part": "half", "parts": [{"people": 3, "offer": "latte"}]},
    "live": {
        "room_code": "春风十里",
        "enter_offer": "half",
        "prizes": [{"offer": "latte", "odds_bps": 500}],
    },
    "in_store": {
        "store_code": "TABLE7",
        "stamps": [{"visits": 3, "offer": "latte"}],
        "scan_offer": "half",
    },
    "quiz": {"levels": [{"questions": [QUESTION], "offer": "half"}]},
    "cause": {"unit_offer": "latte", "goal": 100, "thanks_offer": "half"},
    "poster": {"tiers": [{"people": 3, "offer": "latte"}], "friend_offer": "half"},
}


def read(key: str, *surfaces: str, **changes: Any) -> Definition:
    data = {
        "name": "山茶周年",
        "period": {"ends_at": (datetime.now(UTC) + timedelta(days=9)).isoformat()},
        "budget": {"total_minor": 1_000_000},
        "play": {"key": key, "settings": PLAYS[key]},
        "offers": [offer("latte", 500, quantity=100), offer("half", 300, quantity=1_000)],
        "surfaces": surfaces,
        "page": {
            "title": {"zh": "山茶周年", "en": "Camellia"},
            "blocks": [{"kind": "hero"}, {"kind": "action"}, {"kind": "rules"}],
        },
        "host": {"name": "山茶咖啡", "contact": "021-6000 0000"},
    } | changes
    definition, problems = read_definition(answered(data))
    assert problems == []
    assert definition is not None
    return definition


def rules(verdict: Verdict, at_least: str = "review") -> set[str]:
    gravest = SEVERITIES[SEVERITIES.index(at_least) :]
    return {one.rule_id for one in verdict.findings if one.severity in gravest}


@pytest.mark.parametrize(
    ("key", "surface", "broken"),
    [
        ("check_in", "wechat_h5", set()),
        ("content", "own_web", set()),
        ("content", "wechat_h5", {"WX-02"}),
        ("content", "mini_program", {"WX-02"}),
        ("live", "wechat_h5", set()),
        ("live", "douyin", set()),
        ("in_store", "wechat_h5", set()),
        ("quiz", "own_web", set()),
        ("quiz", "mini_program", {"WX-20"}),
        ("cause", "wechat_h5", set()),
        ("poster", "own_web", set()),
        ("poster", "official_account", {"WX-02"}),
        ("poster", "douyin", {"WX-02", "DY-03"}),
    ],
)
def test_a_play_is_judged_by_where_it_runs(key: str, surface: str, broken: set[str]) -> None:
    assert rules(judge_definition(read(key, surface))) == broken


def test_a_draw_is_told_to_the_judge_with_quantity_and_odds() -> None:
    lottery = case_of(read("live", "own_web")).lottery
    assert lottery is not None
    (prize,) = lottery.prizes
    assert (prize.path, prize.name, prize.value_minor) == (
        "play.settings.prizes[0]",
        "latte 券",
        500,
    )
    assert (prize.quantity, prize.odds_ppm, prize.claim_days) == (100, 50_000, 30)
    assert lottery.chances_from == ()
    assert rules(judge_definition(read("live", "own_web")), "info") == {"LAW-10"}
    nobody = read("live", "own_web", host={"name": "山茶咖啡", "contact": ""})
    assert "LAW-07" in rules(judge_definition(nobody), "block")


def test_what_people_do_is_a_step_of_the_journey_and_never_gated_by_a_share() -> None:
    for key in PLAYS:
        case = case_of(read(key, "own_web"))
        assert not any(edge.gate and edge.source == "share_prompt" for edge in case.edges)
        steps = {step.key for step in case.steps}
        assert all({edge.source, edge.target} <= steps for edge in case.edges)
    assert "check_in" in {step.kind for step in case_of(read("check_in", "own_web")).steps}


@pytest.mark.parametrize(
    ("key", "surfaces"),
    [
        ("content", ("wechat_h5",)),
        ("content", ("own_web", "wechat_h5")),
        ("content", ("mini_program", "wechat_h5")),
        ("poster", ("wechat_h5",)),
        ("poster", ("douyin", "app")),
        ("quiz", ("own_web", "wechat_h5", "mini_program")),
    ],
)
def test_one_click_leads_to_what_is_allowed(key: str, surfaces: tuple[str, ...]) -> None:
    definition = read(key, *surfaces)
    verdict = judge_definition(definition)
    for _ in range(4):
        grave = [one for one in verdict.findings if one.severity in {"review", "block"}]
        if not grave:
            break
        change = grave[0].nearest_allowed
        assert change is not None
        after = changed(definition, change)
        assert after is not None
        assert after != definition
        definition, verdict = after, judge_definition(after)
    assert rules(verdict) == set()


def test_a_quiz_on_wechat_alone_waits_for_a_lawyer_or_moves_elsewhere() -> None:
    definition = read("quiz", "wechat_h5")
    (finding,) = [one for one in judge_definition(definition).findings if one.rule_id == "WX-20"]
    assert finding.severity == "review"
    assert finding.nearest_allowed is not None
    moved = changed(definition, finding.nearest_allowed)
    assert moved is not None
    assert moved.surfaces == ("own_web",)
    assert rules(judge_definition(moved)) == set()


def test_the_room_and_the_store_code_are_no_words_of_the_page() -> None:
    for key, secret in (("live", "春风十里"), ("in_store", "TABLE7")):
        assert secret not in str(case_of(read(key, "own_web")))


@pytest.mark.parametrize("quantity", [None, 99, 101])
def test_a_goal_is_held_by_the_quantity_of_its_unit(quantity: int | None) -> None:
    data = msgspec.to_builtins(read("cause", "own_web"))
    data["offers"][0]["quantity"] = quantity
    _, problems = read_definition(data)
    assert [(one.path, one.code) for one in problems] == [("offers[0].quantity", "not_the_goal")]
