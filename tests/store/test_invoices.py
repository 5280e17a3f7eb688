"""Invoices: over what was kept and never more, in the order's words, taken back by a red letter."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.invariants import check
from banyan.kernel.work import Database, across_workspaces
from banyan.store import OrderView
from banyan.store.invariants import INVARIANTS
from banyan.store.invoice_pdf import in_words, money
from banyan.store.invoices import (
    InvoiceFields,
    ask_invoice,
    balance_invoices,
    invoice_view,
    invoices_of_order,
    issue_invoice,
    pdf,
    void_invoice,
)
from tests.shelf import Shelf

ME = InvoiceFields(kind="personal", title="周知夏", email="zhou@example.com")


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(freight_minor=800)


def asked(shelf: Shelf, order: OrderView, fields: InvoiceFields = ME) -> Any:
    with shelf.work() as work:
        return ask_invoice(work, order.id, fields)


def issued(shelf: Shelf, order: OrderView) -> Any:
    invoice = asked(shelf, order)
    with shelf.work() as work:
        issue_invoice(work, invoice)
    return invoice


def refused(shelf: Shelf, step: Any, *more: Any) -> str:
    try:
        with shelf.work() as work:
            step(work, *more)
    except Refused as error:
        return error.refusal.code
    return ""


def whole(shelf: Shelf) -> None:
    with across_workspaces() as connection:
        found = [check(connection, invariant) for invariant in INVARIANTS]
    assert [finding for finding in found if finding.count] == []


def test_an_invoice_says_what_the_order_says(shelf: Shelf) -> None:
    (buyer,) = shelf.people(1)
    sku = shelf.sku(10, 1990)
    order = shelf.order(buyer, (sku, 3))
    assert refused(shelf, ask_invoice, order.id, ME) == "invoice_exceeds"
    order = shelf.paid(buyer, (sku, 2))
    invoice = asked(shelf, order)
    assert refused(shelf, ask_invoice, order.id, ME) == "invoice_open"
    with shelf.work() as work:
        assert refused(shelf, pdf, invoice) == "invoice_state"
        issue_invoice(work, invoice, "25112000000012345678")
    with shelf.work() as work:
        issue_invoice(work, invoice)
        told = invoice_view(work, invoice)
        made = pdf(work, invoice)
        assert pdf(work, invoice) == made
    assert told.amount_minor == order.payable_minor
    assert sum(line.amount_minor for line in told.lines) == order.payable_minor
    assert told.lines[0].name == order.lines[0].product_name
    assert (told.title, told.state, told.tax_authority_number) == (
        "周知夏",
        "issued",
        "25112000000012345678",
    )
    assert made.startswith(b"%PDF-")
    assert b"NotoSansCJK" in made
    whole(shelf)


def test_nobody_sees_anothers_invoice(shelf: Shelf) -> None:
    buyer, other = shelf.people(2)
    order = shelf.paid(buyer, (shelf.sku(10), 1))
    invoice = issued(shelf, order)
    assert refused(shelf, invoice_view, invoice, other) == "invoice_not_found"
    assert refused(shelf, invoices_of_order, order.id, other) == "order_not_found"
    assert refused(shelf, ask_invoice, order.id, ME, other) == "order_not_found"
    assert refused(Shelf(), invoice_view, invoice) == "invoice_not_found"
    raw = bytes(shelf.one("select bearer_encrypted from invoices where id = %s", invoice))
    assert "周知夏".encode() not in raw


def test_a_red_letter_takes_it_back_once(shelf: Shelf) -> None:
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (shelf.sku(10), 2))
    invoice = issued(shelf, order)
    letters = set()
    for _ in range(3):
        with shelf.work() as work:
            letters.add(void_invoice(work, invoice, "抬头有误"))
    (letter,) = letters
    with shelf.work() as work:
        red = invoice_view(work, letter)
        assert red.is_red
        assert red.amount_minor == -order.payable_minor
        assert pdf(work, letter).startswith(b"%PDF-")
    assert refused(shelf, void_invoice, letter, "x") == "invoice_state"
    assert shelf.one("select sum(amount_minor) from invoices where state <> 'asked'") == 0
    again = issued(shelf, order)
    assert again != invoice
    whole(shelf)


def test_a_refund_takes_back_what_is_over_and_asks_anew(shelf: Shelf) -> None:
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (shelf.sku(10, 1000), 3))
    invoice = issued(shelf, order)
    refund = shelf.refund(order, (order.lines[0].id, 1))
    for due in store.due_refunds():
        store.send_refund(*due)
    assert shelf.refund_state(refund) == "done"
    with shelf.work() as work:
        balance_invoices(work, order.id)
        balance_invoices(work, order.id)
        told = invoices_of_order(work, order.id)
    assert [(each.state, each.amount_minor) for each in told] == [
        ("voided", 3000),
        ("issued", -3000),
        ("asked", 2000),
    ]
    assert told[0].id == invoice
    assert told[2].title == "周知夏"
    assert told[2].lines[0].quantity == 2
    with shelf.work() as work:
        issue_invoice(work, told[2].id)
    whole(shelf)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "company", "title": "山茶有限公司"}, "tax_number_needed"),
        ({"kind": "company", "title": "山茶", "tax_number": "123"}, "tax_number_needed"),
        ({"title": "\u200b"}, "invalid"),
        ({"email": "not an address"}, "invalid"),
        ({"email": "a@b.com\r\nBcc: c@d.com"}, "invalid"),
        ({"title": "长" * 81}, "invalid"),
    ],
)
def test_a_bearer_that_makes_no_sense_is_refused(
    shelf: Shelf, fields: dict[str, Any], code: str
) -> None:
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (shelf.sku(10), 1))
    said = msgspec.convert({"kind": "personal", "title": "周知夏"} | fields, InvoiceFields)
    assert refused(shelf, ask_invoice, order.id, said) == code


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (12345, "壹佰贰拾叁元肆角伍分"),
        (100000, "壹仟元整"),
        (1000500, "壹万零伍元整"),
        (100050000, "壹佰万零伍佰元整"),
        (1000000000000, "壹佰亿元整"),
        (-5900, "负伍拾玖元整"),
        (2000300, "贰万零叁元整"),
        (10100, "壹佰零壹元整"),
    ],
)
def test_amounts_are_written_so_that_no_stroke_alters_them(minor: int, words: str) -> None:
    assert in_words(minor) == words


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_two_amounts_never_read_the_same(one: int, other: int) -> None:
    assert (in_words(one) == in_words(other)) == (one == other)
    assert (money(one, "CNY") == money(other, "CNY")) == (one == other)
