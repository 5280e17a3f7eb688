"""The judge: from a case to a verdict. The same case and ruleset give the same bytes."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

import msgspec

from banyan.compliance.case import EVENTS, Branch, Case
from banyan.compliance.rules import ALL_RULES, PATH_RULES
from banyan.compliance.verdict import SEVERITIES, Finding, Hit, Rule, Severity, Verdict, worst

__all__ = ["CATALOGUE", "RULESET_VERSION", "judge", "judge_imported", "judge_path"]

RULESET_VERSION: Final = "CN-2026.15"

CATALOGUE: Final[dict[str, Rule]] = {rule.id: rule for rule in ALL_RULES}

ANYWHERE: Final = "any"


def judge(case: Case) -> Verdict:
    """Judge the case by every rule on every surface. Never raises."""
    found = [*_findings(case, CATALOGUE.values())]
    return _verdict(case.surfaces, found, msgspec.json.encode(case))


def judge_imported(data: object) -> Verdict:
    """Judge parsed JSON from elsewhere. What cannot be a case is blocked, a share event by WX-14.

    A rule that cannot be checked is not passed: data that does not fit is `block`.
    """
    try:
        return judge(msgspec.convert(data, Case))
    except msgspec.ValidationError as error:
        found = [
            _finding(CATALOGUE["WX-14"], ANYWHERE, Hit("block", path, found=event))
            for path, event in _unknown_events(data)
        ] or [
            Finding(
                rule_id="IMPORT",
                severity="block",
                surface=ANYWHERE,
                clause="平台准则：无法判读的活动不能发布",
                path="$",
                message_zh="活动数据无法判读",
                message_en="The campaign cannot be read",
                found=str(error),
            )
        ]
        raw = msgspec.json.encode(msgspec.to_builtins(data, str_keys=True), order="deterministic")
        return _verdict(_surfaces_named(data), found, raw)


def judge_path(branches: tuple[Branch, ...]) -> tuple[Finding, ...]:
    """Judge a path by the rules that speak of paths; its campaigns have verdicts of their own."""
    return tuple(_findings(Case(surfaces=(), branches=branches), PATH_RULES))


def _findings(case: Case, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        surfaces = (
            (ANYWHERE,) if rule.applies == "anywhere" else tuple(dict.fromkeys(case.surfaces))
        )
        for surface in surfaces:
            for hit in rule.check(case, surface):
                yield _finding(rule, surface, hit)


def _finding(rule: Rule, surface: str, hit: Hit) -> Finding:
    return Finding(
        rule_id=rule.id,
        severity=hit.severity,
        surface=surface,
        clause=rule.clause,
        path=hit.path,
        message_zh=f"{rule.zh}：{hit.found}" if hit.found else rule.zh,
        message_en=f"{rule.en}: {hit.found}" if hit.found else rule.en,
        chain=hit.chain,
        found=hit.found,
        nearest_allowed=hit.change,
        evidence=rule.evidence,
        verified_on=rule.verified_on,
    )


def _verdict(surfaces: tuple[str, ...], found: list[Finding], judged: bytes) -> Verdict:
    ordered = tuple(
        sorted(
            found,
            key=lambda one: (
                -SEVERITIES.index(one.severity),
                one.rule_id,
                one.surface,
                one.path,
                one.found or "",
            ),
        )
    )
    by_surface: dict[str, Severity] = {
        surface: worst(one.severity for one in ordered if one.surface in {surface, ANYWHERE})
        for surface in sorted(set(surfaces))
    }
    digest = hashlib.sha256()
    for part in (RULESET_VERSION.encode(), judged, msgspec.json.encode(ordered)):
        digest.update(len(part).to_bytes(8, "big") + part)
    return Verdict(
        severity=worst(one.severity for one in ordered),
        findings=ordered,
        by_surface=by_surface,
        ruleset_version=RULESET_VERSION,
        digest=digest.hexdigest(),
    )


def _unknown_events(data: object) -> Iterator[tuple[str, str]]:
    if not isinstance(data, dict):
        return
    triggers = cast("dict[str, Any]", data).get("triggers")
    if not isinstance(triggers, list | tuple):
        return
    for index, trigger in enumerate(cast("list[object]", triggers)):
        if isinstance(trigger, dict):
            event = cast("dict[str, object]", trigger).get("event")
            if event not in EVENTS:
                yield f"triggers[{index}].event", str(event)


def _surfaces_named(data: object) -> tuple[str, ...]:
    named = cast("dict[str, Any]", data).get("surfaces") if isinstance(data, dict) else None
    if not isinstance(named, list | tuple):
        return ()
    return tuple(str(one) for one in cast("list[object]", named))
