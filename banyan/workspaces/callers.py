"""Callers: who stands behind an admin request, a member by cookie or an API key by its token."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banyan.kernel.errors import NOT_ALLOWED, Refused
from banyan.kernel.work import Actor, Work, unit_of_work
from banyan.workspaces.queries import Workspace


@dataclass(frozen=True, slots=True)
class Caller:
    """A member or an API key, its workspace, and what it may do there."""

    actor: Actor
    workspace: Workspace
    permissions: frozenset[str]
    name: str
    """The member's or the key's name."""
    session_id: UUID | None = None
    """The member's session; None for an API key."""
    now: datetime | None = None
    """The moment this request asks for and may have (sandbox only), else None: the clock's."""
    language: str = "zh"
    ip: str = ""

    @property
    def workspace_id(self) -> UUID:
        """The workspace everything this caller does happens in."""
        return self.workspace.id

    def work(self) -> AbstractContextManager[Work]:
        """Open the unit of work of this request: its workspace, its actor, its moment."""
        return unit_of_work(self.workspace_id, self.actor, self.now)

    def require(self, permission: str) -> None:
        """Raise the refusal `not_allowed` unless this caller has `permission`."""
        if permission not in self.permissions:
            raise Refused(NOT_ALLOWED)
