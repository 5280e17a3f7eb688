"""A browser that comes without a visitor cookie leaves with one, where the route wants it known."""

from litestar.types import Message, Scope

from banyan.people import Guest, visitor_cookie


async def set_visitor_cookie(message: Message, scope: Scope) -> None:
    """Add the visitor cookie to the answer of a `visitor` or `participant` route."""
    if message["type"] != "http.response.start":
        return
    guest: Guest | None = scope["state"].get("guest")
    if guest is None or not guest.is_new_visitor:
        return
    if scope["route_handler"].opt.get("audience") != "public":
        message.setdefault("headers", [])
        cookie = (b"set-cookie", visitor_cookie(guest.visitor_id).encode())
        message["headers"] = [*message["headers"], cookie]
