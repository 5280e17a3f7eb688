"""Histories: real invitations read from files, and what must come of them, counted directly.

Two formats. *Group buying*: a line is `initiator, item, joiner, …`, one group. *Paths*: a line is
`cascade, author, unix seconds, count, path:seconds …`, where `a/b/c:60` says that c passed the
word on from b, 60 seconds after the author's first. Each becomes a list of `Invitation`s in the
order they happened; `expected` walks that list with plain dictionaries and no knowledge of the
product, so that a dashboard can be held against it.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple


class Invitation(NamedTuple):
    """`host` opened quest number `quest` (each its own), and `guest`, if any, came by its link."""

    at: datetime
    host: int
    quest: int
    guest: int | None


class History(NamedTuple):
    """One campaign's worth of invitations, in the order they happened."""

    name: str
    invitations: Sequence[Invitation]

    @property
    def people(self) -> set[int]:
        """Everybody who appears."""
        hosts = {invitation.host for invitation in self.invitations}
        return hosts | {i.guest for i in self.invitations if i.guest is not None}


class Expected(NamedTuple):
    """What the dashboard must show after a history has been played."""

    participants: int
    new_people: int
    brought: int
    quests: int
    counted: int
    hosts_who_brought: int
    generations: tuple[int, ...]
    parents: dict[int, int | None]
    generation: dict[int, int]


GROUPS_A_MOMENT = 500
MOMENT = timedelta(minutes=1)


def group_buying(folder: Path, groups: int, begins: datetime) -> list[History]:
    """Read `groups` groups, successes and failures mixed as the files hold them.

    The files tell the order and no times: 500 groups stand together in a moment, and a moment
    comes every minute.

    A person has one quest in a campaign, so everybody's first group is one history, their second
    the next, and so on: each group is a quest of its own. Raises FileNotFoundError when the files
    are not there.
    """
    won, lost = _groups(folder / "tune.txt.gz"), _groups(folder / "invalid.txt.gz")
    mixed = (next(won if _is_won(place) else lost, None) for place in range(groups))
    times: Counter[int] = Counter()
    waves: list[list[Invitation]] = []
    for place, group in enumerate(mixed):
        if group is None:
            break
        host, guests = group
        wave = times[host]
        times[host] += 1
        if wave == len(waves):
            waves.append([])
        at = begins + place // GROUPS_A_MOMENT * MOMENT
        steps: Sequence[int | None] = guests or [None]
        waves[wave] += [Invitation(at, host, place, guest) for guest in steps]
    return [History(f"wave {number}", steps) for number, steps in enumerate(waves, 1)]


def _is_won(place: int) -> bool:
    """Whether the group at `place` of the mix is one that succeeded.

    154,184 succeeded and 211,291 failed: 27 of 64 keeps their share without reading all.
    """
    of, won = 64, 27
    return place * won % of < won


def _groups(path: Path) -> Iterator[tuple[int, list[int]]]:
    with gzip.open(path, "rt", encoding="ascii") as lines:
        for line in lines:
            host, _item, *guests = map(int, line.split())
            yield host, guests


def passing_on(folder: Path, ends: datetime) -> list[History]:
    """Read the timed paths, one history a cascade, moved so that the last step is at `ends`.

    Raises FileNotFoundError when the file is not there.
    """
    with (folder / "dataset.txt").open(encoding="ascii") as lines:
        read = [_cascade(line) for line in lines if line.strip()]
    later = ends - max(history.invitations[-1].at for history in read)
    return [
        History(name, [step._replace(at=step.at + later) for step in invitations])
        for name, invitations in read
    ]


def _cascade(line: str) -> History:
    name, author, published, _count, paths = line.rstrip("\n").split("\t")
    begins = datetime.fromtimestamp(int(published), UTC)
    steps: list[tuple[int, list[int]]] = []
    for path in paths.split(" "):
        people, _, seconds = path.rpartition(":")
        steps.append((int(seconds), [int(person) for person in people.split("/")]))
    steps.sort(key=lambda step: step[0])
    quests: dict[int, int] = {}
    joined = {int(author)}
    invitations = [Invitation(begins, int(author), quests.setdefault(int(author), 0), None)]
    for seconds, people in steps:
        # Somebody may pass the word on before their own step is listed; the path proves they had
        # it. A path that names one person twice in a row says no more than naming them once.
        for host, guest in pairwise(people):
            if guest not in joined:
                joined.add(guest)
                quest = quests.setdefault(host, len(quests))
                at = begins + timedelta(seconds=seconds)
                invitations.append(Invitation(at, host, quest, guest))
    return History(name, invitations)


def expected(invitations: Iterable[Invitation], known: AbstractSet[int] = frozenset()) -> Expected:
    """Count directly what a campaign that plays `invitations` must show.

    New are those brought by somebody whom the merchant did not know (`known`) before it began.

    The first time somebody appears decides who brought them. Somebody counts for a quest once,
    never for their own, and never for the quest of somebody below them: whom they brought or whose
    help counted for them, directly or not.
    """
    parents: dict[int, int | None] = {}
    hosts: dict[int, set[int]] = {}
    generation: dict[int, int] = {}
    quests: set[int] = set()
    counted: set[tuple[int, int]] = set()
    brought: set[int] = set()
    for _at, host, quest, guest in invitations:
        if host not in parents:
            parents[host] = None
            generation[host] = 0
        quests.add(quest)
        if guest is None or guest in _line(hosts, host):
            continue
        counted.add((quest, guest))
        hosts.setdefault(guest, set()).add(host)
        if guest not in parents:
            parents[guest] = host
            generation[guest] = generation[host] + 1
            brought.add(host)
    sizes = [0] * (max(generation.values(), default=-1) + 1)
    for depth in generation.values():
        sizes[depth] += 1
    return Expected(
        participants=len(parents),
        new_people=sum(
            parent is not None and person not in known for person, parent in parents.items()
        ),
        brought=sum(parent is not None for parent in parents.values()),
        quests=len(quests),
        counted=len(counted),
        hosts_who_brought=len(brought),
        generations=tuple(sizes),
        parents=parents,
        generation=generation,
    )


def _line(hosts: Mapping[int, AbstractSet[int]], person: int) -> set[int]:
    """Return `person` and everybody above them."""
    line, waiting = {person}, [person]
    while waiting:
        above = hosts.get(waiting.pop(), frozenset()) - line
        line |= above
        waiting.extend(above)
    return line


def in_circles(invitations: Iterable[Invitation]) -> set[int]:
    """Return everybody who might stand in a circle of people who invite each other.

    Which help in a circle comes last, and does not count, depends on the order; no other does.
    """
    guests: dict[int, set[int]] = {}
    hosts: dict[int, set[int]] = {}
    for _at, host, _quest, guest in invitations:
        if guest is not None and guest != host:
            guests.setdefault(host, set()).add(guest)
            hosts.setdefault(guest, set()).add(host)
    # Whoever nobody invited, or who invited nobody, closes no circle: take them away, again and
    # again.
    ends = [*(guests.keys() - hosts.keys()), *(hosts.keys() - guests.keys())]
    while ends:
        end = ends.pop()
        for mine, theirs in ((guests, hosts), (hosts, guests)):
            for other in mine.pop(end, ()):
                theirs[other].discard(end)
                if not theirs[other]:
                    del theirs[other]
                    ends.append(other)
    return guests.keys() & hosts.keys()
