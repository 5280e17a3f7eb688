"""What a play that sells tells the runtime about its orders, beside the rule itself."""

from typing import Any, Protocol, runtime_checkable

import msgspec

__all__ = ["Selling", "SellingPlay", "selling_of"]


class Selling(msgspec.Struct, frozen=True):
    """How orders are placed through a quest.

    `seats` is how many rights to buy one quest has; an order takes one, or one for each piece
    (`seat_per_piece`). Constraints hold them. `waits`: a paid order is not delivered before the
    play confirms it. `one_at_a_time`: a person has at most one undecided order in the campaign.
    `quantity` is how many pieces the whole campaign sells; None: as many as there are.
    `is_for_newcomers`: one order of such a sale a person, whichever campaign's.
    `highest_minor` is the most that one piece ever costs. `moves`: who pays too late may be put into
    another quest of the same version, if they agreed; only where `quantity` is None.
    """

    good: str
    seats: int
    highest_minor: int
    seat_per_piece: bool = False
    waits: bool = False
    one_at_a_time: bool = False
    quantity: int | None = None
    is_for_newcomers: bool = False
    moves: bool = False


@runtime_checkable
class SellingPlay(Protocol):
    """A play through whose quests something is bought."""

    def selling(self, settings: Any) -> Selling:
        """Return how these settings sell."""
        ...


def selling_of(play: object, settings: Any) -> Selling | None:
    """Return how `play` sells under `settings`; None when it sells nothing itself."""
    return play.selling(settings) if isinstance(play, SellingPlay) else None
