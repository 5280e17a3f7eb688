"""Paying: what providers say in their notices, and asking them when no notice comes.

Notices that wait are taken in together: one transaction keeps and applies them all. A call to a
provider stands between two transactions, never inside one.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg
import structlog

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.store import refusals
from banyan.store.beginning import FIRST_ASK_SECONDS
from banyan.store.captures import Applying, apply_payment
from banyan.store.payments.accounts import provider_of
from banyan.store.payments.ports import BadNotice, Declined, Provider, Said, Unreachable
from banyan.store.refund_outcomes import apply_refund
from banyan.store.states import PLACED

logger = structlog.get_logger()

ASK_SECONDS_MOST = 300
ASKS_AFTER_CLOSING = 4
MOST_AT_ONCE = 100
WAITING_MOST = 500
TRIES = 4
QUICKER = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)
"""Another transaction was quicker: the same again finds what it did."""


class Notice(NamedTuple):
    """A notice as it came."""

    headers: Mapping[str, str]
    body: bytes


class _Read(NamedTuple):
    """A notice whose signature is right, on its way into the table."""

    id: UUID
    digest: bytes
    body: bytes
    headers: str
    said: Said


def receive_notice(
    workspace_id: UUID, provider_key: str, headers: Mapping[str, str], body: bytes
) -> bytes:
    """Take in one notice as `receive_notices` does; return what the provider is answered.

    Raises `notice_rejected`, `payment_provider_off`.
    """
    (answer,) = receive_notices(workspace_id, provider_key, [Notice(headers, body)])
    if isinstance(answer, Refused):
        raise answer
    return answer


def receive_notices(
    workspace_id: UUID, provider_key: str, notices: Sequence[Notice]
) -> list[bytes | Refused]:
    """Check notices on their raw bytes, keep and apply them; return what each is answered.

    The signature is the only proof: no host name, address or header opens another way. One that is
    not signed as it should be is answered `notice_rejected`. Once kept, a notice is answered well
    even if applying it fails, for `apply_waiting_notices` comes back. Raises `payment_provider_off`.
    """
    return take_in(workspace_id, provider_of(workspace_id, provider_key), notices)


def take_in(
    workspace_id: UUID, provider: Provider, notices: Sequence[Notice]
) -> list[bytes | Refused]:
    """Do what `receive_notices` does with an account at hand."""
    answers: list[bytes | Refused] = []
    good: dict[bytes, _Read] = {}
    for notice in notices:
        headers = {key.lower(): value for key, value in notice.headers.items()}
        try:
            said = provider.read_notice(headers, notice.body)
        except BadNotice as error:
            logger.warning("notice_rejected", provider=provider.key, problem=str(error))
            answers.append(Refused(refusals.NOTICE_REJECTED))
            continue
        digest = sha256(notice.body).digest()
        told = msgspec.json.encode(dict(notice.headers)).decode()
        good.setdefault(digest, _Read(new_id(), digest, notice.body, told, said))
        answers.append(provider.thanks)
    if good:
        _keep_all(workspace_id, provider, list(good.values()))
    return answers


def _keep_all(workspace_id: UUID, provider: Provider, read: Sequence[_Read]) -> None:
    """Keep notices and apply them: all in one transaction, or each on its own when that fails."""
    try:
        waiting = _keep_and_apply(workspace_id, provider, read)
    except Exception:
        logger.exception("notices_apart", provider=provider.key, notices=len(read))
        with unit_of_work(workspace_id, SYSTEM) as work:
            waiting = _keep(work, provider.key, read, {})
    for notice_id in waiting:
        try:
            apply_notice(workspace_id, notice_id, provider.merchant)
        except Exception:
            logger.exception("notice_waits", provider=provider.key)


def _keep_and_apply(workspace_id: UUID, provider: Provider, read: Sequence[_Read]) -> list[UUID]:
    """Keep what is new and apply what is said of payments; return the ids of the others."""
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                fresh = _not_known(work, provider.key, read)
                of_payments = [each for each in fresh if each.said.about == "payment"]
                applying = Applying(
                    work, provider.key, provider.merchant, [each.said for each in of_payments]
                )
                ids = [each.id for each in of_payments]
                outcomes = dict(zip(ids, applying.outcomes, strict=True))
                kept = _keep(work, provider.key, fresh, outcomes)
                applying.write()
        except QUICKER:
            if attempt == TRIES - 1:
                raise
        else:
            return [each for each in kept if each not in outcomes]
    raise AssertionError


def _not_known(work: Work, provider_key: str, read: Sequence[_Read]) -> list[_Read]:
    """Return the notices that were not taken in before: a repeat of the same bytes says nothing."""
    rows = work.driver.execute(
        "select digest from payment_notices"
        " where workspace_id = %s and provider = %s and digest = any(%b)",
        (work.workspace_id, provider_key, [each.digest for each in read]),
    )
    known = {bytes(row[0]) for row in rows}
    return [each for each in read if each.digest not in known]


KEEP = """
insert into payment_notices (workspace_id, provider, received_at, applied_at, id, digest, body,
                             headers, said, outcome)
