"""Supports: friends help quests, as many at once as wait, in one transaction.

`support` locks the quests in id order, lets the play answer each request in arrival order, and
writes everything with a handful of set-wise statements. It reads who has helped whom before it
inserts; when another transaction was quicker, a constraint says so (`UniqueViolation`) and the
caller runs the transaction again.
"""

from collections.abc import Sequence
from secrets import randbits
from typing import Final, NamedTuple
from uuid import UUID

from banyan import people, rewards
from banyan.campaigns import refusals
from banyan.campaigns.events import ParticipantJoined, Supported
from banyan.campaigns.gates import ask_gates
from banyan.campaigns.lineage import Lineage
from banyan.campaigns.outcome_words import outcome_words
from banyan.campaigns.quests_in_hand import ProgressUnreadable, QuestInHand, ask_quests
from banyan.campaigns.running import Running, open_till
from banyan.campaigns.support_views import SupportView, grant_view, grants_by, tier_views
from banyan.campaigns.views import GrantView, PublicQuest
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.events import Event
from banyan.kernel.ids import new_ids
from banyan.kernel.requests import MISMATCH
from banyan.kernel.work import Work
from banyan.plays import Supported as SupportedFact

LUCK_BITS = 32
NOBODY: Final = frozenset[UUID]()


class SupportRequest(NamedTuple):
    """One person's help for one quest."""

    quest_id: UUID
    supporter_id: UUID
    link_code: str | None = None
    surface: str = "own_web"
    request_key: str | None = None
    """The Idempotency-Key, if one was sent."""


class Recorded(NamedTuple):
    """A support as its row has it."""

    quest_id: UUID
    supporter_id: UUID
    id: UUID
    campaign_id: UUID
    owner_id: UUID
    counted: bool
    reason: str | None
    slot: int | None
    is_new_person: bool
    link_code: str | None
    request_key: str | None
    have_after: int
    state_after: str


class Joined(NamedTuple):
    """A participant's row."""

    campaign_id: UUID
    person_id: UUID
    referrer_id: UUID | None
    quest_id: UUID | None
    generation: int
    channel: str
    is_new_person: bool


Answer = SupportView | Refused

RECORDED = """
select s.quest_id, s.supporter_id, s.id, s.campaign_id, s.owner_id, s.counted, s.reason, s.slot,
       s.is_new_person, s.link_code, s.request_key, s.have_after, s.state_after
from unnest(%b::uuid[], %b::uuid[]) as a (quest, supporter)
join supports s on s.workspace_id = %s and s.quest_id = a.quest and s.supporter_id = a.supporter
"""

HELPED = """
select s.campaign_id, s.supporter_id, s.quest_id
from unnest(%b::uuid[], %b::uuid[]) as a (campaign, supporter)
join supports s on s.workspace_id = %s and s.campaign_id = a.campaign
  and s.supporter_id = a.supporter and s.counted
"""

# The place in the list instead of the ids: almost everybody asked for is an owner known already.
TAKING_PART = """
select a.nth, p.generation
from unnest(%b::uuid[], %b::uuid[]) with ordinality as a (campaign, person, nth)
join participants p on p.workspace_id = %s and p.campaign_id = a.campaign
  and p.person_id = a.person
"""

INSERT_SUPPORTS = """
insert into supports (workspace_id, supported_at, quest_id, supporter_id, id, campaign_id, owner_id,
                      counted, reason, slot, is_new_person, link_code, request_key, have_after,
                      state_after)
select %s, %s, s.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::boolean[], %b::text[],
            %b::smallint[], %b::boolean[], %b::text[], %b::text[], %b::int[], %b::text[]) as s
"""

INSERT_PARTICIPANTS = """
insert into participants (workspace_id, joined_at, campaign_id, person_id, referrer_id, quest_id,
                          generation, channel, is_new_person)
select %s, %s, p.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::int[], %b::text[], %b::boolean[])
  as p
"""


def support(
    work: Work, requests: Sequence[SupportRequest], *, is_careful: bool = False
) -> list[Answer]:
    """Carry out `requests` in order, set-wise; one outcome each, and a refusal is a value.

    Raises `psycopg.errors.UniqueViolation` or `ledger.Overtaken` when another transaction was
    quicker: run it again, `is_careful` from the second time on.
    """
    return _Supports(work, requests, is_careful=is_careful).run()


