"""What members and API keys may do with payouts, gifts and the exchange shelf, over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from banyan.rewards import debts_api, payouts
from banyan.rewards.exchange import ExchangeItem, ShelfPlace, fund_house, put_on_shelf, shelf
from banyan.rewards.gifts import GiftView, gifts_wanted, hand_over_gift, ship_gift
from banyan.rewards.house import house_of
from banyan.rewards.payouts import PayoutTerms, PayoutView, TermsView
from banyan.rewards.payouts.listing import Approval
from banyan.rewards.plans import PlanView, fund_plan, plans
from banyan.rewards.queries import budget_view
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "rewards.read"}
MONEY = {"audience": "member", "permission": "refunds.approve"}
SETTINGS = {"audience": "member", "permission": "settings.manage"}
SHELF = {"audience": "member", "permission": "store.write"}
HAND_OVER = {"audience": "member", "permission": "orders.write"}

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
State = Annotated[str | None, QueryParameter(name="state", max_length=20)]


class PayoutPage(msgspec.Struct, frozen=True):
    """Payouts."""

    items: list[PayoutView]
    approval: Approval
    next: str | None = None
    total: int | None = None


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why not."""

    reason: Words


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a payout by hand: its reference, or what went wrong."""

    was_paid: bool
    reference: Words


class HouseBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange shelf may cost in all, in minor units."""

    total_minor: Annotated[int, msgspec.Meta(ge=0, le=10**11)] = 0
    spent_minor: int = 0


class ExchangeShelf(msgspec.Struct, frozen=True, kw_only=True):
    """The exchange shelf and its budget."""

    items: list[ShelfPlace]
    budget: HouseBudget


class Gifts(msgspec.Struct, frozen=True):
    """Gifts that people want."""

    items: list[GiftView]
    next: str | None = None
    total: int | None = None


class Shipment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With whom a gift travels."""

    company: Words
    number: Words


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of a gift."""

    code: Annotated[str, msgspec.Meta(min_length=4, max_length=40)]


class HandedOver(msgspec.Struct, frozen=True):
    """The grant whose gift was handed over."""

    grant_id: UUID


class PlanTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plan is called, what it may set aside in all, and when to be told."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    total_minor: Annotated[int, msgspec.Meta(ge=0, le=10**13)]
    warn_at_bps: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 8000


class Plans(msgspec.Struct, frozen=True):
    """Plans."""

    items: list[PlanView]


@get("/api/admin/payouts", opt=READ, sync_to_thread=True)
def list_payouts(caller: NamedDependency[Caller], in_state: State = None) -> PayoutPage:
    """Return the newest payouts; `state` may be one of theirs, `approval` or `stuck`."""
    with caller.work() as work:
        return PayoutPage(payouts.payout_list(work, in_state), payouts.approval_of(work))


@post(
    "/api/admin/payouts/{payout_id:uuid}/approval", opt=MONEY, status_code=204, sync_to_thread=True
)
def agree(caller: NamedDependency[Caller], payout_id: FromPath[UUID]) -> None:
    """Agree to a payout that somebody else asked for."""
    with caller.work() as work:
        payouts.approve_payout(work, payout_id)


@post(
    "/api/admin/payouts/{payout_id:uuid}/rejection", opt=MONEY, status_code=204, sync_to_thread=True
)
def disagree(
    caller: NamedDependency[Caller], payout_id: FromPath[UUID], data: JSONBody[Why]
) -> None:
    """Do not agree to a payout."""
    with caller.work() as work:
        payouts.reject_payout(work, payout_id, data.reason)


@post("/api/admin/payouts/{payout_id:uuid}/record", opt=MONEY, status_code=204, sync_to_thread=True)
def write_down(
    caller: NamedDependency[Caller], payout_id: FromPath[UUID], data: JSONBody[Recorded]
) -> None:
    """Write down what became of a payout by hand."""
    with caller.work() as work:
        payouts.record_manual(work, payout_id, data.reference, was_paid=data.was_paid)


@get("/api/admin/payout-terms", opt=READ, sync_to_thread=True)
def read_terms(caller: NamedDependency[Caller]) -> TermsView:
    """Return how the merchant pays out."""
    with caller.work() as work:
        return payouts.terms_view(work)


