"""Where the edge finds what the packages serve. To add a package's routes, add its module's name."""

ROUTE_MODULES = (
    "banyan.app.health",
    "banyan.app.pages",
    "banyan.workspaces.admin_api",
    "banyan.people.admin_api",
    "banyan.messages.admin_api",
    "banyan.app.joining",
    "banyan.app.vault",
    "banyan.links.admin_api",
    "banyan.links.public_api",
    "banyan.ledger.admin_api",
    "banyan.campaigns.admin_api",
    "banyan.campaigns.public_api",
    "banyan.analytics.admin_api",
    "banyan.app.live",
    "banyan.app.today",
    "banyan.app.integrity",
    "banyan.app.rulebook",
    "banyan.app.exporting",
)
"""Modules that export `routes`, a list of Litestar handlers with their full paths."""

BARE = {
    "click": "banyan.links.click:handle_click",
    "telemetry": "banyan.links.click:handle_telemetry",
    "support": "banyan.app.supports:handle_support",
}
"""Bare ASGI handlers of the hot paths, `module:function`; they are asked before the framework."""

RUNNING: tuple[str, ...] = (
    "banyan.app.pages:running",
    "banyan.links.click:running",
    "banyan.app.supports:running",
    "banyan.app.live:running",
    "banyan.analytics.asking:running",
)
"""Async context managers `running(settings)`, entered in order when a web process starts."""
