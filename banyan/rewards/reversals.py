"""Taking back what was given, by new transfers: the old ones stay as they were written.

Cash that was paid out meanwhile is not there to be taken. What is there is taken, the rest is
owed: a debt that the person's next cash pays first (`debts`, `collecting`).
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.events import Event, record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.rewards.accounts import budget_key, channel_key, channel_unit, spent_key
from banyan.rewards.budgets import read_budgets
from banyan.rewards.debts import Debts, Owing, debt_specs, debts_key, owes_key
from banyan.rewards.events import Reversed
from banyan.rewards.offers import CASH, ISSUED_POINTS, POINTS, given_key, left_key, unit_of
from banyan.rewards.purses import cash_key, issued_cash_key, points_key


class ReverseRequest(NamedTuple):
    """A giving to take back, by its name: all of it, or, of cash, all but `keep_minor`."""

    campaign_id: UUID
    rule: str
    beneficiary_person_id: UUID
    cause: UUID
    reason: str
    keep_minor: int = 0


ReverseOutcome = Literal["reversed", "repeated", "nothing", "used", "owed"]
"""`nothing`: never given. `used`: spent or redeemed already, so it stands. `owed`: cash that was
paid out already, so the rest of it is the person's debt."""


class _Given(NamedTuple):
    """A grant as it stands, locked."""

    campaign_id: UUID
    rule: str
    person_id: UUID
    cause: UUID
    id: UUID
    state: str
    offer_id: UUID
    kind: str
    points: int
    cost_minor: int
    reversed_minor: int
    is_limited: bool
    is_in_use: bool
    channel: str | None


FIND = """
select g.campaign_id, g.rule, g.beneficiary_id, g.cause, g.id, g.state, g.offer_id, g.kind,
       g.points, g.cost_minor, g.reversed_minor, o.quantity is not null,
       exists (select from coupon_uses u where u.workspace_id = g.workspace_id
                 and u.grant_id = g.id and u.state in ('locked', 'redeemed'))
         or exists (select from gift_claims c where c.workspace_id = g.workspace_id
                      and c.id = g.id),
       g.channel
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[])
  as k (campaign, rule, person, cause)
join grants g on g.workspace_id = %s and g.campaign_id = k.campaign
  and g.beneficiary_id = k.person and g.rule = k.rule and g.cause = k.cause
join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
order by g.id for update of g
"""


def reverse(work: Work, requests: Sequence[ReverseRequest]) -> list[ReverseOutcome]:
    """Take back what is asked, set-wise; one outcome each, and its event. May be repeated.

    Cash that was paid out meanwhile cannot come back: what is there is taken, the rest is owed.
    """
    rows = work.driver.execute(
        FIND,
        (*(list(column) for column in list(zip(*requests, strict=True))[:4]), work.workspace_id),
    ).fetchall()
    found = {row[:4]: _Given._make(row) for row in rows}
    # Locked before any account, as whoever spends points does.
    lots = work.driver.execute(
        "select id, left_points from point_lots where workspace_id = %s and id = any(%b)"
        " order by id for update",
        (work.workspace_id, [given.id for given in found.values() if given.kind == POINTS]),
    ).fetchall()
    left = dict(lots)
    found = {
        name: given._replace(is_in_use=left.get(given.id, 0) < given.points)
        if given.kind == POINTS
        else given
        for name, given in found.items()
    }
    return _Reversing(work, found).run(requests)


