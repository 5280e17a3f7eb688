"""Teams: joins with a seat and a payment in the sandbox, against plain orders paid likewise.

Both loads do the same four steps over HTTP, each buyer on a connection of their own: place the
order, begin to pay, pay at the sandbox's cashier, and wait for nothing else. Afterwards every team
must stand, and every cent must be where the books say.
"""

import asyncio
import io
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from PIL import Image
from sqlalchemy import text

from banyan import campaigns, store, workspaces
from banyan.app.bench import field, openloop
from banyan.app.bench.audit import AuditError, every_invariant_holds
from banyan.app.bench.figures import Figure, ratio
from banyan.app.bench.stack import Stack
from banyan.campaigns import StartRequest
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import SYSTEM, across_workspaces, unit_of_work
from banyan.people import Participant, participant_token
from banyan.store import ProductFields, ShopFields, SkuFields

CONNECTIONS = 16
"""As many as the cashier answers side by side without sending anybody away."""
SEATS = 8
LIST_MINOR = 10_000
TEAM_MINOR = 8000
STOCK = 10_000_000
SETTLED_WITHIN_S = 60.0
OK = 200, 201
_keys = count()


class Buyer(NamedTuple):
    """Who buys, and where: a quest, or the shop itself."""

    person_id: UUID
    quest_id: UUID | None


class _Order(msgspec.Struct):
    id: UUID


