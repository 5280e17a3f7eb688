"""A small honest runtime for the plays: it knows what the real one knows, in plain dictionaries."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from banyan.plays import (
    AnyPlay,
    CampaignEnded,
    Commission,
    Count,
    Effect,
    Fact,
    Lose,
    Refuse,
    Reverse,
    Reward,
    Started,
    Supported,
    TimePassed,
    WakeAt,
    Win,
    Withdrawn,
)

ROOT = UUID(int=0)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def person(name: object) -> UUID:
    return uuid5(ROOT, f"person {name}")


class Runtime:
    """Reports facts of one campaign to its play and keeps what the effects ask for."""

    def __init__(self, play: AnyPlay, settings: Any) -> None:
        self.play, self.settings = play, settings
        self.now = NOON
        self.quests: dict[UUID, Any] = {}
        self.starter: dict[UUID, UUID] = {}
        self.counted: dict[UUID, set[UUID]] = defaultdict(set)
        self.ever: dict[UUID, set[UUID]] = defaultdict(set)
        self.known: set[UUID] = set()
        self.grants: dict[tuple[str, UUID, UUID], str] = {}
        self.reversed: set[tuple[str, UUID, UUID]] = set()
        self.wins: list[UUID] = []
        self.losses: list[UUID] = []
        self.wake: dict[UUID, datetime] = {}

    def start(self, who: object) -> tuple[UUID, list[Effect]]:
        by = person(who)
        before = sum(1 for starter in self.starter.values() if starter == by)
        quest = uuid5(ROOT, f"quest {who} {before}")
        effects = self._report(quest, Started(by, quest, before))
        if not any(isinstance(effect, Refuse) for effect in effects):
            self.starter[quest] = by
            self.known.add(by)
        return quest, effects

    def support(self, quest: UUID, who: object) -> list[Effect]:
        by = person(who)
        fact = Supported(
            by,
            is_new_person=by not in self.known,
            has_helped=by in self.ever[quest],
            helps_given=sum(
                1 for other, people in self.ever.items() if other != quest and by in people
            ),
            is_ancestor=by in self._ancestors(self.starter[quest]),
        )
        return self._report(quest, fact)

    def withdraw(self, quest: UUID, who: object) -> list[Effect]:
        by = person(who)
        was_counted = by in self.counted[quest]
        self.counted[quest].discard(by)
        return self._report(quest, Withdrawn(by, was_counted))

    def pass_time(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        for quest, at in list(self.wake.items()):
            if at <= self.now:
                del self.wake[quest]
                self._report(quest, TimePassed())

    def end(self) -> None:
        for quest in list(self.quests):
            self._report(quest, CampaignEnded())

    def live(self) -> dict[tuple[str, UUID, UUID], str]:
        return {name: offer for name, offer in self.grants.items() if name not in self.reversed}

    def cost(self, costs: dict[str, int]) -> int:
        return sum(costs.get(offer, 0) for offer in self.grants.values())

    def _ancestors(self, who: UUID) -> set[UUID]:
        found: set[UUID] = set()
        waiting = [who]
        while waiting:
            one = waiting.pop()
            for quest, people in self.ever.items():
                above = self.starter[quest]
                if one in people and above not in found:
                    found.add(above)
                    waiting.append(above)
        return found

    def _report(self, quest: UUID, fact: Fact) -> list[Effect]:
        before = self.quests.get(quest) or self.play.Progress()
        after, effects = self.play.react(self.settings, before, fact, self.now)
        if any(isinstance(effect, Refuse) for effect in effects) and isinstance(fact, Started):
            return effects
        self.quests[quest] = after
        for effect in effects:
            match effect:
                case Reward(rule, to, offer, cause):
                    assert (rule, to, cause) not in self.grants, "rewarded twice"
                    self.grants[rule, to, cause] = offer
                case Reverse(rule, to, cause):
                    if (rule, to, cause) in self.grants:
                        assert (rule, to, cause) not in self.reversed, "reversed twice"
                        self.reversed.add((rule, to, cause))
                case Count(by):
                    self.counted[quest].add(by)
                    self.ever[quest].add(by)
                    self.known.add(by)
                case Win():
                    self.wins.append(quest)
                case Lose():
                    self.losses.append(quest)
                case WakeAt(at):
                    self.wake[quest] = at
                case Commission() | _:
                    pass
        return effects
