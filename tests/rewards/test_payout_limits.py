"""What the law and the provider say of payouts, held where they are asked for and sent."""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from banyan import compliance
from banyan.kernel.errors import Refused
from banyan.rewards import payouts
from banyan.rewards.payouts import Declined, PayoutAsk, PayoutTerms, Said, Unreachable
from banyan.rewards.payouts.asking import request_number
from banyan.rewards.payouts.terms import judged
from tests.rewards.test_payouts import TERMS, Cashier, code
from tests.whole import assert_whole

NOTHING_HEARD, NO = "nothing heard", "NO_AUTH"
FEW = 3


@pytest.fixture
def cashier(database: object) -> Cashier:
    return Cashier()


def set_terms(cashier: Cashier, **changes: object) -> None:
    with cashier.stage.work() as work:
        payouts.set_payout_terms(work, replace(TERMS, **changes))


def test_pay_02_one_person_asks_so_many_times_a_day(cashier: Cashier) -> None:
    set_terms(cashier, per_person_day_count=3)
    first, *_ = [cashier.ask_for(100) for _ in range(3)]
    with pytest.raises(Refused) as caught:
        cashier.ask_for(100)
    assert code(caught) == "payout_day_often"
    assert caught.value.refusal.zh.format(most=3) == "每人每天最多提现 3 笔，请明天再试"
    # What was not paid is not counted; the constraint holds whatever the code does.
    cashier.behave("failing")
    assert cashier.send(first) == "failed"
    cashier.ask_for(100)
    with pytest.raises(psycopg.errors.CheckViolation), cashier.stage.work() as work:
        work.driver.execute("update payout_days set count = count + 1 where most_count = 3")
    assert_whole()


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"per_person_day_count": 11}, "PAY-02"),
        ({"per_person_day_minor": 200_001}, "PAY-02"),
        ({"per_person_day_minor": 2_000_001, "scene": "1000"}, "PAY-04"),
        ({"methods": ["wechat_transfer"]}, "PAY-04"),
        ({"methods": ["wechat_transfer"], "scene": "1000", "per_day_minor": 10_000_001}, "PAY-04"),
        ({"methods": ["wechat_transfer"], "per_person_day_count": 99}, "PAY-02、PAY-04"),
    ],
)
def test_terms_above_the_limits_are_not_kept(
    cashier: Cashier, changes: dict[str, object], rules: str
) -> None:
    with pytest.raises(Refused) as caught:
        set_terms(cashier, **changes)
    assert code(caught) == "payout_terms_unlawful"
    assert caught.value.params["rules"] == rules
    # What is named as allowed is allowed, and is what the wizard's one click would keep.
    better = replace(TERMS, **changes)
    changes_offered: Any = caught.value.params["changes"]
    for change in changes_offered:
        name = change["path"].removeprefix("payout_terms.")
        value = change["value"]
        better = replace(better, **{name: list(value) if isinstance(value, tuple) else value})
    with cashier.stage.work() as work:
        payouts.set_payout_terms(work, better)
        assert payouts.payout_terms(work) == better


def test_what_is_just_within_the_limits_is_kept(cashier: Cashier) -> None:
    most = PayoutTerms(
        methods=["wechat_transfer"],
        per_person_day_count=10,
        per_person_day_minor=2_000_000,
        per_day_minor=10_000_000,
        scene="1000",
    )
    with cashier.stage.work() as work:
        payouts.set_payout_terms(work, most)
        assert payouts.payout_terms(work) == most
    case = compliance.Case(("own_web",), payouts=(judged(most),), host_name="a", host_contact="b")
    assert compliance.judge(case).findings == ()


def test_pay_04_without_a_registered_scene_nothing_is_asked_of_the_provider(
    cashier: Cashier,
) -> None:
    with cashier.stage.work() as work:
        # As terms of old may stand: kept before there was such a rule.
        work.driver.execute("update payout_terms set methods = '{wechat_transfer}'")
    with pytest.raises(Refused) as caught:
        cashier.ask_for(1000, method="wechat_transfer")
    assert code(caught) == "payout_scene_missing"
    set_terms(cashier, methods=["wechat_transfer"], scene="1000")
    payout = cashier.ask_for(1000, method="wechat_transfer")
    set_terms(cashier, methods=["wechat_transfer"], scene="1005")
    ways = Recorder()
    payouts.add_payout_adapter("wechat_transfer", lambda _: ways)
    assert cashier.send(payout) == "succeeded"
    assert {ask.scene for ask in ways.asked} == {"1000"}
    assert_whole()


@dataclass
class Recorder:
    """A provider that answers as it is told and remembers what it was asked."""

    chance: random.Random | None = None
    asked: list[PayoutAsk] = field(default_factory=list[PayoutAsk])
    paid: dict[str, Said] = field(default_factory=dict[str, Said])

    def pay(self, ask: PayoutAsk) -> Said:
        self.asked.append(ask)
        # The first calls are never heard of, so that there is something to repeat.
        few = len(self.asked) <= FEW
        turn = (self.chance.random() * (0.6 if few else 1.0)) if self.chance else 1.0
        if turn < 0.3:
            raise Unreachable(NOTHING_HEARD)
        said = Said(
            request_number=ask.request_number,
            provider_number=f"W{ask.request_number}",
            state="done",
            amount_minor=ask.amount_minor,
            currency=ask.currency,
        )
        self.paid.setdefault(ask.request_number, said)
        if turn < 0.6:
            raise Unreachable(NOTHING_HEARD)
        return said

    def find(self, request_number: str) -> Said | None:
        if self.chance and self.chance.random() < 0.4:
            raise Unreachable(NOTHING_HEARD)
        return self.paid.get(request_number)


@pytest.mark.parametrize("seed", range(6))
def test_pay_03_a_payout_is_repeated_under_its_own_number_and_never_another(
    cashier: Cashier, seed: int
) -> None:
    ways = Recorder(random.Random(seed))
    payouts.add_payout_adapter("wechat_transfer", lambda _: ways)
    set_terms(cashier, methods=["wechat_transfer"], scene="1000")
    asked: list[UUID] = [cashier.ask_for(700, method="wechat_transfer") for _ in range(5)]
    for _ in range(40):
        for payout in asked:
            cashier.send(payout)
        cashier.due_now()
    numbers = {request_number(payout) for payout in asked}
    assert {cashier.state(payout) for payout in asked} == {"succeeded"}
    assert {ask.request_number for ask in ways.asked} == numbers
    assert set(ways.paid) == numbers
    assert cashier.stage.one("select max(tries) from payouts") > 1
    assert cashier.stage.one("select count(*) from payouts") == len(asked)
    assert_whole()


def test_pay_03_a_no_ends_the_number_and_the_cash_is_free_for_a_new_one(cashier: Cashier) -> None:
    class No(Recorder):
        def pay(self, ask: PayoutAsk) -> Said:
            self.asked.append(ask)
            raise Declined(NO)

    ways = No()
    payouts.add_payout_adapter("wechat_transfer", lambda _: ways)
    set_terms(cashier, methods=["wechat_transfer"], scene="1000")
    first = cashier.ask_for(700, method="wechat_transfer")
    assert [cashier.send(first), cashier.send(first)] == ["failed", None]
    second = cashier.ask_for(700, method="wechat_transfer")
    cashier.send(second)
    assert [ask.request_number for ask in ways.asked] == [
        request_number(first),
        request_number(second),
    ]
    assert_whole()
