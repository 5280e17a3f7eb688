"""What buyers may do with invoices of their orders, over HTTP."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from banyan.kernel import requests
from banyan.kernel.requests import RequestKey
from banyan.people import Guest
from banyan.store import invoices
from banyan.store.admin_api.invoices import InvoicePage
from banyan.store.invoice_views import InvoiceView
from banyan.store.invoices import InvoiceFields
from banyan.store.public_api.mine import MINE, known


@get("/api/public/orders/{order_id:uuid}/invoices", opt=MINE, sync_to_thread=True)
def list_invoices(guest: NamedDependency[Guest], order_id: FromPath[UUID]) -> InvoicePage:
    """Return the invoices of my order."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return InvoicePage(invoices.invoices_of_order(work, order_id, me.person_id))


@post("/api/public/orders/{order_id:uuid}/invoices", opt=MINE, sync_to_thread=True)
def ask_invoice(
    guest: NamedDependency[Guest],
    order_id: FromPath[UUID],
    data: JSONBody[InvoiceFields],
    request_key: NamedDependency[RequestKey | None],
) -> InvoiceView:
    """Ask for an invoice of my order."""
    me = known(guest)

    def effect() -> InvoiceView:
        made = invoices.ask_invoice(work, order_id, data, me.person_id)
        return invoices.invoice_view(work, made)

    with guest.work(me.workspace_id) as work:
        return requests.once(work, request_key, InvoiceView, effect)


@get("/api/public/invoices/{name:str}", opt=MINE, include_in_schema=False, sync_to_thread=True)
def read_pdf(guest: NamedDependency[Guest], name: FromPath[str]) -> Response[bytes]:
    """Return the PDF of my invoice, as `{id}.pdf`."""
    me = known(guest)
    invoice_id = invoices.pdf_of(name)
    with guest.work(me.workspace_id) as work:
        made = invoices.pdf(work, invoice_id, me.person_id)
    return Response(made, media_type="application/pdf", headers=invoices.pdf_headers(invoice_id))


routes = [list_invoices, ask_invoice, read_pdf]
