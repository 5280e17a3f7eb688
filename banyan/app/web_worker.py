"""What each worker of the web server loads: the edge, measured, that ends with its parent."""

from banyan.app.logs import set_up
from banyan.app.metrics import measured
from banyan.app.parent import stop_with_parent

stop_with_parent()
set_up("web")

from banyan.app.http import app as edge  # noqa: E402 - logs first, so that what it says is structured

app = measured(edge)
