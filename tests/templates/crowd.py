"""A small crowd that plays a template from publication to a settled ledger, on the real engine."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from banyan import campaigns, levels, people, store
from banyan.campaigns import ActRequest, GrabRequest
from banyan.kernel.errors import Refused
from banyan.plays import PLAYS, Act
from banyan.templates import Template
from tests.campaigns.selling import Market

FRIENDS_MOST = 24
"""The longest ladders are climbed so far only: a crowd of a few must do for each template."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Crowd(Market):
    """One merchant, one template, and the people who take part."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        # At noon, so that the days of the crowd are the days of the merchant.
        noon = datetime.combine(self.now.astimezone(SHANGHAI).date(), time(12), SHANGHAI)
        self.now = noon.astimezone(UTC) + timedelta(days=1)
        self.template = template
        self.settings: dict[str, Any] = template.definition["play"]["settings"]
        definition = template.definition_at(self.now)
        for good in definition.get("goods", ()):
            good["sku_id"] = str(self.sku(1000, good["list_price_minor"]))
        self.lay_ladder(definition["offers"])
        self.id = self.campaign(definition.pop("play"), **definition)
        self.owner, *self.friends = self.people(1 + FRIENDS_MOST)
        if self.settings.get("birthday_days") is not None:
            self.celebrate()
        self.quest: UUID = self.quests(self.id, [self.owner])[0]

    def lay_ladder(self, offers: Iterable[dict[str, Any]]) -> None:
        """Give the shop the levels that the campaign gives."""
        keys = [offer["level_key"] for offer in offers if offer.get("level_key")]
        if keys:
            ladder = [levels.Level(key=key, name_zh="会员", name_en="Member") for key in keys]
            with self.work() as work:
                levels.write_ladder(work, ladder, levels.read_ladder(work).revision)

    def celebrate(self) -> None:
        """Let everybody have a birthday tomorrow, and say so."""
        day = self.now.astimezone(SHANGHAI).date() + timedelta(days=1)
        with self.work() as work:
            for who in (self.owner, *self.friends):
                people.give_birthday(work, who, people.Birthday(day.month, day.day), "test")

    def play(self) -> None:
        """Let everybody do what the play is for."""
        HOW.get(self.template.play, come)(self)
        self.act()

    def settle(self) -> None:
        """End the campaign, let what is owed go back, and settle."""
        with self.work() as work:
            campaigns.end_campaign(work, self.id)
        with self.work() as work:
            campaigns.settle_campaign(work, self.id)
        self.refunds_done()

    def help(self, friends: Iterable[UUID]) -> int:
        """Let friends come by the quest's link; return how many counted."""
        answers = self.support(*((self.quest, friend) for friend in friends))
        return sum(not isinstance(answer, Refused) and answer.counted for answer in answers)

    def shop_for(self, friend: UUID) -> None:
        """Let a friend buy and collect something, by no link at all."""
        order = self.paid(friend, (self.tea, 1))
        with self.work() as work:
            # The provider pays by the real clock; the crowd lives by its own.
            work.driver.execute(
                "update orders set paid_at = %s where id = %s", (self.now, order.id)
            )
        self.told(order)
        code = self.one("select collection_code from orders where id = %s", order.id)
        with self.work() as work:
            store.collect(work, code)
        self.told(order)

    def act(self) -> None:
        """Do every act of the play as often as it can be done, a day at a time."""
        plan = PLAYS[self.template.play]
        acts = plan.acts(msgspec.convert(self.settings, plan.Settings))
        for _ in range(max((days(act) for act in acts), default=0)):
            for act in acts:
                for _ in range(act.most or 1 if act.every == "times" else 1):
                    self.do(act)
            self.wake(days=1)

    def do(self, act: Act) -> None:
        asked: dict[str, Any] = {"person_id": self.owner} | self.proof(act)
        request = ActRequest(self.quest, act.step, **asked)
        with self.work() as work:
            campaigns.act(work, [request])

    def proof(self, act: Act) -> dict[str, Any]:
        if act.proof == "staff":
            return {"person_id": None}
        if act.proof == "answer":
            level = self.settings["levels"][int(act.step.rpartition("_")[2]) - 1]
            right = [str(question["right"]) for question in level["questions"]]
            return {"answer": ",".join(right)}
        if act.proof == "code":
            return {"code": self.settings.get("room_code") or self.settings["store_code"]}
        return {}


def days(act: Act) -> int:
    """Return on how many days an act can be done; a month stands for more."""
    return min(act.most or 30, 31) if act.every == "day" else 2


def come(crowd: Crowd) -> None:
    """Friends come until the quest takes no more, and do what they count by."""
    came = crowd.help(crowd.friends)
    assert came > 0
    when = crowd.settings.get("counts_when")
    if when == "ordered":
        crowd.now += timedelta(minutes=1)
        for friend in crowd.friends:
            crowd.shop_for(friend)
    if when in {"ordered", "stayed_n_days"}:
        crowd.wake(days=crowd.settings["wait_days"], minutes=2)
        assert crowd.one("select have from quests where id = %s", crowd.quest) == came


def stay(crowd: Crowd) -> None:
    """Friends come, and stay as long as the poster asks."""
    come(crowd)
    crowd.wake(hours=crowd.settings["stay_hours"])


def team(crowd: Crowd) -> None:
    """A whole team of the first step pays; another one fails and is refunded."""
    need = crowd.settings["tiers"][0]["people"]
    crowd.buy(crowd.quest, crowd.owner, *crowd.friends[: need - 1])
    (alone,) = crowd.quests(crowd.id, [crowd.friends[-1]])
    crowd.buy(alone, crowd.friends[-1])
    crowd.wake(hours=crowd.settings["hours_to_fill"])
    assert crowd.quest_state(crowd.quest) == "won"
    assert crowd.quest_state(alone) == "lost"


def cut(crowd: Crowd) -> None:
    """Friends cut the price to the bottom, and the starter buys at it."""
    assert crowd.help(crowd.friends) == crowd.settings["cuts_needed"]
    (order,) = crowd.buy(crowd.quest, crowd.owner)
    assert order.payable_minor - order.freight_minor == crowd.settings["floor_minor"]


def buy(crowd: Crowd) -> None:
    """The starter buys at the sale's price."""
    (order,) = crowd.buy(crowd.quest, crowd.owner)
    assert order.payable_minor - order.freight_minor == crowd.settings["price_minor"]


def sell(crowd: Crowd) -> None:
    """A friend buys by the seller's link."""
    code = crowd.one("select share_code from quests where id = %s", crowd.quest)
    order = crowd.paid(crowd.friends[0], (crowd.tea, 1), link_code=code)
    crowd.told(order)


def grab(crowd: Crowd) -> None:
    """Everybody opens the packet."""
    with crowd.work() as work:
        answers = campaigns.grab(
            work, [GrabRequest(crowd.id, who) for who in (crowd.owner, *crowd.friends)]
        )
    assert any(not isinstance(answer, Refused) and answer.counted for answer in answers)


def alone(crowd: Crowd) -> None:
    """Nobody else is needed."""
    assert crowd.quest


def meet(crowd: Crowd) -> None:
    """Friends come where they are welcome; nobody is paid for bringing them."""
    crowd.help(crowd.friends)


HOW: dict[str, Callable[[Crowd], None]] = {
    "group_buy": team,
    "bargain": cut,
    "flash_sale": buy,
    "affiliate": sell,
    "red_packet": grab,
    "lottery": alone,
    "poster": stay,
    "check_in": meet,
    "live": meet,
    "in_store": meet,
    "quiz": meet,
}
