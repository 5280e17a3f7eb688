"""What members and API keys may do with refunds, statements, cases and providers, over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from banyan import workspaces
from banyan.kernel import requests
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.ids import new_code
from banyan.kernel.requests import RequestKey
from banyan.store import refusals
from banyan.store.cases import close_case
from banyan.store.order_pages import refund_view, refund_views, stuck
from banyan.store.paying import ask_about_payment, ask_soon
from banyan.store.payments import alipay, wechat_pay
from banyan.store.payments.accounts import (
    ADAPTERS,
    provider_of,
    providers_kept,
    providers_on,
    save_account,
    switch_account,
)
from banyan.store.payments.ports import Declined, Unreachable
from banyan.store.payments.sandbox import Manners, manners_of, set_manners
from banyan.store.refund_outcomes import record_refund_by_hand
from banyan.store.refunding import (
    RefundLine,
    approve_refund,
    ask_refund,
    reject_refund,
    retry_refund,
)
from banyan.store.shelf import QUANTITY_MOST
from banyan.store.statements import fetch_statement, statement_page, statements
from banyan.store.views import RefundView, StatementPageView, StatementView, StuckView
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "orders.read"}
WRITE = {"audience": "member", "permission": "orders.write"}
MONEY = {"audience": "member", "permission": "refunds.approve"}
BOOKS = {"audience": "member", "permission": "ledger.read"}
SETTINGS = {"audience": "member", "permission": "settings.manage"}

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
TRIAL = "TRIAL"
PLACES = {"base_url": wechat_pay.BASE_URL, "gateway": alipay.GATEWAY}
ADDRESSES = frozenset({*PLACES.values(), alipay.SANDBOX_GATEWAY})
"""Where a member may send this house's requests: to the providers and nowhere else."""
State = Annotated[str | None, QueryParameter(name="state", max_length=20)]


class LineToRefund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of one line."""

    line_id: UUID
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MOST)]


class ToRefund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refund that the merchant begins."""

    lines: Annotated[list[LineToRefund], msgspec.Meta(min_length=1, max_length=100)]
    reason: Words


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agreement to a refund."""

    words: Annotated[str, msgspec.Meta(max_length=500)] = ""
    put_back: bool | None = None
    """Whether the goods go back on the shelf; None: as usual."""


class Rejection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a refund is not agreed to, as the buyer will read it."""

    words: Words


class ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the money was given, and what proves it."""

    words: Words


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was found out about a case."""

    resolution: Words


class RefundPage(msgspec.Struct, frozen=True):
    """Refunds, the newest first."""

    items: list[RefundView]
    next: str | None = None
    total: int | None = None


class StatementPage(msgspec.Struct, frozen=True):
    """Days, the newest first."""

    items: list[StatementView]
    next: str | None = None
    total: int | None = None


class ProviderState(msgspec.Struct, frozen=True):
    """A provider, whether money is taken there, and how people can pay."""

    provider: str
    is_on: bool
    has_keys: bool
    methods: list[str]


class ProviderPage(msgspec.Struct, frozen=True):
    """Every provider."""

    items: list[ProviderState]
    next: str | None = None
    total: int | None = None


class Trial(msgspec.Struct, frozen=True):
    """Whether a provider knew our keys; its own words if it did not."""

    is_good: bool
    problem: str | None = None


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The merchant's keys at a provider; kept encrypted and never shown. None: those it has."""

    settings: dict[str, Any] | None = None
    is_on: bool = True


@get("/api/admin/refunds", opt=READ, sync_to_thread=True)
def list_refunds(
    caller: NamedDependency[Caller], in_state: State = None, cursor: FromQuery[UUID | None] = None
) -> RefundPage:
    """Return refunds, the newest first."""
    with caller.work() as work:
        found = refund_views(work, states=[in_state] if in_state else None, cursor=cursor)
    return RefundPage(found)


@post("/api/admin/orders/{order_id:uuid}/refunds", opt=MONEY, sync_to_thread=True)
def begin_refund(
    caller: NamedDependency[Caller],
    order_id: FromPath[UUID],
    data: JSONBody[ToRefund],
    request_key: NamedDependency[RequestKey | None],
) -> RefundView:
    """Refund some of an order without being asked; it is approved by whoever begins it."""

    def do() -> RefundView:
        wanted = [RefundLine(line.line_id, line.quantity) for line in data.lines]
        made = ask_refund(work, order_id, wanted, data.reason)
        approve_refund(work, made, data.reason)
        workspaces.audit(work, "refund.begun", str(made), {"order": str(order_id)})
        return refund_view(work, made)

    with caller.work() as work:
        return requests.once(work, request_key, RefundView, do)


