"""What is forbidden of payouts and of a platform's data has an allowed variant, one click away."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from banyan.campaigns.compliance_ir import judge_definition
from banyan.campaigns.definition import Definition
from banyan.campaigns.judged_facts import Facts
from banyan.campaigns.nearest import changed
from banyan.campaigns.reviews import verdict_data
from banyan.compliance import SEVERITIES, Payout, Verdict
from banyan.templates import templates
from tests.stage import answered

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PACKETS = next(made for made in templates().values() if made.play == "red_packet")
CHECK_IN = next(made for made in templates().values() if made.play == "check_in")
LAWFUL = Payout("payout_terms", 10, 20_000, 1_000_000, ("wechat_transfer", "manual"), "1000")
GRAVE = SEVERITIES[SEVERITIES.index("review") :]


def of(made: Any, **changes: Any) -> Definition:
    return msgspec.convert(answered(made.definition_at(NOW)) | changes, Definition)


def grave(verdict: Verdict) -> set[str]:
    return {one.rule_id for one in verdict.findings if one.severity in GRAVE}


@pytest.mark.parametrize(
    ("changes", "rule", "field", "value"),
    [
        ({"person_day_count": 30}, "PAY-02", "per_person_day_count", 10),
        ({"scene": "", "methods": ("manual",), "person_day_minor": 300_000}, "PAY-02", None, None),
        ({"person_day_minor": 9_000_000}, "PAY-04", "per_person_day_minor", 2_000_000),
        ({"scene": ""}, "PAY-04", "methods", ("manual",)),
        ({"day_minor": 99_000_000}, "PAY-04", "per_day_minor", 10_000_000),
    ],
)
def test_terms_of_payouts_block_what_pays_cash_until_one_click_mends_them(
    changes: dict[str, Any], rule: str, field: str | None, value: object
) -> None:
    plan, terms = of(PACKETS), msgspec.structs.replace(LAWFUL, **changes)
    verdict = judge_definition(plan, Facts(payouts=(terms,)))
    assert grave(verdict) == {rule}
    (found,) = [one for one in verdict_data(plan, verdict)["findings"] if one["rule_id"] == rule]
    ((change,),) = [found["nearest_allowed"]["changes"]]
    assert change["path"] == f"payout_terms.{field or 'per_person_day_minor'}"
    if field is not None:
        assert change["value"] == value
    # As the terms are judged after the click: each field of theirs under the judge's own name.
    name = change["path"].removeprefix("payout_terms.").removeprefix("per_")
    after = msgspec.structs.replace(terms, **{name: change["value"]})
    assert grave(judge_definition(plan, Facts(payouts=(after,)))) == set()


def test_terms_of_payouts_say_nothing_of_what_pays_no_cash() -> None:
    unlawful = msgspec.structs.replace(LAWFUL, person_day_count=99, scene="")
    assert grave(judge_definition(of(CHECK_IN), Facts(payouts=(unlawful,)))) == set()


def test_whose_account_pays_is_asked_once_and_answered_by_a_click() -> None:
    plan = of(PACKETS)
    others = tuple(one for one in plan.attestations if one.question != "own_account")
    asked = msgspec.structs.replace(plan, attestations=others)
    (found,) = [one for one in judge_definition(asked).findings if one.rule_id == "PAY-05"]
    assert (found.severity, found.found) == ("review", None)
    assert found.nearest_allowed is not None
    after = changed(asked, found.nearest_allowed)
    assert after is not None
    assert grave(judge_definition(after)) == set()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("请先授权手机号后参加", "DY-05"),
        ("必须开启定位才能领取", "DY-05"),
        ("仅限抖音粉丝参加", "DY-06"),
        ("手机号将用于推送优惠", "DY-06"),
    ],
)
def test_words_that_ask_too_much_on_douyin_are_taken_out_by_a_click(words: str, rule: str) -> None:
    plan = of(CHECK_IN, surfaces=["douyin"], terms={"zh": f"每天一次，{words}。", "en": "Daily."})
    assert rule not in grave(
        judge_definition(of(CHECK_IN, surfaces=["own_web"], terms=msgspec.to_builtins(plan.terms)))
    )
    verdict = judge_definition(plan)
    (found,) = [one for one in verdict.findings if one.rule_id == rule]
    assert found.nearest_allowed is not None
    after = changed(plan, found.nearest_allowed)
    assert after is not None
    assert rule not in grave(judge_definition(after))
    assert words not in after.terms.zh
