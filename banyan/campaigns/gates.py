"""Gates: whether a campaign lets people take part, read so that it stays so until commit."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan.campaigns import refusals, versions
from banyan.campaigns.surfaces import SURFACES, is_allowed
from banyan.kernel.connection import Later
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work

READ = """
select id, state, live_version, starts_at, ends_at, live_at
from campaigns where workspace_id = %s and id = any(%b::uuid[]) order by id for share
"""


class Gate(NamedTuple):
    """What decides whether people take part in a campaign now."""

    campaign_id: UUID
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    live_at: datetime | None
    version: int | None
    surfaces: tuple[str, ...]

    def problem(self, now: datetime, surface: str) -> Refused | None:
        """Return why nobody can take part now and here, None when they can."""
        if shut := self._shut(now):
            return shut
        if not is_allowed(surface, self.surfaces):
            first = next(iter(self.surfaces), "own_web")
            zh, en = SURFACES[first]
            return Refused(refusals.SURFACE_NOT_ALLOWED, where_zh=zh, where_en=en, surface=first)
        return None

    def is_shut(self, now: datetime) -> bool:
        """Whether nobody can take part now, wherever they come from."""
        return self._shut(now) is not None

    def _shut(self, now: datetime) -> Refused | None:
        if self.state == "paused":
            return Refused(refusals.PAUSED)
        if self.state in {"ended", "settled"} or (self.ends_at and now >= self.ends_at):
            return Refused(refusals.ENDED)
        if self.state != "live" or (self.starts_at and now < self.starts_at):
            return Refused(refusals.NOT_BEGUN)
        return None

    def is_new(self, met_at: datetime) -> bool:
        """Whether a person the workspace met then came while this campaign ran."""
        return self.live_at is not None and met_at >= self.live_at


def ask_gates(work: Work, campaign_ids: Iterable[UUID]) -> Later[dict[UUID, Gate]]:
    """Ask for the gates of the campaigns that exist; nobody closes one before this commits."""
    asked = work.driver.ask(READ, (work.workspace_id, sorted(campaign_ids)))
    return lambda: {
        campaign: Gate(
            *(campaign, state, starts_at, ends_at, live_at, version),
            tuple(versions.version_of(work, campaign, version).definition["surfaces"])
            if version
            else (),
        )
        for campaign, state, version, starts_at, ends_at, live_at in asked
    }


def read_gates(work: Work, campaign_ids: Iterable[UUID]) -> dict[UUID, Gate]:
    """Return what `ask_gates` asks for."""
    return ask_gates(work, campaign_ids)()
