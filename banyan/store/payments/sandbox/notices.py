"""The sandbox provider's notices: kept until they are due, signed when they are sent."""

import base64
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import Work, across_workspaces
from banyan.store.payments.ports import Said
from banyan.store.payments.sandbox.manners import Manners

TIMESTAMP, NONCE, SIGNATURE = "sandbox-timestamp", "sandbox-nonce", "sandbox-signature"
AGAIN_SECONDS = 15
MOST_AT_ONCE = 500

QUEUE = """
insert into sandbox_notices (workspace_id, id, body, deliver_at)
select %s, n.* from unnest(%b::uuid[], %b::bytea[], %b::timestamptz[]) as n
"""


class Due(NamedTuple):
    """A notice whose moment has come."""

    workspace_id: UUID
    id: UUID
    body: bytes


def message(timestamp: str, nonce: str, body: bytes) -> bytes:
    """Return the bytes that are signed."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def signed(key: Ed25519PrivateKey, body: bytes) -> dict[str, str]:
    """Return the headers under which `body` is sent now."""
    timestamp, nonce = str(int(time.time())), new_code()
    signature = key.sign(message(timestamp, nonce, body))
    return {
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: base64.b64encode(signature).decode(),
    }


def queue(
    work: Work,
    told: Sequence[tuple[Said, Said | None]],
    manners: Manners,
    *,
    sent_within_seconds: int = 0,
) -> list[Due]:
    """Put notices among those to send, as the provider's manners want it; return the prompt ones.

    Each is what is true and, maybe, what was true earlier: that is sent too late when the provider
    is out of order. With `sent_within_seconds` the caller sends the prompt ones: they are due to
    others only if they were not sent by then.
    """
    if manners.notices == "silent":
        return []
    wait = manners.late_seconds if manners.notices == "late" else 0
    rows: list[tuple[UUID, bytes, datetime]] = []
    prompt: list[Due] = []
    for true, before in told:
        said = true
        if said.about == "payment" and manners.notice_off_minor:
            off = max(1, said.amount_minor + manners.notice_off_minor)
            said = msgspec.structs.replace(said, amount_minor=off)
        sent = [(said, wait)]
        if manners.notices == "double":
            sent.append((said, 1))
        if manners.notices == "out_of_order" and before is not None:
            sent.append((before, 1))
        for what, seconds in sent:
            made, body = new_id(), msgspec.json.encode(what)
            held = seconds or sent_within_seconds
            rows.append((made, body, work.now + timedelta(seconds=held)))
            if not seconds:
                prompt.append(Due(work.workspace_id, made, body))
    if rows:
        work.driver.execute(QUEUE, (work.workspace_id, *map(list, zip(*rows, strict=True))))
    return prompt


def due_notices() -> list[Due]:
    """Return what should be sent by now, in every workspace, the oldest first."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id, body from sandbox_notices"
            " where delivered_at is null and deliver_at <= now() order by deliver_at, id limit %s",
            (MOST_AT_ONCE,),
        )
        return [Due(workspace_id, made, bytes(body)) for workspace_id, made, body in rows]


def mark_delivered(work: Work, notice_ids: Sequence[UUID]) -> None:
    """Remember that notices were answered."""
    work.driver.execute(
        "update sandbox_notices set delivered_at = %s where workspace_id = %s and id = any(%b)",
        (work.now, work.workspace_id, list(notice_ids)),
    )


def send_again_later(work: Work, notice_ids: Sequence[UUID]) -> None:
    """Put off notices that were not answered well."""
    work.driver.execute(
        "update sandbox_notices set deliver_at = %s where workspace_id = %s and id = any(%b)",
        (work.now + timedelta(seconds=AGAIN_SECONDS), work.workspace_id, list(notice_ids)),
    )
