"""Statements: what a provider says it moved in a day, matched line by line with our own books.

A line that fits one payment or refund to the cent moves its amount from the clearing account; any
other opens a case, and so does a movement of ours that the provider's day does not have.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import SYSTEM, Actor, Work, across_workspaces, unit_of_work
from banyan.ledger import Book, Transfer
from banyan.store import refusals
from banyan.store.books import clearing_key, settle_transfer
from banyan.store.cases import Case, cases, close_missing, open_cases
from banyan.store.payments.accounts import provider_of
from banyan.store.payments.ports import NotReady, StatementLine, Unreachable
from banyan.store.views import StatementLineView, StatementPageView, StatementView

DAY = ZoneInfo("Asia/Shanghai")
"""Whose days the providers' statements are of."""
READY_HOUR = 10
"""When the statement of the day before is out."""


class Movement(NamedTuple):
    """A payment or refund of ours that a statement line may be."""

    id: UUID
    kind: str
    number: str
    amount_minor: int
    currency: str
    is_done: bool


def fetch_statement(
    workspace_id: UUID, provider_key: str, day: date, actor: Actor = SYSTEM
) -> StatementView:
    """Fetch a day's statement and match it; may be repeated.

    Raises `payment_provider_off`, `payment_provider_silent`, `statement_not_ready`.
    """
    provider = provider_of(workspace_id, provider_key)
    try:
        lines = provider.statement(day)
    except NotReady as error:
        raise Refused(refusals.NO_STATEMENT_YET) from error
    except Unreachable as error:
        raise Refused(refusals.PROVIDER_SILENT) from error
    with unit_of_work(workspace_id, actor) as work:
        return match_statement(work, provider_key, day, lines)


def match_statement(
    work: Work, provider: str, day: date, lines: Sequence[StatementLine]
) -> StatementView:
    """Keep the lines of a day and match each with exactly one movement of ours."""
    work.driver.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 1))",
        (f"statement {work.workspace_id} {provider}",),
    )
    ours = _movements(work, provider, [line.number for line in lines])
    transfers: list[Transfer] = []
    found: list[Case] = []
    for line in lines:
        known = _keep(work, provider, day, line)
        if known is not None:
            continue
        movement = ours.get((line.kind, line.number))
        case = _difference(provider, day, line, movement)
        if case is not None or movement is None:
            found += [case] if case else []
            continue
        is_refund = line.kind == "refund"
        transfers.append(
            settle_transfer(
                *(work, movement.id, line.amount_minor, line.currency, provider),
                is_refund=is_refund,
            )
        )
        work.driver.execute(
            "update statement_lines set matched_id = %s where workspace_id = %s and provider = %s"
            " and kind = %s and number = %s",
            (movement.id, work.workspace_id, provider, line.kind, line.number),
        )
        close_missing(work, line.number)
    if transfers:
        book = Book(work, {each for t in transfers for each in (t.debit, t.credit)})
        for transfer in transfers:
            book.ask(transfer)
        book.close()
    found += _missing(work, provider, day)
    open_cases(work, found)
    return _summary(work, provider, day)


def _keep(work: Work, provider: str, day: date, line: StatementLine) -> UUID | None:
    """Keep a line; return what it was matched with before, None when it is still to be matched."""
    row = work.driver.execute(
        """
        insert into statement_lines (workspace_id, id, provider, day, kind, number,
                                     provider_number, amount_minor, fee_minor, currency)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (workspace_id, provider, kind, number) do update
        set amount_minor = case when statement_lines.matched_id is null
          then excluded.amount_minor else statement_lines.amount_minor end
        returning matched_id
        """,
        (
            work.workspace_id,
            derived_id("statement line", work.workspace_id, provider, line.kind, line.number),
            *(provider, day, line.kind, line.number, line.provider_number, line.amount_minor),
            *(line.fee_minor, line.currency),
        ),
    ).fetchone()
    return row[0] if row else None


def _difference(
    provider: str, day: date, line: StatementLine, movement: Movement | None
) -> Case | None:
    about = (provider, line.number)
    if movement is None:
        why = "the provider has it, we do not"
        return Case("not_ours", *about, why, day, None, line.amount_minor)
    amounts = (day, movement.amount_minor, line.amount_minor)
    if (movement.amount_minor, movement.currency) != (line.amount_minor, line.currency):
        return Case("amount_differs", *about, "another amount", *amounts)
    if not movement.is_done:
        return Case("state_differs", *about, "the provider has done it, we do not know", *amounts)
    return None


