"""What the console asks of analytics; the live stream stands beside the other streams at the edge."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from banyan import campaigns, people, rewards
from banyan.analytics import asking
from banyan.analytics.measures import MEASURES, Measure
from banyan.analytics.numbers import Budget, Numbers, SeriesPoint, Tree
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
TREE_MOST = 20_000


def numbers_with_budget(caller: Caller, campaign_id: UUID) -> Numbers:
    """Return the numbers with the budget from the ledger. Refuses an unknown campaign."""
    with caller.work() as work:
        campaigns.must_exist(work, campaign_id)
        found = rewards.budget_view(work, campaign_id)
    numbers = asking.numbers_of(caller.workspace_id, campaign_id)
    if found is None:
        return numbers
    budget = Budget(
        total_minor=found.total_minor,
        spent_minor=found.spent_minor,
        day_total_minor=found.day_total_minor,
        day_spent_minor=found.day_spent_minor,
        warned=found.warned,
    )
    return msgspec.structs.replace(numbers, budget=budget)


@get("/api/admin/campaigns/{campaign_id:uuid}/numbers", opt=READ, sync_to_thread=True)
def read_numbers(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> Numbers:
    """Return every number of a campaign, with its K and its funnel."""
    return numbers_with_budget(caller, campaign_id)


@get("/api/admin/campaigns/{campaign_id:uuid}/series", opt=READ, sync_to_thread=True)
def read_series(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    unit: Annotated[Literal["minute", "hour", "day"], QueryParameter(name="unit")] = "hour",
) -> list[SeriesPoint]:
    """Return what happened by minute, hour or day of the workspace's time zone."""
    with caller.work() as work:
        campaigns.must_exist(work, campaign_id)
    return asking.series_of(caller.workspace_id, campaign_id, unit, caller.workspace.timezone)


@get("/api/admin/campaigns/{campaign_id:uuid}/tree", opt=READ, sync_to_thread=True)
def read_tree(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    most: Annotated[int, QueryParameter(name="most", ge=1, le=TREE_MOST)] = 10_000,
) -> Tree:
    """Return who brought whom, with masked names."""
    with caller.work() as work:
        campaigns.must_exist(work, campaign_id)
    found = asking.tree_of(caller.workspace_id, campaign_id, most)
    ids = [UUID(node[0]) for node in found.nodes]
    with caller.work() as work:
        names = people.names_masked(work, ids)
    nodes = [
        (node[0], node[1], node[2], names.get(person_id, ""), node[4], node[5])
        for node, person_id in zip(found.nodes, ids, strict=True)
    ]
    return msgspec.structs.replace(found, nodes=nodes)


@get("/api/admin/measures", opt=READ, sync_to_thread=False)
def list_measures(caller: NamedDependency[Caller]) -> list[Measure]:  # noqa: ARG001 - guarded by it
    """Return the name, definition and formula of every measure."""
    return list(MEASURES)


routes = [read_numbers, read_series, read_tree, list_measures]
