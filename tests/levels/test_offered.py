"""A campaign that gives a level gives one that the shop has."""

from typing import Any

import pytest

from banyan import campaigns, templates
from banyan.campaigns.queries import judgement_of
from banyan.kernel.errors import Refused
from banyan.levels.ladder import proposal
from banyan.levels.views import ladder_view
from tests.levels.club import GOLD, SILVER, Club
from tests.stage import REFERRAL, offer

LEVEL = offer("latte", 0) | {"kind": "level", "level_key": "gold", "valid_days": 60}


def plan(**changes: Any) -> dict[str, Any]:
    return {"offers": [LEVEL | changes, offer("half", 300)]}


def test_a_level_the_shop_does_not_have_is_refused_plainly(database: object) -> None:
    for club in (Club(), Club(SILVER)):
        with pytest.raises(Refused) as caught:
            club.campaign(REFERRAL, **plan())
        assert caught.value.refusal.code == "definition_invalid"
        problems: Any = caught.value.params["problems"]
        assert [(one["path"], one["code"]) for one in problems] == [
            ("offers[0].level_key", "unknown_level")
        ]
        assert "gold" in problems[0]["zh"]
        assert "gold" in problems[0]["en"]


def test_a_level_of_the_ladder_is_given(database: object) -> None:
    club = Club(SILVER, GOLD)
    campaign = club.campaign(REFERRAL, **plan())
    with club.work() as work:
        assert campaigns.campaign_view(work, campaign).state == "live"


def test_a_level_that_was_taken_off_the_ladder_is_refused_too(database: object) -> None:
    club = Club(SILVER, GOLD)
    club.edit(SILVER)
    with pytest.raises(Refused) as caught:
        club.campaign(REFERRAL, **plan())
    assert caught.value.refusal.code == "definition_invalid"
    assert club.campaign(REFERRAL, **plan(level_key="silver"))


def test_an_edit_cannot_bring_in_a_level_nobody_has(database: object) -> None:
    club = Club(SILVER)
    campaign = club.campaign()
    with club.work() as work:
        before = campaigns.campaign_view(work, campaign)
    more = LEVEL | {"key": "member", "quantity": 5}
    said = before.definition | {"offers": [*before.definition["offers"], more]}
    with pytest.raises(Refused) as caught, club.work() as work:
        campaigns.edit_campaign(work, campaign, said, before.version)
    assert caught.value.refusal.code == "definition_invalid"


def test_what_is_missing_is_said_while_the_draft_is_written(database: object) -> None:
    club = Club(SILVER)
    with club.work() as work:
        definition = campaigns.campaign_view(work, club.campaign(REFERRAL)).definition | plan()
        told = judgement_of(work, definition, "Asia/Shanghai", "en")["problems"]
    assert [(one["path"], one["code"]) for one in told] == [
        ("offers[0].level_key", "unknown_level")
    ]
    assert told[0]["message"] == told[0]["en"]


def test_what_the_ladder_has_is_not_proposed_again(database: object) -> None:
    club = Club(SILVER)
    with club.work() as work:
        assert [level.key for level in ladder_view(work).proposal] == ["gold", "black"]


def test_every_level_that_a_template_gives_is_proposed_by_the_name_it_has_there() -> None:
    names = {level.key: (level.name_zh, level.name_en) for level in proposal()}
    given = [
        (key, one["level_key"], one["name"])
        for key, template in templates.templates().items()
        for one in template.definition["offers"]
        if one["kind"] == "level"
    ]
    assert given
    for key, level, name in given:
        zh, en = names[level]
        assert name["zh"].startswith(zh), key
        assert name["en"].startswith(en), key
