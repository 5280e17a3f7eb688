"""Orders of quests: a seat is taken, then the order is placed, as many at once as wait.

`order_in_quests` locks the quests in id order and tells each play in arrival order that somebody
wants a seat. What it counts becomes an order of the store at the quest's price; what the store
refuses gives its seat back. Seats are rows with a number below a limit, so no stampede takes one
too many; when another transaction was quicker, a constraint says so (`UniqueViolation`) and the
caller runs the transaction again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from banyan import people, store
from banyan.campaigns import refusals
from banyan.campaigns.gates import read_gates
from banyan.campaigns.joining import Joining
from banyan.campaigns.quests_in_hand import ProgressUnreadable, QuestInHand, lock_quests
from banyan.campaigns.quotas import Quotas
from banyan.campaigns.running import Running, open_till
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.requests import MISMATCH
from banyan.kernel.work import Work
from banyan.plays import Released, Reserved, Selling, Words
from banyan.store import Item, OrderRequest, OrderView, Voucher

Answer = OrderView | Refused


class QuestOrderRequest(NamedTuple):
    """A person wants to buy through a quest. The price is the quest's."""

    quest_id: UUID
    person_id: UUID
    quantity: int = 1
    fulfilment: str = "delivery"
    address_id: UUID | None = None
    note: str = ""
    link_code: str | None = None
    surface: str = "own_web"
    request_key: str | None = None
    request_digest: bytes | None = None
    may_move: bool = False
    """Whether, paid too late for this quest, it may go to another one of the same terms."""


class Asked(NamedTuple):
    """A request whose seat is taken, on its way to the store."""

    request: QuestOrderRequest
    quest: QuestInHand
    selling: Selling
    order_id: UUID
    price_minor: int


SEATS = "select quest_id, seat from quest_seats where workspace_id = %s and quest_id = any(%b)"

UNDECIDED = """
select q.campaign_id, q.person_id, q.quest_id
from unnest(%b::uuid[], %b::uuid[]) as a (campaign, person)
join quest_orders q on q.workspace_id = %s and q.campaign_id = a.campaign
  and q.person_id = a.person and q.one_at_a_time and q.state in ('reserved', 'paid')
"""

NEWCOMERS = """
select person_id from quest_orders
where workspace_id = %s and person_id = any(%b) and is_for_newcomers and state <> 'released'
"""

INSERT_ORDERS = """
insert into quest_orders (workspace_id, state, reserved_at, order_id, quest_id, campaign_id,
                          person_id, good_key, quantity, price_minor, one_at_a_time,
                          is_for_newcomers, may_move)
select %s, 'reserved', %s, o.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::smallint[],
            %b::bigint[], %b::boolean[], %b::boolean[], %b::boolean[]) as o
"""

INSERT_SEATS = """
insert into quest_seats (workspace_id, quest_id, seat, seats, order_id)
select %s, s.* from unnest(%b::uuid[], %b::smallint[], %b::smallint[], %b::uuid[]) as s
"""

_PRICE_NAMES = {
    "group_buy": Words("拼团价", "Team price"),
    "bargain": Words("砍价", "Bargain price"),
    "flash_sale": Words("秒杀价", "Flash sale price"),
}
_CAMPAIGN_PRICE = Words("活动价", "Campaign price")


def order_in_quests(work: Work, requests: Sequence[QuestOrderRequest]) -> list[Answer]:
    """Take seats and place orders for `requests` in order, set-wise; a refusal is a value.

    A repeat of a key gets the order it made. Raises `psycopg.errors.UniqueViolation` or
    `ledger.Overtaken` when another transaction was quicker: run it again.
    """
    return _Orders(work, requests).run()


def price_voucher(play_key: str, order_id: UUID, price_minor: int) -> Voucher:
    """Return what brings an order to a campaign's price, named as its buyer reads it."""
    words = _PRICE_NAMES.get(play_key, _CAMPAIGN_PRICE)
    named = derived_id("campaign price", order_id)
    return Voucher(named, words.zh, words.en, 0, to_unit_minor=price_minor)


def sku_of(definition: Mapping[str, Any], key: str) -> UUID | None:
    """Return the SKU that is sold as the good `key` of a definition."""
    for good in definition.get("goods", ()):
        if good["key"] == key and good["sku_id"]:
            return UUID(good["sku_id"])
    return None


