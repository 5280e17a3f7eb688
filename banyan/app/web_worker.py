"""One worker of the web: the edge, measured, that ends with its parent."""

import os

from banyan.app.edge.server import serve
from banyan.app.logs import set_up
from banyan.app.parent import stop_with_parent
from banyan.kernel.settings import load


def work() -> None:
    """Serve until SIGTERM."""
    stop_with_parent()
    os.umask(0o077)
    set_up("web")
    settings = load()

    from banyan.app.http import app  # noqa: PLC0415 - logs first, so that what it says is structured
    from banyan.app.metrics import measured  # noqa: PLC0415

    serve(*measured(app, app.hot), settings.host, settings.port)


if __name__ == "__main__":
    work()
