"""Quests: people begin them, and facts about them are reported."""

from collections.abc import MutableSet, Sequence
from typing import NamedTuple
from uuid import UUID

from banyan import links, people
from banyan.campaigns import events, refusals
from banyan.campaigns.acts import local_day
from banyan.campaigns.gates import read_gates
from banyan.campaigns.quests_in_hand import (
    QuestInHand,
    lock_quests,
    plan_of,
)
from banyan.campaigns.running import Running, Told, encode, open_till
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.events import Event
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import Work
from banyan.links import LinkRequest
from banyan.people import Birthday
from banyan.plays import CampaignEnded, Dated, Fact, Started, TimePassed


class StartRequest(NamedTuple):
    """A person wants a quest of their own."""

    campaign_id: UUID
    person_id: UUID
    channel: str = "other"
    via_quest_id: UUID | None = None
    """The quest through whose link they came."""
    another: bool = False
    """Whether a decided quest may be followed by the next one, if the play allows more."""


class Begun(NamedTuple):
    """A quest that was begun, or the one they have already."""

    quest_id: UUID
    share_code: str
    is_repeat: bool


StartOutcome = Begun | Refused

# Two taps of one person come one after the other; everybody else goes on side by side.
QUEUE = """
select pg_advisory_xact_lock(hashtextextended('start ' || a.campaign || a.person, 0))
from unnest(%b::uuid[], %b::uuid[]) as a (campaign, person)
"""

HAVE = """
select q.id, q.campaign_id, q.owner_id, q.nth, q.state, q.share_code
from unnest(%b::uuid[], %b::uuid[]) as a (campaign, owner)
join quests q on q.workspace_id = %s and q.campaign_id = a.campaign and q.owner_id = a.owner
order by q.nth
"""

HOSTS = """
select q.id, q.campaign_id, q.owner_id, p.generation from quests q
join participants p on p.workspace_id = q.workspace_id and p.campaign_id = q.campaign_id
  and p.person_id = q.owner_id
where q.workspace_id = %s and q.id = any(%b)
"""

INSERT_QUESTS = """
insert into quests (workspace_id, started_at, id, campaign_id, version, owner_id, nth, state,
                    progress, have, need, channel, share_code, ends_at, facts)
select %s, %s, q.*
from unnest(%b::uuid[], %b::uuid[], %b::int[], %b::uuid[], %b::smallint[], %b::text[], %b::json[],
            %b::int[], %b::int[], %b::text[], %b::text[], %b::timestamptz[], %b::int[]) as q
"""

JOIN = """
insert into participants (workspace_id, joined_at, campaign_id, person_id, referrer_id, quest_id,
                          generation, channel, is_new_person)
select %s, %s, p.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::int[], %b::text[], %b::boolean[])
  as p
on conflict do nothing
returning campaign_id, person_id, referrer_id, quest_id, generation, channel, is_new_person
"""


def start_quest(work: Work, request: StartRequest) -> Begun:
    """Begin one quest: the list of one. Raises what `start_quests` returns as a value."""
    (outcome,) = start_quests(work, [request])
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def start_quests(work: Work, requests: Sequence[StartRequest]) -> list[StartOutcome]:
    """Begin quests, set-wise; one outcome each. Whoever has one is told which.

    Refuses as values what the campaign's gate says, and an unknown campaign or person. At most
    about a thousand at once: each is queued behind an earlier tap of the same person.
    """
    return _Starts(work, requests).run()


