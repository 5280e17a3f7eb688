"""Where the edge finds what the packages serve. To add a package's routes, add its module's name."""

ROUTE_MODULES = (
    "banyan.app.health",
    "banyan.app.pages",
    "banyan.app.shop_page",
    "banyan.app.sandbox_page",
    "banyan.workspaces.admin_api",
    "banyan.people.admin_api",
    "banyan.messages.admin_api",
    "banyan.app.joining",
    "banyan.app.vault",
    "banyan.links.admin_api",
    "banyan.links.public_api",
    "banyan.ledger.admin_api",
    "banyan.store.admin_api.catalogue",
    "banyan.store.admin_api.discounts",
    "banyan.store.admin_api.files",
    "banyan.store.admin_api.invoices",
    "banyan.store.public_api.catalogue",
    "banyan.store.public_api.pictures",
    "banyan.store.public_api.mine",
    "banyan.store.public_api.invoices",
    "banyan.store.admin_api.orders",
    "banyan.store.admin_api.money",
    "banyan.store.public_api.orders",
    "banyan.store.public_api.notices",
    "banyan.app.checkout_api",
    "banyan.rewards.admin_api",
    "banyan.rewards.public_api",
    "banyan.campaigns.admin_api",
    "banyan.campaigns.public_api",
    "banyan.campaigns.sale_api",
    "banyan.campaigns.acts_api",
    "banyan.campaigns.chance_api",
    "banyan.campaigns.numbers",
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
    "order": "banyan.app.ordering:handle_order",
    "quest_order": "banyan.app.quest_ordering:handle_quest_order",
    "grab": "banyan.app.grabs:handle_grab",
}
"""Bare ASGI handlers of the hot paths, `module:function`; they are asked before the framework."""

RUNNING: tuple[str, ...] = (
    "banyan.app.pages:running",
    "banyan.links.click:running",
    "banyan.store.window:running",
    "banyan.app.supports:running",
    "banyan.campaigns.starting:running",
    "banyan.app.ordering:running",
    "banyan.app.quest_ordering:running",
    "banyan.app.grabs:running",
    "banyan.app.live:running",
    "banyan.analytics.asking:running",
)
"""Async context managers `running(settings)`, entered in order when a web process starts."""
