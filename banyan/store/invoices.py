"""Invoices: asked for by buyers, issued by the merchant, taken back whole by a red letter.

One invoice counts for an order at a time, over exactly what was captured and not refunded, in the
words of the order (发票管理办法 21). What an issued one says never changes; a refund takes it back
by a red letter, and what is left to invoice is asked for anew.
"""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select, tuple_

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.events import record
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.pages import PAGE_MOST, cursor_after, read_cursor
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.events import InvoiceIssued, InvoiceVoided
from banyan.store.invoice_pdf import invoice_pdf
from banyan.store.invoice_views import InvoiceLine, InvoiceView, OrderName
from banyan.store.models.invoices import InvoiceRow
from banyan.store.models.orders import OrderRow
from banyan.store.models.shops import ShopRow
from banyan.store.orders import invoiceable_minor, lock_order
from banyan.store.wording import one_line

TITLE_MOST = 80
NUMBER_BITS = 40
TABLE, COLUMN = "invoices", "bearer"
FREIGHT = "运费"
REFUNDED = "已退款，冲红"

_TAX_NUMBER = re.compile(r"[0-9A-Z]{15,20}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,24}")


class InvoiceFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom an invoice is to be."""

    kind: Literal["personal", "company"]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
    tax_number: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None


class _Bearer(msgspec.Struct, frozen=True):
    title: str
    tax_number: str | None
    email: str | None


def ask_invoice(
    work: Work, order_id: UUID, fields: InvoiceFields, buyer_id: UUID | None = None
) -> UUID:
    """Ask for an invoice over what is left of an order; return its id.

    Raises `order_not_found`, `invoice_open`, `invoice_exceeds`, `tax_number_needed`, `invalid`.
    """
    lock_order(work, order_id, buyer_id)
    return _ask(work, order_id, fields.kind, _bearer(fields))


def _ask(work: Work, order_id: UUID, kind: str, bearer: _Bearer) -> UUID:
    if _counting(work, order_id) is not None:
        raise Refused(refusals.INVOICE_OPEN)
    order = work.session.get_one(OrderRow, (work.workspace_id, order_id))
    lines = _lines(work, order)
    amount = sum(line.amount_minor for line in lines)
    if amount <= 0 or amount > invoiceable_minor(work, order_id):
        raise Refused(refusals.INVOICE_TOO_HIGH)
    shop = work.session.get_one(ShopRow, (work.workspace_id, order.shop_id))
    invoice = InvoiceRow()
    invoice.workspace_id, invoice.id, invoice.order_id = work.workspace_id, new_id(), order_id
    invoice.state, invoice.kind = "asked", kind
    invoice.bearer_encrypted = _sealed(work, invoice.id, bearer)
    invoice.currency, invoice.amount_minor = order.currency, amount
    invoice.lines = [msgspec.to_builtins(line) for line in lines]
    invoice.seller = {"name": shop.name, "contact": shop.contact}
    invoice.asked_by, invoice.asked_at = str(work.actor), work.now
    work.session.add(invoice)
    work.session.flush()
    return invoice.id


def issue_invoice(work: Work, invoice_id: UUID, tax_authority_number: str | None = None) -> None:
    """Issue what was asked for. Again is harmless.

    Raises `invoice_not_found`, `invoice_state`, and `invoice_exceeds` when less than that is left
    by now: reject it, and let it be asked for anew.
    """
    invoice = _locked(work, invoice_id)
    if invoice.state == "issued":
        return
    _must_be(invoice, "asked")
    if invoice.amount_minor > invoiceable_minor(work, invoice.order_id):
        raise Refused(refusals.INVOICE_TOO_HIGH)
    _number(work, invoice)
    number = one_line(tax_authority_number or "", 40, "tax_authority_number")
    invoice.tax_authority_number = number or None
    invoice.state = "issued"
    work.session.flush()
    record(work, [_told(InvoiceIssued, invoice)])


def reject_invoice(work: Work, invoice_id: UUID, reason: str) -> None:
    """Turn a request down. Raises `invoice_not_found`, `invoice_state`."""
    invoice = _locked(work, invoice_id)
    if invoice.state == "rejected":
        return
    _must_be(invoice, "asked")
    invoice.state, invoice.reason = "rejected", one_line(reason, 200, "reason")
    work.session.flush()


def void_invoice(work: Work, invoice_id: UUID, reason: str) -> UUID:
    """Take an issued invoice back by a red letter of the same lines; return the letter's id.

    Again returns the same letter. Raises `invoice_not_found`, `invoice_state`.
    """
    invoice = _locked(work, invoice_id)
    if invoice.state == "voided":
        letter = work.session.scalar(
            select(InvoiceRow.id).where(
                InvoiceRow.workspace_id == work.workspace_id, InvoiceRow.voids_id == invoice_id
            )
        )
        if letter is not None:
            return letter
    _must_be(invoice, "issued")
    if invoice.voids_id is not None:
        raise Refused(refusals.INVOICE_STATE, state="red")
    return _void(work, invoice, one_line(reason, 200, "reason"))


def _void(work: Work, invoice: InvoiceRow, reason: str) -> UUID:
    invoice.state, invoice.voided_at, invoice.reason = "voided", work.now, reason
    work.session.flush()
    letter = InvoiceRow()
    letter.workspace_id, letter.id = work.workspace_id, new_id()
    letter.order_id, letter.voids_id = invoice.order_id, invoice.id
    letter.state, letter.kind = "issued", invoice.kind
    letter.bearer_encrypted = _sealed(work, letter.id, _opened(work, invoice))
    letter.currency, letter.amount_minor = invoice.currency, -invoice.amount_minor
    letter.lines = [line | {"amount_minor": -line["amount_minor"]} for line in invoice.lines]
    letter.seller, letter.reason = invoice.seller, reason
    letter.asked_by, letter.asked_at = str(work.actor), work.now
    _number(work, letter)
    work.session.add(letter)
    work.session.flush()
    record(work, [_told(InvoiceVoided, invoice)])
    return letter.id


def balance_invoices(work: Work, order_id: UUID) -> None:
    """After a refund: what is invoiced above what was kept is taken back, the rest asked anew.

    Called in the transaction in which the refund is done; the order is locked there already.
    """
    work.session.flush()
    invoice = _counting(work, order_id)
    if invoice is None or invoice.amount_minor <= _kept_minor(work, order_id):
        return
    bearer, kind = _opened(work, invoice), invoice.kind
    if invoice.state == "issued":
        _void(work, invoice, REFUNDED)
    else:
        invoice.state, invoice.reason = "rejected", REFUNDED
        work.session.flush()
    if invoiceable_minor(work, order_id) > 0:
        try:
            _ask(work, order_id, kind, bearer)
        except Refused:
            # Another refund is on its way: the buyer asks again when it is done.
            return


KEPT = """
select coalesce((select sum(amount_minor) from payments where workspace_id = %(workspace)s
                 and order_id = %(order)s and state = 'captured'), 0)
     - coalesce((select sum(amount_minor) from refunds where workspace_id = %(workspace)s
                 and order_id = %(order)s and kind <> 'surplus' and state = 'done'), 0)
