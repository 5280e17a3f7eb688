"""Integrity over HTTP: whether every promise about this merchant's rows holds, as of a minute ago."""

import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import psycopg
from litestar import get
from litestar.di import NamedDependency
from sqlalchemy.exc import OperationalError

from banyan.app.verify import findings
from banyan.kernel.invariants import Finding
from banyan.workspaces import Caller

FRESH_SECONDS = 60.0


class Check(msgspec.Struct, frozen=True):
    """One promise, and how many rows of this merchant break it."""

    name: str
    broken: int


class Integrity(msgspec.Struct, frozen=True):
    """The last check; all None and empty when there was time for none yet."""

    checked_at: datetime | None
    whole: bool | None
    checks: list[Check]


class _Last:
    """The last check of this process; one at a time, for it reads every table."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.at: datetime | None = None
        self.found: list[tuple[str, Finding]] = []

    def renew(self) -> None:
        if time.monotonic() < self.until or not self.lock.acquire(blocking=False):
            return
        try:
            self.found, self.at = findings(most_seconds=20), datetime.now(UTC)
        except (psycopg.OperationalError, OperationalError):
            # Too much for a page to wait for: what was found before stands, with its moment.
            pass
        finally:
            self.until = time.monotonic() + FRESH_SECONDS
            self.lock.release()


_last = _Last()


def integrity_of(workspace_id: UUID) -> Integrity:
    """Return the last check as far as it concerns one workspace."""
    _last.renew()
    if _last.at is None:
        return Integrity(None, None, [])
    checks = [
        Check(
            f"{finding.invariant.id} {finding.invariant.statement}",
            sum(row.get("workspace_id", workspace_id) == workspace_id for row in finding.rows),
        )
        for _, finding in _last.found
    ]
    return Integrity(_last.at, not any(check.broken for check in checks), checks)


@get(
    "/api/admin/integrity",
    opt={"audience": "member", "permission": "ledger.read"},
    sync_to_thread=True,
)
def integrity(caller: NamedDependency[Caller]) -> Integrity:
    """Return the last check of this merchant's rows."""
    return integrity_of(caller.workspace_id)


routes = [integrity]
