"""The reference: a bare ASGI handler that answers a redirect and does nothing else."""

import sys
from typing import Any

from banyan.app.edge.server import serve
from banyan.app.parent import stop_with_parent

START: dict[str, Any] = {
    "type": "http.response.start",
    "status": 302,
    "headers": [(b"location", b"/h5/l/0123456789abcdef"), (b"content-length", b"0")],
}
BODY: dict[str, Any] = {"type": "http.response.body", "body": b""}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer every request with the same 302."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            kind = message["type"].removeprefix("lifespan.")
            await send({"type": f"lifespan.{kind}.complete"})
            if kind == "shutdown":
                return
    await send(START)
    await send(BODY)


if __name__ == "__main__":
    stop_with_parent()
    serve(app, lambda _method, _target: None, "127.0.0.1", int(sys.argv[1]))
