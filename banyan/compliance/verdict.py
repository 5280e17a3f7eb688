"""What a judgement is made of: rules, hits, findings, the verdict."""

from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec

from banyan.compliance.case import Case

__all__ = [
    "SEVERITIES",
    "Change",
    "Check",
    "Finding",
    "Hit",
    "Rule",
    "Severity",
    "Verdict",
    "worst",
]

Severity = Literal["pass", "info", "warn", "review", "block"]

SEVERITIES: Final[tuple[Severity, ...]] = ("pass", "info", "warn", "review", "block")
"""From the mildest to the gravest."""


def worst(severities: Iterable[Severity]) -> Severity:
    """Return the gravest; `pass` when there is none."""
    return SEVERITIES[max((SEVERITIES.index(one) for one in severities), default=0)]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """The nearest allowed variant, as a change that a machine can carry out.

    `drop_surface` takes `surface` away; `benefit_first` gives the benefit to the newcomer at once
    and asks for nobody in return; the others act at `path`: `reword` replaces the words `found`,
    `add_terms` writes terms of use, `set` puts `value` there, `remove` takes it away. `move` goes
    to `surface` and to no other; `attest` lets the merchant answer for the question `found`.
    `payout_terms` puts `value` at `path` of the merchant's terms of payouts.
    """

    kind: Literal[
        "drop_surface",
        "benefit_first",
        "reword",
        "add_terms",
        "set",
        "remove",
        "move",
        "attest",
        "payout_terms",
    ]
    zh: str
    en: str
    surface: str | None = None
    path: str | None = None
    found: str | None = None
    value: int | tuple[str, ...] | None = None


class Hit(msgspec.Struct, frozen=True):
    """One place where a rule is broken, as a check reports it."""

    severity: Severity
    path: str
    chain: tuple[str, ...] = ()
    change: Change | None = None
    found: str | None = None


Check = Callable[[Case, str], Iterable[Hit]]


class Rule(msgspec.Struct, frozen=True):
    """One rule of the catalogue.

    `clause` is where it is written; `evidence` is how that was read: the official text, a reprint,
    or our own policy. `verified_on` is the day the text was last compared; None means that the
    official page itself still has to be compared. `applies` says whether a platform decides
    (`surface`) or the rule holds everywhere (`anywhere`).
    """

    id: str
    zh: str
    en: str
    clause: str
    evidence: Literal["official_text", "reprint", "policy"]
    detector: Literal["graph", "value", "text", "schema"]
    applies: Literal["surface", "anywhere"]
    check: Check
    verified_on: str | None = None


class Finding(msgspec.Struct, frozen=True):
    """A rule broken at one place on one surface (`any` when it is broken on all of them).

    `path` points into the definition; `chain` is the way through the campaign's graph, from the
    event to the benefit.
    """

    rule_id: str
    severity: Severity
    surface: str
    clause: str
    path: str
    message_zh: str
    message_en: str
    chain: tuple[str, ...] = ()
    found: str | None = None
    nearest_allowed: Change | None = None
    evidence: str = "policy"
    verified_on: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """`severity` is the gravest of all; `by_surface` says it for each surface; `digest` is SHA-256."""

    severity: Severity
    findings: tuple[Finding, ...]
    by_surface: dict[str, Severity]
    ruleset_version: str
    digest: str