@post("/api/admin/refunds/{refund_id:uuid}/approval", opt=MONEY, sync_to_thread=True)
def approve(
    caller: NamedDependency[Caller], refund_id: FromPath[UUID], data: JSONBody[Approval]
) -> RefundView:
    """Agree to a refund; it is sent within seconds."""
    with caller.work() as work:
        approve_refund(work, refund_id, data.words, put_back=data.put_back)
        workspaces.audit(work, "refund.approved", str(refund_id), {"put_back": data.put_back})
        return refund_view(work, refund_id)


@post("/api/admin/refunds/{refund_id:uuid}/rejection", opt=MONEY, sync_to_thread=True)
def reject(
    caller: NamedDependency[Caller], refund_id: FromPath[UUID], data: JSONBody[Rejection]
) -> RefundView:
    """Do not agree to a refund, and say why."""
    with caller.work() as work:
        reject_refund(work, refund_id, data.words)
        workspaces.audit(work, "refund.rejected", str(refund_id), {"words": data.words})
        return refund_view(work, refund_id)


@post("/api/admin/refunds/{refund_id:uuid}/retry", opt=MONEY, sync_to_thread=True)
def retry(caller: NamedDependency[Caller], refund_id: FromPath[UUID]) -> RefundView:
    """Try a refund again that could not be made, under its same number."""
    with caller.work() as work:
        retry_refund(work, refund_id)
        workspaces.audit(work, "refund.retried", str(refund_id))
        return refund_view(work, refund_id)


@post("/api/admin/refunds/{refund_id:uuid}/by-hand", opt=MONEY, sync_to_thread=True)
def record_by_hand(
    caller: NamedDependency[Caller], refund_id: FromPath[UUID], data: JSONBody[ByHand]
) -> RefundView:
    """Write down that a refund the provider refused was given to the buyer in another way."""
    with caller.work() as work:
        record_refund_by_hand(work, refund_id, data.words)
        workspaces.audit(work, "refund.given_by_hand", str(refund_id), {"words": data.words})
        return refund_view(work, refund_id)


@get("/api/admin/payments/stuck", opt=READ, sync_to_thread=True)
def list_stuck(caller: NamedDependency[Caller]) -> StuckView:
    """Return what an operator must act on."""
    with caller.work() as work:
        return stuck(work)


@post("/api/admin/cases/{case_id:uuid}/closing", opt=MONEY, sync_to_thread=True)
def close(
    caller: NamedDependency[Caller], case_id: FromPath[UUID], data: JSONBody[Closing]
) -> StuckView:
    """Close a case with the words of what was found."""
    with caller.work() as work:
        close_case(work, case_id, data.resolution)
        workspaces.audit(work, "case.closed", str(case_id), {"resolution": data.resolution})
        return stuck(work)


@get("/api/admin/statements", opt=BOOKS, sync_to_thread=True)
def list_statements(caller: NamedDependency[Caller]) -> StatementPage:
    """Return the days that were fetched."""
    with caller.work() as work:
        return StatementPage(statements(work))


@get("/api/admin/statements/{provider:str}/{day:date}", opt=BOOKS, sync_to_thread=True)
def read_statement(
    caller: NamedDependency[Caller], provider: FromPath[str], day: FromPath[date]
) -> StatementPageView:
    """Return a day line by line, what is unexplained first."""
    with caller.work() as work:
        return statement_page(work, provider, day)


@post(
    "/api/admin/statements/{provider:str}/{day:date}",
    opt=BOOKS,
    status_code=200,
    sync_to_thread=True,
)
def fetch(
    caller: NamedDependency[Caller], provider: FromPath[str], day: FromPath[date]
) -> StatementView:
    """Fetch a day's statement now and match it; repeating it is harmless."""
    found = fetch_statement(caller.workspace_id, provider, day, caller.actor)
    with caller.work() as work:
        workspaces.audit(work, "statement.fetched", provider, {"day": day.isoformat()})
    return found


