"""What a participant sees of their own level, over HTTP."""

from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.levels.views import Membership, membership
from banyan.people import Guest


@get(
    "/api/public/membership",
    opt={"audience": "participant", "permission": None},
    sync_to_thread=True,
)
def read_membership(guest: NamedDependency[Guest]) -> Membership:
    """Return my level, what it gives and what is missing to the next."""
    me = guest.participant
    if me is None:
        raise Refused(NOT_SIGNED_IN)
    with guest.work(me.workspace_id) as work:
        return membership(work, me.person_id)


routes: list[ControllerRouterHandler] = [read_membership]
