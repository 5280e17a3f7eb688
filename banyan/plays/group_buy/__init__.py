"""Group buy 拼团: a team that fills in time pays less, the more people the less."""

from banyan.plays.group_buy.play import GroupBuy
from banyan.plays.group_buy.progress import GroupBuyProgress, Seat
from banyan.plays.group_buy.settings import GroupBuySettings, TeamPrice

__all__ = ["GroupBuy", "GroupBuyProgress", "GroupBuySettings", "Seat", "TeamPrice"]
