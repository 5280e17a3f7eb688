"""Taking back what was given, by new transfers: the old ones stay as they were written."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.events import Event, record
from banyan.kernel.ids import sibling_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.rewards.budgets import budget_key, read_budgets, spent_key
from banyan.rewards.events import Reversed
from banyan.rewards.offers import ISSUED_POINTS, POINTS, given_key, left_key, unit_of


class ReverseRequest(NamedTuple):
    """A giving to take back, by its name."""

    campaign_id: UUID
    rule: str
    beneficiary_person_id: UUID
    cause: UUID
    reason: str


ReverseOutcome = Literal["reversed", "repeated", "nothing", "used"]
"""`nothing`: never given. `used`: the points are spent already, so the grant stands."""


def reverse(work: Work, requests: Sequence[ReverseRequest]) -> list[ReverseOutcome]:
    """Take back what is asked, set-wise; one outcome each, and its event. May be repeated."""
    rows = work.driver.execute(
        """
        select g.campaign_id, g.rule, g.beneficiary_id, g.cause, g.id, g.state, g.offer_id, g.kind,
               g.points, g.cost_minor, o.quantity is not null
        from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[])
          as k (campaign, rule, person, cause)
        join grants g on g.workspace_id = %s and g.campaign_id = k.campaign
          and g.beneficiary_id = k.person and g.rule = k.rule and g.cause = k.cause
        join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        order by g.id for update of g
        """,
        (*(list(column) for column in list(zip(*requests, strict=True))[:4]), work.workspace_id),
    ).fetchall()
    found = {row[:4]: row[4:] for row in rows}
    budgets = read_budgets(work, {request.campaign_id for request in requests}, lock=False)
    moves = {
        row[4]: _moves(work, row, budgets[row[0]].currency if row[0] in budgets else "")
        for row in rows
    }
    book = Book(work, {a for parts in moves.values() for t in parts for a in (t.debit, t.credit)})
    gone: dict[UUID, str] = {}
    outcomes: list[ReverseOutcome] = []
    events: list[Event] = []
    for request in requests:
        row = found.get(request[:4])
        if row is None:
            outcomes.append("nothing")
            continue
        grant_id, state, *_, cost_minor, _limited = row
        if state in {"cancelled", "clawed_back"} or grant_id in gone:
            outcomes.append("repeated")
            continue
        mark = book.mark()
        if any(book.ask(move) == "insufficient" for move in moves[grant_id]):
            book.back_to(mark)
            outcomes.append("used")
            continue
        gone[grant_id] = request.reason
        outcomes.append("reversed")
        events.append(
            Reversed(
                campaign_id=request.campaign_id,
                grant_id=grant_id,
                beneficiary_person_id=request.beneficiary_person_id,
                cost_minor=cost_minor,
                reason=request.reason,
            )
        )
    work.driver.execute(
        """
        update grants g set reversed_at = %s, reverse_reason = r.reason, slot = null,
          state = case g.state when 'pending' then 'cancelled' else 'clawed_back' end
        from unnest(%b::uuid[], %b::text[]) as r (id, reason)
        where g.workspace_id = %s and g.id = r.id
        """,
        (work.now, list(gone), list(gone.values()), work.workspace_id),
    )
    book.close()
    record(work, events)
    return outcomes


def _moves(work: Work, row: Sequence[object], currency: str) -> list[Transfer]:
    """Return the transfers that undo a grant; points first, for they may be spent."""
    campaign, _, person, _, grant, _, offer, kind, points, cost_minor, is_limited = row
    if not (isinstance(grant, UUID) and isinstance(offer, UUID) and isinstance(campaign, UUID)):
        raise TypeError(row)

    def account(key: str) -> UUID:
        return ledger.account_id(work.workspace_id, key)

    moves: list[Transfer] = []
    if kind == POINTS and isinstance(points, int):
        own, issued = account(f"person:{person}:points"), account(ISSUED_POINTS)
        moves.append(
            Transfer(sibling_id(grant, 7), own, issued, points, POINTS, "grant.reversed", grant)
        )
    if isinstance(cost_minor, int) and cost_minor:
        spent, budget = account(spent_key(campaign)), account(budget_key(campaign))
        moves.append(
            Transfer(
                *(sibling_id(grant, 6), spent, budget, cost_minor, currency, "grant.reversed"),
                cause=grant,
            )
        )
    if is_limited:
        given, left = account(given_key(offer)), account(left_key(offer))
        moves.append(
            Transfer(sibling_id(grant, 5), given, left, 1, unit_of(offer), "grant.reversed", grant)
        )
    return moves
