"""The questions analytics answers about one campaign of one workspace.

`workspace_id` is in every query and comes from the caller's session, never from what was asked.
"""

# ruff: noqa: S608 - the spliced parts are constants of this file; what is asked for is bound

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from banyan.analytics import growth
from banyan.analytics.numbers import (
    Budget,
    ChannelNumbers,
    Numbers,
    RefusalCount,
    SeriesPoint,
    Step,
    Tree,
)
from banyan.analytics.store import Store

HERE = "workspace_id = {workspace:UUID} and campaign_id = {campaign:UUID}"
NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
PERSON = f"bitAnd(flags, 7) = 0 and visitor_id != {NOBODY}"
"""Not a bot, a prefetch or a HEAD, and a browser that carries a cookie."""

TOTALS = f"""
select
  uniqExactIf(person_id, name = 'campaigns.quest_started'),
  sum(cost_minor),
  sum(output_minor),
  toUnixTimestamp64Micro(minIf(at, name = 'campaigns.ended')) / 1e6,
  countIf(name = 'campaigns.ended')
from events where {HERE}
"""

VISITORS = f"""
select
  uniqExactIf(visitor_id, kind = 'view') as seen,
  uniqExactIf(visitor_id, kind = 'press') as clicked,
  uniqExactIf(visitor_id, kind = 'click' and quest_id != {NOBODY}) as friend_clicked
from telemetry where {HERE} and {PERSON}
"""

SHARERS = f"""
select distinct sipHash64(person_id) as person from (
  select person_id from events where {HERE} and name = 'campaigns.quest_started' and quest_id in (
    select quest_id from telemetry where {HERE} and quest_id != {NOBODY} and bitAnd(flags, 7) = 0
      and kind in ('share_opened', 'copied', 'qr_shown', 'click'))
  union all
  select referrer_id from events where {HERE} and name = 'campaigns.supported'
)
"""

JOINED = f"""
select sipHash64(person_id) as person, sipHash64(referrer_id) as referrer,
  referrer_id != {NOBODY} as is_brought, toUnixTimestamp64Micro(at) / 1e6 as at,
  generation, is_new_person, sipHash64(channel) as channel
from events where {HERE} and name = 'campaigns.participant_joined'
"""

CHANNELS = f"""
select sipHash64(channel), toString(channel) from events
where {HERE} and name = 'campaigns.participant_joined' group by channel
"""

COSTS = f"""
select sipHash64(person_id) as person, sum(cost_minor) as cost_minor from events
where {HERE} and name in ('rewards.granted', 'rewards.reversed') group by person_id
"""

CONVERTED = f"""
select distinct sipHash64(person_id) as person from events
where {HERE} and name = 'campaigns.supported' and counted
"""

CLICKS = f"""
select toString(channel), count() from telemetry
where {HERE} and kind = 'click' and bitAnd(flags, 7) = 0 group by channel
"""

REFUSALS = f"""
select toString(reason), count() from events
where {HERE} and reason != '' and ((name = 'campaigns.supported' and not counted)
  or name = 'rewards.refused')
group by reason order by count() desc, reason
"""


def rate(part: int, whole: int) -> float | None:
    """Return part ÷ whole, None of nothing."""
    return part / whole if whole else None


