"""Grants, budgets and reversals, one transaction after another."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from banyan import rewards
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.rewards import GrantRequest, OfferSpec, ReverseRequest
from tests.stage import Stage
from tests.whole import assert_whole

LATTE = OfferSpec("latte", "coupon", "拿铁", "Latte", 500, 500, 30)


class Fund:
    """A campaign's offers and budget, without the campaign."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.campaign = new_id()
        self.person = new_id()

    def open(
        self, *offers: OfferSpec, total: int = 10_000, per_day: int | None = None, warn: int = 8000
    ) -> None:
        with self.stage.work() as work:
            rewards.open_offers(work, self.campaign, offers or (LATTE,))
            rewards.fund_budget(
                work,
                *(self.campaign, total, per_day, warn),
                currency="CNY",
                timezone="Asia/Shanghai",
            )

    def ask(self, nth: int = 0, person: UUID | None = None, key: str = "latte") -> GrantRequest:
        by = person or self.person
        return GrantRequest(self.campaign, f"r{nth}", by, self.campaign, key, "因为", "because")

    def grant(self, *requests: GrantRequest) -> list[str]:
        with self.stage.work() as work:
            outcomes = rewards.grant(work, requests)
        return [outcome.reason or outcome.status for outcome in outcomes]

    def reverse(self, *requests: GrantRequest) -> list[str]:
        with self.stage.work() as work:
            return list(
                rewards.reverse(
                    work,
                    [
                        ReverseRequest(r.campaign_id, r.rule, r.beneficiary_person_id, r.cause, "x")
                        for r in requests
                    ],
                )
            )

    def spent(self) -> tuple[int, int]:
        with self.stage.work() as work:
            view = rewards.budget_view(work, self.campaign)
        assert view is not None
        return view.spent_minor, view.left_minor


@pytest.fixture
def fund(database: object) -> Fund:
    return Fund()


def test_a_giving_happens_once_whoever_repeats_it(fund: Fund) -> None:
    fund.open()
    assert fund.grant(fund.ask(), fund.ask()) == ["granted", "repeated"]
    assert fund.grant(fund.ask()) == ["repeated"]
    assert fund.spent() == (500, 9500)
    with fund.stage.work() as work:
        (grant,) = rewards.grants_page(work, fund.campaign)
    assert (grant.state, grant.reason_zh, grant.reason_en) == ("vested", "因为", "because")
    assert grant.expires_at == fund.stage.now + timedelta(days=30)
    assert_whole()


def test_codes_are_long_random_and_unlike(fund: Fund) -> None:
    fund.open(total=10**9)
    fund.grant(*(fund.ask(i) for i in range(200)))
    with fund.stage.work() as work:
        codes = {grant.code for grant in rewards.grants_page(work, fund.campaign, most=500)}
    assert len(codes) == 200
    # Five bits a letter: at least sixty bits.
    assert all(code is not None and len(code) >= 12 for code in codes)


def test_a_person_has_as_many_of_an_offer_as_it_allows(fund: Fund) -> None:
    fund.open(LATTE._replace(per_person=2))
    answers = fund.grant(*(fund.ask(i) for i in range(3)))
    assert answers == ["granted", "granted", "person_cap_reached"]
    assert fund.reverse(fund.ask(0)) == ["reversed"]
    assert fund.grant(fund.ask(3), fund.ask(4)) == ["granted", "person_cap_reached"]
    other = fund.ask(0, person=new_id())
    assert fund.grant(other) == ["granted"]
    assert_whole()


def test_what_is_reversed_is_in_the_budget_and_on_the_shelf_again(fund: Fund) -> None:
    fund.open(LATTE._replace(quantity=2))
    assert fund.grant(*(fund.ask(i) for i in range(3))) == [
        *("granted", "granted", "offer_exhausted")
    ]
    assert fund.reverse(fund.ask(0), fund.ask(0), fund.ask(9)) == [
        *("reversed", "repeated", "nothing")
    ]
    assert fund.reverse(fund.ask(0)) == ["repeated"]
    assert fund.spent() == (500, 9500)
    with fund.stage.work() as work:
        assert rewards.offers_left(work, fund.campaign) == {"latte": 1}
        states = [grant.state for grant in rewards.grants_page(work, fund.campaign)]
    assert states == ["clawed_back", "vested"]
    # The same giving stays what it was: taken back. Another one may follow.
    assert fund.grant(fund.ask(0), fund.ask(5)) == ["repeated", "granted"]
    assert_whole()


