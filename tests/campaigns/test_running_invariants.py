"""Faults in what campaigns count, draw, sell and pay, planted past every guard, are found."""

from uuid import UUID

import pytest

from banyan import campaigns
from banyan.kernel.postgres import Urls
from tests.campaigns.selling import TEAM, Market
from tests.campaigns.test_draws import draw, enter, room
from tests.campaigns.test_two_levels import APPROVED, Chain
from tests.planting import Fault, found_by
from tests.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def counted() -> tuple[Stage, UUID]:
    stage = Stage()
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    stage.support((quest, friend))
    return stage, campaign


def test_help_before_or_after_a_campaign_is_found(urls: Urls, counted: tuple[Stage, UUID]) -> None:
    _, campaign = counted
    for change in (
        "update campaigns set live_at = live_at + interval '1 hour' where id = %s",
        "update campaigns set ended_at = live_at - interval '1 hour' where id = %s",
        "update campaigns set live_at = null where id = %s",
    ):
        (row,) = found_by(urls, "I-G3b", (change, (campaign,)))
        assert row["campaign_id"] == campaign


def test_help_that_counted_in_a_pause_is_found(urls: Urls, counted: tuple[Stage, UUID]) -> None:
    _, campaign = counted
    paused = """
        update campaigns set state = 'paused', paused_at = live_at - interval '1 hour'
        where id = %s
    """
    assert found_by(urls, "I-G11", (paused, (campaign,)))


def test_a_campaign_that_was_not_judged_is_found(urls: Urls, counted: tuple[Stage, UUID]) -> None:
    _, campaign = counted
    for change in (
        """update campaign_versions set verdict = '{"severity": "block"}'
           where campaign_id = %s""",
        "update campaign_versions set verdict = '{}' where campaign_id = %s",
        "update campaigns set live_version = 99 where id = %s",
    ):
        (row,) = found_by(urls, "I-K3", (change, (campaign,)))
        assert row["id"] == campaign


def test_rules_that_were_changed_afterwards_are_found(
    urls: Urls, counted: tuple[Stage, UUID]
) -> None:
    _, campaign = counted
    change = """
        update campaign_versions set rules = jsonb_set(rules, '{zh,0}', '"每人\\"两份\\""')
        where campaign_id = %s
    """
    (row,) = found_by(urls, "I-K4", (change, (campaign,)))
    assert row["campaign_id"] == campaign


@pytest.fixture
def drawn() -> tuple[Stage, UUID]:
    stage = Stage()
    campaign = room(stage)
    for quest in stage.quests(campaign, stage.people(4)):
        enter(stage, quest)
        draw(stage, quest)
    return stage, campaign


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ("I-Z1e", "update draw_seeds set made_at = made_at + interval '1 day' where {}"),
        ("I-Z1e", "update draw_seeds set commitment = repeat('0', 64) where {}"),
        ("I-Z1f", "delete from draws where n = 2 and {}"),
        ("I-Z1f", "update draws set person_id = act_id where n = 1 and {}"),
        ("I-Z1g", "update quest_acts set luck = 4294967295 - luck where step = 'drew' and {}"),
        ("I-Z1g", "update draws set prize = 'latte', won = false where n = 3 and {}"),
    ],
)
def test_a_draw_that_was_meddled_with_is_found(
    urls: Urls, drawn: tuple[Stage, UUID], found: str, fault: str
) -> None:
    _, campaign = drawn
    sql: Fault = (fault.format("campaign_id = %s"), (campaign,))  # pyright: ignore[reportAssignmentType] - written above
    rows = found_by(urls, found, sql)
    assert {row.get("campaign_id", campaign) for row in rows} == {campaign}


@pytest.fixture
def chain() -> Chain:
    made = Chain(APPROVED)
    made.deliver(made.sold(by=1, pieces=2))
    return made


def test_a_second_level_without_approval_is_found(urls: Urls, chain: Chain) -> None:
    change = """
        update campaign_versions
        set definition = jsonb_set(definition, '{play,settings,second_level}', '[]')
        where campaign_id = %s
    """
    (row,) = found_by(urls, "I-G5c", (change, (chain.campaign_id,)))
    assert row["rule"] == "second"


def test_a_third_who_is_paid_for_an_order_is_found(urls: Urls, chain: Chain) -> None:
    third = """
        insert into grants (workspace_id, id, campaign_id, beneficiary_id, rule, rule_version,
          cause, reason_zh, reason_en, offer_id, kind, value_minor, points, cost_minor, state,
          granted_at, evidence, quest_id, fact_nth)
        select workspace_id, gen_random_uuid(), campaign_id, %s, rule, rule_version, cause,
          reason_zh, reason_en, offer_id, kind, value_minor, points, cost_minor, state, granted_at,
          evidence, quest_id, fact_nth
        from grants where campaign_id = %s and rule = 'second'
    """
    rows = found_by(urls, "I-G5c", (third, (chain.sellers[2], chain.campaign_id)))
    assert len(rows) == 1


def test_commission_that_vested_while_it_could_be_returned_is_found(
    urls: Urls, chain: Chain
) -> None:
    early = """
        update grants set state = 'vested', vested_at = granted_at, held_until = granted_at
        where campaign_id = %s and rule = 'commission'
    """
    (row,) = found_by(urls, "I-G8b", (early, (chain.campaign_id,)))
    assert row["cause"] is not None


def test_commission_above_its_share_is_found(urls: Urls, chain: Chain) -> None:
    more = "update grants set cost_minor = cost_minor + 1 where campaign_id = %s and rule = %s"
    for rule in ("commission", "second"):
        (row,) = found_by(urls, "I-G9", (more, (chain.campaign_id, rule)))
        assert (row["rule"], row["net"]) == (rule, 20_000)
    far = "update grants set cost_minor = 6001 where campaign_id = %s and rule = 'commission'"
    (row,) = found_by(urls, "I-G10", (far, (chain.campaign_id,)))
    assert row["kept"] > 6000


def test_commission_that_stays_after_a_refund_is_found(urls: Urls, chain: Chain) -> None:
    order = chain.sold(by=1, pieces=2, buyer=chain.people(1)[0])
    chain.refund_one(order)
    back = "update grants set reversed_minor = 0 where campaign_id = %s and cause = %s"
    rows = found_by(urls, "I-G9", (back, (chain.campaign_id, order.lines[0].id)))
    assert {row["rule"] for row in rows} == {"commission", "second"}


def test_a_place_that_nobody_paid_for_is_found(urls: Urls) -> None:
    market = Market()
    campaign = market.selling("group_buy", TEAM)
    people = market.people(3)
    (quest,) = market.quests(campaign, people[:1])
    market.buy(quest, *people)
    assert market.quest_state(quest) == "won"
    unpaid = "update orders set state = 'placed', paid_at = null where buyer_id = %s"
    (row,) = found_by(urls, "I-B7", (unpaid, (people[1],)))
    assert row["quest_id"] == quest


def test_what_is_planted_is_gone_again(counted: tuple[Stage, UUID]) -> None:
    stage, campaign = counted
    with stage.work() as work:
        assert campaigns.campaign_view(work, campaign).state == "live"
