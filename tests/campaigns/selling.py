"""A merchant who sells by campaigns: a shop, goods on its shelf, and plays that sell them."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from banyan import campaigns, store
from banyan.campaigns import QuestOrderRequest
from banyan.kernel.errors import Refused
from banyan.kernel.relay import LAST_POSITION, Cursor, Recorded, read_events
from banyan.kernel.work import current_database
from banyan.store import OrderView
from banyan.store.addresses import AddressFields, add_address
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf
from tests.stage import offer

ALL = Cursor(1 << 62, LAST_POSITION)
LIST = 10_000
TEAM: dict[str, Any] = {
    "good": "tea",
    "tiers": [{"people": 2, "price_minor": 9000}, {"people": 3, "price_minor": 8000}],
    "hours_to_fill": 24,
    "leader_offer": "latte",
    "teams_per_person": 3,
    "most_per_order": 2,
}
BARGAIN: dict[str, Any] = {
    "good": "tea",
    "start_price_minor": LIST,
    "floor_minor": 4000,
    "cuts_needed": 3,
    "hours_to_finish": 24,
}
FLASH: dict[str, Any] = {"good": "tea", "price_minor": 5000, "quantity": 5, "per_person": 2}


class Market(Shelf):
    """One merchant, one product and the campaigns that sell it."""

    def __init__(self, stock: int = 1000, **terms: Any) -> None:
        super().__init__(**terms)
        # What others told before this merchant was there need not be read.
        self.since = Cursor(int(self.one("select pg_current_xact_id()::text")))
        self.tea = self.sku(stock, LIST)

    def selling(self, play: str, settings: dict[str, Any], **changes: Any) -> UUID:
        """Publish a campaign of `play` that sells the tea."""
        good = {
            "key": "tea",
            "name": {"zh": "高山红茶", "en": "Mountain tea"},
            "list_price_minor": LIST,
            "sku_id": str(self.tea),
        }
        return self.campaign(
            {"key": play, "settings": settings},
            **({"goods": [good], "offers": [offer("latte", 500)]} | changes),
        )

    def ask(self, quest: UUID, buyer: UUID, **more: Any) -> QuestOrderRequest:
        """Return a request to buy one and collect it in the shop, unless it says otherwise."""
        terms: dict[str, Any] = {"fulfilment": "collection", "request_key": secrets.token_hex(8)}
        return QuestOrderRequest(quest, buyer, **(terms | more))

    def order_in(self, requests: Sequence[QuestOrderRequest]) -> list[OrderView | Refused]:
        with self.work() as work:
            return campaigns.order_in_quests(work, requests)

    def address(self, person: UUID) -> UUID:
        """Return an address of this person."""
        fields = AddressFields(
            recipient="林小满",
            phone="13800138000",
            province="浙江省",
            city="杭州市",
            street="龙井路 1 号",
        )
        with self.work() as work:
            return add_address(work, person, fields).id

    def join(self, quest: UUID, buyer: UUID, **more: Any) -> OrderView:
        """Take a seat that there must be."""
        (answer,) = self.order_in([self.ask(quest, buyer, **more)])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def pay(self, *orders: OrderView) -> None:
        for order in orders:
            assert store.pay_in_sandbox(self.workspace, self.begin(order))
        deliver_sandbox_notices()

    def told(self, *orders: OrderView) -> int:
        """Let the quests hear what became of these orders."""
        with self.work() as work:
            return campaigns.tell_stories(work, [order.id for order in orders])

    def buy(self, quest: UUID, *buyers: UUID) -> list[OrderView]:
        """Take a seat for each, let them pay, and tell the quest."""
        orders = [self.join(quest, buyer) for buyer in buyers]
        self.pay(*orders)
        self.told(*orders)
        return orders

    def refunds_done(self) -> None:
        """Let every refund that is due go through the provider."""
        self.due_now()
        for due in store.due_refunds():
            if due[0] == self.workspace:
                store.send_refund(*due)

    def wake(self, **by: float) -> None:
        """Let time pass and wake the quests that asked for it."""
        self.now += timedelta(**by)
        with self.work() as work:
            campaigns.wake_due(work)

    def events(self) -> list[Recorded]:
        """Return every event of this merchant, in the relay's order.

        Those of others that are still open are not waited for: nobody else writes here.
        """
        found: list[Recorded] = []
        cursor = self.since
        with psycopg.connect(current_database().relay_url, autocommit=True) as connection:
            while batch := read_events(connection, cursor, until=ALL):
                found += [each for each in batch if each.workspace_id == self.workspace]
                cursor = batch[-1].cursor
        return found

    def quest_state(self, quest: UUID) -> str:
        return self.one("select state from quests where id = %s", quest)

    def team_state(self, quest: UUID) -> str:
        return self.one("select progress ->> 2 from quests where id = %s", quest)

    def order_state(self, order: OrderView) -> str:
        return self.one("select state from quest_orders where order_id = %s", order.id)

    def back(self, order: OrderView) -> int:
        """Return what has gone back of an order, in minor units."""
        return int(
            self.one(
                "select coalesce(sum(amount_minor), 0) from refunds"
                " where order_id = %s and state = 'done'",
                order.id,
            )
        )

    def held(self, order: OrderView) -> bool:
        return self.one("select is_held from orders where id = %s", order.id)
