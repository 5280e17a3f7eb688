"""One support after another: what counts, what does not and why, who gets what."""

from datetime import timedelta
from typing import Any

import pytest

from banyan import campaigns, rewards
from banyan.campaigns import SupportRequest, SupportView
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from tests.stage import ASSIST, REFERRAL, Stage, offer, reason_of
from tests.whole import assert_whole


@pytest.fixture
def stage(database: object) -> Stage:
    return Stage()


def play(base: dict[str, Any], **settings: object) -> dict[str, Any]:
    return base | {"settings": base["settings"] | settings}


def test_both_sides_are_rewarded_once_and_told_why(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    (answer,) = stage.support((quest, friend))
    assert isinstance(answer, SupportView)
    assert (answer.counted, answer.reason, answer.quest.have) == (True, None, 1)
    (grant,) = answer.grants
    assert (grant.offer.key, grant.kind, grant.state) == ("half", "coupon", "vested")
    assert grant.code is not None
    assert len(grant.code) >= 12
    (again,) = stage.support((quest, friend))
    assert again == answer
    with stage.work() as work:
        (mine,) = rewards.grants_of_people(work, [owner], campaign)
        view = rewards.budget_view(work, campaign)
    assert (mine.offer_key, mine.rule, mine.reason_zh) == ("latte", "tier:1", "您已邀请 1 位好友")
    assert view is not None
    assert (view.spent_minor, view.left_minor) == (800, 10_000_000 - 800)
    assert mine.code is not None
    assert mine.code not in str(answer)
    assert_whole()


@pytest.mark.parametrize(
    ("who", "reason"),
    [("owner", "own_quest"), ("old", "not_new"), ("helped", "already_helped")],
)
def test_what_does_not_count_is_recorded_with_its_reason(
    stage: Stage, who: str, reason: str
) -> None:
    (old,) = stage.people(1)
    stage.now += timedelta(minutes=1)
    campaign = stage.campaign()
    owner, other, helped = stage.people(3)
    quest, second = stage.quests(campaign, [owner, other])
    stage.support((second, helped))
    person = {"owner": owner, "old": old, "helped": helped}[who]
    (answer,) = stage.support((quest, person))
    assert reason_of(answer) == reason
    assert isinstance(answer, SupportView)
    assert answer.message.zh
    assert answer.message.en
    assert (
        stage.one(
            "select reason from supports where quest_id = %s and supporter_id = %s", quest, person
        )
        == reason
    )
    assert stage.support((quest, person)) == [answer]
    assert_whole()


def test_a_circle_is_refused_however_long(stage: Stage) -> None:
    campaign = stage.campaign(play(ASSIST, helpers_needed=9))
    people = stage.people(4)
    quests = stage.quests(campaign, people)
    for i in range(3):
        # Each helps the one after them: 0 → 1 → 2 → 3.
        assert reason_of(stage.support((quests[i + 1], people[i]))[0]) is None
    assert reason_of(stage.support((quests[0], people[3]))[0]) == "cycle"
    assert reason_of(stage.support((quests[0], people[1]))[0]) == "cycle"
    assert reason_of(stage.support((quests[2], people[0]))[0]) is None
    assert_whole()


def test_a_circle_within_one_batch_is_refused(stage: Stage) -> None:
    campaign = stage.campaign(play(ASSIST, helpers_needed=9))
    a, b, c = stage.people(3)
    of_a, of_b, of_c = stage.quests(campaign, [a, b, c])
    answers = stage.support((of_a, b), (of_b, c), (of_c, a))
    assert [reason_of(answer) for answer in answers] == [None, None, "cycle"]
    assert_whole()


def test_the_last_place_is_won_once_within_one_batch(stage: Stage) -> None:
    campaign = stage.campaign(ASSIST)
    owner, *friends = stage.people(8)
    (quest,) = stage.quests(campaign, [owner])
    answers = stage.support(*((quest, friend) for friend in friends))
    assert [reason_of(answer) for answer in answers] == [None] * 3 + ["quest_full"] * 4
    assert stage.one("select state from quests where id = %s", quest) == "won"
    with stage.work() as work:
        assert len(rewards.grants_of_people(work, [owner], campaign)) == 1
    assert_whole()


def test_out_of_time_loses_the_quest_and_does_not_count(stage: Stage) -> None:
    campaign = stage.campaign(ASSIST)
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    stage.now += timedelta(hours=24)
    (answer,) = stage.support((quest, friend))
    assert reason_of(answer) == "out_of_time"
    assert stage.one("select state from quests where id = %s", quest) == "lost"
    assert_whole()


def test_a_wake_up_loses_what_ran_out_of_time_once(stage: Stage) -> None:
    campaign = stage.campaign(ASSIST)
    quests = stage.quests(campaign, stage.people(3))
    with stage.work() as work:
        assert campaigns.wake_due(work) == 0
    stage.now += timedelta(hours=24)
    with stage.work() as work:
        assert campaigns.wake_due(work) == 3
    with stage.work() as work:
        assert campaigns.wake_due(work) == 0
    assert stage.one("select count(*) from quests where state = 'lost'") == len(quests)
    assert stage.one("select count(*) from events where name = 'campaigns.quest_lost'") == 3
    assert_whole()


def test_caps_of_helps_and_quests_hold(stage: Stage) -> None:
    campaign = stage.campaign(play(ASSIST, helps_per_person=2))
    *owners, helper = stage.people(4)
    quests = stage.quests(campaign, owners)
    answers = stage.support(*((quest, helper) for quest in quests))
    assert [reason_of(answer) for answer in answers] == [None, None, "cap_reached"]
    assert stage.quests(campaign, owners) == quests
    assert_whole()


def test_a_reward_that_cannot_be_paid_does_not_count(stage: Stage) -> None:
    budget = {"total_minor": 2000, "per_day_minor": None, "warn_at_bps": 5000}
    campaign = stage.campaign(budget=budget)
    owners, friends = stage.people(4), stage.people(4)
    quests = stage.quests(campaign, owners)
    answers = stage.support(*zip(quests, friends, strict=True))
    assert [reason_of(answer) for answer in answers] == [None, None, "budget_spent", "budget_spent"]
    with stage.work() as work:
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert (view.spent_minor, view.left_minor, view.warned, view.spent) == (1600, 400, True, True)
    for name in ("rewards.budget_warned", "rewards.budget_spent"):
        assert stage.one("select count(*) from events where name = %s", name) == 1
    # A friend whose help did not count takes no part, and may come again when there is money.
    assert stage.one("select count(*) from participants where referrer_id is not null") == 2
    assert_whole()


def test_a_day_has_its_own_budget_and_leaves_the_rest_to_the_next(stage: Stage) -> None:
    budget = {"total_minor": 4000, "per_day_minor": 1700, "warn_at_bps": 8000}
    campaign = stage.campaign(budget=budget)
    owners, friends = stage.people(6), stage.people(6)
    quests = stage.quests(campaign, owners)
    pairs = list(zip(quests, friends, strict=True))
    answers = stage.support(*pairs[:3])
    assert [reason_of(answer) for answer in answers] == [None, None, "day_budget_spent"]
    stage.now += timedelta(days=1)
    answers = stage.support(*pairs[3:])
    assert [reason_of(answer) for answer in answers] == [None, None, "day_budget_spent"]
    with stage.work() as work:
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert (view.spent_minor, view.day_spent_minor, view.day_total_minor) == (3200, 1600, 1700)
    assert_whole()


def test_a_limited_offer_is_given_as_often_as_there_are(stage: Stage) -> None:
    offers = [offer("latte", 500), offer("half", 300, quantity=2)]
    campaign = stage.campaign(offers=offers)
    owners, friends = stage.people(3), stage.people(3)
    answers = stage.support(*zip(stage.quests(campaign, owners), friends, strict=True))
    assert [reason_of(answer) for answer in answers] == [None, None, "offer_exhausted"]
    with stage.work() as work:
        assert rewards.offers_left(work, campaign) == {"latte": None, "half": 0}
    assert_whole()


def test_points_are_credited_to_the_person(stage: Stage) -> None:
    offers = [offer("latte", 500), offer("half", 10, kind="points", points=88)]
    campaign = stage.campaign(offers=offers)
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    (answer,) = stage.support((quest, friend))
    assert isinstance(answer, SupportView)
    assert [(grant.kind, grant.points, grant.code) for grant in answer.grants] == [
        ("points", 88, None)
    ]
    held = "select balance_minor from ledger_accounts where key = %s"
    assert stage.one(held, f"person:{friend}:points") == 88
    assert stage.support((quest, friend)) == [answer]
    assert_whole()


def test_a_pause_stops_supports_at_once_and_nothing_is_recorded(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    with stage.work() as work:
        campaigns.pause_campaign(work, campaign, "看一下")
    assert reason_of(stage.support((quest, friend))[0]) == "campaign_paused"
    assert stage.one("select count(*) from supports") == 0
    with stage.work() as work:
        campaigns.resume_campaign(work, campaign)
    assert reason_of(stage.support((quest, friend))[0]) is None
    stage.now += timedelta(days=30)
    (other,) = stage.people(1)
    assert reason_of(stage.support((quest, other))[0]) == "campaign_ended"
    assert_whole()


def test_strangers_to_the_workspace_are_not_there(stage: Stage) -> None:
    elsewhere = Stage()
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    (stranger,) = elsewhere.people(1)
    assert reason_of(elsewhere.support((quest, stranger))[0]) == "quest_not_found"
    assert reason_of(stage.support((quest, stranger))[0]) == "not_signed_in"
    assert reason_of(stage.support((new_id(), friend))[0]) == "quest_not_found"


def test_a_friend_who_begins_their_own_quest_stays_below_who_brought_them(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend, third = stage.people(3)
    (quest,) = stage.quests(campaign, [owner])
    stage.support((quest, friend))
    (second,) = stage.quests(campaign, [friend], via=quest)
    stage.support((second, third))
    rows = "select generation from participants where person_id = %s"
    assert [stage.one(rows, person) for person in (owner, friend, third)] == [0, 1, 2]
    joined = "select count(*) from events where name = 'campaigns.participant_joined'"
    assert stage.one(joined) == 3
    assert_whole()


def test_a_referrer_never_changes(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    stage.support((quest, friend))
    with pytest.raises(Exception, match="refused"), stage.work() as work:
        work.driver.execute("update participants set referrer_id = null, generation = 0")


def test_the_same_key_with_another_link_is_refused(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    first = SupportRequest(quest, friend, "abc", request_key="k1")
    with stage.work() as work:
        answers = campaigns.support(work, [first, first, first._replace(link_code="other")])
    assert answers[0] == answers[1]
    assert isinstance(answers[2], Refused)
    assert answers[2].refusal.code == "idempotency_mismatch"


def test_the_end_decides_what_is_open(stage: Stage) -> None:
    campaign = stage.campaign(REFERRAL)
    owners, friends = stage.people(3), stage.people(1)
    quests = stage.quests(campaign, owners)
    stage.support((quests[0], friends[0]))
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
        campaigns.close_over(work)
    states = "select string_agg(state, ' ' order by state) from quests"
    assert stage.one(states) == "lost lost won"
    with stage.work() as work:
        campaigns.settle_campaign(work, campaign)
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert (view.total_minor, view.left_minor) == (800, 0)
    assert_whole()


def test_a_second_wish_to_help_is_told_that_it_was_given_already(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])

    def ask(key: str) -> SupportView | Refused:
        with stage.work() as work:
            return campaigns.support(work, [SupportRequest(quest, friend, request_key=key)])[0]

    first, second, sent_again = ask("one"), ask("two"), ask("one")
    assert isinstance(second, SupportView)
    assert (second.counted, second.reason, second.grants) == (False, "already_helped", [])
    assert second.message.zh
    assert sent_again == first
    assert stage.one("select count(*) from supports where campaign_id = %s", campaign) == 1
    assert_whole()
