"""Guards: every route says whom it serves; whoever else comes is refused before its body is read.

`opt={"audience": "member" | "key" | "participant" | "visitor" | "public", "permission": …}`.
Members come by cookie and must show the console's header on unsafe calls, so that no other site
can make their browser act; so must the sign-in itself (`from_console`). API keys come by
`Authorization: Bearer` and never by cookie.
"""

import asyncio
from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler

from banyan import workspaces
from banyan.app.edge.problems import UNSUPPORTED
from banyan.kernel.asgi import Scope, asked_time, client_ip, header, language_of
from banyan.kernel.cookies import read_cookies
from banyan.kernel.errors import NOT_FOUND, NOT_SIGNED_IN, Refused, refusal
from banyan.kernel.limits import Limiter, Rate
from banyan.kernel.requests import RequestKey
from banyan.kernel.requests import request_key as make_request_key
from banyan.people import Guest, guest_from
from banyan.workspaces import SESSION_COOKIE, Caller

AUDIENCES = ("member", "key", "participant", "visitor", "public")
CLIENT_HEADER = b"x-banyan-client"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_ONLY = ("application/json",)

FORGED = refusal(
    "forged_request",
    403,
    zh="请求缺少来源标记，请刷新页面再试",
    en="The request lacks the mark of its origin; reload the page and try again",
)

_callers = Limiter(Rate(burst=300, per_minute=3000))
_guests = Limiter(Rate(burst=200, per_minute=1200))


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the request through to its route, or raise the refusal."""
    scope = cast("Scope", connection.scope)
    if scope["method"] == "OPTIONS":
        return
    audience: str | None = handler.opt.get("audience")
    if audience not in AUDIENCES:
        # A route that says nothing serves nobody.
        raise Refused(NOT_FOUND)
    if audience in {"member", "key"}:
        caller = await asyncio.to_thread(find_caller, scope, keys_only=audience == "key")
        _require_type(scope, handler)
        permission: str | None = handler.opt.get("permission")
        if permission is not None:
            caller.require(permission)
        _callers.take(str(caller.actor))
        scope["state"]["caller"] = caller
        return
    if handler.opt.get("from_console") and scope["method"] not in SAFE_METHODS:
        require_origin(scope)
    guest = guest_from(scope, await _clock_workspace(scope))
    if audience == "participant" and guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    _require_type(scope, handler)
    # What is the same for everybody comes from memory; the route itself limits what does not.
    is_shared = handler.opt.get("shared", False)
    may_set_clock = guest.participant and guest.participant.may_set_clock
    if guest.clock_workspace_id is None and not may_set_clock and not is_shared:
        _guests.take(guest.ip)
    scope["state"]["guest"] = guest


def bearer_of(scope: Scope) -> str | None:
    """Return the API key of a request, None when it brings none."""
    kind, _, token = header(scope, b"authorization").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token else None


def find_caller(scope: Scope, *, keys_only: bool = False) -> Caller:
    """Return the caller behind a request. Looks into the database: call it in a thread.

    Raises `not_signed_in`, or `forged_request` for an unsafe call that another site could make.
    """
    language, ip, now = language_of(scope), client_ip(scope), asked_time(scope)
    if token := bearer_of(scope):
        caller = workspaces.caller_by_key(token, language=language, ip=ip, now=now)
    elif keys_only:
        caller = None
    else:
        token = read_cookies(header(scope, b"cookie")).get(SESSION_COOKIE)
        caller = workspaces.caller_by_session(token, language=language, ip=ip) if token else None
        if caller and scope["method"] not in SAFE_METHODS:
            require_origin(scope)
    if caller is None:
        raise Refused(NOT_SIGNED_IN)
    return caller


def require_origin(scope: Scope) -> None:
    """Raise `forged_request` unless a script of ours sent this: forms cannot set a header."""
    if header(scope, CLIENT_HEADER) != "console":
        raise Refused(FORGED)
    if header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}:
        raise Refused(FORGED)


async def _clock_workspace(scope: Scope) -> UUID | None:
    """Return the sandbox whose clock a public request may set by its key, if it asks to."""
    if (token := bearer_of(scope)) is None or asked_time(scope) is None:
        return None
    return await asyncio.to_thread(workspaces.clock_workspace, token)


def _require_type(scope: Scope, handler: BaseRouteHandler) -> None:
    """Raise `unsupported_media_type` for a body that a form of another site could send.

    A route that takes files names their types by `opt={"accepts": (...)}`; never a form's.
    """
    if scope["method"] in SAFE_METHODS:
        return
    accepted: Collection[str] = handler.opt.get("accepts", JSON_ONLY)
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    has_body = header(scope, b"content-length") not in {"", "0"} or header(
        scope, b"transfer-encoding"
    )
    if has_body and kind not in accepted:
        raise Refused(UNSUPPORTED)


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Hand the guarded caller to the route."""
    return request.scope["state"]["caller"]


def provide_guest(request: Request[Any, Any, Any]) -> Guest:
    """Hand the guest to the route."""
    return request.scope["state"]["guest"]


async def provide_request_key(request: Request[Any, Any, Any]) -> RequestKey | None:
    """Hand the route the `Idempotency-Key` of the request, None when it has none."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    return make_request_key(key, request.method, request.url.path, await request.body())
