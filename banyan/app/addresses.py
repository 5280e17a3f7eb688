"""How the addresses of the database travel from the supervisor to its children."""

import msgspec

from banyan.kernel.postgres import Urls
from banyan.kernel.settings import Settings


def with_urls(settings: Settings, urls: Urls) -> Settings:
    """Return `settings` with the three addresses of `urls`."""
    return msgspec.structs.replace(
        settings,
        database_url=urls.app,
        relay_database_url=urls.relay,
        owner_database_url=urls.owner,
    )


def addresses(settings: Settings) -> dict[str, str]:
    """Return the environment that tells a child process where the database is."""
    named = {
        "BANYAN_DATABASE_URL": settings.database_url,
        "BANYAN_RELAY_DATABASE_URL": settings.relay_database_url,
        "BANYAN_OWNER_DATABASE_URL": settings.owner_database_url,
    }
    return {name: url for name, url in named.items() if url}
