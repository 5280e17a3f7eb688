"""What is shown of red packets and lotteries: to participants, to the merchant, to who checks."""

from uuid import UUID

import msgspec

from banyan import rewards
from banyan.campaigns import refusals, seeds, versions
from banyan.campaigns.grabs import share_view
from banyan.campaigns.models import Campaign
from banyan.campaigns.versions import Version
from banyan.campaigns.views import DrawsView, PacketView
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Draws, draws_of, fairness


class PublishedPrize(msgspec.Struct, frozen=True):
    """A prize with its odds, and how many there were when it was published; later only more."""

    offer: str
    odds_ppm: int
    quantity: int
    quantity_at_end: int


class PublishedDraw(msgspec.Struct, frozen=True):
    """A draw, nameless: its number, whose range it fell into, whether there was one left."""

    n: int
    prize: str
    won: bool


class DrawRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the verifying program needs."""

    campaign_id: UUID
    commitment: str
    seed: str
    prizes: list[PublishedPrize]
    draws: list[PublishedDraw]


class PacketNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A packet as its merchant sees it."""

    shares: int
    taken: int
    total_minor: int
    taken_minor: int
    returned_minor: int | None


class PrizeNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A prize against its odds; `offer` "" is no prize. `hit` counts its range, `won` what was given."""

    offer: str
    odds_ppm: int
    quantity: int | None
    hit: int
    won: int
    expected: float


class LotteryNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A lottery as its merchant sees it. `agrees` None: too few draws to say."""

    drawn: int
    commitment: str
    seed: str | None
    prizes: list[PrizeNumbers]
    chi_square: float
    freedom: int
    bound: float
    agrees: bool | None


class ChanceNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of whichever of the two a campaign is; both None when it is neither."""

    packet: PacketNumbers | None = None
    lottery: LotteryNumbers | None = None


OUTCOMES = """
select prize, count(*), count(*) filter (where won) from draws
where workspace_id = %s and campaign_id = %s group by prize
"""


def packet_view(work: Work, campaign_id: UUID, person_id: UUID | None) -> PacketView | None:
    """Return the campaign's packet, None when it has none."""
    packet = rewards.packets_of(work, [campaign_id]).get(campaign_id)
    if packet is None:
        return None
    mine = rewards.grabs_of(work, [packet.id], [person_id]) if person_id else {}
    return PacketView(
        shares=packet.shares,
        left=packet.left,
        total_minor=packet.total_minor,
        mine=next((share_view(grab) for grab in mine.values()), None),
    )


def draws_view(work: Work, campaign_id: UUID) -> DrawsView | None:
    """Return what may be told of the campaign's seed, None when it has none."""
    found = seeds.seed_view(work, campaign_id)
    return found and DrawsView(commitment=found.commitment, drawn=found.drawn, seed=found.seed)


def draw_record(work: Work, campaign_id: UUID) -> DrawRecord:
    """Return every draw with the seed. Raises `no_draws`, `draws_not_shown` before it is settled."""
    found = seeds.seed_view(work, campaign_id)
    if found is None:
        raise Refused(refusals.NO_DRAWS)
    if found.seed is None:
        raise Refused(refusals.DRAWS_NOT_SHOWN)
    # As first published: a quantity raised later only ever makes more draws win.
    first = versions.first_of(work, campaign_id)
    rows = work.driver.execute(
        "select n, prize, won from draws where workspace_id = %s and campaign_id = %s order by n",
        (work.workspace_id, campaign_id),
    )
    quantities = _quantities(first)
    campaign = work.session.get_one(Campaign, (work.workspace_id, campaign_id))
    at_end = _quantities(versions.current(work, campaign))
    return DrawRecord(
        campaign_id=campaign_id,
        commitment=found.commitment,
        seed=found.seed,
        prizes=[
            PublishedPrize(
                prize.offer,
                prize.odds_ppm,
                quantities.get(prize.offer) or 0,
                at_end.get(prize.offer) or 0,
            )
            for prize in _draws(first).prizes
        ],
        draws=[PublishedDraw(*row) for row in rows],
    )


def chance_numbers(work: Work, campaign_id: UUID) -> ChanceNumbers:
    """Return the numbers of a red packet or a lottery."""
    packet = rewards.packets_of(work, [campaign_id]).get(campaign_id)
    if packet is not None:
        return ChanceNumbers(
            packet=PacketNumbers(
                shares=packet.shares,
                taken=packet.taken,
                total_minor=packet.total_minor,
                taken_minor=packet.taken_minor,
                returned_minor=packet.returned_minor,
            )
        )
    found = seeds.seed_view(work, campaign_id)
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if found is None or campaign is None:
        return ChanceNumbers()
    version = versions.current(work, campaign)
    return ChanceNumbers(lottery=_lottery(work, campaign_id, found, version))


def _lottery(
    work: Work, campaign_id: UUID, found: seeds.SeedView, version: Version
) -> LotteryNumbers:
    rows = work.driver.execute(OUTCOMES, (work.workspace_id, campaign_id)).fetchall()
    hit = {prize: int(count) for prize, count, _ in rows}
    won = {prize: int(count) for prize, _, count in rows}
    prizes, quantities = _draws(version).prizes, _quantities(version)
    odds = {prize.offer: prize.odds_ppm for prize in prizes}
    fair = fairness(prizes, hit)
    return LotteryNumbers(
        drawn=found.drawn,
        commitment=found.commitment,
        seed=found.seed,
        prizes=[
            PrizeNumbers(
                offer=offer,
                odds_ppm=odds.get(offer, 1_000_000 - sum(odds.values())),
                quantity=quantities.get(offer),
                hit=hit.get(offer, 0),
                won=won.get(offer, 0),
                expected=round(expected, 2),
            )
            for offer, expected in fair.expected.items()
        ],
        chi_square=round(fair.statistic, 3),
        freedom=fair.freedom,
        bound=round(fair.bound, 3),
        agrees=fair.agrees if fair.is_telling else None,
    )


def _draws(version: Version) -> Draws:
    found = draws_of(PLAYS[version.definition["play"]["key"]], version.settings)
    if found is None:
        raise TypeError(version.settings)
    return found


def _quantities(version: Version) -> dict[str, int | None]:
    return {offer["key"]: offer["quantity"] for offer in version.definition["offers"]}
