"""Acts: what people do in their own quests counts once, whoever taps at once."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from banyan import campaigns
from banyan.campaigns import ActOutcome, ActRequest
from banyan.campaigns.passes import pass_of, quest_by_pass
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.ledger import Overtaken
from tests.stage import Stage, offer
from tests.whole import assert_whole

SHANGHAI = ZoneInfo("Asia/Shanghai")

CHECK_IN: dict[str, Any] = {
    "key": "check_in",
    "settings": {
        "daily_offer": "half",
        "streaks": [{"days": 2, "offer": "latte"}],
        "tasks": [
            {"key": "menu", "label_zh": "看菜单", "label_en": "Read the menu", "offer": "half"}
        ],
        "most_days": 5,
    },
}


@pytest.fixture
def stage(database: object) -> Stage:
    return Stage()


class Place:
    """One person's quest of a check-in campaign."""

    def __init__(self, stage: Stage, play: dict[str, Any] = CHECK_IN, **changes: Any) -> None:
        self.stage = stage
        self.campaign = stage.campaign(play, **changes)
        (self.owner,) = stage.people(1)
        (self.quest,) = stage.quests(self.campaign, [self.owner])

    def asked(self, step: str = "checked_in", **more: Any) -> ActRequest:
        wanted: dict[str, Any] = {"person_id": self.owner, **more}
        return ActRequest(self.quest, step, **wanted)

    def act(self, *requests: ActRequest, now: datetime | None = None) -> list[Any]:
        with unit_of_work(self.stage.workspace, SYSTEM, now or self.stage.now) as work:
            return campaigns.act(work, requests)

    def count(self, table: str) -> int:
        return self.stage.one(
            f"select count(*) from {table} where workspace_id = %s",
            self.stage.workspace,
        )


def said(outcome: ActOutcome | Refused) -> str | None:
    return outcome.refusal.code if isinstance(outcome, Refused) else outcome.reason


def test_a_day_counts_once_however_often_it_is_tapped(stage: Stage) -> None:
    place = Place(stage)
    first, second = place.act(place.asked(), place.asked())
    (third,) = place.act(place.asked())
    assert [said(each) for each in (first, second, third)] == [None, "done_already", "done_already"]
    assert [grant.offer.key for grant in first.grants] == ["half"]
    assert (place.count("quest_acts"), place.count("grants")) == (1, 1)
    assert_whole()


def test_days_are_the_merchants_own(stage: Stage) -> None:
    place = Place(stage)
    tomorrow = (stage.now + timedelta(days=1)).astimezone(SHANGHAI)
    midnight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    last_second = midnight - timedelta(seconds=1)
    told = [place.act(place.asked(), now=at)[0] for at in (last_second, midnight)]
    assert [said(each) for each in told] == [None, None]
    assert [grant.offer.key for grant in told[1].grants] == ["half", "latte"], "two days in a row"
    slots = stage.one(
        "select array_agg(slot order by slot) from quest_acts where quest_id = %s", place.quest
    )
    assert slots == [
        last_second.astimezone(SHANGHAI).date().isoformat(),
        midnight.astimezone(SHANGHAI).date().isoformat(),
    ]
    assert_whole()


