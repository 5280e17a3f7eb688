"""The numbers of every play, against what was planted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from banyan import campaigns, store
from banyan.campaigns import ActRequest
from banyan.campaigns.numbers import PlayNumbers, play_numbers
from banyan.campaigns.numbers_found import STATEMENTS
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.plays import PLAYS, Numbered
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.packets import grab, packet
from tests.campaigns.selling import BARGAIN, FLASH, TEAM, Market
from tests.campaigns.test_affiliate_sales import Seller
from tests.campaigns.test_draws import draw, lottery
from tests.stage import ASSIST, REFERRAL, Stage, offer

pytestmark = pytest.mark.usefixtures("database")

Told = dict[str, tuple[int | None, int | None]]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def market() -> Market:
    return Market()


def asked(stage: Stage, campaign: UUID) -> PlayNumbers:
    with stage.work() as work:
        return play_numbers(work, campaign)


def told(stage: Stage, campaign: UUID) -> Told:
    """Return every number with the whole it is part of."""
    return {one.key: (one.value, one.whole) for one in asked(stage, campaign).numbers}


def only(found: Told, *keys: str) -> list[int | None]:
    return [found[key][0] for key in keys]


def act(stage: Stage, quest: UUID, owner: UUID | None, step: str, **more: Any) -> None:
    """Do something that must count."""
    with stage.work() as work:
        (outcome,) = campaigns.act(work, [ActRequest(quest, step, owner, **more)])
    if isinstance(outcome, Refused):
        raise outcome
    assert outcome.reason is None


def begun(stage: Stage, play: dict[str, Any], count: int, **changes: Any) -> Any:
    """Publish a campaign and begin quests in it: campaign, owners, quests."""
    campaign = stage.campaign(play, **changes)
    owners = stage.people(count)
    return campaign, owners, stage.quests(campaign, owners)


@pytest.mark.parametrize("key", sorted(PLAYS))
def test_every_number_has_words_and_is_found(stage: Stage, key: str) -> None:
    play = PLAYS[key]
    assert isinstance(play, Numbered)
    keys = [one.key for one in play.numbers]
    assert 4 <= len(keys) <= 7
    assert len(set(keys)) == len(keys)
    for one in play.numbers:
        assert all((one.name.zh, one.name.en, one.means.zh, one.means.en))
    assert sum(one.leads for one in play.numbers) == (key not in {"referral", "assist"})
    found = STATEMENTS[key]
    for one in play.numbers:
        assert f"as {one.key}" in found or f" {one.key}," in found
        assert (f"{one.key}_of" in found) is one.has_whole


def test_somebody_elses_campaign_is_not_there(stage: Stage) -> None:
    campaign = stage.campaign()
    with Stage().work() as work, pytest.raises(Refused) as refused:
        play_numbers(work, campaign)
    assert refused.value.refusal.code == "campaign_not_found"


def test_referral(stage: Stage) -> None:
    campaign, _, quests = begun(stage, REFERRAL, 3)
    friends = stage.people(4)
    stage.support(*((quests[0], friend) for friend in friends[:3]), (quests[1], friends[3]))
    with stage.work() as work:
        campaigns.leave(work, quests[1], friends[3])
    assert told(stage, campaign) == {
        "brought": (3, None),
        "inviters": (1, 3),
        "tiers_reached": (1, None),
        "average_brought": (300, None),
        "left_again": (1, None),
    }


def test_assist(stage: Stage) -> None:
    campaign, _, quests = begun(stage, ASSIST, 3)
    friends = stage.people(5)
    stage.support(*((quests[0], friend) for friend in friends[:3]))
    stage.support(*((quests[1], friend) for friend in friends[3:]))
    assert told(stage, campaign) == {
        "unlocked": (1, 3),
        "helps": (5, None),
        "average_helpers": (167, None),
        "one_short": (1, None),
        "ran_out": (0, None),
    }


def test_group_buy(market: Market) -> None:
    campaign = market.selling("group_buy", TEAM)
    people = market.people(8)
    quests = market.quests(campaign, [people[0], people[3], people[4], people[7]])
    market.buy(quests[0], *people[:3])
    market.buy(quests[1], people[3])
    assert only(told(market, campaign), "teams_formed", "teams_forming") == [1, 1]
    market.wake(hours=24)
    found = told(market, campaign)
    assert only(found, "teams_failed", "teams_forming", "refunds_under_way") == [1, 0, 1]
    assert found["seats_filled"] == (3, 3)
    assert found["average_team"] == (300, None)


def test_bargain(market: Market) -> None:
    campaign = market.selling("bargain", BARGAIN)
    people = market.people(3)
    quests = market.quests(campaign, people)
    market.support(*((quests[0], friend) for friend in market.people(3)))
    market.support(*((quests[1], friend) for friend in market.people(1)))
    market.buy(quests[0], people[0])
    market.join(quests[2], people[2])
    found = told(market, campaign)
    assert found["bought"] == (1, 3)
    assert only(found, "finished", "average_paid", "median_cuts", "to_be_paid") == [1, 4000, 100, 1]
    price = market.one(
        "select 10000 - (progress -> 2 ->> 0)::int from quests where id = %s", quests[1]
    )
    assert found["price_reached"] == (round((4000 + price) / 2), None)


def test_flash_sale(market: Market) -> None:
    campaign = market.selling("flash_sale", FLASH)
    people = market.people(4)
    quests = market.quests(campaign, people)
    market.pay(first := market.join(quests[0], people[0], quantity=2))
    market.told(first)
    late = market.join(quests[1], people[1], quantity=2)
    with market.work() as work:
        store.cancel_order(work, late.id, "changed my mind")
    market.told(late)
    found = told(market, campaign)
    assert found["sold"] == (2, 5)
    assert only(found, "held", "buyers", "revenue", "given_back", "sold_out_after") == [
        *(0, 1, 10_000, 2, None),
    ]
    market.now += timedelta(minutes=10)
    market.join(quests[2], people[2], quantity=2)
    market.join(quests[3], people[3], quantity=1)
    assert only(told(market, campaign), "held", "sold_out_after") == [3, 600]


def test_affiliate() -> None:
    seller = Seller()
    campaign = seller.one("select campaign_id from quests where id = %s", seller.quest)
    seller.quests(campaign, seller.people(1))
    empty = told(seller, campaign)
    assert empty["sellers"] == (0, 2)
    assert only(empty, "sales", "orders", "commission_pending") == [0, 0, 0]
    order = seller.sold(2)
    refund = seller.refund(order, (order.lines[0].id, 1))
    store.send_refund(seller.workspace, refund)
    deliver_sandbox_notices()
    seller.tell(order)
    other = seller.sold(1)
    seller.deliver(other)
    seller.now += timedelta(days=11)
    seller.wallet()
    found = told(seller, campaign)
    assert found["sellers"] == (1, 2)
    assert only(
        found, "sales", "orders", "commission_pending", "commission_vested", "commission_back"
    ) == [20_000, 2, 1000, 1000, 1000]


def test_poster(stage: Stage) -> None:
    play = {"key": "poster", "settings": {"tiers": [{"people": 2, "offer": "latte"}]}}
    campaign, _, quests = begun(stage, play, 2)
    friends = stage.people(3)
    stage.support(*((quests[0], friend) for friend in friends))
    with stage.work() as work:
        campaigns.leave(work, quests[0], friends[0])
    assert only(told(stage, campaign), "verified", "posters", "stayed", "left_early") == [
        2,
        2,
        0,
        1,
    ]
    stage.now += timedelta(hours=25)
    assert only(told(stage, campaign), "stayed", "left_early", "tiers_reached") == [2, 1, 1]


def test_red_packet(stage: Stage) -> None:
    campaign = packet(stage, total=900, shares=3, split="equal")
    people = stage.people(3)
    stage.now += timedelta(seconds=10)
    grab(stage, campaign, people[0])
    found = told(stage, campaign)
    assert (found["taken"], found["taken_money"]) == ((1, 3), (300, 900))
    assert only(found, "median_after", "emptied_after", "returned") == [10, None, None]
    stage.now += timedelta(seconds=20)
    grab(stage, campaign, *people[1:])
    assert only(told(stage, campaign), "median_after", "emptied_after") == [30, 30]
    other = packet(stage, total=900, shares=3, split="equal")
    grab(stage, other, people[0])
    with stage.work() as work:
        campaigns.end_campaign(work, other)
    assert only(told(stage, other), "taken", "returned") == [1, 600]


def test_lottery(stage: Stage) -> None:
    campaign = lottery(stage, tea=3, ppm=900_000)
    people = stage.people(4)
    assert only(told(stage, campaign), "draws", "odds_seen") == [0, None]
    draw(stage, *stage.quests(campaign, people))
    found = told(stage, campaign)
    rows = stage.one("select count(*) from draws where won and campaign_id = %s", campaign)
    # Every number falls into the range of a prize; of tea there are three.
    assert only(found, "draws", "people", "winners") == [4, 4, rows]
    assert found["prizes_left"] == (1003 - rows, 1003)
    assert only(found, "odds_seen", "odds_published") == [1_000_000, 1_000_000]


def test_check_in(stage: Stage) -> None:
    settings = {"daily_offer": "half", "streaks": [{"days": 2, "offer": "latte"}], "most_days": 5}
    play = {"key": "check_in", "settings": settings}
    campaign, owners, quests = begun(stage, play, 3)
    act(stage, quests[0], owners[0], "checked_in")
    act(stage, quests[1], owners[1], "checked_in")
    stage.now += timedelta(days=1)
    act(stage, quests[0], owners[0], "checked_in")
    assert told(stage, campaign) == {
        "days": (3, None),
        "today": (1, None),
        "people": (2, 3),
        "average_days": (150, None),
        "streaks": (1, None),
        "longest_run": (2, None),
    }
    stage.now += timedelta(days=2)
    assert only(told(stage, campaign), "today", "longest_run") == [0, 0]


def test_content(stage: Stage) -> None:
    parts = [{"people": 1, "offer": "second"}]
    play = {"key": "content", "settings": {"first_part": "first", "parts": parts}}
    page = {"title": {"zh": "手册", "en": "Guide"}, "body": {"zh": "正文", "en": "Text"}}
    offers = [offer(key, 0, kind="content", content=page) for key in ("first", "second")]
    campaign, owners, quests = begun(stage, play, 3, offers=offers)
    act(stage, quests[0], owners[0], "read")
    act(stage, quests[1], owners[1], "read")
    stage.support((quests[0], stage.people(1)[0]))
    assert told(stage, campaign) == {
        "unlocks": (3, None),
        "readers": (2, 3),
        "by_friends": (1, None),
        "friends": (1, None),
        "complete": (1, None),
    }


def test_live(stage: Stage) -> None:
    settings = {
        "room_code": "山茶花开",
        "prizes": [{"offer": "latte", "odds_bps": 10_000}],
        "watch_minutes": 10,
    }
    offers = [offer("latte", 500, quantity=10)]
    campaign, owners, quests = begun(stage, {"key": "live", "settings": settings}, 3, offers=offers)
    for nth in range(2):
        act(stage, quests[nth], owners[nth], "entered", code="山茶花开")
    stage.now += timedelta(minutes=11)
    act(stage, quests[0], owners[0], "drew")
    assert told(stage, campaign) == {
        "watchers": (2, None),
        "drawers": (1, 2),
        "draws": (1, None),
        "wins": (1, None),
        "friends": (0, None),
    }


def test_in_store(stage: Stage) -> None:
    settings = {"store_code": "CAMELLIA", "stamps": [{"visits": 2, "offer": "latte"}]}
    campaign, owners, quests = begun(stage, {"key": "in_store", "settings": settings}, 3)
    act(stage, quests[0], owners[0], "scanned", code="camellia")
    for _ in range(2):
        act(stage, quests[0], None, "visited")
        stage.now += timedelta(days=1)
    act(stage, quests[1], None, "visited")
    assert told(stage, campaign)["redeemed"] == (0, 1)
    act(stage, quests[0], None, "redeemed")
    assert told(stage, campaign) == {
        "visits": (3, None),
        "visitors": (2, 3),
        "came_again": (1, None),
        "scans": (1, None),
        "redeemed": (1, 1),
    }


def question(right: int) -> dict[str, Any]:
    choices = ["红", "绿"]
    return {
        "ask_zh": "哪种茶",
        "ask_en": "Which tea",
        "choices_zh": choices,
        "choices_en": ["Red", "Green"],
        "right": right,
    }


def test_quiz(stage: Stage) -> None:
    levels = [
        {"questions": [question(1), question(2)], "needed": 2, "offer": "latte"},
        {"questions": [question(2)], "needed": 1},
    ]
    play = {"key": "quiz", "settings": {"levels": levels, "tries_per_level": 2}}
    campaign, owners, quests = begun(stage, play, 3)
    act(stage, quests[0], owners[0], "level_1", answer="1,2")
    act(stage, quests[0], owners[0], "level_2", answer="2")
    for _ in range(2):
        act(stage, quests[1], owners[1], "level_1", answer="1,1")
    assert told(stage, campaign) == {
        "levels_passed": (2, None),
        "right_share": (5 * 1_000_000 // 7 + 1, None),
        "players": (2, 3),
        "tries": (4, None),
        "complete": (1, None),
        "stuck": (1, None),
    }


def test_cause(stage: Stage) -> None:
    play = {"key": "cause", "settings": {"unit_offer": "latte", "goal": 5, "thanks_offer": "half"}}
    offers = [offer("latte", 500, quantity=5), offer("half", 300)]
    campaign, owners, quests = begun(stage, play, 2, offers=offers)
    act(stage, quests[0], owners[0], "gave")
    stage.support((quests[0], stage.people(1)[0]))
    assert told(stage, campaign) == {
        "total": (2, 5),
        "givers": (2, None),
        "by_friends": (1, None),
        "average_given": (100, None),
        "thanked": (1, None),
    }


def test_a_number_is_whole_and_says_what_it_is(stage: Stage) -> None:
    found = asked(stage, stage.campaign())
    assert msgspec.json.decode(msgspec.json.encode(found), type=PlayNumbers) == found
    assert found.play == "referral"
    assert found.as_of == stage.now
    with stage.work() as work, pytest.raises(Refused):
        play_numbers(work, new_id())
