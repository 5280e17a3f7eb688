"""Lottery 抽奖: own chances, published odds, and luck that anybody can check afterwards."""

from banyan.plays.drawing import ODDS_ONE, prize_at, ticket_of
from banyan.plays.lottery.fairness import fairness
from banyan.plays.lottery.play import DREW, Lottery
from banyan.plays.lottery.progress import LotteryProgress
from banyan.plays.lottery.settings import LotteryPrize, LotterySettings

__all__ = [
    "DREW",
    "ODDS_ONE",
    "Lottery",
    "LotteryPrize",
    "LotteryProgress",
    "LotterySettings",
    "fairness",
    "prize_at",
    "ticket_of",
]