"""
LINES = """
select l.product_name, l.attributes, l.quantity - coalesce(r.quantity, 0),
       l.payable_minor - coalesce(r.amount_minor, 0)
from order_lines l
left join lateral (
  select sum(rl.quantity) as quantity, sum(rl.amount_minor) as amount_minor
  from refund_lines rl
  join refunds r on r.workspace_id = rl.workspace_id and r.id = rl.refund_id
  where rl.workspace_id = l.workspace_id and rl.line_id = l.id and r.state <> 'rejected'
) as r on true
where l.workspace_id = %s and l.order_id = %s order by l.nth
"""
FREIGHT_REFUNDED = """
select coalesce(sum(freight_minor), 0) from refunds
where workspace_id = %s and order_id = %s and kind <> 'surplus' and state <> 'rejected'
"""


def _kept_minor(work: Work, order_id: UUID) -> int:
    named = {"workspace": work.workspace_id, "order": order_id}
    row = work.driver.execute(KEPT, named).fetchone()
    return int(row[0]) if row else 0


def _lines(work: Work, order: OrderRow) -> list[InvoiceLine]:
    """Return what was bought and kept, in the words of the order."""
    rows = work.driver.execute(LINES, (work.workspace_id, order.id)).fetchall()
    lines = [InvoiceLine(row[0], row[1], int(row[2]), int(row[3])) for row in rows if row[3] > 0]
    row = work.driver.execute(FREIGHT_REFUNDED, (work.workspace_id, order.id)).fetchone()
    freight = order.freight_minor - (int(row[0]) if row else 0)
    return [*lines, InvoiceLine(FREIGHT, {}, 1, freight)] if freight > 0 else lines


def _bearer(fields: InvoiceFields) -> _Bearer:
    title = one_line(fields.title, TITLE_MOST, "title")
    if not title:
        raise Refused(INVALID, problem="title")
    tax_number = one_line(fields.tax_number or "", 20, "tax_number").upper().replace(" ", "")
    if fields.kind == "company" and not _TAX_NUMBER.fullmatch(tax_number):
        raise Refused(refusals.TAX_NUMBER_NEEDED)
    email = one_line(fields.email or "", 254, "email")
    if email and not _EMAIL.fullmatch(email):
        raise Refused(INVALID, problem="email")
    is_company = fields.kind == "company"
    return _Bearer(title, tax_number if is_company else None, email or None)


def _sealed(work: Work, invoice_id: UUID, bearer: _Bearer) -> bytes:
    text = msgspec.json.encode(bearer).decode()
    return encrypt(text, work.workspace_id, TABLE, COLUMN, invoice_id)


def _opened(work: Work, invoice: InvoiceRow) -> _Bearer:
    secret = bytes(invoice.bearer_encrypted)
    text = decrypt(secret, work.workspace_id, TABLE, COLUMN, invoice.id)
    return msgspec.json.decode(text, type=_Bearer)


def _counting(work: Work, order_id: UUID) -> InvoiceRow | None:
    return work.session.scalar(
        select(InvoiceRow)
        .where(
            InvoiceRow.workspace_id == work.workspace_id,
            InvoiceRow.order_id == order_id,
            InvoiceRow.state.in_(["asked", "issued"]),
            InvoiceRow.voids_id.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _locked(work: Work, invoice_id: UUID) -> InvoiceRow:
    """Return an invoice, locked after its order: a refund takes them in the same order."""
    found = work.session.get(InvoiceRow, (work.workspace_id, invoice_id))
    if found is None:
        raise Refused(refusals.NO_SUCH_INVOICE)
    lock_order(work, found.order_id)
    work.session.refresh(found, with_for_update=True)
    return found


def _must_be(invoice: InvoiceRow, state: str) -> None:
    if invoice.state != state:
        raise Refused(refusals.INVOICE_STATE, state=invoice.state)


def _number(work: Work, invoice: InvoiceRow) -> None:
    invoice.number = f"FP{work.now:%Y%m%d}{new_code(NUMBER_BITS).upper()}"
    invoice.issued_at = work.now


def _told(
    kind: type[InvoiceIssued] | type[InvoiceVoided], invoice: InvoiceRow
) -> InvoiceIssued | InvoiceVoided:
    return kind(invoice_id=invoice.id, order_id=invoice.order_id, amount_minor=invoice.amount_minor)


def invoice_view(work: Work, invoice_id: UUID, buyer_id: UUID | None = None) -> InvoiceView:
    """Return one invoice; one of another buyer's order is not found. Raises `invoice_not_found`."""
    invoice = work.session.get(InvoiceRow, (work.workspace_id, invoice_id))
    if invoice is None:
        raise Refused(refusals.NO_SUCH_INVOICE)
    order = work.session.get_one(OrderRow, (work.workspace_id, invoice.order_id))
    if buyer_id not in {None, order.buyer_id}:
        raise Refused(refusals.NO_SUCH_INVOICE)
    return _view(work, invoice, order.number)


