"""What a web process remembers of red packets: only what can never change any more.

A share once taken stays taken, and nothing is ever put back into an empty packet; so both may be
answered from memory. It is learnt from transactions that have committed, never from a guess, and
what has been forgotten is simply asked of the database again.
"""

from collections.abc import Mapping
from typing import NamedTuple, cast
from uuid import UUID

from cachebox import LRUCache

from banyan.campaigns import ShareView

MOST_TAKERS = 200_000
MOST_IN_EMPTY = 400_000
"""People remembered one by one, and in the whole lists of empty packets."""


class Kept(NamedTuple):
    """A person's share, and the key it was asked with."""

    request_key: str | None
    share: ShareView


class Takers:
    """Who has taken a share, as far as this process knows, and which packets are empty."""

    def __init__(self) -> None:
        """Know nothing."""
        # By their numbers: to hash an id costs a call of Python, to hash a number none.
        self._kept: LRUCache[tuple[int, int], Kept] = LRUCache(MOST_TAKERS)
        self._empty: dict[UUID, Mapping[UUID, Kept]] = {}

    def find(self, campaign_id: UUID, person_id: UUID) -> tuple[bool, Kept | None]:
        """Return whether this can be answered from memory, and the share if there is one."""
        everybody = self._empty.get(campaign_id)
        if everybody is not None:
            return True, everybody.get(person_id)
        # The stub of `get` forgets that there may be nothing.
        kept = cast("Kept | None", self._kept.get((campaign_id.int, person_id.int)))
        return kept is not None, kept

    def knows_empty(self, campaign_id: UUID) -> bool:
        """Whether the packet is known to be empty, with everybody who has a share of it."""
        return campaign_id in self._empty

    def note(self, campaign_id: UUID, person_id: UUID, kept: Kept) -> None:
        """Remember one share."""
        self._kept[campaign_id.int, person_id.int] = kept

    def note_empty(self, campaign_id: UUID, everybody: Mapping[UUID, Kept]) -> None:
        """Remember that the packet is empty; the packet known longest makes room."""
        while self._empty and self._held() + len(everybody) > MOST_IN_EMPTY:
            del self._empty[next(iter(self._empty))]
        self._empty[campaign_id] = everybody

    def _held(self) -> int:
        return sum(map(len, self._empty.values()))