def test_two_taps_at_once_leave_one_row_and_one_effect(stage: Stage) -> None:
    place = Place(stage)
    gate, told, failed = threading.Barrier(8), list[str | None](), list[BaseException]()

    def tap() -> None:
        try:
            gate.wait()
            told.append(said(place.act(place.asked())[0]))
        except psycopg.Error as error:  # a caller would run it again
            failed.append(error)

    taps = [threading.Thread(target=tap) for _ in range(8)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert failed == []
    assert sorted(told, key=str) == [None, *["done_already"] * 7]
    assert (place.count("quest_acts"), place.count("grants")) == (1, 1)
    assert_whole()


def test_many_quests_at_once_answer_each_its_own(stage: Stage) -> None:
    place = Place(stage)
    others = stage.people(20)
    quests = stage.quests(place.campaign, others)
    requests = [ActRequest(*pair) for pair in zip(quests, ["task_menu"] * 20, others, strict=True)]
    told = place.act(*requests, place.asked("task_menu"), requests[0])
    assert [said(each) for each in told] == [*[None] * 21, "done_already"]
    assert place.count("quest_acts") == 21
    assert_whole()


def test_somebody_elses_quest_is_not_found(stage: Stage) -> None:
    place = Place(stage)
    (stranger,) = stage.people(1)
    told = place.act(place.asked(person_id=stranger), place.asked("no_such_step"))
    assert [said(each) for each in told] == ["quest_not_found", "act_not_found"]
    (unknown,) = place.act(ActRequest(new_id(), "checked_in", stranger))
    assert said(unknown) == "quest_not_found"
    assert place.count("quest_acts") == 0


def test_what_is_refused_uses_no_slot(stage: Stage) -> None:
    place = Place(stage, offers=[offer("latte", 500), offer("half", 300, quantity=1)])
    first, second = place.act(place.asked(), place.asked("task_menu"))
    assert [said(each) for each in (first, second)] == [None, "offer_exhausted"]
    assert place.count("quest_acts") == 1
    assert second.grants == []
    assert_whole()


def test_a_closed_campaign_takes_no_acts(stage: Stage) -> None:
    place = Place(stage)
    with stage.work() as work:
        campaigns.pause_campaign(work, place.campaign, "stock-taking")
    assert said(place.act(place.asked())[0]) == "campaign_paused"
    with stage.work() as work:
        campaigns.resume_campaign(work, place.campaign)
        campaigns.end_campaign(work, place.campaign, "enough")
    assert said(place.act(place.asked())[0]) == "campaign_ended"


def test_the_staff_confirm_nothing_that_only_the_person_can_do(stage: Stage) -> None:
    place = Place(stage)
    assert said(place.act(place.asked(person_id=None))[0]) == "not_for_staff"


def test_a_pass_finds_its_quest_however_it_is_typed(stage: Stage) -> None:
    place = Place(stage)
    with stage.work() as work:
        code = pass_of(work, place.quest, place.owner)
        assert pass_of(work, place.quest, place.owner) == code
        assert (
            quest_by_pass(work, place.campaign, f" {code[:5].lower()}-{code[5:]} ") == place.quest
        )
        for campaign, wrong in ((new_id(), code), (place.campaign, "0000000000")):
            with pytest.raises(Refused) as caught:
                quest_by_pass(work, campaign, wrong)
            assert caught.value.refusal.code == "pass_not_found"
        with pytest.raises(Refused) as caught:
            pass_of(work, place.quest, new_id())
        assert caught.value.refusal.code == "quest_not_found"


def test_an_act_is_kept_as_it_was_written(stage: Stage) -> None:
    place = Place(stage)
    place.act(place.asked())
    with pytest.raises(psycopg.Error):
        stage.one(
            "update quest_acts set step = 'x' where quest_id = %s returning step", place.quest
        )
    with pytest.raises(psycopg.Error):
        stage.one("delete from quest_acts where quest_id = %s returning step", place.quest)


def test_the_page_says_what_is_done_and_what_is_open(stage: Stage) -> None:
    place = Place(stage)

    def shown(now: datetime) -> dict[str, tuple[int, bool]]:
        with unit_of_work(stage.workspace, SYSTEM, now) as work:
            quest = campaigns.own_quest(work, place.quest, place.owner)
        return {one.step: (one.done, one.is_open) for one in quest.acts}

    assert shown(stage.now) == {"checked_in": (0, True), "task_menu": (0, True)}
    place.act(place.asked(), place.asked("task_menu"))
    assert shown(stage.now) == {"checked_in": (1, False), "task_menu": (1, False)}
    assert shown(stage.now + timedelta(days=1)) == {
        "checked_in": (1, True),
        "task_menu": (1, False),
    }


def test_the_goal_of_a_cause_is_never_passed_by_whoever_gives_at_once(stage: Stage) -> None:
    play = {"key": "cause", "settings": {"unit_offer": "latte", "goal": 5, "thanks_offer": "half"}}
    place = Place(stage, play, offers=[offer("latte", 500, quantity=5), offer("half", 300)])
    owners = [place.owner, *stage.people(11)]
    quests = [place.quest, *stage.quests(place.campaign, owners[1:])]
    told, tries = list[str | None](), 4

    def give(quest: UUID, owner: UUID) -> None:
        for _ in range(tries):
            try:
                (outcome,) = place.act(ActRequest(quest, "gave", owner))
            except (psycopg.Error, Overtaken):
                continue
            told.append(said(outcome))
            return

    givers = [threading.Thread(target=give, args=pair) for pair in zip(quests, owners, strict=True)]
    for each in givers:
        each.start()
    for each in givers:
        each.join()
    assert len(told) == 12
    assert told.count(None) == 5
    assert set(told) == {None, "sold_out"}
    assert place.count("quest_acts") == 5
    assert_whole()


def test_a_friend_leaves_once_however_often_they_ask(stage: Stage) -> None:
    play = {"key": "poster", "settings": {"tiers": [{"people": 2, "offer": "latte"}]}}
    place = Place(stage, play)
    friends = stage.people(2)
    stage.support(*((place.quest, friend) for friend in friends))
    gate, told = threading.Barrier(4), list[bool]()

    def go() -> None:
        gate.wait()
        with stage.work() as work:
            told.append(campaigns.leave(work, place.quest, friends[0]))

    leaving = [threading.Thread(target=go) for _ in range(4)]
    for each in leaving:
        each.start()
    for each in leaving:
        each.join()
    assert sorted(told) == [False, False, False, True]
    assert stage.one("select have from quests where id = %s", place.quest) == 1
    with stage.work() as work:
        assert campaigns.leave(work, place.quest, place.owner) is False
    assert_whole()
