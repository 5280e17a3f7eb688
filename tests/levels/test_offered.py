"""A campaign that gives a level gives one that the shop has."""

from typing import Any

import pytest

from banyan import campaigns
from banyan.kernel.errors import Refused
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
