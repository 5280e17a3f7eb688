"""What members and API keys may do with invoices, over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response

from banyan import workspaces
from banyan.store import invoices
from banyan.store.invoice_views import InvoiceView
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "orders.read"}
WRITE = {"audience": "member", "permission": "orders.write"}

State = Annotated[
    Literal["asked", "issued", "voided", "rejected"] | None, QueryParameter(name="state")
]


class InvoicePage(msgspec.Struct, frozen=True):
    """A page of invoices."""

    items: list[InvoiceView]
    next: str | None = None
    total: int | None = None


class Issue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number the tax platform gave it, when it was issued there."""

    tax_authority_number: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an invoice is taken back or turned down."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


@get("/api/admin/invoices", opt=READ, sync_to_thread=True)
def list_invoices(
    caller: NamedDependency[Caller],
    in_state: State = None,
    q: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
) -> InvoicePage:
    """Return a page of invoices, the last asked for first."""
    with caller.work() as work:
        return InvoicePage(*invoices.invoice_page(work, state=in_state, q=q, cursor=cursor))


@get("/api/admin/invoices/{invoice_id:uuid}", opt=READ, sync_to_thread=True)
def read_invoice(caller: NamedDependency[Caller], invoice_id: FromPath[UUID]) -> InvoiceView:
    """Return one invoice."""
    with caller.work() as work:
        return invoices.invoice_view(work, invoice_id)


@post(
    "/api/admin/invoices/{invoice_id:uuid}/issue", opt=WRITE, status_code=200, sync_to_thread=True
)
def issue(
    caller: NamedDependency[Caller],
    invoice_id: FromPath[UUID],
    data: JSONBody[Issue | None] = None,
) -> InvoiceView:
    """Issue what was asked for."""
    with caller.work() as work:
        invoices.issue_invoice(work, invoice_id, data.tax_authority_number if data else None)
        workspaces.audit(work, "store.invoice_issued", str(invoice_id), {})
        return invoices.invoice_view(work, invoice_id)


@post(
    "/api/admin/invoices/{invoice_id:uuid}/rejection",
    opt=WRITE,
    status_code=200,
    sync_to_thread=True,
)
def reject(
    caller: NamedDependency[Caller], invoice_id: FromPath[UUID], data: JSONBody[Why]
) -> InvoiceView:
    """Turn a request down."""
    with caller.work() as work:
        invoices.reject_invoice(work, invoice_id, data.reason)
        workspaces.audit(work, "store.invoice_rejected", str(invoice_id), {"reason": data.reason})
        return invoices.invoice_view(work, invoice_id)


@post("/api/admin/invoices/{invoice_id:uuid}/void", opt=WRITE, status_code=200, sync_to_thread=True)
def void(
    caller: NamedDependency[Caller], invoice_id: FromPath[UUID], data: JSONBody[Why]
) -> InvoiceView:
    """Take an issued invoice back by a red letter, and return the letter."""
    with caller.work() as work:
        letter_id = invoices.void_invoice(work, invoice_id, data.reason)
        workspaces.audit(work, "store.invoice_voided", str(invoice_id), {"reason": data.reason})
        return invoices.invoice_view(work, letter_id)


@get("/api/admin/invoices/{name:str}", opt=READ, include_in_schema=False, sync_to_thread=True)
def read_pdf(caller: NamedDependency[Caller], name: FromPath[str]) -> Response[bytes]:
    """Return the PDF of an issued invoice, as `{id}.pdf`."""
    invoice_id = invoices.pdf_of(name)
    with caller.work() as work:
        made = invoices.pdf(work, invoice_id)
    return Response(made, media_type="application/pdf", headers=invoices.pdf_headers(invoice_id))


routes = [list_invoices, read_invoice, issue, reject, void, read_pdf]
