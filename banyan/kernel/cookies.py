"""Cookies: read from a request's header, and written with the attributes that keep them safe.

On https every cookie is `Secure` and named `__Host-…`, which binds it to this one host.
"""

from functools import cache

_secure = [False]


def use_secure_cookies(*, secure: bool) -> None:
    """Say whether browsers reach this process over https."""
    _secure[0] = secure


def cookie_name(name: str) -> str:
    """Return the name a cookie bears on the wire."""
    return f"__Host-{name}" if _secure[0] else name


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a `Cookie` header by our short names; the first of a name counts."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if _secure[0]:
            if not name.startswith("__Host-"):
                continue
            name = name[7:]
        found.setdefault(name, value)
    return found


def read_cookie(header: bytes, name: str) -> bytes | None:
    """Return what `read_cookies` has under our short `name`, without reading the others."""
    wanted = _wanted(name, is_secure=_secure[0])
    for part in header.split(b";"):
        found = part.strip()
        if found.startswith(wanted):
            return found[len(wanted) :]
    return None


@cache
def _wanted(name: str, *, is_secure: bool) -> bytes:
    _ = is_secure
    return f"{cookie_name(name)}=".encode()


def set_cookie(name: str, value: str, *, seconds: int, same_site: str = "Lax") -> str:
    """Return a `Set-Cookie` header: HttpOnly, for the whole host, kept for `seconds`."""
    secure = "; Secure" if _secure[0] else ""
    return (
        f"{cookie_name(name)}={value}; Path=/; Max-Age={seconds}; HttpOnly"
        f"; SameSite={same_site}{secure}"
    )


def cookie_line(name: str, *, seconds: int) -> tuple[bytes, bytes]:
    """Return the line of a `Set-Cookie` header before and after its value, for who sets many."""
    before, _, after = set_cookie(name, "|", seconds=seconds).partition("|")
    return f"set-cookie: {before}".encode(), f"{after}\r\n".encode()


def drop_cookie(name: str) -> str:
    """Return the `Set-Cookie` header that removes a cookie."""
    return set_cookie(name, "", seconds=0)
