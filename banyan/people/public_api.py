"""Routes: a participant's own birthday, and whether they may be written to, if they like."""

from typing import Annotated

import msgspec
from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.people.birthdays import Birthday, birthdays, drop_birthday, give_birthday
from banyan.people.guests import Guest, Participant
from banyan.people.messaging import agree_to_messages, agreed_to_messages, stop_messages

PARTICIPANT = {"audience": "participant", "permission": None}
NoticeVersion = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class MyBirthday(msgspec.Struct, frozen=True):
    """My birthday; both null while I have not given it."""

    month: int | None
    day: int | None


class GivenBirthday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Month and day, and the notice I agreed to in giving them."""

    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=31)]
    notice_version: NoticeVersion


class MyMessages(msgspec.Struct, frozen=True):
    """Whether I agree to be written to about campaigns."""

    agreed: bool


class MessagesAgreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The notice I agreed to."""

    notice_version: NoticeVersion


def _me(guest: Guest) -> Participant:
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    return guest.participant


@get("/api/public/me/birthday", opt=PARTICIPANT, sync_to_thread=True)
def read_birthday(guest: NamedDependency[Guest]) -> MyBirthday:
    """Return my birthday, if I gave it."""
    me = _me(guest)
    with guest.work(me.workspace_id) as work:
        known = birthdays(work, [me.person_id]).get(me.person_id)
    return MyBirthday(*known) if known else MyBirthday(None, None)


@put("/api/public/me/birthday", opt=PARTICIPANT, sync_to_thread=True)
def keep_birthday(guest: NamedDependency[Guest], data: JSONBody[GivenBirthday]) -> MyBirthday:
    """Keep my birthday, encrypted and without a year; another one can follow in a year."""
    me = _me(guest)
    given = Birthday(data.month, data.day)
    with guest.work(me.workspace_id) as work:
        give_birthday(work, me.person_id, given, data.notice_version)
    return MyBirthday(*given)


@delete("/api/public/me/birthday", opt=PARTICIPANT, status_code=204, sync_to_thread=True)
def delete_birthday(guest: NamedDependency[Guest]) -> None:
    """Delete my birthday."""
    me = _me(guest)
    with guest.work(me.workspace_id) as work:
        drop_birthday(work, me.person_id)


@get("/api/public/me/messages", opt=PARTICIPANT, sync_to_thread=True)
def read_messages(guest: NamedDependency[Guest]) -> MyMessages:
    """Return whether I agree to be written to about campaigns."""
    me = _me(guest)
    with guest.work(me.workspace_id) as work:
        return MyMessages(bool(agreed_to_messages(work, [me.person_id])))


@put("/api/public/me/messages", opt=PARTICIPANT, sync_to_thread=True)
def agree(guest: NamedDependency[Guest], data: JSONBody[MessagesAgreed]) -> MyMessages:
    """Agree to be written to about campaigns, until I take it back."""
    me = _me(guest)
    with guest.work(me.workspace_id) as work:
        agree_to_messages(work, me.person_id, data.notice_version)
    return MyMessages(agreed=True)


@delete("/api/public/me/messages", opt=PARTICIPANT, status_code=204, sync_to_thread=True)
def stop(guest: NamedDependency[Guest]) -> None:
    """Be written to no more."""
    me = _me(guest)
    with guest.work(me.workspace_id) as work:
        stop_messages(work, me.person_id)


routes: list[ControllerRouterHandler] = [
    *(read_birthday, keep_birthday, delete_birthday),
    *(read_messages, agree, stop),
]
