"""Seed users: shown by counted facts, picked by the merchant, invited once, told apart by a link."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from banyan import campaigns, outreach, people, rewards
from banyan.app.forgetting import forget_person
from banyan.campaigns import StartRequest, SupportRequest
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.outreach.numbers import invitations
from banyan.outreach.seeding import Seeded, invite_seeds, seed_link
from banyan.outreach.seeds import Rule, SeedRow, drop, pick, picked, seeds, write_rule
from banyan.rewards import GrantRequest, OfferSpec
from tests.campaigns.selling import Market
from tests.stage import Stage
from tests.whole import assert_whole


@pytest.fixture
def market(database: object) -> Market:
    made = Market()
    # By day: nobody is written to at night.
    made.now = daytime(made.now)
    return made


def daytime(moment: datetime) -> datetime:
    local = moment.astimezone(ZoneInfo("Asia/Shanghai"))
    return local.replace(hour=12) + timedelta(days=local.hour >= 12)


def shown(stage: Stage) -> dict[UUID, SeedRow]:
    with stage.work() as work:
        return {row.person_id: row for row in seeds(work).items}


def rule(stage: Stage, **numbers: int | None) -> None:
    nothing: dict[str, Any] = {"orders": None, "people": None, "points": None}
    with stage.work() as work:
        write_rule(work, Rule(**(nothing | numbers)))


def agree(stage: Stage, *persons: UUID) -> None:
    with stage.work() as work:
        for person in persons:
            people.agree_to_messages(work, person, "messages-1")


def choose(stage: Stage, *persons: UUID) -> int:
    with stage.work() as work:
        return pick(work, persons)


def invite(stage: Stage, campaign: UUID) -> Seeded | str:
    try:
        with stage.work() as work:
            return invite_seeds(work, campaign)
    except Refused as refused:
        return refused.refusal.code


def test_who_bought_often_enough_is_shown_and_what_went_back_is_no_order(market: Market) -> None:
    twice, once, sent_back = market.people(3)
    for buyer in (twice, twice, once, sent_back):
        market.paid(buyer, (market.tea, 1))
    order = market.paid(sent_back, (market.tea, 1))
    market.refund(order, (order.lines[0].id, 1))
    market.refunds_done()
    market.order(once, (market.tea, 1))
    found = shown(market)
    assert list(found) == [twice]
    assert (found[twice].orders, found[twice].reasons) == (2, ["orders"])
    rule(market, orders=1)
    assert set(shown(market)) == {twice, once, sent_back}
    rule(market, orders=None, people=1)
    assert shown(market) == {}
    assert_whole()


def test_who_brought_new_people_is_shown_and_who_left_does_not_count(market: Market) -> None:
    campaign = market.campaign()
    owner, other = market.people(2)
    quest, theirs = market.quests(campaign, [owner, other])
    first, second, third = market.people(3)
    market.support((quest, first), (quest, second), (theirs, third))
    assert list(shown(market)) == [owner]
    assert shown(market)[owner].people == 2
    with market.work() as work:
        campaigns.leave_everything(work, second)
    assert shown(market) == {}
    rule(market, people=1)
    assert {row.people for row in shown(market).values()} == {1}


def test_who_earned_points_is_shown(market: Market) -> None:
    (saver,) = market.people(1)
    earn(market, saver, 499)
    assert shown(market) == {}
    earn(market, saver, 1)
    assert (shown(market)[saver].points, shown(market)[saver].reasons) == (500, ["points"])


def earn(market: Market, person: UUID, points: int) -> None:
    campaign = new_id()
    with market.work() as work:
        spec = OfferSpec("p", "points", "积分", "Points", 0, 0, 30, points=points)
        rewards.open_offers(work, campaign, [spec])
        rewards.grant(work, [GrantRequest(campaign, "r", person, campaign, "p", "因为", "because")])


def test_the_merchant_picks_and_keeps_whom_they_like(market: Market) -> None:
    regular, anybody = market.people(2)
    for _ in range(2):
        market.paid(regular, (market.tea, 1))
    assert choose(market, regular, anybody, new_id()) == 2
    assert choose(market, regular) == 0
    found = shown(market)
    assert [row.is_picked for row in found.values()] == [True, True]
    assert found[anybody].reasons == [], "picked, and no fact says why"
    with market.work() as work:
        assert drop(work, [regular, new_id()]) == 1
        forget_person(work, anybody)
        assert picked(work) == {}
    assert list(shown(market)) == [regular]


def test_they_are_invited_once_if_they_agreed(market: Market) -> None:
    campaign, seed_users = market.campaign(), market.people(4)
    begun, silent, first, second = seed_users
    assert invite(market, campaign) == "no_seeds"
    choose(market, *seed_users)
    agree(market, begun, first, second)
    with market.work() as work:
        campaigns.start_quests(work, [StartRequest(campaign, begun, "web")])
    told = invite(market, campaign)
    assert told == Seeded(picked=4, invited=2, not_agreed=1, already=1, held_back=0)
    again = invite(market, campaign)
    assert again == Seeded(picked=4, invited=0, not_agreed=1, already=3, held_back=0)
    agree(market, silent)
    another = market.campaign()
    told = invite(market, another)
    assert isinstance(told, Seeded)
    assert (told.invited, told.held_back) == (2, 2), "those invited today wait until tomorrow"
    with market.work() as work:
        read = invitations(work, campaign)
        assert (read.seed.sent, read.seed.begun, read.seeds) == (2, 0, 4)
    assert_whole()


@pytest.mark.parametrize(("hour", "told"), [(7, "quiet_hours"), (21, "quiet_hours"), (8, None)])
def test_nobody_is_invited_at_night(market: Market, hour: int, told: str | None) -> None:
    campaign, (person,) = market.campaign(), market.people(1)
    choose(market, person)
    agree(market, person)
    market.now = market.now.replace(hour=hour)
    answer = invite(market, campaign)
    assert answer == told if told else isinstance(answer, Seeded)


def test_only_to_a_campaign_that_runs(market: Market) -> None:
    campaign = market.campaign()
    with market.work() as work:
        campaigns.pause_campaign(work, campaign, "a rest")
    assert invite(market, campaign) == "not_inviting"
    assert invite(market, new_id()) == "campaign_not_found"


def test_who_comes_by_the_link_and_whom_they_bring_are_of_the_channel(market: Market) -> None:
    campaign, (seed, friend) = market.campaign(), market.people(2)
    with market.work() as work:
        link = seed_link(work, campaign)
        assert seed_link(work, campaign) == link
    channel = market.one("select channel from links where code = %s", link.code)
    assert channel == "seed"
    with market.work() as work:
        (begun,) = campaigns.start_quests(work, [StartRequest(campaign, seed, channel)])
    assert not isinstance(begun, Refused)
    with market.work() as work:
        campaigns.support(work, [SupportRequest(begun.quest_id, friend)])
    channels = market.one(
        "select array_agg(channel || generation order by generation) from participants"
        " where campaign_id = %s",
        campaign,
    )
    assert channels == ["seed0", "seed1"]
    with market.work() as work:
        assert invitations(work, campaign).seed_link == link
        assert outreach.picked_seeds(work) == {}


def test_another_merchants_people_cannot_be_picked(market: Market) -> None:
    (stranger,) = Stage().people(1)
    assert choose(market, stranger) == 0
    assert shown(market) == {}
