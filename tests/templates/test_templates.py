"""Every template is whole: it can be read, judged, published, costed and played to the end."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from banyan.campaigns.compliance_ir import judge_definition
from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import read_definition, settings_of
from banyan.campaigns.rules_text import rules_text
from banyan.campaigns.worst_case import worst_case
from banyan.plays import PLAYS
from banyan.templates import Template, packs, templates
from tests.stage import answered

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
ALL = templates()
each = pytest.mark.parametrize("template", ALL.values(), ids=list(ALL))


def definition_of(template: Template) -> Definition:
    """Return it as a merchant has it who chose a product for each good."""
    data = template.definition_at(NOW)
    for good in data.get("goods", ()):
        good["sku_id"] = str(UUID(int=7))
    definition, problems = read_definition(data)
    assert problems == []
    assert definition is not None
    return definition


def test_there_is_enough_to_choose_from() -> None:
    plays = Counter(template.play for template in ALL.values())
    trades = Counter(template.industry.key for template in ALL.values())
    assert len(ALL) >= 200
    assert len(trades) >= 12
    assert min(trades.values()) >= 8
    assert set(plays) == set(PLAYS)
    assert min(plays.values()) >= 8
    assert len({(one.industry.zh, one.industry.en) for one in ALL.values()}) == len(trades)


def shape(value: Any) -> Any:
    """Return what is left of settings without words and names: the mechanism itself."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shape(one) for one in value]
    return isinstance(value, str) or value


def test_no_two_differ_only_by_words() -> None:
    """Neither in the mechanism with its timing and audience, nor in what is given for it."""
    kinds = Counter(
        msgspec.json.encode(
            (
                one.play,
                shape(one.definition["play"]["settings"]),
                [(o["kind"], o["value_minor"]) for o in one.definition["offers"]],
                one.days,
                one.definition["goal"],
                one.definition["audience"]["people_target"],
            )
        )
        for one in ALL.values()
    )
    assert set(kinds.values()) == {1}


def test_every_play_is_set_in_many_ways() -> None:
    """Of the templates of a play, nearly all differ in its settings alone, words left out."""
    ways: dict[str, list[bytes]] = {}
    for one in ALL.values():
        settings = shape(one.definition["play"]["settings"])
        ways.setdefault(one.play, []).append(msgspec.json.encode(settings))
    for play, found in ways.items():
        assert len(set(found)) >= 0.75 * len(found), play


def test_every_trade_has_a_pack_of_its_own_templates() -> None:
    assert set(packs()) == {template.industry.key for template in ALL.values()}
    for pack in packs().values():
        steps = [ALL[step.template] for step in pack.steps]
        assert len({step.key for step in steps}) == len(steps) >= 3
        assert {step.industry.key for step in steps} == {pack.industry}
        assert len({step.play for step in steps}) >= 3
        _both(msgspec.to_builtins(pack))


@each
def test_it_runs_for_its_days(template: Template) -> None:
    definition = definition_of(template)
    assert definition.period.starts_at is None
    assert timedelta() <= NOW + timedelta(days=template.days) - definition.period.ends_at
    assert definition.period.ends_at > NOW + timedelta(days=template.days - 1)
    assert msgspec.json.decode(msgspec.json.encode(definition), type=Definition) == definition


@each
def test_it_passes_on_every_surface_it_claims(template: Template) -> None:
    """Nothing is said against it but notes: the tax on cash, what a draw is, a draw without seed."""
    asked = answered(msgspec.to_builtins(definition_of(template)))
    verdict = judge_definition(msgspec.convert(asked, Definition))
    assert {finding.severity for finding in verdict.findings} <= {"info"}
    assert {finding.rule_id for finding in verdict.findings} <= {"LAW-10", "LAW-59"}
    assert set(verdict.by_surface) == set(template.surfaces)


@each
def test_its_worst_case_stays_within_its_budget(template: Template) -> None:
    definition = definition_of(template)
    worst = worst_case(definition)
    assert worst.total_minor <= definition.budget.total_minor
    assert worst.explanation.zh
    assert worst.explanation.en
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in worst.explanation.en)


@each
def test_every_offer_is_used_and_every_text_is_in_both_languages(template: Template) -> None:
    definition = definition_of(template)
    used = set(PLAYS[template.play].offers(settings_of(definition)).values())
    assert {offer.key for offer in definition.offers} == used
    _both(msgspec.to_builtins(definition))
    _both(msgspec.to_builtins(template))


def _both(data: Any) -> None:
    if isinstance(data, dict):
        if {"zh", "en"} <= set(data) and (data["zh"] or data["en"]):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in data["zh"]), data
            assert data["en"], data
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in data["en"]), data
        for value in data.values():
            _both(value)
    elif isinstance(data, list | tuple):
        for value in data:
            _both(value)


@each
def test_a_chat_has_something_to_show(template: Template) -> None:
    share = definition_of(template).page.share
    assert all((share.title.zh, share.title.en, share.text.zh, share.text.en))


def test_what_seniors_read_is_large() -> None:
    large = {one.key for one in ALL.values() if definition_of(one).page.reading == "large"}
    assert large == {one.key for one in ALL.values() if one.industry.key == "silver"}


@each
def test_its_rules_are_told_in_both_languages(template: Template) -> None:
    rules = rules_text(definition_of(template))
    assert len(rules.zh) == len(rules.en) >= 8
    assert all(rules.zh)
    assert all(rules.en)


@each
def test_what_is_expected_says_where_it_comes_from(template: Template) -> None:
    expected = template.expected
    assert expected.basis == "assumption" or expected.source
    product = expected.share_rate_bps * expected.conversion_rate_bps / 1_000_000
    assert abs(product - expected.k_hundredths) <= 1


@each
def test_the_fields_to_review_exist_and_are_few(template: Template) -> None:
    data = template.definition_at(NOW)
    assert len(template.fields_to_review) <= 20
    for path in template.fields_to_review:
        here: Any = data
        for name in path.split("."):
            assert name in here, path
            here = here[name]


def test_a_template_is_copied_and_never_shared() -> None:
    first = ALL["dining_latte_referral"].definition_at(NOW)
    first["offers"].clear()
    assert ALL["dining_latte_referral"].definition_at(NOW)["offers"]


def test_the_files_travel_with_the_package() -> None:
    folder = Path(__file__).parents[2] / "banyan" / "templates" / "data"
    assert {path.stem for path in folder.glob("trades/*/*.toml")} == set(ALL)
