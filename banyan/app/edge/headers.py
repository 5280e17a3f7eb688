"""Security headers of every answer, by the root it is served under."""

from banyan.kernel.asgi import Header

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

    def of(self, path: str) -> list[Header]:
        """Return the headers that answers at `path` bear besides their own."""
        if path.startswith("/console"):
            return self._console
        if path.startswith("/h5"):
            return self._pages
        return self._api if path.startswith("/api/") else self._rest
