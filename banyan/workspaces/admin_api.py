"""Routes: sign in and out, the workspace, its members, API keys and audit."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler

from banyan.kernel.asgi import client_ip, header
from banyan.kernel.auth import hash_password
from banyan.kernel.cookies import drop_cookie, read_cookies, set_cookie
from banyan.kernel.errors import NOT_ALLOWED, NOT_FOUND, Refused
from banyan.kernel.limits import Limiter, Rate
from banyan.kernel.pages import PAGE_MOST, cursor_after, read_cursor
from banyan.kernel.work import Work
from banyan.workspaces import commands, queries, sessions
from banyan.workspaces.callers import Caller
from banyan.workspaces.models import Member
from banyan.workspaces.queries import (
    AuditView,
    KeyView,
    MemberView,
    SessionView,
    Workspace,
)

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Email = Annotated[
    str, msgspec.Meta(min_length=3, max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")
]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]

_by_account = Limiter(Rate(burst=8, per_minute=6))
_by_address = Limiter(Rate(burst=40, per_minute=40))


class SignIn(msgspec.Struct):
    """An e-mail and its password; `workspace` (its slug) when one e-mail works in several."""

    email: Email
    password: Password
    workspace: str | None = None


class MeMember(msgspec.Struct):
    """Who is signed in."""

    id: UUID
    name: str
    email: str | None
    role: str | None


class Me(msgspec.Struct):
    """Who is signed in, where, and what they may do."""

    member: MeMember
    workspace: Workspace
    permissions: list[str]


class MemberList(msgspec.Struct):
    """Members."""

    items: list[MemberView]
    next: str | None = None
    total: int | None = None


class AddMember(msgspec.Struct, forbid_unknown_fields=True):
    """A member to add."""

    email: Email
    name: Short
    role: str


class AddedMember(msgspec.Struct):
    """The member added, and the password to hand over; it is shown this once."""

    member: MemberView
    initial_password: str


class ChangeMember(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What to change of a member."""

    name: Short | msgspec.UnsetType = msgspec.UNSET
    role: str | msgspec.UnsetType = msgspec.UNSET
    is_active: bool | msgspec.UnsetType = msgspec.UNSET


class ChangePassword(msgspec.Struct, forbid_unknown_fields=True):
    """The current password and the new one."""

    current: Password
    new: Password


class ChangeWorkspace(msgspec.Struct, forbid_unknown_fields=True):
    """What to change of the workspace."""

    name: Short


class CreateKey(msgspec.Struct, forbid_unknown_fields=True):
    """An API key to make."""

    name: Short
    scopes: Annotated[list[str], msgspec.Meta(min_length=1, max_length=20)]


class CreatedKey(msgspec.Struct):
    """The key made; `token` is shown this once."""

    key: KeyView
    token: str


class KeyList(msgspec.Struct):
    """API keys."""

    items: list[KeyView]
    next: str | None = None
    total: int | None = None


class SessionList(msgspec.Struct):
    """Signed-in browsers."""

    items: list[SessionView]
    next: str | None = None
    total: int | None = None


class AuditPage(msgspec.Struct):
    """Audit entries, the newest first."""

    items: list[AuditView]
    next: str | None = None
    total: int | None = None


def me_of(work: Work, caller: Caller) -> Me:
    """Return who `caller` is."""
    member = (
        work.session.get(Member, (work.workspace_id, caller.actor.id))
        if caller.actor.kind == "member"
        else None
    )
    if caller.actor.id is None:
        raise Refused(NOT_FOUND)
    return Me(
        MeMember(
            caller.actor.id,
            caller.name,
            member.email if member else None,
            member.role if member else None,
        ),
        caller.workspace,
        sorted(caller.permissions),
    )


@post(
    "/api/admin/session",
    opt={"audience": "public", "permission": None, "from_console": True},
    sync_to_thread=True,
    status_code=200,
)
def start_session(data: JSONBody[SignIn], request: Request[Any, Any, Any]) -> Response[Me]:
    """Sign in. The session before, if any, ends: its token is worth nothing afterwards."""
    scope = request.scope
    ip = client_ip(scope)
    account = f"{data.email.strip().lower()}|{ip}"
    # By account and address together: a stranger elsewhere cannot lock a member out.
    _by_address.take(ip)
    _by_account.take(account)
    signed_in = sessions.sign_in(
        data.email,
        data.password,
        slug=data.workspace,
        ip=ip,
        agent=header(scope, b"user-agent"),
        ends=read_cookies(header(scope, b"cookie")).get(sessions.SESSION_COOKIE),
    )
    _by_account.give_back(account)
    _by_address.give_back(ip)
    with signed_in.caller.work() as work:
        me = me_of(work, signed_in.caller)
    cookie = set_cookie(
        sessions.SESSION_COOKIE, signed_in.token, seconds=sessions.SESSION_DAYS * 86_400
    )
    return Response(me, headers={"Set-Cookie": cookie})


@get("/api/admin/session", opt={"audience": "member", "permission": None}, sync_to_thread=True)
def read_session(caller: NamedDependency[Caller]) -> Me:
    """Return who is signed in."""
    with caller.work() as work:
        return me_of(work, caller)


@delete(
    "/api/admin/session",
    opt={"audience": "member", "permission": None},
    sync_to_thread=True,
    status_code=204,
)
def end_session(caller: NamedDependency[Caller]) -> Response[None]:
    """Sign out."""
    if caller.session_id:
        sessions.end_session(caller)
    return Response(
        None, status_code=204, headers={"Set-Cookie": drop_cookie(sessions.SESSION_COOKIE)}
    )


