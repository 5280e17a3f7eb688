"""Effects: what a play wants done. The runtime does it, in the transaction of the fact.

`(rule, to, cause)` names one giving for ever: a play that asks for the same one again asks for
nothing new. Reasons are stable codes; `REASONS` has the words a person reads for each.
"""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from banyan.plays.words import Words

__all__ = [
    "REASONS",
    "Commission",
    "ConfirmOrders",
    "Count",
    "Effect",
    "Lose",
    "MoveOrder",
    "Reason",
    "RefundOrders",
    "Refuse",
    "Reverse",
    "Reward",
    "SetPrice",
    "Vest",
    "WakeAt",
    "Win",
    "Withhold",
]

Reason = Literal[
    "own_quest",
    "already_helped",
    "not_new",
    "cycle",
    "out_of_time",
    "cap_reached",
    "quest_full",
    "quest_over",
    "not_enough_people",
    "not_applicable",
    "done_already",
    "too_early",
    "no_chance_left",
    "wrong_answer",
    "sold_out",
    "starter_only",
    "newcomers_only",
    "birthday_unknown",
    "birthday_not_near",
]

REASONS: Final[dict[Reason, Words]] = {
    "own_quest": Words("不能为自己助力", "You cannot support your own quest"),
    "already_helped": Words("您已经支持过啦", "You have already given your support"),
    "not_new": Words("本活动只计算新朋友", "Only people new to us count here"),
    "cycle": Words(
        "邀请过您的人，您不能再反过来邀请", "Somebody you brought cannot count you back"
    ),
    "out_of_time": Words("已超过截止时间", "The time is over"),
    "cap_reached": Words("已达到上限", "The limit has been reached"),
    "quest_full": Words("人数已满", "This quest is already complete"),
    "quest_over": Words("这个任务已经结束", "This quest has ended"),
    "not_enough_people": Words("人数不足", "Not enough people joined"),
    "not_applicable": Words("此玩法不处理该事件", "This play has no use for that"),
    "done_already": Words("这一步已经完成", "This step is done already"),
    "too_early": Words("还没到时间", "It is too early"),
    "no_chance_left": Words("次数已用完", "No chances are left"),
    "wrong_answer": Words("答案不正确", "That is not the answer"),
    "sold_out": Words("已抢完", "All gone"),
    "newcomers_only": Words(
        "仅限没有在本店买过的新客", "Only for somebody who has never bought here before"
    ),
    "birthday_unknown": Words("请先填写您的生日", "Tell us your birthday first"),
    "birthday_not_near": Words(
        "生日临近时才能发起，到时再来", "This can be started shortly before your birthday"
    ),
    "starter_only": Words("仅发起人本人可以操作", "Only who started this can do it"),
}


class Reward(msgspec.Struct, frozen=True, tag="reward", gc=False):
    """Give `offer` to the person `to`, by the rule `rule`, because of `cause`.

    `amount_minor` is for an offer of cash whose amount the play decides (a lucky split); None
    gives what the offer says.
    """

    rule: str
    to: UUID
    offer: str
    cause: UUID
    amount_minor: int | None = None


class Reverse(msgspec.Struct, frozen=True, tag="reverse", gc=False):
    """Take back what `Reward` or `Commission` with the same three names gave; else nothing.

    `keep_minor` is how much of cash stays given: a part goes back. Asking again changes nothing.
    """

    rule: str
    to: UUID
    cause: UUID
    keep_minor: int = 0


class Withhold(msgspec.Struct, frozen=True, tag="withhold", gc=False):
    """The fact counts, but the reward of `rule` for `to` is not given, for this reason."""

    rule: str
    to: UUID
    reason: Reason
    cause: UUID


class WakeAt(msgspec.Struct, frozen=True, tag="wake_at", gc=False):
    """Report `TimePassed` to this quest at `at` (UTC)."""

    at: datetime


class Win(msgspec.Struct, frozen=True, tag="win", gc=False):
    """The quest has reached its goal."""


class Lose(msgspec.Struct, frozen=True, tag="lose", gc=False):
    """The quest has ended without reaching its goal."""

    reason: Reason


class Count(msgspec.Struct, frozen=True, tag="count", gc=False):
    """The support of `by` counts."""

    by: UUID


class Refuse(msgspec.Struct, frozen=True, tag="refuse", gc=False):
    """The fact does not count. Nothing else changes."""

    reason: Reason


class ConfirmOrders(msgspec.Struct, frozen=True, tag="confirm_orders", gc=False):
    """These paid orders may be delivered."""

    orders: tuple[UUID, ...]


class RefundOrders(msgspec.Struct, frozen=True, tag="refund_orders", gc=False):
    """Send `amount_minor` back for each of these orders; None sends back all that was paid."""

    orders: tuple[UUID, ...]
    rule: str
    amount_minor: int | None = None


class MoveOrder(msgspec.Struct, frozen=True, tag="move_order", gc=False):
    """Find another quest of the same terms that takes this paid order, as its buyer agreed.

    The quest that takes it is told as for any order, and this one that it is `Released`. When none
    does, this one is told the payment once more, not to be moved.
    """

    order: UUID


class SetPrice(msgspec.Struct, frozen=True, tag="set_price", gc=False):
    """The starter may now buy for `amount_minor`."""

    amount_minor: int


class Commission(msgspec.Struct, frozen=True, tag="commission", gc=False):
    """Owe `to` the amount of the cash `offer` for `cause`: at most what the offer says one is worth.

    It is theirs from `held_until` (UTC) on; None: from when `Vest` says.
    """

    rule: str
    to: UUID
    offer: str
    amount_minor: int
    cause: UUID
    held_until: datetime | None = None


class Vest(msgspec.Struct, frozen=True, tag="vest", gc=False):
    """What `Commission` with the same three names owes is theirs from `at` (UTC) on."""

    rule: str
    to: UUID
    cause: UUID
    at: datetime


Effect = (
    Reward
    | Reverse
    | Withhold
    | WakeAt
    | Win
    | Lose
    | Count
    | Refuse
    | ConfirmOrders
    | RefundOrders
    | MoveOrder
    | SetPrice
    | Commission
    | Vest
)