class _Supports:
    """One set of requests on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[SupportRequest], *, is_careful: bool) -> None:
        self.work = work
        self.requests = requests
        # In one stroke: the quests are locked before the rest is read.
        self.unreadable: set[UUID] = set()
        quests_found = ask_quests(work, [request.quest_id for request in requests], self.unreadable)
        met_at = people.ask_met_at(work, {request.supporter_id for request in requests})
        recorded = work.driver.ask(
            RECORDED,
            (
                [request.quest_id for request in requests],
                [request.supporter_id for request in requests],
                work.workspace_id,
            ),
        )
        self.quests = quests_found()
        self.met_at = met_at()
        self.recorded = {(row[0], row[1]): Recorded(*row) for row in recorded}
        self.asked = [(request, self.quests.get(request.quest_id)) for request in requests]
        # One column each of campaign and supporter, however often a pair comes.
        known = [(quest, request) for request, quest in self.asked if quest is not None]
        self.columns = (
            [quest.campaign_id for quest, _ in known],
            [request.supporter_id for _, request in known],
        )
        # And in the next: what is known of their campaigns and people.
        quests = self.quests.values()
        campaigns = {quest.campaign_id for quest in quests}
        gates = ask_gates(work, campaigns)
        owners = people.ask_names_masked(work, {quest.owner_id for quest in quests})
        asked = rewards.ask_till(work, campaigns)
        self._read_people()
        self.gates, self.owners = gates(), owners()
        till = open_till(work, self.quests, self.columns[1], is_careful=is_careful, asked=asked)
        self.running = Running(work, till)
        self.made: list[Recorded] = []
        self.joined: list[Joined] = []
        self.ids = iter(new_ids(len(requests)))
        self.events: list[Event] = []
        self.given: dict[UUID, list[GrantView]] = {}

    def run(self) -> list[Answer]:
        answers = [self._answer(request, quest) for request, quest in self.asked]
        self._write()
        return answers

    # What is known before the first request is answered

    def _read_people(self) -> None:
        work, columns = self.work, self.columns
        helped = work.driver.ask(HELPED, (*columns, work.workspace_id))
        owners = {(quest.campaign_id, quest.owner_id) for quest in self.quests.values()}
        everybody = (
            [*columns[0], *(campaign for campaign, _ in owners)],
            [*columns[1], *(owner for _, owner in owners)],
        )
        rows = work.driver.ask(TAKING_PART, (*everybody, work.workspace_id))
        self.helped: dict[tuple[UUID, UUID], set[UUID]] = {}
        for campaign, supporter, quest in helped:
            self.helped.setdefault((campaign, supporter), set()).add(quest)
        self.generations: dict[tuple[UUID, UUID], int] = {
            (everybody[0][nth - 1], everybody[1][nth - 1]): generation for nth, generation in rows
        }
        # Only who takes part already can be above somebody.
        taking_part = {pair[0] for pair in zip(*columns, strict=True) if pair in self.generations}
        self.lineage = Lineage(work, [pair for pair in owners if pair[0] in taking_part])

    # One request

    def _answer(self, request: SupportRequest, quest: QuestInHand | None) -> Answer:
        if quest is None:
            if request.quest_id in self.unreadable:
                return ProgressUnreadable(request.quest_id)
            return Refused(refusals.NO_SUCH_QUEST)
        met_at = self.met_at.get(request.supporter_id)
        if met_at is None:
            return Refused(NOT_SIGNED_IN)
        done = self.recorded.get((request.quest_id, request.supporter_id))
        if done is not None:
            return self._repeat(request, quest, done)
        gate = self.gates[quest.campaign_id]
        if problem := gate.problem(self.work.now, request.surface):
            return problem
        return self._support(request, quest, is_new=gate.is_new(met_at))

    def _repeat(self, request: SupportRequest, quest: QuestInHand, done: Recorded) -> Answer:
        if (
            request.request_key is not None
            and request.request_key == done.request_key
            and request.link_code != done.link_code
        ):
            return Refused(MISMATCH)
        asks_anew = None not in {request.request_key, done.request_key} and (
            request.request_key != done.request_key
        )
        if done.counted and asks_anew:
            # Another key is another wish to help, not the same one sent again.
            again = done._replace(counted=False, reason="already_helped")
            return self._outcome(quest, again, [])
        if done.id not in self.given:
            self.given[done.id] = (
                grants_by(self.work, done.campaign_id, done.supporter_id, done.id)
                if done.counted
                else []
            )
        return self._outcome(quest, done, self.given[done.id])

    def _support(self, request: SupportRequest, quest: QuestInHand, *, is_new: bool) -> SupportView:
        campaign, by = quest.campaign_id, request.supporter_id
        key = (campaign, by)
        is_taking_part = key in self.generations
        is_new = is_new and not is_taking_part
        helped = self.helped.get(key, NOBODY)
        support_id = next(self.ids)
        told = self.running.tell(
            quest,
            SupportedFact(
                by,
                is_new,
                randbits(LUCK_BITS),
                quest.id in helped,
                len(helped) - (quest.id in helped),
                is_taking_part and self.lineage.is_above(campaign, by, quest.owner_id),
            ),
            support_id,
        )
        counted = told.reason is None
        done = Recorded(
            quest.id,
            by,
            support_id,
            campaign,
            quest.owner_id,
            counted,
            told.reason,
            len(helped) + 1 if counted else None,
            is_new,
            request.link_code,
            request.request_key,
            quest.stands().have,
            quest.state,
        )
        self.made.append(done)
        self.recorded[quest.id, by] = done
        if counted:
            self._count(quest, done, is_taking_part=is_taking_part)
        self.given[support_id] = [
            grant_view(self.work, given)
            for given in told.given
            if given.request.beneficiary_person_id == by
        ]
        self.events.append(
            Supported(
                campaign_id=campaign,
                quest_id=quest.id,
                supporter_person_id=by,
                owner_person_id=quest.owner_id,
                counted=counted,
                reason=told.reason,
                is_new_person=is_new,
                channel=quest.channel,
            )
        )
        return self._outcome(quest, done, self.given[done.id])

    def _count(self, quest: QuestInHand, done: Recorded, *, is_taking_part: bool) -> None:
        key = (quest.campaign_id, done.supporter_id)
        self.helped.setdefault(key, set()).add(quest.id)
        self.lineage.add(*key, quest.owner_id)
        if is_taking_part:
            return
        generation = self.generations[quest.campaign_id, quest.owner_id] + 1
        self.generations[key] = generation
        joined = Joined(
            *(*key, quest.owner_id, quest.id, generation, quest.channel, done.is_new_person)
        )
        self.joined.append(joined)
        self.events.append(
            ParticipantJoined(
                campaign_id=quest.campaign_id,
                person_id=done.supporter_id,
                referrer_id=quest.owner_id,
                quest_id=quest.id,
                generation=generation,
                channel=quest.channel,
                is_new_person=done.is_new_person,
            )
        )

    def _outcome(self, quest: QuestInHand, done: Recorded, grants: list[GrantView]) -> SupportView:
        stands, have = quest.stands(), done.have_after
        return SupportView(
            counted=done.counted,
            reason=done.reason,
            message=outcome_words(done.reason),
            grants=grants,
            quest=PublicQuest(
                id=quest.id,
                owner_masked=self.owners.get(quest.owner_id, ""),
                have=have,
                need=stands.need,
                tiers=tier_views(quest, stands.tiers, have),
                state=done.state_after,
                ends_at=stands.deadline,
            ),
        )

    # What is written at the end

    def _write(self) -> None:
        work = self.work
        if self.made:
            # In the order of the unique index, so that two transactions that meet there cannot
            # each wait for the other.
            made = sorted(self.made, key=lambda done: (done.campaign_id, done.supporter_id))
            columns = map(list, zip(*made, strict=True))
            work.driver.ask(INSERT_SUPPORTS, (work.workspace_id, work.now, *columns))
        if self.joined:
            joined = sorted(self.joined, key=lambda person: person[:2])
            columns = map(list, zip(*joined, strict=True))
            work.driver.ask(INSERT_PARTICIPANTS, (work.workspace_id, work.now, *columns))
        self.running.close(self.events)


__all__ = ["Answer", "SupportRequest", "SupportView", "support"]
