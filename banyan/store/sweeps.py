"""Sweeps: what begins, ends or is asked about because its moment has come.

Each is its own loop, so that a provider that hangs holds up neither the expiry of reservations nor
anybody else's refund. Whatever a sweep does is leased or idempotent: two processes may sweep.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store.closing import close_expired, workspaces_with_expired
from banyan.store.delivering import deliver_sandbox_notices
from banyan.store.paying import apply_waiting_notices, ask_about_payment, due_payments
from banyan.store.sending import due_refunds, send_refund
from banyan.store.shipping import complete_due, receive_late, workspaces_on_the_way
from banyan.store.statements import due_statements, fetch_statement

log = structlog.get_logger(__name__)

Service = Callable[[asyncio.Event], Awaitable[None]]

SHORT, LONG, STATEMENTS = timedelta(milliseconds=400), timedelta(minutes=1), timedelta(minutes=10)
CALLS_AT_ONCE = 8
"""Calls to providers side by side, of each kind."""


def close_expired_everywhere() -> int:
    """Close every order whose reservation has run out; return how many."""
    done = 0
    for workspace_id in workspaces_with_expired():
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += close_expired(work)
    return done


def move_on_everywhere() -> int:
    """Receive what was long on the way, complete what can no longer be returned."""
    done = 0
    for workspace_id in workspaces_on_the_way():
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += receive_late(work) + complete_due(work)
    return done


def fetch_due_statements() -> int:
    """Fetch and match every statement that is out; return how many."""
    due = due_statements(datetime.now(UTC))
    for workspace_id, provider, day in due:
        try:
            fetch_statement(workspace_id, provider, day)
        except Refused as refused:
            log.warning("statement_waits", provider=provider, problem=refused.refusal.code)
    return len(due)


def sweep() -> int:
    """Do everything that is due now, one after the other; return how much. For tests and tools."""
    done = close_expired_everywhere() + deliver_sandbox_notices() + apply_waiting_notices()
    done += sum(ask_about_payment(*due) is not None for due in due_payments())
    done += deliver_sandbox_notices()
    return done + sum(send_refund(*due) is not None for due in due_refunds())


def sweeps(settings: object) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that sweeps until it is told to stop."""

    async def run(stopping: asyncio.Event) -> None:
        refunds, questions = Calls(send_refund), Calls(ask_about_payment)
        loops = (
            _loop(stopping, SHORT, close_expired_everywhere),
            _loop(stopping, SHORT, deliver_sandbox_notices),
            _loop(stopping, SHORT, apply_waiting_notices),
            _loop(stopping, SHORT, lambda: refunds.begin(due_refunds())),
            _loop(stopping, SHORT, lambda: questions.begin(due_payments())),
            _loop(stopping, LONG, move_on_everywhere),
            _loop(stopping, STATEMENTS, fetch_due_statements),
        )
        try:
            await asyncio.gather(*loops)
        finally:
            refunds.close()
            questions.close()

    return run


class Calls:
    """Calls to providers on threads of their own: a slow one keeps its thread, not the others."""

    def __init__(self, call: Callable[[UUID, UUID], object]) -> None:
        """Make `call(workspace, id)` for whatever is begun."""
        self._call = call
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="provider")
        self._under_way: set[Hashable] = set()

    def begin(self, due: Iterable[tuple[UUID, UUID]]) -> int:
        """Begin those that are not under way, as far as there are threads; return how many."""
        begun = 0
        for each in due:
            if each in self._under_way or len(self._under_way) >= CALLS_AT_ONCE:
                continue
            self._under_way.add(each)
            self._threads.submit(self._one, each)
            begun += 1
        return begun

    def _one(self, each: tuple[UUID, UUID]) -> None:
        try:
            self._call(*each)
        except Exception:
            log.exception("provider_call_failed", subject=str(each[1]))
        finally:
            self._under_way.discard(each)

    def close(self) -> None:
        """Finish what is under way."""
        self._threads.shutdown()


async def _loop(stopping: asyncio.Event, every: timedelta, tick: Callable[[], object]) -> None:
    while not stopping.is_set():
        try:
            await asyncio.to_thread(tick)
        except (SQLAlchemyError, DriverError) as problem:
            # The store may be restarting; what is due now is due in a moment as well.
            log.warning("sweep_waits", problem=type(problem).__name__)
        except Exception:
            # One merchant's broken keys must not end the sweeps of all.
            log.exception("sweep_failed")
        try:
            async with asyncio.timeout(every.total_seconds()):
                await stopping.wait()
        except TimeoutError:
            continue
