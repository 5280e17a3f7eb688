"""What others may hear of rewards, in the past tense."""

from typing import ClassVar
from uuid import UUID

from banyan.kernel.events import Event


class Granted(Event, frozen=True, kw_only=True):
    """A person was given something."""

    name: ClassVar[str] = "rewards.granted"
    grant_id: UUID
    beneficiary_person_id: UUID
    offer_id: UUID
    offer_key: str
    kind: str
    value_minor: int
    points: int
    cost_minor: int
    rule: str
    cause: UUID


class Refused(Event, frozen=True, kw_only=True):
    """A reward that was asked for was not given."""

    name: ClassVar[str] = "rewards.refused"
    beneficiary_person_id: UUID
    offer_key: str
    rule: str
    reason: str


class Reversed(Event, frozen=True, kw_only=True):
    """A grant was taken back; what it cost is in the budget again."""

    name: ClassVar[str] = "rewards.reversed"
    grant_id: UUID
    beneficiary_person_id: UUID
    cost_minor: int
    reason: str


class Vested(Event, frozen=True, kw_only=True):
    """What was owed is a person's own."""

    name: ClassVar[str] = "rewards.vested"
    grant_id: UUID
    beneficiary_person_id: UUID
    amount_minor: int


class BudgetWarned(Event, frozen=True, kw_only=True):
    """The share of the budget at which the merchant wants to be told is spent."""

    name: ClassVar[str] = "rewards.budget_warned"
    spent_minor: int
    total_minor: int


class BudgetSpent(Event, frozen=True, kw_only=True):
    """The budget cannot pay for what was asked any more: the hard stop."""

    name: ClassVar[str] = "rewards.budget_spent"
    spent_minor: int
    total_minor: int
