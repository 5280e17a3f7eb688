"""What came of many campaigns, each alone or taken together, asked of the store in two questions.

Whoever takes part in two campaigns of a group is two participants of it: a group is the sum of its
campaigns. A period holds what happened within it: those who joined in it, whom they brought, what
was spent and sold in it.
"""

# ruff: noqa: S608 - the spliced parts are constants of this file; what is asked for is bound

import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from banyan.analytics import growth
from banyan.analytics.numbers import Effect
from banyan.analytics.queries import NOBODY, rate
from banyan.analytics.store import Store

HERE = "workspace_id = {workspace:UUID} and campaign_id in {campaigns:Array(UUID)}"
SINCE = "at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')"

EFFECT_TOTALS = f"""
select toString(campaign_id), sumIf(cost_minor, {SINCE}), sumIf(output_minor, {SINCE}),
  toUnixTimestamp64Micro(minIf(at, name = 'campaigns.ended')) / 1e6,
  countIf(name = 'campaigns.ended')
from events where {HERE} group by campaign_id
"""

EFFECT_JOINED = f"""
select indexOf({{campaigns:Array(UUID)}}, campaign_id) as campaign, sipHash64(person_id) as person,
  sipHash64(referrer_id) as referrer, referrer_id != {NOBODY} as is_brought,
  toUnixTimestamp64Micro(at) / 1e6 as joined_at, is_new_person
from events where {HERE} and name = 'campaigns.participant_joined' and {SINCE}
"""


class _One(NamedTuple):
    """One campaign's participants of the period as arrays, and its money."""

    joined_at: growth.Floats
    brought_by: growth.Indexes
    until: growth.Floats
    new_people: int
    cost_minor: int
    output_minor: int


def effects(
    store: Store, workspace_id: UUID, groups: Sequence[Sequence[UUID]], since: float
) -> list[Effect]:
    """Return the effect of each of `groups` (campaigns taken together) from `since`, unix seconds.

    A campaign of another workspace, or of none, counts as one that nobody joined.
    """
    ids = list(dict.fromkeys(campaign for group in groups for campaign in group))
    if not ids:
        return [_effect([]) for _ in groups]
    asked: dict[str, Any] = {
        "workspace": workspace_id,
        "campaigns": ids,
        "since": int(since * 1e6),
    }
    money = {UUID(row[0]): row[1:] for row in store.rows(EFFECT_TOTALS, **asked)}
    found = store.arrays(EFFECT_JOINED, **asked)
    parts: dict[UUID, _One] = {}
    if len(found):
        found = found[np.argsort(found["campaign"], kind="stable")]
        places = np.asarray(found["campaign"]).astype(np.int64)
        edges = np.searchsorted(places, np.arange(1, len(ids) + 2))
    else:
        edges = np.zeros(len(ids) + 1, dtype=np.int64)
    for place, campaign in enumerate(ids):
        totals = money.get(campaign, (0, 0, 0.0, 0))
        parts[campaign] = _one(found[edges[place] : edges[place + 1]], totals)
    return [_effect([parts[campaign] for campaign in group]) for group in groups]


def _one(rows: Any, totals: tuple[Any, ...]) -> _One:
    cost, output, ended_at, is_ended = totals
    if not len(rows):
        nothing = np.zeros(0)
        return _One(nothing, nothing.astype(np.int64), nothing, 0, cost, output)
    rows = rows[np.argsort(rows["person"], kind="stable")]
    people: NDArray[np.uint64] = rows["person"]
    is_brought = rows["is_brought"].astype(bool)
    referrers: NDArray[np.uint64] = rows["referrer"]
    place: growth.Indexes = np.minimum(np.searchsorted(people, referrers), len(people) - 1)
    # Somebody who joined before the period began is nobody's bringer in it.
    is_here = is_brought & (people[place] == referrers)
    joined_at = rows["joined_at"].astype(np.float64)
    last = float(joined_at.max())
    until = max(last, ended_at if is_ended else time.time())
    return _One(
        joined_at=joined_at,
        brought_by=np.where(is_here, place, -1).astype(np.int64),
        until=np.full(len(people), until),
        new_people=int(np.count_nonzero(is_brought & rows["is_new_person"].astype(bool))),
        cost_minor=cost,
        output_minor=output,
    )


def _effect(parts: Sequence[_One]) -> Effect:
    sizes = [len(part.joined_at) for part in parts]
    participants = sum(sizes)
    new_people = sum(part.new_people for part in parts)
    cost = sum(part.cost_minor for part in parts)
    output = sum(part.output_minor for part in parts)
    too_few = participants < growth.PARTICIPANTS_LEAST or new_people < growth.BROUGHT_LEAST
    k = growth.Growth(None, None, None, 0, participants, growth.NO_BASIS, None)
    if not too_few:
        starts = np.cumsum([0, *sizes[:-1]])
        brought_by = [
            np.where(part.brought_by < 0, -1, part.brought_by + start)
            for part, start in zip(parts, starts, strict=True)
        ]
        k = growth.measure(
            np.concatenate([part.joined_at for part in parts]),
            np.concatenate(brought_by),
            np.concatenate([part.until for part in parts]),
        )
    return Effect(
        participants=participants,
        new_people=new_people,
        too_few=too_few,
        k=k,
        cost_minor=cost,
        cost_per_new_person_minor=None if too_few else round(cost / new_people),
        output_minor=output,
        roi=None if too_few or not output else rate(output, cost),
    )