class _Starts:
    """One set of starts on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[StartRequest]) -> None:
        self.work = work
        self.requests = requests
        self.gates = read_gates(work, {request.campaign_id for request in requests})
        self.met_at = people.met_at(work, {request.person_id for request in requests})
        pairs = sorted({(request.campaign_id, request.person_id) for request in requests})
        columns = [campaign for campaign, _ in pairs], [person for _, person in pairs]
        work.driver.execute(QUEUE, columns)
        rows = work.driver.execute(HAVE, (*columns, work.workspace_id))
        self.have: dict[tuple[UUID, UUID], list[tuple[UUID, int, str, str]]] = {}
        for quest, campaign, owner, nth, state, code in rows:
            self.have.setdefault((campaign, owner), []).append((quest, nth, state, code or ""))
        via = sorted({r.via_quest_id for r in requests if r.via_quest_id is not None})
        hosts = work.driver.execute(HOSTS, (work.workspace_id, via)).fetchall() if via else []
        self.hosts = {row[0]: row[1:] for row in hosts}
        self.versions = {
            row[0]: row[1]
            for row in work.driver.execute(
                "select id, live_version from campaigns where workspace_id = %s and id = any(%b)",
                (work.workspace_id, sorted(self.gates)),
            )
        }
        self.running = Running(work, open_till(work, {}, ()))
        self.made: list[tuple[QuestInHand, int]] = []
        self.birthdays: dict[UUID, Birthday] | None = None
        """Read when a play asks for them."""
        self.joins: dict[tuple[UUID, UUID], tuple[object, ...]] = {}

    def run(self) -> list[StartOutcome]:
        outcomes = [self._start(request) for request in self.requests]
        self._write()
        return outcomes

    def _start(self, request: StartRequest) -> StartOutcome:
        gate = self.gates.get(request.campaign_id)
        if gate is None:
            return Refused(refusals.NO_SUCH_CAMPAIGN)
        if request.person_id not in self.met_at:
            return Refused(NOT_SIGNED_IN)
        have = self.have.setdefault((request.campaign_id, request.person_id), [])
        last = have[-1] if have else None
        if last and (last[2] == "open" or not request.another):
            return Begun(last[0], last[3], is_repeat=True)
        # Where a page is open was asked before: here the timetable decides.
        if problem := gate.problem(self.work.now, next(iter(gate.surfaces), "own_web")):
            return problem
        quest = self._quest(request)
        began = Started(request.person_id, quest.id, len(have), self._days_to_birthday(quest))
        told = self.running.tell(quest, began)
        if told.reason is not None:
            # As many as one person may begin: the last one stays theirs.
            refusal = refusals.START_REFUSALS.get(told.reason, refusals.NO_SUCH_QUEST)
            return Begun(last[0], last[3], is_repeat=True) if last else Refused(refusal)
        self.made.append((quest, len(have) + 1))
        have.append((quest.id, len(have) + 1, quest.state, quest.share_code or ""))
        self._join(request)
        return Begun(quest.id, quest.share_code or "", is_repeat=False)

    def _days_to_birthday(self, quest: QuestInHand) -> int | None:
        """Return how far the owner's birthday is, where the play asks; None: not known."""
        plan = quest.plan
        if not (isinstance(plan.play, Dated) and plan.play.asks_birthday(plan.version.settings)):
            return None
        if self.birthdays is None:
            everybody = {request.person_id for request in self.requests}
            self.birthdays = people.birthdays(self.work, everybody)
        known = self.birthdays.get(quest.owner_id)
        return known.days_from(local_day(self.work)) if known else None

    def _quest(self, request: StartRequest) -> QuestInHand:
        number = self.versions[request.campaign_id]
        plan = plan_of(self.work, request.campaign_id, number)
        return QuestInHand(
            *(new_id(), request.campaign_id, number, request.person_id, "open"),
            *(plan.play.Progress(), request.channel, new_code(80), plan),
        )

    def _join(self, request: StartRequest) -> None:
        host = self.hosts.get(request.via_quest_id) if request.via_quest_id else None
        if host and (host[0] != request.campaign_id or host[1] == request.person_id):
            host = None
        campaign, person = request.campaign_id, request.person_id
        self.joins.setdefault(
            (campaign, person),
            (
                *(campaign, person, host[1] if host else None),
                *(request.via_quest_id if host else None, host[2] + 1 if host else 0),
                *(request.channel, self.gates[campaign].is_new(self.met_at[person])),
            ),
        )

    def _write(self) -> None:
        if not self.made:
            return
        work, made = self.work, sorted(self.made, key=lambda pair: _place(*pair))
        rows = [
            (
                *(quest.id, quest.campaign_id, quest.version_number, quest.owner_id, nth),
                *(quest.state, encode(quest.progress).decode(), quest.stands().have),
                *(quest.stands().need, quest.channel, quest.share_code, quest.stands().deadline),
                quest.facts,
            )
            for quest, nth in made
        ]
        columns = map(list, zip(*rows, strict=True))
        work.driver.execute(INSERT_QUESTS, (work.workspace_id, work.now, *columns))
        links.create_links(
            work,
            [
                LinkRequest(
                    *("quest", quest.campaign_id, quest.channel, quest.id, quest.owner_id),
                    code=quest.share_code,
                )
                for quest, _ in made
            ],
        )
        joins = [self.joins[key] for key in sorted(self.joins)]
        columns = map(list, zip(*joins, strict=True))
        joined = work.driver.execute(JOIN, (work.workspace_id, work.now, *columns)).fetchall()
        told: list[Event] = [
            events.ParticipantJoined(
                campaign_id=campaign,
                person_id=person,
                referrer_id=referrer,
                quest_id=quest,
                generation=generation,
                channel=channel,
                is_new_person=is_new,
            )
            for campaign, person, referrer, quest, generation, channel, is_new in joined
        ]
        told += [
            events.QuestStarted(
                campaign_id=quest.campaign_id,
                quest_id=quest.id,
                person_id=quest.owner_id,
                channel=quest.channel,
            )
            for quest, _ in made
        ]
        self.running.changed.clear()
        self.running.close(told)


