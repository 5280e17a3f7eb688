"""What a workspace is, who works there, and what was done. Frozen views; nothing is changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.work import Work, across_workspaces
from banyan.workspaces.models import ApiKey, AuditEntry, Member, MemberSession, WorkspaceRecord
from banyan.workspaces.roles import permissions_of


class Workspace(msgspec.Struct, frozen=True):
    """One merchant as others see it."""

    id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    is_sandbox: bool


class MemberView(msgspec.Struct, frozen=True):
    """One member as the console shows them."""

    id: UUID
    name: str
    email: str
    role: str
    is_active: bool
    created_at: datetime


class SessionView(msgspec.Struct, frozen=True):
    """One signed-in browser."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ip: str
    agent: str
    is_current: bool


class KeyView(msgspec.Struct, frozen=True):
    """One API key without its secret."""

    id: UUID
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class AuditView(msgspec.Struct, frozen=True):
    """One privileged change."""

    id: UUID
    at: datetime
    actor: str
    actor_name: str | None
    action: str
    subject: str
    detail: dict[str, Any]


def workspace_of(work: Work) -> Workspace:
    """Return the workspace of this work. Raises `not_found` when it was never made."""
    record = work.session.get(WorkspaceRecord, work.workspace_id)
    if record is None:
        raise Refused(NOT_FOUND)
    return workspace_view(record)


def workspace_view(record: WorkspaceRecord) -> Workspace:
    """Return the view of a row."""
    return Workspace(
        record.workspace_id,
        record.slug,
        record.name,
        record.currency,
        record.timezone,
        record.is_sandbox,
    )


def workspaces() -> list[Workspace]:
    """Return every workspace, oldest first: for jobs that visit each in turn."""
    statement = text(
        "select workspace_id, slug, name, currency, timezone, is_sandbox"
        " from workspaces order by created_at, workspace_id"
    )
    with across_workspaces() as connection:
        return [Workspace(*row) for row in connection.execute(statement)]


def workspace_by_slug(slug: str) -> Workspace | None:
    """Return the workspace called `slug`."""
    return next((each for each in workspaces() if each.slug == slug), None)


def members(work: Work) -> list[MemberView]:
    """Return the members, in the order they came."""
    found = work.session.scalars(select(Member).order_by(Member.created_at, Member.id))
    return [member_view(each) for each in found]


def members_who_may(work: Work, permission: str) -> list[MemberView]:
    """Return the members who are active and whose role allows `permission`."""
    return [
        one for one in members(work) if one.is_active and permission in permissions_of(one.role)
    ]


def actor_names(work: Work) -> dict[str, str]:
    """Return the name of every member and API key, by how the audit writes them."""
    return {
        **{f"member:{each.id}": each.name for each in members(work)},
        **{f"key:{each.id}": each.name for each in api_keys(work)},
    }


def member_view(member: Member) -> MemberView:
    """Return the view of a row."""
    return MemberView(
        member.id, member.name, member.email, member.role, member.is_active, member.created_at
    )


def sessions_of(work: Work, member_id: UUID, current: UUID | None) -> list[SessionView]:
    """Return the live sessions of a member, the last used first."""
    found = work.session.scalars(
        select(MemberSession)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.ended_at.is_(None),
            MemberSession.expires_at > work.now,
        )
        .order_by(MemberSession.seen_at.desc())
    )
    return [
        SessionView(s.id, s.created_at, s.seen_at, s.expires_at, s.ip, s.agent, s.id == current)
        for s in found
    ]


def api_keys(work: Work) -> list[KeyView]:
    """Return the API keys, the newest first."""
    found = work.session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id))
    return [key_view(each) for each in found]


def key_view(key: ApiKey) -> KeyView:
    """Return the view of a row."""
    return KeyView(key.id, key.name, key.hint, list(key.scopes), key.created_at, key.revoked_at)


def newest_audited(
    work: Work, actions: Collection[str], subjects: Collection[str], since: datetime
) -> dict[str, AuditView]:
    """Return, by subject, the newest entry of one of `actions` on it not older than `since`."""
    found = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.workspace_id == work.workspace_id,
            AuditEntry.at >= since,
            AuditEntry.subject.in_(subjects),
            AuditEntry.action.in_(actions),
        )
        .ext(distinct_on(AuditEntry.subject))
        .order_by(AuditEntry.subject, AuditEntry.at.desc(), AuditEntry.id.desc())
    ).all()
    names = actor_names(work) if found else {}
    return {each.subject: _audit_view(each, names) for each in found}


def audit_page(
    work: Work, *, before: tuple[datetime, UUID] | None, most: int
) -> Sequence[AuditView]:
    """Return up to `most` entries older than `before`, the newest first."""
    statement = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most)
    if before is not None:
        statement = statement.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*before))
    names = actor_names(work)
    return [_audit_view(each, names) for each in work.session.scalars(statement)]


def _audit_view(entry: AuditEntry, names: dict[str, str]) -> AuditView:
    return AuditView(
        *(entry.id, entry.at, entry.actor, names.get(entry.actor)),
        *(entry.action, entry.subject, entry.detail),
    )
