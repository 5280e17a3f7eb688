"""The life of a campaign: announced, live, paused, ended, settled.

`_make_live` is the only function that lets people take part, and it asks the judge in the same
call: whatever leads to it (a publication, the timetable, the end of a pause), no campaign goes
live that the rules in force do not allow.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import or_, select

from banyan import compliance, rewards, workspaces
from banyan.campaigns import events, money, refusals, reviews, seeds, signatures, stages
from banyan.campaigns.definition import Definition
from banyan.campaigns.drafts import locked_campaign
from banyan.campaigns.goods import must_be_for_sale
from banyan.campaigns.grab_credits import credit_all
from banyan.campaigns.judged_facts import Facts
from banyan.campaigns.legal_facts import facts_of
from banyan.campaigns.models import Campaign
from banyan.campaigns.publication_checks import must_bear_out
from banyan.campaigns.quests import close_quests
from banyan.kernel.errors import Refused
from banyan.kernel.events import Event, record
from banyan.kernel.work import Work

_MOST_AT_ONCE: Final = 50
"""Campaigns one tick moves, so that a tick stays one short transaction."""

_TELLS: Final[Mapping[stages.Step, type[Event]]] = {
    "begin": events.WentLive,
    "pause": events.Paused,
    "resume": events.Resumed,
    "end": events.Ended,
    "settle": events.Settled,
}


def publish_campaign(work: Work, campaign_id: UUID) -> None:
    """Announce a draft: review it, fund it, open its offers and links; live now or at its start.

    Raises the refusals `step_not_possible`, `definition_invalid` (with every problem at once),
    `blocked_by_rules` (with the verdict), `review_unsigned`, `review_own` and `period_over`.
    """
    campaign = locked_campaign(work, campaign_id)
    reached = _after(campaign, "publish")
    plan = reviews.complete(campaign.definition)
    if plan.period.ends_at <= work.now:
        raise Refused(refusals.TOO_LATE_TO_PUBLISH)
    must_be_for_sale(work, plan)
    must_bear_out(work, plan)
    found = reviews.allowed(work, campaign, plan, facts_of(work, campaign, plan))
    signatures.must_be_signed(work, campaign, campaign.definition, found.verdict, by_another=True)
    reviews.keep_version(work, campaign, found)
    campaign.state = reached
    campaign.published_at = work.now
    campaign.updated_at = work.now
    money.fund(work, campaign, plan)
    record(work, [events.Published(campaign_id=campaign_id, version=campaign.version)])
    workspaces.audit(
        work,
        "campaign.published",
        str(campaign_id),
        {"version": campaign.version, "ruleset": campaign.ruleset_version},
    )
    if campaign.starts_at is None or campaign.starts_at <= work.now:
        _make_live(work, campaign, "begin", None)
    work.session.flush()


def pause_campaign(work: Work, campaign_id: UUID, reason: str | None) -> None:
    """Stop counting until it is resumed. Raises the refusal `step_not_possible`."""
    campaign = locked_campaign(work, campaign_id)
    campaign.state = _after(campaign, "pause")
    campaign.paused_at = work.now
    campaign.pause_reason = reason
    _tell(work, campaign, "pause", reason)


def resume_campaign(work: Work, campaign_id: UUID, reason: str | None = None) -> None:
    """Count again, if the rules in force now still allow it.

    Raises the refusals `step_not_possible`, `blocked_by_rules` and `review_unsigned`.
    """
    campaign = locked_campaign(work, campaign_id)
    _make_live(work, campaign, "resume", reason)


def end_campaign(work: Work, campaign_id: UUID, reason: str | None = None) -> None:
    """End it for good; open quests are closed by `close_over`. Raises `step_not_possible`."""
    _end(work, locked_campaign(work, campaign_id), reason)


def settle_campaign(work: Work, campaign_id: UUID) -> None:
    """Close what is open and give the left-over budget back.

    Raises the refusals `step_not_possible`, and `shares_uncredited` while somebody took a share of
    its packet that cannot be credited, or `progress_unreadable` while it cannot be read where
    somebody's quest stands: what people have counts before the campaign is over for good.
    """
    campaign = locked_campaign(work, campaign_id)
    reached = _after(campaign, "settle")
    credit_all(work, campaign_id)
    while (closing := close_quests(work, campaign_id)).closed:
        pass
    if closing.unreadable:
        told = {"count": len(closing.unreadable), "quest": str(min(closing.unreadable))}
        raise Refused(refusals.PROGRESS_UNREADABLE, **told)
    money.settle(work, campaign)
    seeds.reveal(work, campaign_id)
    campaign.state = reached
    campaign.settled_at = work.now
    _tell(work, campaign, "settle", None)


def start_due(work: Work) -> int:
    """Make announced campaigns live whose start has come; return how many.

    One that the rules no longer allow, or whose signature expired, stays announced and its verdict
    says why; what is forbidden is not tried again before it is edited or the rules change.
    """
    due = work.session.scalars(
        select(Campaign)
        .where(
            Campaign.workspace_id == work.workspace_id,
            Campaign.state == "published",
            Campaign.starts_at <= work.now,
            Campaign.ends_at > work.now,
            or_(
                Campaign.verdict_severity != "block",
                Campaign.ruleset_version != compliance.RULESET_VERSION,
            ),
        )
        .order_by(Campaign.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    begun = 0
    for campaign in due:
        plan = reviews.complete(campaign.definition)
        review = reviews.review(
            plan, workspaces.workspace_of(work).timezone, _facts_at_start(work, campaign, plan)
        )
        if review.is_blocked or not signatures.is_signed(work, campaign, review.verdict):
            reviews.note(campaign, review)
        else:
            _make_live(work, campaign, "begin", None)
            begun += 1
    work.session.flush()
    return begun


def end_due(work: Work) -> int:
    """End campaigns whose period is over; return how many."""
    due = work.session.scalars(
        select(Campaign)
        .where(
            Campaign.workspace_id == work.workspace_id,
            Campaign.state.in_(stages.RUNNING),
            Campaign.ends_at <= work.now,
        )
        .order_by(Campaign.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for campaign in due:
        _end(work, campaign, None)
    return len(due)


def close_over(work: Work, most: int = 500) -> int:
    """Tell up to `most` open quests of ended campaigns that it is over; return how many.

    What friends did in time counts before it is over: while shares of a campaign's packet still
    wait for their credit, its quests stay open. So does one that cannot be read.
    """
    over = work.session.scalars(
        select(Campaign.id)
        .where(Campaign.workspace_id == work.workspace_id, Campaign.state == "ended")
        .order_by(Campaign.id)
    ).all()
    closed, waiting = 0, rewards.uncredited(work)
    for campaign_id in over:
        if campaign_id in waiting:
            continue
        closed += close_quests(work, campaign_id, most=most - closed).closed
        if closed >= most:
            break
    return closed


def _make_live(work: Work, campaign: Campaign, step: stages.Step, reason: str | None) -> None:
    """Let people take part, if the rules allow it now."""
    reached = _after(campaign, step)
    plan = reviews.complete(campaign.definition)
    facts = (_facts_at_start if step == "begin" else facts_of)(work, campaign, plan)
    found = reviews.allowed(work, campaign, plan, facts)
    signatures.must_be_signed(work, campaign, campaign.definition, found.verdict, by_another=False)
    reviews.note(campaign, found)
    campaign.state = reached
    campaign.live_at = campaign.live_at or work.now
    campaign.paused_at = None
    campaign.pause_reason = None
    _tell(work, campaign, step, reason)


def _facts_at_start(work: Work, campaign: Campaign, plan: Definition) -> Facts:
    """Return the facts; a rules text that is written otherwise today is announced anew first.

    Nobody takes part yet, so the text is what they will read.
    """
    facts = facts_of(work, campaign, plan)
    if facts.rules_shown == facts.rules_executed:
        return facts
    settled = replace(facts, rules_shown="", rules_executed="")
    found = reviews.review(plan, workspaces.workspace_of(work).timezone, settled)
    if not found.is_blocked:
        rules = reviews.rules_now(work, campaign.id, plan)
        campaign.version += 1
        reviews.keep_version(work, campaign, reviews.with_rules(found, rules))
    return settled


def _end(work: Work, campaign: Campaign, reason: str | None) -> None:
    campaign.state = _after(campaign, "end")
    campaign.ended_at = work.now
    money.close(work, campaign)
    _tell(work, campaign, "end", reason)


def _after(campaign: Campaign, step: stages.Step) -> stages.State:
    reached = stages.after(campaign.state, step)
    if reached is None:
        raise Refused(refusals.STEP_NOT_POSSIBLE, state=campaign.state, step=step)
    return reached


def _tell(work: Work, campaign: Campaign, step: stages.Step, reason: str | None) -> None:
    campaign.updated_at = work.now
    work.session.flush()
    record(work, [_TELLS[step](campaign_id=campaign.id, reason=reason)])
    workspaces.audit(work, f"campaign.{campaign.state}", str(campaign.id), {"reason": reason})
