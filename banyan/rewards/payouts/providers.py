"""What somebody who pays people does for rewards, whoever it is.

Every call leaves the house: never inside a transaction. What may have happened although no answer
came is `Unreachable`; what certainly did not is `Declined`.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

import msgspec


class Unreachable(Exception):  # noqa: N818 - what it is, not that it is an error
    """No answer, or none that says what happened: it may have been paid, or not."""


class Declined(Exception):  # noqa: N818
    """The provider said no; nothing was paid."""


class PayoutAsk(NamedTuple):
    """What is to be paid. Repeating a `request_number` pays nothing more.

    `scene` is what the provider registered it under, "" where it registers nothing.
    """

    request_number: str
    amount_minor: int
    currency: str
    payee: str
    remark: str
    scene: str = ""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of a payout."""

    request_number: str
    provider_number: str
    state: Literal["waiting", "done", "failed"]
    amount_minor: int
    currency: str
    problem: str = ""


class PayoutPort(Protocol):
    """One merchant's account at somebody who pays."""

    def pay(self, ask: PayoutAsk) -> Said:
        """Pay, once for each request number. Raises Unreachable, Declined."""
        ...

    def find(self, request_number: str) -> Said | None:
        """Return how a payout stands, None when it was never asked for. Raises Unreachable."""
        ...


Adapter = Callable[[UUID], PayoutPort]
"""Returns the account of a workspace."""

_adapters: dict[str, Adapter] = {}


def add_payout_adapter(method: str, adapter: Adapter) -> None:
    """Let `adapter` pay what is to be paid by `method`."""
    _adapters[method] = adapter


def payout_port(method: str, workspace_id: UUID) -> PayoutPort:
    """Return who pays by `method`. Raises Unreachable when nobody does (yet)."""
    if method not in _adapters:
        msg = f"nobody pays by {method} here"
        raise Unreachable(msg)
    return _adapters[method](workspace_id)
