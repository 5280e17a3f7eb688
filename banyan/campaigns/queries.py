"""What a merchant reads about campaigns: lists, one campaign, its participants and its supports."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import func, select, text, tuple_

from banyan import people, rewards, workspaces
from banyan.campaigns import refusals, reviews, running_edits, stages
from banyan.campaigns.asked_edits import asked_edit
from banyan.campaigns.definition import Definition
from banyan.campaigns.edit_views import EditView, HarmView
from banyan.campaigns.edits import harms_of
from banyan.campaigns.judged_facts import NOTHING_KNOWN, Facts
from banyan.campaigns.legal_facts import facts_of, shelf_facts
from banyan.campaigns.models import Campaign, Participant, Quest, Support
from banyan.campaigns.problems import read_definition
from banyan.campaigns.publication_checks import missing_now
from banyan.campaigns.signature_views import sign_off
from banyan.campaigns.views import CampaignRow, CampaignView, GrantRow, ParticipantRow, Twin
from banyan.campaigns.worst_case import worst_case
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work, across_workspaces

MOST_ROWS: Final = 100

_BASIS: Final = ("play", "offers", "period", "budget")
"""What a verdict, a worst case and the rules text are computed from."""


class Tally(NamedTuple):
    """How many people a campaign has, counted in its own tables."""

    participants: int
    new_people: int


def campaign_view(work: Work, campaign_id: UUID) -> CampaignView:
    """Return the campaign with its newest review; its links are added by whoever shows them.

    Raises the refusal `campaign_not_found`, also for another workspace's campaign.
    """
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    plan = _running_or_to_be(campaign)
    facts = facts_of(work, campaign, plan) if plan else NOTHING_KNOWN
    judged = judgement(campaign.definition, workspaces.workspace_of(work).timezone, facts=facts)
    # What is over was judged for good; everything else as things are now.
    verdict = campaign.verdict if campaign.state in stages.OVER else judged["verdict"]
    return CampaignView(
        id=campaign.id,
        state=campaign.state,
        definition=campaign.definition,
        version=campaign.version,
        verdict=verdict or judged["verdict"],
        worst_case=judged["worst_case"],
        rules=judged["rules"],
        problems=judged["problems"] + (_missing(work, plan, "zh") if plan else []),
        links=[],
        created_at=campaign.created_at,
        published_at=campaign.published_at,
        live_at=campaign.live_at,
        ended_at=campaign.ended_at,
        settled_at=campaign.settled_at,
        pause_reason=campaign.pause_reason,
        sign_off=sign_off(work, campaign, verdict or judged["verdict"]),
        asked_edit=asked_edit(work, campaign),
    )


def edit_view(work: Work, campaign_id: UUID, definition: dict[str, Any], language: str) -> EditView:
    """Return what comes of `definition` as an edit of a campaign that runs.

    Raises the refusals `campaign_not_found` and `step_not_possible`.
    """
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    running_edits.must_run(campaign, "edit")
    timezone = workspaces.workspace_of(work).timezone
    plan, _ = read_definition(definition)
    if plan is None:
        judged = judgement(definition, timezone, language)
        return EditView(**judged, harms=[], changes=[], sign_off=None)
    said = running_edits.as_saved(work, campaign, definition)
    facts = running_edits.edit_facts(work, campaign, plan)
    judged = judgement(said, timezone, language, facts)
    judged["problems"] += _missing(work, plan, language)
    return EditView(
        **judged,
        harms=[HarmView(**harm._asdict()) for harm in harms_of(campaign.definition, said)],
        changes=reviews.differences(campaign.definition, said),
        sign_off=sign_off(work, campaign, judged["verdict"], said),
    )


def _missing(work: Work, plan: Definition, language: str) -> list[dict[str, Any]]:
    """Return what the plan names and the shop has not, as problems of its definition."""
    return _told(reviews.problems_data(missing_now(work, plan)), language)


def _told(problems: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    spoken = "en" if language.startswith("en") else "zh"
    return [found | {"message": found[spoken]} for found in problems]


def _running_or_to_be(campaign: Campaign) -> Definition | None:
    """Return the plan of what is not over, if it has the shape of one."""
    return None if campaign.state in stages.OVER else read_definition(campaign.definition)[0]


def judgement_of(
    work: Work, definition: dict[str, Any], timezone: str, language: str
) -> dict[str, Any]:
    """Return what is made of a definition that is not kept, by what the shop says of its goods."""
    plan, _ = read_definition(definition)
    if plan is None:
        return judgement(definition, timezone, language)
    judged = judgement(definition, timezone, language, shelf_facts(work, plan))
    return judged | {"problems": judged["problems"] + _missing(work, plan, language)}


def judgement(
    definition: dict[str, Any],
    timezone: str,
    language: str = "zh",
    facts: Facts = NOTHING_KNOWN,
) -> dict[str, Any]:
    """Return verdict, worst case, rules text and problems of a definition, finished or not.

    A definition that nothing can be computed of has problems and nothing else.
    """
    plan, problems = read_definition(definition)
    told = _told(reviews.problems_data(problems), language)
    if plan is None or any(found.path.startswith(_BASIS) for found in problems):
        return {
            "verdict": {"severity": "pass", "ruleset_version": "", "findings": []},
            "worst_case": {
                "total_minor": 0,
                "by_offer": [],
                "explanation": {"zh": "", "en": ""},
            },
            "rules": {"zh": [], "en": []},
            "problems": told,
        }
    found = reviews.review(plan, timezone, facts)
    return {
        "verdict": found.verdict,
        "worst_case": msgspec.to_builtins(worst_case(plan)),
        "rules": found.rules,
        "problems": told,
    }


def campaign_rows(
    work: Work,
    *,
    state: str | None = None,
    text: str = "",
    after: UUID | None = None,
    most: int = MOST_ROWS,
) -> list[CampaignRow]:
    """Return campaigns, newest first, with their tallies; K and money are left for others.

    `text` is searched in names; `after` is the id of the last row that was shown.
    """
    asked = select(Campaign).where(Campaign.workspace_id == work.workspace_id)
    if state:
        asked = asked.where(Campaign.state == state)
    if text:
        asked = asked.where(Campaign.name.icontains(text, autoescape=True))
    if after is not None:
        last = (
            select(Campaign.created_at, Campaign.id)
            .where(Campaign.workspace_id == work.workspace_id, Campaign.id == after)
            .scalar_subquery()
        )
        asked = asked.where(tuple_(Campaign.created_at, Campaign.id) < last)
    order = (Campaign.created_at.desc(), Campaign.id.desc())
    found = work.session.scalars(asked.order_by(*order).limit(most)).all()
    tallies = tallies_of(work, [campaign.id for campaign in found])
    return [
        CampaignRow(
            id=campaign.id,
            name=campaign.name,
            play=campaign.play_key,
            state=campaign.state,
            starts_at=campaign.starts_at,
            ends_at=campaign.ends_at,
            k=None,
            participants=tallies[campaign.id].participants,
            new_people=tallies[campaign.id].new_people,
            budget_minor=campaign.definition["budget"]["total_minor"],
            spent_minor=0,
            verdict_severity=campaign.verdict_severity or "pass",
            updated_at=campaign.updated_at,
        )
        for campaign in found
    ]


def count_campaigns(work: Work, *, state: str | None = None, text: str = "") -> int:
    """Return how many campaigns `campaign_rows` would list in all."""
    asked = (
        select(func.count()).select_from(Campaign).where(Campaign.workspace_id == work.workspace_id)
    )
    if state:
        asked = asked.where(Campaign.state == state)
    if text:
        asked = asked.where(Campaign.name.icontains(text, autoescape=True))
    return work.session.scalar(asked) or 0


def tallies_of(work: Work, campaign_ids: Sequence[UUID]) -> dict[UUID, Tally]:
    """Return the tally of each campaign; zeroes where nobody came yet."""
    rows = work.session.execute(
        select(
            Participant.campaign_id,
            func.count(),
            func.count().filter(Participant.is_new_person, Participant.referrer_id.is_not(None)),
        )
        .where(
            Participant.workspace_id == work.workspace_id,
            Participant.campaign_id.in_(campaign_ids),
        )
        .group_by(Participant.campaign_id)
    )
    found = {campaign_id: Tally(joined, new) for campaign_id, joined, new in rows}
    return {campaign_id: found.get(campaign_id, Tally(0, 0)) for campaign_id in campaign_ids}


def participants_after(
    work: Work, campaign_id: UUID, after: int = 0, most: int = MOST_ROWS
) -> tuple[list[ParticipantRow], int | None]:
    """Return participants in the order they joined, and where the next piece begins."""
    rows = (
        work.session.execute(
            select(Participant)
            .where(
                Participant.workspace_id == work.workspace_id,
                Participant.campaign_id == campaign_id,
                Participant.nth > after,
            )
            .order_by(Participant.nth)
            .limit(most)
        )
        .scalars()
        .all()
    )
    ids = [row.person_id for row in rows]
    known = people.views(work, ids)
    brought = _brought(work, campaign_id, ids)
    states = _quest_states(work, campaign_id, ids)
    told = [
        ParticipantRow(
            person_id=row.person_id,
            name_masked=known[row.person_id].name_masked,
            phone_masked=known[row.person_id].phone_masked or "",
            generation=row.generation,
            brought=brought.get(row.person_id, 0),
            state=states.get(row.person_id, "helped"),
            channel=row.channel,
            joined_at=row.joined_at,
        )
        for row in rows
    ]
    return told, rows[-1].nth if len(rows) == most else None


def grants_after(
    work: Work, campaign_id: UUID, after: UUID | None = None, most: int = MOST_ROWS
) -> tuple[list[GrantRow], UUID | None]:
    """Return grants in the order they were given, and where the next piece begins."""
    given = rewards.grants_page(work, campaign_id, after, most)
    known = people.views(work, {grant.beneficiary_person_id for grant in given})
    rows = [
        GrantRow(
            id=grant.id,
            person_id=grant.beneficiary_person_id,
            name_masked=known[grant.beneficiary_person_id].name_masked,
            offer_name=Twin(grant.name_zh, grant.name_en),
            kind=grant.kind,
            cost_minor=grant.cost_minor,
            rule=grant.rule,
            reason=Twin(grant.reason_zh, grant.reason_en),
            state=grant.state,
            granted_at=grant.granted_at,
        )
        for grant in given
    ]
    return rows, given[-1].id if len(given) == most else None


def must_exist(work: Work, campaign_id: UUID) -> None:
    """Raise the refusal `campaign_not_found` unless this workspace has the campaign."""
    if work.session.get(Campaign, (work.workspace_id, campaign_id)) is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)


def _brought(work: Work, campaign_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = work.session.execute(
        select(Participant.referrer_id, func.count())
        .where(
            Participant.workspace_id == work.workspace_id,
            Participant.campaign_id == campaign_id,
            Participant.referrer_id.in_(ids),
        )
        .group_by(Participant.referrer_id)
    )
    return {person_id: count for person_id, count in rows if person_id is not None}


def _quest_states(work: Work, campaign_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(
        select(Quest.owner_id, Quest.state)
        .where(
            Quest.workspace_id == work.workspace_id,
            Quest.campaign_id == campaign_id,
            Quest.owner_id.in_(ids),
        )
        .order_by(Quest.owner_id, Quest.nth)
    )
    return {owner: state for owner, state in rows}  # noqa: C416 - the last quest's state counts


class SupportRow(NamedTuple):
    """One support in an export."""

    at: datetime
    quest_id: UUID
    owner_id: UUID
    supporter_id: UUID
    counted: bool
    reason: str | None
    is_new_person: bool


def supports_of(work: Work, campaign_id: UUID) -> Iterator[list[SupportRow]]:
    """Yield every support in pieces, by quest and supporter."""
    last: tuple[UUID, UUID] | None = None
    while True:
        asked = select(
            Support.supported_at,
            Support.quest_id,
            Support.owner_id,
            Support.supporter_id,
            Support.counted,
            Support.reason,
            Support.is_new_person,
        ).where(Support.workspace_id == work.workspace_id, Support.campaign_id == campaign_id)
        if last is not None:
            asked = asked.where(tuple_(Support.quest_id, Support.supporter_id) > tuple_(*last))
        rows = work.session.execute(
            asked.order_by(Support.quest_id, Support.supporter_id).limit(1000)
        ).all()
        if not rows:
            return
        piece = [SupportRow._make(row) for row in rows]
        yield piece
        last = (piece[-1].quest_id, piece[-1].supporter_id)


def due_workspaces() -> list[UUID]:
    """Return the workspaces where a campaign is due to begin or end, or has quests to close."""
    with across_workspaces() as connection:
        rows = connection.execute(text(_DUE))
        return [row[0] for row in rows]


_DUE: Final = """
select workspace_id from campaigns
 where state in ('published', 'live', 'paused') and ends_at <= clock_timestamp()
union
select workspace_id from campaigns
 where state = 'published' and starts_at <= clock_timestamp() and ends_at > clock_timestamp()
union
select c.workspace_id from campaigns c where c.state = 'ended' and exists (
  select from quests q where q.workspace_id = c.workspace_id and q.campaign_id = c.id
    and q.state = 'open')
"""
