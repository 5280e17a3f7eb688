"""Quests that begin shortly before a birthday: who never said theirs, and who is too early."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from banyan import campaigns, people
from banyan.campaigns import StartRequest
from banyan.kernel.errors import Refused
from banyan.people import Birthday
from tests.stage import ASSIST, REFERRAL, Stage
from tests.whole import assert_whole


@pytest.fixture
def stage(database: object) -> Stage:
    return Stage()


def near(play: dict[str, Any]) -> dict[str, Any]:
    return play | {"settings": play["settings"] | {"birthday_days": 7}}


def start(stage: Stage, campaign: UUID, person: UUID) -> str:
    """Return "begun", or the code of the refusal."""
    with stage.work() as work:
        (answer,) = campaigns.start_quests(work, [StartRequest(campaign, person, "web")])
    return answer.refusal.code if isinstance(answer, Refused) else "begun"


def born_in(stage: Stage, person: UUID, days: int) -> None:
    with stage.work() as work:
        day = (work.now.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)).date()
        people.give_birthday(work, person, Birthday(day.month, day.day), "birthday-1")


@pytest.mark.parametrize("play", [ASSIST, REFERRAL], ids=["assist", "referral"])
@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "begun"), (7, "begun"), (8, "birthday_not_near"), (364, "birthday_not_near")],
)
def test_a_quest_begins_in_the_days_before(
    stage: Stage, play: dict[str, Any], days: int, told: str
) -> None:
    campaign, (person,) = stage.campaign(near(play)), stage.people(1)
    assert start(stage, campaign, person) == "birthday_unknown"
    born_in(stage, person, days)
    assert start(stage, campaign, person) == told
    have = stage.one("select count(*) from quests where campaign_id = %s", campaign)
    assert have == (told == "begun")
    assert_whole()


def test_what_was_begun_stays_when_the_birthday_is_taken_back(stage: Stage) -> None:
    campaign, (person,) = stage.campaign(near(ASSIST)), stage.people(1)
    born_in(stage, person, 3)
    assert start(stage, campaign, person) == "begun"
    with stage.work() as work:
        people.drop_birthday(work, person)
    assert start(stage, campaign, person) == "begun"


def test_where_no_birthday_is_asked_none_is_needed(stage: Stage) -> None:
    campaign, (person,) = stage.campaign(ASSIST), stage.people(1)
    assert start(stage, campaign, person) == "begun"
