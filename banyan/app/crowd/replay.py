"""The replay: real invitations sent through the HTTP API, then the dashboard held against them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from banyan.app.crowd.histories import Expected, History, expected, in_circles
from banyan.app.crowd.merchant import Merchant
from banyan.app.crowd.people import MOST_PEOPLE, face_of
from banyan.app.crowd.phone import Phone
from banyan.app.crowd.wire import Unexpected, Wire
from banyan.kernel.ids import new_id

HELP_POINTS = "thanks"
HELP_COST_MINOR = 1
TERMS = {"zh": "自领取之日起 30 天内有效，不可兑换现金。", "en": "Valid for 30 days, not for cash."}

_MOST = 100
_MOST_NODES = 20_000
"""What one answer with a tree holds."""
_HOURS = 2160


class Difference(NamedTuple):
    """A figure as the files and as the dashboard tell it."""

    what: str
    counted: object
    shown: object


def plan(name: str, ends: datetime, people: int, play: str) -> dict[str, Any]:
    """Return the definition under which histories are played: everybody may help, none is capped.

    A group has few places, so group buying is an assist; a word can be passed on to any number,
    so paths are a referral.
    """
    plays: dict[str, dict[str, Any]] = {
        "assist": {
            "helpers_needed": _MOST,
            "offer": "together",
            "helper_offer": HELP_POINTS,
            "hours_to_finish": _HOURS,
            "new_people_only": False,
            "helps_per_person": _MOST,
            "quests_per_person": 1,
        },
        "referral": {
            "tiers": [],
            "friend_offer": HELP_POINTS,
            "reward_cap_per_person": 1,
            "new_people_only": False,
            "hours_to_finish": None,
        },
    }
    return {
        "name": name,
        "period": {"starts_at": None, "ends_at": (ends + timedelta(days=60)).isoformat()},
        "budget": {"total_minor": 10 * people * HELP_COST_MINOR + 1000},
        "play": {"key": play, "settings": plays[play]},
        "offers": [
            _points("together", "同行积分", "Together points"),
            _points(HELP_POINTS, "感谢积分", "Thank-you points"),
        ],
        "surfaces": ["own_web"],
        "channels": ["web"],
        "page": {
            "title": {"zh": name, "en": name},
            "blocks": [{"kind": "hero"}, {"kind": "action"}, {"kind": "rules"}],
        },
        "host": {"name": "山茶咖啡", "contact": "021-6000 0000"},
    }


def _points(key: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "points",
        "name": {"zh": zh, "en": en},
        "points": 1,
        "cost_minor": HELP_COST_MINOR,
        "terms": TERMS,
    }


class Replay:
    """One history on its way through one campaign."""

    def __init__(
        self, wire: Wire, merchant: Merchant, *, play: str, seed: int, at_once: int
    ) -> None:
        """Play under `play`, with at most `at_once` steps under way at a time."""
        self._play_key = play
        self._wire = wire
        self._merchant = merchant
        # Nobody of another run, nor of this one played before: who is known already is not new.
        self._seed = f"{seed}/{new_id()}"
        self._places = asyncio.Semaphore(at_once)
        self._persons: dict[int, str] = {}
        self._tokens: dict[int, str] = {}
        self._met_at: dict[int, datetime] = {}
        self._quests: dict[int, tuple[str, str]] = {}
        self._last: dict[int, asyncio.Task[None]] = {}
        self.counted = 0
        self.grants: set[str] = set()
        self.summaries: list[str] = []
        self.compared: list[tuple[str, Difference]] = []
        """Every figure held against the files, with the history's name."""

    async def play(
        self, history: History, tell: Callable[[int], None], listen: Callable[[str], None]
    ) -> list[Difference]:
        """Play `history` and return every difference between files, answers and dashboard."""
        self._quests.clear()
        self._last.clear()
        self.counted = 0
        self.grants.clear()
        first = history.invitations[0].at
        # Histories overlap in time: known is who was met before this one began.
        known = frozenset(person for person, met in self._met_at.items() if met < first)
        said = plan(f"回放 {history.name}", datetime.now(UTC), len(history.people), self._play_key)
        campaign_id = await self._merchant.announce(said, first)
        # After it went live and at the same moment, so that whoever is met now is new.
        await self._sign_in(history, first, listen)
        link = next(iter((await self._merchant.links(campaign_id)).values()))
        listen("playing")
        begun: set[int] = set()
        circles = in_circles(history.invitations)
        in_circle: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            for invitation in history.invitations:
                await self._places.acquire()
                host, guest = invitation.host, invitation.guest
                waits = [
                    task
                    for one in (host, guest)
                    if one is not None and (task := self._last.get(one)) is not None
                ]
                closes = host in circles and guest in circles
                waits += in_circle if closes else []
                task = group.create_task(self._step(invitation, link, waits, tell))
                if closes:
                    in_circle = [task]
                # What a step depends on is who brought its host and its guest, and the host's
                # quest: two guests of one host need not wait for each other.
                if invitation.quest not in begun:
                    begun.add(invitation.quest)
                    self._last[host] = task
                if guest is not None:
                    self._last[guest] = task
        listen("comparing")
        counted = expected(history.invitations, known)
        self.summaries.append(
            f"{history.name}: {counted.quests} quests, {counted.counted} supports, "
            f"{counted.participants} participants, generations {list(counted.generations)}"
        )
        compared = [d async for d in self._compared(campaign_id, counted)]
        self.compared += [(history.name, pair) for pair in compared]
        return [pair for pair in compared if pair.counted != pair.shown]

    async def _sign_in(self, history: History, at: datetime, listen: Callable[[str], None]) -> None:
        fresh = sorted(history.people - self._tokens.keys())
        start = len(self._tokens)
        if start + len(fresh) > MOST_PEOPLE:
            msg = f"at most {MOST_PEOPLE} people"
            raise ValueError(msg)
        listen(f"signing {len(fresh)} people in")
        faces = [face_of(start + place, self._seed) for place in range(len(fresh))]
        signed = await self._merchant.sign_in_all(faces, at)
        for person, (person_id, token) in zip(fresh, signed, strict=True):
            self._persons[person] = person_id
            self._tokens[person] = token
            self._met_at[person] = at

    async def _step(
        self,
        invitation: Any,
        link: str,
        waits: list[asyncio.Task[None]],
        tell: Callable[[int], None],
    ) -> None:
        try:
            for task in waits:
                await asyncio.wait([task])
            if invitation.quest not in self._quests:
                host = self._phone(invitation.host)
                answer = await host.start(link, invitation.at)
                if host.quest_id is None or host.share_code is None:
                    msg = f"quest {invitation.quest}: {answer.status} {answer.body}"
                    raise Unexpected(msg)
                self._quests[invitation.quest] = host.quest_id, host.share_code
            if invitation.guest is not None:
                quest_id, code = self._quests[invitation.quest]
                guest = self._phone(invitation.guest)
                answer = await guest.support(quest_id, code, invitation.at)
                if answer.status >= 400:  # noqa: PLR2004 - RFC 9110
                    msg = f"support: {answer.status} {answer.body}"
                    raise Unexpected(msg)
                self.counted += answer.body["counted"]
                self.grants.update(given["id"] for given in answer.body["grants"])
            tell(1)
        finally:
            self._places.release()

    def _phone(self, person: int) -> Phone:
        phone = Phone(self._wire, face_of(0, self._seed))
        phone.cookies["byp"] = self._tokens[person]
        return phone

    async def _compared(self, campaign_id: str, counted: Expected) -> AsyncIterator[Difference]:
        numbers = await self._merchant.settled_numbers(campaign_id, counted.participants)
        tree = await self._merchant.tree(campaign_id, min(counted.participants + 1, _MOST_NODES))
        rows = await self._merchant.participants(campaign_id)
        yielding = chain(self._pairs(counted, numbers, tree), self._people(counted, rows))
        for what, true, shown in yielding:
            yield Difference(what, true, shown)

    def _pairs(
        self, counted: Expected, numbers: dict[str, Any], tree: dict[str, Any]
    ) -> Iterator[tuple[str, object, object]]:
        yield "supports counted, as answered", counted.counted, self.counted
        yield "thanks given, as answered", counted.counted, len(self.grants)
        yield "participants", counted.participants, numbers["participants"]
        yield "new people", counted.new_people, numbers["new_people"]
        yield "generations", list(counted.generations), list(numbers["generations"])
        yield "cost", counted.counted * HELP_COST_MINOR, numbers["cost_minor"]
        yield "spent", counted.counted * HELP_COST_MINOR, numbers["budget"]["spent_minor"]
        yield "tree size", counted.participants, tree["total"]
        shown = {node[0]: node for node in tree["nodes"]}
        parents = {
            self._persons[child]: parent and self._persons[parent]
            for child, parent in counted.parents.items()
        }
        ids = [node[0] for node in tree["nodes"]]
        told = {child: ids[node[1]] if node[1] >= 0 else None for child, node in shown.items()}
        wrong = sum(parents[child] != parent for child, parent in told.items())
        yield "who brought whom in the tree", 0, wrong
        yield "people in the tree", min(counted.participants, _MOST_NODES), len(told)
        k = numbers["k"]
        if k["value"] is not None and not k["censored"]:
            yield "K", round(counted.brought / counted.participants, 6), round(k["value"], 6)

    def _people(
        self, counted: Expected, rows: dict[str, tuple[int, int]]
    ) -> Iterator[tuple[str, object, object]]:
        """Compare generation and people brought of everybody, also past what a tree can hold."""
        brought = Counter(parent for parent in counted.parents.values() if parent is not None)
        true = {
            self._persons[person]: (counted.generation[person], brought[person])
            for person in counted.parents
        }
        yield "participants exported", len(true), len(rows)
        wrong = sum(rows.get(person) != told for person, told in true.items())
        yield "generation and people brought of each", 0, wrong
