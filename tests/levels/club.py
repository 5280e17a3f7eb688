"""A shop with membership levels, and members who buy, bring friends and earn points."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from banyan import levels, rewards, store
from banyan.app.coupon_checkout import place_with_coupons
from banyan.kernel.ids import new_id
from banyan.kernel.relay import Recorded
from banyan.kernel.work import current_database
from banyan.levels import Level
from banyan.rewards import GrantRequest, OfferSpec, ReverseRequest
from banyan.store import OrderView
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf

SILVER = Level(
    key="silver",
    name_zh="银卡会员",
    name_en="Silver",
    discount_bps=500,
    points_bps=12_000,
    coupon_minor=1_000,
    coupon_from_minor=2_000,
    spent_minor=10_000,
    people=2,
    points=300,
    within_days=30,
    keeps_days=60,
)
GOLD = Level(
    key="gold",
    name_zh="金卡会员",
    name_en="Gold",
    discount_bps=1_000,
    points_bps=15_000,
    coupon_minor=3_000,
    spent_minor=30_000,
    people=5,
    points=1_000,
    within_days=30,
    keeps_days=60,
)
LADDER = (SILVER, GOLD)

READ = """
select xid::text::bigint, position, id, workspace_id, name, campaign_id, occurred_at, recorded_at,
       actor, body::text
from events where workspace_id = %s and name = any(%s) order by xid, position
"""


class Club(Shelf):
    """One merchant with levels. Nobody is judged until `heard` or `passed` is called."""

    now: datetime

    def __init__(self, *ladder: Level, budget: int = 1_000_000) -> None:
        super().__init__()
        (self.buyer,) = self.people(1)
        self._sku = self.sku(100_000, 100)
        self.heard_of = 0
        if ladder:
            self.edit(*ladder)
        if budget:
            self.fund(budget)

    def edit(self, *ladder: Level) -> None:
        with self.work() as work:
            levels.write_ladder(work, ladder, levels.read_ladder(work).revision)

    def fund(self, budget: int) -> None:
        with self.work() as work:
            levels.fund_entries(work, budget)

    def events(self) -> list[Recorded]:
        """Return every event that levels listen to, in the order of the relay."""
        with current_database().relay.connect() as connection:
            driver: Any = connection.connection.driver_connection
            rows = driver.execute(READ, (self.workspace, sorted(levels.LISTENS))).fetchall()
        return [Recorded._make(row) for row in rows]

    def follow(self, *events: Recorded) -> int:
        with self.work() as work:
            return levels.follow(work, events)

    def heard(self) -> int:
        """Follow what was not followed yet, until nothing is left; return how many moved."""
        moved = 0
        while new := self.events()[self.heard_of :]:
            self.heard_of += len(new)
            moved += self.follow(*new)
        return moved

    def passed(self, **time: float) -> int:
        """Let time pass and judge whoever is due then; return how many moved."""
        self.now += timedelta(**time)
        with self.work() as work:
            moved = levels.judge_due(work)
        with self.work() as work:
            assert levels.judge_due(work) == 0
        return moved

    def level(self, person: UUID | None = None) -> str | None:
        return self.one("select level_key from person_levels where id = %s", person or self.buyer)

    def history(self, person: UUID | None = None) -> list[tuple[str | None, str | None, str]]:
        with self.work() as work:
            rows = work.driver.execute(
                "select from_key, to_key, why from level_moves"
                " where workspace_id = %s and person_id = %s order by nth",
                (self.workspace, person or self.buyer),
            )
            return list(rows)

    def spend(self, minor: int, person: UUID | None = None) -> OrderView:
        """Buy for `minor` by the store's own prices, whatever the level, and pay."""
        assert minor % 100 == 0
        return self.paid(person or self.buyer, (self._sku, minor // 100))

    def buy(self, sku: UUID, count: int, *coupons: UUID) -> OrderView:
        """Buy as the checkout does, with one's level, and pay."""
        request = self.request(self.buyer, (sku, count), coupon_ids=coupons)
        with self.work() as work:
            (order,) = place_with_coupons(work, [request])
        assert isinstance(order, OrderView), order
        assert store.pay_in_sandbox(self.workspace, self.begin(order))
        deliver_sandbox_notices()
        return order

    def send_back(self, order: OrderView, *wanted: tuple[UUID, int]) -> int:
        """Refund so many of each line; return what went back."""
        made = self.refund(order, *wanted)
        # The provider is asked by the real clock, which may be far behind the stage's.
        self.due_now()
        store.send_refund(self.workspace, made)
        deliver_sandbox_notices()
        assert self.refund_state(made) == "done"
        return self.one("select amount_minor from refunds where id = %s", made)

    def give(self, spec: OfferSpec, person: UUID | None = None) -> ReverseRequest:
        """Let a campaign give something; return what takes it back."""
        campaign, who = new_id(), person or self.buyer
        with self.work() as work:
            rewards.open_offers(work, campaign, [spec])
            (made,) = rewards.grant(
                work, [GrantRequest(campaign, "r", who, campaign, spec.key, "因为", "because")]
            )
        assert made.status == "granted"
        return ReverseRequest(campaign, "r", who, campaign, "taken back")

    def give_level(self, key: str, days: int, person: UUID | None = None) -> ReverseRequest:
        spec = OfferSpec("l", "level", "等级", "Level", 0, 0, days, level_key=key)
        return self.give(spec, person)

    def earn(self, points: int, person: UUID | None = None, days: int = 365) -> ReverseRequest:
        spec = OfferSpec("p", "points", "积分", "Points", 0, 0, days, points=points)
        return self.give(spec, person)

    def take_back(self, given: ReverseRequest) -> str:
        with self.work() as work:
            return rewards.reverse(work, [given])[0]

    def points(self, person: UUID | None = None) -> int:
        with self.work() as work:
            return sum(lot.left for lot in rewards.lots_of(work, person or self.buyer))

    def coupons(self, person: UUID | None = None) -> list[int]:
        with self.work() as work:
            return sorted(c.value_minor for c in rewards.coupons_of(work, person or self.buyer))
