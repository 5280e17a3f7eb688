"""Every rule finds what breaks it, and only that."""

import re
from pathlib import Path

import msgspec
import pytest

from banyan.compliance import CATALOGUE, Case, Copy, judge, judge_imported, judge_path
from tests.compliance.cases import path
from tests.compliance.pairs import CLEAN, PAIRS, Pair, says, trigger, with_

EACH = [
    pytest.param(rule, pair, id=f"{rule}-{index}")
    for rule, pairs in PAIRS.items()
    for index, pair in enumerate(pairs)
]


def broken(case: Case) -> set[str]:
    return {finding.rule_id for finding in judge(case).findings}


def test_the_clean_case_is_clean() -> None:
    assert judge(CLEAN).findings == ()
    assert judge(CLEAN).severity == "pass"


def test_every_rule_has_three_pairs_or_cannot_be_expressed() -> None:
    assert set(PAIRS) | {"WX-14"} == set(CATALOGUE)
    for rule, pairs in PAIRS.items():
        assert len({msgspec.json.encode(bad) for bad, _ in pairs}) >= 3, rule
        assert len({msgspec.json.encode(good) for _, good in pairs}) >= 3, rule


PAGE = Path(__file__).parents[2] / "docs" / "compliance.md"
HELD_BY_CODE = {"PAY-03"}
"""Rules on the page that nothing has to be judged by."""


def documented() -> set[str]:
    """Return the rules of the page's table, as `LAW-10, 11` and `DY-01…04` name them."""
    found: set[str] = set()
    for row in re.findall(r"^\| ([A-Z]+-\d[^|]*) \|", PAGE.read_text(), re.MULTILINE):
        kind = ""
        for part in row.split(","):
            named = re.fullmatch(r"\s*(?:([A-Z]+)-)?(\d+)(?:…(\d+))?", part)
            assert named, row
            kind = named[1] or kind
            numbers = range(int(named[2]), int(named[3] or named[2]) + 1)
            found |= {f"{kind}-{number:02}" for number in numbers}
    return found


def test_every_rule_stands_on_the_page_of_rules_and_no_other() -> None:
    assert documented() - HELD_BY_CODE == set(CATALOGUE)


def test_a_path_is_judged_by_the_rules_of_paths_alone() -> None:
    three = path({"tea": ((1,),)}, {"tea": ((2,),)}, {"tea": ((3,),), "cup": ((9,),)})
    (found,) = judge_path(three.branches)
    assert (found.rule_id, found.severity, found.surface, found.path) == (
        *("LAW-41", "block", "any"),
        "tea",
    )
    assert found.found == "「good tea」（campaign 0 / campaign 1 / campaign 2）"
    assert found.chain == ("branches[0]", "branches[1]", "branches[2]")
    assert found.nearest_allowed is not None
    assert judge_path(path({"tea": ((1,),)}, {"cup": ((2,),)}).branches) == ()
    assert judge_path(()) == ()


@pytest.mark.parametrize(("rule", "pair"), EACH)
def test_a_pair_differs_in_one_field_and_in_the_verdict(rule: str, pair: Pair) -> None:
    bad, good = pair
    differs = [f for f in Case.__struct_fields__ if getattr(bad, f) != getattr(good, f)]
    assert len(differs) == 1
    assert rule in broken(bad)
    assert rule not in broken(good)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.id)
def test_a_rule_carries_its_words_and_its_source(rule: object) -> None:
    assert isinstance(rule, msgspec.Struct)
    assert all(getattr(rule, field) for field in ("zh", "en", "clause", "evidence"))
    if rule.evidence == "policy":  # type: ignore[attr-defined]
        assert rule.verified_on  # type: ignore[attr-defined]


@pytest.mark.parametrize("event", ["share_completed", "shared", "share_success"])
def test_a_share_event_cannot_be_expressed_and_imported_data_is_blocked(event: str) -> None:
    data = msgspec.to_builtins(trigger("registered"))
    data["triggers"][0]["event"] = event
    verdict = judge_imported(data)
    assert (verdict.severity, [one.rule_id for one in verdict.findings]) == ("block", ["WX-14"])
    assert verdict.findings[0].path == "triggers[0].event"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(data, Case)


@pytest.mark.parametrize("data", [None, [], {}, {"surfaces": 1}, {"surfaces": [], "steps": "x"}])
def test_data_that_cannot_be_read_is_not_passed(data: object) -> None:
    assert judge_imported(data).severity == "block"


def test_imported_data_that_fits_is_judged_like_any_other() -> None:
    data = msgspec.to_builtins(CLEAN)
    assert judge_imported(data) == judge(CLEAN)


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (trigger("registered", people=100), "WX-02"),
        (trigger("followed", people=3), "WX-07"),
        (trigger("assisted", people=5), "WX-03"),
        (says("不转发就不是中国人", "")[0], "WX-08"),
    ],
)
def test_examples_of_the_source_documents_are_blocked(case: Case, rule: str) -> None:
    verdict = judge(case)
    assert verdict.severity == "block"
    assert rule in {one.rule_id for one in verdict.findings}


def test_three_people_in_a_team_without_chance_pass() -> None:
    team = with_(triggers=trigger("ordered", "self", "self").triggers)
    assert judge(team).severity in {"pass", "warn"}


DISGUISES = [
    "不转不是中国人",
    "不 转 不 是 中 国 人",
    "不轉不是中國人",
    "不转，不是中国人！",
    "不\u200b转\u200b不是中囯人",
    "不转🙏不是🇨🇳人",
    "不砖不是中国人",
    "bu zhuan bu shi zhong guo ren",
    "ＢＵ·ＺＨＵＡＮ·ＢＵ·ＳＨＩ",
    "bu zhuаn bu shi",  # a Cyrillic a
]


@pytest.mark.parametrize("text", DISGUISES)
@pytest.mark.parametrize("around", ["{}", "今天天气好。{}。欢迎到店", "Hello! {} (thanks)"])
def test_a_disguise_keeps_the_verdict(text: str, around: str) -> None:
    case = with_(surfaces=("wechat_h5",), copy=(Copy("page.title.zh", around.format(text)),))
    assert "WX-08" in broken(case)


@pytest.mark.parametrize(
    "text",
    [
        "转角遇见咖啡",
        "不转糖的下午",
        "分享一杯拿铁",
        "请转告朋友我们搬家了",
        "必须提前一天预约",
        "每人最多领 10 份",
        "最低消费 30 元",
        "最高可得 50 元",
        "最后三天",
        "第一档 1 人",
        "解释清楚每一条规则",
        "优惠券有效期 30 天",
        "Share it with friends",
        "The best time to visit is spring",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    case = with_(surfaces=("wechat_h5", "douyin"), copy=(Copy("page.title.zh", text),))
    assert judge(case).findings == ()