class _Reversing:
    """Some grants being taken back in one transaction."""

    def __init__(self, work: Work, found: dict[tuple[UUID, str, UUID, UUID], _Given]) -> None:
        self.work = work
        self.found = found
        campaigns = {given.campaign_id for given in found.values()}
        budgets = read_budgets(work, campaigns, lock=False)
        self.currencies = {key: budget.currency for key, budget in budgets.items()}
        self.channels = {key: budget.channels for key, budget in budgets.items()}
        self.debts = Debts(work, [given.id for given in self._own_cash()])
        own = {(g.person_id, self.currencies[g.campaign_id]) for g in self._own_cash()}
        ledger.open_accounts(work, debt_specs(own))
        self.book = Book(work, {a for g in found.values() for a in self._accounts(g)})
        self.taken: dict[UUID, int] = {}
        """How much of each grant's cost was taken back by now."""
        self.gone: dict[UUID, str] = {}
        self.events: list[Event] = []

    def run(self, requests: Sequence[ReverseRequest]) -> list[ReverseOutcome]:
        outcomes: list[ReverseOutcome] = [self._one(request) for request in requests]
        self.work.driver.execute(
            """
            update grants g set reversed_minor = r.minor, reverse_reason = r.reason
            from unnest(%b::uuid[], %b::bigint[], %b::text[]) as r (id, minor, reason)
            where g.workspace_id = %s and g.id = r.id
            """,
            (
                *(list(self.taken), list(self.taken.values())),
                *([self.gone.get(grant, "part") for grant in self.taken], self.work.workspace_id),
            ),
        )
        self.work.driver.execute(
            """
            update grants g set reversed_at = %s, slot = null,
              state = case g.state when 'pending' then 'cancelled' else 'clawed_back' end
            where g.workspace_id = %s and g.id = any(%b)
            """,
            (self.work.now, self.work.workspace_id, list(self.gone)),
        )
        self.work.driver.execute(
            "update point_lots set left_points = 0 where workspace_id = %s and id = any(%b)",
            (self.work.workspace_id, list(self.gone)),
        )
        self.book.close()
        self.debts.close()
        record(self.work, self.events)
        return outcomes

    def _own_cash(self) -> list[_Given]:
        """Return the grants of cash that is, or was, their persons' own."""
        return [
            given
            for given in self.found.values()
            if given.kind == CASH
            and given.state in {"vested", "paid"}
            and given.campaign_id in self.currencies
        ]

    def _one(self, request: ReverseRequest) -> ReverseOutcome:
        given = self.found.get(request[:4])
        if given is None:
            return "nothing"
        debt = self.debts.of(given.id)
        keep = min(request.keep_minor, debt.keep_minor) if debt else request.keep_minor
        before = self.taken.get(given.id, given.reversed_minor)
        forgiven = debt.forgiven_minor if debt else 0
        wanted = given.cost_minor - before - keep - forgiven
        if (
            given.state in {"cancelled", "clawed_back"}
            or given.id in self.gone
            or ((keep or forgiven) and (given.kind != CASH or wanted <= 0))
        ):
            return "repeated"
        if given.is_in_use:
            return "used"
        taken = min(wanted, self._in_hand(given))
        ends = taken == wanted and not keep and not forgiven
        if taken or ends:
            mark = self.book.mark()
            if any(
                self.book.ask(move) == "insufficient"
                for move in self._moves(given, before, taken, ends)
            ):
                self.book.back_to(mark)
                return "used"
            self.taken[given.id] = before + taken
        if ends:
            self.gone[given.id] = request.reason
            self.events.append(
                Reversed(
                    campaign_id=given.campaign_id,
                    grant_id=given.id,
                    beneficiary_person_id=given.person_id,
                    cost_minor=given.cost_minor,
                    reason=request.reason,
                )
            )
        if given.kind == CASH and given.state != "pending":
            self._owe(given, request.reason, keep, wanted - taken)
        return "reversed" if taken == wanted else "owed"

    def _owe(self, given: _Given, reason: str, keep: int, owed_minor: int) -> None:
        """Write down what could not be taken, or that what was owed has come."""
        currency = self.currencies[given.campaign_id]
        person, campaign = given.person_id, given.campaign_id
        self.debts.move(
            self.book, Owing(given.id, campaign, person, currency, reason, keep, owed_minor)
        )

    def _account(self, key: str) -> UUID:
        return ledger.account_id(self.work.workspace_id, key)

    def _accounts(self, given: _Given) -> set[UUID]:
        """Return every account that taking `given` back may touch."""
        keys = [spent_key(given.campaign_id), budget_key(given.campaign_id)]
        if given.kind == POINTS:
            keys += [points_key(given.person_id), ISSUED_POINTS]
        currency = self.currencies.get(given.campaign_id)
        if given.kind == CASH and currency:
            keys += [cash_key(given.person_id, currency), issued_cash_key(currency)]
            keys += [owes_key(given.person_id, currency), debts_key(currency)]
        if given.channel is not None:
            keys += [channel_key(given.campaign_id, given.channel, p) for p in ("used", "left")]
        if given.is_limited:
            keys += [given_key(given.offer_id), left_key(given.offer_id)]
        return {self._account(key) for key in keys}

    def _in_hand(self, given: _Given) -> int:
        """Return how much of it could come back: what was paid out is not in the account."""
        if given.kind != CASH or given.state == "pending":
            return given.cost_minor
        own = self._account(cash_key(given.person_id, self.currencies[given.campaign_id]))
        return max(0, self.book.accounts[own].free_minor)

    def _moves(self, given: _Given, before: int, taken: int, ends: bool) -> list[Transfer]:  # noqa: FBT001
        """Return the transfers that take `taken` of a grant back; points first: they may be spent."""
        grant, moves = given.id, list[Transfer]()

        def move(debit: str, credit: str, amount: int, unit: str, reason: str) -> None:
            name = derived_id("reversal", grant, reason, unit, before + taken)
            parts = (self._account(debit), self._account(credit))
            moves.append(Transfer(name, *parts, amount, unit, reason, grant))

        if given.kind == POINTS:
            own = points_key(given.person_id)
            move(own, ISSUED_POINTS, given.points, POINTS, "grant.reversed")
        if taken:
            currency, campaign = self.currencies[given.campaign_id], given.campaign_id
            if given.kind == CASH and given.state != "pending":
                own, issued = cash_key(given.person_id, currency), issued_cash_key(currency)
                move(own, issued, taken, currency, "grant.cash_reversed")
            move(spent_key(campaign), budget_key(campaign), taken, currency, "grant.reversed")
            if given.channel in self.channels.get(campaign, ()):
                used, left = (
                    channel_key(campaign, str(given.channel), p) for p in ("used", "left")
                )
                # A cap that came after the grant has not counted it.
                if self.book.accounts[self._account(used)].free_minor >= taken:
                    unit = channel_unit(currency)
                    move(used, left, taken, unit, "grant.channel_reversed")
        if given.is_limited and ends:
            offer = given.offer_id
            move(given_key(offer), left_key(offer), 1, unit_of(offer), "grant.reversed")
        return moves
