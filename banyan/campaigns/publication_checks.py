"""Checks before publication that packages above know: whether what a plan names is really there."""

from collections.abc import Callable, Iterable

from banyan.campaigns import refusals
from banyan.campaigns.definition import Definition
from banyan.campaigns.reviews import problems_data
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import Problem

__all__ = ["PublicationCheck", "add_publication_check", "missing_now", "must_bear_out"]

PublicationCheck = Callable[[Work, Definition], Iterable[Problem]]
"""Returns what keeps a plan from being announced now."""

_checks: list[PublicationCheck] = []


def add_publication_check(check: PublicationCheck) -> None:
    """Have `check` asked of every plan that is announced, or edited while it runs."""
    if check not in _checks:
        _checks.append(check)


def missing_now(work: Work, plan: Definition) -> list[Problem]:
    """Return every reason why `plan` cannot be announced now."""
    return [problem for check in _checks for problem in check(work, plan)]


def must_bear_out(work: Work, plan: Definition) -> None:
    """Raise `definition_invalid`, with every problem, when something a plan names is not there."""
    found = missing_now(work, plan)
    if found:
        raise Refused(refusals.DEFINITION_INVALID, count=len(found), problems=problems_data(found))
