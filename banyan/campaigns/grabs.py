"""Grabs: people take shares of red packets, as many at once as wait, in one transaction.

The packet's row is locked, so grabs of one packet come one set after the other and each set takes
the next shares in the order in which its requests arrived. Nothing else is done meanwhile: what
was granted, who takes part and what friends' quests hear of it follows in larger sets
(`grab_credits`).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from banyan import people, rewards
from banyan.campaigns import refusals
from banyan.campaigns.gates import Gate, ask_gates
from banyan.campaigns.outcome_words import outcome_words
from banyan.campaigns.versions import version_of
from banyan.campaigns.views import ShareView, Twin
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.work import Work
from banyan.plays import RedPacketSettings
from banyan.rewards import Grab, Packet, Taker

TAKEN: Final = Twin("抢到啦", "You got a share")


class GrabRequest(NamedTuple):
    """Somebody wants a share of a campaign's packet."""

    campaign_id: UUID
    person_id: UUID
    quest_id: UUID | None = None
    """The quest by whose link they came."""
    channel: str = "other"
    surface: str = "own_web"
    request_key: str | None = None
    """The Idempotency-Key, if one was sent."""


class GrabView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of a grab. A repeat is told what the first was told.

    `reason` says why nothing was taken now: `sold_out`, `done_already` (then `share` is what they
    have) or `not_new`.
    """

    counted: bool
    reason: str | None
    message: Twin
    share: ShareView | None
    left: int | None
    """How many shares could still be taken then; None when it was not asked anew."""


Answer = GrabView | Refused

SOLD_OUT: Final = GrabView(
    counted=False, reason="sold_out", message=outcome_words("sold_out"), share=None, left=0
)


def grab(work: Work, requests: Sequence[GrabRequest], *, is_careful: bool = True) -> list[Answer]:
    """Carry out `requests` in order, set-wise; one outcome each, and a refusal is a value.

    Who is not `is_careful` supposes that nobody has a share yet; where somebody has, it raises
    `psycopg.errors.UniqueViolation`: run it again, with care.
    """
    campaigns = {request.campaign_id for request in requests}
    asked_gates = ask_gates(work, campaigns)
    asked_people = people.ask_unknown(work, [request.person_id for request in requests])
    # From here on the packets stand still; what a twin of ours has taken is committed.
    packets = rewards.ask_packets(work, campaigns, lock=True)()
    gates, unknown = asked_gates(), asked_people()
    no_packet: list[Answer] = [Refused(refusals.NO_PACKET)]
    answers: dict[UUID, list[Answer]] = {}
    for campaign in sorted(campaigns):
        wishes = [request for request in requests if request.campaign_id == campaign]
        packet = packets.get(campaign)
        if packet is None:
            answers[campaign] = no_packet * len(wishes)
        else:
            crowd = _Crowd(work, packet, gates[campaign], unknown)
            answers[campaign] = crowd.answers(wishes, is_careful=is_careful)
    in_turn = {campaign: iter(told) for campaign, told in answers.items()}
    return [next(in_turn[request.campaign_id]) for request in requests]


def share_view(grab: Grab) -> ShareView:
    """Return a share as its person sees it."""
    return ShareView(grab.nth, grab.amount_minor, grab.grabbed_at.isoformat())


class _Crowd:
    """Those of one set who want a share of the same packet."""

    def __init__(self, work: Work, packet: Packet, gate: Gate, unknown: set[UUID]) -> None:
        self.work = work
        self.packet = packet
        self.gate = gate
        self.unknown = unknown

    def answers(self, wishes: Sequence[GrabRequest], *, is_careful: bool) -> list[Answer]:
        packet, work = self.packet, self.work
        why_nots = self._why_nots(wishes)
        # By their numbers: to hash an id costs a call of Python, to hash a number none.
        first: dict[int, GrabRequest] = {}
        for nth, wish in enumerate(wishes):
            if nth not in why_nots:
                first.setdefault(wish.person_id.int, wish)
        known: dict[int, tuple[str | None, ShareView]] = {}
        if is_careful or len(first) < len(wishes):
            known = self._known(wishes)
            first = {person: wish for person, wish in first.items() if person not in known}
        takers = [
            Taker(wish.person_id, wish.quest_id, wish.request_key, wish.channel)
            for wish in first.values()
        ]
        taken = rewards.take_shares(work, packet, takers)
        at, left = work.now.isoformat(), packet.left - len(taken)
        shares = [ShareView(nth, minor, at) for nth, minor in taken]
        if len(shares) == len(wishes):
            return [
                GrabView(counted=True, reason=None, message=TAKEN, share=share, left=left)
                for share in shares
            ]
        for taker, share in zip(takers, shares, strict=False):
            known[taker.person_id.int] = taker.request_key, share
        return [
            again(wish.request_key, *known[wish.person_id.int], left)
            if wish.person_id.int in known
            else why_nots.get(nth, SOLD_OUT)
            for nth, wish in enumerate(wishes)
        ]

    def _known(self, wishes: Sequence[GrabRequest]) -> dict[int, tuple[str | None, ShareView]]:
        """Return who has a share already, and the key it was asked with."""
        asked = list({wish.person_id for wish in wishes})
        return {
            grab.person_id.int: (grab.request_key, share_view(grab))
            for grab in rewards.grabs_of(self.work, [self.packet.id], asked).values()
        }

    def _why_nots(self, wishes: Sequence[GrabRequest]) -> dict[int, Answer]:
        """Return by its place in the set why a wish is not for a share of now."""
        unknown, now = self.unknown, self.work.now
        closed = {each: self.gate.problem(now, each) for each in {one.surface for one in wishes}}
        not_new = self._not_new(wishes)
        if self.packet.left and not unknown and not not_new and not any(closed.values()):
            return {}
        signed_out, sold_out = Refused(NOT_SIGNED_IN), None if self.packet.left else SOLD_OUT
        found = {
            nth: signed_out
            if wish.person_id in unknown
            else closed[wish.surface] or sold_out or not_new.get(wish.person_id)
            for nth, wish in enumerate(wishes)
        }
        return {nth: why_not for nth, why_not in found.items() if why_not is not None}

    def _not_new(self, wishes: Sequence[GrabRequest]) -> dict[UUID, GrabView]:
        """Return who is not new where the packet is for new people only."""
        work, gate = self.work, self.gate
        settings = gate.version and version_of(work, gate.campaign_id, gate.version).settings
        if not isinstance(settings, RedPacketSettings) or not settings.new_people_only:
            return {}
        told = GrabView(
            counted=False,
            reason="not_new",
            message=outcome_words("not_new"),
            share=None,
            left=self.packet.left,
        )
        met_at = people.met_at(work, {wish.person_id for wish in wishes})
        return {person: told for person, met in met_at.items() if not gate.is_new(met)}


def again(
    request_key: str | None, taken_by: str | None, share: ShareView, left: int | None = None
) -> GrabView:
    """Tell a person of the share they have.

    With the key that took it, or without any, it is the same wish sent again and gets the same
    answer; another key is another wish, and there is no second share.
    """
    is_same = request_key is None or taken_by in {None, request_key}
    return GrabView(
        counted=is_same,
        reason=None if is_same else "done_already",
        message=TAKEN if is_same else outcome_words("done_already"),
        share=share,
        left=left,
    )


def takers_of(work: Work, campaign_id: UUID) -> dict[UUID, tuple[str | None, ShareView]]:
    """Return everybody who has a share of the campaign's packet: the key it was asked with, and it."""
    packet = rewards.packets_of(work, [campaign_id])[campaign_id]
    return {
        grab.person_id: (grab.request_key, share_view(grab))
        for grab in rewards.grabs_of(work, [packet.id]).values()
    }


__all__ = [
    "SOLD_OUT",
    "Answer",
    "GrabRequest",
    "GrabView",
    "ShareView",
    "again",
    "grab",
    "share_view",
    "takers_of",
]
