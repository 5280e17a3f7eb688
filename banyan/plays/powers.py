"""What only some plays can do beside what every play does.

The runtime asks `isinstance(play, Weighing)`; a play without the power need not mention it.
"""

from typing import Any, Protocol, runtime_checkable

from banyan.plays.disclosures import Disclosures

__all__ = ["Disclosing", "Secretive", "Stocked", "Weighing"]


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
