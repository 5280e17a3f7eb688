"""Stories of merchants told in steps, each of which may be repeated once it was made.

A story is what a process does, in order, with a database: place, pay, take, draw, exchange. Two
merchants who live the same story have the same balances, whatever happened on the way.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from banyan import campaigns, rewards, store
from banyan.app import campaign_orders, coupon_orders
from banyan.app.ordering import run_orders
from banyan.app.quest_ordering import run_quest_orders
from banyan.campaigns import ActRequest, GrabRequest, QuestOrderRequest
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.relay import Recorded
from banyan.kernel.work import Actor, Work, unit_of_work
from banyan.rewards import GrantRequest, OfferSpec, payouts
from banyan.rewards.payouts import PayoutRequest, PayoutTerms
from banyan.store import OrderRequest, RefundLine
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.packets import packet
from tests.campaigns.selling import TEAM, Market
from tests.rewards.test_points import TEN_OFF
from tests.stage import offer

Step = Callable[[], object]
DRAWN: dict[str, Any] = {
    "prizes": [{"offer": "tea", "odds_ppm": 1_000_000}],
    "draws_per_person": 1,
    "wins_per_person": 1,
}


class Story(Protocol):
    """A merchant, and what happens there."""

    market: Market

    def steps(self) -> list[Step]:
        """Return what is done, in order."""
        ...


class Teller:
    """What every story can do with its orders and its events."""

    def __init__(self) -> None:
        self.market = Market()
        self.began = self.market.now
        self.buyers = self.market.people(4)

    def pay(self, key: str) -> None:
        """Pay for the order of this key, unless it is paid for."""
        market = self.market
        order_id = market.one("select id from orders where request_key = %s", key)
        with market.work() as work:
            order = store.order_view(work, order_id)
        known = (
            "select {} from sandbox_payments s join payments p using (workspace_id, trade_number)"
        )
        of_order = " where p.order_id = %s and s.state = {}"
        is_paid = market.one((known + of_order).format("count(*)", "'paid'"), order_id)
        if order.state == "placed" and not is_paid:
            waiting = market.one(
                (known + of_order).format("max(trade_number)", "'waiting'"), order_id
            )
            store.pay_in_sandbox(market.workspace, waiting or market.begin(order))
        deliver_sandbox_notices()
        if market.look(order).state == "placed":
            self.market.due_now()
            with market.work() as work:
                opened = work.driver.execute(
                    "select id from payments where order_id = %s and state = 'open'", (order_id,)
                ).fetchall()
            for (payment,) in opened:
                store.ask_about_payment(market.workspace, payment)

    def send(self) -> None:
        """Send every refund that is due, and hear of it."""
        # This merchant's own: others of the same database may have left more than a sweep takes.
        market = self.market
        market.due_now()
        with market.work() as work:
            owed = work.driver.execute(
                "select id from refunds where state in ('approved', 'sending', 'unknown')"
            ).fetchall()
        for (refund,) in owed:
            store.send_refund(market.workspace, refund)
        deliver_sandbox_notices()

    def hear(self) -> None:
        """Hand every event of this merchant to whoever listens."""
        take(self.market.events())


def take(events: Sequence[Recorded]) -> None:
    """Hand events to everybody who follows the store."""
    campaign_orders.take([each for each in events if each.name in campaigns.STORY_EVENTS])
    coupon_orders.take([each for each in events if each.name in store.CAMPAIGN_EVENTS])


class Teams(Teller):
    """One team is full and settles below the first price; one fails and everybody is paid back."""

    def __init__(self) -> None:
        super().__init__()
        tiers = {"tiers": [{"people": 2, "price_minor": 9000}, {"people": 3, "price_minor": 8000}]}
        self.campaign = self.market.selling("group_buy", TEAM | tiers)
        owners = [self.buyers[0], self.buyers[3]]
        self.full, self.failing = self.market.quests(self.campaign, owners)

    def steps(self) -> list[Step]:
        seats = [(self.full, each) for each in self.buyers[:3]] + [(self.failing, self.buyers[3])]
        keys = [f"seat {nth}" for nth in range(4)]
        requests = [
            QuestOrderRequest(quest, who, fulfilment="collection", request_key=key)
            for key, (quest, who) in zip(keys, seats, strict=True)
        ]
        group = (self.market.workspace, None)
        return [
            lambda: run_quest_orders(group, requests[:2]),
            lambda: run_quest_orders(group, requests[2:]),
            *(lambda key=key: self.pay(key) for key in keys),
            self.hear,
            self.time_is_over,
            self.send,
            self.hear,
        ]

    def time_is_over(self) -> None:
        self.market.now = self.began + timedelta(hours=24)
        with self.market.work() as work:
            campaigns.wake_due(work)


class Packets(Teller):
    """Three take a share, one by a friend's link; then it ends and the rest goes back."""

    def __init__(self) -> None:
        super().__init__()
        self.campaign = packet(self.market, 1000, 5, split="equal")
        (self.quest,) = self.market.quests(self.campaign, self.buyers[:1])

    def steps(self) -> list[Step]:
        asked = [
            GrabRequest(self.campaign, who, quest, request_key=f"grab {nth}")
            for nth, (who, quest) in enumerate(
                zip(self.buyers, [None, self.quest, None], strict=False)
            )
        ]
        return [
            lambda: self.grab(*asked[:2]),
            self.credit,
            lambda: self.grab(asked[2]),
            self.credit,
            self.end,
            self.settle,
        ]

    def grab(self, *asked: GrabRequest) -> None:
        with self.market.work() as work:
            campaigns.grab(work, asked)

    def credit(self) -> None:
        with self.market.work() as work:
            campaigns.credit_grabs(work, self.campaign)

    def end(self) -> None:
        once(self.market, campaigns.end_campaign, self.campaign)

    def settle(self) -> None:
        once(self.market, campaigns.settle_campaign, self.campaign)


