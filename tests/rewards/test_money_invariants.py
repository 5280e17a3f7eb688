"""Faults in rewards that are money, planted past every guard, are found."""

import pytest

from banyan.kernel.postgres import Urls
from tests.planting import found_by
from tests.rewards.test_coupons import Counter
from tests.rewards.test_debts import Till


@pytest.fixture
def till(database: object) -> Till:
    return Till()


def test_a_claim_that_is_too_small_is_found(urls: Urls, till: Till) -> None:
    till.take()
    less = "update cash_debts set owed_minor = owed_minor - 1 where person_id = %s"
    assert found_by(urls, "I-G14", (less, (till.person,)))
    (row,) = found_by(urls, "I-G14b", (less, (till.person,)))
    assert (row["balance_minor"], row["owed"]) == (8000, 7999)


def test_a_debt_that_was_paid_in_the_rows_only_is_found(urls: Urls, till: Till) -> None:
    till.take()
    paid = (
        "update cash_debts set owed_minor = 0, settled_at = now() where person_id = %s",
        (till.person,),
    )
    assert found_by(urls, "I-G14", paid)
    assert found_by(urls, "I-G14b", paid)


def test_a_hold_without_a_payout_is_found(urls: Urls, till: Till) -> None:
    till.give(1, 500)
    payout = till.ask_for(500)
    gone = ("delete from payouts where id = %s", (payout,))
    (row,) = found_by(urls, "I-L10", gone)
    assert (row["pending_minor"], row["minor"]) == (500, None)
    sent = "update payouts set amount_minor = amount_minor + 1 where state = 'succeeded'"
    assert found_by(urls, "I-L10", sent)


def test_cash_that_vested_too_early_is_found(urls: Urls, till: Till) -> None:
    early = "update grants set held_until = vested_at + interval '1 day' where beneficiary_id = %s"
    (row,) = found_by(urls, "I-G8", (early, (till.person,)))
    assert row["held_until"] > row["vested_at"]


@pytest.mark.usefixtures("database")
def test_a_coupon_that_did_less_than_it_says_is_found(urls: Urls) -> None:
    counter = Counter()
    counter.pay(counter.bought(counter.sku(10), 1, counter.coupon(500)))
    for fault in (
        "update coupon_uses set off_minor = off_minor - 1 where workspace_id = %s",
        "update offers set from_minor = 10000000 where workspace_id = %s",
        "update grants set expires_at = granted_at - interval '1 day' where workspace_id = %s",
    ):
        assert found_by(urls, "I-C7", (fault, (counter.workspace,)))