class _Joined:
    """Everybody who takes part, as arrays; row numbers stand for people."""

    def __init__(self, store: Store, here: dict[str, Any]) -> None:
        found = store.arrays(JOINED, **here)
        self.size = len(found)
        if not self.size:
            found = np.zeros(
                0,
                dtype=[
                    ("person", "u8"),
                    ("referrer", "u8"),
                    ("is_brought", "u1"),
                    ("at", "f8"),
                    ("generation", "u4"),
                    ("is_new_person", "u1"),
                    ("channel", "u8"),
                ],
            )
        order = np.argsort(found["person"], kind="stable")
        self.person: NDArray[np.uint64] = found["person"][order]
        self.at = found["at"][order].astype(np.float64)
        self.generation = found["generation"][order].astype(np.int64)
        self.is_brought = found["is_brought"][order].astype(bool)
        self.is_new = found["is_new_person"][order].astype(bool)
        self.channel: NDArray[np.uint64] = found["channel"][order]
        """Hashes, as people: words would cost more than everything else here."""
        referrers: growth.Indexes = self.find(found["referrer"][order])
        self.brought_by: growth.Indexes = np.where(self.is_brought, referrers, np.int64(-1))

    def find(self, people: NDArray[np.uint64]) -> growth.Indexes:
        """Return the row of each of `people` (hashes), -1 for somebody who does not take part."""
        if not self.size:
            return np.full(len(people), -1)
        place = np.minimum(np.searchsorted(self.person, people), self.size - 1)
        return np.where(self.person[place] == people, place, -1)

    def holds(self, people: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which rows are among `people` (hashes)."""
        there = np.zeros(self.size, dtype=bool)
        rows = self.find(people)
        there[rows[rows >= 0]] = True
        return there


def numbers(store: Store, workspace_id: UUID, campaign_id: UUID, as_of: float) -> Numbers:
    """Return the numbers of a campaign; `as_of` (unix seconds) is what the store is complete to."""
    here = {"workspace": workspace_id, "campaign": campaign_id}
    ((started, cost, output, ended_at, is_ended),) = store.rows(TOTALS, **here)
    ((seen, clicked, friend_clicked),) = store.rows(VISITORS, **here)
    sharers = store.hashes(SHARERS, **here)
    converted = store.hashes(CONVERTED, **here)
    joined = _Joined(store, here)
    until = _end_of_observation(joined, ended_at if is_ended else None)
    recent = int(np.count_nonzero(joined.at > max(as_of, until) - 3600))
    new_people = int(np.count_nonzero(joined.is_new & joined.is_brought))
    whole = growth.measure(joined.at, joined.brought_by, until)
    shared, converters = len(sharers), len(converted)
    steps = (
        ("seen", seen),
        ("clicked", clicked),
        ("started", started),
        ("shared", shared),
        ("friend_clicked", friend_clicked),
        ("converted", new_people),
    )
    previous = (0, *(count for _, count in steps))
    return Numbers(
        as_of=datetime.fromtimestamp(as_of, UTC),
        fresh_ms=max(0, round((time.time() - as_of) * 1000)),
        participants=joined.size,
        participants_last_hour=recent,
        sharers=shared,
        share_rate=rate(shared, joined.size),
        converters=converters,
        conversion_rate=rate(converters, shared),
        new_people=new_people,
        k=whole,
        cost_minor=cost,
        cost_per_new_person_minor=round(cost / new_people) if new_people else None,
        output_minor=output,
        roi=rate(output, cost) if output else None,
        budget=Budget(),
        funnel=[
            Step(key, count, rate(count, before))
            for (key, count), before in zip(steps, previous, strict=False)
        ],
        channels=_channels(store, here, joined, sharers, converted, whole, until),
        generations=[int(count) for count in np.bincount(joined.generation)],
        refusals=[RefusalCount(reason, count) for reason, count in store.rows(REFUSALS, **here)],
    )


def _end_of_observation(joined: _Joined, ended_at: float | None) -> float:
    """Return the moment up to which joinings could be seen.

    That is now, or the campaign's end. A simulated crowd may live ahead of the clock, so never
    before the last joining.
    """
    last = float(joined.at.max()) if joined.size else 0.0
    return max(last, time.time() if ended_at is None else ended_at)


def _channels(
    store: Store,
    here: dict[str, Any],
    joined: _Joined,
    sharers: NDArray[np.uint64],
    converted: NDArray[np.uint64],
    whole: growth.Growth,
    until: float,
) -> list[ChannelNumbers]:
    """Return each channel's effect; a participant belongs to the channel they came by."""
    clicks = dict(store.rows(CLICKS, **here))
    costs = store.arrays(COSTS, **here)
    names = _channel_names(store, here, joined)
    shares = joined.holds(sharers)
    is_converted = joined.holds(converted)
    cost = np.zeros(joined.size)
    if len(costs):
        rows = joined.find(costs["person"])
        cost[rows[rows >= 0]] = costs["cost_minor"][rows >= 0]
    found: list[ChannelNumbers] = []
    for channel in sorted(set(clicks) | set(names)):
        mine = joined.channel == names.get(channel, 0)
        participants, sharing = int(mine.sum()), int((shares & mine).sum())
        new_people = int((mine & joined.is_new & joined.is_brought).sum())
        is_all = participants == joined.size
        part = whole if is_all else growth.measure(joined.at, joined.brought_by, until, among=mine)
        found.append(
            ChannelNumbers(
                channel=channel or "other",
                clicks=clicks.get(channel, 0),
                participants=participants,
                direct=int((mine & ~joined.is_brought).sum()),
                new_people=new_people,
                sharers=sharing,
                share_rate=rate(sharing, participants),
                conversion_rate=rate(int((is_converted & mine).sum()), sharing),
                k=part.value,
                cost_per_new_person_minor=(
                    round(float(cost[mine].sum()) / new_people) if new_people else None
                ),
            )
        )
    return sorted(found, key=lambda row: (-row.participants, -row.clicks, row.channel))


_words: dict[int, str] = {}
"""The channel of each hash that was met: a few dozen in all."""


def _channel_names(store: Store, here: dict[str, Any], joined: _Joined) -> dict[str, int]:
    """Return the hash of each channel that somebody came by."""
    hashes = np.unique(joined.channel).tolist()
    if not all(each in _words for each in hashes):
        _words.update(store.rows(CHANNELS, **here))
    return {_words[each]: each for each in hashes}


SERIES = f"""
select toUnixTimestamp(toStartOfInterval(at, {{unit}})) as start,
  countIf(source = 0), countIf(source = 1), countIf(source = 2) from (
  select at, arrayJoin(if(is_new_person and referrer_id != {NOBODY}, [0, 2], [0])) as source
  from events where {HERE} and name = 'campaigns.participant_joined'
  union all
  select at, 1 from telemetry where {HERE} and kind = 'click' and bitAnd(flags, 7) = 0
) group by start order by start
"""
UNITS = {
    "minute": "interval 1 minute",
    "hour": "interval 1 hour",
    "day": "interval 1 day",
}


def series(
    store: Store, workspace_id: UUID, campaign_id: UUID, unit: str, timezone: str
) -> list[SeriesPoint]:
    """Return what happened by `unit` (`minute`, `hour` or `day` of `timezone`), gaps left out.

    KeyError for another unit.
    """
    query = SERIES.replace("{unit}", f"{UNITS[unit]}, {{timezone:String}}")
    found = store.rows(query, workspace=workspace_id, campaign=campaign_id, timezone=timezone)
    return [
        SeriesPoint(datetime.fromtimestamp(at, UTC), participants, clicks, new_people)
        for at, participants, clicks, new_people in found
    ]


TREE = f"""
select toString(person_id), toString(referrer_id), generation, toUnixTimestamp(at) from events
where {HERE} and name = 'campaigns.participant_joined'
order by generation, at, position limit {{most:UInt32}}
"""
TREE_SIZE = f"""
select count(), max(generation) from events
where {HERE} and name = 'campaigns.participant_joined'
"""


def tree(store: Store, workspace_id: UUID, campaign_id: UUID, most: int) -> Tree:
    """Return who brought whom, at most `most` participants, the earliest generations first.

    Names are left empty: analytics keeps none. Whoever shows the tree fills them in.
    """
    here = {"workspace": workspace_id, "campaign": campaign_id}
    ((total, deepest),) = store.rows(TREE_SIZE, **here)
    rows = store.rows(TREE, most=most, **here)
    places = {row[0]: place for place, row in enumerate(rows)}
    parents = [places.get(row[1], -1) for row in rows]
    brought = [0] * len(rows)
    for parent in parents:
        if parent >= 0:
            brought[parent] += 1
    return Tree(
        nodes=[
            (row[0], parent, row[2], "", count, row[3])
            for row, parent, count in zip(rows, parents, brought, strict=True)
        ],
        total=total,
        generations=deepest + 1 if total else 0,
    )


LINK_CLICKS = """
select toString(link_id), count() from telemetry
where workspace_id = {workspace:UUID} and link_id in {links:Array(UUID)} and kind = 'click'
  and bitAnd(flags, 7) = 0 group by link_id
"""


def clicks_of_links(store: Store, workspace_id: UUID, link_ids: Sequence[UUID]) -> dict[str, int]:
    """Return the clicks of each link, those without any left out."""
    return dict(store.rows(LINK_CLICKS, workspace=workspace_id, links=list(link_ids)))


def as_of(found: Numbers, moment: float) -> Numbers:
    """Return the same numbers, true as of `moment` (unix seconds)."""
    return msgspec.structs.replace(
        found,
        as_of=datetime.fromtimestamp(moment, UTC),
        fresh_ms=max(0, round((time.time() - moment) * 1000)),
    )
