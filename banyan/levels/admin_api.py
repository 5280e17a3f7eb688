"""What members and API keys may do with levels, over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from banyan import people
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.levels.entries import fund_entries
from banyan.levels.judging import judge_all_later
from banyan.levels.ladder import Level, write_ladder
from banyan.levels.views import LadderView, PersonMembership, ladder_view, person_membership
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "rewards.read"}
WRITE = {"audience": "member", "permission": "store.write"}
SETTINGS = {"audience": "member", "permission": "settings.manage"}
PEOPLE = {"audience": "member", "permission": "people.read"}


class LadderTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole ladder, lowest first, and the revision it was edited from."""

    revision: Annotated[int, msgspec.Meta(ge=0)]
    levels: Annotated[list[Level], msgspec.Meta(max_length=50)]


class EntryTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the coupons for reaching a level may cost in all, in minor units."""

    total_minor: Annotated[int, msgspec.Meta(ge=0, le=10**13)]


@get("/api/admin/levels", opt=READ, sync_to_thread=True)
def read_levels(caller: NamedDependency[Caller]) -> LadderView:
    """Return the levels, how many people stand on each, and the budget of their coupons."""
    with caller.work() as work:
        return ladder_view(work)


@put("/api/admin/levels", opt=WRITE, sync_to_thread=True)
def write_levels(caller: NamedDependency[Caller], data: JSONBody[LadderTerms]) -> LadderView:
    """Set the levels; everybody is judged by them soon after."""
    with caller.work() as work:
        write_ladder(work, data.levels, data.revision)
        judge_all_later(work)
        return ladder_view(work)


@put("/api/admin/levels/budget", opt=SETTINGS, sync_to_thread=True)
def write_budget(caller: NamedDependency[Caller], data: JSONBody[EntryTerms]) -> LadderView:
    """Set what the coupons may cost; who waits for one gets it soon after."""
    with caller.work() as work:
        fund_entries(work, data.total_minor)
        judge_all_later(work)
        return ladder_view(work)


@get("/api/admin/people/{person_id:uuid}/level", opt=PEOPLE, sync_to_thread=True)
def read_person_level(
    caller: NamedDependency[Caller], person_id: FromPath[UUID]
) -> PersonMembership:
    """Return where a person stands, why, and how they came there."""
    with caller.work() as work:
        if people.view(work, person_id) is None:
            raise Refused(NOT_FOUND)
        return person_membership(work, person_id)


routes: list[ControllerRouterHandler] = [
    read_levels,
    write_levels,
    write_budget,
    read_person_level,
]