class _Paying(msgspec.Struct):
    url: str


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return `team_joins_ratio`; raise `AuditError` when one seat, order or cent is off."""
    workspace_id = _make_sandbox()
    sku_id = _make_product(workspace_id)
    campaign_id = _make_campaign(workspace_id, sku_id)
    teams: list[float] = []
    plain: list[float] = []
    number = max(CONNECTIONS * 2, int(40 * seconds) // SEATS * SEATS)

    def joins() -> float:
        return _run(stack, workspace_id, _in_teams(workspace_id, campaign_id, number), sku_id)

    def orders() -> float:
        buyers = [Buyer(each, None) for each in field.make_people(workspace_id, number)]
        return _run(stack, workspace_id, buyers, sku_id)

    for take in (joins, orders):
        take()  # warm caches, connections and plans
    for _ in range(rounds):
        teams.append(joins())
        plain.append(orders())
    _audit(workspace_id, (rounds + 1) * number)
    every_invariant_holds()
    return [
        ratio(
            "team_joins_ratio" + label,
            "team joins/s with seat and payment in the sandbox ÷ plain orders/s paid likewise",
            teams,
            plain,
            0.5,
        )
    ]


def _make_sandbox() -> UUID:
    workspace_id = new_id()
    workspaces.create_workspace(
        workspace_id, slug=f"bench-{new_code(40)}", name="Bench", is_sandbox=True
    )
    return workspace_id


def _make_product(workspace_id: UUID) -> UUID:
    """Put one product on the shelf of a shop, and return its SKU."""
    shop_id, product_id = new_id(), new_id()
    pixels = io.BytesIO()
    Image.new("RGB", (600, 600), (44, 84, 66)).save(pixels, "PNG")
    drawn = store.drawn(pixels.getvalue())
    with unit_of_work(workspace_id, SYSTEM) as work:
        picture_id = store.add_picture(work, pixels.getvalue(), drawn).id
        store.open_shop(work, shop_id, ShopFields(name="Bench"))
        sku = SkuFields(price_minor=LIST_MINOR, quantity=STOCK)
        fields = ProductFields(shop_id=shop_id, name="Tea", picture_ids=[picture_id], skus=[sku])
        store.add_products(work, [(product_id, fields)])
        (outcome,) = store.publish(work, [product_id])
        row = work.driver.execute(
            "select id from skus where workspace_id = %s and product_id = %s",
            (workspace_id, product_id),
        ).fetchone()
    if row is None or outcome.problems:
        raise AssertionError(outcome)
    return row[0]


def _make_campaign(workspace_id: UUID, sku_id: UUID) -> UUID:
    campaign_id = new_id()
    with unit_of_work(workspace_id, SYSTEM) as work:
        definition = _definition(sku_id, work.now + timedelta(days=30))
        campaigns.create_campaign(work, campaign_id, definition=definition)
        campaigns.publish_campaign(work, campaign_id)
    return campaign_id


def _definition(sku_id: UUID, ends_at: Any) -> dict[str, Any]:
    return {
        "name": "Bench team",
        "period": {"ends_at": ends_at.isoformat()},
        "budget": {"total_minor": 0},
        "surfaces": ["own_web"],
        "channels": ["web"],
        "host": {"name": "Bench", "contact": "400-000-0000"},
        "play": {
            "key": "group_buy",
            "settings": {
                "good": "tea",
                "tiers": [{"people": SEATS, "price_minor": TEAM_MINOR}],
                "hours_to_fill": 24,
            },
        },
        "goods": [
            {
                "key": "tea",
                "name": {"zh": "红茶", "en": "Tea"},
                "list_price_minor": LIST_MINOR,
                "sku_id": str(sku_id),
            }
        ],
        "offers": [],
        "page": {
            "title": {"zh": "拼团", "en": "Team"},
            "blocks": [{"kind": "action"}, {"kind": "rules"}],
        },
    }


def _in_teams(workspace_id: UUID, campaign_id: UUID, number: int) -> list[Buyer]:
    """Return `number` buyers, eight to a team; the first of each leads it."""
    people = field.make_people(workspace_id, number)
    leaders = people[::SEATS]
    with unit_of_work(workspace_id, SYSTEM) as work:
        begun = campaigns.start_quests(
            work, [StartRequest(campaign_id, leader, "web") for leader in leaders]
        )
    buyers: list[Buyer] = []
    for nth, person in enumerate(people):
        quest = begun[nth // SEATS]
        if isinstance(quest, Refused):
            raise quest
        buyers.append(Buyer(person, quest.quest_id))
    return buyers


def _run(stack: Stack, workspace_id: UUID, buyers: Sequence[Buyer], sku_id: UUID) -> float:
    """Let everybody order and pay; return how many a second did."""
    taken = asyncio.run(_buy(stack, workspace_id, buyers, sku_id))
    return len(buyers) / taken


async def _buy(stack: Stack, workspace_id: UUID, buyers: Sequence[Buyer], sku_id: UUID) -> float:
    connections = await openloop.connect("127.0.0.1", stack.port, CONNECTIONS)
    waiting = iter(buyers)

    async def one_after_another(connection: openloop.Answer) -> None:
        for buyer in waiting:
            await _one(connection, workspace_id, buyer, sku_id)

    begin = perf_counter()
    await asyncio.gather(*map(one_after_another, connections))
    return perf_counter() - begin


async def _one(connection: openloop.Answer, workspace_id: UUID, buyer: Buyer, sku_id: UUID) -> None:
    token = participant_token(Participant(workspace_id, buyer.person_id))

    async def ask(path: str, body: dict[str, Any]) -> bytes:
        status, answer = await connection.ask(_request(token, path, body))
        if status not in OK:
            msg = f"{path} was answered {status}: {answer[:300]!r}"
            raise AuditError(msg)
        return answer

    goods = {"lines": [{"sku_id": str(sku_id), "quantity": 1}]}
    place = f"/api/public/quests/{buyer.quest_id}/orders" if buyer.quest_id else None
    answer = await ask(
        place or "/api/public/orders", ({} if place else goods) | {"fulfilment": "collection"}
    )
    order = msgspec.json.decode(answer, type=_Order)
    way = {"provider": "sandbox", "method": "page"}
    answer = await ask(f"/api/public/orders/{order.id}/payments", way)
    trade = msgspec.json.decode(answer, type=_Paying).url.rpartition("/")[2]
    await ask(f"/api/public/sandbox/payments/{trade}", {"succeeds": True})


def _request(token: str, path: str, body: dict[str, Any]) -> bytes:
    sent = msgspec.json.encode(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: byp={token}\r\n"
        f"Idempotency-Key: bench-{next(_keys)}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


def _audit(workspace_id: UUID, joined: int) -> None:
    """Every payment is captured, and every team hears of all of its members."""
    expected = joined // SEATS
    until = time.monotonic() + SETTLED_WITHIN_S
    while (stands := _settled(workspace_id)) != (expected, joined):
        if time.monotonic() > until:
            msg = f"{joined} joined {expected} teams; settled, with so many members: {stands}"
            raise AuditError(msg)
        time.sleep(0.2)


def _settled(workspace_id: UUID) -> tuple[int, int]:
    with across_workspaces() as connection:
        row = connection.execute(
            text(
                "select (select count(*) from quests where workspace_id = :w and state = 'won'),"
                " (select count(*) from quest_orders q join orders o on o.workspace_id ="
                " q.workspace_id and o.id = q.order_id where q.workspace_id = :w"
                " and q.state = 'confirmed' and o.state = 'paid' and not o.is_held)"
            ),
            {"w": workspace_id},
        ).one()
    return int(row[0]), int(row[1])
