"""Plays: the pure rule of each kind of campaign.

Owns:   nothing; a play is a function of its arguments
Calls:  nothing
Events: none; the runtime that carries out the effects tells the story

`PLAYS` has every play by its key. A third party adds one with an entry point of the group
`banyan.plays` whose name is the key and whose object is the play's class.
"""

from importlib.metadata import entry_points
from typing import Any, Final

from banyan.plays.affiliate import Affiliate, AffiliateProgress, AffiliateSettings
from banyan.plays.assist import Assist, AssistProgress, AssistSettings
from banyan.plays.bargain import Bargain, BargainProgress, BargainSettings, cut_of
from banyan.plays.cause import Cause
from banyan.plays.check_in import CheckIn
from banyan.plays.content import Content
from banyan.plays.disclosures import (
    CommissionTerms,
    Disclosures,
    DrawTerms,
    PacketTerms,
    PriceTerms,
    PrizeTerms,
    TeamTerms,
)
from banyan.plays.drawing import DrawPrize, Draws, prize_at, ticket_of
from banyan.plays.effects import (
    REASONS,
    Commission,
    ConfirmOrders,
    Count,
    Effect,
    Lose,
    MoveOrder,
    Reason,
    RefundOrders,
    Refuse,
    Reverse,
    Reward,
    SetPrice,
    Vest,
    WakeAt,
    Win,
    Withhold,
)
from banyan.plays.facts import (
    LUCK_BELOW,
    CampaignEnded,
    Fact,
    Ordered,
    OrderedLine,
    Qualified,
    Refunded,
    RefundedLine,
    Released,
    Reserved,
    Started,
    Supported,
    TimePassed,
    Withdrawn,
)
from banyan.plays.flash_sale import FlashSale, FlashSaleProgress, FlashSaleSettings
from banyan.plays.group_buy import GroupBuy, GroupBuyProgress, GroupBuySettings, TeamPrice
from banyan.plays.in_store import InStore
from banyan.plays.live import Live
from banyan.plays.lottery import (
    Lottery,
    LotteryPrize,
    LotteryProgress,
    LotterySettings,
    fairness,
)
from banyan.plays.numbers import Number, Numbered
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Play, Problem, Standing, Tier
from banyan.plays.poster import Poster
from banyan.plays.powers import (
    Attentive,
    Chained,
    Dated,
    Disclosing,
    Drawing,
    Itemizing,
    Secretive,
    Stocked,
    Weighing,
    draws_of,
)
from banyan.plays.quiz import Quiz
from banyan.plays.red_packet import GRABBED, RedPacket, RedPacketProgress, RedPacketSettings
from banyan.plays.red_packet import split as split_packet
from banyan.plays.referral import (
    UNDO_DAYS,
    WAIT_DAYS,
    Decrease,
    Referral,
    ReferralProgress,
    ReferralSettings,
    ReferralTier,
)
from banyan.plays.schema import settings_schema
from banyan.plays.selling import Selling, SellingPlay, selling_of
from banyan.plays.words import Words

__all__ = [
    "GRABBED",
    "LUCK_BELOW",
    "PLAYS",
    "REASONS",
    "UNDO_DAYS",
    "WAIT_DAYS",
    "Act",
    "ActStanding",
    "Affiliate",
    "AffiliateProgress",
    "AffiliateSettings",
    "AnyPlay",
    "Assist",
    "AssistProgress",
    "AssistSettings",
    "Attentive",
    "Bargain",
    "BargainProgress",
    "BargainSettings",
    "CampaignEnded",
    "Chained",
    "Commission",
    "CommissionTerms",
    "ConfirmOrders",
    "Count",
    "Dated",
    "Decrease",
    "Disclosing",
    "Disclosures",
    "DrawPrize",
    "DrawTerms",
    "Drawing",
    "Draws",
    "Effect",
    "Fact",
    "FlashSale",
    "FlashSaleProgress",
    "FlashSaleSettings",
    "GroupBuy",
    "GroupBuyProgress",
    "GroupBuySettings",
    "Itemizing",
    "Lose",
    "Lottery",
    "LotteryPrize",
    "LotteryProgress",
    "LotterySettings",
    "Mechanism",
    "MoveOrder",
    "Note",
    "Number",
    "Numbered",
    "Ordered",
    "OrderedLine",
    "PacketTerms",
    "Play",
    "PriceTerms",
    "PrizeTerms",
    "Problem",
    "Qualified",
    "Reason",
    "RedPacket",
    "RedPacketProgress",
    "RedPacketSettings",
    "Referral",
    "ReferralProgress",
    "ReferralSettings",
    "ReferralTier",
    "RefundOrders",
    "Refunded",
    "RefundedLine",
    "Refuse",
    "Released",
    "Reserved",
    "Reverse",
    "Reward",
    "Secretive",
    "Selling",
    "SellingPlay",
    "SetPrice",
    "Standing",
    "Started",
    "Stocked",
    "Supported",
    "TeamPrice",
    "TeamTerms",
    "Tier",
    "TimePassed",
    "Vest",
    "WakeAt",
    "Weighing",
    "Win",
    "Withdrawn",
    "Withhold",
    "Words",
    "cut_of",
    "draws_of",
    "fairness",
    "prize_at",
    "selling_of",
    "settings_schema",
    "split_packet",
    "ticket_of",
]

AnyPlay = Play[Any, Any]


def _all_plays() -> dict[str, AnyPlay]:
    plays: dict[str, AnyPlay] = {
        play.key: play
        for play in (
            Referral(),
            Assist(),
            GroupBuy(),
            Bargain(),
            FlashSale(),
            CheckIn(),
            Content(),
            Live(),
            InStore(),
            Quiz(),
            Cause(),
            Poster(),
            Lottery(),
            RedPacket(),
            Affiliate(),
        )
    }
    for point in entry_points(group="banyan.plays"):
        if point.name in plays:
            msg = f"the play {point.name!r} of {point.value} would replace one that exists"
            raise RuntimeError(msg)
        plays[point.name] = point.load()()
    return plays


PLAYS: Final[dict[str, AnyPlay]] = _all_plays()
