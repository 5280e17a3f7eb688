"""Plans fund campaigns and channels have caps: a parent that has none left funds no child."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from banyan import rewards
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.ledger import Overtaken
from tests.rewards.test_grants import LATTE, Fund
from tests.whole import assert_whole


class Planned(Fund):
    """A plan, and a campaign that it funds."""

    def __init__(self, total: int = 10_000) -> None:
        super().__init__()
        self.plan = new_id()
        self.set_plan(total)

    def set_plan(self, total: int) -> None:
        with self.stage.work() as work:
            rewards.fund_plan(work, self.plan, "双十一", total)

    def task(self, total: int, per_day: int | None = None, **channels: int) -> str:
        try:
            with self.stage.work() as work:
                rewards.open_offers(work, self.campaign, [LATTE])
                rewards.fund_budget(
                    *(work, self.campaign, total, per_day, 8000),
                    currency="CNY",
                    timezone="Asia/Shanghai",
                    plan_id=self.plan,
                )
                rewards.cap_channels(work, self.campaign, channels)
        except Refused as refused:
            return refused.refusal.code
        return "funded"

    def free(self) -> int:
        with self.stage.work() as work:
            (plan,) = rewards.plans(work)
        return plan.free_minor


@pytest.fixture
def planned(database: object) -> Planned:
    return Planned()


def test_a_plan_funds_its_tasks_and_no_more(planned: Planned) -> None:
    assert planned.task(6000) == "funded"
    first, planned.campaign = planned.campaign, new_id()
    assert planned.task(4001) == "plan_spent"
    assert planned.task(4000) == "funded"
    assert planned.free() == 0
    planned.campaign = first
    assert planned.task(5000) == "funded"
    assert planned.free() == 1000
    with pytest.raises(Refused) as caught:
        planned.set_plan(8999)
    assert caught.value.refusal.code == "plan_below_set_aside"
    planned.set_plan(9000)
    assert_whole()


def test_what_a_task_has_not_spent_goes_back_to_its_plan(planned: Planned) -> None:
    planned.task(2000)
    assert planned.grant(planned.ask()) == ["granted"]
    with planned.stage.work() as work:
        assert rewards.return_budget(work, planned.campaign) == 1500
        (plan,) = rewards.plans(work)
    assert (plan.free_minor, plan.spent_minor, plan.is_warned) == (9500, 500, False)
    assert_whole()


def test_a_channel_spends_no_more_than_its_cap(planned: Planned) -> None:
    planned.task(10_000, moments=1000, sms=500)
    by = [planned.ask(nth)._replace(channel=name) for nth, name in enumerate(["moments"] * 3)]
    assert planned.grant(*by) == ["granted", "granted", "channel_budget_spent"]
    assert planned.grant(planned.ask(7)._replace(channel="web")) == ["granted"]
    assert planned.task(10_000, moments=999) == "budget_below_spent"
    assert planned.reverse(by[0]) == ["reversed"]
    assert planned.grant(planned.ask(8)._replace(channel="moments")) == ["granted"]
    assert planned.task(10_000, moments=1500) == "funded"
    assert planned.grant(planned.ask(9)._replace(channel="moments")) == ["granted"]
    assert planned.spent() == (2000, 8000)
    assert_whole()


def test_a_plan_that_is_not_there_funds_nothing(planned: Planned) -> None:
    planned.plan = new_id()
    assert planned.task(100) == "plan_not_found"


def test_sixty_four_who_spend_at_once_stay_within_every_envelope(planned: Planned) -> None:
    planned.task(9000, 4000, moments=2500)

    def one(nth: int) -> str:
        request = planned.ask(nth, person=new_id())._replace(
            channel="moments" if nth % 2 else "web"
        )
        while True:
            try:
                return planned.grant(request)[0]
            except Overtaken:
                continue

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(one, range(64)))
    assert answers.count("granted") == 8
    assert set(answers) <= {"granted", "day_budget_spent", "channel_budget_spent"}
    assert planned.spent() == (4000, 5000)
    assert_whole()


def test_tasks_that_ask_at_once_share_the_plan(planned: Planned) -> None:
    def one(_: int) -> str:
        other = object.__new__(Planned)
        other.stage, other.plan, other.campaign = planned.stage, planned.plan, new_id()
        return other.task(3000)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(one, range(24)))
    assert (answers.count("funded"), answers.count("plan_spent")) == (3, 21)
    assert planned.free() == 1000
    assert_whole()