select %s, %s, %s, case when n.outcome is not null then %s end, n.*
from unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::json[], %b::json[], %b::text[])
  as n (id, digest, body, headers, said, outcome)
on conflict (workspace_id, provider, digest) do nothing returning id
"""


def _keep(
    work: Work, provider_key: str, read: Sequence[_Read], outcomes: Mapping[UUID, str]
) -> list[UUID]:
    """Keep notices, those with an outcome as applied; return the ids of those nobody else kept."""
    rows = [
        (
            *each[:4],
            msgspec.json.encode(each.said).decode(),
            outcomes.get(each.id),
        )
        # In the order of the unique index: two who keep the same ones never wait for each other.
        for each in sorted(read, key=lambda each: each.digest)
    ]
    if not rows:
        return []
    head = (work.workspace_id, provider_key, work.now, work.now)
    kept = work.driver.execute(KEEP, (*head, *map(list, zip(*rows, strict=True))))
    return [row[0] for row in kept]


def apply_notice(workspace_id: UUID, notice_id: UUID, merchant: str) -> str | None:
    """Apply a kept notice in one transaction; None when it was applied already."""
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                return _apply_kept(work, notice_id, merchant)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def _apply_kept(work: Work, notice_id: UUID, merchant: str) -> str | None:
    row = work.driver.execute(
        "select provider, said from payment_notices where workspace_id = %s and id = %s"
        " and outcome is null for update skip locked",
        (work.workspace_id, notice_id),
    ).fetchone()
    if row is None:
        return None
    outcome = apply_said(work, row[0], merchant, msgspec.convert(row[1], Said))
    _mark_applied(work, {notice_id: outcome})
    return outcome


def _mark_applied(work: Work, outcomes: Mapping[UUID, str]) -> None:
    work.driver.execute(
        """
        update payment_notices n set outcome = a.outcome, applied_at = %s
        from unnest(%b::uuid[], %b::text[]) as a (id, outcome)
        where n.workspace_id = %s and n.id = a.id
        """,
        (work.now, list(outcomes), list(outcomes.values()), work.workspace_id),
    )


def apply_said(work: Work, provider: str, merchant: str, said: Said) -> str:
    """Apply what a provider says, of a payment or of a refund."""
    if said.about == "refund":
        return apply_refund(work, provider, merchant, said)
    return apply_payment(work, provider, merchant, said)


def apply_waiting_notices() -> int:
    """Apply the notices that were kept but not applied; return how many were found.

    Those of one account are applied together, or one by one when that fails.
    """
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, provider, id from payment_notices where outcome is null"
            " and received_at < now() - interval '2 seconds' order by received_at limit %s",
            (WAITING_MOST,),
        ).all()
    accounts = groupby(sorted(rows, key=lambda row: row[:2]), key=lambda row: row[:2])
    for (workspace_id, provider_key), of_account in accounts:
        try:
            merchant = provider_of(workspace_id, provider_key).merchant
        except Refused:
            logger.warning("notices_wait", provider=provider_key, problem="payment_provider_off")
            continue
        waiting = [row[2] for row in of_account]
        try:
            waiting = _apply_together(workspace_id, provider_key, merchant, waiting)
        except Exception:
            logger.exception("notices_apart", provider=provider_key, notices=len(waiting))
        for notice_id in waiting:
            try:
                apply_notice(workspace_id, notice_id, merchant)
            except Exception:
                logger.exception("notice_waits", provider=provider_key)
    return len(rows)


def _apply_together(
    workspace_id: UUID, provider_key: str, merchant: str, notice_ids: Sequence[UUID]
) -> list[UUID]:
    """Apply what kept notices say of payments in one transaction; return the ids of the others."""
    with unit_of_work(workspace_id, SYSTEM) as work:
        rows = work.driver.execute(
            "select id, said from payment_notices where workspace_id = %s and id = any(%b)"
            " and outcome is null and said ->> 'about' = 'payment'"
            " order by received_at, id for update skip locked",
            (workspace_id, list(notice_ids)),
        ).fetchall()
        said = [msgspec.convert(row[1], Said) for row in rows]
        applying = Applying(work, provider_key, merchant, said)
        outcomes = dict(zip((row[0] for row in rows), applying.outcomes, strict=True))
        _mark_applied(work, outcomes)
        applying.write()
        return [each for each in notice_ids if each not in outcomes]


def due_payments() -> list[tuple[UUID, UUID]]:
    """Return the payments about which the provider should be asked by now."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id from payments"
            " where state in ('open', 'closed') and ask_at <= now() order by ask_at limit %s",
            (MOST_AT_ONCE,),
        )
        return [(workspace_id, payment_id) for workspace_id, payment_id in rows]


