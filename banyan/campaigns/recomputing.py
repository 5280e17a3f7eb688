"""Recomputing: the facts of a quest, told to its play once more, against what stands.

A play is a function of its arguments and a fact is kept as it was told, so the same facts give the
same progress, byte for byte, and ask for the same grants. What differs was changed by somebody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from banyan import rewards
from banyan.campaigns.recomputed_grants import Ask, Dues, Grant, Named, differences, missing
from banyan.campaigns.recomputed_orders import OrderBooks, OrderDues
from banyan.campaigns.recomputed_packets import PACKETS_SAMPLED, packet_differences
from banyan.campaigns.recomputed_progress import says_the_same
from banyan.campaigns.recomputed_rows import (
    CAMPAIGNS,
    FACTS,
    GRANTS,
    LATEST,
    NEXT,
    REFUSED,
    VERSIONS,
)
from banyan.plays import (
    PLAYS,
    Commission,
    Fact,
    Lose,
    Reverse,
    Reward,
    Started,
    Vest,
    Win,
)

BATCH: Final = 200
"""How many quests are recomputed at once."""
LONGEST_SAMPLED: Final = 200
"""A sample leaves out quests that were told more facts than this."""

_encode = msgspec.json.Encoder().encode
_fact = msgspec.json.Decoder(Fact).decode

Driver = psycopg.Connection[Any]


class Difference(NamedTuple):
    """Something of a quest that does not follow from its facts."""

    workspace_id: UUID
    campaign_id: UUID
    quest_id: UUID | None
    """None: of the campaign as a whole."""
    what: str
    stands: str
    recomputed: str


@dataclass(slots=True)
class Recount:
    """What a walk over quests has found so far."""

    quests: int = 0
    facts: int = 0
    grants: int = 0
    """Grants that follow from facts."""
    orders: int = 0
    """Orders of quests."""
    packets: int = 0
    """Packets that were cut again."""
    before: int = 0
    """Quests of the time before facts were kept, which nobody can recompute."""
    unplayed: int = 0
    """Quests of a play that is not installed here."""
    differences: list[Difference] = field(default_factory=list)


class _Quest(NamedTuple):
    workspace_id: UUID
    id: UUID
    campaign_id: UUID
    version: int
    owner_id: UUID
    state: str
    progress: str
    have: int
    need: int | None
    decided_at: datetime | None
    facts: int


class _Kept(NamedTuple):
    nth: int
    told_at: datetime
    fact: str


@dataclass(slots=True)
class _Folded:
    """What the facts of a quest make of it."""

    progress: Any
    state: str = "open"
    decided_at: datetime | None = None
    dues: Dues = field(default_factory=lambda: Dues({}, {}, {}))
    orders: OrderDues = field(default_factory=OrderDues)
    causes: set[UUID] = field(default_factory=set[UUID])
    """The records it was told of: those, with the quest, that its grants may name."""


def recompute(
    driver: Driver, *, campaign_id: UUID | None = None, most: int | None = None
) -> Iterator[Recount]:
    """Recompute quests in batches; yield the same count after each, so that a walk can be shown.

    All of them, those of one campaign, or `most` at most. Only a walk over all quests of a
    campaign finds a grant there that belongs to none of them. `driver` must see every workspace,
    at one moment: nothing may change between two batches.
    """
    walk = _Walk(driver)
    after = UUID(int=0), UUID(int=0)
    left = most
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        rows = driver.execute(NEXT, (campaign_id, campaign_id, *after, size)).fetchall()
        if not rows:
            walk.close(campaign_id)
            break
        quests = [_Quest._make(row) for row in rows]
        walk.batch(quests)
        after = quests[-1].workspace_id, quests[-1].id
        left = None if left is None else left - len(quests)
        yield walk.recount
    yield walk.recount


def recompute_latest(driver: Driver, most: int = BATCH) -> Recount:
    """Recompute the newest `most` quests of the house that were not told very much."""
    walk = _Walk(driver)
    rows = driver.execute(LATEST, (LONGEST_SAMPLED, most)).fetchall()
    walk.batch([_Quest._make(row) for row in rows])
    walk.packets(None, PACKETS_SAMPLED)
    return walk.recount


class _Walk:
    """A walk over quests, a batch at a time."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.recount = Recount()
        self.settings: dict[tuple[UUID, UUID, int], tuple[Any, Any] | None] = {}
        self.followed: defaultdict[UUID, int] = defaultdict(int)
        """How many grants of a campaign follow from its quests."""
        self.partly: set[UUID] = set()
        """Campaigns of which not every quest could be recomputed."""

    def batch(self, quests: Sequence[_Quest]) -> None:
        """Recompute some quests."""
        if not quests:
            return
        self._read_settings(quests)
        kept: dict[UUID, list[_Kept]] = {quest.id: [] for quest in quests}
        columns = [q.workspace_id for q in quests], [q.id for q in quests]
        for quest_id, *row in self.driver.execute(FACTS, columns):
            kept[quest_id].append(_Kept._make(row))
        folded: list[tuple[_Quest, _Folded]] = []
        for quest in quests:
            done = self._fold(quest, kept[quest.id])
            if done is None:
                self.partly.add(quest.campaign_id)
            else:
                folded.append((quest, done))
        self._compare_grants(folded)
        books = OrderBooks(self.driver, *columns)
        self.recount.orders += books.count()
        for quest, done in folded:
            for told in books.differences(quest.id, done.orders):
                self._differs(quest.workspace_id, quest.campaign_id, quest.id, *told)

    def packets(self, campaign_id: UUID | None, most: int | None = None) -> None:
        """Cut the packets again: those of a campaign, or the newest `most`, or all."""
        for workspace, campaign, told in packet_differences(self.driver, campaign_id, most):
            self.recount.packets += 1
            for each in told:
                self._differs(workspace, campaign, None, *each)

    def close(self, campaign_id: UUID | None) -> None:
        """After all quests of the campaigns: does any grant there belong to none of them?"""
        rows = self.driver.execute(CAMPAIGNS, (rewards.PACKET_RULE, campaign_id, campaign_id))
        for workspace, campaign, grants in rows.fetchall():
            followed = self.followed[campaign]
            if campaign not in self.partly and grants != followed:
                self._differs(workspace, campaign, None, "grants", grants, followed)
        self.packets(campaign_id)

    def _differs(
        self,
        workspace_id: UUID,
        campaign_id: UUID,
        quest_id: UUID | None,
        what: str,
        stands: object,
        recomputed: object,
    ) -> None:
        self.recount.differences.append(
            Difference(workspace_id, campaign_id, quest_id, what, str(stands), str(recomputed))
        )

    def _read_settings(self, quests: Sequence[_Quest]) -> None:
        wanted = {(q.workspace_id, q.campaign_id, q.version) for q in quests} - set(self.settings)
        if not wanted:
            return
        columns = [list(column) for column in zip(*sorted(wanted), strict=True)]
        for workspace, campaign, version, choice in self.driver.execute(VERSIONS, columns):
            play = PLAYS.get(choice["key"])
            self.settings[workspace, campaign, version] = (
                (play, msgspec.convert(choice["settings"], play.Settings)) if play else None
            )

    def _fold(self, quest: _Quest, kept: Sequence[_Kept]) -> _Folded | None:
        """Return what the facts make of a quest; None when nobody can say."""
        where = quest.workspace_id, quest.campaign_id, quest.id
        known = self.settings.get((quest.workspace_id, quest.campaign_id, quest.version))
        if known is None:
            self.recount.unplayed += 1
            return None
        if [each.nth for each in kept] != list(range(1, quest.facts + 1)):
            self.recount.quests += 1
            told = f"{len(kept)} kept, the last is {kept[-1].nth if kept else 0}"
            self._differs(*where, "facts", told, quest.facts)
            return None
        try:
            facts = [_fact(each.fact) for each in kept]
        except msgspec.MsgspecError as error:
            self.recount.quests += 1
            self._differs(*where, "facts", "unreadable", error)
            return None
        if not facts or not isinstance(facts[0], Started):
            self.recount.before += 1
            return None
        self.recount.quests += 1
        self.recount.facts += len(facts)
        play, settings = known
        done = _Folded(play.Progress())
        for each, fact in zip(kept, facts, strict=True):
            now = each.told_at.astimezone(UTC)
            done.progress, effects = play.react(settings, done.progress, fact, now)
            done.causes.update(_causes(fact))
            for effect in effects:
                _follow(done, effect, quest.version, now, each.nth)
                done.orders.follow(effect, now)
        stood = play.standing(settings, done.progress)
        progress = _encode(done.progress).decode()
        if says_the_same(play, quest.progress, progress):
            progress = quest.progress
        for what, stands, recomputed in (
            ("progress", quest.progress, progress),
            ("state", quest.state, done.state),
            ("decided_at", quest.decided_at, done.decided_at),
            ("have", quest.have, stood.have),
            ("need", quest.need, stood.need),
        ):
            if stands != recomputed:
                self._differs(*where, what, stands, recomputed)
        return done

    def _compare_grants(self, folded: Sequence[tuple[_Quest, _Folded]]) -> None:
        known = self._read_grants(folded)
        lost: list[tuple[_Quest, Named, list[Ask]]] = []
        for quest, done in folded:
            where = quest.workspace_id, quest.campaign_id, quest.id
            mine = known.of(quest, done)
            for grant in mine.values():
                if grant.quest_id not in {None, quest.id}:
                    # A cause that two quests of one person share: the other one's giving.
                    continue
                if done.dues.earned(grant) is not None:
                    self.followed[quest.campaign_id] += 1
                    self.recount.grants += 1
                elif grant.cause not in done.causes and grant.cause != quest.id:
                    continue
                for told in differences(grant, done.dues):
                    self._differs(*where, *told)
            lost += [(quest, named, asks) for named, asks in missing(mine, done.dues)]
        if lost:
            self._explain(lost)

    def _read_grants(self, folded: Sequence[tuple[_Quest, _Folded]]) -> "_Grants":
        people = {
            (quest.workspace_id, quest.campaign_id, person)
            for quest, done in folded
            for person in {quest.owner_id, *(to for _, to, _ in done.dues.asks)}
        }
        if not people:
            return _Grants(())
        columns = [list(column) for column in zip(*people, strict=True)]
        rows = self.driver.execute(GRANTS, (*columns, rewards.PACKET_RULE))
        return _Grants(Grant._make(row) for row in rows)

    def _explain(self, lost: Sequence[tuple[_Quest, Named, list[Ask]]]) -> None:
        """Pass over what was refused when it was asked: a cap, a budget; name the rest."""
        workspaces = {quest.workspace_id for quest, _, _ in lost}
        campaigns = {quest.campaign_id for quest, _, _ in lost}
        rows = self.driver.execute(REFUSED, (list(workspaces), list(campaigns)))
        refused = {tuple(row) for row in rows}
        for quest, (rule, to, cause), asks in lost:
            if not all((quest.campaign_id, rule, to, ask.offer, ask.at) in refused for ask in asks):
                asked = ", ".join(f"{ask.offer} at {ask.at}" for ask in asks)
                where = quest.workspace_id, quest.campaign_id, quest.id
                self._differs(*where, f"grant ({rule}) to {to} for {cause}", "none", asked)