class _Orders:
    """One set of requests on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[QuestOrderRequest]) -> None:
        self.work = work
        self.requests = requests
        self.unreadable: set[UUID] = set()
        wanted = [request.quest_id for request in requests]
        self.quests = lock_quests(work, wanted, self.unreadable)
        campaigns = {quest.campaign_id for quest in self.quests.values()}
        self.gates = read_gates(work, campaigns)
        buyers = {request.person_id for request in requests}
        self.met_at = people.met_at(work, buyers)
        # Read after the locks: what a twin of this request made is seen.
        self.known = store.orders_by_key(
            work, [(r.person_id, r.request_key) for r in requests if r.request_key is not None]
        )
        self.free = self._read_free_seats()
        self.undecided = self._read_undecided()
        self.regulars = self._read_regulars(buyers)
        self.joining = Joining(work, self._pairs(), self.gates, self.met_at)
        self.running = Running(work, open_till(work, self.quests, buyers, is_careful=True))
        self.quotas = Quotas(work, sorted(campaigns))
        self.asked: dict[int, Asked] = {}

    def run(self) -> list[Answer]:
        first = [self._seat(nth, request) for nth, request in enumerate(self.requests)]
        placed = store.place_orders(self.work, [self._order(each) for each in self.asked.values()])
        answers: list[Answer | None] = list(first)
        kept: list[Asked] = []
        for (nth, asked), answer in zip(self.asked.items(), placed, strict=True):
            answers[nth] = answer
            if isinstance(answer, Refused):
                self._give_up(asked)
            else:
                kept.append(asked)
        self._write(kept)
        return [self._answer(nth, answer) for nth, answer in enumerate(answers)]

    # What is known before the first request is answered

    def _pairs(self) -> list[tuple[UUID, UUID]]:
        """Return (campaign, person) of every request for a quest that exists."""
        return [
            (self.quests[request.quest_id].campaign_id, request.person_id)
            for request in self.requests
            if request.quest_id in self.quests
        ]

    def _read_free_seats(self) -> dict[UUID, list[int]]:
        taken: dict[UUID, set[int]] = {quest: set() for quest in self.quests}
        rows = self.work.driver.execute(SEATS, (self.work.workspace_id, sorted(taken)))
        for quest, seat in rows:
            taken[quest].add(seat)
        free: dict[UUID, list[int]] = {}
        for quest in self.quests.values():
            seats = quest.plan.selling.seats if quest.plan.selling else 0
            # From the end, so that the lowest is taken first.
            free[quest.id] = [n for n in range(seats, 0, -1) if n not in taken[quest.id]]
        return free

    def _read_undecided(self) -> dict[tuple[UUID, UUID], UUID]:
        pairs = self._pairs()
        columns = [campaign for campaign, _ in pairs], [person for _, person in pairs]
        rows = self.work.driver.execute(UNDECIDED, (*columns, self.work.workspace_id))
        return {(campaign, person): quest for campaign, person, quest in rows}

    def _read_regulars(self, buyers: set[UUID]) -> set[UUID]:
        """Return who is no newcomer, where a campaign asks: the others' history is their own."""
        asks = any(
            quest.plan.selling and quest.plan.selling.is_for_newcomers
            for quest in self.quests.values()
        )
        if not asks:
            return set()
        rows = self.work.driver.execute(NEWCOMERS, (self.work.workspace_id, sorted(buyers)))
        back = {person for person, met in self.met_at.items() if met == people.LONG_AGO}
        return store.who_paid(self.work, buyers).union(back, (row[0] for row in rows))

    # One request

    def _seat(self, nth: int, request: QuestOrderRequest) -> Refused | None:
        """Take a seat in memory, or return why not; None goes on to the store."""
        quest = self.quests.get(request.quest_id)
        if quest is None:
            return self._unknown(request)
        if request.person_id not in self.met_at:
            return Refused(NOT_SIGNED_IN)
        if request.request_key is not None and self._is_repeat(request):
            return None
        if problem := self.gates[quest.campaign_id].problem(self.work.now, request.surface):
            return problem
        selling = quest.plan.selling
        if selling is None or sku_of(quest.plan.version.definition, selling.good) is None:
            return Refused(refusals.SELLS_NOTHING)
        return self._take(nth, request, quest, selling)

    def _unknown(self, request: QuestOrderRequest) -> Refused | None:
        """Return why there is no seat in a quest that is not at hand; a repeat has its order."""
        if request.quest_id not in self.unreadable:
            return Refused(refusals.NO_SUCH_QUEST)
        return None if self._is_repeat(request) else ProgressUnreadable(request.quest_id)

    def _take(
        self, nth: int, request: QuestOrderRequest, quest: QuestInHand, selling: Selling
    ) -> Refused | None:
        campaign, person = quest.campaign_id, request.person_id
        elsewhere = self.undecided.get((campaign, person))
        if selling.one_at_a_time and elsewhere not in {None, quest.id}:
            return Refused(refusals.IN_ANOTHER_TEAM)
        if not self.quotas.set_aside(campaign, request.quantity):
            return Refused(refusals.SALE_SOLD_OUT, left=self.quotas.left(campaign))
        price_minor = quest.stands().price_minor or 0
        order_id = new_id()
        is_newcomer = person not in self.regulars
        told = self.running.tell(
            quest,
            Reserved(
                order_id, person, price_minor * request.quantity, request.quantity, is_newcomer
            ),
        )
        seats = request.quantity if selling.seat_per_piece else 1
        if told.reason is not None or not price_minor or len(self.free[quest.id]) < seats:
            self.quotas.put_back(campaign, request.quantity)
            if told.reason is None:
                self.running.tell(quest, Released(order_id, person))
            return not_taken(told.reason or "quest_full")
        if selling.one_at_a_time:
            self.undecided[campaign, person] = quest.id
        if selling.is_for_newcomers:
            self.regulars.add(person)
        self.asked[nth] = Asked(request, quest, selling, order_id, price_minor)
        return None

    def _is_repeat(self, request: QuestOrderRequest) -> bool:
        """Whether the key was used before this transaction, or by an earlier request in it."""
        key = (request.person_id, request.request_key)
        return key in self.known or any(
            (each.request.person_id, each.request.request_key) == key
            for each in self.asked.values()
        )

    def _order(self, asked: Asked) -> OrderRequest:
        request, quest = asked.request, asked.quest
        sku_id = sku_of(quest.plan.version.definition, asked.selling.good)
        if sku_id is None:
            raise AssertionError
        voucher = price_voucher(quest.plan.play.key, asked.order_id, asked.price_minor)
        return OrderRequest(
            request.person_id,
            (Item(sku_id, request.quantity),),
            request.fulfilment,
            request.address_id,
            None,
            request.note,
            request.link_code,
            request.request_key,
            request.request_digest,
            (voucher,),
            order_id=asked.order_id,
            is_held=asked.selling.waits,
        )

    def _give_up(self, asked: Asked) -> None:
        """The store refused: the seat is free again, as if it had never been taken."""
        person, campaign = asked.request.person_id, asked.quest.campaign_id
        self.running.tell(asked.quest, Released(asked.order_id, person))
        self.quotas.put_back(campaign, asked.request.quantity)

    def _answer(self, nth: int, answer: Answer | None) -> Answer:
        if answer is not None:
            return answer
        request = self.requests[nth]
        key = (request.person_id, request.request_key or "")
        found = self.known.get(key)
        if found is None:
            # Made by an earlier request of this very set.
            found = store.orders_by_key(self.work, [key])[key]
        return found[1] if found[0] == request.request_digest else Refused(MISMATCH)

    # What is written at the end

    def _write(self, kept: Sequence[Asked]) -> None:
        work = self.work
        if kept:
            rows = sorted(
                (
                    *(each.order_id, each.quest.id, each.quest.campaign_id),
                    *(each.request.person_id, each.selling.good, each.request.quantity),
                    *(each.price_minor, each.selling.one_at_a_time),
                    each.selling.is_for_newcomers,
                    each.request.may_move and each.selling.moves,
                )
                for each in kept
            )
            columns = map(list, zip(*rows, strict=True))
            work.driver.execute(INSERT_ORDERS, (work.workspace_id, work.now, *columns))
            seats: list[tuple[UUID, int, int, UUID]] = []
            for each in kept:
                free, limit = self.free[each.quest.id], each.selling.seats
                pieces = each.request.quantity if each.selling.seat_per_piece else 1
                seats += [(each.quest.id, free.pop(), limit, each.order_id) for _ in range(pieces)]
            columns = map(list, zip(*sorted(seats), strict=True))
            work.driver.execute(INSERT_SEATS, (work.workspace_id, *columns))
        self.quotas.close(
            {each.order_id: (each.quest.campaign_id, each.request.quantity) for each in kept}
        )
        joined = self.joining.write([(each.quest, each.request.person_id) for each in kept])
        self.running.close(joined)


def not_taken(reason: str) -> Refused:
    """Return the refusal of a seat, with the play's reason in words."""
    found = refusals.SEAT_REFUSALS.get(reason)
    return Refused(found or refusals.SEAT_REFUSALS["not_applicable"])
