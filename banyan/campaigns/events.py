"""What others may hear of campaigns, in the past tense."""

from typing import ClassVar
from uuid import UUID

from banyan.kernel.events import Event


class _Turned(Event, frozen=True, kw_only=True):
    """A turn in a campaign's life, with the words of whoever made it."""

    reason: str | None = None


class Published(_Turned, frozen=True, kw_only=True):
    """A definition passed the rules and became the campaign's live version."""

    name: ClassVar[str] = "campaigns.published"
    version: int


class Edited(_Turned, frozen=True, kw_only=True):
    """A running campaign's definition was replaced by a new version."""

    name: ClassVar[str] = "campaigns.edited"
    version: int


class WentLive(_Turned, frozen=True, kw_only=True):
    """The period began: quests can be started."""

    name: ClassVar[str] = "campaigns.went_live"


class Paused(_Turned, frozen=True, kw_only=True):
    """Nothing counts until it is resumed."""

    name: ClassVar[str] = "campaigns.paused"


class Resumed(_Turned, frozen=True, kw_only=True):
    """A pause was lifted."""

    name: ClassVar[str] = "campaigns.resumed"


class Ended(_Turned, frozen=True, kw_only=True):
    """The period is over, or somebody ended it early."""

    name: ClassVar[str] = "campaigns.ended"


class Settled(_Turned, frozen=True, kw_only=True):
    """Every quest is closed and the left-over budget has been returned."""

    name: ClassVar[str] = "campaigns.settled"


class QuestStarted(Event, frozen=True, kw_only=True):
    """A person began an attempt and has a share link now."""

    name: ClassVar[str] = "campaigns.quest_started"
    quest_id: UUID
    person_id: UUID
    channel: str


class ParticipantJoined(Event, frozen=True, kw_only=True):
    """A person took part for the first time; who brought them never changes after this."""

    name: ClassVar[str] = "campaigns.participant_joined"
    person_id: UUID
    referrer_id: UUID | None
    quest_id: UUID | None
    generation: int
    channel: str
    is_new_person: bool


class Supported(Event, frozen=True, kw_only=True):
    """A person helped a quest; `reason` says why it did not count."""

    name: ClassVar[str] = "campaigns.supported"
    quest_id: UUID
    supporter_person_id: UUID
    owner_person_id: UUID
    counted: bool
    reason: str | None
    is_new_person: bool
    channel: str


class Acted(Event, frozen=True, kw_only=True):
    """A person did `step` in their own quest, and it counted."""

    name: ClassVar[str] = "campaigns.acted"
    quest_id: UUID
    person_id: UUID
    step: str
    channel: str


class QuestWon(Event, frozen=True, kw_only=True):
    """A quest reached its goal."""

    name: ClassVar[str] = "campaigns.quest_won"
    quest_id: UUID
    person_id: UUID


class QuestLost(Event, frozen=True, kw_only=True):
    """A quest ended short of its goal."""

    name: ClassVar[str] = "campaigns.quest_lost"
    quest_id: UUID
    person_id: UUID
    reason: str


class OrderMoved(Event, frozen=True, kw_only=True):
    """An order that was paid too late for its quest was put into `quest_id`, as its buyer agreed."""

    name: ClassVar[str] = "campaigns.order_moved"
    quest_id: UUID
    from_quest_id: UUID
    order_id: UUID
    person_id: UUID


class Sold(Event, frozen=True, kw_only=True):
    """An order that came by the campaign brought money, or lost it again.

    `output_minor` is what was paid for its goods, without freight; below zero, what went back for
    them. Each payment and each refund of an order counts once in a campaign.
    """

    name: ClassVar[str] = "campaigns.sold"
    quest_id: UUID
    order_id: UUID
    output_minor: int
