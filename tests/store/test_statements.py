"""Statements: every line is a movement of ours or a case, to the cent."""

from datetime import datetime
from typing import Any

import pytest

from banyan import store
from banyan.store import sweep
from banyan.store.cases import cases, close_case
from banyan.store.statements import DAY, fetch_statement
from tests.shelf import Shelf
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def traded(shelf: Shelf) -> None:
    """Three orders paid today, one of them refunded in part."""
    sku = shelf.sku(10, price_minor=1234)
    orders = [shelf.paid(buyer, (sku, 2)) for buyer in shelf.people(3)]
    shelf.refund(orders[1], (orders[1].lines[0].id, 1))
    sweep()


def today() -> Any:
    return datetime.now(DAY).date()


def test_a_day_that_fits_drains_the_clearing_account(shelf: Shelf) -> None:
    traded(shelf)
    assert shelf.clearing() == -5 * 1234
    found = fetch_statement(shelf.workspace, "sandbox", today())
    assert (found.lines, found.matched) == (4, 4)
    assert shelf.clearing() == 0
    again = fetch_statement(shelf.workspace, "sandbox", today())
    assert (again.lines, again.matched) == (4, 4)
    assert shelf.clearing() == 0
    with shelf.work() as work:
        assert cases(work) == []
    assert_whole()


@pytest.mark.parametrize(
    ("manners", "kind", "left"),
    [
        ({"statement_off_minor": 1}, "amount_differs", -2468),
        ({"statement_off_minor": -1}, "amount_differs", -2468),
        ({"statement_lines": "one_unknown"}, "not_ours", 0),
    ],
)
def test_one_cent_opens_a_case(shelf: Shelf, manners: dict[str, Any], kind: str, left: int) -> None:
    traded(shelf)
    shelf.manners(**manners)
    found = fetch_statement(shelf.workspace, "sandbox", today())
    assert found.lines - found.matched == 1
    with shelf.work() as work:
        (case,) = cases(work)
        page = store.statement_page(work, "sandbox", today())
    assert (case.kind, case.state) == (kind, "open")
    assert page.clearing_minor == left
    assert [line.is_matched for line in page.lines].count(False) == 1
    assert not page.lines[0].is_matched
    with shelf.work() as work:
        close_case(work, case.id, "与渠道核对过")
    fetch_statement(shelf.workspace, "sandbox", today())
    with shelf.work() as work:
        assert [each.state for each in cases(work)] == ["closed"]
    assert_whole()


def test_a_line_the_provider_forgot_is_found_and_matched_later(shelf: Shelf) -> None:
    traded(shelf)
    shelf.manners(statement_lines="first_missing")
    with shelf.work() as work:
        # Near midnight a movement is left to the next day's statement; this one is not near.
        work.driver.execute("update payments set captured_at = captured_at - interval '0'")
    fetch_statement(shelf.workspace, "sandbox", today())
    with shelf.work() as work:
        open_now = [(case.kind, case.state) for case in cases(work)]
    if datetime.now(DAY).strftime("%H:%M") < "23:50":
        assert open_now == [("missing_at_provider", "open")]
    shelf.manners()
    fetch_statement(shelf.workspace, "sandbox", today())
    with shelf.work() as work:
        assert all(case.state == "closed" for case in cases(work))
    assert shelf.clearing() == 0
    assert_whole()