class _Grants:
    """The grants of a batch, found by what they are called and by their cause."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self.named: dict[tuple[UUID, Named], Grant] = {}
        self.caused: defaultdict[tuple[UUID, UUID], list[Grant]] = defaultdict(list)
        for grant in grants:
            self.named[grant.campaign_id, grant.named] = grant
            self.caused[grant.campaign_id, grant.cause].append(grant)

    def of(self, quest: _Quest, done: _Folded) -> dict[Named, Grant]:
        """Return the grants that belong to a quest: by its name, or by a cause of its owner's."""
        campaign = quest.campaign_id
        found = {
            named: self.named[campaign, named]
            for named in done.dues.asks
            if (campaign, named) in self.named
        }
        for grant in self.caused.get((campaign, quest.id), ()):
            found[grant.named] = grant
        for cause in done.causes:
            for grant in self.caused.get((campaign, cause), ()):
                if grant.beneficiary_id == quest.owner_id:
                    found[grant.named] = grant
        return found


def _causes(fact: Fact) -> Iterator[UUID]:
    """Yield the records a fact stands for, which no other quest of its owner was told of."""
    for name in ("cause", "order"):
        cause = getattr(fact, name, None)
        if cause is not None:
            yield cause
    for line in getattr(fact, "lines", ()):
        yield line.line


def _follow(done: _Folded, effect: object, version: int, now: datetime, nth: int) -> None:
    asks, reversals, vests = done.dues
    match effect:
        case Reward(rule, to, offer, cause, amount):
            asks.setdefault((rule, to, cause), []).append(Ask(now, nth, version, offer, amount))
        case Commission(rule, to, offer, amount, cause, until):
            ask = Ask(now, nth, version, offer, amount, is_held=True, held_until=until)
            asks.setdefault((rule, to, cause), []).append(ask)
        case Reverse(rule, to, cause, keep):
            reversals.setdefault((rule, to, cause), []).append((now, keep))
        case Vest(rule, to, cause, at):
            vests.setdefault((rule, to, cause), []).append((now, at))
        case Win():
            done.state, done.decided_at = "won", now
        case Lose():
            done.state, done.decided_at = "lost", now
        case _:
            pass


__all__ = ["Difference", "Recount", "recompute", "recompute_latest"]
