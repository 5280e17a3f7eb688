"""What the API tells of campaigns: plain structs, in the words of the contract with the web.

Money is in minor units, times are in UTC. Nothing here names a participant to another one except
by a masked name.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from banyan.campaigns.edit_views import AskedEdit
from banyan.campaigns.order_places import PlaceView
from banyan.campaigns.signature_views import SignOff


class Twin(msgspec.Struct, frozen=True):
    """The same words in Chinese and English."""

    zh: str
    en: str


class CampaignRow(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in a list."""

    id: UUID
    name: str
    play: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    k: float | None
    participants: int
    new_people: int
    budget_minor: int
    spent_minor: int
    verdict_severity: str
    updated_at: datetime


class CampaignLink(msgspec.Struct, frozen=True, kw_only=True):
    """One of the merchant's own links of a campaign."""

    code: str
    url: str
    channel: str
    name: str
    created_at: datetime


class CountedLink(CampaignLink, frozen=True, kw_only=True):
    """A link with how often it was opened, as analytics counts it."""

    clicks: int


class CampaignView(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign with everything a merchant reads about it."""

    id: UUID
    state: str
    definition: dict[str, Any]
    version: int
    verdict: dict[str, Any]
    worst_case: dict[str, Any]
    rules: dict[str, list[str]]
    problems: list[dict[str, Any]]
    links: list[CampaignLink]
    created_at: datetime
    published_at: datetime | None
    live_at: datetime | None
    ended_at: datetime | None
    settled_at: datetime | None
    pause_reason: str | None
    sign_off: SignOff
    asked_edit: AskedEdit | None = None
    """Of what runs: an edit that waits for a review."""


class ParticipantRow(msgspec.Struct, frozen=True, kw_only=True):
    """A participant in the merchant's list."""

    person_id: UUID
    name_masked: str
    phone_masked: str
    generation: int
    brought: int
    state: str
    channel: str
    joined_at: datetime


class GrantRow(msgspec.Struct, frozen=True, kw_only=True):
    """A grant in the merchant's list."""

    id: UUID
    person_id: UUID
    name_masked: str
    offer_name: Twin
    kind: str
    cost_minor: int
    rule: str
    reason: Twin
    state: str
    granted_at: datetime


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """What may be had, as a participant sees it; `left` is None when there is no limit.

    `use` says of a coupon how it is used, as the rules do.
    """

    key: str
    name: Twin
    kind: str
    value_minor: int
    points: int
    left: int | None
    valid_days: int
    use: Twin
    terms: Twin


class TierView(msgspec.Struct, frozen=True):
    """A step on the way to a prize."""

    people: int
    offer_key: str
    reached: bool


class PublicQuest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's quest as anybody with its link may see it."""

    id: UUID
    owner_masked: str
    have: int
    need: int | None
    tiers: list[TierView]
    state: str
    ends_at: datetime | None


class SupporterView(msgspec.Struct, frozen=True, kw_only=True):
    """Who came to my quest, and why one did not count."""

    name_masked: str
    at: datetime
    counted: bool
    reason: str | None
    message: Twin | None
    waits: Twin | None = None
    """What somebody who came still has to do before they count; None: nothing."""


class OfferName(msgspec.Struct, frozen=True):
    """Which offer it is."""

    key: str
    name: Twin


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """What I was given, and why."""

    id: UUID
    offer: OfferName
    kind: str
    value_minor: int
    points: int
    code: str | None
    state: str
    reason: Twin
    granted_at: datetime
    expires_at: datetime | None


class QuestActView(msgspec.Struct, frozen=True, kw_only=True):
    """Something I can do in my quest: how often it was done, and whether it can be done now."""

    step: str
    label: Twin
    every: str
    proof: str
    done: int
    most: int | None
    is_open: bool


class NoteView(msgspec.Struct, frozen=True):
    """One more line of a quest."""

    code: str
    words: Twin
    value: int


class OwnQuest(PublicQuest, frozen=True, kw_only=True):
    """My own quest, with my link, who came and what I got."""

    share_url: str
    share_code: str
    supporters: list[SupporterView]
    grants: list[GrantView]
    acts: list[QuestActView]
    notes: list[NoteView]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who I am here."""

    person_id: UUID
    name_masked: str
    is_new: bool


class NotCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A support that did not count: when, whose, and why."""

    at: datetime
    who_masked: str
    reason: str
    message: Twin


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is mine in one campaign."""

    me: Me
    quests: list[OwnQuest]
    grants: list[GrantView]
    not_counted: list[NotCounted]
    late: list[PlaceView]
    """My orders whose payment came too late for their team, and where they are now."""


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """The link by which somebody came."""

    code: str
    kind: str
    channel: str | None


class WorkspaceView(msgspec.Struct, frozen=True, kw_only=True):
    """The merchant, as a participant sees it."""

    name: str
    slug: str
    currency: str
    is_sandbox: bool


class PublicCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as a participant sees it."""

    id: UUID
    name: str
    play: str
    state: str
    ends_at: datetime | None
    page: dict[str, Any]
    offers: list[OfferView]
    settings_public: dict[str, Any]
    rules: dict[str, list[str]]
    host: dict[str, str]


class SurfaceView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the page is open, and whether taking part is possible there."""

    key: str
    allowed: bool
    message: Twin | None


class MySupport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of my help for the quest of this link."""

    counted: bool
    reason: str | None
    message: Twin | None


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing can be done here now, in the reader's language."""

    code: str
    title: str


class ShareView(msgspec.Struct, frozen=True, gc=False):
    """The share a person has: the how-manieth it was, how much, and when."""

    nth: int
    amount_minor: int
    grabbed_at: str


class PacketView(msgspec.Struct, frozen=True, kw_only=True):
    """A packet as anybody sees it, with the share that is mine."""

    shares: int
    left: int
    total_minor: int
    mine: ShareView | None


class DrawsView(msgspec.Struct, frozen=True, kw_only=True):
    """The commitment to a lottery's seed; the seed itself when the campaign is settled."""

    commitment: str
    drawn: int
    seed: str | None


class PageState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a participant's page needs for its first screen."""

    link: LinkView
    workspace: WorkspaceView
    campaign: PublicCampaign
    surface: SurfaceView
    quest: PublicQuest | None
    me: Me | None
    my_quest: OwnQuest | None
    my_support: MySupport | None
    problem: ProblemView | None
    packet: PacketView | None = None
    """Of a red packet: how much of it is left, and what is mine."""
    draws: DrawsView | None = None
    """Of a lottery: the commitment to its seed."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a list; `next` asks for the following one."""

    items: list[Any]
    next: str | None
    total: int | None = None
