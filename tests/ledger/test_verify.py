"""Verify finds what is broken, and only in the workspace where it is."""

from uuid import UUID

import psycopg
import pytest

from banyan import ledger
from banyan.app import integrity
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.ledger import AccountSpec, Transfer


def test_one_cent_off_is_found(
    workspace: UUID, urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        ids = ledger.open_accounts(
            work, [AccountSpec("from", "CNY", may_go_negative=True), AccountSpec("to", "CNY")]
        )
        ledger.transfer(work, [Transfer(new_id(), ids["from"], ids["to"], 100, "CNY", "test")])
    change = "update ledger_accounts set balance_minor = balance_minor + %s where id = %s"
    with psycopg.connect(urls.superuser, autocommit=True) as by_hand:
        by_hand.execute(change, (1, ids["to"]))
        try:
            monkeypatch.setattr(integrity, "_last", integrity._Last())
            mine, others = integrity.integrity_of(workspace), integrity.integrity_of(new_id())
        finally:
            by_hand.execute(change, (-1, ids["to"]))
    broken = {check.name[:4] for check in mine.checks if check.broken}
    assert broken == {"I-L2", "I-L4"}
    assert (mine.whole, others.whole) == (False, True)