def test_points_that_are_spent_cannot_be_taken_back(fund: Fund) -> None:
    fund.open(OfferSpec("points", "points", "积分", "Points", 0, 0, 365, points=50))
    ask = fund.ask(key="points")
    assert fund.grant(ask) == ["granted"]
    with fund.stage.work() as work:
        rewards.spend_points(work, fund.person, 20, new_id())
    assert fund.reverse(ask) == ["used"]
    assert_whole()


def test_the_budget_can_be_raised_and_lowered_but_not_below_what_is_spent(fund: Fund) -> None:
    fund.open(total=1000, warn=5000)
    assert fund.grant(*(fund.ask(i) for i in range(3))) == ["granted", "granted", "budget_spent"]
    fund.open(total=1500)
    assert fund.grant(fund.ask(2), fund.ask(3)) == ["granted", "budget_spent"]
    with pytest.raises(Refused) as caught:
        fund.open(total=1499)
    assert caught.value.refusal.code == "budget_below_spent"
    assert fund.spent() == (1500, 0)
    fund.open(total=1500)
    # Told once each time it came to that: the raise began a new count.
    assert fund.stage.one("select count(*) from events where name = 'rewards.budget_spent'") == 2
    assert_whole()


def test_a_raise_of_the_day_counts_today(fund: Fund) -> None:
    fund.open(total=10_000, per_day=1000)
    assert fund.grant(*(fund.ask(i) for i in range(3))) == [
        *("granted", "granted", "day_budget_spent")
    ]
    fund.open(total=10_000, per_day=1500)
    assert fund.grant(fund.ask(3), fund.ask(4)) == ["granted", "day_budget_spent"]
    fund.open(total=10_000, per_day=None)
    assert fund.grant(fund.ask(5)) == ["granted"]
    assert fund.spent() == (2000, 8000)
    assert_whole()


def test_a_day_begins_at_the_merchants_midnight(fund: Fund) -> None:
    # 15:59 UTC is 23:59 in Shanghai.
    fund.stage.now = fund.stage.now.replace(hour=15, minute=59)
    fund.open(total=10_000, per_day=500)
    assert fund.grant(fund.ask(0), fund.ask(1)) == ["granted", "day_budget_spent"]
    fund.stage.now += timedelta(minutes=1)
    assert fund.grant(fund.ask(2), fund.ask(3)) == ["granted", "day_budget_spent"]
    assert_whole()


def test_what_is_left_is_returned_once(fund: Fund) -> None:
    fund.open(total=2000, per_day=800)
    fund.grant(fund.ask())
    with fund.stage.work() as work:
        assert rewards.return_budget(work, fund.campaign) == 1500
        assert rewards.return_budget(work, fund.campaign) == 0
    assert fund.spent() == (500, 0)
    assert fund.grant(fund.ask(1)) == ["budget_spent"]
    assert_whole()


def test_no_budget_pays_for_nothing(fund: Fund) -> None:
    with fund.stage.work() as work:
        rewards.open_offers(work, fund.campaign, [LATTE])
    assert fund.grant(fund.ask()) == ["budget_spent"]


def test_what_an_offer_is_worth_never_changes(fund: Fund) -> None:
    fund.open()
    with pytest.raises(Refused) as caught:
        fund.open(LATTE._replace(value_minor=400))
    assert caught.value.refusal.code == "offer_changed"


@pytest.mark.parametrize(
    "change",
    [
        "update grants set cost_minor = 1",
        "update grants set beneficiary_id = offer_id",
        "update grants set state = 'pending'",
        "delete from grants",
    ],
)
def test_a_grant_stays_as_it_was_written(fund: Fund, change: str) -> None:
    fund.open()
    fund.grant(fund.ask())
    with pytest.raises(psycopg.errors.IntegrityError), fund.stage.work() as work:
        work.driver.execute(change.encode())
