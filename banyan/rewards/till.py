"""A till: the offers and budgets of some campaigns, locked, from which grants are taken in turn.

Opened once per transaction, asked in arrival order, written by a handful of set-wise statements
when it is closed. What was asked since a `mark` can be taken back, so that several rewards are
given together or not at all.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Literal, NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_code, new_id, sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Book, Overtaken, Transfer
from banyan.rewards.budgets import (
    Budget,
    mark_once,
    open_days,
    read_budgets,
    spending_account,
    spent_key,
)
from banyan.rewards.events import BudgetSpent, BudgetWarned, Granted, Refused
from banyan.rewards.offers import ISSUED_POINTS, POINTS, Offer, read_offers

Refusal = Literal["budget_spent", "day_budget_spent", "offer_exhausted", "person_cap_reached"]
CODE_BITS = 60


class GrantRequest(NamedTuple):
    """A giving asked for. (campaign, person, rule, cause) names it for ever."""

    campaign_id: UUID
    rule: str
    beneficiary_person_id: UUID
    cause: UUID
    offer_key: str
    reason_zh: str
    reason_en: str
    rule_version: int = 1
    evidence: UUID | None = None
    """The record that earned it."""


class GrantOutcome(NamedTuple):
    """What became of a request."""

    status: Literal["granted", "repeated", "refused"]
    reason: Refusal | None = None
    grant_id: UUID | None = None
    code: str | None = None
    offer: Offer | None = None


Key = tuple[UUID, UUID, str, UUID]


def key_of(request: GrantRequest) -> Key:
    """Return the name of the giving."""
    return (request.campaign_id, request.beneficiary_person_id, request.rule, request.cause)


class Taken(NamedTuple):
    """A grant about to be written."""

    id: UUID
    request: GrantRequest
    offer: Offer
    slot: int | None
    code: str | None


class Till:
    """Grants decided in memory against locked accounts. Write them with `close`, once."""

    def __init__(
        self,
        work: Work,
        campaign_ids: Iterable[UUID],
        person_ids: Iterable[UUID],
        *,
        is_careful: bool = False,
    ) -> None:
        """Lock what the campaigns may spend, for grants to `person_ids` at most.

        A careful till asks the table which givings these people have, so that a repeat is known.
        The other trusts the caller that all are new; if one is not, `close` raises Overtaken.
        """
        self._work = work
        campaigns = list(set(campaign_ids))
        self._offers = read_offers(work, campaigns)
        self._budgets = open_days(work, read_budgets(work, campaigns, lock=False))
        self._spends_from: dict[UUID, UUID] = {}
        self._spent: dict[UUID, UUID] = {}
        self._points = {
            person: ledger.account_id(work.workspace_id, f"person:{person}:points")
            for person in (set(person_ids) if self._any_points() else ())
        }
        self._book = self._open_book()
        self._slots = self._read_slots(person_ids)
        self._known: dict[Key, GrantOutcome] = (
            self._read_known(campaigns, person_ids) if is_careful else {}
        )
        self._taken: list[Taken] = []
        self._short: set[UUID] = set()

    def _any_points(self) -> bool:
        return any(offer.kind == POINTS for offer in self._offers.values())

    def _open_book(self) -> Book:
        work = self._work
        accounts: set[UUID] = set()
        for campaign, budget in self._budgets.items():
            self._spends_from[campaign] = spending_account(work, budget)
            self._spent[campaign] = ledger.account_id(work.workspace_id, spent_key(campaign))
            accounts |= {self._spends_from[campaign], self._spent[campaign]}
        for offer in self._offers.values():
            if offer.quantity is not None:
                accounts |= {offer.left_account, offer.given_account}
        if self._points:
            specs = [
                AccountSpec(f"person:{person}:points", POINTS) for person in self._points
            ]
            opened = ledger.open_accounts(
                work, [AccountSpec(ISSUED_POINTS, POINTS, may_go_negative=True), *specs]
            )
            accounts |= set(opened.values())
        return Book(work, accounts)

    def _read_slots(self, person_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], set[int]]:
        capped = [offer.id for offer in self._offers.values() if offer.per_person is not None]
        slots: dict[tuple[UUID, UUID], set[int]] = {}
        if capped:
            rows = self._work.driver.execute(
                """
                select offer_id, beneficiary_id, slot from grants
                where workspace_id = %s and offer_id = any(%b) and beneficiary_id = any(%b)
                  and slot is not null
                """,
                (self._work.workspace_id, capped, list(set(person_ids))),
            )
            for offer, person, slot in rows:
                slots.setdefault((offer, person), set()).add(slot)
        return slots

    def _read_known(
        self, campaigns: list[UUID], person_ids: Iterable[UUID]
    ) -> dict[Key, GrantOutcome]:
        rows = self._work.driver.execute(
            """
            select g.campaign_id, g.beneficiary_id, g.rule, g.cause, g.id, g.code, o.key
            from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
            where g.workspace_id = %s and g.campaign_id = any(%b) and g.beneficiary_id = any(%b)
            """,
            (self._work.workspace_id, campaigns, list(set(person_ids))),
        )
        return {
            (campaign, person, rule, cause): GrantOutcome(
                "repeated", None, grant, code, self._offers.get((campaign, key))
            )
            for campaign, person, rule, cause, grant, code, key in rows
        }

    def grant(self, request: GrantRequest) -> GrantOutcome:
        """Decide one giving in memory. Raises LookupError for an offer the campaign has not."""
        key = key_of(request)
        if done := self._known.get(key):
            return done
        campaign = request.campaign_id
        offer = self._offers[campaign, request.offer_key]
        made = new_id()
        mark = self._book.mark()
        slot = self._free_slot(offer, request.beneficiary_person_id)
        refused = "person_cap_reached" if slot == 0 else self._pay(offer, request, made)
        if refused:
            self._book.back_to(mark)
            return GrantOutcome("refused", refused)
        if slot:
            self._slots.setdefault((offer.id, request.beneficiary_person_id), set()).add(slot)
        code = None if offer.kind == POINTS else new_code(CODE_BITS)
        self._taken.append(Taken(made, request, offer, slot, code))
        self._known[key] = GrantOutcome("repeated", None, made, code, offer)
        return GrantOutcome("granted", None, made, code, offer)

    def _free_slot(self, offer: Offer, person: UUID) -> int | None:
        """Return the person's next slot, 0 when all are used, None when there is no limit."""
        if offer.per_person is None:
            return None
        used = self._slots.get((offer.id, person), ())
        return next((slot for slot in range(1, offer.per_person + 1) if slot not in used), 0)

    def _pay(self, offer: Offer, request: GrantRequest, made: UUID) -> Refusal | None:
        book, campaign = self._book, request.campaign_id
        if offer.quantity is not None:
            one = (offer.left_account, offer.given_account, 1, offer.unit, "grant.quantity", made)
            if book.ask(Transfer(sibling_id(made, 1), *one)) == "insufficient":
                return "offer_exhausted"
        if offer.cost_minor:
            budget = self._budgets.get(campaign)
            if budget is None:
                return "budget_spent"
            debit, credit = self._spends_from[campaign], self._spent[campaign]
            cost = (debit, credit, offer.cost_minor, budget.currency, "grant.cost", made)
            if book.ask(Transfer(sibling_id(made, 2), *cost)) == "insufficient":
                return self._why_short(budget, offer.cost_minor)
        if offer.kind == POINTS:
            issued = ledger.account_id(self._work.workspace_id, ISSUED_POINTS)
            own = self._points[request.beneficiary_person_id]
            points = (issued, own, offer.points, POINTS, "grant.points", made)
            book.ask(Transfer(sibling_id(made, 3), *points))
        return None

    def _why_short(self, budget: Budget, cost_minor: int) -> Refusal:
        """Tell the day's end from the budget's: could tomorrow pay for it?"""
        spent = self._book.accounts[self._spent[budget.campaign_id]].balance_minor
        if budget.per_day_minor is not None:
            could_pay = min(budget.total_minor - spent, budget.per_day_minor)
            if could_pay >= cost_minor:
                return "day_budget_spent"
        self._short.add(budget.campaign_id)
        return "budget_spent"

    def mark(self) -> tuple[int, int]:
        """Return the place to which `back_to` can take the till back."""
        return len(self._taken), self._book.mark()

    def back_to(self, mark: tuple[int, int]) -> None:
        """Undo, in memory, every giving since `mark`."""
        for taken in self._taken[mark[0] :]:
            del self._known[key_of(taken.request)]
            if taken.slot:
                person = taken.request.beneficiary_person_id
                self._slots[taken.offer.id, person].discard(taken.slot)
        del self._taken[mark[0] :]
        self._book.back_to(mark[1])

    def close(self) -> list[Event]:
        """Write grants and transfers; return the events to record, in order.

        Raises Overtaken when a giving exists that the caller had called new.
        """
        if self._taken:
            self._write_grants()
            self._book.close()
        granted: list[Event] = [
            Granted(
                campaign_id=taken.request.campaign_id,
                grant_id=taken.id,
                beneficiary_person_id=taken.request.beneficiary_person_id,
                offer_id=taken.offer.id,
                offer_key=taken.offer.key,
                kind=taken.offer.kind,
                value_minor=taken.offer.value_minor,
                points=taken.offer.points,
                cost_minor=taken.offer.cost_minor,
                rule=taken.request.rule,
                cause=taken.request.cause,
            )
            for taken in self._taken
        ]
        self._taken = []
        return granted + self._turns()

    def _write_grants(self) -> None:
        work, taken = self._work, self._taken
        requests, offers = [t.request for t in taken], [t.offer for t in taken]
        expires = {days: work.now + timedelta(days=days) for days in {o.valid_days for o in offers}}
        with work.driver.cursor() as cursor:
            cursor.execute(
                INSERT,
                (
                    *(work.workspace_id, work.now, work.now),
                    [t.id for t in taken],
                    *(list(map(attrgetter(name), requests)) for name in REQUEST_COLUMNS),
                    *(list(map(attrgetter(name), offers)) for name in OFFER_COLUMNS),
                    [t.slot for t in taken],
                    [t.code for t in taken],
                    [expires[offer.valid_days] for offer in offers],
                ),
            )
            if cursor.rowcount != len(taken):
                raise Overtaken

    def _turns(self) -> list[Event]:
        """Tell, once each, of budgets that have passed their warning or cannot pay any more."""
        accounts, turned = self._book.accounts, list[Event]()
        spent = {c: accounts[self._spent[c]].balance_minor for c in self._budgets}
        warned = [
            c
            for c, budget in self._budgets.items()
            if budget.warned_at is None and spent[c] >= budget.warns_at_minor() > 0
        ]
        gone = [c for c in self._short if self._budgets[c].spent_at is None] + [
            c
            for c, budget in self._budgets.items()
            if budget.spent_at is None and spent[c] == budget.total_minor > 0
        ]
        for column, kind, campaigns in (
            ("warned_at", BudgetWarned, warned),
            ("spent_at", BudgetSpent, gone),
        ):
            for campaign in sorted(mark_once(self._work, column, campaigns)) if campaigns else ():
                total = self._budgets[campaign].total_minor
                turned.append(
                    kind(campaign_id=campaign, spent_minor=spent[campaign], total_minor=total)
                )
        return turned


