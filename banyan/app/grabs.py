"""The hot path of red packets: `POST /api/public/campaigns/{link}/grabs`, a bare ASGI handler.

Whoever waits is carried out together in one transaction, as supports are. “You have one already”
and “all gone” are answered from memory once they are known (`takers`), so that whoever comes too
late, or presses again, never reaches the database.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banyan import links
from banyan.app.hot import DOWN, Answers, Group, committed
from banyan.app.takers import Kept, Takers
from banyan.campaigns import (
    SOLD_OUT,
    UNKNOWN_LINK,
    GrabRequest,
    GrabView,
    again,
    grab,
    surface_of,
    takers_of,
)
from banyan.kernel.asgi import Receive, Reply, Scope, Send, asked_time, header, over_asgi
from banyan.kernel.batch import Batch, Failed
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.links import KnownLink
from banyan.people import participant_from

PREFIX, SUFFIX = "/api/public/campaigns/", "/grabs"
GATHERING = 0.25
"""A set of 250 grabs costs little more than one of 125, and the packet is locked for each."""
encode = msgspec.json.Encoder().encode
_GONE = encode(SOLD_OUT)


class Place(NamedTuple):
    """What a link says of a packet."""

    workspace_id: UUID
    campaign_id: UUID
    quest_id: UUID | None
    channel: str


class _Hot:
    """What the handler of this process stands on."""

    batch: Batch[Group, GrabRequest, GrabView | Refused]
    takers: Takers
    answers: Answers


_hot = _Hot()
_places: dict[str, Place] = {}
_PLACES_MOST = 50_000


def is_grab(path: str) -> bool:
    """Whether the request is for this handler."""
    return path.endswith(SUFFIX) and path.startswith(PREFIX)


def run_grabs(group: Group, requests: list[GrabRequest]) -> Sequence[GrabView | Refused]:
    """Carry out grabs of one workspace in one transaction."""
    return committed(group, lambda work, again: grab(work, requests, is_careful=again))


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of grabs and its memory; on the way out, answer who still waits.

    `BANYAN_GRAB_BATCH` is the most in one transaction.
    """
    _hot.batch = Batch[Group, GrabRequest, "GrabView | Refused"](
        run_grabs,
        most=int(os.environ.get("BANYAN_GRAB_BATCH") or 512),
        common=DOWN,
        in_loop=True,
        gathering=GATHERING,
    )
    _hot.takers, _hot.answers = Takers(), Answers(settings)
    _places.clear()
    try:
        yield
    finally:
        await _hot.answers.close()
        await _hot.batch.close()


def take_grab(scope: Scope, _body: bytes, reply: Reply) -> None:
    """Answer one grab: 201 with its outcome, or the problem that kept it from being asked.

    The link and the cookie say everything.
    """
    code: str = scope["path"][len(PREFIX) : -len(SUFFIX)]
    try:
        place = _places.get(code) or _place_of(links.link_table().known(code))
        if place is None:
            _hot.answers.beside(_looked_up(scope, code, reply))
        else:
            _ask(scope, place, reply)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is told
        reply(*_hot.answers.refused(scope, error))


async def handle_grab(scope: Scope, receive: Receive, send: Send) -> None:
    """Do what `take_grab` does, for a request that came by ASGI."""
    _ = receive
    await over_asgi(take_grab, scope, send)


async def _looked_up(scope: Scope, code: str, reply: Reply) -> None:
    try:
        _ask(scope, await _look_up(code), reply)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is told
        reply(*_hot.answers.refused(scope, error))


def _ask(scope: Scope, place: Place, reply: Reply) -> None:
    """Answer from memory, or ask the batch. Raises Refused."""
    participant = participant_from(scope)
    if participant is None or participant.workspace_id != place.workspace_id:
        raise Refused(NOT_SIGNED_IN)
    campaign_id, person_id = place.campaign_id, participant.person_id
    is_known, kept = _hot.takers.find(campaign_id, person_id)
    if is_known and kept is None:
        reply(_hot.answers.created, _GONE)
        return
    key = header(scope, b"idempotency-key") or None
    if kept is not None:
        reply(_hot.answers.created, encode(again(key, kept.request_key, kept.share)))
        return
    if key is not None and not (len(key) <= KEY_MOST_CHARACTERS and key.isprintable()):
        raise Refused(KEY_INVALID)

    def told(outcome: GrabView | Refused | Failed) -> None:
        if isinstance(outcome, GrabView):
            _learn(place, person_id, key, outcome)
            reply(_hot.answers.created, encode(outcome))
        else:
            error = outcome.error if isinstance(outcome, Failed) else outcome
            reply(*_hot.answers.refused(scope, error))

    _hot.batch.put(
        (place.workspace_id, asked_time(scope) if participant.may_set_clock else None),
        GrabRequest(
            campaign_id,
            person_id,
            place.quest_id,
            place.channel,
            _surface(header(scope, b"user-agent")),
            key,
        ),
        told,
    )


_surface = lru_cache(maxsize=4096)(surface_of)


async def _look_up(code: str) -> Place:
    """Return what the link says. Raises the refusal `unknown_link`."""
    place = _place_of(await links.link_table().find(code))
    if place is None:
        raise Refused(UNKNOWN_LINK)
    return place


def _place_of(link: KnownLink | None) -> Place | None:
    """Return what a link says, and remember it: links never change."""
    if link is None:
        return None
    if len(_places) >= _PLACES_MOST:
        _places.clear()
    place = Place(link.workspace_id, link.campaign_id, link.quest_id, link.channel)
    _places[link.code] = place
    return place


def _learn(place: Place, person_id: UUID, key: str | None, outcome: GrabView) -> None:
    """Remember what this outcome says for ever."""
    if outcome.share is not None:
        # Another key than the one that took it: which one that was is the database's to say.
        if outcome.counted:
            _hot.takers.note(place.campaign_id, person_id, Kept(key, outcome.share))
    elif outcome.reason == SOLD_OUT.reason and not _hot.takers.knows_empty(place.campaign_id):
        _hot.answers.beside(_learn_empty(place), f"learn {place.campaign_id}")


async def _learn_empty(place: Place) -> None:
    """Read once who has a share of an empty packet; from then on nobody asks the database."""

    def read() -> dict[UUID, Any]:
        with unit_of_work(place.workspace_id, SYSTEM) as work:
            found = takers_of(work, place.campaign_id)
        return {person: Kept(key, share) for person, (key, share) in found.items()}

    try:
        everybody = await asyncio.to_thread(read)
    except (*DOWN, Refused):
        return  # asked again by whoever comes next
    _hot.takers.note_empty(place.campaign_id, everybody)