def ask_soon(work: Work, payment_id: UUID) -> None:
    """Let the provider be asked about a payment now, if anything is still open about it."""
    work.driver.execute(
        "update payments set ask_at = %s where workspace_id = %s and id = %s"
        " and state in ('open', 'closed')",
        (work.now, work.workspace_id, payment_id),
    )


def ask_about_payment(workspace_id: UUID, payment_id: UUID) -> str | None:
    """Ask the provider how a payment stands and apply the answer.

    A payment that nobody wants any more (its order is closed, or paid otherwise) is closed at the
    provider, and asked about a few times yet: somebody may have paid at the last moment.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        row = work.driver.execute(
            """
            update payments p set asked_times = p.asked_times + 1,
              ask_at = %(now)s + make_interval(secs =>
                least(%(first)s * power(2, least(p.asked_times, 10)), %(most)s))
            from orders o
            where p.workspace_id = %(workspace)s and p.id = %(payment)s
              and p.state in ('open', 'closed') and p.ask_at <= %(now)s
              and o.workspace_id = p.workspace_id and o.id = p.order_id
            returning p.provider, p.trade_number, p.asked_times, o.state
            """,
            {
                "now": work.now,
                "first": FIRST_ASK_SECONDS,
                "most": ASK_SECONDS_MOST,
                "workspace": workspace_id,
                "payment": payment_id,
            },
        ).fetchone()
    if row is None:
        return None
    provider_key, trade_number, asked_times, order_state = row
    provider = provider_of(workspace_id, provider_key)
    try:
        said = provider.find_payment(trade_number)
        if order_state != PLACED and (said is None or said.state == "waiting"):
            provider.close_payment(trade_number)
            said = provider.find_payment(trade_number) or said
    except (Unreachable, Declined) as error:
        logger.warning("payment_provider_silent", provider=provider_key, problem=str(error))
        return None
    with unit_of_work(workspace_id, SYSTEM) as work:
        outcome = apply_said(work, provider_key, provider.merchant, said) if said else "nothing"
        if order_state != PLACED and asked_times >= ASKS_AFTER_CLOSING:
            work.driver.execute(
                "update payments set ask_at = null, state = case state when 'open' then 'closed'"
                " else state end where workspace_id = %s and id = %s"
                " and state in ('open', 'closed')",
                (workspace_id, payment_id),
            )
        return outcome
