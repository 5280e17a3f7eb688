"""Judging a path by the rules that speak of paths. Pure."""

from collections.abc import Sequence
from itertools import combinations

from banyan import compliance
from banyan.campaigns import Branch
from banyan.compliance import Finding, SoldGood


def findings(branches: Sequence[Branch]) -> list[Finding]:
    """Return what the rules say of these campaigns as one path."""
    return list(compliance.judge_path(tuple(map(_judged, range(len(branches)), branches))))


def who_differ(branches: Sequence[Branch], good: str) -> tuple[str, str, str]:
    """Return what a good is called, and the first two campaigns that sell it on different terms.

    Raises LookupError when none do.
    """
    for first, second in combinations((one for one in branches if good in one.terms), 2):
        if first.terms[good] != second.terms[good]:
            return first.goods[good], first.name, second.name
    raise LookupError(good)


def _judged(nth: int, branch: Branch) -> compliance.Branch:
    goods = tuple(
        SoldGood(key, branch.goods[key], tuple(sorted(terms)))
        for key, terms in sorted(branch.terms.items())
    )
    return compliance.Branch(f"branches[{nth}]", branch.name, goods)
