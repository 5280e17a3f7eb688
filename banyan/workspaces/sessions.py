"""Signing in, and who a session or an API key belongs to.

Nothing is cached: a role that changed, a member who left and a key that was revoked count from the
next request on.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text, update

from banyan.kernel.auth import check_password, new_token, token_hash
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Actor, across_workspaces, unit_of_work
from banyan.workspaces.audit import audit
from banyan.workspaces.callers import Caller
from banyan.workspaces.models import MemberSession
from banyan.workspaces.queries import Workspace
from banyan.workspaces.refusals import SIGN_IN_FAILED
from banyan.workspaces.roles import CLOCK, permissions_of

SESSION_COOKIE = "banyan_session"
SESSION_DAYS = 14
IDLE_HOURS = 12
KEY_PREFIX = "byn_"
_TOUCH_SECONDS = 60
_MOST_WORKSPACES = 5
_AGENT_MOST = 200


class SignedIn(NamedTuple):
    """A new session: the token for the cookie, and its caller."""

    token: str
    caller: Caller


_BY_EMAIL = text("""
select m.workspace_id, m.id, m.password_hash
from members m join workspaces w using (workspace_id)
where m.email = :email and m.is_active and (cast(:slug as text) is null or w.slug = :slug)
order by m.created_at limit :most
""")


def sign_in(
    email: str,
    password: str,
    *,
    slug: str | None = None,
    ip: str = "",
    agent: str = "",
    ends: str | None = None,
) -> SignedIn:
    """Check the password and start a session; `ends` is an older session token to end with it.

    Takes tens of milliseconds; call it in a thread. Raises `sign_in_failed`, the same and in the
    same time whether or not there is such a member.
    """
    wanted = {"email": email.strip().lower(), "slug": slug, "most": _MOST_WORKSPACES}
    with across_workspaces() as connection:
        candidates = connection.execute(_BY_EMAIL, wanted).all()
    # At least one check, so that an unknown e-mail takes as long as a wrong password.
    passed = [
        check_password(password, hashed)
        for hashed in ([row.password_hash for row in candidates] or [None])
    ]
    found = next((row for row, ok in zip(candidates, passed, strict=False) if ok), None)
    if found is None:
        raise Refused(SIGN_IN_FAILED)
    token = new_token()
    with unit_of_work(found.workspace_id, Actor("member", found.id)) as work:
        if ends:
            work.session.execute(
                update(MemberSession)
                .where(MemberSession.token_hash == token_hash(ends))
                .values(ended_at=work.now)
            )
        session = MemberSession(
            workspace_id=work.workspace_id,
            id=new_id(),
            member_id=found.id,
            token_hash=token_hash(token),
            created_at=work.now,
            seen_at=work.now,
            expires_at=work.now + timedelta(days=SESSION_DAYS),
            ip=ip,
            agent=agent[:_AGENT_MOST],
            ended_at=None,
        )
        work.session.add(session)
        audit(work, "session.started", f"session:{session.id}", {"ip": ip})
    caller = caller_by_session(token, language="zh", ip=ip)
    if caller is None:
        raise Refused(SIGN_IN_FAILED)
    return SignedIn(token, caller)


_BY_SESSION = text("""
select s.id as session_id, s.seen_at, m.id as member_id, m.role, m.name as member_name,
       w.workspace_id, w.slug, w.name, w.currency, w.timezone, w.is_sandbox
from member_sessions s
join members m on m.workspace_id = s.workspace_id and m.id = s.member_id
join workspaces w on w.workspace_id = s.workspace_id
where s.token_hash = :token_hash and s.ended_at is null and m.is_active
  and s.expires_at > :now and s.seen_at > :idle_since
""")


def caller_by_session(token: str, *, language: str = "zh", ip: str = "") -> Caller | None:
    """Return the member whose live session `token` is, None for any other token."""
    now = datetime.now(UTC)
    with across_workspaces() as connection:
        found = connection.execute(
            _BY_SESSION,
            {
                "token_hash": token_hash(token),
                "now": now,
                "idle_since": now - timedelta(hours=IDLE_HOURS),
            },
        ).one_or_none()
    if found is None:
        return None
    if now - found.seen_at > timedelta(seconds=_TOUCH_SECONDS):
        _touch(found.workspace_id, found.session_id)
    return Caller(
        actor=Actor("member", found.member_id),
        workspace=Workspace(
            found.workspace_id,
            found.slug,
            found.name,
            found.currency,
            found.timezone,
            found.is_sandbox,
        ),
        permissions=permissions_of(found.role),
        name=found.member_name,
        session_id=found.session_id,
        language=language,
        ip=ip,
    )


def _touch(workspace_id: UUID, session_id: UUID) -> None:
    with unit_of_work(workspace_id, Actor("system")) as work:
        work.session.execute(
            update(MemberSession)
            .where(MemberSession.id == session_id)
            .values(seen_at=work.now)
            .execution_options(synchronize_session=False)
        )


_BY_KEY = text("""
select k.id, k.scopes, k.name as key_name,
       w.workspace_id, w.slug, w.name, w.currency, w.timezone, w.is_sandbox
from api_keys k join workspaces w using (workspace_id)
where k.token_hash = :token_hash and k.revoked_at is null
""")


def caller_by_key(
    token: str, *, language: str = "zh", ip: str = "", now: datetime | None = None
) -> Caller | None:
    """Return the API key that `token` is, None for any other token.

    `now` is the moment the request asks for; it counts in a sandbox, with the scope `clock`.
    """
    if not token.startswith(KEY_PREFIX):
        return None
    with across_workspaces() as connection:
        found = connection.execute(_BY_KEY, {"token_hash": token_hash(token)}).one_or_none()
    if found is None:
        return None
    scopes = frozenset(found.scopes)
    return Caller(
        actor=Actor("key", found.id),
        workspace=Workspace(
            found.workspace_id,
            found.slug,
            found.name,
            found.currency,
            found.timezone,
            found.is_sandbox,
        ),
        permissions=scopes,
        name=found.key_name,
        now=now if found.is_sandbox and CLOCK in scopes else None,
        language=language,
        ip=ip,
    )


def clock_workspace(token: str) -> UUID | None:
    """Return the sandbox whose clock the API key `token` may set, None when it may set none."""
    caller = caller_by_key(token)
    if caller is None or not caller.workspace.is_sandbox or CLOCK not in caller.permissions:
        return None
    return caller.workspace_id


def end_session(caller: Caller, session_id: UUID | None = None) -> bool:
    """End one of the caller's own sessions (this one by default) at once; whether there was one."""
    wanted = session_id or caller.session_id
    with caller.work() as work:
        ended = work.session.execute(
            update(MemberSession)
            .where(
                MemberSession.id == wanted,
                MemberSession.member_id == caller.actor.id,
                MemberSession.ended_at.is_(None),
            )
            .values(ended_at=work.now)
            .returning(MemberSession.id)
        ).scalar_one_or_none()
        if ended is not None:
            audit(work, "session.ended", f"session:{wanted}")
    return ended is not None