@put("/api/admin/payout-terms", opt=SETTINGS, sync_to_thread=True)
def write_terms(caller: NamedDependency[Caller], data: JSONBody[PayoutTerms]) -> TermsView:
    """Set how the merchant pays out; higher limits wait for another member."""
    with caller.work() as work:
        payouts.ask_payout_terms(work, data)
        return payouts.terms_view(work)


@post("/api/admin/payout-terms/confirmation", opt=MONEY, status_code=200, sync_to_thread=True)
def confirm_terms(caller: NamedDependency[Caller]) -> TermsView:
    """Confirm the higher limits that another member asked for."""
    with caller.work() as work:
        payouts.confirm_payout_terms(work)
        return payouts.terms_view(work)


@delete("/api/admin/payout-terms/confirmation", opt=MONEY, status_code=200, sync_to_thread=True)
def drop_terms(caller: NamedDependency[Caller]) -> TermsView:
    """Let the higher limits go that wait for a confirmation."""
    with caller.work() as work:
        payouts.drop_payout_terms(work)
        return payouts.terms_view(work)


def _exchange_shelf(caller: Caller) -> ExchangeShelf:
    with caller.work() as work:
        view = budget_view(work, house_of(work.workspace_id))
        budget = HouseBudget(
            total_minor=view.total_minor if view else 0,
            spent_minor=view.spent_minor if view else 0,
        )
        return ExchangeShelf(items=shelf(work, only_on=False), budget=budget)


@get("/api/admin/exchange", opt=READ, sync_to_thread=True)
def read_exchange(caller: NamedDependency[Caller]) -> ExchangeShelf:
    """Return the exchange shelf."""
    return _exchange_shelf(caller)


@put("/api/admin/exchange", opt=SHELF, sync_to_thread=True)
def write_item(caller: NamedDependency[Caller], data: JSONBody[ExchangeItem]) -> ExchangeShelf:
    """Put something on the exchange shelf, or change it; its key says which."""
    with caller.work() as work:
        put_on_shelf(work, data)
    return _exchange_shelf(caller)


@put("/api/admin/exchange/budget", opt=SETTINGS, sync_to_thread=True)
def write_house_budget(
    caller: NamedDependency[Caller], data: JSONBody[HouseBudget]
) -> ExchangeShelf:
    """Set what the exchange shelf may cost in all."""
    with caller.work() as work:
        fund_house(work, data.total_minor)
    return _exchange_shelf(caller)


@get("/api/admin/gifts", opt=HAND_OVER, sync_to_thread=True)
def list_gifts(caller: NamedDependency[Caller], in_state: State = None) -> Gifts:
    """Return the gifts that people want sent, and those that are on their way."""
    with caller.work() as work:
        return Gifts(gifts_wanted(work, in_state))


@post(
    "/api/admin/gifts/{grant_id:uuid}/shipment", opt=HAND_OVER, status_code=204, sync_to_thread=True
)
def send_gift(
    caller: NamedDependency[Caller], grant_id: FromPath[UUID], data: JSONBody[Shipment]
) -> None:
    """Write down with whom a gift travels."""
    with caller.work() as work:
        ship_gift(work, grant_id, data.company, data.number)


@post("/api/admin/gifts/collection", opt=HAND_OVER, status_code=200, sync_to_thread=True)
def give_gift(caller: NamedDependency[Caller], data: JSONBody[Code]) -> HandedOver:
    """Hand a gift over in the shop for its code."""
    with caller.work() as work:
        return HandedOver(hand_over_gift(work, data.code))


@get("/api/admin/plans", opt=READ, sync_to_thread=True)
def list_plans(caller: NamedDependency[Caller]) -> Plans:
    """Return the plans with their campaigns."""
    with caller.work() as work:
        return Plans(plans(work))


@put("/api/admin/plans/{plan_id:uuid}", opt=SETTINGS, sync_to_thread=True)
def write_plan(
    caller: NamedDependency[Caller], plan_id: FromPath[UUID], data: JSONBody[PlanTerms]
) -> Plans:
    """Make a plan, or raise or lower it."""
    with caller.work() as work:
        fund_plan(work, plan_id, data.name, data.total_minor, warn_at_bps=data.warn_at_bps)
        return Plans(plans(work))


routes = [
    list_plans,
    write_plan,
    list_payouts,
    agree,
    disagree,
    write_down,
    read_terms,
    write_terms,
    confirm_terms,
    drop_terms,
    read_exchange,
    write_item,
    write_house_budget,
    list_gifts,
    send_gift,
    give_gift,
    *debts_api.routes,
]