def _movements(
    work: Work, provider: str, numbers: Sequence[str]
) -> dict[tuple[str, str], Movement]:
    rows = work.driver.execute(
        """
        select id, 'payment', trade_number, amount_minor, currency,
               state in ('captured', 'surplus')
        from payments
        where workspace_id = %(workspace)s and provider = %(provider)s
          and trade_number = any(%(numbers)b)
        union all
        select r.id, 'refund', r.request_number, r.amount_minor, r.currency,
               r.state = 'done' and r.by_hand is null
        from refunds r
        join payments p on p.workspace_id = r.workspace_id and p.id = r.payment_id
        where r.workspace_id = %(workspace)s and p.provider = %(provider)s
          and r.request_number = any(%(numbers)b)
        """,
        {"workspace": work.workspace_id, "provider": provider, "numbers": list(numbers)},
    )
    return {(row[1], row[2]): Movement(*row) for row in rows}


def _missing(work: Work, provider: str, day: date) -> list[Case]:
    """Return our movements of `day` that no statement has, near midnight left to the next."""
    begins = datetime.combine(day, time(), DAY).astimezone(UTC)
    ends = begins + timedelta(days=1) - timedelta(minutes=10)
    rows = work.driver.execute(
        """
        select m.number, m.amount_minor from (
          select p.id, p.trade_number as number, p.amount_minor, p.captured_at as at
          from payments p
          where p.workspace_id = %(workspace)s and p.provider = %(provider)s
            and p.state in ('captured', 'surplus')
          union all
          select r.id, r.request_number, r.amount_minor, r.done_at from refunds r
          join payments p on p.workspace_id = r.workspace_id and p.id = r.payment_id
          where r.workspace_id = %(workspace)s and p.provider = %(provider)s and r.state = 'done'
            and r.by_hand is null
        ) m
        where m.at >= %(begins)s and m.at < %(ends)s and not exists (
          select 1 from statement_lines s where s.workspace_id = %(workspace)s
            and s.provider = %(provider)s and s.number = m.number)
        order by m.at
        """,
        {
            "workspace": work.workspace_id,
            "provider": provider,
            "begins": begins,
            "ends": ends,
        },
    )
    why = "we have it, the provider's day does not"
    return [
        Case("missing_at_provider", provider, number, why, day, minor, None)
        for number, minor in rows
    ]


def _summary(work: Work, provider: str, day: date) -> StatementView:
    row = work.driver.execute(
        """
        insert into statements (workspace_id, provider, day, lines, matched, fetched_at)
        select %(workspace)s, %(provider)s, %(day)s, count(*), count(matched_id), %(now)s
        from statement_lines
        where workspace_id = %(workspace)s and provider = %(provider)s and day = %(day)s
        on conflict (workspace_id, provider, day) do update
        set lines = excluded.lines, matched = excluded.matched, fetched_at = excluded.fetched_at
        returning lines, matched, fetched_at
        """,
        {"workspace": work.workspace_id, "provider": provider, "day": day, "now": work.now},
    ).fetchone()
    if row is None:
        raise AssertionError
    return StatementView(
        provider=provider, day=day, lines=row[0], matched=row[1], fetched_at=row[2]
    )


def statements(work: Work, most: int = 60) -> list[StatementView]:
    """Return the days that were fetched, the newest first."""
    rows = work.driver.execute(
        "select provider, day, lines, matched, fetched_at from statements where workspace_id = %s"
        " order by day desc, provider limit %s",
        (work.workspace_id, most),
    )
    names = StatementView.__struct_fields__
    return [StatementView(**dict(zip(names, row, strict=True))) for row in rows]


def statement_page(work: Work, provider: str, day: date) -> StatementPageView:
    """Return a day line by line, unmatched lines first. Raises `statement_not_ready`."""
    found = [s for s in statements(work, 1000) if (s.provider, s.day) == (provider, day)]
    if not found:
        raise Refused(refusals.NO_STATEMENT_YET)
    rows = work.driver.execute(
        "select kind, number, provider_number, amount_minor, fee_minor, currency,"
        " matched_id is not null from statement_lines"
        " where workspace_id = %s and provider = %s and day = %s"
        " order by matched_id is not null, kind, number limit 5000",
        (work.workspace_id, provider, day),
    )
    names = StatementLineView.__struct_fields__
    lines = [StatementLineView(**dict(zip(names, row, strict=True))) for row in rows]
    keys = {clearing_key(provider, line.currency) for line in lines}
    ids = [ledger.account_id(work.workspace_id, key) for key in keys]
    return StatementPageView(
        statement=found[0],
        lines=lines,
        cases=cases(work, provider=provider, day=day),
        clearing_minor=sum(ledger.balances(work, ids).values()),
    )


def due_statements(now: datetime) -> list[tuple[UUID, str, date]]:
    """Return the statements of the day before that are out but not fetched yet."""
    here = now.astimezone(DAY)
    if here.hour < READY_HOUR:
        return []
    day = here.date() - timedelta(days=1)
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            """
            select distinct p.workspace_id, p.provider from payments p
            where p.captured_at >= %(since)s and not exists (
              select 1 from statements s where s.workspace_id = p.workspace_id
                and s.provider = p.provider and s.day = %(day)s)
            """,
            {"since": now - timedelta(days=40), "day": day},
        )
        return [(workspace_id, provider, day) for workspace_id, provider in rows]
