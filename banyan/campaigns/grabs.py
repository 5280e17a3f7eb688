"""Grabs: people take shares of red packets, as many at once as wait, in one transaction.

The packet's row is locked, so grabs of one packet come one set after the other and each set takes
the next shares in the order in which its requests arrived. A grab by a friend's link makes a
participant of whoever grabs, brought by that friend, and is told to the friend's quest.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from banyan import people, rewards
from banyan.campaigns import refusals
from banyan.campaigns.events import ParticipantJoined
from banyan.campaigns.gates import read_gates
from banyan.campaigns.outcome_words import outcome_words
from banyan.campaigns.reward_words import reward_words
from banyan.campaigns.running import Running, lock_quests, open_till
from banyan.campaigns.supports import INSERT_PARTICIPANTS
from banyan.campaigns.versions import version_of
from banyan.campaigns.views import ShareView, Twin
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_ids
from banyan.kernel.work import Work
from banyan.plays import GRABBED, Qualified, RedPacketSettings
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

TAKING_PART = """
select a.nth, p.generation
from unnest(%b::uuid[], %b::uuid[]) with ordinality as a (campaign, person, nth)
join participants p on p.workspace_id = %s and p.campaign_id = a.campaign
  and p.person_id = a.person
"""

VERSIONS = """
select id, live_version from campaigns where workspace_id = %s and id = any(%b)
"""


def grab(work: Work, requests: Sequence[GrabRequest]) -> list[Answer]:
    """Carry out `requests` in order, set-wise; one outcome each, and a refusal is a value.

    Raises `psycopg.errors.UniqueViolation` or `ledger.Overtaken` when another transaction was
    quicker: run it again.
    """
    return _Grabs(work, requests).run()


def share_view(grab: Grab) -> ShareView:
    """Return a share as its person sees it."""
    return ShareView(grab.nth, grab.amount_minor, grab.grabbed_at.isoformat())


class _Grabs:
    """One set of grabs on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[GrabRequest]) -> None:
        self.work = work
        self.requests = requests
        campaigns = {request.campaign_id for request in requests}
        self.quests = lock_quests(work, {r.quest_id for r in requests if r.quest_id is not None})
        self.gates = read_gates(work, campaigns)
        self.person_ids = list({request.person_id for request in requests})
        self.met_at = people.met_at(work, self.person_ids)
        # From here on the packets stand still; what a twin of ours has taken is committed.
        self.packets = rewards.packets_of(work, campaigns, lock=True)
        packet_ids = [packet.id for packet in self.packets.values()]
        self.taken = rewards.grabs_of(work, packet_ids, self.person_ids)
        self.new_only = self._new_only()
        self.left = {packet.id: packet.left for packet in self.packets.values()}
        self.takers: dict[UUID, list[tuple[GrabRequest, Taker]]] = {}
        self.wanting: dict[tuple[UUID, UUID], GrabRequest] = {}
        self.ids = iter(new_ids(len(requests)))

    def _new_only(self) -> set[UUID]:
        work = self.work
        rows = work.driver.execute(VERSIONS, (work.workspace_id, sorted(self.packets))).fetchall()
        found: set[UUID] = set()
        for campaign, number in rows:
            settings = version_of(work, campaign, number).settings
            if isinstance(settings, RedPacketSettings) and settings.new_people_only:
                found.add(campaign)
        return found

    def run(self) -> list[Answer]:
        first = [self._decide(request) for request in self.requests]
        self._write()
        return [
            self._told(request) if answer is None else answer
            for request, answer in zip(self.requests, first, strict=True)
        ]

    def _decide(self, request: GrabRequest) -> Answer | None:
        """Return why nothing is taken now; None where there is a share to tell of afterwards."""
        packet = self.packets.get(request.campaign_id)
        if packet is None:
            return Refused(refusals.NO_PACKET)
        key = packet.id, request.person_id
        if key in self.taken or key in self.wanting:
            return None
        if why_not := self._why_not(request, packet):
            return why_not
        self.left[packet.id] -= 1
        self.wanting[key] = request
        quest = self.quests.get(request.quest_id) if request.quest_id else None
        via = quest.id if quest and quest.campaign_id == packet.campaign_id else None
        taker = Taker(next(self.ids), request.person_id, via, request.request_key)
        self.takers.setdefault(packet.campaign_id, []).append((request, taker))
        return None

    def _why_not(self, request: GrabRequest, packet: Packet) -> Answer | None:
        met_at = self.met_at.get(request.person_id)
        if met_at is None:
            return Refused(NOT_SIGNED_IN)
        gate = self.gates[request.campaign_id]
        if problem := gate.problem(self.work.now, request.surface):
            return problem
        if not self.left[packet.id]:
            return SOLD_OUT
        if packet.campaign_id in self.new_only and not gate.is_new(met_at):
            return GrabView(
                counted=False,
                reason="not_new",
                message=outcome_words("not_new"),
                share=None,
                left=self.left[packet.id],
            )
        return None

    def _told(self, request: GrabRequest) -> GrabView:
        """Tell of the share a person has: theirs by this request, a repeat of it, or from before."""
        packet = self.packets[request.campaign_id]
        key = packet.id, request.person_id
        grab = self.taken[key]
        told = again(request.request_key, grab.request_key, share_view(grab))
        return msgspec.structs.replace(told, left=self.left[packet.id])

    def _write(self) -> None:
        work = self.work
        words = reward_words(rewards.PACKET_RULE)
        paid: dict[Packet, list[Grab]] = {}
        events: list[Event] = []
        for campaign in sorted(self.takers):
            packet, takers = self.packets[campaign], self.takers[campaign]
            grabs = rewards.take_shares(
                work, packet, [taker for _, taker in takers], words.zh, words.en
            )
            paid[packet] = grabs
            for grab in grabs:
                self.taken[packet.id, grab.person_id] = grab
            events += rewards.granted(packet, grabs)
        if not paid:
            return
        events = [*self._join(), *events]
        self._tell_quests(paid, events)
        rewards.pay_grabs(work, paid)

    def _tell_quests(self, paid: dict[Packet, list[Grab]], events: list[Event]) -> None:
        """Tell the friends' quests who took a share through them, and record everything."""
        if not self.quests:
            record(self.work, events)
            return
        running = Running(self.work, open_till(self.work, {}, ()))
        for packet, grabs in paid.items():
            for (_, taker), grab in zip(self.takers[packet.campaign_id], grabs, strict=True):
                if taker.quest_id is not None:
                    quest = self.quests[taker.quest_id]
                    fact = Qualified(grab.person_id, GRABBED, grab.id, amount=grab.amount_minor)
                    running.tell(quest, fact, grab.id)
        running.close(events)

    def _join(self) -> list[Event]:
        """Let everybody who took a share take part, brought by whose link they came."""
        takers = [pair for pairs in self.takers.values() for pair in pairs]
        via = {taker.quest_id for _, taker in takers if taker.quest_id is not None}
        pairs = [(request.campaign_id, request.person_id) for request, _ in takers]
        pairs += [(self.quests[quest].campaign_id, self.quests[quest].owner_id) for quest in via]
        work = self.work
        rows = work.driver.execute(
            TAKING_PART,
            ([campaign for campaign, _ in pairs], [who for _, who in pairs], work.workspace_id),
        )
        generations: dict[tuple[UUID, UUID], int] = {
            pairs[nth - 1]: generation for nth, generation in rows
        }
        joined: list[tuple[object, ...]] = []
        events: list[Event] = []
        for request, taker in takers:
            campaign, person = request.campaign_id, request.person_id
            if (campaign, person) in generations:
                continue
            quest = self.quests[taker.quest_id] if taker.quest_id else None
            referrer = quest.owner_id if quest else None
            generation = generations[campaign, quest.owner_id] + 1 if quest else 0
            generations[campaign, person] = generation
            is_new = self.gates[campaign].is_new(self.met_at[person])
            joined.append(
                (campaign, person, referrer, taker.quest_id, generation, request.channel, is_new)
            )
            events.append(
                ParticipantJoined(
                    campaign_id=campaign,
                    person_id=person,
                    referrer_id=referrer,
                    quest_id=taker.quest_id,
                    generation=generation,
                    channel=request.channel,
                    is_new_person=is_new,
                )
            )
        if joined:
            columns = map(list, zip(*sorted(joined, key=_place), strict=True))
            work.driver.execute(INSERT_PARTICIPANTS, (work.workspace_id, work.now, *columns))
        return events


def again(request_key: str | None, taken_by: str | None, share: ShareView) -> GrabView:
    """Tell a person of the share they have.

    With the key that took it, or without any, it is the same wish sent again and gets the same
    answer; another key is another wish, and there is no second share.
    """
    if request_key is None or taken_by in {None, request_key}:
        return GrabView(counted=True, reason=None, message=TAKEN, share=share, left=None)
    return GrabView(
        counted=False,
        reason="done_already",
        message=outcome_words("done_already"),
        share=share,
        left=None,
    )


def takers_of(work: Work, campaign_id: UUID) -> dict[UUID, tuple[str | None, ShareView]]:
    """Return everybody who has a share of the campaign's packet: the key it was asked with, and it."""
    packet = rewards.packets_of(work, [campaign_id])[campaign_id]
    return {
        grab.person_id: (grab.request_key, share_view(grab))
        for grab in rewards.grabs_of(work, [packet.id]).values()
    }


def _place(row: tuple[object, ...]) -> tuple[str, str]:
    return str(row[0]), str(row[1])


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
