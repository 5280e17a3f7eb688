"""The walk: a list of moves carried out over HTTP, many at once, each person's in their order.

A move waits for its own person's last move and for the host's, and for nothing else. Moves are
taken in the order of the list, so whatever a move waits for has begun before it: nothing can wait
for ever.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from banyan.app.crowd.merchant import Merchant
from banyan.app.crowd.people import MOST_PEOPLE, Face, face_of
from banyan.app.crowd.phone import Phone
from banyan.app.crowd.population import Move
from banyan.app.crowd.wire import Answer, Wire

Tell = Callable[[int], None]

_SIGNED_IN_AT_ONCE = 1000


@dataclass
class Told:
    """What the crowd was answered."""

    quests: int = 0
    counted: int = 0
    not_counted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    grants: Counter[str] = field(default_factory=Counter)
    joined: set[int] = field(default_factory=set)
    brought: set[int] = field(default_factory=set)
    sharers: set[int] = field(default_factory=set)

    def support(self, answer: Answer, guest: int) -> None:
        """Note the answer to a support."""
        if answer.status >= 400:  # noqa: PLR2004 - RFC 9110
            self.refused[answer.code or str(answer.status)] += 1
            return
        for given in answer.body["grants"]:
            self.grants[given["id"]] += 1
        if answer.body["counted"]:
            self.counted += 1
            self.brought.add(guest)
            self.joined.add(guest)
        else:
            self.not_counted[answer.body["reason"]] += 1


class Walk:
    """A crowd on its way through one campaign."""

    def __init__(
        self,
        wire: Wire,
        merchant: Merchant,
        links: dict[str, str],
        *,
        seed: int,
        codes_for: int,
        at_once: int,
    ) -> None:
        """Send people in by the merchant's `links` (code by channel).

        The first `codes_for` people prove their number by a one-time code read from the outbox;
        the rest are signed in by the sandbox.
        """
        self.told = Told()
        self._wire = wire
        self._merchant = merchant
        self._links = links
        self._seed = seed
        self._codes_for = codes_for
        self._places = asyncio.Semaphore(at_once)
        self._phones: dict[int, Phone] = {}
        self._last: dict[int, asyncio.Task[None]] = {}

    async def go(self, moves: Sequence[Move], tell: Tell) -> None:
        """Carry out every move; `tell` is called with 1 after each.

        Raises `Unexpected` for an answer that no rule explains.
        """
        await self._sign_in(moves)
        async with asyncio.TaskGroup() as group:
            for move in moves:
                await self._places.acquire()
                waits = [
                    task
                    for person in (move.person, move.host)
                    if person is not None and (task := self._last.get(person)) is not None
                ]
                task = group.create_task(self._one(move, waits, tell))
                self._last[move.person] = task

    async def _one(self, move: Move, waits: list[asyncio.Task[None]], tell: Tell) -> None:
        try:
            for task in waits:
                await asyncio.wait([task])
            await self._do(move)
            tell(1)
        finally:
            self._places.release()

    async def _do(self, move: Move) -> None:
        match move.kind:
            case "view":
                await self._view(move)
            case "press":
                await self._press(move)
            case "start":
                await self._start(move)
            case "share":
                await self._share(move)
            case "support":
                await self._support(move)

    def _code(self, move: Move) -> str | None:
        """Return the link by which they come; None when the host never got one."""
        if move.host is not None:
            return self._phones[move.host].share_code
        return self._links.get(move.channel) or next(iter(self._links.values()))

    async def _view(self, move: Move) -> None:
        if (code := self._code(move)) is not None:
            await self._phones[move.person].open(code, move.at)

    async def _press(self, move: Move) -> None:
        if (code := self._code(move)) is not None:
            await self._phones[move.person].tell(code, "press", move.at)

    async def _start(self, move: Move) -> None:
        code = self._code(move)
        if code is None:
            return
        answer = await self._phones[move.person].start(code, move.at)
        if answer.status < 400:  # noqa: PLR2004 - RFC 9110
            self.told.quests += 1
            self.told.joined.add(move.person)
        else:
            self.told.refused[answer.code or str(answer.status)] += 1

    async def _share(self, move: Move) -> None:
        phone = self._phones[move.person]
        if phone.share_code is not None:
            await phone.share(move.at)
            self.told.sharers.add(move.person)

    async def _support(self, move: Move) -> None:
        if move.host is None:
            msg = "a support needs a host"
            raise ValueError(msg)
        host = self._phones[move.host]
        if host.quest_id is None or host.share_code is None:
            self.told.refused["host_has_no_quest"] += 1
            return
        phone = self._phones[move.person]
        answer = await phone.support(host.quest_id, host.share_code, move.at)
        self.told.support(answer, move.person)

    async def _sign_in(self, moves: Sequence[Move]) -> None:
        """Give everybody a phone; whoever takes part is signed in, the others only look."""
        first: dict[int, datetime] = {}
        for move in moves:
            if move.person not in self._phones:
                face = face_of(move.person, self._seed)
                self._phones[move.person] = Phone(self._wire, face)
            if move.kind in {"start", "support"}:
                first.setdefault(move.person, move.at)
        people = sorted(first)
        if not people:
            return
        await self._prove(people[: self._codes_for])
        rest = people[self._codes_for :]
        for start in range(0, len(rest), _SIGNED_IN_AT_ONCE):
            piece = rest[start : start + _SIGNED_IN_AT_ONCE]
            faces: list[Face] = [self._phones[person].face for person in piece]
            signed = await self._merchant.sign_in_all(faces, min(first[p] for p in piece))
            for person, (_, token) in zip(piece, signed, strict=True):
                self._phones[person].cookies["byp"] = token
        await self._lend_the_clock(first)

    async def _lend_the_clock(self, first: dict[int, datetime]) -> None:
        """Let those who only look have the simulated time too.

        A page view carries the time it is told only by right of a participant of a sandbox. A
        visitor is known by another cookie, so lending that right makes nobody a participant.
        """
        teller = face_of(MOST_PEOPLE - 1, self._seed)
        ((_, token),) = await self._merchant.sign_in_all([teller], min(first.values()))
        for phone in self._phones.values():
            phone.cookies.setdefault("byp", token)

    async def _prove(self, people: list[int]) -> None:
        """Ask for codes, read them from the outbox, and sign in, all by the public way."""
        code = next(iter(self._links.values()))
        for start in range(0, len(people), 50):
            piece = [self._phones[person] for person in people[start : start + 50]]
            await asyncio.gather(*(phone.ask_code(code, None) for phone in piece))
            codes = await self._merchant.codes({phone.face.phone_masked for phone in piece})
            # Who names a moment when they sign in may name one later on, as everybody's story needs.
            now = datetime.now(UTC)
            await asyncio.gather(
                *(phone.sign_in(code, codes[phone.face.phone_masked], now) for phone in piece)
            )
