"""The rules in force over HTTP: what every campaign is judged by before it goes live."""

import msgspec
from litestar import get

from banyan.campaigns import Twin
from banyan.compliance import CATALOGUE, RULESET_VERSION


class RuleInForce(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, where it is written and how that was read.

    `verified_on` is the day the text was last compared; None: the official page still has to be.
    `surfaces` is empty: a rule that depends on the surface says so by its verdicts alone.
    """

    rule_id: str
    evidence: str
    verified_on: str | None
    clause: str
    title: Twin
    summary: Twin
    surfaces: list[str]


class Rulebook(msgspec.Struct, frozen=True):
    """All rules of one version."""

    version: str
    items: list[RuleInForce]


_RULEBOOK = Rulebook(
    RULESET_VERSION,
    [
        RuleInForce(
            rule_id=rule.id,
            evidence=rule.evidence,
            verified_on=rule.verified_on,
            clause=rule.clause,
            title=Twin(rule.zh, rule.en),
            summary=Twin(rule.zh, rule.en),
            surfaces=[],
        )
        for rule in CATALOGUE.values()
    ],
)


@get(
    "/api/admin/rules",
    opt={"audience": "member", "permission": "campaigns.read"},
    sync_to_thread=False,
)
def rules() -> Rulebook:
    """Return the rules in force, in the order in which a campaign is judged by them."""
    return _RULEBOOK


routes = [rules]
