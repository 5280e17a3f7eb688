"""Red packet 红包: one sum cut into shares beforehand, taken in order of arrival."""

from banyan.plays.red_packet.play import GRABBED, RedPacket
from banyan.plays.red_packet.progress import RedPacketProgress
from banyan.plays.red_packet.settings import RedPacketSettings
from banyan.plays.red_packet.split import split

__all__ = ["GRABBED", "RedPacket", "RedPacketProgress", "RedPacketSettings", "split"]
