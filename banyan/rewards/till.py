"""A till: the offers and budgets of some campaigns, locked, from which grants are taken in turn.

Opened once per transaction, asked in arrival order, written by a handful of set-wise statements
when it is closed. What was asked since a `mark` can be taken back, so that several rewards are
given together or not at all.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from psycopg.errors import UniqueViolation

from banyan import ledger
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_code, new_ids, sibling_id
from banyan.kernel.work import Work
from banyan.ledger import Account, Book, Overtaken
from banyan.rewards.accounts import channel_key
from banyan.rewards.budgets import (
    Budget,
    mark_once,
    open_days,
    spending_account,
    spent_account,
)
from banyan.rewards.events import BudgetSpent, BudgetWarned, Granted, Refused
from banyan.rewards.givings import (
    CODE_BITS,
    GrantOutcome,
    GrantRequest,
    Key,
    Refusal,
    key_of,
    points_of,
    worth_of,
)
from banyan.rewards.offers import CASH, CODED, ISSUED_POINTS, POINTS, Offer
from banyan.rewards.points import open_lots
from banyan.rewards.purses import cash_key, issued_cash_key, points_key, purse_specs
from banyan.rewards.taking import INSERT, AskedTill, Purse, Shelf, Taken, ask_till


class Till:
    """Grants decided in memory against locked accounts. Write them with `close`, once."""

    def __init__(
        self,
        work: Work,
        campaign_ids: Iterable[UUID],
        person_ids: Iterable[UUID],
        *,
        is_careful: bool = False,
        asked: "AskedTill | None" = None,
    ) -> None:
        """Read what the campaigns may spend, for grants to `person_ids` at most.

        A careful till locks it now and asks which givings these people have, so that a repeat is
        known. The other counts on what it reads and trusts that all givings are new; when either
        proves wrong, `close`, `settle` or the commit raises Overtaken: run the transaction again,
        carefully. `asked` is what `ask_till` returned for these campaigns, if it was called.
        """
        self._work = work
        self._is_late = not is_careful
        campaigns, people = list(set(campaign_ids)), list(set(person_ids))
        found = asked or ask_till(work, campaigns)
        offers = found.offers()
        self._points: dict[UUID, Account] = {}
        self._cash: dict[tuple[UUID, str], Account] = {}
        self._issued_cash: dict[str, Account] = {}
        budgets = open_days(work, found.budgets())
        self._book = self._open_book(offers.values(), budgets.values(), people)
        self._purses = {campaign: self._purse(budgets.get(campaign)) for campaign in campaigns}
        accounts = self._book.accounts
        for offer in offers.values():
            self._purses[offer.campaign_id].shelves[offer.key] = Shelf(
                offer, accounts.get(offer.left_account), accounts.get(offer.given_account)
            )
        capped = [offer.id for offer in offers.values() if offer.per_person is not None]
        self._slots = self._read_slots(capped, people) if capped else {}
        self._known = self._read_known(campaigns, people) if is_careful else None
        self._taken: list[Taken] = []
        self._short: set[UUID] = set()
        self._ids: list[UUID] = []
        self._ids_ahead = min(128, 1 + 2 * len(people))

    def _new_id(self) -> UUID:
        if not self._ids:
            self._ids = new_ids(self._ids_ahead)[::-1]
            self._ids_ahead = 128
        return self._ids.pop()

    def _open_book(
        self, offers: Collection[Offer], budgets: Collection[Budget], people: list[UUID]
    ) -> Book:
        work, accounts = self._work, list[UUID]()
        for budget in budgets:
            accounts += (
                spending_account(work, budget),
                spent_account(work, budget),
                *(each for channel in budget.channels for each in self._leave(budget, channel)),
            )
        for offer in offers:
            if offer.quantity is not None:
                accounts += (offer.left_account, offer.given_account)
        has_points = any(offer.kind == POINTS for offer in offers)
        paying = {offer.campaign_id for offer in offers if offer.kind == CASH}
        currencies = {b.currency for b in budgets if b.campaign_id in paying}
        specs = purse_specs(people, currencies, has_points=has_points)
        if not specs:
            return Book(work, accounts, is_late=self._is_late)
        opened = ledger.open_accounts(work, specs)
        book = Book(work, [*accounts, *opened.values()], is_late=self._is_late)
        held = book.accounts
        if has_points:
            self._points = {person: held[opened[points_key(person)]] for person in people}
            self._issued = held[opened[ISSUED_POINTS]]
        for currency in currencies:
            self._issued_cash[currency] = held[opened[issued_cash_key(currency)]]
            for person in people:
                self._cash[person, currency] = held[opened[cash_key(person, currency)]]
        return book

    def _purse(self, budget: Budget | None) -> Purse:
        if budget is None:
            return Purse(None, None, None, {}, {})
        work, accounts = self._work, self._book.accounts
        spent = spent_account(work, budget)
        channels: dict[str, tuple[Account, Account]] = {}
        for channel in budget.channels:
            left, used = self._leave(budget, channel)
            channels[channel] = accounts[left], accounts[used]
        return Purse(
            budget, accounts[spending_account(work, budget)], accounts[spent], {}, channels
        )

    def _leave(self, budget: Budget, channel: str) -> tuple[UUID, UUID]:
        """Return the accounts of what a channel may still spend, and what it has."""
        return (
            ledger.account_id(
                self._work.workspace_id, channel_key(budget.campaign_id, channel, "left")
            ),
            ledger.account_id(
                self._work.workspace_id, channel_key(budget.campaign_id, channel, "used")
            ),
        )

    def _read_slots(
        self, capped: list[UUID], people: list[UUID]
    ) -> dict[tuple[UUID, UUID], set[int]]:
        slots: dict[tuple[UUID, UUID], set[int]] = {}
        rows = self._work.driver.execute(
            """
            select offer_id, beneficiary_id, slot from grants
            where workspace_id = %s and offer_id = any(%b) and beneficiary_id = any(%b)
              and slot is not null
            """,
            (self._work.workspace_id, capped, people),
        )
        for offer, person, slot in rows:
            slots.setdefault((offer, person), set()).add(slot)
        return slots

    def _read_known(self, campaigns: list[UUID], people: list[UUID]) -> dict[Key, GrantOutcome]:
        rows = self._work.driver.execute(
            """
            select g.campaign_id, g.beneficiary_id, g.rule, g.cause, g.id, g.code, o.key
            from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
            where g.workspace_id = %s and g.campaign_id = any(%b) and g.beneficiary_id = any(%b)
            """,
            (self._work.workspace_id, campaigns, people),
        )
        return {
            (campaign, person, rule, cause): GrantOutcome(
                *("repeated", None, grant, code, self._purses[campaign].shelves[key].offer)
            )
            for campaign, person, rule, cause, grant, code, key in rows
        }

    def grant(self, request: GrantRequest) -> GrantOutcome:
        """Decide one giving in memory. Raises KeyError for an offer the campaign has not."""
        if self._known is not None and (done := self._known.get(key_of(request))):
            return done
        purse = self._purses[request.campaign_id]
        shelf = purse.shelves[request.offer_key]
        offer = shelf.offer
        made = self._new_id()
        mark = self._book.mark()
        slot = self._free_slot(offer, request.beneficiary_person_id)
        value_minor, cost_minor = worth_of(request, offer)
        refused = (
            "person_cap_reached"
            if slot == 0
            else self._pay(purse, shelf, request, made, cost_minor)
        )
        if refused:
            self._book.back_to(mark)
            return GrantOutcome("refused", refused)
        if slot:
            self._slots.setdefault((offer.id, request.beneficiary_person_id), set()).add(slot)
        code = new_code(CODE_BITS) if offer.kind in CODED else None
        points = points_of(request, offer)
        self._taken.append(Taken(made, request, offer, slot, code, value_minor, cost_minor, points))
        if self._known is not None:
            self._known[key_of(request)] = GrantOutcome("repeated", None, made, code, offer)
        return GrantOutcome("granted", None, made, code, offer)

    def _free_slot(self, offer: Offer, person: UUID) -> int | None:
        """Return the person's next slot, 0 when all are used, None when there is no limit."""
        if offer.per_person is None:
            return None
        used = self._slots.get((offer.id, person), ())
        return next((slot for slot in range(1, offer.per_person + 1) if slot not in used), 0)

    def _pay(
        self, purse: Purse, shelf: Shelf, request: GrantRequest, made: UUID, cost_minor: int
    ) -> Refusal | None:
        move, offer = self._book.move, shelf.offer
        if (
            shelf.left is not None
            and shelf.given is not None
            and not move(sibling_id(made, 1), shelf.left, shelf.given, 1, "grant.quantity", made)
        ):
            return "offer_exhausted"
        if cost_minor:
            if purse.budget is None or purse.source is None or purse.spent is None:
                return "budget_spent"
            cost = (purse.source, purse.spent, cost_minor, "grant.cost", made)
            if not move(sibling_id(made, 2), *cost):
                return self._why_short(purse.budget, purse.spent, cost_minor)
            if leave := purse.channels.get(request.channel or ""):
                drawn = (*leave, cost_minor, "grant.channel", made)
                if not move(sibling_id(made, 8), *drawn):
                    return "channel_budget_spent"
            if offer.kind == CASH and not request.is_held:
                currency = purse.budget.currency
                own = self._cash[request.beneficiary_person_id, currency]
                issued = self._issued_cash[currency]
                move(sibling_id(made, 4), issued, own, cost_minor, "grant.cash", made)
        if offer.kind == POINTS:
            own = self._points[request.beneficiary_person_id]
            points = (self._issued, own, points_of(request, offer), "grant.points", made)
            move(sibling_id(made, 3), *points)
        return None

    def _why_short(self, budget: Budget, spent: Account, cost_minor: int) -> Refusal:
        """Tell the day's end from the budget's: could tomorrow pay for it?"""
        if budget.per_day_minor is not None:
            could_pay = min(budget.total_minor - spent.balance_minor, budget.per_day_minor)
            if could_pay >= cost_minor:
                return "day_budget_spent"
        self._short.add(budget.campaign_id)
        return "budget_spent"

    def exhausted(self, campaign_id: UUID) -> set[str]:
        """Return the limited offers of a campaign of which none is left."""
        return {
            key
            for key, shelf in self._purses[campaign_id].shelves.items()
            if shelf.left is not None and shelf.left.free_minor < 1
        }

    def mark(self) -> tuple[int, int]:
        """Return the place to which `back_to` can take the till back."""
        return len(self._taken), self._book.mark()

    def back_to(self, mark: tuple[int, int]) -> None:
        """Undo, in memory, every giving since `mark`."""
        for taken in self._taken[mark[0] :]:
            if self._known is not None:
                del self._known[key_of(taken.request)]
            if taken.slot:
                person = taken.request.beneficiary_person_id
                self._slots[taken.offer.id, person].discard(taken.slot)
        del self._taken[mark[0] :]
        self._book.back_to(mark[1])

    def close(self) -> list[Event]:
        """Write the grants; return their events, to record before `settle`."""
        if self._taken:
            self._write_grants()
        granted: list[Event] = [
            Granted(
                campaign_id=request.campaign_id,
                grant_id=made,
                beneficiary_person_id=request.beneficiary_person_id,
                offer_id=offer.id,
                offer_key=offer.key,
                kind=offer.kind,
                value_minor=value_minor,
                points=points,
                cost_minor=cost_minor,
                rule=request.rule,
                cause=request.cause,
            )
            for made, request, offer, _, _, value_minor, cost_minor, points in self._taken
        ]
        self._taken = []
        return granted

    def settle(self) -> None:
        """Write the transfers and record what the budgets tell: the last act before the commit.

        Only now are the accounts held that everybody wants.
        """
        self._book.close()
        record(self._work, self._turns())

    def _write_grants(self) -> None:
        work = self._work
        ids, requests, offers, slots, codes, values, costs, points = map(
            list, zip(*self._taken, strict=True)
        )
        campaigns, rules, people, causes, _, zh, en, versions, *_ = map(
            list, zip(*requests, strict=True)
        )
        expires = {days: work.now + timedelta(days=days) for days in {o.valid_days for o in offers}}
        columns = (
            *(ids, campaigns, people, rules, versions, causes),
            *([r.evidence or r.cause for r in requests], zh, en),
            *([offer.id for offer in offers], [offer.kind for offer in offers], values),
            *(points, costs, slots, codes),
            # What is cash does not run out of time.
            [None if offer.kind == CASH else expires[offer.valid_days] for offer in offers],
            ["pending" if r.is_held else "vested" for r in requests],
            [None if r.is_held else work.now for r in requests],
            *([r.held_until for r in requests], [r.channel for r in requests]),
            *([r.quest_id for r in requests], [r.fact_nth for r in requests]),
        )
        work.driver.ask(
            INSERT,
            (work.workspace_id, work.now, *columns),
            instead={UniqueViolation: Overtaken},
        )
        open_lots(
            work, [made for made, offer in zip(ids, offers, strict=True) if offer.kind == POINTS]
        )

    def _turns(self) -> list[Event]:
        """Tell, once each, of budgets that have passed their warning or cannot pay any more."""
        warned, gone = list[UUID](), list[UUID]()
        spent: dict[UUID, tuple[int, int]] = {}
        for campaign, purse in self._purses.items():
            budget = purse.budget
            # What was given back at the end is neither spent nor short.
            if budget is None or budget.returned_at is not None or purse.spent is None:
                continue
            minor, total = purse.spent.balance_minor, budget.total_minor
            if budget.warned_at is None and minor >= budget.warns_at_minor() > 0:
                warned.append(campaign)
                spent[campaign] = minor, total
            if budget.spent_at is None and (campaign in self._short or minor == total > 0):
                gone.append(campaign)
                spent[campaign] = minor, total
        turned: list[Event] = []
        if warned:
            for campaign in sorted(mark_once(self._work, "warned_at", warned)):
                minor, total = spent[campaign]
                turned.append(
                    BudgetWarned(campaign_id=campaign, spent_minor=minor, total_minor=total)
                )
        if gone:
            for campaign in sorted(mark_once(self._work, "spent_at", gone)):
                minor, total = spent[campaign]
                turned.append(
                    BudgetSpent(campaign_id=campaign, spent_minor=minor, total_minor=total)
                )
        return turned


def grant(
    work: Work, requests: Sequence[GrantRequest], *, is_careful: bool = True
) -> list[GrantOutcome]:
    """Give what is asked, set-wise, in order; one outcome each, and its event.

    A giving that exists is `repeated` and gives nothing more. Budgets, quantities and caps refuse
    with a value. Unless `is_careful` nothing is locked before the end, and Overtaken is raised
    when one exists or another transaction was quicker: run it again, carefully.
    """
    till = Till(
        work,
        {request.campaign_id for request in requests},
        {request.beneficiary_person_id for request in requests},
        is_careful=is_careful,
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
    till.settle()
    return outcomes
