"""Placing orders: as many at once as wait, in one transaction.

`place_orders` reads the shelf, locks stock that may run short in id order, answers each request in
arrival order and writes everything with a handful of set-wise statements. Stock is reserved before
the order exists. It reads which keys were used before it inserts; when another transaction was
quicker, a constraint (`UniqueViolation`) or the ledger (`Overtaken`) says so and the caller runs the
transaction again.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banyan import people
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.requests import MISMATCH
from banyan.kernel.work import Work
from banyan.ledger import Book
from banyan.store import carts, refusals
from banyan.store.events import LineSold, OrderPlaced
from banyan.store.orders import orders_by_id
from banyan.store.pricing import Goods, Price, Unfit, Voucher, price
from banyan.store.shelf import Item, Shelf, SkuOnShelf
from banyan.store.states import PLACED
from banyan.store.stock import StockAccounts, reserve, stock_accounts
from banyan.store.views import DiscountView, LineView, OrderView, Twin

HOLD_MINUTES = 15
"""How long stock is reserved for an order that is not paid."""
PAYABLE_MOST_MINOR = 10**11
NUMBER_BITS = 40
PLENTY = 32
"""Stock is plentiful when so many sets of requests like the one at hand could be served."""

DELIVERY, COLLECTION = "delivery", "collection"


class OrderRequest(NamedTuple):
    """An order asked for. Prices are not part of it: they are the shelf's."""

    buyer_id: UUID
    items: tuple[Item, ...]
    """Each SKU once (`merged`)."""
    fulfilment: str = DELIVERY
    address_id: UUID | None = None
    via_shop_id: UUID | None = None
    note: str = ""
    link_code: str | None = None
    request_key: str | None = None
    """The Idempotency-Key, and what tells another request under it."""
    request_digest: bytes | None = None
    vouchers: tuple[Voucher, ...] = ()
    order_id: UUID | None = None
    """The id the order will have, when the caller has told others of it already."""
    is_held: bool = False
    """Whether, once paid, it waits for `release_orders` before anything is handed over."""
    coupon_ids: tuple[UUID, ...] = ()
    """What the buyer wants to use; the caller makes vouchers of it, the store does not read it."""


class Made(NamedTuple):
    """An order about to be written, in the order of the columns."""

    id: UUID
    number: str
    shop_id: UUID
    via_shop_id: UUID | None
    buyer_id: UUID
    fulfilment: str
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    discounts: str
    address_id: UUID | None
    note: str
    link_code: str | None
    request_key: str | None
    request_digest: bytes | None
    is_held: bool


class MadeLine(NamedTuple):
    """A line about to be written, in the order of the columns."""

    id: UUID
    order_id: UUID
    nth: int
    sku_id: UUID
    product_id: UUID
    category_id: UUID | None
    product_name: str
    attributes: str
    no_return: str | None
    quantity: int
    unit_price_minor: int
    discount_minor: int
    payable_minor: int


Answer = OrderView | Refused
KNOWN = """
select o.buyer_id, o.request_key, o.request_digest, o.id
from unnest(%b::uuid[], %b::text[]) as a (buyer, key)
join orders o on o.workspace_id = %s and o.buyer_id = a.buyer and o.request_key = a.key
"""

ADDRESSES = """
select id, person_id from addresses
where workspace_id = %s and id = any(%b) and hidden_at is null
"""

VIA = """
select s.id, l.product_id from shops s
join shop_selections l on l.workspace_id = s.workspace_id and l.shop_id = s.id
where s.workspace_id = %s and s.id = any(%b) and l.product_id = any(%b)
  and s.owner_person_id is not null and s.state = 'open'
"""

INSERT_ORDERS = """
insert into orders (workspace_id, state, placed_at, expires_at, id, number, shop_id, via_shop_id,
                    buyer_id, fulfilment, currency, goods_minor, discount_minor, freight_minor,
                    payable_minor, discounts, address_id, note, link_code, request_key,
                    request_digest, is_held)
select %s, 'placed', %s, %s, o.*
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[],
            %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::json[], %b::uuid[],
            %b::text[], %b::text[], %b::text[], %b::bytea[], %b::boolean[]) as o
"""

INSERT_LINES = """
insert into order_lines (workspace_id, id, order_id, nth, sku_id, product_id, category_id, product_name,
  attributes, no_return, quantity, unit_price_minor, discount_minor, payable_minor)
select %s, l.* from unnest(
  %b::uuid[], %b::uuid[], %b::smallint[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[],
  %b::json[], %b::text[], %b::int[], %b::bigint[], %b::bigint[], %b::bigint[]) as l
"""

_encode = msgspec.json.Encoder().encode


def place_orders(work: Work, requests: Sequence[OrderRequest]) -> list[Answer]:
    """Place `requests` in order, set-wise; one outcome each, and a refusal is a value.

    A repeat of a key gets the order it made. Raises `psycopg.errors.UniqueViolation` when another
    transaction used a key meanwhile, `ledger.Overtaken` when it took the stock: run it again.
    """
    return _Placing(work, requests).run()


