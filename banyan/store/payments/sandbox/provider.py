"""The sandbox provider itself. Every call is a transaction of its own: it is another house."""

import base64
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.kernel.ids import new_code
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.store.payments.ports import (
    Action,
    BadNotice,
    Declined,
    PaymentAsk,
    RefundAsk,
    Said,
    StatementLine,
    Unreachable,
)
from banyan.store.payments.sandbox import notices
from banyan.store.payments.sandbox.manners import Manners, manners_of

SKEW_SECONDS = 300
FEE_BPS = 60
DAY = ZoneInfo("Asia/Shanghai")
"""Whose days the statements are of."""
SAYS_NO = "SYSTEM_SAYS_NO", "the sandbox was told to fail"
HANGS = "the sandbox was told to hang"

OPEN = """
insert into sandbox_payments (workspace_id, state, begun_at, trade_number, number, title,
                              amount_minor, currency, return_url)
select %s, 'waiting', %s, p.*
from unnest(%b::text[], %b::text[], %b::text[], %b::bigint[], %b::text[], %b::text[]) as p
on conflict do nothing
"""


def new_sandbox_settings() -> dict[str, Any]:
    """Return the settings of a new account, with a new key."""
    key = Ed25519PrivateKey.generate().private_bytes_raw()
    return {"private_key": base64.b64encode(key).decode()}


