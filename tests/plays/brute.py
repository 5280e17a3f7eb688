"""Every order of a few moves of a few persons: the most they can make a play cost."""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from banyan.plays import AnyPlay, Effect, Qualified
from tests.plays.runtime import ROOT, Runtime, person


class Move(NamedTuple):
    """An act that anybody may try: its step, and what comes in with the fact."""

    step: str
    amount: int = 0
    luck: int = 0


def act(runtime: Runtime, who: object, move: Move, nth: int = 0) -> list[Effect]:
    """Let `who` act in their own quest; the cause is new for each `nth`."""
    by = person(who)
    quest = next(one for one, starter in runtime.starter.items() if starter == by)
    cause = uuid5(ROOT, f"act {who} {move} {nth}")
    fact = Qualified(by, move.step, cause, move.luck, move.amount)
    return runtime._report(quest, fact)


def dearest(
    play: AnyPlay,
    settings: Any,
    costs: dict[str, int],
    people: int,
    moves: Sequence[Move] = (),
    *,
    times: int = 1,
) -> int:
    """Return the most that `people` persons reach by any order of starts, supports and acts.

    Each act is tried up to `times` times by each person. Nothing is pruned but what was seen.
    """
    seen: set[tuple[Any, ...]] = set()
    best = 0

    def key(runtime: Runtime, done: dict[tuple[int, Move], int]) -> tuple[Any, ...]:
        return (
            tuple(sorted(((str(quest), repr(at)) for quest, at in runtime.quests.items()))),
            tuple(
                sorted(
                    (str(quest), *sorted(map(str, ever))) for quest, ever in runtime.ever.items()
                )
            ),
            frozenset(runtime.known),
            frozenset(done.items()),
            frozenset(runtime.grants),
        )

    def go(runtime: Runtime, done: dict[tuple[int, Move], int]) -> None:
        nonlocal best
        here = key(runtime, done)
        if here in seen:
            return
        seen.add(here)
        best = max(best, runtime.cost(costs))
        begun = set(runtime.starter.values())
        for who in range(people):
            if person(who) not in begun:
                after = copy.deepcopy(runtime)
                after.start(who)
                go(after, done)
                continue
            for move in moves:
                nth = done.get((who, move), 0)
                if nth < times:
                    after = copy.deepcopy(runtime)
                    act(after, who, move, nth)
                    go(after, {**done, (who, move): nth + 1})
        for quest in list(runtime.starter):
            for who in range(people):
                if person(who) not in runtime.ever[quest]:
                    after = copy.deepcopy(runtime)
                    after.support(quest, who)
                    go(after, done)

    go(_Shallow(play, settings), {})
    return best


class _Shallow(Runtime):
    """A runtime that is copied without its play, which keeps nothing."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Shallow":
        made = _Shallow(self.play, self.settings)
        made.now = self.now
        for name in ("quests", "starter", "known", "grants", "reversed", "wake"):
            setattr(made, name, copy.copy(getattr(self, name)))
        for name in ("counted", "ever"):
            into: dict[UUID, set[UUID]] = getattr(made, name)
            for quest, people in getattr(self, name).items():
                into[quest] = set(people)
        made.wins, made.losses = list(self.wins), list(self.losses)
        return made
