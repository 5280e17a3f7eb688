"""Every play on every surface: what is not allowed there has a variant that is, one click away."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from banyan.campaigns.compliance_ir import judge_definition
from banyan.campaigns.definition import Definition
from banyan.campaigns.nearest import changed
from banyan.compliance import SEVERITIES, SURFACES, Finding, Verdict
from banyan.plays import PLAYS
from banyan.templates import templates
from tests.stage import answered

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
GRAVE = SEVERITIES[SEVERITIES.index("review") :]
MOST_CLICKS = 6

FORMS: dict[str, list[dict[str, Any]]] = defaultdict(list)
"""Of each play, one definition for each set of causal links that a template of it uses."""
_links: set[str] = set()
for _made in templates().values():
    _data = _made.definition_at(NOW)
    _play = PLAYS[_made.play]
    _settings = msgspec.convert(_data["play"]["settings"], _play.Settings)
    _link = str(sorted({(m.event, m.actor, m.beneficiary) for m in _play.mechanisms(_settings)}))
    if (_made.play + _link) not in _links:
        _links.add(_made.play + _link)
        FORMS[_made.play].append(answered(_data))

# What no template does and the settings allow: the gravest form of a play.
_affiliate = FORMS["affiliate"][0]
_second = [{"rate_bps": 100, "approval_id": "FW-2026-1"}]
FORMS["affiliate"].append(
    _affiliate
    | {
        "play": {
            "key": "affiliate",
            "settings": _affiliate["play"]["settings"] | {"second_level": _second},
        }
    }
)

CASES = [
    pytest.param(play, nth, surfaces, id=f"{play}-{nth}-{'+'.join(surfaces)}")
    for play, forms in FORMS.items()
    for nth in range(len(forms))
    for surface in SURFACES
    for surfaces in ((surface,), ("own_web", surface), ("wechat_h5", surface))
    if len(set(surfaces)) == len(surfaces)
]


def grave(verdict: Verdict) -> list[Finding]:
    return [one for one in verdict.findings if one.surface != "any" and one.severity in GRAVE]


def test_every_play_is_walked() -> None:
    assert set(FORMS) == set(PLAYS)


@pytest.mark.parametrize(("play", "nth", "surfaces"), CASES)
def test_each_finding_of_a_surface_names_a_variant_that_is_clean_there(
    play: str, nth: int, surfaces: tuple[str, ...]
) -> None:
    definition = msgspec.convert(FORMS[play][nth] | {"surfaces": surfaces}, Definition)
    for found in grave(judge_definition(definition)):
        assert found.nearest_allowed is not None, found
        after = changed(definition, found.nearest_allowed)
        assert after is not None, found.nearest_allowed
        # Judged as it would be published: what was found is gone, and nothing graver came.
        again = grave(judge_definition(after))
        assert (found.rule_id, found.surface, found.path) not in {
            (one.rule_id, one.surface, one.path) for one in again
        }
        _walk_out(after)


def _walk_out(definition: Definition) -> None:
    """Go on clicking the first way out: no more than a few clicks lead to what is allowed."""
    for _ in range(MOST_CLICKS):
        found = grave(judge_definition(definition))
        if not found:
            return
        change = found[0].nearest_allowed
        assert change is not None, found[0]
        after = changed(definition, change)
        assert after is not None, change
        definition = after
    pytest.fail(f"no way out: {grave(judge_definition(definition))}")
