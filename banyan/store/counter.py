"""The counter of a web process: whoever pays, and notices that come, wait here for each other.

Payments are begun, the sandbox's cashier is paid and notices are taken in as many at once as wait,
each set in a few transactions. Nobody waits for more to come.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeVar
from uuid import UUID

import psycopg
import sqlalchemy.exc

from banyan import workspaces
from banyan.kernel.batch import Batch
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.settings import Settings
from banyan.store.beginning import Outcome, PaymentRequest, start_payments
from banyan.store.delivering import pay_at_cashier
from banyan.store.paying import Notice, receive_notices
from banyan.store.payments.sandbox import Sandbox, SandboxPayment

T = TypeVar("T")

MOST = 512
"""Of one workspace in one transaction."""
SANDBOX_LANES = 1
PROVIDER_LANES = 8
"""Sets that may wait for providers side by side: one that hangs holds up its own set alone."""
NOTICE_LANES = 2

DOWN = (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError)


class Account(NamedTuple):
    """A workspace's account at a provider."""

    workspace_id: UUID
    provider: str


class Door(NamedTuple):
    """Where notices come: a provider's door at a workspace called `slug`."""

    provider: str
    slug: str


class Paid(NamedTuple):
    """What a buyer does with a payment at the sandbox's cashier."""

    trade_number: str
    succeeds: bool


def _pay(workspace_id: UUID, paid: list[Paid]) -> list[SandboxPayment | Refused]:
    # Of two who pay one payment at once the first counts.
    wanted = {each.trade_number: each.succeeds for each in reversed(paid)}
    try:
        shown = pay_at_cashier(workspace_id, wanted)
    except Refused as refused:
        return [refused] * len(paid)
    return [shown[each.trade_number] or Refused(NOT_FOUND) for each in paid]


def _receive(door: Door, notices: list[Notice]) -> list[bytes | Refused]:
    found = workspaces.workspace_by_slug(door.slug)
    if found is None:
        return [Refused(NOT_FOUND)] * len(notices)
    try:
        return receive_notices(found.id, door.provider, notices)
    except Refused as refused:
        return [refused] * len(notices)


class Counter:
    """The batches of one web process."""

    def __init__(self, base_url: str) -> None:
        """Begin with nobody waiting; providers send their notices to `base_url`."""
        self._base_url = base_url
        self._sandbox = Batch(self._begin, most=MOST, lanes=SANDBOX_LANES, common=DOWN)
        self._providers = Batch(self._begin, most=MOST, lanes=PROVIDER_LANES, common=DOWN)
        self._cashier = Batch(_pay, most=MOST, lanes=SANDBOX_LANES, common=DOWN)
        self._notices = Batch(_receive, most=MOST, lanes=NOTICE_LANES, common=DOWN)

    async def begin(self, account: Account, request: PaymentRequest) -> Outcome:
        """Begin to pay an order at a provider."""
        batch = self._sandbox if account.provider == Sandbox.key else self._providers
        return await batch.ask(account, request)

    async def pay(self, workspace_id: UUID, paid: Paid) -> SandboxPayment:
        """Pay, or fail to, at the sandbox's cashier. Raises `only_in_sandbox`, `not_found`."""
        return _or_raise(await self._cashier.ask(workspace_id, paid))

    async def receive(self, door: Door, notice: Notice) -> bytes:
        """Take in a notice and return what the provider is answered.

        Raises `not_found`, `notice_rejected`, `payment_provider_off`.
        """
        return _or_raise(await self._notices.ask(door, notice))

    def _begin(self, account: Account, requests: list[PaymentRequest]) -> list[Outcome]:
        try:
            return start_payments(*account, requests, base_url=self._base_url)
        except Refused as refused:
            return [refused] * len(requests)

    async def close(self) -> None:
        """Answer who still waits."""
        for each in (self._sandbox, self._providers, self._cashier, self._notices):
            await each.close()


def _or_raise(outcome: T | Refused) -> T:
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


_counters: list[Counter] = []


def counter() -> Counter:
    """Return the counter of this process. Raises IndexError outside `running`."""
    return _counters[0]


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Keep the counter of this web process while it serves."""
    mine = Counter(settings.base_url)
    _counters[:] = [mine]
    try:
        yield
    finally:
        await mine.close()
        if _counters == [mine]:
            _counters.clear()
