"""What members and API keys may read and do of outreach, over HTTP."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from banyan.outreach.numbers import Invitations, invitations
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}


@get("/api/admin/campaigns/{campaign_id:uuid}/invitations", opt=READ, sync_to_thread=True)
def read_invitations(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> Invitations:
    """Return how many people were invited to a campaign, and how many of them have begun."""
    with caller.work() as work:
        return invitations(work, campaign_id)


routes: list[ControllerRouterHandler] = [read_invitations]