def invoices_of_order(
    work: Work, order_id: UUID, buyer_id: UUID | None = None
) -> list[InvoiceView]:
    """Return an order's invoices and red letters, the oldest first. Raises `order_not_found`."""
    lock_order(work, order_id, buyer_id)
    order = work.session.get_one(OrderRow, (work.workspace_id, order_id))
    found = work.session.scalars(
        select(InvoiceRow)
        .where(InvoiceRow.workspace_id == work.workspace_id, InvoiceRow.order_id == order_id)
        .order_by(InvoiceRow.id)
    )
    return [_view(work, invoice, order.number) for invoice in found]


def invoice_page(
    work: Work, *, state: str | None = None, q: str = "", cursor: str | None = None
) -> tuple[list[InvoiceView], str | None]:
    """Return a page of invoices, the last asked for first. `q` is an order's or invoice's number."""
    asked: Any = (
        select(InvoiceRow, OrderRow.number)
        .join(
            OrderRow,
            (OrderRow.workspace_id == InvoiceRow.workspace_id)
            & (OrderRow.id == InvoiceRow.order_id),
        )
        .where(InvoiceRow.workspace_id == work.workspace_id)
        .order_by(InvoiceRow.asked_at.desc(), InvoiceRow.id.desc())
        .limit(PAGE_MOST + 1)
    )
    if state:
        asked = asked.where(InvoiceRow.state == state)
    if typed := q.strip().upper()[:40]:
        asked = asked.where((OrderRow.number == q.strip()) | (InvoiceRow.number == typed))
    if after := read_cursor(cursor):
        asked = asked.where(tuple_(InvoiceRow.asked_at, InvoiceRow.id) < tuple_(*after))
    rows = work.session.execute(asked).all()
    following = None
    if len(rows) > PAGE_MOST:
        rows = rows[:PAGE_MOST]
        last: InvoiceRow = rows[-1][0]
        following = cursor_after(last.asked_at, last.id)
    return [_view(work, *row) for row in rows], following


