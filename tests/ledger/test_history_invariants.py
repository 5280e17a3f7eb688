"""Faults in the history of the ledger, planted past every guard, are found."""

from typing import NamedTuple
from uuid import UUID

import pytest

from banyan import ledger
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.ledger import AccountSpec, Resolution, Transfer
from tests.planting import found_by


class Moved(NamedTuple):
    """A movement, a hold and its end."""

    posted: UUID
    held: UUID
    ended: UUID


@pytest.fixture
def moved(workspace: UUID) -> Moved:
    made = Moved(new_id(), new_id(), new_id())
    cause = new_id()
    with unit_of_work(workspace, SYSTEM) as work:
        ids = ledger.open_accounts(
            work, [AccountSpec("from", "CNY", may_go_negative=True), AccountSpec("to", "CNY")]
        )
        ends = ids["from"], ids["to"]
        ledger.transfer(
            work,
            [
                Transfer(made.posted, *ends, 100, "CNY", "grant.cost", cause),
                Transfer(made.held, *ends, 50, "CNY", "payout.held", cause, "pending"),
            ],
        )
        ledger.resolve(work, [Resolution(made.ended, made.held, 50, "payout.paid", cause)])
    return made


def test_a_transfer_to_nobody_else_is_found(urls: Urls, moved: Moved) -> None:
    rows = found_by(
        urls,
        "I-L1",
        "alter table ledger_transfers drop constraint ck_ledger_transfers_two_accounts",
        ("update ledger_transfers set credit_id = debit_id where id = %s", (moved.posted,)),
    )
    assert [row["id"] for row in rows] == [moved.posted]


def test_a_transfer_of_nothing_is_found(urls: Urls, moved: Moved) -> None:
    rows = found_by(
        urls,
        "I-L1",
        "alter table ledger_transfers drop constraint ck_ledger_transfers_amount",
        ("update ledger_transfers set amount_minor = 0 where id = %s", (moved.posted,)),
    )
    assert [row["id"] for row in rows] == [moved.posted]


@pytest.mark.usefixtures("moved")
def test_leave_to_change_history_is_found(urls: Urls) -> None:
    rows = found_by(urls, "I-L3", "grant update, delete on ledger_transfers to banyan_app")
    assert {row["what"] for row in rows} == {"may UPDATE", "may DELETE"}
    asleep = found_by(urls, "I-L3", "alter table ledger_transfers disable trigger kept")
    assert [row["what"] for row in asleep] == ["no guard"]


def test_a_transfer_without_a_cause_or_with_one_used_twice_is_found(
    urls: Urls, moved: Moved
) -> None:
    without = "update ledger_transfers set cause = null where id = %s"
    assert found_by(urls, "I-L7", (without, (moved.posted,)))
    twice = """
        insert into ledger_transfers (workspace_id, id, phase, debit_id, credit_id, unit,
                                      amount_minor, reason, cause, moved_at)
        select workspace_id, %s, phase, debit_id, credit_id, unit, amount_minor, reason, cause,
               moved_at from ledger_transfers where id = %s
    """
    (row,) = found_by(urls, "I-L7", (twice, (new_id(), moved.posted)))
    assert (row["reason"], row["count"]) == ("grant.cost", 2)


def test_an_order_that_was_meddled_with_is_found(urls: Urls, moved: Moved) -> None:
    free = "alter table ledger_transfers alter position drop identity"
    same = """
        update ledger_transfers set position = (
          select position from ledger_transfers where id = %s) where id = %s
    """
    assert found_by(urls, "I-L9", free, (same, (moved.posted, moved.held)))
    first = "update ledger_transfers set position = -1 where id = %s"
    (row,) = found_by(urls, "I-L9", free, (first, (moved.ended,)))
    assert row["id"] == str(moved.ended)
