"""Lottery 抽奖: own chances, published odds, and luck that anybody can check afterwards."""

from banyan.plays.lottery.settings import ODDS_ONE, LotteryPrize, LotterySettings

__all__ = ["ODDS_ONE", "LotteryPrize", "LotterySettings"]