def _view(work: Work, invoice: InvoiceRow, order_number: str) -> InvoiceView:
    bearer = _opened(work, invoice)
    return InvoiceView(
        id=invoice.id,
        number=invoice.number,
        tax_authority_number=invoice.tax_authority_number,
        order=OrderName(invoice.order_id, order_number),
        state=invoice.state,
        is_red=invoice.voids_id is not None,
        voids_id=invoice.voids_id,
        kind=invoice.kind,
        title=bearer.title,
        tax_number=bearer.tax_number,
        email=bearer.email,
        currency=invoice.currency,
        amount_minor=invoice.amount_minor,
        lines=msgspec.convert(invoice.lines, list[InvoiceLine]),
        invoiceable_minor=invoiceable_minor(work, invoice.order_id),
        asked_at=invoice.asked_at,
        issued_at=invoice.issued_at,
        voided_at=invoice.voided_at,
        reason=invoice.reason or None,
    )


def pdf_of(name: str) -> UUID:
    """Return the id in "{id}.pdf". Raises `invoice_not_found`."""
    found, _, ending = name.rpartition(".")
    try:
        if ending == "pdf":
            return UUID(found)
    except ValueError:
        pass
    raise Refused(refusals.NO_SUCH_INVOICE)


def pdf(work: Work, invoice_id: UUID, buyer_id: UUID | None = None) -> bytes:
    """Return an issued invoice as PDF. Raises `invoice_not_found`, `invoice_state`."""
    told = invoice_view(work, invoice_id, buyer_id)
    if told.issued_at is None:
        raise Refused(refusals.INVOICE_STATE, state=told.state)
    row = work.session.get_one(InvoiceRow, (work.workspace_id, invoice_id))
    return invoice_pdf(told, row.seller)


def pdf_headers(invoice_id: UUID) -> dict[str, str]:
    """Return the headers a PDF is sent with."""
    return {
        "Content-Disposition": f'inline; filename="{invoice_id}.pdf"',
        "Cache-Control": "no-store",
    }
