"""Draws: seeded, numbered, limited; and what anybody may check when the campaign is settled."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from banyan import campaigns
from banyan.campaigns import ActRequest, verify_draws
from banyan.campaigns.acts import ActOutcome
from banyan.campaigns.chance_views import chance_numbers, draw_record, draws_view
from banyan.campaigns.seeds import luck_of
from banyan.kernel.errors import Refused
from tests.stage import Stage, offer
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def lottery(stage: Stage, *, tea: int = 3, ppm: int = 400_000, **settings: Any) -> UUID:
    """Publish a lottery with `tea` prizes, each draw winning one with `ppm`."""
    prizes = [{"offer": "tea", "odds_ppm": ppm}, {"offer": "points", "odds_ppm": 100_000}]
    offers = [
        offer("tea", 500, quantity=tea),
        offer("points", 0, kind="points", points=10, quantity=1_000),
    ]
    return stage.campaign(
        {"key": "lottery", "settings": {"prizes": prizes} | settings}, offers=offers
    )


def draw(stage: Stage, *quests: UUID) -> list[ActOutcome | Refused]:
    with stage.work() as work:
        owners = {
            row[0]: row[1]
            for row in work.driver.execute(
                "select id, owner_id from quests where id = any(%s)", (list(quests),)
            )
        }
        return campaigns.act(work, [ActRequest(one, "drew", owners[one]) for one in quests])


def test_every_draw_follows_from_the_seed_and_the_program_agrees(stage: Stage) -> None:
    campaign = lottery(stage, tea=3)
    quests = stage.quests(campaign, stage.people(40))
    outcomes = [one for piece in range(0, 40, 8) for one in draw(stage, *quests[piece : piece + 8])]
    given = [
        one.grants[0].offer.key if isinstance(one, ActOutcome) and one.grants else ""
        for one in outcomes
    ]
    assert given.count("tea") == 3
    with stage.work() as work:
        before = draws_view(work, campaign)
        with pytest.raises(Refused) as refused:
            draw_record(work, campaign)
    assert refused.value.refusal.code == "draws_not_shown"
    assert before is not None
    assert (before.drawn, before.seed) == (40, None)
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
        campaigns.settle_campaign(work, campaign)
        record = draw_record(work, campaign)
        numbers = chance_numbers(work, campaign).lottery
    assert record.commitment == before.commitment
    told = [one.prize if one.won else "" for one in record.draws]
    assert told == given
    # More tea was drawn than there was: said so, and given as no prize.
    assert sum(one.prize == "tea" for one in record.draws) > 3

    data = msgspec.to_builtins(record)
    assert verify_draws.check(data) == []
    a_win = next(one for one in data["draws"] if one["won"])
    a_win["won"] = False
    assert verify_draws.check(data) != []
    assert numbers is not None
    assert [one.won for one in numbers.prizes if one.offer == "tea"] == [3]
    assert sum(one.hit for one in numbers.prizes) == 40
    assert_whole()


def room(stage: Stage, *, mugs: int = 3, **changes: Any) -> UUID:
    """Publish a live room whose every second draw wins a mug, as long as there are any."""
    settings = {
        "room_code": "春风十里",
        "enter_offer": "coupon",
        "prizes": [{"offer": "mug", "odds_bps": 5000}, {"offer": "points", "odds_bps": 1000}],
        "draws_per_person": 2,
        "watch_minutes": 0,
    }
    offers = [
        offer("coupon", 100, quantity=1_000),
        offer("mug", 500, quantity=mugs),
        offer("points", 0, kind="points", points=10, quantity=1_000),
    ]
    return stage.campaign({"key": "live", "settings": settings}, **({"offers": offers} | changes))


def enter(stage: Stage, quest: UUID) -> None:
    with stage.work() as work:
        owner = stage.one("select owner_id from quests where id = %s", quest)
        (entered,) = campaigns.act(work, [ActRequest(quest, "entered", owner, code="春风十里")])
    assert isinstance(entered, ActOutcome)
    assert entered.reason is None


def test_a_live_room_draws_from_a_seed_too_and_the_program_agrees(stage: Stage) -> None:
    campaign = room(stage)
    quests = stage.quests(campaign, stage.people(20))
    for quest in quests:
        enter(stage, quest)
    given: list[str] = []
    for _ in range(2):
        for one in draw(stage, *quests):
            assert isinstance(one, ActOutcome)
            given.append(one.grants[0].offer.key if one.grants else "")
    assert given.count("mug") == 3
    with stage.work() as work:
        before = draws_view(work, campaign)
        campaigns.end_campaign(work, campaign)
        campaigns.settle_campaign(work, campaign)
        record = draw_record(work, campaign)
        numbers = chance_numbers(work, campaign).lottery
    assert before is not None
    # Entering by the code is an act as well, and takes no number.
    assert (before.drawn, before.seed, before.commitment) == (40, None, record.commitment)
    assert [one.prize if one.won else "" for one in record.draws] == given
    data = msgspec.to_builtins(record)
    assert data["prizes"][0] == {
        "offer": "mug",
        "odds_ppm": 500_000,
        "quantity": 3,
        "quantity_at_end": 3,
    }
    assert verify_draws.check(data) == []
    data["draws"][5]["prize"] = "" if data["draws"][5]["prize"] else "mug"
    assert len(verify_draws.check(data)) >= 1
    assert numbers is not None
    assert sum(one.hit for one in numbers.prizes) == 40
    rules = stage.one("select rules::text from campaign_versions where campaign_id = %s", campaign)
    assert rules.count(record.commitment) == 2
    assert_whole()


def test_a_live_room_that_draws_nothing_has_no_seed(stage: Stage) -> None:
    campaign = stage.campaign(
        {"key": "live", "settings": {"room_code": "春风十里", "enter_offer": "coupon"}},
        offers=[offer("coupon", 100)],
    )
    (quest,) = stage.quests(campaign, stage.people(1))
    enter(stage, quest)
    assert stage.one("select count(*) from draw_seeds where campaign_id = %s", campaign) == 0
    assert_whole()


@pytest.mark.parametrize(
    ("offers", "path"),
    [
        ([offer("coupon", 100, quantity=1), offer("mug", 500)], "offers[1].quantity"),
        ([offer("coupon", 100), offer("mug", 500, quantity=1)], "offers[0].quantity"),
        (
            [offer("coupon", 100, quantity=100_000), offer("mug", 500, quantity=1)],
            "budget.total_minor",
        ),
    ],
)
def test_a_room_that_could_not_pay_its_winners_is_not_announced(
    stage: Stage, offers: list[dict[str, Any]], path: str
) -> None:
    points = offer("points", 0, kind="points", points=10, quantity=1_000)
    with pytest.raises(Refused) as refused:
        room(stage, offers=[*offers, points])
    assert path in str(refused.value.params["problems"])


def test_the_program_and_the_seed_compute_the_same_luck() -> None:
    seed, campaign = b"s" * 32, UUID(int=9)
    for nth in (1, 2, 255, 256, 70_000):
        expected = luck_of(seed, campaign, nth) * 1_000_000 // 2**32
        assert verify_draws.ticket(seed, str(campaign), nth) == expected


def test_the_commitment_stands_in_the_rules_before_anybody_draws(stage: Stage) -> None:
    campaign = lottery(stage)
    with stage.work() as work:
        found = draws_view(work, campaign)
    assert found is not None
    rules = stage.one("select rules::text from campaign_versions where campaign_id = %s", campaign)
    assert rules.count(found.commitment) == 2
    kept = stage.one("select rules_hash from campaigns where id = %s", campaign)
    shown = stage.one("select rules_hash from campaign_versions where campaign_id = %s", campaign)
    assert kept == shown


def test_the_seed_is_not_readable_in_the_database(stage: Stage) -> None:
    campaign = lottery(stage)
    sealed = stage.one("select sealed from draw_seeds where campaign_id = %s", campaign)
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
        campaigns.settle_campaign(work, campaign)
        found = draws_view(work, campaign)
    assert found is not None
    assert found.seed is not None
    assert bytes.fromhex(found.seed) not in bytes(sealed)
    assert found.seed.encode() not in bytes(sealed)


def test_a_refused_draw_takes_no_number(stage: Stage) -> None:
    campaign = lottery(stage, ppm=1, draws_per_person=2, wins_per_person=2)
    (quest,) = stage.quests(campaign, stage.people(1))
    for _ in range(4):
        draw(stage, quest)
    assert stage.one("select drawn from draw_seeds where campaign_id = %s", campaign) == 2
    assert_whole()


def test_a_failed_transaction_gives_its_number_back(stage: Stage) -> None:
    campaign = lottery(stage, ppm=1)
    quests = stage.quests(campaign, stage.people(2))

    class BrokenError(RuntimeError):
        pass

    owner = stage.one("select owner_id from quests where id = %s", quests[0])

    def draw_and_break() -> None:
        with stage.work() as work:
            campaigns.act(work, [ActRequest(quests[0], "drew", owner)])
            raise BrokenError

    with pytest.raises(BrokenError):
        draw_and_break()
    draw(stage, quests[1])
    assert stage.one("select n from draws where campaign_id = %s", campaign) == 1
    assert_whole()


def test_what_is_not_published_whole_is_not_announced(stage: Stage) -> None:
    prizes = [{"offer": "tea", "odds_ppm": 10}]
    play = {"key": "lottery", "settings": {"prizes": prizes}}
    budget = {"total_minor": 10_000, "per_day_minor": None, "warn_at_bps": 8000}
    for offers, more in (
        ([offer("tea", 500)], {}),
        ([offer("tea", 500, quantity=21)], {"budget": budget}),
        ([offer("tea", 500, quantity=1)], {"budget": budget | {"per_day_minor": 5_000}}),
    ):
        with pytest.raises(Refused) as refused:
            stage.campaign(play, offers=offers, **more)
        assert refused.value.refusal.code == "definition_invalid"
