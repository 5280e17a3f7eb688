"""Idempotent requests: one key, one effect, one answer, however often it is sent.

The row of a request is written in the transaction of its effect, so neither stands without the
other. The same key with the same request gets the stored answer; with another request it is
refused; while the first one is in flight the second is told to come again. A refusal is not
stored: its transaction is rolled back, and the repeat is judged anew.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import DateTime, Index, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.errors import Refused, refusal
from banyan.kernel.work import Work

T = TypeVar("T")

KEY_MOST_CHARACTERS = 255
KEPT_DAYS = 7

MISMATCH = refusal(
    "idempotency_mismatch",
    422,
    zh="这个 Idempotency-Key 已用于另一个请求",
    en="This Idempotency-Key was used for another request",
)
IN_FLIGHT = refusal(
    "idempotency_in_flight",
    409,
    zh="同一个请求正在处理，请 {seconds} 秒后再试",
    en="The same request is being worked on; try again in {seconds} seconds",
)
KEY_INVALID = refusal(
    "idempotency_key_invalid",
    422,
    zh="Idempotency-Key 应为 1 至 255 个可见 ASCII 字符",
    en="An Idempotency-Key is 1 to 255 printable ASCII characters",
)


class RequestRow(Base):
    """One request that had its effect, and what it was answered."""

    __tablename__ = "idempotency_requests"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "actor", "key"),
        Index("ix_idempotency_requests_created_at", "workspace_id", "created_at"),
    )

    workspace_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RequestKey(NamedTuple):
    """The key a caller gave, and the digest of what they asked."""

    key: str
    digest: bytes


def request_key(key: str, method: str, path: str, body: bytes) -> RequestKey:
    """Return the key of a request. Raises `idempotency_key_invalid`."""
    if not 0 < len(key) <= KEY_MOST_CHARACTERS or not all(" " <= each <= "~" for each in key):
        raise Refused(KEY_INVALID)
    digest = blake2b(f"{method} {path}\n".encode(), digest_size=32)
    digest.update(body)
    return RequestKey(key, digest.digest())


_LOCK = "select pg_try_advisory_xact_lock(%s)"
_BEGIN = """
insert into idempotency_requests (workspace_id, actor, key, digest, created_at)
values (%s, %s, %s, %s, %s) on conflict do nothing returning key
"""
_FIND = """
select digest, answer from idempotency_requests
where workspace_id = %s and actor = %s and key = %s
"""
_STORE = """
update idempotency_requests set answer = %s where workspace_id = %s and actor = %s and key = %s
"""


def once(work: Work, request: RequestKey | None, kind: type[T], effect: Callable[[], T]) -> T:
    """Return what `effect()` answers, doing it at most once for one key of one actor.

    Without a key it is simply done. Raises `idempotency_mismatch` or `idempotency_in_flight`.
    """
    if request is None:
        return effect()
    who = (work.workspace_id, str(work.actor), request.key)
    # Asked without waiting: the twin is told at once, and holds no connection meanwhile.
    locked = work.driver.execute(_LOCK, (_lock_of(who),)).fetchone()
    if locked is None or not locked[0]:
        raise Refused(IN_FLIGHT, seconds=1)
    if not work.driver.execute(_BEGIN, (*who, request.digest, work.now)).fetchone():
        return _stored(work, who, request, kind)
    answer = effect()
    work.session.flush()
    work.driver.execute(_STORE, (msgspec.json.encode(answer), *who))
    return answer


def _stored(work: Work, who: tuple[UUID, str, str], request: RequestKey, kind: type[T]) -> T:
    found = work.driver.execute(_FIND, who).fetchone()
    if found is None or found[1] is None:
        raise Refused(IN_FLIGHT, seconds=1)
    if bytes(found[0]) != request.digest:
        raise Refused(MISMATCH)
    return msgspec.json.decode(found[1], type=kind)


def forget_requests(work: Work, before: datetime) -> int:
    """Forget the requests made before `before`; their keys are free again. Return how many."""
    gone = work.driver.execute(
        "delete from idempotency_requests where workspace_id = %s and created_at < %s",
        (work.workspace_id, before),
    )
    return gone.rowcount


def _lock_of(who: tuple[UUID, str, str]) -> int:
    digest = blake2b("\x1f".join(map(str, who)).encode(), digest_size=8, person=b"once").digest()
    return int.from_bytes(digest, signed=True)
