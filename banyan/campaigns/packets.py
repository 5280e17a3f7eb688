"""The packet of a red-packet campaign: cut at publication, closed when the campaign ends."""

from secrets import token_bytes

from banyan import rewards
from banyan.campaigns.definition import Definition
from banyan.campaigns.models import Campaign
from banyan.campaigns.problems import settings_of
from banyan.kernel.work import Work
from banyan.plays import RedPacketSettings, split_packet

_SEED_BYTES = 32


def open_packet(work: Work, campaign: Campaign, plan: Definition) -> None:
    """Cut the packet and set its money aside; one that is open stays as it is.

    The seed is forgotten: the shares themselves are the record.
    """
    settings = settings_of(plan)
    if not isinstance(settings, RedPacketSettings):
        return
    if rewards.packets_of(work, [campaign.id]):
        return
    amounts = split_packet(
        settings.total_minor,
        settings.shares,
        settings.least_minor,
        settings.most_minor,
        settings.split,
        token_bytes(_SEED_BYTES),
    )
    rewards.open_packet(work, campaign.id, settings.offer, amounts, campaign.version)


def close_packet(work: Work, campaign: Campaign) -> None:
    """Return what nobody has taken to the budget, once."""
    rewards.close_packet(work, campaign.id)
