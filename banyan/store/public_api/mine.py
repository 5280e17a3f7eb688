"""What a signed-in buyer keeps, over HTTP: favourites, cart, addresses, a shop of their own."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.kernel import requests
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.requests import RequestKey
from banyan.people import Guest, Participant
from banyan.store import addresses, carts, favourites, own_shops
from banyan.store.addresses import AddressFields
from banyan.store.catalogue_views import Address, Cart, Favourites, OwnShop
from banyan.store.own_shops import OwnShopFields

MINE = {"audience": "participant", "permission": None}

THINGS: dict[str, favourites.Kind] = {"products": "product", "shops": "shop"}
Things = Literal["products", "shops"]


class PutIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of a SKU the cart shall hold."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    via_shop_id: UUID | None = None


class AddressPage(msgspec.Struct, frozen=True):
    """Addresses."""

    items: list[Address]
    next: str | None = None
    total: int | None = None


class MyShop(msgspec.Struct, frozen=True):
    """My shop, if I have one."""

    shop: OwnShop | None


def known(guest: Guest) -> Participant:
    """Return the participant a request comes from. Raises `not_signed_in`."""
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    return guest.participant


@get("/api/public/favourites", opt=MINE, sync_to_thread=True)
def list_favourites(guest: NamedDependency[Guest]) -> Favourites:
    """Return what I marked."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return favourites.favourites(work, me.person_id)


@put(
    "/api/public/favourites/{things:str}/{thing_id:uuid}",
    opt=MINE,
    status_code=204,
    sync_to_thread=True,
)
def mark(guest: NamedDependency[Guest], things: FromPath[Things], thing_id: FromPath[UUID]) -> None:
    """Mark a product or a shop."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        favourites.mark(work, me.person_id, THINGS[things], thing_id)


@delete("/api/public/favourites/{things:str}/{thing_id:uuid}", opt=MINE, sync_to_thread=True)
def unmark(
    guest: NamedDependency[Guest], things: FromPath[Things], thing_id: FromPath[UUID]
) -> None:
    """Take a mark away."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        favourites.unmark(work, me.person_id, THINGS[things], thing_id)


@get("/api/public/cart", opt=MINE, sync_to_thread=True)
def read_cart(guest: NamedDependency[Guest]) -> Cart:
    """Return my cart at the prices of this moment."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return carts.cart(work, me.person_id)


@put("/api/public/cart/lines/{sku_id:uuid}", opt=MINE, sync_to_thread=True)
def put_in(guest: NamedDependency[Guest], sku_id: FromPath[UUID], data: JSONBody[PutIn]) -> Cart:
    """Make my cart hold so many of a SKU."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        carts.put_in(work, me.person_id, sku_id, data.quantity, data.via_shop_id)
        return carts.cart(work, me.person_id)


@delete("/api/public/cart/lines/{sku_id:uuid}", opt=MINE, status_code=200, sync_to_thread=True)
def take_out(guest: NamedDependency[Guest], sku_id: FromPath[UUID]) -> Cart:
    """Take a SKU out of my cart."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        carts.take_out(work, me.person_id, [sku_id])
        return carts.cart(work, me.person_id)


@get("/api/public/addresses", opt=MINE, sync_to_thread=True)
def list_addresses(guest: NamedDependency[Guest]) -> AddressPage:
    """Return my addresses, the first one first."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return AddressPage(addresses.addresses(work, me.person_id))


@post("/api/public/addresses", opt=MINE, sync_to_thread=True)
def add_address(
    guest: NamedDependency[Guest],
    data: JSONBody[AddressFields],
    request_key: NamedDependency[RequestKey | None],
) -> Address:
    """Keep an address."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return requests.once(
            work,
            request_key,
            Address,
            lambda: addresses.add_address(work, me.person_id, data),
        )


@put("/api/public/addresses/{address_id:uuid}", opt=MINE, sync_to_thread=True)
def change_address(
    guest: NamedDependency[Guest], address_id: FromPath[UUID], data: JSONBody[AddressFields]
) -> Address:
    """Replace an address by an edited one, which has another id."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return addresses.change_address(work, me.person_id, address_id, data)


@delete("/api/public/addresses/{address_id:uuid}", opt=MINE, sync_to_thread=True)
def hide_address(guest: NamedDependency[Guest], address_id: FromPath[UUID]) -> None:
    """Offer an address no more."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        addresses.hide_address(work, me.person_id, address_id)


@get("/api/public/shops/mine", opt=MINE, sync_to_thread=True)
def read_own_shop(guest: NamedDependency[Guest]) -> MyShop:
    """Return my shop, if I have one."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return MyShop(own_shops.own_shop(work, me.person_id))


@post("/api/public/shops", opt=MINE, sync_to_thread=True)
def open_own_shop(guest: NamedDependency[Guest], data: JSONBody[OwnShopFields]) -> OwnShop:
    """Open my shop."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return own_shops.open_own_shop(work, me.person_id, data)


@put("/api/public/shops/mine", opt=MINE, sync_to_thread=True)
def change_own_shop(guest: NamedDependency[Guest], data: JSONBody[OwnShopFields]) -> OwnShop:
    """Change my shop."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return own_shops.change_own_shop(work, me.person_id, data)


routes: list[Any] = [
    list_favourites,
    mark,
    unmark,
    read_cart,
    put_in,
    take_out,
    list_addresses,
    add_address,
    change_address,
    hide_address,
    read_own_shop,
    open_own_shop,
    change_own_shop,
]
