"""What others may hear of levels, in the past tense."""

from typing import ClassVar
from uuid import UUID

from banyan.kernel.events import Event


class LadderSet(Event, frozen=True, kw_only=True):
    """The merchant set the levels; `levels` are their keys, lowest first."""

    name: ClassVar[str] = "levels.ladder_set"
    revision: int
    levels: list[str]


class _Moved(Event, frozen=True, kw_only=True):
    person_id: UUID
    from_level: str | None
    to_level: str | None
    why: str
    cause: UUID


class Risen(_Moved, frozen=True, kw_only=True):
    """A person reached a higher level."""

    name: ClassVar[str] = "levels.risen"


class Fallen(_Moved, frozen=True, kw_only=True):
    """A person's level is a lower one, or none."""

    name: ClassVar[str] = "levels.fallen"
