"""Higher limits of payouts: one member asks for them, another confirms.

A shop where nobody else could confirm raises them by itself; either way it stands in the audit,
and payouts that are asked for already keep the terms they were asked under.
"""

from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg.types.json import Jsonb

from banyan import workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.rewards import refusals
from banyan.rewards.payouts.terms import (
    PayoutTerms,
    must_be_lawful,
    payout_terms,
    raised,
    set_payout_terms,
)

READ: Final = "select asked, asked_by, asked_at from payout_terms where workspace_id = %s"
LOCK: Final = (
    "select asked, asked_by, asked_at from payout_terms where workspace_id = %s for update"
)
MAY_CONFIRM: Final = "refunds.approve"
"""Who may approve a payout may also confirm the limits of payouts."""


class TermsView(msgspec.Struct, frozen=True, kw_only=True):
    """The terms in force, and higher ones that wait for another member's word.

    `may_confirm`: whoever reads this may give it; `confirmers`: who else may.
    """

    terms: PayoutTerms
    asked: PayoutTerms | None
    asked_by: str | None
    asked_at: datetime | None
    may_confirm: bool
    confirmers: list[str]


def terms_view(work: Work) -> TermsView:
    """Return the terms as the console shows them."""
    asked, by, at = _asked(work)
    others = _others(work)
    return TermsView(
        terms=payout_terms(work),
        asked=asked,
        asked_by=workspaces.actor_names(work).get(by, by) if by else None,
        asked_at=at,
        may_confirm=asked is not None and by != str(work.actor) and work.actor.kind == "member",
        confirmers=[one.name for one in others],
    )


def ask_payout_terms(work: Work, terms: PayoutTerms) -> bool:
    """Set the terms, or have another member confirm them when limits rise; return if they hold now.

    Raises `payout_terms_unlawful`.
    """
    must_be_lawful(terms)
    before = payout_terms(work)
    higher = raised(before, terms)
    if not higher or not _others(work):
        set_payout_terms(work, terms)
        return True
    values = msgspec.to_builtins(terms)
    # Terms that were never set are kept as they hold, so that what waits has a row to stand in.
    if not _has_row(work):
        set_payout_terms(work, before)
    work.driver.execute(
        "update payout_terms set asked = %s, asked_by = %s, asked_at = %s where workspace_id = %s",
        (Jsonb(values), str(work.actor), work.now, work.workspace_id),
    )
    workspaces.audit(work, "payouts.terms_asked", "", values | {"raised": higher})
    return False


def confirm_payout_terms(work: Work) -> None:
    """Confirm the higher terms that another member asked for: they hold from now on.

    Raises `payout_terms_not_asked`, `payout_terms_same_hand`, `member_needed`,
    `payout_terms_unlawful`.
    """
    asked, by, _ = _asked(work, lock=True)
    if asked is None:
        raise Refused(refusals.NO_TERMS_ASKED)
    if by == str(work.actor):
        raise Refused(refusals.PAYOUT_TERMS_SAME_HAND)
    if work.actor.kind != "member":
        raise Refused(workspaces.MEMBER_NEEDED)
    set_payout_terms(work, asked)
    workspaces.audit(work, "payouts.terms_confirmed", "", {"asked_by": by})


def drop_payout_terms(work: Work) -> None:
    """Let the higher terms go that wait for a confirmation; those in force go on."""
    asked, by, _ = _asked(work, lock=True)
    if asked is None:
        return
    work.driver.execute(
        "update payout_terms set asked = null, asked_by = null, asked_at = null"
        " where workspace_id = %s",
        (work.workspace_id,),
    )
    workspaces.audit(work, "payouts.terms_dropped", "", {"asked_by": by})


def _others(work: Work) -> list[workspaces.MemberView]:
    return [
        one
        for one in workspaces.members_who_may(work, MAY_CONFIRM)
        if f"member:{one.id}" != str(work.actor)
    ]


def _has_row(work: Work) -> bool:
    row = work.driver.execute(
        "select 1 from payout_terms where workspace_id = %s", (work.workspace_id,)
    ).fetchone()
    return row is not None


def _asked(
    work: Work, *, lock: bool = False
) -> tuple[PayoutTerms | None, str | None, datetime | None]:
    row: tuple[Any, str, datetime] | None = work.driver.execute(
        LOCK if lock else READ,
        (work.workspace_id,),
    ).fetchone()
    if row is None or row[0] is None:
        return None, None, None
    return msgspec.convert(row[0], PayoutTerms), row[1], row[2]
