"""What members may do with cash that people owe, over HTTP."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from banyan.kernel.work import Work
from banyan.rewards.debts import debts_of, forgive
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "rewards.read"}
MONEY = {"audience": "member", "permission": "refunds.approve"}


class DebtRow(msgspec.Struct, frozen=True, kw_only=True):
    """Cash that was taken back after it was paid out, in minor units; why it had been given."""

    grant_id: UUID
    campaign_id: UUID
    person_id: UUID
    reason_zh: str
    reason_en: str
    currency: str
    made_minor: int
    owed_minor: int
    forgiven_minor: int
    made_at: datetime
    settled_at: datetime | None


class DebtPage(msgspec.Struct, frozen=True):
    """Debts, what is open first."""

    items: list[DebtRow]
    next: str | None = None
    total: int | None = None


def _page(work: Work) -> DebtPage:
    return DebtPage([DebtRow(**one._asdict()) for one in debts_of(work)])


@get("/api/admin/debts", opt=READ, sync_to_thread=True)
def list_debts(caller: NamedDependency[Caller]) -> DebtPage:
    """Return what people owe; the next cash they are given pays it first."""
    with caller.work() as work:
        return _page(work)


@post(
    "/api/admin/debts/{grant_id:uuid}/forgiveness",
    opt=MONEY,
    status_code=200,
    sync_to_thread=True,
)
def let_go(caller: NamedDependency[Caller], grant_id: FromPath[UUID]) -> DebtPage:
    """Let go what is still owed of a grant; it is not claimed again."""
    with caller.work() as work:
        forgive(work, grant_id)
        return _page(work)


routes = [list_debts, let_go]