class Lottery(Packets):
    """Everybody draws once and wins; then the seed is shown."""

    def __init__(self) -> None:
        Teller.__init__(self)
        offers = [offer("tea", 500, quantity=10)]
        self.campaign = self.market.campaign({"key": "lottery", "settings": DRAWN}, offers=offers)
        self.quests = self.market.quests(self.campaign, self.buyers)

    def steps(self) -> list[Step]:
        pairs = list(zip(self.quests, self.buyers, strict=True))
        return [
            lambda: self.draw(*pairs[:2]),
            lambda: self.draw(*pairs[2:]),
            self.end,
            self.settle,
        ]

    def draw(self, *pairs: tuple[UUID, UUID]) -> None:
        with self.market.work() as work:
            campaigns.act(work, [ActRequest(quest, "drew", who) for quest, who in pairs])


class Points(Teller):
    """Points are earned, changed into a coupon, taken back in part, and the last ones end."""

    def __init__(self) -> None:
        super().__init__()
        self.house, self.exchange_id = new_id(), new_id()
        self.owner = self.buyers[0]
        with self.market.work() as work:
            specs = [
                OfferSpec("long", "points", "积分", "Points", 0, 0, 300, points=80),
                OfferSpec("short", "points", "积分", "Points", 0, 0, 1, points=70),
            ]
            rewards.open_offers(work, self.house, specs)
            self.item = rewards.put_on_shelf(work, TEN_OFF)

    def steps(self) -> list[Step]:
        return [
            lambda: self.earn("long"),
            lambda: self.earn("short"),
            self.exchange,
            lambda: self.earn("short", "again"),
            self.days_go_by,
        ]

    def earn(self, key: str, rule: str = "first") -> None:
        self.market.now = self.began
        with self.market.work() as work:
            asked = GrantRequest(
                self.house, rule + key, self.owner, self.house, key, "因为", "because"
            )
            rewards.grant(work, [asked])

    def exchange(self) -> None:
        with self.market.work() as work:
            rewards.exchange(work, self.exchange_id, self.owner, self.item)

    def days_go_by(self) -> None:
        self.market.now = self.began + timedelta(days=2)
        with self.market.work() as work:
            rewards.expire_points(work)
        self.market.now = self.began


