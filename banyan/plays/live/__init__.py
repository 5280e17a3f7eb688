"""Live 直播: a code shown in the room proves having entered; a coupon, and a draw for who stays."""

from banyan.plays.live.play import Live
from banyan.plays.live.progress import LiveProgress
from banyan.plays.live.settings import LivePrize, LiveSettings

__all__ = ["Live", "LivePrize", "LiveProgress", "LiveSettings"]
