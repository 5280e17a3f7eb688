"""Signing for what the rules want reviewed, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.campaigns.admin_api import PUBLISH, shown
from banyan.campaigns.signing import Signing, sign_review
from banyan.campaigns.views import CampaignView
from banyan.workspaces import Caller


class NewSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it may run and for how long. `is_alone`: I know that nobody else looks at it.

    `definition` is an edit of a running campaign that is to be saved once it is signed for.
    """

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 90
    is_alone: bool = False
    definition: dict[str, Any] | None = None


@post("/api/admin/campaigns/{campaign_id:uuid}/signatures", opt=PUBLISH, sync_to_thread=True)
def sign(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[NewSignature]
) -> CampaignView:
    """Sign for what the rules want reviewed, by name; somebody else publishes."""
    said = Signing(data.reason, data.days, data.is_alone)
    with caller.work() as work:
        sign_review(work, campaign_id, said, data.definition)
        return shown(work, campaign_id)


routes = [sign]
