"""What a participant's page shows: the campaign, whose link it is, and what is mine.

Whoever opens a link sees the owner's masked name and how far they are, never their number, their
friends or anything else of theirs. My own quest names my supporters, masked too.
"""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan import people, rewards, workspaces
from banyan.campaigns import refusals, stages, versions
from banyan.campaigns.chance_views import draws_view, packet_view
from banyan.campaigns.definition import Offer
from banyan.campaigns.models import Campaign, Participant, Quest, Support
from banyan.campaigns.offer_words import coupon_words
from banyan.campaigns.order_places import late_places
from banyan.campaigns.quest_pages import (
    MOST_SUPPORTERS,
    grants_of,
    own_quests,
    public_view,
    reason_words,
)
from banyan.campaigns.quests_in_hand import ProgressUnreadable
from banyan.campaigns.surfaces import SURFACES, is_allowed
from banyan.campaigns.versions import Version
from banyan.campaigns.views import (
    LinkView,
    Me,
    Mine,
    MySupport,
    NotCounted,
    OfferView,
    PageState,
    ProblemView,
    PublicCampaign,
    PublicQuest,
    SurfaceView,
    Twin,
    WorkspaceView,
)
from banyan.kernel.errors import Refusal, Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Secretive, draws_of


class Opened(NamedTuple):
    """The link a page was opened by."""

    code: str
    kind: str
    channel: str | None
    campaign_id: UUID
    quest_id: UUID | None


def page_state(
    work: Work, opened: Opened, person_id: UUID | None, surface: str, language: str
) -> PageState:
    """Return the page for whoever opened the link, also when the campaign is over.

    Raises the refusal `unknown_link` when there is no such campaign any more.
    """
    campaign = work.session.get(Campaign, (work.workspace_id, opened.campaign_id))
    if campaign is None:
        raise Refused(refusals.UNKNOWN_LINK)
    version = versions.current(work, campaign)
    merchant = workspaces.workspace_of(work)
    problem = why_closed(work, campaign)
    mine = _quests_of(work, campaign.id, person_id) if person_id else []
    play_key = version.definition["play"]["key"]
    drawn = draws_of(PLAYS[play_key], version.settings)
    unreadable: set[UUID] = set()
    quest = _linked_quest(work, opened, campaign, unreadable)
    my_quest = own_quests(work, mine[-1:], unreadable)[0] if mine else None
    shown = quest or my_quest
    told = problem and ProblemView(code=problem.code, title=problem.text(language))
    if told is None and shown is not None and shown.id in unreadable:
        refused = ProgressUnreadable(shown.id)
        title = refused.refusal.text(language, **refused.params)
        told = ProblemView(code=refused.refusal.code, title=title)
    return PageState(
        link=LinkView(code=opened.code, kind=opened.kind, channel=opened.channel),
        workspace=WorkspaceView(
            name=merchant.name,
            slug=merchant.slug,
            currency=merchant.currency,
            is_sandbox=merchant.is_sandbox,
        ),
        campaign=_public_campaign(work, campaign, version),
        surface=_surface(version, surface),
        quest=quest,
        me=_me(work, campaign.id, person_id) if person_id else None,
        my_quest=my_quest,
        my_support=_my_support(work, opened.quest_id, person_id),
        problem=told,
        packet=packet_view(work, campaign.id, person_id) if play_key == "red_packet" else None,
        draws=draws_view(work, campaign.id) if drawn else None,
    )


def why_closed(work: Work, campaign: Campaign) -> Refusal | None:
    """Return why nobody can take part now, None when they can."""
    if campaign.state == "paused":
        return refusals.PAUSED
    if campaign.state in stages.OVER:
        return refusals.ENDED
    if campaign.state != "live":
        return refusals.NOT_BEGUN
    if campaign.ends_at is not None and work.now >= campaign.ends_at:
        return refusals.ENDED
    return None


def must_be_open_on(work: Work, campaign_id: UUID, surface: str) -> Campaign:
    """Return the campaign if people can take part in it now and where the page is open.

    Raises `unknown_link`, `campaign_not_begun`, `campaign_paused`, `campaign_ended` or
    `surface_not_allowed`.
    """
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.UNKNOWN_LINK)
    closed = why_closed(work, campaign)
    if closed is not None:
        raise Refused(closed)
    shown = _surface(versions.current(work, campaign), surface)
    if not shown.allowed:
        raise surface_refused(versions.current(work, campaign))
    return campaign


def surface_refused(version: Version) -> Refused:
    """Return the refusal that says where to open the page instead."""
    first = next(iter(version.definition["surfaces"]), "own_web")
    zh, en = SURFACES[first]
    return Refused(refusals.SURFACE_NOT_ALLOWED, where_zh=zh, where_en=en, surface=first)