class Coupons(Teller):
    """A coupon pays for a part, half of the order goes back and then the rest; the coupon returns."""

    def __init__(self) -> None:
        super().__init__()
        house, self.owner = new_id(), self.buyers[0]
        with self.market.work() as work:
            rewards.open_offers(work, house, [OfferSpec("c", "coupon", "券", "Coupon", 900, 0, 30)])
            asked = [
                GrantRequest(house, rule, self.owner, house, "c", "因为", "because")
                for rule in ("one", "two")
            ]
            made = rewards.grant(work, asked)
        self.coupons = [each.grant_id for each in made if each.grant_id]

    def steps(self) -> list[Step]:
        requests = [
            OrderRequest(
                self.owner,
                self.market.request(self.owner, (self.market.tea, 2)).items,
                "collection",
                request_key=f"order {nth}",
                request_digest=b"k",
                coupon_ids=(coupon,),
            )
            for nth, coupon in enumerate(self.coupons)
        ]
        group = (self.market.workspace, None)
        return [
            lambda: run_orders(group, requests),
            lambda: self.pay("order 0"),
            self.give_up,
            self.hear,
            lambda: self.ask_back("half"),
            self.send,
            self.hear,
            lambda: self.ask_back("rest"),
            self.send,
            self.hear,
        ]

    def give_up(self) -> None:
        order = self.market.one("select id from orders where request_key = 'order 1'")
        if self.market.one("select state from orders where id = %s", order) == "placed":
            with self.market.work() as work:
                store.cancel_order(work, order, "changed my mind")

    def ask_back(self, reason: str) -> None:
        market = self.market
        order = market.one("select id from orders where request_key = 'order 0'")
        known = market.one("select id from refunds where reason = %s", reason)
        if known is None:
            line = market.one("select id from order_lines where order_id = %s", order)
            with market.work() as work:
                known = store.ask_refund(work, order, [RefundLine(line, 1)], reason)
        if market.one("select state from refunds where id = %s", known) == "asked":
            with market.work() as work:
                store.approve_refund(work, known)


class Payouts(Teller):
    """Cash is earned and paid out; one payout needs a second pair of eyes, one is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.house, self.owner = new_id(), self.buyers[0]
        self.asked = [
            PayoutRequest(new_id(), self.owner, "sandbox", minor, "openid-1")
            for minor in (1000, 3500, 700)
        ]
        self.members = [self.market.member("finance") for _ in range(2)]
        with self.market.work() as work:
            spec = OfferSpec("cash", "cash", "现金", "Cash", 1, 1, 30)
            rewards.open_offers(work, self.house, [spec])
            rewards.fund_budget(
                work, self.house, 10_000, None, 8000, currency="CNY", timezone="Asia/Shanghai"
            )
            terms = PayoutTerms(
                methods=["sandbox", "manual"],
                least_minor=100,
                per_person_day_minor=8000,
                per_day_minor=100_000,
                approve_above_minor=3000,
            )
            payouts.set_payout_terms(work, terms)

    def steps(self) -> list[Step]:
        _, second, third = self.asked
        return [
            self.earn,
            *(lambda each=each: self.ask(each) for each in self.asked),
            lambda: self.approve(second),
            lambda: self.reject(third),
            self.send_payouts,
            payouts.deliver_sandbox_payout_notices,
        ]

    def earn(self) -> None:
        asked = GrantRequest(self.house, "r", self.owner, self.house, "cash", "因为", "because")
        with self.market.work() as work:
            rewards.grant(work, [asked._replace(amount_minor=8000)])

    def ask(self, asked: PayoutRequest) -> None:
        actor = Actor("person", self.owner)
        with unit_of_work(self.market.workspace, actor, self.market.now) as work:
            payouts.ask_payout(work, asked)

    def approve(self, asked: PayoutRequest) -> None:
        for member in self.members:
            with unit_of_work(self.market.workspace, member, self.market.now) as work:
                payouts.approve_payout(work, asked.id)

    def reject(self, asked: PayoutRequest) -> None:
        def no(work: Work, payout: UUID) -> None:
            payouts.reject_payout(work, payout, "资料不全")

        once(self.market, no, asked.id)

    def send_payouts(self) -> None:
        with self.market.work() as work:
            work.driver.execute(
                "update payouts set try_at = now() - interval '1 second' where try_at is not null"
                " and state in ('submitting', 'unknown')"
            )
        for each in self.asked:
            payouts.send_payout(self.market.workspace, each.id)


STORIES: tuple[type[Story], ...] = (Teams, Packets, Lottery, Points, Coupons, Payouts)


def once(market: Market, command: Callable[..., object], subject: UUID) -> None:
    """Do what can be done only once; a repeat is refused, which is as good."""
    try:
        with market.work() as work:
            command(work, subject)
    except Refused:
        return
