"""Cash that is taken back after it was paid out: owed, shown, and paid by what comes next."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from banyan import ledger, people, rewards
from banyan.app.forgetting import forget_person
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.rewards import GrantRequest, ReverseRequest, Wallet, payouts
from banyan.rewards.payouts import PayoutRequest, ask_payout
from tests.rewards.test_payouts import TERMS, Cashier, code
from tests.whole import assert_whole

ANY = msgspec.structs.replace(
    TERMS, per_person_day_minor=100_000, per_day_minor=1_000_000, approve_above_minor=100_000
)


class Till(Cashier):
    """A cashier whose people have paid out what they had."""

    def __init__(self) -> None:
        super().__init__()
        with self.stage.work() as work:
            payouts.set_payout_terms(work, ANY)
        # Rule r0 gave 8000: all of it leaves.
        assert self.send(self.ask_for(8000)) == "succeeded"

    def give(self, nth: int, minor: int, person: UUID | None = None) -> GrantRequest:
        ask = self.ask(nth, person=person, key="cash")._replace(amount_minor=minor)
        assert self.grant(ask) == ["granted"]
        return ask

    def take(self, nth: int = 0, keep: int = 0, person: UUID | None = None) -> str:
        with self.stage.work() as work:
            name = (self.campaign, f"r{nth}", person or self.person, self.campaign)
            return rewards.reverse(work, [ReverseRequest(*name, "refund", keep)])[0]

    def mine(self) -> Wallet:
        with self.stage.work() as work:
            return rewards.wallet(work, self.person)

    def purse(self) -> tuple[int, int]:
        """Return what is free and what is owed, as the person sees it."""
        cash = self.mine().cash
        return cash.free_minor, cash.owed_minor

    def collect(self) -> int:
        with self.stage.work() as work:
            return rewards.collect(work)

    def owed_account(self) -> int:
        own = ledger.account_id(self.stage.workspace, f"person:{self.person}:owes:CNY")
        with self.stage.work() as work:
            return ledger.balances(work, [own]).get(own, 0)


@pytest.fixture
def till(database: object) -> Till:
    return Till()


def test_what_was_paid_out_is_owed_and_the_budget_waits_for_it(till: Till) -> None:
    assert till.take() == "owed"
    assert till.take() == "owed"
    assert till.purse() == (0, 8000)
    assert till.owed_account() == 8000
    # Not one cent has come back, so not one can be spent again.
    assert till.spent() == (8000, 10_000_000 - 8000)
    (debt,) = till.mine().owed
    assert (debt.made_minor, debt.owed_minor, debt.reason.zh) == (8000, 8000, "因为")
    assert_whole()


def test_the_next_cash_pays_the_debt_first(till: Till) -> None:
    till.take()
    till.give(1, 3000)
    # Before the collector comes round it is no more theirs than afterwards.
    assert till.purse() == (0, 5000)
    assert till.collect() == 1
    assert till.collect() == 0
    assert (till.purse(), till.cash(), till.owed_account()) == ((0, 5000), 0, 5000)
    # Given out: 8000 and 3000; come back: 3000.
    assert till.spent()[0] == 8000
    assert_whole()
    till.give(2, 6000)
    till.collect()
    assert (till.purse(), till.owed_account(), till.spent()[0]) == ((1000, 0), 0, 9000)
    with till.stage.work() as work:
        states = [grant.state for grant in rewards.grants_page(work, till.campaign)]
    assert sorted(states) == ["clawed_back", "vested", "vested"]
    assert till.mine().owed == []
    assert_whole()


def test_nothing_leaves_before_the_debt_is_paid(till: Till) -> None:
    till.take()
    till.give(1, 8500)
    with pytest.raises(Refused) as caught:
        till.ask_for(600)
    assert code(caught) == "cash_short"
    till.ask_for(500)
    assert (till.cash(), till.owed_account()) == (0, 0)
    assert_whole()


def test_a_payout_that_fails_after_the_claw_back_pays_the_debt(till: Till) -> None:
    till.give(1, 3000)
    payout = till.ask_for(3000)
    assert till.take(1) == "owed"
    with till.stage.work() as work:
        # Whoever has to approve a payout sees what its person owes.
        assert {one.owed_minor for one in payouts.payout_list(work)} == {3000}
    till.behave("failing")
    assert till.send(payout) == "failed"
    assert till.purse() == (0, 0)
    till.collect()
    assert (till.purse(), till.cash()) == ((0, 0), 0)
    assert_whole()


def test_a_part_is_owed_and_a_further_refund_adds_to_it(till: Till) -> None:
    assert till.take(keep=6000) == "owed"
    assert till.purse() == (0, 2000)
    till.give(1, 500)
    till.collect()
    assert till.purse() == (0, 1500)
    # An older word that comes late takes nothing back of the newer one.
    assert till.take(keep=7000) == "owed"
    assert till.purse() == (0, 1500)
    assert till.take(keep=1000) == "owed"
    assert till.purse() == (0, 6500)
    till.give(2, 6500)
    till.collect()
    assert (till.purse(), till.cash()) == ((0, 0), 0)
    assert till.take(keep=1000) == "repeated"
    assert_whole()


def test_the_oldest_debt_is_paid_first(till: Till) -> None:
    till.give(1, 700)
    assert till.send(till.ask_for(700)) == "succeeded"
    till.take(0, keep=7000)
    till.stage.now += timedelta(seconds=1)
    till.take(1)
    till.give(2, 1200)
    till.collect()
    assert [(one.made_minor, one.owed_minor) for one in till.mine().owed] == [(700, 500)]
    assert_whole()


def test_what_the_merchant_lets_go_is_not_claimed_again(till: Till) -> None:
    till.take()
    till.give(1, 1000)
    till.collect()
    with till.stage.work() as work:
        (debt,) = rewards.debts_of(work)
        assert rewards.forgive(work, debt.grant_id) == 7000
        assert rewards.forgive(work, debt.grant_id) == 0
        with pytest.raises(Refused) as caught:
            rewards.forgive(work, new_id())
    assert code(caught) == "debt_not_found"
    assert till.take() == "repeated"
    till.give(2, 1000)
    assert till.collect() == 0
    assert (till.purse(), till.owed_account()) == ((1000, 0), 0)
    # The cost that never came back stays spent.
    assert till.spent()[0] == 7000 + 1000 + 1000
    assert_whole()


def test_everybody_pays_their_own(till: Till) -> None:
    other = new_id()
    till.take()
    till.give(5, 400, other)
    assert till.collect() == 0
    assert till.cash(other) == 400
    with till.stage.work() as work:
        asked = PayoutRequest(new_id(), other, "sandbox", 400, "openid-2")
        assert ask_payout(work, asked) == "created"
    assert_whole()


def audited(till: Till, action: str) -> list[dict[str, object]]:
    with till.stage.work() as work:
        rows = work.driver.execute(
            "select detail from audit_entries where workspace_id = %s and action = %s order by at, id",
            (till.stage.workspace, action),
        )
        return [row[0] for row in rows]


def test_who_is_deleted_pays_with_the_cash_they_have_and_owes_nothing_more(till: Till) -> None:
    till.take()
    till.give(1, 3000)
    for _ in range(2):
        with till.stage.work() as work:
            forget_person(work, till.person)
    assert (till.owed_account(), till.cash()) == (0, 0)
    with till.stage.work() as work:
        assert rewards.debts_of(work, only_open=True) == []
        (debt,) = rewards.debts_of(work)
    assert (debt.made_minor, debt.owed_minor, debt.forgiven_minor) == (8000, 0, 5000)
    assert audited(till, "debt.written_off") == [{"amount_minor": 5000, "currency": "CNY"}]
    # The budget has back the cash that paid, and bears what was written off.
    assert till.spent()[0] == 8000 + 3000 - 3000
    assert_whole()


def test_what_is_clawed_back_after_the_deletion_is_written_off_too(till: Till) -> None:
    till.person, other = till.stage.people(2)
    till.give(3, 8000)
    assert till.send(till.ask_for(8000)) == "succeeded"
    with till.stage.work() as work:
        forget_person(work, till.person)
    assert till.take(3, keep=6000) == "owed"
    assert till.owed_account() == 2000
    with till.stage.work() as work:
        assert people.deleted_among(work, [till.person, other]) == {till.person}
    rewards.vest_everywhere()
    assert till.owed_account() == 0
    assert till.take(3, keep=1000) == "owed"
    rewards.vest_everywhere()
    rewards.vest_everywhere()
    assert till.owed_account() == 0
    assert [each["amount_minor"] for each in audited(till, "debt.written_off")] == [2000, 5000]
    assert_whole()
