"""Payouts: each at most once, whatever the provider does, and never more than is a person's own."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Actor, unit_of_work
from banyan.rewards import OfferSpec, payouts
from banyan.rewards.payouts import PayoutRequest, PayoutTerms
from banyan.rewards.payouts.asking import request_number
from banyan.rewards.payouts.sandbox import BadAnswer, Manner, receive_payout_notice
from tests.rewards.test_grants import Fund
from tests.whole import assert_whole

TERMS = PayoutTerms(
    methods=["sandbox", "manual"],
    least_minor=100,
    per_person_day_minor=5000,
    per_day_minor=100_000,
    approve_above_minor=3000,
)


class Cashier(Fund):
    """People who have cash."""

    def __init__(self) -> None:
        super().__init__()
        self.open(OfferSpec("cash", "cash", "现金", "Cash", 1, 1, 30), total=10_000_000)
        self.pay_in(self.person, 8000)
        with self.stage.work() as work:
            payouts.set_payout_terms(work, TERMS)

    def pay_in(self, person: UUID, minor: int) -> None:
        ask = self.ask(person=person, key="cash")
        assert self.grant(ask._replace(amount_minor=minor)) == ["granted"]

    def ask_for(self, minor: int, person: UUID | None = None, method: str = "sandbox") -> UUID:
        made = PayoutRequest(new_id(), person or self.person, method, minor, "openid-1")
        with unit_of_work(
            self.stage.workspace, Actor("person", made.person_id), self.stage.now
        ) as work:
            assert payouts.ask_payout(work, made) == "created"
            assert payouts.ask_payout(work, made) == "created"
        return made.id

    def agree(self, payout: UUID, who: Actor | None = None) -> None:
        """Let a member agree, one who was not asked before when nobody is named."""
        member = who or self.stage.member("finance")
        with unit_of_work(self.stage.workspace, member, self.stage.now) as work:
            payouts.approve_payout(work, payout)

    def behave(self, manner: Manner) -> None:
        with self.stage.work() as work:
            payouts.set_payer_manner(work, manner)

    def send(self, payout: UUID) -> str | None:
        return payouts.send_payout(self.stage.workspace, payout)

    def due_now(self) -> None:
        with self.stage.work() as work:
            work.driver.execute(
                "update payouts set try_at = now() - interval '1 second' where try_at is not null"
                " and state in ('submitting', 'unknown')"
            )

    def state(self, payout: UUID) -> str:
        return self.stage.one("select state from payouts where id = %s", payout)

    def cash(self, person: UUID | None = None) -> int:
        key = f"person:{person or self.person}:cash:CNY"
        with self.stage.work() as work:
            own = ledger.account_id(self.stage.workspace, key)
            return ledger.Book(work, [own]).accounts[own].free_minor

    def paid_outside(self) -> int:
        return self.stage.one("select coalesce(sum(amount_minor), 0) from sandbox_payouts")


@pytest.fixture
def cashier(database: object) -> Cashier:
    return Cashier()


def code(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.refusal.code


def test_cash_is_held_then_paid_once(cashier: Cashier) -> None:
    payout = cashier.ask_for(1000)
    assert cashier.cash() == 7000
    assert cashier.send(payout) == "succeeded"
    assert cashier.send(payout) is None
    assert (cashier.cash(), cashier.paid_outside()) == (7000, 1000)
    assert_whole()


@pytest.mark.parametrize("manner", ["lost_answer", "slow", "double", "hanging"])
def test_whatever_the_provider_does_it_pays_once(cashier: Cashier, manner: Manner) -> None:
    payout = cashier.ask_for(1000)
    cashier.behave(manner)
    cashier.send(payout)
    payouts.deliver_sandbox_payout_notices()
    payouts.deliver_sandbox_payout_notices()
    cashier.due_now()
    cashier.behave("fine" if manner == "hanging" else manner)
    cashier.send(payout)
    assert cashier.state(payout) == "succeeded"
    assert (cashier.cash(), cashier.paid_outside()) == (7000, 1000)
    assert_whole()


def test_what_was_refused_is_the_persons_again_under_the_days_cap_too(cashier: Cashier) -> None:
    cashier.behave("failing")
    for _ in range(3):
        assert cashier.send(cashier.ask_for(3000)) == "failed"
    assert (cashier.cash(), cashier.paid_outside()) == (8000, 0)
    assert_whole()


def test_one_that_cannot_be_reached_holds_up_no_other_and_is_listed(cashier: Cashier) -> None:
    first, second = cashier.ask_for(1000), cashier.ask_for(1000)
    cashier.behave("hanging")
    assert cashier.send(first) == "unknown"
    cashier.behave("fine")
    assert cashier.send(second) == "succeeded"
    cashier.stage.now += timedelta(seconds=31)
    with cashier.stage.work() as work:
        assert [one.id for one in payouts.stuck_payouts(work)] == [first]
    cashier.due_now()
    assert cashier.send(first) == "succeeded"
    assert cashier.paid_outside() == 2000
    assert_whole()


def test_a_provider_that_fails_now_and_then_pays_each_exactly_once(cashier: Cashier) -> None:
    chance = random.Random(20261122)
    people = [new_id() for _ in range(12)]
    for person in people:
        cashier.pay_in(person, 500)
    asked = [cashier.ask_for(500, person) for person in people]
    manners: list[Manner] = ["fine", "lost_answer", "hanging", "slow", "double"]
    for _ in range(12):
        for payout in asked:
            cashier.behave(chance.choice(manners))
            cashier.send(payout)
            payouts.deliver_sandbox_payout_notices()
        cashier.due_now()
    cashier.behave("fine")
    for payout in asked:
        cashier.send(payout)
    assert {cashier.state(payout) for payout in asked} == {"succeeded"}
    assert cashier.paid_outside() == 6000
    assert_whole()


def test_above_the_limit_somebody_else_agrees(cashier: Cashier) -> None:
    payout = cashier.ask_for(3001)
    assert cashier.send(payout) is None
    with (
        pytest.raises(Refused) as caught,
        unit_of_work(cashier.stage.workspace, Actor("person", cashier.person)) as work,
    ):
        payouts.approve_payout(work, payout)
    assert code(caught) == "payout_own"
    with (
        pytest.raises(psycopg.errors.CheckViolation),
        cashier.stage.work() as work,
    ):
        work.driver.execute("update payouts set approved_by = created_by")
    with pytest.raises(psycopg.errors.CheckViolation), cashier.stage.work() as work:
        work.driver.execute("update payouts set state = 'submitting'")
    cashier.agree(payout)
    assert cashier.send(payout) is None
    cashier.agree(payout)
    assert cashier.send(payout) == "succeeded"
    assert_whole()


def test_the_days_caps_hold(cashier: Cashier) -> None:
    cashier.ask_for(3000)
    with pytest.raises(Refused) as caught:
        cashier.ask_for(2001)
    assert code(caught) == "payout_day_full"
    cashier.ask_for(2000)
    cashier.stage.now += timedelta(days=1)
    cashier.ask_for(3000)
    with pytest.raises(Refused) as caught:
        cashier.ask_for(100)
    assert code(caught) == "cash_short"
    with pytest.raises(Refused) as caught:
        cashier.ask_for(99)
    assert code(caught) == "payout_too_small"
    assert_whole()


def test_many_who_ask_at_once_get_no_more_than_there_is(cashier: Cashier) -> None:
    person = new_id()
    cashier.pay_in(person, 1000)

    def one(_: int) -> str:
        try:
            cashier.ask_for(300, person)
        except Refused as refused:
            return refused.refusal.code
        return "asked"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(32)))
    assert answers.count("asked") == 3
    assert cashier.cash(person) == 100
    assert_whole()


def test_by_hand_an_operator_records_what_was_paid(cashier: Cashier) -> None:
    done, not_done = cashier.ask_for(1000, method="manual"), cashier.ask_for(1000, method="manual")
    assert (cashier.send(done), cashier.state(done)) == (None, "created")
    with cashier.stage.work() as work:
        payouts.record_manual(work, done, "转账单 77", was_paid=True)
        payouts.record_manual(work, done, "转账单 77", was_paid=True)
        payouts.record_manual(work, not_done, "账号不对", was_paid=False)
    assert cashier.cash() == 7000
    with pytest.raises(Refused) as caught, cashier.stage.work() as work:
        payouts.record_manual(work, done, "x", was_paid=False)
    assert code(caught) == "payout_state"
    rejected = cashier.ask_for(3500)
    with cashier.stage.work() as work:
        payouts.reject_payout(work, rejected, "资料不全")
    assert cashier.cash() == 7000
    assert_whole()


def test_the_request_number_is_the_payouts_for_life(cashier: Cashier) -> None:
    payout = cashier.ask_for(1000)
    number = cashier.stage.one("select request_number from payouts where id = %s", payout)
    assert number == request_number(payout)
    assert len(number) <= 32
    with pytest.raises(psycopg.errors.IntegrityError), cashier.stage.work() as work:
        work.driver.execute("update payouts set request_number = 'another'")


def test_a_notice_that_is_not_signed_says_nothing(cashier: Cashier) -> None:
    payout = cashier.ask_for(1000)
    with pytest.raises(BadAnswer), cashier.stage.work() as work:
        receive_payout_notice(work, b'{"state":"done"}', b"0" * 64)
    assert cashier.state(payout) == "created"
