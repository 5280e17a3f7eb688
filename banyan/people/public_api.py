"""Routes: a participant's own birthday, if they like to give it."""

from typing import Annotated

import msgspec
from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.people.birthdays import Birthday, birthdays, drop_birthday, give_birthday
from banyan.people.guests import Guest, Participant

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


routes: list[ControllerRouterHandler] = [read_birthday, keep_birthday, delete_birthday]
