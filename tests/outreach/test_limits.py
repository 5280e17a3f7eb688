"""Limits of messages: what a merchant chose holds, and never more than is allowed is chosen."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from banyan import outreach, people
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.outreach.limits import CHANGED, LOOSEST, Limits, choose_limits, read_limits
from banyan.outreach.seeding import invite_seeds
from banyan.outreach.seeds import pick
from banyan.people import Birthday
from tests.outreach.noon import NEAR, NOON
from tests.stage import ASSIST, Stage
from tests.whole import assert_whole


def agreed(stage: Stage) -> UUID:
    """Return a seed user who agrees to be written to."""
    (person,) = stage.people(1)
    with stage.work() as work:
        people.agree_to_messages(work, person, "messages-1")
        pick(work, [person])
    return person


def choose(stage: Stage, **limits: int) -> None:
    with stage.work() as work:
        choose_limits(work, replace(LOOSEST, **limits))


def invited(stage: Stage, campaign: UUID, at: datetime = NOON) -> int:
    with unit_of_work(stage.workspace, SYSTEM, at) as work:
        return invite_seeds(work, campaign).invited


def test_as_delivered_while_nobody_chose(stage: Stage) -> None:
    with stage.work() as work:
        assert read_limits(work) == LOOSEST == Limits(a_month_most=4, from_hour=8, to_hour=21)


def test_one_a_month_is_one_a_month_until_it_is_more(stage: Stage) -> None:
    agreed(stage)
    many = [stage.campaign(ASSIST) for _ in range(3)]
    choose(stage, a_month_most=1)
    days = [NOON + timedelta(days=nth) for nth in range(3)]
    assert [invited(stage, *each) for each in zip(many, days, strict=True)] == [1, 0, 0]
    choose(stage, a_month_most=2)
    assert [invited(stage, campaign, days[2]) for campaign in many[1:]] == [1, 0]
    assert_whole()


@pytest.mark.parametrize(("hour", "is_quiet"), [(9, True), (10, False), (17, False), (18, True)])
def test_the_hours_are_those_chosen(stage: Stage, hour: int, *, is_quiet: bool) -> None:
    campaign, person = stage.campaign(ASSIST), agreed(stage)
    stage.campaign(NEAR)
    with stage.work() as work:
        people.give_birthday(work, person, Birthday(2, 25), "birthday-1")
    choose(stage, from_hour=10, to_hour=18)
    at = NOON + timedelta(hours=hour - 12)
    if is_quiet:
        with pytest.raises(Refused) as refused:
            invited(stage, campaign, at)
        assert refused.value.params == {"from_hour": 10, "to_hour": 18}
        assert "10 点到 18 点" in refused.value.refusal.text("zh", **refused.value.params)
    with unit_of_work(stage.workspace, SYSTEM, at) as work:
        assert outreach.invite_birthdays(work)[0] == (0 if is_quiet else 1)


def test_the_day_cannot_end_before_it_begins(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        choose(stage, from_hour=18, to_hour=18)
    assert refused.value.refusal.code == "hours_upside_down"


@pytest.mark.parametrize(
    "looser",
    [{"a_month_most": 5}, {"a_month_most": 0}, {"from_hour": 7}, {"to_hour": 22}, {"a_week": 1}],
)
def test_looser_than_the_rule_cannot_be_said(looser: dict[str, int]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(msgspec.to_builtins(LOOSEST) | looser, Limits)


def test_a_change_is_in_the_log_with_who_made_it_and_none_is_no_change(stage: Stage) -> None:
    owner = stage.member()
    for _ in range(2):
        with unit_of_work(stage.workspace, owner, stage.now) as work:
            choose_limits(work, replace(LOOSEST, a_month_most=2))
    with stage.work() as work:
        entries = work.driver.execute(
            "select actor, detail from audit_entries where workspace_id = %s and action = %s",
            (stage.workspace, CHANGED),
        ).fetchall()
        assert read_limits(work) == replace(LOOSEST, a_month_most=2)
    assert entries == [(str(owner), {"a_month_most": 2, "from_hour": 8, "to_hour": 21})]


def test_one_merchants_limits_are_not_anothers(stage: Stage) -> None:
    choose(stage, a_month_most=1)
    other = Stage()
    with other.work() as work:
        assert read_limits(work) == LOOSEST
