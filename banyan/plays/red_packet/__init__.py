"""Red packet 红包: one sum cut into shares beforehand, taken in order of arrival."""

from banyan.plays.red_packet.settings import RedPacketSettings

__all__ = ["RedPacketSettings"]
