"""Quests as their owners and others see them.

Anybody with its link sees the owner's masked name and how far they are; the owner sees who came,
masked too, and what they were given.
"""

from collections.abc import MutableSet, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan import people, rewards
from banyan.campaigns import refusals, versions
from banyan.campaigns.act_views import act_views, note_views, slots_taken
from banyan.campaigns.models import Quest, Support
from banyan.campaigns.quests_in_hand import ProgressUnreadable
from banyan.campaigns.views import (
    GrantView,
    OfferName,
    OwnQuest,
    PublicQuest,
    SupporterView,
    TierView,
    Twin,
)
from banyan.kernel.errors import REFUSALS, Refused
from banyan.kernel.work import Work
from banyan.links import share_url
from banyan.plays import PLAYS, REASONS, Act, AnyPlay, Attentive, Standing

MOST_SUPPORTERS = 200
"""Newest supporters an own quest names; the count is always whole."""


def own_quest(work: Work, quest_id: UUID, person_id: UUID) -> OwnQuest:
    """Return my quest. Somebody else's is not there: raises the refusal `not_found`."""
    quest = work.session.get(Quest, (work.workspace_id, quest_id))
    if quest is None or quest.owner_id != person_id:
        raise Refused(refusals.NO_SUCH_QUEST)
    return own_quests(work, [quest])[0]


def public_quest(work: Work, quest_id: UUID) -> PublicQuest:
    """Return anybody's quest as its link shows it. Raises `quest_not_found`."""
    quest = work.session.get(Quest, (work.workspace_id, quest_id))
    if quest is None:
        raise Refused(refusals.NO_SUCH_QUEST)
    return public_view(work, quest)


def own_quests(
    work: Work, quests: Sequence[Quest], unreadable: MutableSet[UUID] | None = None
) -> list[OwnQuest]:
    """Return quests of one owner with their supporters and grants.

    Those that cannot be read are shown by what their rows say, with nothing to do, and added to
    `unreadable`; without it they raise ProgressUnreadable.
    """
    if not quests:
        return []
    owner, campaign_id = quests[0].owner_id, quests[0].campaign_id
    given = grants_of(work, campaign_id, owner)
    supporters = {quest.id: _supporters(work, quest) for quest in quests}
    names = people.names_masked(work, [owner])
    return [_own(work, quest, names, supporters[quest.id], given, unreadable) for quest in quests]


def fresh_quests(work: Work, quest_ids: Sequence[UUID]) -> dict[UUID, OwnQuest]:
    """Return quests that were begun in this transaction, set-wise: nobody has supported them yet."""
    if not quest_ids:
        return {}
    quests = work.session.scalars(
        select(Quest).where(Quest.workspace_id == work.workspace_id, Quest.id.in_(quest_ids))
    ).all()
    names = people.names_masked(work, {quest.owner_id for quest in quests})
    given: dict[tuple[UUID, UUID], list[GrantView]] = {}
    for campaign_id in {quest.campaign_id for quest in quests}:
        owners = [quest.owner_id for quest in quests if quest.campaign_id == campaign_id]
        for grant in rewards.grants_of_people(work, owners, campaign_id):
            key = campaign_id, grant.beneficiary_person_id
            given.setdefault(key, []).append(_grant(grant))
    return {
        quest.id: _own(work, quest, names, [], given.get(_whose(quest), [])) for quest in quests
    }


def _whose(quest: Quest) -> tuple[UUID, UUID]:
    return quest.campaign_id, quest.owner_id


def _own(
    work: Work,
    quest: Quest,
    names: dict[UUID, str],
    supporters: list[SupporterView],
    given: list[GrantView],
    unreadable: MutableSet[UUID] | None = None,
) -> OwnQuest:
    acts, standing = _stands(work, quest, unreadable)
    # Most plays have no acts, and a page of theirs asks for none.
    taken = slots_taken(work, [quest.id]).get(quest.id, {}) if acts else {}
    return OwnQuest(
        **msgspec.structs.asdict(_seen(quest, standing, names)),
        share_url=share_url(quest.share_code or ""),
        share_code=quest.share_code or "",
        supporters=supporters,
        grants=given,
        acts=act_views(work, acts, standing, taken),
        notes=note_views(standing),
    )


def grants_of(work: Work, campaign_id: UUID, person_id: UUID) -> list[GrantView]:
    """Return what a person was given in a campaign, newest first, each with its reason."""
    return [_grant(given) for given in rewards.grants_of_people(work, [person_id], campaign_id)]