@put(
    "/api/admin/session/password",
    opt={"audience": "member", "permission": None},
    sync_to_thread=True,
    status_code=204,
)
def change_password(caller: NamedDependency[Caller], data: JSONBody[ChangePassword]) -> None:
    """Change one's own password; every other browser is signed out."""
    member_id = _own_member(caller)
    _by_account.take(f"{member_id}|{caller.ip}")
    commands.change_password(
        caller.workspace_id,
        member_id,
        current=data.current,
        new=data.new,
        keep=caller.session_id,
    )


@get("/api/admin/sessions", opt={"audience": "member", "permission": None}, sync_to_thread=True)
def list_sessions(caller: NamedDependency[Caller]) -> SessionList:
    """Return one's own signed-in browsers."""
    member_id = _own_member(caller)
    with caller.work() as work:
        return SessionList(queries.sessions_of(work, member_id, caller.session_id))


@delete(
    "/api/admin/sessions/{session_id:uuid}",
    opt={"audience": "member", "permission": None},
    sync_to_thread=True,
    status_code=204,
)
def end_other_session(caller: NamedDependency[Caller], session_id: FromPath[UUID]) -> None:
    """Sign one of one's own browsers out at once."""
    if not sessions.end_session(caller, session_id):
        raise Refused(NOT_FOUND)


@get("/api/admin/workspace", opt={"audience": "member", "permission": None}, sync_to_thread=True)
def read_workspace(caller: NamedDependency[Caller]) -> Workspace:
    """Return the workspace."""
    return caller.workspace


@patch(
    "/api/admin/workspace",
    opt={"audience": "member", "permission": "settings.manage"},
    sync_to_thread=True,
)
def change_workspace(caller: NamedDependency[Caller], data: JSONBody[ChangeWorkspace]) -> Workspace:
    """Rename the workspace."""
    with caller.work() as work:
        return commands.rename_workspace(work, name=data.name)


@get(
    "/api/admin/members",
    opt={"audience": "member", "permission": "members.manage"},
    sync_to_thread=True,
)
def list_members(caller: NamedDependency[Caller]) -> MemberList:
    """Return the members."""
    with caller.work() as work:
        return MemberList(queries.members(work))


@post(
    "/api/admin/members",
    opt={"audience": "member", "permission": "members.manage"},
    sync_to_thread=True,
)
def add_member(caller: NamedDependency[Caller], data: JSONBody[AddMember]) -> AddedMember:
    """Add a member."""
    password = commands.initial_password()
    password_hash = hash_password(password)
    with caller.work() as work:
        member = commands.add_member(
            work, email=data.email, name=data.name, role=data.role, password_hash=password_hash
        )
    return AddedMember(member, password)


@patch(
    "/api/admin/members/{member_id:uuid}",
    opt={"audience": "member", "permission": "members.manage"},
    sync_to_thread=True,
)
def change_member(
    caller: NamedDependency[Caller], member_id: FromPath[UUID], data: JSONBody[ChangeMember]
) -> MemberView:
    """Change a member's name or role, or let them in no longer."""
    changes = {
        name: value
        for name in ("name", "role", "is_active")
        if (value := getattr(data, name)) is not msgspec.UNSET
    }
    # A key must not make itself an owner's tool: roles are given by members.
    if caller.actor.kind != "member" and "role" in changes:
        raise Refused(NOT_ALLOWED)
    with caller.work() as work:
        return commands.change_member(work, member_id, changes)


@get(
    "/api/admin/api-keys",
    opt={"audience": "member", "permission": "keys.manage"},
    sync_to_thread=True,
)
def list_keys(caller: NamedDependency[Caller]) -> KeyList:
    """Return the API keys without their secrets."""
    with caller.work() as work:
        return KeyList(queries.api_keys(work))


@post(
    "/api/admin/api-keys",
    opt={"audience": "member", "permission": "keys.manage"},
    sync_to_thread=True,
)
def create_key(caller: NamedDependency[Caller], data: JSONBody[CreateKey]) -> CreatedKey:
    """Make an API key."""
    with caller.work() as work:
        made = commands.create_key(
            work, name=data.name, scopes=data.scopes, within=caller.permissions
        )
    return CreatedKey(made.key, made.token)


@delete(
    "/api/admin/api-keys/{key_id:uuid}",
    opt={"audience": "member", "permission": "keys.manage"},
    sync_to_thread=True,
    status_code=204,
)
def revoke_key(caller: NamedDependency[Caller], key_id: FromPath[UUID]) -> None:
    """Revoke an API key at once."""
    with caller.work() as work:
        commands.revoke_key(work, key_id)


@get(
    "/api/admin/audit", opt={"audience": "member", "permission": "audit.read"}, sync_to_thread=True
)
def read_audit(caller: NamedDependency[Caller], cursor: FromQuery[str | None] = None) -> AuditPage:
    """Return a page of the audit, the newest first."""
    with caller.work() as work:
        found = list(queries.audit_page(work, before=read_cursor(cursor), most=PAGE_MOST))
    more = len(found) == PAGE_MOST
    return AuditPage(found, cursor_after(found[-1].at, found[-1].id) if more else None)


def _own_member(caller: Caller) -> UUID:
    if caller.actor.kind != "member" or caller.actor.id is None:
        raise Refused(NOT_ALLOWED)
    return caller.actor.id


routes: list[ControllerRouterHandler] = [
    start_session,
    read_session,
    end_session,
    change_password,
    list_sessions,
    end_other_session,
    read_workspace,
    change_workspace,
    list_members,
    add_member,
    change_member,
    list_keys,
    create_key,
    revoke_key,
    read_audit,
]