def _place(quest: QuestInHand, nth: int) -> tuple[UUID, UUID, int]:
    return quest.campaign_id, quest.owner_id, nth


def report(
    work: Work, facts: Sequence[tuple[UUID, Fact]], unreadable: MutableSet[UUID] | None = None
) -> list[Told | None]:
    """Tell quests what happened, set-wise, in order; None where there is no such quest.

    For facts that are no support: time that passed, a withdrawal, the end of the campaign.
    Quests that cannot be read are passed over and added to `unreadable`; without it they raise
    ProgressUnreadable before anything is written.
    """
    quests = lock_quests(work, [quest for quest, _ in facts], unreadable)
    supporters = {fact.by for _, fact in facts if not isinstance(fact, TimePassed | CampaignEnded)}
    running = Running(work, open_till(work, quests, supporters, is_careful=True))
    told = [running.tell(quests[quest], fact) if quest in quests else None for quest, fact in facts]
    running.close()
    return told


def report_readable(work: Work, facts: Sequence[tuple[UUID, Fact]]) -> frozenset[UUID]:
    """Tell quests what happened, as `report` does; return those that cannot be read.

    Nobody else waits for them, and they stay as they are.
    """
    unreadable: set[UUID] = set()
    report(work, facts, unreadable)
    return frozenset(unreadable)


class Closing(NamedTuple):
    """What became of some open quests of a campaign that has ended."""

    closed: int
    unreadable: frozenset[UUID]
    """Left open: their progress cannot be read."""


def close_quests(work: Work, campaign_id: UUID, most: int = 500) -> Closing:
    """Tell up to `most` open quests of a campaign that it has ended."""
    rows = work.driver.execute(
        """
        select id from quests where workspace_id = %s and campaign_id = %s and state = 'open'
        order by id limit %s for no key update skip locked
        """,
        (work.workspace_id, campaign_id, most),
    ).fetchall()
    unreadable = report_readable(work, [(row[0], CampaignEnded()) for row in rows])
    return Closing(len(rows) - len(unreadable), unreadable)