def _grant(given: rewards.Grant) -> GrantView:
    return GrantView(
        id=given.id,
        offer=OfferName(given.offer_key, Twin(given.name_zh, given.name_en)),
        kind=given.kind,
        value_minor=given.value_minor,
        points=given.points,
        code=given.code,
        state=given.state,
        reason=Twin(given.reason_zh, given.reason_en),
        granted_at=given.granted_at,
        expires_at=given.expires_at,
    )


def reason_words(reason: str | None) -> Twin | None:
    """Say in words why something did not count; None when it did."""
    if reason is None:
        return None
    words = REASONS.get(reason) or REFUSALS.get(reason)  # pyright: ignore[reportArgumentType] - any code kept
    return Twin(words.zh, words.en) if words else Twin("未计入", "Not counted")


def stands_of(work: Work, quest_id: UUID) -> tuple[UUID, Sequence[Act], Standing]:
    """Return a quest's owner, its acts and where it stands. Raises `quest_not_found`."""
    quest = work.session.get(Quest, (work.workspace_id, quest_id))
    if quest is None:
        raise Refused(refusals.NO_SUCH_QUEST)
    work.session.refresh(quest)
    return quest.owner_id, *_stands(work, quest)


def _stands(
    work: Work, quest: Quest, unreadable: MutableSet[UUID] | None = None
) -> tuple[Sequence[Act], Standing]:
    """Return what can be done in a quest and where it stands, or what its row says of it.

    One that cannot be read is added to `unreadable`; without it, it raises ProgressUnreadable.
    """
    version = versions.version_of(work, quest.campaign_id, quest.version)
    play = PLAYS[version.definition["play"]["key"]]
    try:
        standing = play.standing(version.settings, progress_of(quest, play))
    except ProgressUnreadable:
        if unreadable is None:
            raise
        unreadable.add(quest.id)
        return (), kept_standing(quest)
    return play.acts(version.settings), standing


def progress_of(quest: Quest, play: AnyPlay) -> Any:
    """Return what `play` remembers of a quest. Raises ProgressUnreadable."""
    try:
        return msgspec.convert(quest.progress, play.Progress)
    except msgspec.ValidationError as problem:
        raise ProgressUnreadable(quest.id) from problem


def kept_standing(quest: Quest) -> Standing:
    """Return what the row of a quest says that cannot be read: how far it had come."""
    state: Any = quest.state
    return Standing(state, quest.have, quest.need, (), quest.ends_at)


def public_view(
    work: Work, quest: Quest, unreadable: MutableSet[UUID] | None = None
) -> PublicQuest:
    """Return a quest as anybody with its link may see it.

    One that cannot be read is shown by what its row says and added to `unreadable`; without it, it
    raises ProgressUnreadable.
    """
    _, standing = _stands(work, quest, unreadable)
    return _seen(quest, standing, people.names_masked(work, [quest.owner_id]))


def _seen(quest: Quest, standing: Standing, names: dict[UUID, str]) -> PublicQuest:
    return PublicQuest(
        id=quest.id,
        owner_masked=names[quest.owner_id],
        have=standing.have,
        need=standing.need,
        tiers=[TierView(tier.people, tier.offer, tier.reached) for tier in standing.tiers],
        state=quest.state,
        ends_at=quest.ends_at,
    )


def _waits(work: Work, quest: Quest) -> dict[UUID, Twin]:
    """Return what each friend who came and does not count yet waits for."""
    version = versions.version_of(work, quest.campaign_id, quest.version)
    play = PLAYS[version.definition["play"]["key"]]
    if not isinstance(play, Attentive):
        return {}
    try:
        waits = play.waits(version.settings, progress_of(quest, play))
    except ProgressUnreadable:
        # Whoever shows the quest itself says so.
        return {}
    return {who: Twin(words.zh, words.en) for who, words in waits.items()}


def _supporters(work: Work, quest: Quest) -> list[SupporterView]:
    rows = work.session.scalars(
        select(Support)
        .where(Support.workspace_id == work.workspace_id, Support.quest_id == quest.id)
        .order_by(Support.supported_at.desc(), Support.supporter_id)
        .limit(MOST_SUPPORTERS)
    ).all()
    known = people.names_masked(work, {row.supporter_id for row in rows})
    waits = _waits(work, quest) if rows else {}
    return [
        SupporterView(
            name_masked=known[row.supporter_id],
            at=row.supported_at,
            counted=row.counted,
            reason=row.reason,
            message=reason_words(row.reason),
            waits=waits.get(row.supporter_id),
        )
        # Trying one's own link is no supporter.
        for row in rows
        if row.supporter_id != row.owner_id
    ]
