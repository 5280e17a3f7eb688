"""Writes: workspaces, members, API keys. Every one leaves an audit row in its transaction."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from banyan.kernel.auth import (
    PASSWORD_MOST_BYTES,
    check_password,
    hash_password,
    new_token,
    token_hash,
)
from banyan.kernel.errors import INVALID, NOT_FOUND, Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.workspaces.audit import audit
from banyan.workspaces.models import ApiKey, Member, MemberSession, WorkspaceRecord
from banyan.workspaces.queries import (
    KeyView,
    MemberView,
    Workspace,
    key_view,
    member_view,
    workspace_of,
    workspace_view,
)
from banyan.workspaces.refusals import (
    EMAIL_TAKEN,
    LAST_OWNER,
    SCOPE_TOO_WIDE,
    SIGN_IN_FAILED,
    SLUG_TAKEN,
    WEAK_PASSWORD,
)
from banyan.workspaces.roles import CLOCK, PERMISSIONS, ROLES
from banyan.workspaces.sessions import KEY_PREFIX

PASSWORD_LEAST = 10
_COMMON = frozenset({"1234567890", "0123456789", "passwordpassword", "qwertyuiop", "1111111111"})
_HINT_LETTERS = 8


class NewMember(NamedTuple):
    """A member just added, and the password to hand over once."""

    member: MemberView
    initial_password: str


class NewKey(NamedTuple):
    """An API key just made, and its secret, shown this once."""

    key: KeyView
    token: str


def create_workspace(
    workspace_id: UUID,
    *,
    slug: str,
    name: str,
    currency: str = "CNY",
    timezone: str = "Asia/Shanghai",
    is_sandbox: bool = False,
) -> Workspace:
    """Make a workspace; repeated with the same id it returns the one there is.

    Raises `slug_taken` when another workspace is called so.
    """
    try:
        with unit_of_work(workspace_id, SYSTEM) as work:
            existing = work.session.get(WorkspaceRecord, workspace_id)
            if existing is not None:
                return workspace_view(existing)
            record = WorkspaceRecord(
                workspace_id=workspace_id,
                slug=slug,
                name=name,
                currency=currency,
                timezone=timezone,
                is_sandbox=is_sandbox,
                created_at=work.now,
            )
            work.session.add(record)
            work.session.flush()
            audit(work, "workspace.created", f"workspace:{workspace_id}", {"slug": slug})
            return workspace_view(record)
    except IntegrityError:
        raise Refused(SLUG_TAKEN) from None


def rename_workspace(work: Work, *, name: str) -> Workspace:
    """Give the workspace a new name."""
    before = workspace_of(work)
    work.session.execute(
        update(WorkspaceRecord)
        .where(WorkspaceRecord.workspace_id == work.workspace_id)
        .values(name=name)
    )
    detail = {"before": before.name, "after": name}
    audit(work, "workspace.renamed", f"workspace:{work.workspace_id}", detail)
    work.session.expire_all()
    return workspace_of(work)


def add_member(
    work: Work,
    *,
    email: str,
    name: str,
    role: str,
    password_hash: str,
    member_id: UUID | None = None,
) -> MemberView:
    """Add a member. Raises `email_taken`, or `invalid` for a role that does not exist.

    The hash comes in ready-made: hashing takes long and no transaction should wait for it.
    """
    if role not in ROLES:
        raise Refused(INVALID, problem="role")
    member = Member(
        workspace_id=work.workspace_id,
        id=member_id or new_id(),
        email=email.strip().lower(),
        name=name,
        role=role,
        password_hash=password_hash,
        is_active=True,
        created_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(member)
    except IntegrityError:
        raise Refused(EMAIL_TAKEN) from None
    audit(work, "member.added", f"member:{member.id}", {"role": role})
    return member_view(member)


def initial_password() -> str:
    """Return a random password to hand to a new member."""
    return new_code(80)


def change_member(work: Work, member_id: UUID, changes: dict[str, Any]) -> MemberView:
    """Change `name`, `role` or `is_active` of a member; counts from their next request on.

    Raises `not_found`, or `last_owner` when nobody could manage the workspace any more.
    """
    # The owners are locked in one order, so two who demote each other cannot both succeed.
    owners = work.session.scalars(
        select(Member)
        .where(Member.role == "owner", Member.is_active)
        .order_by(Member.id)
        .with_for_update()
    ).all()
    member = work.session.get(Member, (work.workspace_id, member_id), populate_existing=True)
    if member is None:
        raise Refused(NOT_FOUND)
    before = {key: getattr(member, key) for key in changes}
    if changes.get("role", "owner") not in ROLES:
        raise Refused(INVALID, problem="role")
    stays_owner = changes.get("role", member.role) == "owner" and changes.get(
        "is_active", member.is_active
    )
    if [each.id for each in owners] == [member.id] and not stays_owner:
        raise Refused(LAST_OWNER)
    for key, value in changes.items():
        setattr(member, key, value)
    work.session.flush()
    if changes.get("is_active") is False:
        end_sessions_of(work, member.id)
    audit(work, "member.changed", f"member:{member.id}", {"before": before, "after": changes})
    return member_view(member)


def end_sessions_of(work: Work, member_id: UUID, keep: UUID | None = None) -> int:
    """End every live session of a member except `keep`; return how many there were."""
    ended = work.session.scalars(
        update(MemberSession)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.ended_at.is_(None),
            MemberSession.id.is_distinct_from(keep),
        )
        .values(ended_at=work.now)
        .returning(MemberSession.id)
    ).all()
    return len(ended)


def check_new_password(password: str, email: str = "") -> None:
    """Raise `weak_password` unless `password` is long enough and not a known one."""
    too_long = len(password.encode()) > PASSWORD_MOST_BYTES
    if too_long or len(password) < PASSWORD_LEAST or password.lower() in {*_COMMON, email}:
        raise Refused(WEAK_PASSWORD)


def change_password(
    workspace_id: UUID, member_id: UUID, *, current: str, new: str, keep: UUID | None
) -> None:
    """Set a new password after checking the current one, and end every other session.

    Takes tens of milliseconds twice; call it in a thread. Raises `sign_in_failed` for a wrong
    current password, `weak_password` for a poor new one.
    """
    actor = SYSTEM._replace(kind="member", id=member_id)
    with unit_of_work(workspace_id, actor) as work:
        member = work.session.get(Member, (workspace_id, member_id))
        email, hashed = (member.email, member.password_hash) if member else ("", None)
    if not check_password(current, hashed):
        raise Refused(SIGN_IN_FAILED)
    check_new_password(new, email)
    new_hash = hash_password(new)
    with unit_of_work(workspace_id, actor) as work:
        work.session.execute(
            update(Member).where(Member.id == member_id).values(password_hash=new_hash)
        )
        ended = end_sessions_of(work, member_id, keep)
        audit(work, "member.password_changed", f"member:{member_id}", {"sessions_ended": ended})


def create_key(work: Work, *, name: str, scopes: Sequence[str], within: frozenset[str]) -> NewKey:
    """Make an API key with `scopes`, none wider than `within` (what its maker may do).

    The scope `clock` is for sandboxes. Raises `scope_too_wide`, or `invalid` for an unknown scope.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in {*PERMISSIONS, CLOCK}]
    if unknown or not wanted:
        raise Refused(INVALID, problem="scopes")
    if CLOCK in wanted and not workspace_of(work).is_sandbox:
        raise Refused(SCOPE_TOO_WIDE, scope=CLOCK)
    for scope in wanted:
        if scope != CLOCK and scope not in within:
            raise Refused(SCOPE_TOO_WIDE, scope=scope)
    token = new_token(KEY_PREFIX)
    key = ApiKey(
        workspace_id=work.workspace_id,
        id=new_id(),
        name=name,
        hint=token[:_HINT_LETTERS],
        token_hash=token_hash(token),
        scopes=wanted,
        created_by=work.actor.id,
        created_at=work.now,
        revoked_at=None,
    )
    work.session.add(key)
    audit(work, "key.created", f"key:{key.id}", {"name": name, "scopes": wanted})
    return NewKey(key_view(key), token)


def revoke_key(work: Work, key_id: UUID) -> None:
    """Revoke an API key at once; again is harmless. Raises `not_found`."""
    key = work.session.get(ApiKey, (work.workspace_id, key_id))
    if key is None:
        raise Refused(NOT_FOUND)
    if key.revoked_at is None:
        work.session.execute(
            update(ApiKey)
            .where(ApiKey.id == key_id)
            .values(revoked_at=func.coalesce(ApiKey.revoked_at, work.now))
        )
        audit(work, "key.revoked", f"key:{key_id}", {"name": key.name})
