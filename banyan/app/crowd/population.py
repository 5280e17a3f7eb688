"""A synthetic crowd with a known K: people with friends, moods and delays. Pure and repeatable.

Everybody who takes part brings, on average, exactly `k` others: each has a mood (a gamma factor of
mean 1, so some bring many and most bring few), and friends come after a delay (log-normal, median
six hours). The merchant's own channels bring the first ones.
"""

import heapq
import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Kind = Literal["view", "press", "start", "share", "support"]

MOOD = 0.8
"""Shape of the gamma factor: below 1, most bring nobody and a few bring many."""
DELAY_MEDIAN_HOURS = 6.0
DELAY_SIGMA = 0.9
ONLOOKERS = 1.4
"""People who look without taking part, for each one who does."""
CHANNELS = (
    ("wechat_group", 0.42),
    ("moments", 0.27),
    ("official_account", 0.13),
    ("offline", 0.08),
    ("douyin", 0.06),
    ("web", 0.04),
)
SHARING = ("wechat_group", "wechat_group", "moments")


class Move(NamedTuple):
    """Something a person does at a moment."""

    at: datetime
    person: int
    kind: Kind
    host: int | None
    """Whose link they use; None: the merchant's link of `channel`."""
    channel: str


class Joining(NamedTuple):
    """One participant of the bare process: when (hours from the begin), and brought by whom."""

    at_hours: float
    brought_by: int


def joinings(
    people: int,
    k: float,
    seed: int,
    days: float,
    *,
    mood: float = MOOD,
    seeds: int | None = None,
) -> list[Joining]:
    """Return who joins when, in time order, until `people` have joined or `days` are over.

    `mood=math.inf` makes the number brought a plain Poisson. `seeds` come by themselves, evenly in
    the first third; by default as many as let the process reach about `people`. Who joins late has
    brought only those who came in time: what is returned is what an observer sees at the end.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable crowd, no secret
    hours = days * 24
    if seeds is None:
        seeds = max(12, round(people * (1 - k))) if k < 1 else max(12, round(people * 0.05))
    arrivals = [(chance.random() * hours / 3, -1) for _ in range(min(seeds, people))]
    heapq.heapify(arrivals)
    joined: list[Joining] = []
    while arrivals and len(joined) < people:
        at, brought_by = heapq.heappop(arrivals)
        if at > hours:
            break
        number = len(joined)
        joined.append(Joining(at, brought_by))
        factor = 1.0 if math.isinf(mood) else chance.gammavariate(mood, 1 / mood)
        for _ in range(_poisson(chance, k * factor)):
            delay = chance.lognormvariate(math.log(DELAY_MEDIAN_HOURS), DELAY_SIGMA)
            heapq.heappush(arrivals, (at + delay, number))
    return joined


def grow(people: int, k: float, seed: int, begins: datetime, days: float) -> list[Move]:
    """Return the moves of a crowd with the given K, in time order, parents before children.

    When `people` have joined before `days` are over the whole story is moved later, so that its
    last joining is at `begins + days`: the moment it is looked at must be the moment it was cut,
    or those who were still to come would look as if they had stayed away. Onlookers have numbers
    from `people` on.
    """
    joined = joinings(people, k, seed, days)
    chance = random.Random(seed ^ 0x5EED)  # noqa: S311
    late = max(0.0, days * 24 - joined[-1].at_hours) if len(joined) == people else 0.0
    ends = begins + timedelta(days=days)
    brings = {joining.brought_by for joining in joined}
    channels: list[str] = []
    moves: list[Move] = []
    onlooker = people
    for number, joining in enumerate(joined):
        at = begins + timedelta(hours=joining.at_hours + late)
        host = joining.brought_by if joining.brought_by >= 0 else None
        channel = _channel(chance) if host is None else chance.choice(SHARING)
        channels.append(channel)
        moves += _story(chance, number, at, host, channel, shares=number in brings)
        for _ in range(_poisson(chance, ONLOOKERS)):
            seen = at + timedelta(seconds=chance.expovariate(1 / 1800))
            moves.append(Move(seen, onlooker, "view", host, channel))
            if chance.random() < 0.3:  # noqa: PLR2004 - the share that presses and thinks better
                moves.append(Move(seen + timedelta(seconds=9), onlooker, "press", host, channel))
            onlooker += 1
    return sorted((move for move in moves if move.at <= ends), key=lambda move: move.at)


def _story(
    chance: random.Random,
    person: int,
    at: datetime,
    host: int | None,
    channel: str,
    *,
    shares: bool,
) -> Iterator[Move]:
    # Joining is the moment that counts, so what leads to it lies before it, within seconds; a
    # host's own quest and link always stand before anybody comes by them.
    yield Move(at - timedelta(seconds=2), person, "view", host, channel)
    yield Move(at - timedelta(seconds=1), person, "press", host, channel)
    if host is not None:
        yield Move(at, person, "support", host, channel)
    starts = host is None or shares or chance.random() < 0.5  # noqa: PLR2004 - half go on
    if starts:
        yield Move(at + timedelta(milliseconds=200), person, "start", host, channel)
    if shares or (starts and chance.random() < 0.25):  # noqa: PLR2004 - shared in vain
        yield Move(at + timedelta(milliseconds=400), person, "share", host, channel)


def _channel(chance: random.Random) -> str:
    draw = chance.random()
    for channel, share in CHANNELS:
        draw -= share
        if draw < 0:
            return channel
    return CHANNELS[0][0]


def _poisson(chance: random.Random, mean: float) -> int:
    # Knuth's product of uniforms; means here are small.
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
