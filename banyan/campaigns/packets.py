"""The packet of a red-packet campaign: cut at publication, closed when the campaign ends."""

from secrets import token_bytes
from typing import Final

from banyan import rewards
from banyan.campaigns.definition import Definition
from banyan.campaigns.models import Campaign
from banyan.campaigns.problems import settings_of
from banyan.kernel.work import Work
from banyan.plays import RedPacketSettings, split_packet

_SEED_BYTES = 32

KEEP: Final = """
insert into packet_seeds (workspace_id, campaign_id, seed, made_at) values (%s, %s, %s, %s)
"""


def open_packet(work: Work, campaign: Campaign, plan: Definition) -> None:
    """Cut the packet and set its money aside; one that is open stays as it is.

    What it was cut by is kept, so that it can be cut again and compared.
    """
    settings = settings_of(plan)
    if not isinstance(settings, RedPacketSettings):
        return
    if rewards.packets_of(work, [campaign.id]):
        return
    seed = token_bytes(_SEED_BYTES)
    amounts = split_packet(
        settings.total_minor,
        settings.shares,
        settings.least_minor,
        settings.most_minor,
        settings.split,
        seed,
    )
    work.driver.execute(KEEP, (work.workspace_id, campaign.id, seed, work.now))
    rewards.open_packet(work, campaign.id, settings.offer, amounts, campaign.version)


def close_packet(work: Work, campaign: Campaign) -> None:
    """Return what nobody has taken to the budget, once."""
    rewards.close_packet(work, campaign.id)
