"""Watching: running campaigns are judged again, because facts change after the publication.

A price that went up in the shop, a chain that was paid too far, a draw against its odds: what the
judge would say now stands with the campaign, and what the law forbids outright stops it.
"""

from typing import Final
from uuid import UUID

from cachebox import LRUCache
from msgspec.structs import replace
from sqlalchemy import select, text

from banyan import workspaces
from banyan.campaigns import lifecycle, reviews, signatures, stages
from banyan.campaigns.definition import Definition
from banyan.campaigns.judged_facts import Facts
from banyan.campaigns.legal_facts import facts_of
from banyan.campaigns.models import Campaign
from banyan.campaigns.problems import read_definition
from banyan.campaigns.reviews import Review
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work

__all__ = ["HALTING", "judge_again", "judge_everywhere"]

HALTING: Final = frozenset({"LAW-04", "LAW-06", "LAW-13", "LAW-14"})
"""Rules that facts can break by themselves, and that stop a live campaign: pay in a chain, a prize
too dear, an earlier price that never was. What only a newer rule-set forbids is shown, not stopped:
participants were promised the campaign under the old one."""

LAPSED: Final = "复核签字已到期，续签后可恢复 / The review has expired; sign it anew to resume"

_MOST_AT_ONCE: Final = 200


def judge_again(work: Work) -> int:
    """Judge the workspace's running campaigns by the facts of now; return how many verdicts changed.

    A live campaign that a rule of `HALTING` blocks is paused with the rule as its reason; resuming
    it is refused until the facts are put right. One whose signature expired is paused too. May be
    repeated, and run side by side.
    """
    running = work.session.scalars(
        select(Campaign)
        .where(Campaign.workspace_id == work.workspace_id, Campaign.state.in_(stages.RUNNING))
        .order_by(Campaign.id)
        .limit(_MOST_AT_ONCE)
    ).all()
    timezone = workspaces.workspace_of(work).timezone
    changed = 0
    for campaign in running:
        plan = _plan(campaign)
        if plan is None:
            continue  # Of a play that is not installed any more: there is nothing to judge.
        facts = facts_of(work, campaign, plan)
        if campaign.state == "published":
            # A text written otherwise today is announced anew when it begins.
            facts = replace(facts, rules_shown="", rules_executed="")
        # The judge is pure: of the same plan and facts it says the same.
        asked = (campaign.version, timezone, facts)
        stands = campaign.verdict["digest"] if campaign.verdict is not None else None
        key = (work.workspace_id, campaign.id)
        if (
            campaign.verdict is not None
            and key in _judged
            and _judged[key] == (asked, stands)
            and not (
                campaign.state == "live" and signatures.has_lapsed(work, campaign, campaign.verdict)
            )
        ):
            continue
        found = reviews.review(plan, timezone, facts)
        _judged[key] = (asked, found.verdict["digest"])
        if campaign.state == "live" and signatures.has_lapsed(work, campaign, found.verdict):
            changed += _note(work, campaign, found, LAPSED)
            continue
        if stands == found.verdict["digest"]:
            continue
        changed += _note(work, campaign, found)
    work.session.flush()
    return changed


def _plan(campaign: Campaign) -> Definition | None:
    """Return the plan of a campaign as it stands, read once a version; None: of no play we have."""
    key = (campaign.workspace_id, campaign.id, campaign.version)
    if key not in _plans:
        _plans[key] = read_definition(campaign.definition)[0]
    return _plans[key]


_plans: LRUCache[tuple[UUID, UUID, int], Definition | None] = LRUCache(2000)
_judged: LRUCache[tuple[UUID, UUID], tuple[tuple[int, str, Facts], str]] = LRUCache(2000)
"""What was asked of each campaign last, and the digest of the answer."""


def judge_everywhere() -> int:
    """Judge running campaigns of every workspace again; return how many verdicts changed."""
    with across_workspaces() as connection:
        rows = connection.execute(
            text(
                "select distinct workspace_id from campaigns"
                " where state in ('published', 'live', 'paused')"
            )
        )
        workspaces_running = [row[0] for row in rows]
    changed = 0
    for workspace_id in workspaces_running:
        with unit_of_work(workspace_id, SYSTEM) as work:
            changed += judge_again(work)
    return changed


def _note(work: Work, seen: Campaign, found: Review, reason: str | None = None) -> int:
    """Keep the new verdict unless the campaign was edited or ended meanwhile."""
    version = seen.version
    campaign = lifecycle.locked_campaign(work, seen.id)
    if campaign.version != version or campaign.state not in stages.RUNNING:
        return 0
    campaign.verdict = found.verdict
    campaign.verdict_severity = found.severity
    campaign.ruleset_version = found.ruleset_version
    reason = reason or _why_halted(found)
    if reason is not None and campaign.state == "live":
        lifecycle.pause_campaign(work, campaign.id, reason)
    return 1


def _why_halted(found: Review) -> str | None:
    for finding in found.verdict["findings"]:
        if finding["severity"] == "block" and finding["rule_id"] in HALTING:
            return f"{finding['rule_id']} {finding['message_zh']} / {finding['message_en']}"
    return None