REQUEST_COLUMNS = (
    *("campaign_id", "beneficiary_person_id", "rule", "rule_version", "cause", "evidence"),
    *("reason_zh", "reason_en"),
)
OFFER_COLUMNS = ("id", "kind", "value_minor", "points", "cost_minor")

INSERT = """
insert into grants (workspace_id, state, granted_at, vested_at, id, campaign_id, beneficiary_id,
                    rule, rule_version, cause, evidence, reason_zh, reason_en, offer_id, kind,
                    value_minor, points, cost_minor, slot, code, expires_at)
select %s, 'vested', %s, %s, g.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::int[], %b::uuid[], %b::uuid[],
            %b::text[], %b::text[], %b::uuid[], %b::text[], %b::bigint[], %b::bigint[],
            %b::bigint[], %b::smallint[], %b::text[], %b::timestamptz[]) as g
on conflict on constraint uq_grants_cause do nothing
"""


def grant(work: Work, requests: Sequence[GrantRequest]) -> list[GrantOutcome]:
    """Give what is asked, set-wise, in order; one outcome each, and its event.

    A giving that exists is `repeated` and gives nothing more. Budgets, quantities and caps refuse
    with a value, and the neighbours go on.
    """
    till = Till(
        work,
        {request.campaign_id for request in requests},
        {request.beneficiary_person_id for request in requests},
        is_careful=True,
    )
    outcomes = [till.grant(request) for request in requests]
    refused = [
        Refused(
            campaign_id=request.campaign_id,
            beneficiary_person_id=request.beneficiary_person_id,
            offer_key=request.offer_key,
            rule=request.rule,
            reason=outcome.reason,
        )
        for request, outcome in zip(requests, outcomes, strict=True)
        if outcome.reason
    ]
    record(work, [*till.close(), *refused])
    return outcomes
