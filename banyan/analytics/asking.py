"""The web's side of analytics: asks the owner of the store, and says so when nobody answers."""

import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from banyan.analytics.numbers import Effect, Numbers, SeriesPoint, Tree
from banyan.analytics.refusals import ANALYTICS_DOWN
from banyan.analytics.wire import Ask, ask
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.settings import Settings

AT_ONCE_MOST = 32
T = TypeVar("T")

_path: list[Path] = []
_at_once = threading.BoundedSemaphore(AT_ONCE_MOST)


def use_owner(path: Path | None) -> None:
    """Let this process ask the owner of the store at the unix socket `path` (None: nobody)."""
    _path[:] = [] if path is None else [path]


def socket_of(settings: Settings) -> Path:
    """Return where the owner of the store listens."""
    return settings.run / "analytics.sock"


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Let this web process ask while it serves."""
    use_owner(socket_of(settings))
    try:
        yield
    finally:
        use_owner(None)


def asked(question: Ask, kind: type[T], *, seconds: float = 8.0) -> T:
    """Return the answer. Refuses `analytics_down` (503) when there is none; blocks meanwhile."""
    if not _path or not _at_once.acquire(timeout=seconds):
        raise Refused(ANALYTICS_DOWN)
    try:
        told = ask(_path[0], question, seconds)
    except (OSError, msgspec.MsgspecError):
        raise Refused(ANALYTICS_DOWN) from None
    finally:
        _at_once.release()
    if told.problem == "invalid":
        raise Refused(INVALID, problem=question.what)
    if told.problem:
        raise Refused(ANALYTICS_DOWN)
    return msgspec.json.decode(told.value, type=kind)


def numbers_of(workspace_id: UUID, campaign_id: UUID) -> Numbers:
    """Return a campaign's numbers, without its budget. Refuses `analytics_down`."""
    question = Ask(what="numbers", workspace_id=workspace_id, campaign_ids=[campaign_id])
    return asked(question, Numbers)


def growth_of(workspace_id: UUID, campaign_ids: Sequence[UUID]) -> dict[UUID, float | None]:
    """Return K of each campaign, None where there is no basis; {} while the store is away."""
    if not campaign_ids:
        return {}
    question = Ask(what="growth", workspace_id=workspace_id, campaign_ids=list(campaign_ids))
    try:
        return asked(question, dict[UUID, float | None], seconds=4.0)
    except Refused:
        return {}


def effects_of(workspace_id: UUID, groups: Sequence[Sequence[UUID]], days: int = 0) -> list[Effect]:
    """Return the effect of each group of campaigns within the last `days`, 0: in all time.

    At most some seconds old. Refuses `analytics_down`.
    """
    question = Ask(
        what="effects",
        workspace_id=workspace_id,
        groups=[list(group) for group in groups],
        days=days,
    )
    return asked(question, list[Effect])


def series_of(workspace_id: UUID, campaign_id: UUID, unit: str, timezone: str) -> list[SeriesPoint]:
    """Return what happened by `unit`: `minute`, `hour` or `day`. Refuses `analytics_down`."""
    question = Ask(
        what="series",
        workspace_id=workspace_id,
        campaign_ids=[campaign_id],
        unit=unit,
        timezone=timezone,
    )
    return asked(question, list[SeriesPoint])


def tree_of(workspace_id: UUID, campaign_id: UUID, most: int) -> Tree:
    """Return who brought whom, names left empty. Refuses `analytics_down`."""
    question = Ask(what="tree", workspace_id=workspace_id, campaign_ids=[campaign_id], most=most)
    return asked(question, Tree)


def clicks_of(workspace_id: UUID, link_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the clicks of each link; {} while the store is away."""
    question = Ask(what="clicks", workspace_id=workspace_id, link_ids=list(link_ids))
    try:
        return asked(question, dict[UUID, int], seconds=4.0)
    except Refused:
        return {}


def rebuild(settings: Settings, seconds: float = 3600.0) -> bool:
    """Have the owner fill the store again from events and kept segments. Refuses when away."""
    use_owner(socket_of(settings))
    question: Any = Ask(what="rebuild", workspace_id=UUID(int=0))
    return asked(question, bool, seconds=seconds)
