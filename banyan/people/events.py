"""What others may hear of people."""

from typing import ClassVar
from uuid import UUID

from banyan.kernel.events import Event


class Registered(Event, frozen=True, kw_only=True):
    """The merchant knows a person for the first time."""

    name: ClassVar[str] = "people.registered"
    person_id: UUID


class VisitorMerged(Event, frozen=True, kw_only=True):
    """A browser turned out to be a person's: what it did before was theirs."""

    name: ClassVar[str] = "people.visitor_merged"
    person_id: UUID
    visitor_id: UUID


class Forgotten(Event, frozen=True, kw_only=True):
    """A person had themselves deleted: the merchant no longer knows who they were."""

    name: ClassVar[str] = "people.forgotten"
    person_id: UUID
