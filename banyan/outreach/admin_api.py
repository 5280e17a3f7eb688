"""What members and API keys may read and do of outreach, over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from banyan import workspaces
from banyan.outreach.limits import LOOSEST, Limits, LimitsView, choose_limits, read_limits
from banyan.outreach.numbers import Invitations, invitations
from banyan.outreach.seeding import Seeded, SeedLink, invite_seeds, seed_link
from banyan.outreach.seeds import Rule, Seeds, drop, pick, seeds, write_rule
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
WRITE = {"audience": "member", "permission": "campaigns.write"}
PUBLISH = {"audience": "member", "permission": "campaigns.publish"}
SETTINGS = {"audience": "member", "permission": "settings.manage"}
PEOPLE = {"audience": "member", "permission": "people.read"}

Some = Annotated[list[UUID], msgspec.Meta(max_length=1000)]


class SeedChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to pick, and whom to let go."""

    pick: Some = []
    drop: Some = []


@get("/api/admin/campaigns/{campaign_id:uuid}/invitations", opt=READ, sync_to_thread=True)
def read_invitations(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> Invitations:
    """Return how many people were invited to a campaign, and how many of them have begun."""
    with caller.work() as work:
        return invitations(work, campaign_id)


@get("/api/admin/seeds", opt=PEOPLE, sync_to_thread=True)
def read_seeds(caller: NamedDependency[Caller]) -> Seeds:
    """Return who could be a seed user by the rule, and who is."""
    with caller.work() as work:
        return seeds(work)


@put("/api/admin/seeds/rule", opt=WRITE, sync_to_thread=True)
def choose_rule(caller: NamedDependency[Caller], data: JSONBody[Rule]) -> Seeds:
    """Choose from how many orders, people or points on somebody is shown."""
    caller.require("people.read")
    with caller.work() as work:
        write_rule(work, data)
        return seeds(work)


@put("/api/admin/seeds", opt=WRITE, sync_to_thread=True)
def choose_seeds(caller: NamedDependency[Caller], data: JSONBody[SeedChoice]) -> Seeds:
    """Pick seed users, and let others go."""
    caller.require("people.read")
    with caller.work() as work:
        gone, new = drop(work, data.drop), pick(work, data.pick)
        workspaces.audit(work, "seeds.chosen", "seeds", {"picked": new, "dropped": gone})
        return seeds(work)


@put("/api/admin/campaigns/{campaign_id:uuid}/seed-link", opt=WRITE, sync_to_thread=True)
def open_seed_link(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> SeedLink:
    """Return the link for a campaign's seed users, made when it is missing."""
    with caller.work() as work:
        return seed_link(work, campaign_id)


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/seed-invitations",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def send_seed_invitations(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> Seeded:
    """Invite every seed user to a campaign that runs; nobody twice."""
    with caller.work() as work:
        told = invite_seeds(work, campaign_id)
        workspaces.audit(work, "seeds.invited", str(campaign_id), {"invited": told.invited})
        return told


@get("/api/admin/message-limits", opt=READ, sync_to_thread=True)
def read_message_limits(caller: NamedDependency[Caller]) -> LimitsView:
    """Return how often and when people are written to about campaigns."""
    with caller.work() as work:
        return LimitsView(read_limits(work), LOOSEST)


@put("/api/admin/message-limits", opt=SETTINGS, sync_to_thread=True)
def choose_message_limits(caller: NamedDependency[Caller], data: JSONBody[Limits]) -> LimitsView:
    """Choose how often and when people are written to; never more than the rules allow."""
    with caller.work() as work:
        choose_limits(work, data)
        return LimitsView(data, LOOSEST)


routes: list[ControllerRouterHandler] = [
    *(read_invitations, open_seed_link, send_seed_invitations),
    *(read_seeds, choose_rule, choose_seeds),
    *(read_message_limits, choose_message_limits),
]
