"""Compliance: what the law and the platforms say of a campaign, before anybody sees it.

Owns:   nothing; a verdict is a function of the case and of the ruleset
Calls:  nothing
Events: none

Nothing here is legal advice: every rule names its source, how well that source was read and when,
and what is marked `review` is decided by the merchant's own lawyer.
"""

from banyan.compliance.case import (
    EVENTS,
    SURFACES,
    Branch,
    Case,
    Commission,
    Copy,
    DataUse,
    Edge,
    Edit,
    Event,
    Lottery,
    Packet,
    Payout,
    Price,
    Prize,
    Reward,
    SoldGood,
    Step,
    StepKind,
    Team,
    Trigger,
)
from banyan.compliance.judging import CATALOGUE, RULESET_VERSION, judge, judge_imported, judge_path
from banyan.compliance.questions import QUESTIONS, Question
from banyan.compliance.verdict import SEVERITIES, Change, Finding, Rule, Severity, Verdict

__all__ = [
    "CATALOGUE",
    "EVENTS",
    "QUESTIONS",
    "RULESET_VERSION",
    "SEVERITIES",
    "SURFACES",
    "Branch",
    "Case",
    "Change",
    "Commission",
    "Copy",
    "DataUse",
    "Edge",
    "Edit",
    "Event",
    "Finding",
    "Lottery",
    "Packet",
    "Payout",
    "Price",
    "Prize",
    "Question",
    "Reward",
    "Rule",
    "Severity",
    "SoldGood",
    "Step",
    "StepKind",
    "Team",
    "Trigger",
    "Verdict",
    "judge",
    "judge_imported",
    "judge_path",
]
