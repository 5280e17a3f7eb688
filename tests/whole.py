"""Every invariant, asked at the end of a test."""

from collections.abc import Iterable
from uuid import UUID

from banyan.app.verify import findings
from banyan.kernel.invariants import Finding

TOLD_ONLY: set[UUID] = set()
"""Workspaces whose events a test made up without the rows they speak of."""


def broken(found: Iterable[Finding]) -> list[str]:
    """Return every promise that is broken, and the rows that break it."""
    told: list[str] = []
    for finding in found:
        rows = [row for row in finding.rows if row.get("workspace_id") not in TOLD_ONLY]
        if rows:
            told.append(f"{finding.invariant.id} {finding.invariant.statement}: {rows[:5]}")
    return told


def assert_whole() -> None:
    """Fail with every promise that stored rows break."""
    told = broken(finding for _, finding in findings())
    assert not told, "\n".join(told)
