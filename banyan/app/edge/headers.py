"""Security headers of every answer, by the root it is served under."""

from collections.abc import MutableMapping
from typing import Any

from banyan.kernel.asgi import Header, Scope, Send

_EVERY: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)


def _policy(**directives: str) -> Header:
    common = {
        "default-src": "'self'",
        "script-src": "'self'",
        # Component libraries write style attributes; no script can hide in one.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    common |= {name.replace("_", "-"): value for name, value in directives.items()}
    return b"content-security-policy", "; ".join(f"{k} {v}" for k, v in common.items()).encode()


_CONSOLE = (
    _policy(frame_src="'self'", frame_ancestors="'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# The console shows the participants' page in a frame beside the form.
_PAGES = (_policy(frame_src="'none'", frame_ancestors="'self'"),)
_REST: tuple[Header, ...] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_HSTS: Header = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers to answers."""

    def __init__(self, *, is_https: bool) -> None:
        """Prepare the lists once; HSTS only where browsers come over https."""
        common = [*_EVERY, _HSTS] if is_https else list(_EVERY)
        self._console = [*common, *_CONSOLE]
        self._pages = [*common, *_PAGES]
        self._rest = [*common, *_REST]
        self._api = [*self._rest, (b"cache-control", b"no-store")]

    def around(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that adds the headers its path asks for."""
        path: str = scope["path"]
        if path.startswith("/console"):
            extra = self._console
        elif path.startswith("/h5"):
            extra = self._pages
        else:
            extra = self._api if path.startswith("/api/") else self._rest

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers") or []
                given = {name for name, _ in headers}
                message["headers"] = [*headers, *(h for h in extra if h[0] not in given)]
            await send(message)

        return sending
