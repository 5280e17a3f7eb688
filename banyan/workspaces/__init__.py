"""Workspaces: the merchants, who works for them, and what each may do.

Owns:   workspaces, members, member_sessions, api_keys, audit_entries
Calls:  nothing above the kernel
Events: none; what was done stands in the audit
"""

from banyan.workspaces.audit import audit
from banyan.workspaces.callers import Caller
from banyan.workspaces.commands import add_member, create_key, create_workspace
from banyan.workspaces.queries import (
    MemberView,
    Workspace,
    actor_names,
    members_who_may,
    newest_audited,
    workspace_by_slug,
    workspace_of,
    workspaces,
)
from banyan.workspaces.refusals import MEMBER_NEEDED
from banyan.workspaces.roles import CLOCK, PERMISSIONS, ROLES, permissions_of
from banyan.workspaces.sessions import (
    SESSION_COOKIE,
    caller_by_key,
    caller_by_session,
    clock_workspace,
    sign_in,
)

__all__ = [
    "CLOCK",
    "MEMBER_NEEDED",
    "PERMISSIONS",
    "ROLES",
    "SESSION_COOKIE",
    "Caller",
    "MemberView",
    "Workspace",
    "actor_names",
    "add_member",
    "audit",
    "caller_by_key",
    "caller_by_session",
    "clock_workspace",
    "create_key",
    "create_workspace",
    "members_who_may",
    "newest_audited",
    "permissions_of",
    "sign_in",
    "workspace_by_slug",
    "workspace_of",
    "workspaces",
]
