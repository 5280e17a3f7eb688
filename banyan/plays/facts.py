"""Facts: what happened to a quest, as the runtime knows it.

A fact is complete: whatever a play needs to know about the world (is this person new, have they
helped already, what number did chance draw) comes in with the fact. So a play asks nobody, and an
old fact played again gives the old answer.

Every identifier is a UUID the runtime made; `luck` is an integer below `LUCK_BELOW`, drawn once
and kept with the fact.
"""

from typing import Final
from uuid import UUID

import msgspec

__all__ = [
    "LUCK_BELOW",
    "CampaignEnded",
    "Fact",
    "Ordered",
    "OrderedLine",
    "Qualified",
    "Refunded",
    "RefundedLine",
    "Released",
    "Reserved",
    "Started",
    "Supported",
    "TimePassed",
    "Withdrawn",
]

LUCK_BELOW: Final = 2**32


class Started(msgspec.Struct, frozen=True, tag="started", gc=False):
    """`by` opened the quest `quest`; they had opened `quests_before` quests in this campaign.

    `days_to_birthday` is how many days it is until their next birthday, 0 on the day itself; None:
    they never said when it is, or the play does not ask.
    """

    by: UUID
    quest: UUID
    quests_before: int = 0
    days_to_birthday: int | None = None


class Supported(msgspec.Struct, frozen=True, tag="supported", gc=False):
    """`by` joined the quest through its link.

    `is_new_person`: the merchant did not know them before they came by this link.
    `has_helped`: this quest has counted this person before, even if they withdrew since.
    `helps_given`: how many other quests of this campaign have counted this person's support.
    `is_ancestor`: the starter of this quest was brought, directly or not, by this person.
    """

    by: UUID
    is_new_person: bool = True
    luck: int = 0
    has_helped: bool = False
    helps_given: int = 0
    is_ancestor: bool = False


class Qualified(msgspec.Struct, frozen=True, tag="qualified", gc=False):
    """`by` did more than join: `step` names it (`registered`, `submitted`, `stayed`, `delivered`).

    A step of the play's own `acts` (`checked_in`, `drew`, `answered`) is told by the same fact.
    `cause` is the record that proves it (an act, a submission, an order, a delivery); `amount` is
    what the step counts (points of an answer, days, seconds watched). `exhausted` names offers of
    which none is left: the same fact is told again with them when a reward of it cannot be given.
    """

    by: UUID
    step: str
    cause: UUID
    luck: int = 0
    amount: int = 0
    exhausted: tuple[str, ...] = ()


class Reserved(msgspec.Struct, frozen=True, tag="reserved", gc=False):
    """`by` wants a seat for the order `order` of `amount_minor`; it is taken before they pay.

    `is_newcomer`: they have never paid here, nor hold another newcomer's offer.

    The play counts or refuses it. What is counted ends by `Ordered` (paid) or `Released` (not).
    """

    order: UUID
    by: UUID
    amount_minor: int
    quantity: int = 1
    is_newcomer: bool = True


class Released(msgspec.Struct, frozen=True, tag="released", gc=False):
    """The order `order` has no seat here any more: it was closed unpaid, or moved elsewhere."""

    order: UUID
    by: UUID


class OrderedLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line of an order: what it is, and what was paid for it after discounts and coupons.

    `category` is the one its product was in when it was ordered; None: in none.
    """

    line: UUID
    product: UUID
    category: UUID | None
    amount_minor: int


class RefundedLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What went back of one line of an order."""

    line: UUID
    amount_minor: int


class Ordered(msgspec.Struct, frozen=True, tag="ordered", gc=False):
    """`by` paid the order `order` of `amount_minor` on this quest.

    `depth` is how many invitations lie between the starter and the buyer: 0 is the starter's own.
    `lines` come to `amount_minor`; a play that does not itemize is told none, and neither was any
    before there were lines. `most_minor` is what one of the offer that pays commission is worth:
    the most that all commission on the order comes to; None: the runtime holds it to that.
    `may_move`: the buyer agreed to be put into another quest when the payment comes too late for
    this one, and one may still be looked for.
    """

    order: UUID
    by: UUID
    amount_minor: int
    depth: int = 1
    lines: tuple[OrderedLine, ...] = ()
    most_minor: int | None = None
    may_move: bool = False


class Refunded(msgspec.Struct, frozen=True, tag="refunded", gc=False):
    """`amount_minor` of the order `order` went back to its buyer; `whole`: with it, all of it has.

    `lines` come to `amount_minor`, for whoever was told the lines of the order.
    """

    order: UUID
    by: UUID
    amount_minor: int
    whole: bool = False
    lines: tuple[RefundedLine, ...] = ()


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn", gc=False):
    """`by` left again (unfollowed, closed the account). `was_counted`: their support counted."""

    by: UUID
    was_counted: bool = True


class TimePassed(msgspec.Struct, frozen=True, tag="time_passed", gc=False):
    """The clock reached a time the play had asked for, or later."""


class CampaignEnded(msgspec.Struct, frozen=True, tag="campaign_ended", gc=False):
    """The campaign is over for everybody: an open quest is decided now."""


Fact = (
    Started
    | Supported
    | Qualified
    | Reserved
    | Ordered
    | Released
    | Refunded
    | Withdrawn
    | TimePassed
    | CampaignEnded
)
