"""What a payment provider does for the store, whoever it is.

Every call here leaves the house: never inside a transaction. What may have happened although no
answer came is `Unreachable`; what certainly did not is `Declined`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal, NamedTuple, Protocol

import msgspec


class Unreachable(Exception):  # noqa: N818 - what it is, not that it is an error
    """No answer, or none that says what happened: it may have been done, or not."""

    def __init__(self, words: str = "", *, seconds: int = 0) -> None:
        """Keep what is known of it; `seconds`: how much longer nothing would have come."""
        super().__init__(words)
        self.seconds = seconds


class Declined(Exception):  # noqa: N818
    """The provider said no; nothing was done."""

    def __init__(self, code: str, words: str = "") -> None:
        """Keep the provider's code and words."""
        super().__init__(f"{code}: {words}" if words else code)
        self.code = code


class BadNotice(Exception):  # noqa: N818
    """A notice is not signed by the provider, or not readable: nothing it says counts."""


class NotReady(Exception):  # noqa: N818
    """The statement of that day is not out yet."""


class PaymentAsk(NamedTuple):
    """What a provider needs to let somebody pay."""

    trade_number: str
    amount_minor: int
    currency: str
    title: str
    method: str
    """`jsapi`, `h5`, `native` or `page`."""
    notice_url: str
    return_url: str
    expires_at: datetime
    payer: str | None = None
    """The payer's id at the provider (openid), where the method needs one."""
    client_ip: str = ""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer's browser does next: go to `url`, show it as a QR code, or call the bridge."""

    action: Literal["redirect", "qr", "jsapi", "none"]
    url: str | None = None
    parameters: dict[str, str] = {}


class RefundAsk(NamedTuple):
    """What a provider needs to send money back. Repeating a `request_number` refunds nothing more."""

    request_number: str
    trade_number: str
    amount_minor: int
    paid_minor: int
    currency: str
    reason: str
    notice_url: str


State = Literal["waiting", "paid", "done", "closed", "failed"]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of a payment or a refund, in a notice or because it was asked."""

    about: Literal["payment", "refund"]
    number: str
    """Our number: of the trade, or of the refund's request."""
    provider_number: str
    state: State
    """A payment is `paid`, a refund is `done`; both may be `waiting`, `closed` or `failed`."""
    amount_minor: int
    currency: str
    merchant: str
    """Whose account it happened in."""
    problem: str = ""


class StatementLine(NamedTuple):
    """One movement of a day as the provider tells it."""

    kind: Literal["payment", "refund"]
    number: str
    provider_number: str
    amount_minor: int
    fee_minor: int
    currency: str


class Provider(Protocol):
    """One merchant's account at one provider."""

    key: ClassVar[str]
    merchant: str
    """How `Said.merchant` names this account."""
    methods: ClassVar[tuple[str, ...]]
    thanks: ClassVar[bytes]
    """What a notice is answered with."""

    def open(self, ask: PaymentAsk) -> Action:
        """Begin a payment. Raises Unreachable, Declined."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Said:
        """Return what a notice says, checked on its raw bytes. Raises BadNotice."""
        ...

    def find_payment(self, trade_number: str) -> Said | None:
        """Return how a payment stands, None when it was never begun. Raises Unreachable."""
        ...

    def close_payment(self, trade_number: str) -> None:
        """Let nobody pay this any more. Raises Unreachable, Declined."""
        ...

    def refund(self, ask: RefundAsk) -> Said:
        """Send money back; the same number again is the same refund. Raises Unreachable, Declined."""
        ...

    def find_refund(self, request_number: str, trade_number: str) -> Said | None:
        """Return how a refund stands, None when it was never asked for. Raises Unreachable."""
        ...

    def statement(self, day: date) -> list[StatementLine]:
        """Return every movement of `day`. Raises Unreachable, NotReady."""
        ...
