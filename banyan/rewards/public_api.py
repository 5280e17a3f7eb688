"""What a participant does with what is theirs, over HTTP: the wallet, payouts, the exchange shelf."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.kernel import requests
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.ids import new_id
from banyan.kernel.requests import RequestKey
from banyan.people import Guest, Participant
from banyan.rewards.exchange import ShelfPlace, exchange, shelf
from banyan.rewards.gifts import GiftAddress, claim_gift
from banyan.rewards.payouts import PayoutRequest, ask_payout
from banyan.rewards.payouts.terms import Method
from banyan.rewards.wallet import Wallet, wallet

MINE = {"audience": "participant", "permission": None}


class ToPayOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much, by what, and where to."""

    amount_minor: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    method: Method
    payee: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Shelf(msgspec.Struct, frozen=True):
    """What points are exchanged for."""

    items: list[ShelfPlace]


def known(guest: Guest) -> Participant:
    """Return the participant a request comes from. Raises `not_signed_in`."""
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    return guest.participant


@get("/api/public/wallet", opt=MINE, sync_to_thread=True)
def read_wallet(guest: NamedDependency[Guest]) -> Wallet:
    """Return what is mine."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return wallet(work, me.person_id)


@post("/api/public/payouts", opt=MINE, sync_to_thread=True)
def want_payout(
    guest: NamedDependency[Guest],
    data: JSONBody[ToPayOut],
    request_key: NamedDependency[RequestKey | None],
) -> Wallet:
    """Ask for my cash; return what is mine then."""
    me = known(guest)

    def do() -> Wallet:
        asked = PayoutRequest(new_id(), me.person_id, data.method, data.amount_minor, data.payee)
        ask_payout(work, asked)
        return wallet(work, me.person_id)

    with guest.work(me.workspace_id) as work:
        return requests.once(work, request_key, Wallet, do)


@get("/api/public/exchange", opt=MINE, sync_to_thread=True)
def read_shelf(guest: NamedDependency[Guest]) -> Shelf:
    """Return what my points can be exchanged for."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return Shelf(shelf(work))


@post("/api/public/exchange/{item_id:uuid}", opt=MINE, sync_to_thread=True)
def exchange_points(
    guest: NamedDependency[Guest],
    item_id: FromPath[UUID],
    request_key: NamedDependency[RequestKey | None],
) -> Wallet:
    """Exchange my points for what is on the shelf; return what is mine then."""
    me = known(guest)

    def do() -> Wallet:
        exchange(work, new_id(), me.person_id, item_id)
        return wallet(work, me.person_id)

    with guest.work(me.workspace_id) as work:
        return requests.once(work, request_key, Wallet, do)


@post("/api/public/gifts/{grant_id:uuid}/claim", opt=MINE, sync_to_thread=True)
def want_gift(
    guest: NamedDependency[Guest], grant_id: FromPath[UUID], data: JSONBody[GiftAddress]
) -> Wallet:
    """Have my gift sent."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        claim_gift(work, grant_id, me.person_id, data)
        return wallet(work, me.person_id)


routes = [read_wallet, want_payout, read_shelf, exchange_points, want_gift]