def mine(work: Work, campaign_id: UUID, person_id: UUID) -> Mine:
    """Return everything that is `person_id`'s in one campaign, and why something did not count."""
    quests = _quests_of(work, campaign_id, person_id)
    refused = work.session.scalars(
        select(Support)
        .where(
            Support.workspace_id == work.workspace_id,
            Support.campaign_id == campaign_id,
            Support.supporter_id == person_id,
            Support.counted.is_(False),
        )
        .order_by(Support.supported_at.desc())
        .limit(MOST_SUPPORTERS)
    ).all()
    known = people.names_masked(work, {support.owner_id for support in refused})
    return Mine(
        me=_me(work, campaign_id, person_id),
        quests=own_quests(work, quests, set()),
        grants=grants_of(work, campaign_id, person_id),
        late=late_places(work, campaign_id, person_id),
        not_counted=[
            NotCounted(
                at=support.supported_at,
                who_masked=known[support.owner_id],
                reason=support.reason or "",
                message=reason_words(support.reason) or Twin("", ""),
            )
            for support in refused
        ],
    )


def _public_campaign(work: Work, campaign: Campaign, version: Version) -> PublicCampaign:
    said = version.definition
    left = rewards.offers_left(work, campaign.id)
    return PublicCampaign(
        id=campaign.id,
        name=said["name"],
        play=said["play"]["key"],
        state=campaign.state,
        ends_at=campaign.ends_at,
        page=said["page"],
        offers=[
            OfferView(
                key=offer["key"],
                name=Twin(**offer["name"]),
                kind=offer["kind"],
                value_minor=offer["value_minor"],
                points=offer["points"],
                left=left.get(offer["key"]),
                valid_days=offer["valid_days"],
                use=_use(offer),
                terms=Twin(**offer["terms"]),
            )
            for offer in said["offers"]
        ],
        settings_public=_settings_public(version),
        rules=version.rules,
        host=said["host"],
    )


def _use(offer: dict[str, Any]) -> Twin:
    """Return how a coupon is used; nothing for what is no coupon."""
    if offer["kind"] != "coupon":
        return Twin("", "")
    said = coupon_words(msgspec.convert(offer, Offer))
    return Twin("，".join(one.zh for one in said), ", ".join(one.en for one in said))


def _settings_public(version: Version) -> dict[str, Any]:
    """Return the play's settings without what participants must not read."""
    chosen = version.definition["play"]
    play = PLAYS[chosen["key"]]
    if isinstance(play, Secretive):
        return play.public_settings(version.settings)
    settings: dict[str, Any] = chosen["settings"]
    return settings


def _surface(version: Version, surface: str) -> SurfaceView:
    if is_allowed(surface, version.definition["surfaces"]):
        return SurfaceView(key=surface, allowed=True, message=None)
    zh, en = SURFACES[next(iter(version.definition["surfaces"]), "own_web")]
    refusal = refusals.SURFACE_NOT_ALLOWED
    words = Twin(refusal.text("zh", where_zh=zh), refusal.text("en", where_en=en))
    return SurfaceView(key=surface, allowed=False, message=words)


def _linked_quest(
    work: Work, opened: Opened, campaign: Campaign, unreadable: set[UUID]
) -> PublicQuest | None:
    if opened.quest_id is None:
        return None
    quest = work.session.get(Quest, (work.workspace_id, opened.quest_id))
    if quest is None or quest.campaign_id != campaign.id:
        return None
    return public_view(work, quest, unreadable)


def _quests_of(work: Work, campaign_id: UUID, person_id: UUID) -> list[Quest]:
    return list(
        work.session.scalars(
            select(Quest)
            .where(
                Quest.workspace_id == work.workspace_id,
                Quest.campaign_id == campaign_id,
                Quest.owner_id == person_id,
            )
            .order_by(Quest.nth)
        )
    )


def _me(work: Work, campaign_id: UUID, person_id: UUID) -> Me:
    joined = work.session.get(Participant, (work.workspace_id, campaign_id, person_id))
    return Me(
        person_id=person_id,
        name_masked=people.names_masked(work, [person_id])[person_id],
        is_new=joined.is_new_person if joined else False,
    )


def _my_support(work: Work, quest_id: UUID | None, person_id: UUID | None) -> MySupport | None:
    if quest_id is None or person_id is None:
        return None
    row = work.session.get(Support, (work.workspace_id, quest_id, person_id))
    if row is None:
        return None
    return MySupport(counted=row.counted, reason=row.reason, message=reason_words(row.reason))
