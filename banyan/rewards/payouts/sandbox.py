"""The sandbox that pays: signs what it says, and can fail, hang, be slow or say things twice."""

import time
from typing import Any, Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.kernel.ids import new_code
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.rewards.payouts.providers import (
    Declined,
    PayoutAsk,
    Said,
    Unreachable,
    add_payout_adapter,
)
from banyan.rewards.payouts.sending import apply_payout

Manner = Literal["fine", "failing", "hanging", "lost_answer", "slow", "double"]


class BadAnswer(Exception):  # noqa: N818 - what it is
    """An answer is not signed by the sandbox: nothing it says counts."""


class SandboxPayer:
    """One workspace's account at the sandbox. Every call is a transaction of its own."""

    def __init__(self, workspace_id: UUID) -> None:
        """Answer for `workspace_id`."""
        self.workspace_id = workspace_id

    def pay(self, ask: PayoutAsk) -> Said:
        """See `PayoutPort.pay`."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            key, manner, hang_seconds = _account(work)
            if manner not in {"failing", "hanging"}:
                work.driver.execute(
                    """
                    insert into sandbox_payouts (workspace_id, request_number, number, payee,
                      amount_minor, currency, state, notices_left)
                    values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
                    """,
                    (
                        *(self.workspace_id, ask.request_number, "SBO" + new_code(), ask.payee),
                        *(
                            ask.amount_minor,
                            ask.currency,
                            "waiting" if manner == "slow" else "done",
                        ),
                        2 if manner == "double" else 0,
                    ),
                )
            said = _said(work, ask.request_number)
        if manner == "failing":
            msg = "SYSTEM_SAYS_NO: the sandbox was told to fail"
            raise Declined(msg)
        if said is None or manner == "lost_answer":
            time.sleep(hang_seconds)
            msg = "the sandbox was told to hang"
            raise Unreachable(msg)
        return _opened(key, *_signed(key, said))

    def find(self, request_number: str) -> Said | None:
        """See `PayoutPort.find`; a slow one is done by the time somebody asks."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            key, manner, hang_seconds = _account(work)
            work.driver.execute(
                "update sandbox_payouts set state = 'done' where workspace_id = %s"
                " and request_number = %s",
                (self.workspace_id, request_number),
            )
            said = _said(work, request_number)
        if manner == "hanging":
            time.sleep(hang_seconds)
            msg = "the sandbox was told to hang"
            raise Unreachable(msg)
        return said and _opened(key, *_signed(key, said))


def set_payer_manner(work: Work, manner: Manner, hang_seconds: int = 0) -> None:
    """Tell the sandbox how to behave."""
    _account(work)
    work.driver.execute(
        "update sandbox_payers set manner = %s, hang_seconds = %s where workspace_id = %s",
        (manner, hang_seconds, work.workspace_id),
    )


def deliver_sandbox_payout_notices() -> int:
    """Bring the sandbox's signed notices to our own door, as often as it sends them."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, request_number from sandbox_payouts where notices_left > 0"
        ).all()
    for workspace_id, number in rows:
        with unit_of_work(workspace_id, SYSTEM) as work:
            key, _, _ = _account(work)
            said = _said(work, number)
            if said is not None:
                receive_payout_notice(work, *_signed(key, said))
            work.driver.execute(
                "update sandbox_payouts set notices_left = notices_left - 1"
                " where workspace_id = %s and request_number = %s and notices_left > 0",
                (workspace_id, number),
            )
    return len(rows)


def receive_payout_notice(work: Work, body: bytes, signature: bytes) -> str:
    """Apply a notice of the sandbox. Raises BadAnswer when it is not the sandbox's."""
    key, _, _ = _account(work)
    return apply_payout(work, _opened(key, body, signature))


def _account(work: Work) -> tuple[Ed25519PrivateKey, str, int]:
    fresh = Ed25519PrivateKey.generate().private_bytes_raw()
    work.driver.execute(
        "insert into sandbox_payers (workspace_id, private_key) values (%s, %s)"
        " on conflict do nothing",
        (work.workspace_id, fresh),
    )
    row: Any = work.driver.execute(
        "select private_key, manner, hang_seconds from sandbox_payers where workspace_id = %s",
        (work.workspace_id,),
    ).fetchone()
    return Ed25519PrivateKey.from_private_bytes(bytes(row[0])), row[1], row[2]


def _said(work: Work, request_number: str) -> Said | None:
    row = work.driver.execute(
        "select number, state, amount_minor, currency from sandbox_payouts"
        " where workspace_id = %s and request_number = %s",
        (work.workspace_id, request_number),
    ).fetchone()
    return row and Said(
        request_number=request_number,
        provider_number=row[0],
        state=row[1],
        amount_minor=row[2],
        currency=row[3],
    )


def _signed(key: Ed25519PrivateKey, said: Said) -> tuple[bytes, bytes]:
    body = msgspec.json.encode(said)
    return body, key.sign(body)


def _opened(key: Ed25519PrivateKey, body: bytes, signature: bytes) -> Said:
    try:
        key.public_key().verify(signature, body)
        return msgspec.json.decode(body, type=Said)
    except (InvalidSignature, msgspec.DecodeError) as error:
        raise BadAnswer(str(error) or type(error).__name__) from error


add_payout_adapter("sandbox", SandboxPayer)
