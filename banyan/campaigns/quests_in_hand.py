"""Quests in hand: locked for this transaction, with the plan they are played under."""

from collections.abc import Iterable, MutableSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from cachebox import LRUCache

from banyan.campaigns import refusals, versions
from banyan.campaigns.quest_rows import LOCK
from banyan.campaigns.versions import Version
from banyan.campaigns.views import TierView
from banyan.kernel.connection import Later
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Standing, draws_of, selling_of

logger = structlog.get_logger()

_decoders: dict[str, Any] = {
    key: msgspec.json.Decoder(play.Progress).decode for key, play in PLAYS.items()
}


class Plan:
    """A version of a campaign with its play, and what need not be made twice."""

    __slots__ = ("decode", "draws", "play", "selling", "tiers", "version")

    def __init__(self, version: Version) -> None:
        """Find the play of `version`."""
        self.version = version
        self.play: Any = PLAYS[version.definition["play"]["key"]]
        self.decode = _decoders[self.play.key]
        self.selling = selling_of(self.play, version.settings)
        self.draws = draws_of(self.play, version.settings)
        self.tiers: dict[int, list[TierView]] = {}
        """What a page shows of the tiers, by how many people came."""


_plans: LRUCache[tuple[UUID, UUID, int], Plan] = LRUCache(5000)


def plan_of(work: Work, campaign_id: UUID, number: int) -> Plan:
    """Return the plan a quest is played under. Raises LookupError when there is no such version."""
    key = (work.workspace_id, campaign_id, number)
    try:
        return _plans[key]
    except KeyError:
        plan = _plans[key] = Plan(versions.version_of(work, campaign_id, number))
        return plan


@dataclass(slots=True)
class QuestInHand:
    """A locked quest as the facts so far have left it."""

    id: UUID
    campaign_id: UUID
    version_number: int
    owner_id: UUID
    state: str
    progress: Any
    channel: str
    share_code: str | None
    plan: Plan
    standing: Standing | None = None
    decided_at: datetime | None = None
    facts: int = 0
    """How many facts of it are kept."""

    def stands(self) -> Standing:
        """Return where it stands now."""
        if self.standing is None:
            plan = self.plan
            found: Standing = plan.play.standing(plan.version.settings, self.progress)
            self.standing = found
            return found
        return self.standing


class ProgressUnreadable(Refused):
    """What is stored as a quest's progress is not what its play writes."""

    def __init__(self, quest_id: UUID) -> None:
        """Name the quest."""
        super().__init__(refusals.QUEST_UNREADABLE, count=1, quest=str(quest_id))
        self.quest_id = quest_id


_told_of: LRUCache[UUID, None] = LRUCache(1000)
"""Quests that cannot be read and that the log knows of."""


def lock_quests(
    work: Work, quest_ids: Iterable[UUID], unreadable: MutableSet[UUID] | None = None
) -> dict[UUID, QuestInHand]:
    """Lock the quests that exist, in id order, and read where each stands.

    Those that cannot be read are left out and added to `unreadable`; without it they raise
    ProgressUnreadable.
    """
    return ask_quests(work, quest_ids, unreadable)()


def ask_quests(
    work: Work, quest_ids: Iterable[UUID], unreadable: MutableSet[UUID] | None = None
) -> Later[dict[UUID, QuestInHand]]:
    """Ask for the quests that exist, locked in id order, and where each stands.

    Those that cannot be read are left out and added to `unreadable`; without it, what is returned
    raises ProgressUnreadable. Each is logged once in a process.
    """
    asked = work.driver.ask(LOCK, (work.workspace_id, sorted(set(quest_ids))))

    def found() -> dict[UUID, QuestInHand]:
        quests: dict[UUID, QuestInHand] = {}
        for quest, campaign, number, owner, state, said, channel, code, decided, facts in asked:
            plan = plan_of(work, campaign, number)
            try:
                progress = plan.decode(said)
            except msgspec.MsgspecError as problem:
                _log_once(work, quest, problem)
                if unreadable is None:
                    raise ProgressUnreadable(quest) from problem
                unreadable.add(quest)
                continue
            quests[quest] = QuestInHand(
                *(quest, campaign, number, owner, state, progress, channel, code, plan),
                decided_at=decided,
                facts=facts,
            )
        return quests

    return found


def _log_once(work: Work, quest_id: UUID, problem: Exception) -> None:
    if quest_id not in _told_of:
        _told_of[quest_id] = None
        told = {"workspace": str(work.workspace_id), "quest": str(quest_id)}
        logger.error("progress_unreadable", **told, exc_info=problem)
