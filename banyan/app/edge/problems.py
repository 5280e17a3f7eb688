"""Every way to say no becomes application/problem+json with a stable code; nothing else leaves.

A fault we did not foresee is logged with its trace and answered without it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from banyan.kernel.asgi import language_of, problem
from banyan.kernel.errors import (
    INVALID,
    NOT_FOUND,
    STORE_DOWN,
    TOO_LARGE,
    Refusal,
    Refused,
    refusal,
)

logger = structlog.get_logger()

Handler = Callable[[Request[Any, Any, Any], Any], Response[Any]]

MALFORMED = refusal("malformed", 400, zh="请求的内容无法读取", en="The request cannot be read")
WRONG_METHOD = refusal(
    "method_not_allowed", 405, zh="此地址不支持这种操作", en="This address does not allow that"
)
UNSUPPORTED = refusal(
    "unsupported_media_type",
    415,
    zh="请用 application/json 提交",
    en="Send application/json",
)
OVERLOADED = refusal(
    "overloaded", 503, zh="访问的人太多，请稍后再试", en="Too many at once; try again shortly"
)
INTERNAL = refusal(
    "internal", 500, zh="出了点问题，我们已记录", en="Something went wrong; it has been noted"
)

_BY_STATUS: dict[int, Refusal] = {
    HTTPStatus.BAD_REQUEST: MALFORMED,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: WRONG_METHOD,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: UNSUPPORTED,
}

_STORE_FAULTS = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
_BAD_VALUES = (postgres.DataError, postgres.UntranslatableCharacter)


def refused_for(error: BaseException) -> Refused:
    """Return the refusal that tells a caller of `error`, and log what was not foreseen."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, _STORE_FAULTS):
        logger.warning("store_down", error=type(error).__name__)
        return Refused(STORE_DOWN)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, _BAD_VALUES):
        # A number out of range or a NUL that no schema caught: the caller's fault, not ours.
        return Refused(INVALID, problem="value")
    if isinstance(error, (SerializationException, UnicodeError, RecursionError)):
        return Refused(MALFORMED)
    if isinstance(error, HTTPException) and (known := _BY_STATUS.get(error.status_code)):
        return Refused(known)
    logger.error("unforeseen", exc_info=error)
    return Refused(INTERNAL)


def response_for(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer `error` as problem+json."""
    errors: list[dict[str, str]] = []
    if isinstance(error, ValidationException):
        errors = _wrong_fields(error)
        first = errors[0]["path"] if errors else "body"
        refused = Refused(INVALID, problem=first)
    else:
        refused = refused_for(error)
    status, headers, body = problem(refused, language_of(request.scope), errors=errors)
    response = Response(
        body,
        status_code=status,
        headers={name.decode(): value.decode() for name, value in headers[1:]},
        media_type="application/problem+json; charset=utf-8",
    )
    if isinstance(error, HTTPException) and "Allow" in (error.headers or {}):
        response.headers["Allow"] = (error.headers or {})["Allow"]
    return response


def _wrong_fields(error: ValidationException) -> list[dict[str, str]]:
    """Return what did not fit: where, and a code; never the value, which may be private."""
    found: list[dict[str, str]] = []
    for item in error.extra if isinstance(error.extra, list) else []:
        text = str(item.get("message", ""))
        message, _, place = text.partition(" - at `$")
        path = place.rstrip("`").lstrip(".")
        key = str(item.get("key") or "")
        found.append(
            {
                "path": path or ("" if key == "data" else key),
                "code": _code_of(message),
                "message": message[:200],
            }
        )
    return found


def _code_of(message: str) -> str:
    if "missing required" in message:
        return "missing"
    if "unknown field" in message:
        return "unknown_field"
    if message.startswith("Expected"):
        return "wrong_type"
    return "invalid"


HANDLERS: dict[type[Exception] | int, Handler] = {Exception: response_for}
