"""The sandbox provider's notices: kept until they are due, signed when they are sent."""

import base64
import time
from datetime import timedelta
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
MOST_AT_ONCE = 200


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


def queue(work: Work, said: Said, manners: Manners, before: Said | None = None) -> None:
    """Put the notice of `said` among those to send, as the provider's manners want it.

    `before` is what was true earlier: sent too late when the provider is out of order.
    """
    if manners.notices == "silent":
        return
    if said.about == "payment" and manners.notice_off_minor:
        said = msgspec.structs.replace(
            said, amount_minor=max(1, said.amount_minor + manners.notice_off_minor)
        )
    wait = manners.late_seconds if manners.notices == "late" else 0
    sent = [(said, wait)]
    if manners.notices == "double":
        sent.append((said, 1))
    if manners.notices == "out_of_order" and before is not None:
        sent.append((before, 1))
    for what, seconds in sent:
        work.driver.execute(
            "insert into sandbox_notices (workspace_id, id, body, deliver_at)"
            " values (%s, %s, %s, %s)",
            (
                *(work.workspace_id, new_id(), msgspec.json.encode(what)),
                work.now + timedelta(seconds=seconds),
            ),
        )


def due_notices() -> list[Due]:
    """Return what should be sent by now, in every workspace, the oldest first."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id, body from sandbox_notices"
            " where delivered_at is null and deliver_at <= now() order by deliver_at, id limit %s",
            (MOST_AT_ONCE,),
        )
        return [Due(workspace_id, made, bytes(body)) for workspace_id, made, body in rows]


def mark_delivered(work: Work, notice_id: UUID) -> None:
    """Remember that a notice was answered."""
    work.driver.execute(
        "update sandbox_notices set delivered_at = %s where workspace_id = %s and id = %s",
        (work.now, work.workspace_id, notice_id),
    )


def send_again_later(work: Work, notice_id: UUID) -> None:
    """Put off a notice that was not answered well."""
    work.driver.execute(
        "update sandbox_notices set deliver_at = %s where workspace_id = %s and id = %s",
        (work.now + timedelta(seconds=AGAIN_SECONDS), work.workspace_id, notice_id),
    )
