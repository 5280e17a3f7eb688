"""What only some plays can do beside what every play does.

The runtime asks `isinstance(play, Weighing)`; a play without the power need not mention it.
"""

from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from banyan.plays.disclosures import Disclosures
from banyan.plays.drawing import Draws
from banyan.plays.words import Words

__all__ = [
    "Attentive",
    "Chained",
    "Dated",
    "Disclosing",
    "Drawing",
    "Itemizing",
    "Secretive",
    "Stocked",
    "Weighing",
    "draws_of",
]


@runtime_checkable
class Weighing(Protocol):
    """A play whose acts come with an answer or a code."""

    def worth(self, settings: Any, step: str, proof: str) -> int:
        """What `proof` is worth at `step`: right answers, or 1 for the right code; 0 for nothing.

        It becomes the fact's `amount`. Never raises, whatever a phone sends.
        """
        ...


@runtime_checkable
class Secretive(Protocol):
    """A play whose settings hold what a participant must not read."""

    def public_settings(self, settings: Any) -> dict[str, Any]:
        """Return the settings as JSON values, without answers and codes."""
        ...


@runtime_checkable
class Disclosing(Protocol):
    """A play that says more than causal links to the compliance judge."""

    def disclosures(self, settings: Any) -> Disclosures:
        """Return what the rules of teams, chance, money and prices look at."""
        ...


@runtime_checkable
class Stocked(Protocol):
    """A play that needs certain offers in a certain quantity."""

    def quantities(self, settings: Any) -> dict[str, int]:
        """Return offer key → the quantity the definition has to give it."""
        ...


@runtime_checkable
class Attentive(Protocol):
    """A play whose friends count later than they come: by what they buy, or by staying."""

    def follows_orders(self, settings: Any) -> bool:
        """Whether a quest is told of whatever those it counted buy, by whichever link."""
        ...

    def waits(self, settings: Any, progress: Any) -> dict[UUID, Words]:
        """Return what each friend who came and does not count yet waits for."""
        ...


@runtime_checkable
class Chained(Protocol):
    """A play of sales by link that may pay whoever brought the seller: one step up, no further."""

    def has_second_level(self, settings: Any) -> bool:
        """Whether a quest under these settings earns by what those it brought have sold."""
        ...


@runtime_checkable
class Itemizing(Protocol):
    """A play that looks at an order line by line and pays commission on it."""

    def commission_offer(self, settings: Any) -> str:
        """Return the offer of cash; one of it is the most that an order's commission comes to."""
        ...


@runtime_checkable
class Dated(Protocol):
    """A play that can ask for a birthday before a quest is started."""

    def asks_birthday(self, settings: Any) -> bool:
        """Whether `Started` has to say how far the birthday is."""
        ...


@runtime_checkable
class Drawing(Protocol):
    """A play in which chance gives a prize: its luck comes from a seed committed to beforehand."""

    def draws(self, settings: Any) -> Draws | None:
        """Return the published odds and the step that draws; None: nothing is drawn."""
        ...


def draws_of(play: object, settings: Any) -> Draws | None:
    """Return what `play` draws under `settings`; None: nothing."""
    return play.draws(settings) if isinstance(play, Drawing) else None
