"""What every play offers: the rule itself, and the ways of telling what the rule is.

`react` is the rule. The rest describes the same settings to others, so that the page, the rules
text, the verdict and the worst case can never tell a different story from the one executed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol, TypeVar

import msgspec

from banyan.plays.effects import Effect
from banyan.plays.facts import Fact
from banyan.plays.words import Words

__all__ = ["Act", "ActStanding", "Mechanism", "Note", "Play", "Problem", "Standing", "Tier"]

S = TypeVar("S", bound=msgspec.Struct)
P = TypeVar("P", bound=msgspec.Struct)


class Problem(msgspec.Struct, frozen=True):
    """Why these settings cannot be run. `path` starts inside the settings: `tiers[0].people`."""

    path: str
    code: str
    message: Words


class Tier(msgspec.Struct, frozen=True):
    """A step on the way: with `people` supporters the offer `offer` is earned."""

    people: int
    offer: str
    reached: bool


class Act(msgspec.Struct, frozen=True):
    """Something the starter does in their own quest, told to the play as `Qualified(step)`.

    `every` is how often it can be done: once, once a local day, or up to `most` times in all; a
    constraint holds it. `proof` is what must come with it: nothing, an answer, a code that a
    member of the merchant's staff shows, or the act of such a member (`staff`).
    """

    step: str
    label: Words
    every: Literal["once", "day", "times"]
    most: int | None = None
    proof: Literal["none", "answer", "code", "staff"] = "none"


class ActStanding(msgspec.Struct, frozen=True):
    """How far the act `step` is: done so often, and open or not."""

    step: str
    done: int
    most: int | None
    is_open: bool


class Note(msgspec.Struct, frozen=True):
    """One more line a phone shows of a quest: a draw's outcome, a streak, a shared goal."""

    code: str
    words: Words
    value: int = 0


class Standing(msgspec.Struct, frozen=True):
    """Where a quest stands: `have` of `need` supporters; None when there is no end to it.

    `price_minor` is what the next buyer pays through this quest; None: nothing is sold by it.
    """

    state: Literal["open", "won", "lost"]
    have: int
    need: int | None
    tiers: tuple[Tier, ...]
    deadline: datetime | None
    price_minor: int | None = None
    acts: tuple[ActStanding, ...] = ()
    notes: tuple[Note, ...] = ()


class Mechanism(msgspec.Struct, frozen=True):
    """One causal link from an event to a benefit: what the compliance judge looks at.

    `event` is what is verified (`registered`, `assisted`, `ordered`, `checked_in`, `collected`,
    `followed`, `drawn`); `depth` counts the invitations between beneficiary and actor (0: own act).
    `most_per_beneficiary` None means without end; `people` is how many actors one benefit takes.
    """

    path: str
    event: str
    actor: Literal["self", "friend"]
    beneficiary: Literal["inviter", "friend", "self"]
    offer: str | None
    depth: int
    most_per_beneficiary: int | None
    people: int = 1


class Play(Protocol[S, P]):
    """The pure rule of a campaign. One instance serves every campaign and keeps nothing."""

    key: str
    name: Words
    summary: Words
    Settings: type[S]
    Progress: type[P]

    def react(self, settings: S, progress: P, fact: Fact, now: datetime) -> tuple[P, list[Effect]]:
        """The whole rule: from what was and what happened to what is and what must be done.

        `now` is the server's clock in UTC. Same arguments, same answer. Deadlines are half open:
        at the deadline it is too late.
        """
        ...

    def problems(self, settings: S) -> list[Problem]:
        """Everything wrong with settings whose types are right."""
        ...

    def offers(self, settings: S) -> dict[str, str]:
        """Path inside the settings → key of the offer named there."""
        ...

    def goods(self, settings: S) -> dict[str, str]:
        """Path inside the settings → key of the good sold there."""
        ...

    def acts(self, settings: S) -> list[Act]:
        """What a starter can do in their own quest, besides inviting."""
        ...

    def standing(self, settings: S, progress: P) -> Standing:
        """What the phone shows of a quest."""
        ...

    def rules(self, settings: S, offers: Mapping[str, Words]) -> list[Words]:
        """The executed rule in sentences; `offers` gives the name of each offer."""
        ...

    def mechanisms(self, settings: S) -> list[Mechanism]:
        """Every causal link from an event to a benefit."""
        ...

    def most_cost(self, settings: S, costs: Mapping[str, int], people: int) -> int:
        """The most, in minor units, that `people` persons acting together can make this cost.

        `costs` gives the cost of one of each offer. Quantities and budgets are not known here.
        """
        ...
