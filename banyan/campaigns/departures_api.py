"""Departures over HTTP: a participant leaves a campaign; the merchant says who has left.

A merchant hears of a departure elsewhere (an account unfollowed, a number changed hands): a member
says so on the person's page, a program sends many at once with a key of the scope
`campaigns.write`, as a list or as CSV.
"""

import asyncio
import csv
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan import people, workspaces
from banyan.campaigns import queries
from banyan.campaigns.departures import PersonSupport, leave_campaign, supports_of
from banyan.campaigns.public_api import find_link
from banyan.campaigns.trying import until_first
from banyan.kernel.errors import NOT_FOUND, NOT_SIGNED_IN, Refused
from banyan.kernel.work import Work
from banyan.people import Guest
from banyan.workspaces import Caller

PARTICIPANT = {"audience": "participant", "permission": None}
READ = {"audience": "member", "permission": "people.read"}
WRITE = {"audience": "member", "permission": "campaigns.write"}

MOST: Final = 1000
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Phone = Annotated[str, msgspec.Meta(min_length=5, max_length=32)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Sheet = Annotated[str, msgspec.Meta(max_length=100_000)]


class LeaveCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which link the campaign is open that I leave."""

    link_code: Code


class Left(msgspec.Struct, frozen=True):
    """How many supports were taken back now; 0 when there was nothing left to take."""

    supports: int


class Leaver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has left: by id, or by the whole phone number."""

    person_id: UUID | None = None
    phone: Phone | None = None


class Departures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has left a campaign, and how that is known: a list, or the first column of a CSV."""

    reason: Reason
    people: Annotated[tuple[Leaver, ...], msgspec.Meta(max_length=MOST)] = ()
    csv: Sheet = ""


class Reported(msgspec.Struct, frozen=True):
    """What became of a report: people found, supports taken back now, and who is not known."""

    known: int
    supports: int
    unknown: list[str]
    """Row numbers, from 1, of whoever the shop does not know: never their numbers."""


class PersonSupports(msgspec.Struct, frozen=True):
    """Where somebody's support counted."""

    items: list[PersonSupport]


@post("/api/public/departures", opt=PARTICIPANT, status_code=200)
async def leave_this(guest: NamedDependency[Guest], data: JSONBody[LeaveCampaign]) -> Left:
    """Leave the campaign of this link: my supports are taken back; a repeat changes nothing."""
    link = await find_link(data.link_code)
    person_id = guest.person_in(link.workspace_id)
    if person_id is None:
        raise Refused(NOT_SIGNED_IN)

    def once() -> Left:
        with guest.work(link.workspace_id) as work:
            return Left(leave_campaign(work, link.campaign_id, [person_id]))

    return await asyncio.to_thread(until_first, once)


@get("/api/admin/people/{person_id:uuid}/supports", opt=READ, sync_to_thread=True)
def read_supports(caller: NamedDependency[Caller], person_id: FromPath[UUID]) -> PersonSupports:
    """Return where this person's support counted, and where they left since."""
    with caller.work() as work:
        if people.view(work, person_id) is None:
            raise Refused(NOT_FOUND)
        return PersonSupports(supports_of(work, person_id))


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/departures",
    opt=WRITE,
    status_code=200,
    sync_to_thread=True,
)
def report_departures(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[Departures]
) -> Reported:
    """Say who has left or unfollowed: what they counted for is taken back as the rules say.

    Up to a thousand at once; repeating a report changes nothing.
    """

    def once() -> Reported:
        with caller.work() as work:
            queries.must_exist(work, campaign_id)
            found = [_person(work, leaver) for leaver in (*data.people, *_rows(data.csv))]
            known = sorted({person for person in found if person is not None})
            supports = leave_campaign(work, campaign_id, known)
            told: dict[str, Any] = {
                "reason": data.reason,
                "people": [str(person) for person in known],
                "supports": supports,
            }
            workspaces.audit(work, "campaign.departures", str(campaign_id), told)
            unknown = [str(nth) for nth, person in enumerate(found, 1) if person is None]
            return Reported(len(known), supports, unknown)

    return until_first(once)


def _rows(sheet: str) -> list[Leaver]:
    """Return who stands in the first column; a heading and empty lines are passed over."""
    cells = [row[0].strip() for row in csv.reader(sheet.lstrip("\ufeff").splitlines()) if row]
    numbers = [cell for cell in cells if any(letter.isdigit() for letter in cell)]
    return [Leaver(phone=number) for number in numbers[:MOST]]


def _person(work: Work, leaver: Leaver) -> UUID | None:
    if leaver.person_id is not None:
        known = people.view(work, leaver.person_id)
        return known.id if known else None
    try:
        phone = people.phone_e164(leaver.phone or "")
    except Refused:
        return None
    return people.person_of_phone(work, phone)


routes = [leave_this, read_supports, report_departures]
