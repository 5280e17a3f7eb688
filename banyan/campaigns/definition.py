"""A campaign's definition: the one piece of data that is executed, published, judged and costed."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec

from banyan.creatives import Page, Text

__all__ = [
    "Attestation",
    "Audience",
    "Budget",
    "Channel",
    "ChannelCap",
    "Content",
    "Coupon",
    "Definition",
    "Goal",
    "Good",
    "Host",
    "Offer",
    "Period",
    "PlayChoice",
    "Surface",
    "definition_schema",
]

Channel = Literal[
    "wechat_group",
    "moments",
    "official_account",
    "wecom",
    "douyin",
    "xiaohongshu",
    "weibo",
    "sms",
    "email",
    "offline",
    "web",
    "other",
]
Surface = Literal[
    "own_web",
    "wechat_h5",
    "mini_program",
    "official_account",
    "wecom",
    "douyin",
    "app",
    "in_store",
]

_MOST_MINOR: Final = 10**13

Minor = Annotated[int, msgspec.Meta(ge=0, le=_MOST_MINOR)]
People = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, msgspec.Meta(max_length=120)]
Note = Annotated[str, msgspec.Meta(max_length=2000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the campaign is for."""

    metric: Literal["participants", "new_people"] = "new_people"
    target: People = 0


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom it is meant for: a target and a note, never a condition a person is judged by."""

    people_target: People = 0
    traits: Note = ""


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Half open: from `starts_at` (None: from publication) up to, not including, `ends_at`."""

    ends_at: Moment
    starts_at: Moment | None = None


class ChannelCap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The most that may be spent on people who came by one channel."""

    channel: Channel
    most_minor: Minor


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hard stop in all, per day and per channel, a soft warning before it.

    `plan_id` names the plan whose envelope funds this one; None: the merchant's.
    """

    total_minor: Minor
    per_day_minor: Minor | None = None
    warn_at_bps: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 8000
    plan_id: UUID | None = None
    channels: Annotated[tuple[ChannelCap, ...], msgspec.Meta(max_length=12)] = ()


class PlayChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which play, with which settings; the play itself knows what they mean."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    settings: dict[str, Any]


class Coupon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a coupon takes off: `off_bps` 0 is the offer's value; else a share, the value at most.

    `from_minor` is the least its goods must come to; without products and categories all are its.
    """

    from_minor: Minor = 0
    off_bps: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    product_ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=200)] = ()
    category_ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=50)] = ()
    stacks: bool = False


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an offer of content opens: a text to read here, or an address to open."""

    title: Text = Text()
    body: Text = Text()
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be given. `value_minor` is what it is worth to a person, `cost_minor` to us.

    Cash costs what it is worth. `coupon`, `level_key` and `content` belong to their kinds.
    """

    key: Key
    kind: Literal["coupon", "points", "cash", "gift", "level", "content"]
    name: Text
    value_minor: Minor = 0
    points: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0
    cost_minor: Minor = 0
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] | None = None
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    terms: Text = Text()
    per_person: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    coupon: Coupon | None = None
    level_key: Key | None = None
    content: Content | None = None


class Good(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a campaign sells: a product of the store, or, in a draft, still to be chosen.

    `sku_id` None until the merchant chooses one or has it made from these words.
    """

    key: Key
    name: Text
    list_price_minor: Minor
    sku_id: UUID | None = None


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers for the campaign, and how they are reached."""

    name: Line = ""
    contact: Line = ""


class Attestation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The merchant answers for what no machine can know.

    `question` is one of the judge's, `about` a fingerprint of what the answer is about (an answer
    lapses when that changes). `by` and `at` are written by the server, whatever is sent.
    """

    question: Key
    about: Annotated[str, msgspec.Meta(max_length=64)] = ""
    by: Line = ""
    at: Moment | None = None


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole campaign."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    period: Period
    budget: Budget
    play: PlayChoice
    page: Page
    offers: Annotated[tuple[Offer, ...], msgspec.Meta(max_length=20)]
    surfaces: Annotated[tuple[Surface, ...], msgspec.Meta(min_length=1, max_length=8)]
    channels: Annotated[tuple[Channel, ...], msgspec.Meta(max_length=12)] = ()
    goal: Goal = Goal()
    strategy: Note = ""
    audience: Audience = Audience()
    attribution_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7
    terms: Text = Text()
    host: Host = Host()
    goods: Annotated[tuple[Good, ...], msgspec.Meta(max_length=20)] = ()
    order_value_minor: Minor | None = None
    """What a typical order brings, when the merchant says so: the measure of a fair reward."""
    attestations: Annotated[tuple[Attestation, ...], msgspec.Meta(max_length=20)] = ()


def definition_schema() -> dict[str, Any]:
    """Return the JSON schema of a definition; a play's settings have a schema of their own."""
    return msgspec.json.schema(Definition)