def orders_by_key(
    work: Work, keyed: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], tuple[bytes | None, OrderView]]:
    """Return the orders that were made under these keys of their buyers, each with its digest."""
    if not keyed:
        return {}
    rows = work.driver.execute(
        KNOWN, ([buyer for buyer, _ in keyed], [key for _, key in keyed], work.workspace_id)
    ).fetchall()
    if not rows:
        return {}
    views = orders_by_id(work, [row[3] for row in rows])
    return {(row[0], row[1]): (row[2], views[row[3]]) for row in rows}


class _Placing:
    """One set of requests on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[OrderRequest]) -> None:
        self.work = work
        self.requests = requests
        self.known = self._read_known()
        self.shelf = Shelf(work, {item.sku_id for each in requests for item in each.items})
        self.buyers = people.met_at(work, {each.buyer_id for each in requests})
        self.addresses = self._read_addresses()
        self.via = self._read_via()
        self.stock: dict[UUID, StockAccounts] = {
            sku: stock_accounts(work.workspace_id, sku) for sku in self.shelf.skus
        }
        self.book = self._open_book()
        self.expires_at = work.now + timedelta(minutes=HOLD_MINUTES)
        self.day = f"{work.now:%y%m%d}"
        self.made: list[Made] = []
        self.lines: list[MadeLine] = []
        self.events: list[Event] = []

    def run(self) -> list[Answer]:
        answers = [self._answer(request) for request in self.requests]
        self._write()
        return answers

    def _open_book(self) -> Book:
        """Read the stock; lock it now only where it may run short.

        Plenty is locked when the book is closed, so that those who place and those who pay do not
        queue for a hot SKU; should it have been sold meanwhile, closing says so.
        """
        accounts = list(chain.from_iterable((a.available, a.reserved) for a in self.stock.values()))
        wanted = Counter[UUID]()
        for item in chain.from_iterable(request.items for request in self.requests):
            wanted[item.sku_id] += item.quantity
        accounts = list(chain.from_iterable(each[1:3] for each in self.stock.values()))
        book = Book(self.work, accounts, is_late=True)
        is_plenty = all(
            (shelf := book.accounts.get(each.available)) is not None
            and shelf.free_minor >= PLENTY * wanted[sku]
            for sku, each in self.stock.items()
        )
        return book if is_plenty else Book(self.work, accounts)

    def _read_known(self) -> dict[tuple[UUID, str], tuple[bytes | None, OrderView]]:
        keyed = [(r.buyer_id, r.request_key) for r in self.requests if r.request_key is not None]
        return orders_by_key(self.work, keyed)

    def _read_addresses(self) -> set[tuple[UUID, UUID]]:
        wanted = sorted({each.address_id for each in self.requests if each.address_id})
        if not wanted:
            return set()
        return set(self.work.driver.execute(ADDRESSES, (self.work.workspace_id, wanted)))

    def _read_via(self) -> set[tuple[UUID, UUID]]:
        """Return which participant's shop shows which product."""
        wanted = sorted({each.via_shop_id for each in self.requests if each.via_shop_id})
        if not wanted:
            return set()
        products = sorted({sku.product_id for sku in self.shelf.skus.values()})
        rows = self.work.driver.execute(VIA, (self.work.workspace_id, wanted, products))
        return {(shop, product) for shop, product in rows}

    def _answer(self, request: OrderRequest) -> Answer:  # noqa: PLR0911 - one way out a refusal
        if request.request_key is not None:
            done = self.known.get((request.buyer_id, request.request_key))
            if done is not None:
                return done[1] if done[0] == request.request_digest else Refused(MISMATCH)
        if request.buyer_id not in self.buyers:
            return Refused(NOT_SIGNED_IN)
        if problem := self.shelf.problem(request.items):
            return problem
        if request.fulfilment == DELIVERY and (
            request.address_id is None
            or (request.address_id, request.buyer_id) not in self.addresses
        ):
            return Refused(refusals.ADDRESS_NEEDED)
        skus = [self.shelf.skus[item.sku_id] for item in request.items]
        try:
            priced = self._price(request, skus)
        except Unfit:
            return Refused(refusals.VOUCHER_UNFIT)
        if priced.payable_minor > PAYABLE_MOST_MINOR:
            return Refused(refusals.TOO_DEAR)
        line_ids = [new_id() for _ in skus]
        if sold_out := self._reserve(request, skus, line_ids):
            return sold_out
        view = self._make(request, skus, priced, line_ids)
        if request.request_key is not None:
            self.known[request.buyer_id, request.request_key] = (request.request_digest, view)
        return view

    def _price(self, request: OrderRequest, skus: list[SkuOnShelf]) -> Price:
        shop = skus[0]
        return price(
            [
                Goods(sku.product_id, sku.price_minor, item.quantity, sku.category_id)
                for sku, item in zip(skus, request.items, strict=True)
            ],
            self.shelf.discounts.get(shop.shop_id, ()),
            request.vouchers,
            self.work.now,
            freight_minor=shop.freight_minor if request.fulfilment == DELIVERY else 0,
            freight_free_from_minor=shop.freight_free_from_minor,
        )

    def _reserve(
        self, request: OrderRequest, skus: list[SkuOnShelf], line_ids: list[UUID]
    ) -> Refused | None:
        """Promise the stock of every line, or of none."""
        mark = self.book.mark()
        for sku, item, line_id in zip(skus, request.items, line_ids, strict=True):
            accounts = self.stock[sku.id]
            shelf = self.book.accounts.get(accounts.available)
            left = shelf.free_minor if shelf else 0
            if left < item.quantity:
                self.book.back_to(mark)
                return Refused(refusals.SOLD_OUT, name=sku.product_name, left=left)
            self.book.ask(reserve(accounts, line_id, item.quantity))
        return None

    def _via_of(self, request: OrderRequest, skus: list[SkuOnShelf]) -> UUID | None:
        """Return the participant's shop the order came through, if it shows all of its goods."""
        shop_id = request.via_shop_id
        if shop_id and all((shop_id, sku.product_id) in self.via for sku in skus):
            return shop_id
        return None

    def _make(
        self, request: OrderRequest, skus: list[SkuOnShelf], priced: Price, line_ids: list[UUID]
    ) -> OrderView:
        order_id, first = request.order_id or new_id(), skus[0]
        number = self.day + new_code(NUMBER_BITS)
        via = self._via_of(request, skus)
        address = request.address_id if request.fulfilment == DELIVERY else None
        discounts = [
            DiscountView(each.id, Twin(each.name_zh, each.name_en), each.minor)
            for each in priced.discounts
        ]
        self.made.append(
            Made(
                *(order_id, number, first.shop_id, via, request.buyer_id, request.fulfilment),
                *(first.currency, priced.goods_minor, priced.discount_minor),
                *(priced.freight_minor, priced.payable_minor, _encode(discounts).decode()),
                *(address, request.note, request.link_code),
                *(request.request_key, request.request_digest, request.is_held),
            )
        )
        lines: list[LineView] = []
        for nth, (sku, item, line_id) in enumerate(zip(skus, request.items, line_ids, strict=True)):
            off = priced.line_discounts[nth]
            payable = sku.price_minor * item.quantity - off
            self.lines.append(
                MadeLine(
                    *(line_id, order_id, nth, sku.id, sku.product_id, sku.category_id),
                    *(sku.product_name, _encode(sku.attributes).decode(), sku.no_return),
                    *(item.quantity, sku.price_minor, off, payable),
                )
            )
            lines.append(
                LineView(
                    id=line_id,
                    sku_id=sku.id,
                    product_id=sku.product_id,
                    product_name=sku.product_name,
                    attributes=sku.attributes,
                    no_return=sku.no_return,
                    quantity=item.quantity,
                    unit_price_minor=sku.price_minor,
                    discount_minor=off,
                    payable_minor=payable,
                )
            )
        self.events.append(
            OrderPlaced(
                order_id=order_id,
                buyer_person_id=request.buyer_id,
                shop_id=first.shop_id,
                via_shop_id=via,
                link_code=request.link_code,
                payable_minor=priced.payable_minor,
                currency=first.currency,
                lines=[
                    LineSold(e.id, e.sku_id, e.product_id, e.quantity, e.payable_minor)
                    for e in lines
                ],
            )
        )
        return OrderView(
            id=order_id,
            number=number,
            shop_id=first.shop_id,
            buyer_id=request.buyer_id,
            state=PLACED,
            fulfilment=request.fulfilment,
            currency=first.currency,
            goods_minor=priced.goods_minor,
            discount_minor=priced.discount_minor,
            freight_minor=priced.freight_minor,
            payable_minor=priced.payable_minor,
            discounts=discounts,
            lines=lines,
            note=request.note,
            address_id=address,
            collection_code=None,
            placed_at=self.work.now,
            expires_at=self.expires_at,
            is_held=request.is_held,
        )

    def _write(self) -> None:
        if not self.made:
            return
        work = self.work
        # In the order of the unique index, so that two transactions that meet there cannot each
        # wait for the other.
        made = sorted(self.made, key=lambda order: (order.buyer_id, order.request_key or ""))
        head: tuple[Any, ...] = (work.workspace_id, work.now, self.expires_at)
        work.driver.execute(INSERT_ORDERS, (*head, *map(list, zip(*made, strict=True))))
        columns = map(list, zip(*self.lines, strict=True))
        work.driver.execute(INSERT_LINES, (work.workspace_id, *columns))
        buyers = {order.id: order.buyer_id for order in made}
        carts.take_ordered(work, [(buyers[line.order_id], line.sku_id) for line in self.lines])
        record(work, self.events)
        # Last: what everybody buys is held for the blink of a commit.
        self.book.close()