@post("/api/admin/payments/{payment_id:uuid}/question", opt=WRITE, sync_to_thread=True)
def question(caller: NamedDependency[Caller], payment_id: FromPath[UUID]) -> StuckView:
    """Ask the provider now how a payment stands."""
    with caller.work() as work:
        ask_soon(work, payment_id)
        workspaces.audit(work, "payment.asked_about", str(payment_id))
    ask_about_payment(caller.workspace_id, payment_id)
    with caller.work() as work:
        return stuck(work)


@get("/api/admin/payment-providers", opt=READ, sync_to_thread=True)
def list_providers(caller: NamedDependency[Caller]) -> ProviderPage:
    """Return every provider and whether money is taken there; never a key."""
    return providers_of(caller)


def providers_of(caller: Caller) -> ProviderPage:
    """Return every provider and whether money is taken there."""
    with caller.work() as work:
        on, kept = set(providers_on(work)), providers_kept(work)
    items = [
        ProviderState(
            key,
            key in on,
            key in kept,
            list(provider_of(caller.workspace_id, key).methods) if key in on else [],
        )
        for key in ADAPTERS
        if key != "sandbox" or caller.workspace.is_sandbox
    ]
    return ProviderPage(items)


@put("/api/admin/payment-providers/{provider:str}", opt=SETTINGS, sync_to_thread=True)
def save_provider(
    caller: NamedDependency[Caller], provider: FromPath[str], data: JSONBody[Account]
) -> ProviderPage:
    """Keep the merchant's keys at a provider, if an adapter can work with them."""
    if provider not in ADAPTERS or provider == "sandbox":
        raise Refused(refusals.NO_PROVIDER)
    if data.settings is None:
        with caller.work() as work:
            switch_account(work, provider, is_on=data.is_on)
            workspaces.audit(work, "payment_provider.switched", provider, {"is_on": data.is_on})
        return providers_of(caller)
    if any(str(data.settings.get(name, known)) not in ADDRESSES for name, known in PLACES.items()):
        raise Refused(INVALID, problem="address")
    try:
        ADAPTERS[provider](caller.workspace_id, data.settings)
    except (ValueError, TypeError, msgspec.ValidationError) as error:
        raise Refused(INVALID, problem=type(error).__name__) from None
    with caller.work() as work:
        save_account(work, provider, data.settings, is_on=data.is_on)
        workspaces.audit(work, "payment_provider.saved", provider, {"is_on": data.is_on})
    return providers_of(caller)


@post(
    "/api/admin/payment-providers/{provider:str}/trial",
    opt=SETTINGS,
    status_code=200,
    sync_to_thread=True,
)
def try_provider(caller: NamedDependency[Caller], provider: FromPath[str]) -> Trial:
    """Ask the provider about a payment that never was: an answer shows that the keys are good."""
    account = provider_of(caller.workspace_id, provider)
    try:
        account.find_payment(f"{TRIAL}{new_code(80)}")
    except Unreachable as error:
        return Trial(is_good=False, problem=str(error)[:200] or "no answer")
    except Declined as error:
        return Trial(is_good=False, problem=str(error)[:200])
    return Trial(is_good=True)


@get("/api/admin/sandbox/payments", opt=READ, sync_to_thread=True)
def read_manners(caller: NamedDependency[Caller]) -> Manners:
    """Return how the sandbox provider behaves."""
    _must_be_sandbox(caller)
    with caller.work() as work:
        return manners_of(work)


@put("/api/admin/sandbox/payments", opt=WRITE, sync_to_thread=True)
def change_manners(caller: NamedDependency[Caller], data: JSONBody[Manners]) -> Manners:
    """Tell the sandbox provider how to behave."""
    _must_be_sandbox(caller)
    with caller.work() as work:
        set_manners(work, data)
        workspaces.audit(work, "sandbox.told", "payments", msgspec.to_builtins(data))
    return data


def _must_be_sandbox(caller: Caller) -> None:
    if not caller.workspace.is_sandbox:
        raise Refused(refusals.ONLY_IN_SANDBOX)


routes = [
    list_refunds,
    begin_refund,
    approve,
    reject,
    retry,
    record_by_hand,
    list_stuck,
    question,
    close,
    list_statements,
    fetch,
    read_statement,
    list_providers,
    save_provider,
    try_provider,
    read_manners,
    change_manners,
]
