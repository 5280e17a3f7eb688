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
from banyan.plays import PLAYS, Reward, Started, Supported
from banyan.templates import Template, templates

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
ALL = templates()
each = pytest.mark.parametrize("template", ALL.values(), ids=list(ALL))


def definition_of(template: Template) -> Definition:
    definition, problems = read_definition(template.definition_at(NOW))
    assert problems == []
    assert definition is not None
    return definition


def test_there_is_enough_to_choose_from() -> None:
    plays = Counter(template.play for template in ALL.values())
    assert plays["referral"] >= 6
    assert plays["assist"] >= 6
    assert len({template.industry.key for template in ALL.values()}) >= 12


def test_no_two_differ_only_by_words() -> None:
    kinds = Counter(
        msgspec.json.encode(
            (
                one.play,
                one.definition["play"]["settings"],
                one.days,
                one.definition["budget"],
                one.definition["surfaces"],
                [
                    (o["kind"], o["value_minor"], o.get("quantity"))
                    for o in one.definition["offers"]
                ],
            )
        )
        for one in ALL.values()
    )
    assert set(kinds.values()) == {1}


@each
def test_it_runs_for_its_days(template: Template) -> None:
    definition = definition_of(template)
    assert definition.period.starts_at is None
    assert timedelta() <= NOW + timedelta(days=template.days) - definition.period.ends_at
    assert definition.period.ends_at > NOW + timedelta(days=template.days - 1)
    assert msgspec.json.decode(msgspec.json.encode(definition), type=Definition) == definition


@each
def test_it_passes_on_every_surface_it_claims(template: Template) -> None:
    verdict = judge_definition(definition_of(template))
    assert verdict.findings == ()
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


@each
def test_a_crowd_plays_it_to_its_reward(template: Template) -> None:
    definition = definition_of(template)
    play, settings = PLAYS[template.play], settings_of(definition)
    starter, quest = UUID(int=1), UUID(int=2)
    progress, _ = play.react(settings, play.Progress(), Started(starter, quest), NOW)
    given: set[str] = set()
    for number in range(60):
        progress, effects = play.react(settings, progress, Supported(UUID(int=100 + number)), NOW)
        given |= {effect.offer for effect in effects if isinstance(effect, Reward)}
    assert given == {offer.key for offer in definition.offers}


def test_a_template_is_copied_and_never_shared() -> None:
    first = ALL["dining_latte_referral"].definition_at(NOW)
    first["offers"].clear()
    assert ALL["dining_latte_referral"].definition_at(NOW)["offers"]


def test_the_files_travel_with_the_package() -> None:
    folder = Path(__file__).parents[2] / "banyan" / "templates" / "data"
    assert {path.stem for path in folder.glob("*.toml")} == set(ALL)