class Sandbox:
    """One workspace's account at the sandbox provider."""

    key: ClassVar[str] = "sandbox"
    methods: ClassVar[tuple[str, ...]] = ("page", "h5", "native", "jsapi")
    thanks: ClassVar[bytes] = b'{"code":"SUCCESS"}'

    def __init__(self, workspace_id: UUID, private_key: Ed25519PrivateKey) -> None:
        """Hold the account's key."""
        self.workspace_id = workspace_id
        self.merchant = f"sandbox:{workspace_id}"
        self.private_key = private_key
        self._public_key = private_key.public_key()

    @classmethod
    def from_settings(cls, workspace_id: UUID, settings: dict[str, Any]) -> "Sandbox":
        """Return the account that `settings` describe."""
        raw = base64.b64decode(settings["private_key"])
        return cls(workspace_id, Ed25519PrivateKey.from_private_bytes(raw))

    def open(self, ask: PaymentAsk) -> Action:
        """Begin a payment; it waits on the sandbox's cashier page."""
        (made,) = self.open_all([ask])
        if isinstance(made, Unreachable):
            time.sleep(made.seconds)
        if isinstance(made, Exception):
            raise made
        return made

    def open_all(self, asks: Sequence[PaymentAsk]) -> list[Action | Unreachable | Declined]:
        """Begin payments, in one transaction; return what became of each, at once."""
        if not asks:
            return []
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            manners = manners_of(work)
            if manners.payments == "fine":
                rows = [
                    (
                        *(ask.trade_number, "SBP" + new_code(), ask.title, ask.amount_minor),
                        *(ask.currency, ask.return_url),
                    )
                    for ask in asks
                ]
                columns = map(list, zip(*rows, strict=True))
                work.driver.execute(OPEN, (self.workspace_id, work.now, *columns))
        if manners.payments == "failing":
            return [Declined(*SAYS_NO) for _ in asks]
        if manners.payments == "hanging":
            return [Unreachable(HANGS, seconds=manners.hang_seconds) for _ in asks]
        return [
            Action(
                action="qr" if ask.method == "native" else "redirect",
                url=f"/h5/sandbox/pay/{ask.trade_number}",
            )
            for ask in asks
        ]

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Said:
        """Return what a notice says, if this account's key signed these very bytes just now."""
        try:
            timestamp = headers[notices.TIMESTAMP]
            signature = base64.b64decode(headers[notices.SIGNATURE], validate=True)
            signed = notices.message(timestamp, headers[notices.NONCE], body)
            self._public_key.verify(signature, signed)
            if abs(time.time() - int(timestamp)) > SKEW_SECONDS:
                msg = "signed too long ago"
                raise BadNotice(msg)
            return msgspec.json.decode(body, type=Said)
        except (KeyError, ValueError, InvalidSignature, msgspec.DecodeError) as error:
            raise BadNotice(str(error) or type(error).__name__) from error

    def find_payment(self, trade_number: str) -> Said | None:
        """Return how a payment stands."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            manners = manners_of(work)
            said = self._payment(work, trade_number)
        self._behave(manners.queries, manners)
        return said

    def close_payment(self, trade_number: str) -> None:
        """Let nobody pay it any more; one that is paid stays paid."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            work.driver.execute(
                "update sandbox_payments set state = 'closed' where workspace_id = %s"
                " and trade_number = %s and state = 'waiting'",
                (self.workspace_id, trade_number),
            )

    def refund(self, ask: RefundAsk) -> Said:
        """Send money back, once for each request number, never more than was paid."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            manners = manners_of(work)
            said = self._refund(work, ask.request_number)
            if said is None and manners.refunds not in {"failing", "hanging"}:
                said = self._make_refund(work, ask, manners)
        if manners.refunds in {"failing", "hanging", "lost_answer"}:
            self._behave("failing" if manners.refunds == "failing" else "hanging", manners)
        if said is None:
            msg = "no such refund"
            raise Unreachable(msg)
        return said

    def find_refund(self, request_number: str, trade_number: str) -> Said | None:  # noqa: ARG002
        """Return how a refund stands; a slow one is done by the time somebody asks."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            manners = manners_of(work)
            work.driver.execute(
                "update sandbox_refunds set state = 'done', done_at = %s"
                " where workspace_id = %s and request_number = %s and state = 'waiting'",
                (work.now, self.workspace_id, request_number),
            )
            said = self._refund(work, request_number)
        self._behave(manners.queries, manners)
        return said

    def statement(self, day: date) -> list[StatementLine]:
        """Return every movement of `day` in Shanghai."""
        with unit_of_work(self.workspace_id, SYSTEM) as work:
            manners = manners_of(work)
            rows = work.driver.execute(
                """
                select 'payment', trade_number, number, amount_minor, currency, paid_at
                from sandbox_payments
                where workspace_id = %(workspace)s and state = 'paid'
                  and (paid_at at time zone %(zone)s)::date = %(day)s
                union all
                select 'refund', request_number, number, amount_minor, currency, done_at
                from sandbox_refunds
                where workspace_id = %(workspace)s and state = 'done'
                  and (done_at at time zone %(zone)s)::date = %(day)s
                order by 6, 2
                """,
                {"workspace": self.workspace_id, "zone": str(DAY), "day": day},
            ).fetchall()
        lines = [
            StatementLine(*(kind, number, theirs, minor, minor * FEE_BPS // 10_000, currency))
            for kind, number, theirs, minor, currency, _ in rows
        ]
        if lines and manners.statement_off_minor:
            off = lines[0].amount_minor + manners.statement_off_minor
            lines[0] = lines[0]._replace(amount_minor=max(1, off))
        if manners.statement_lines == "first_missing":
            lines = lines[1:]
        if manners.statement_lines == "one_unknown":
            lines.append(
                StatementLine("payment", f"X{day:%y%m%d}", f"SBPX{day:%y%m%d}", 100, 0, "CNY")
            )
        return lines

    def _behave(self, how: str, manners: Manners) -> None:
        if how == "failing":
            raise Declined(*SAYS_NO)
        if how == "hanging":
            time.sleep(manners.hang_seconds)
            raise Unreachable(HANGS)

    def _payment(self, work: Work, trade_number: str) -> Said | None:
        row = work.driver.execute(
            "select number, state, amount_minor, currency from sandbox_payments"
            " where workspace_id = %s and trade_number = %s",
            (self.workspace_id, trade_number),
        ).fetchone()
        return row and self._said("payment", trade_number, *row)

    def _refund(self, work: Work, request_number: str) -> Said | None:
        row = work.driver.execute(
            "select number, state, amount_minor, currency from sandbox_refunds"
            " where workspace_id = %s and request_number = %s",
            (self.workspace_id, request_number),
        ).fetchone()
        return row and self._said("refund", request_number, *row)

    def _said(
        self,
        about: Literal["payment", "refund"],
        number: str,
        theirs: str,
        state: Any,
        amount_minor: int,
        currency: str,
    ) -> Said:
        return Said(
            about=about,
            number=number,
            provider_number=theirs,
            state=state,
            amount_minor=amount_minor,
            currency=currency,
            merchant=self.merchant,
        )

    def _make_refund(self, work: Work, ask: RefundAsk, manners: Manners) -> Said:
        paid = work.driver.execute(
            "select amount_minor from sandbox_payments where workspace_id = %s"
            " and trade_number = %s and state = 'paid' for update",
            (self.workspace_id, ask.trade_number),
        ).fetchone()
        back = work.driver.execute(
            "select coalesce(sum(amount_minor), 0) from sandbox_refunds"
            " where workspace_id = %s and trade_number = %s",
            (self.workspace_id, ask.trade_number),
        ).fetchone()
        if paid is None or back is None or back[0] + ask.amount_minor > paid[0]:
            code = "NOT_ENOUGH"
            raise Declined(code, "more than was paid")
        state = "waiting" if manners.refunds == "slow" else "done"
        work.driver.execute(
            """
            insert into sandbox_refunds (workspace_id, request_number, trade_number, number,
                                         amount_minor, currency, state, done_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                *(self.workspace_id, ask.request_number, ask.trade_number, "SBR" + new_code()),
                *(ask.amount_minor, ask.currency, state, work.now if state == "done" else None),
            ),
        )
        made = self._refund(work, ask.request_number)
        if made is None:
            raise AssertionError
        if made.state == "done":
            notices.queue(work, [(made, None)], manners)
        return made
