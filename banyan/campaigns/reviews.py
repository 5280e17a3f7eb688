"""Reviews: is a plan complete, and do the rules in force allow it.

The verdict, the version of the rules and a hash of the rules text that participants read are
kept with every version, so that what was shown, judged and executed can be compared for ever.
"""

from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.campaigns import refusals, seeds
from banyan.campaigns.compliance_ir import judge_definition
from banyan.campaigns.definition import Definition
from banyan.campaigns.judged_facts import NOTHING_KNOWN, Facts
from banyan.campaigns.models import Campaign, CampaignVersion
from banyan.campaigns.nearest import changed
from banyan.campaigns.page_pictures import picture_problems
from banyan.campaigns.problems import read_definition, settings_of
from banyan.campaigns.rules_text import rules_text
from banyan.compliance import Change, Verdict
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Problem, draws_of

Data = dict[str, Any]


class Review(NamedTuple):
    """What was found about one plan."""

    verdict: Data
    severity: str
    ruleset_version: str
    rules: Data
    rules_hash: str

    @property
    def is_blocked(self) -> bool:
        """Whether the rules in force forbid it."""
        return self.severity == "block"


def shaped(data: Data) -> Definition:
    """Return the plan in `data`, finished or not. Raises the refusal `definition_invalid`."""
    plan, problems = read_definition(data)
    if plan is None:
        raise Refused(
            refusals.DEFINITION_INVALID, count=len(problems), problems=problems_data(problems)
        )
    return plan


def complete(data: Data) -> Definition:
    """Return the plan in `data`, ready to run.

    Raises the refusal `definition_invalid` with every problem at once.
    """
    plan, problems = read_definition(data)
    if plan is None or problems:
        raise Refused(
            refusals.DEFINITION_INVALID, count=len(problems), problems=problems_data(problems)
        )
    return plan


def problems_data(problems: list[Problem]) -> list[Data]:
    """Return problems as the API tells them: place, code and words in both languages."""
    return [
        {"path": p.path, "code": p.code, "zh": p.message.zh, "en": p.message.en} for p in problems
    ]


def review(plan: Definition, timezone: str, facts: Facts = NOTHING_KNOWN) -> Review:
    """Ask the judge and write the rules text, whose times are those of `timezone`."""
    verdict = judge_definition(plan, facts)
    rules = rules_data(plan, timezone)
    return Review(
        verdict=verdict_data(plan, verdict),
        severity=verdict.severity,
        ruleset_version=verdict.ruleset_version,
        rules=rules,
        rules_hash=rules_fingerprint(rules),
    )


def verdict_data(plan: Definition, verdict: Verdict) -> Data:
    """Return the verdict as the API tells it, each way out as values to put into the definition."""
    told: Data = msgspec.to_builtins(verdict)
    said: Data = msgspec.to_builtins(plan)
    for finding, data in zip(verdict.findings, told["findings"], strict=True):
        change = finding.nearest_allowed
        changes = _changes(plan, said, change) if change else None
        data["nearest_allowed"] = None
        if change and changes is not None:
            data["nearest_allowed"] = {
                "kind": change.kind,
                "label_zh": change.zh,
                "label_en": change.en,
                "changes": changes,
            }
    return told


def _changes(plan: Definition, said: Data, change: Change) -> list[Data] | None:
    """Return what to put where; a path that begins with `payout_terms.` is not of the definition."""
    if change.kind == "payout_terms":
        return [{"path": change.path, "value": change.value}]
    better = changed(plan, change)
    return differences(said, msgspec.to_builtins(better)) if better else None


def differences(before: Data, after: Data) -> list[Data]:
    """Return what to put where to make the definition `before` say what `after` says."""
    found = [
        {"path": field, "value": after[field]}
        for field in after
        if field != "play" and after[field] != before[field]
    ]
    return found + [
        {"path": f"play.{field}", "value": after["play"][field]}
        for field in after["play"]
        if after["play"][field] != before["play"][field]
    ]


def rules_data(plan: Definition, timezone: str) -> dict[str, list[str]]:
    """Return the rules text that participants read, `{"zh": [...], "en": [...]}`."""
    told: dict[str, list[str]] = msgspec.to_builtins(rules_text(plan, timezone))
    return told


def rules_now(work: Work, campaign_id: UUID, plan: Definition) -> dict[str, list[str]]:
    """Return the rules text as it is written today, with the commitment of a draw's seed."""
    rules = rules_data(plan, workspaces.workspace_of(work).timezone)
    if draws_of(PLAYS[plan.play.key], settings_of(plan)) is None:
        return rules
    commitment = seeds.commitment_of(work, campaign_id)
    return {
        "zh": [*rules["zh"], f"本次抽奖种子的 SHA-256：{commitment}"],
        "en": [*rules["en"], f"SHA-256 of the seed of this draw: {commitment}"],
    }


def allowed(
    work: Work, campaign: Campaign, plan: Definition, facts: Facts = NOTHING_KNOWN
) -> Review:
    """Return the review of a plan that may run, as things really are.

    Raises the refusals `definition_invalid` for a picture that is not kept, `blocked_by_rules`.
    The rules of what is drawn end with the commitment to its seed, which is made for that.
    """
    if missing := picture_problems(work, plan.page):
        raise Refused(
            refusals.DEFINITION_INVALID, count=len(missing), problems=problems_data(missing)
        )
    found = review(plan, workspaces.workspace_of(work).timezone, facts)
    if found.is_blocked:
        raise Refused(refusals.BLOCKED_BY_RULES, verdict=found.verdict)
    return with_rules(found, rules_now(work, campaign.id, plan))


def with_rules(found: Review, rules: Data) -> Review:
    """Return the review with the rules text as participants read it."""
    return found._replace(rules=rules, rules_hash=rules_fingerprint(rules))


def rules_fingerprint(rules: Data) -> str:
    """Return the SHA-256 of a rules text: what was shown is what is executed."""
    return sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()


def note(campaign: Campaign, found: Review) -> None:
    """Keep the newest verdict with the campaign."""
    campaign.verdict = found.verdict
    campaign.verdict_severity = found.severity
    campaign.ruleset_version = found.ruleset_version
    campaign.rules_hash = found.rules_hash


def keep_version(work: Work, campaign: Campaign, found: Review) -> None:
    """Keep the definition, as judged, as the version people play under from now on."""
    note(campaign, found)
    work.session.add(
        CampaignVersion(
            workspace_id=work.workspace_id,
            campaign_id=campaign.id,
            version=campaign.version,
            definition=campaign.definition,
            verdict=found.verdict,
            ruleset_version=found.ruleset_version,
            rules=found.rules,
            rules_hash=found.rules_hash,
            created_at=work.now,
            actor=str(work.actor),
        )
    )
    campaign.live_version = campaign.version
