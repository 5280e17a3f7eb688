"""The sandbox provider's cashier: the participants' page with one waiting payment inside it."""

import asyncio

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from banyan import store
from banyan.app.pages import html_answer, this_page
from banyan.kernel.errors import NOT_FOUND, NOT_SIGNED_IN, Refused
from banyan.people import Guest


@get(
    "/h5/sandbox/pay/{trade_number:str}",
    opt={"audience": "visitor", "permission": None},
    include_in_schema=False,
)
async def show_cashier(
    guest: NamedDependency[Guest], trade_number: FromPath[str]
) -> Response[bytes]:
    """Return the cashier's page: always HTML, also when there is nothing to pay."""
    try:
        payment = await asyncio.to_thread(_payment, guest, trade_number)
    except Refused as refused:
        title = refused.refusal.text(guest.language, **refused.params)
        problem = {"code": refused.refusal.code, "title": title}
        state = {"sandbox_payment": None, "problem": problem}
        page = this_page().page(state, title=title, summary="", address="", language=guest.language)
        return html_answer(refused.refusal.status, page)
    state = {"sandbox_payment": msgspec.to_builtins(payment)}
    return html_answer(
        200,
        this_page().page(
            state, title=payment.title, summary="", address="", language=guest.language
        ),
    )


def _payment(guest: Guest, trade_number: str) -> store.SandboxPayment:
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    with guest.work(guest.participant.workspace_id) as work:
        found = store.sandbox_payment(work, trade_number)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


routes = [show_cashier]
