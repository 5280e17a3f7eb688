"""Guests: who stands behind a public request, known by two signed cookies and no look-up.

`byv` names the browser (a visitor); `byp` names the person in one workspace, after a one-time
code. Both are checked in microseconds, so the hot paths can afford them.
"""

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID, uuid4

from banyan.kernel.asgi import Scope, asked_time, client_ip, header, language_of
from banyan.kernel.auth import signer
from banyan.kernel.cookies import read_cookie, read_cookies, set_cookie
from banyan.kernel.ids import id_of
from banyan.kernel.work import Actor, Work, unit_of_work

VISITOR_COOKIE = "byv"
PARTICIPANT_COOKIE = "byp"
VISITOR_SECONDS = 400 * 86_400
PARTICIPANT_SECONDS = 90 * 86_400

_ID_BYTES = 16
_MAY_SET_CLOCK = 1


class Participant(NamedTuple):
    """A person who proved a phone number, in one workspace."""

    workspace_id: UUID
    person_id: UUID
    may_set_clock: bool = False
    """Whether `Banyan-Time` counts for this person; only ever given in a sandbox."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever sent a public request."""

    visitor_id: UUID
    is_new_visitor: bool
    """No valid visitor cookie came: the answer should set one (`visitor_cookie`)."""
    participant: Participant | None
    asked_time: datetime | None
    language: str
    ip: str
    clock_workspace_id: UUID | None = None
    """The sandbox whose clock this request may set by its API key."""

    def person_in(self, workspace_id: UUID) -> UUID | None:
        """Return the person this guest is in `workspace_id`, None for a mere visitor there."""
        known = self.participant
        return known.person_id if known and known.workspace_id == workspace_id else None

    def actor_in(self, workspace_id: UUID) -> Actor:
        """Return the actor of what this guest does in `workspace_id`."""
        person_id = self.person_in(workspace_id)
        return Actor("person", person_id) if person_id else Actor("visitor", self.visitor_id)

    def now_in(self, workspace_id: UUID) -> datetime | None:
        """Return the simulated moment if this guest may set it there, else None: the clock's."""
        if self.asked_time is None:
            return None
        known = self.participant
        if known and known.may_set_clock and known.workspace_id == workspace_id:
            return self.asked_time
        return self.asked_time if self.clock_workspace_id == workspace_id else None

    def work(self, workspace_id: UUID) -> AbstractContextManager[Work]:
        """Open a unit of work in `workspace_id` as this guest."""
        return unit_of_work(workspace_id, self.actor_in(workspace_id), self.now_in(workspace_id))


def guest_from(scope: Scope, clock_workspace_id: UUID | None = None) -> Guest:
    """Return the guest behind an ASGI request. Never fails: a bad cookie is no cookie."""
    cookies = read_cookies(header(scope, b"cookie"))
    visitor = signer(VISITOR_COOKIE).verify(cookies.get(VISITOR_COOKIE))
    known = visitor is not None and len(visitor) == _ID_BYTES
    return Guest(
        visitor_id=UUID(bytes=visitor) if visitor and known else uuid4(),
        is_new_visitor=not known,
        participant=_participant(cookies.get(PARTICIPANT_COOKIE)),
        asked_time=asked_time(scope),
        language=language_of(scope),
        ip=client_ip(scope),
        clock_workspace_id=clock_workspace_id,
    )


def participant_from(scope: Scope) -> Participant | None:
    """Return who is signed in, and nothing else of the guest: for paths that must be quick."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            return _participant(read_cookie(value, PARTICIPANT_COOKIE))
    return None


def visitor_token(visitor_id: UUID) -> str:
    """Return the value of the visitor cookie."""
    expires_at = time.time() + VISITOR_SECONDS
    return signer(VISITOR_COOKIE).sign(visitor_id.bytes, expires_at=expires_at)


def visitor_cookie(visitor_id: UUID) -> str:
    """Return the `Set-Cookie` header that makes a browser this visitor."""
    return set_cookie(VISITOR_COOKIE, visitor_token(visitor_id), seconds=VISITOR_SECONDS)


def participant_token(participant: Participant) -> str:
    """Return the value of the participant cookie."""
    payload = (
        participant.workspace_id.bytes
        + participant.person_id.bytes
        + bytes([_MAY_SET_CLOCK if participant.may_set_clock else 0])
    )
    return signer(PARTICIPANT_COOKIE).sign(payload, expires_at=time.time() + PARTICIPANT_SECONDS)


def participant_cookie(participant: Participant) -> str:
    """Return the `Set-Cookie` header that signs a person in on one browser."""
    token = participant_token(participant)
    return set_cookie(PARTICIPANT_COOKIE, token, seconds=PARTICIPANT_SECONDS)


def _participant(token: str | bytes | None) -> Participant | None:
    payload = signer(PARTICIPANT_COOKIE).verify(token)
    if payload is None or len(payload) != 2 * _ID_BYTES + 1:
        return None
    return Participant(
        _workspace(payload[:_ID_BYTES]),
        id_of(int.from_bytes(payload[_ID_BYTES : 2 * _ID_BYTES])),
        bool(payload[-1] & _MAY_SET_CLOCK),
    )


@lru_cache(4096)
def _workspace(raw: bytes) -> UUID:
    return UUID(bytes=raw)
