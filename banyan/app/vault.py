"""Routes: everyone the merchant knows, with what they took part in and what they were given."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from banyan import people
from banyan.campaigns import Twin
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.pages import PAGE_MOST, cursor_after, read_cursor
from banyan.kernel.work import Work
from banyan.people import PersonView
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "people.read"}


class PersonRow(msgspec.Struct):
    """One person in the list."""

    id: UUID
    name: str | None
    phone_masked: str | None
    created_at: datetime
    came_by: str | None
    """The channel of the first campaign they took part in."""
    quests: int
    grants: int


class PersonStep(msgspec.Struct):
    """One thing somebody did or was given, and where it is told in full."""

    at: datetime
    title: Twin
    campaign_id: UUID | None
    order_id: UUID | None


class Person(PersonRow):
    """One person, with the newest hundred steps of their story, newest first."""

    history: list[PersonStep] = []


class PeoplePage(msgspec.Struct):
    """People, the newest first."""

    items: list[PersonRow]
    next: str | None = None
    total: int | None = None


class FindPhone(msgspec.Struct, forbid_unknown_fields=True):
    """A whole phone number; in the body, so that it stands in no log of addresses."""

    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=32)]


class _Activity(NamedTuple):
    came_by: str | None
    quests: int
    grants: int


_ACTIVITY = """
select p.id,
  (select channel from participants j where j.workspace_id = %(workspace)s and j.person_id = p.id
   order by j.joined_at limit 1),
  (select count(*) from quests q where q.workspace_id = %(workspace)s and q.owner_id = p.id),
  (select count(*) from grants g
   where g.workspace_id = %(workspace)s and g.beneficiary_id = p.id)
from unnest(%(people)s::uuid[]) as p (id)
"""


_HISTORY = """
select at, kind, about_zh, about_en, campaign_id, order_id from (
  select q.started_at as at, 'started' as kind, c.name as about_zh, c.name as about_en,
    q.campaign_id, null::uuid as order_id
  from quests q join campaigns c on c.workspace_id = q.workspace_id and c.id = q.campaign_id
  where q.workspace_id = %(workspace)s and q.owner_id = %(person)s
  union all
  select s.supported_at, case when s.counted then 'helped' else 'helped_in_vain' end, c.name,
    c.name, s.campaign_id, null
  from supports s join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
  where s.workspace_id = %(workspace)s and s.supporter_id = %(person)s
  union all
  select g.granted_at, 'given', o.name_zh, coalesce(nullif(o.name_en, ''), o.name_zh), c.id, null
  from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
  left join campaigns c on c.workspace_id = g.workspace_id and c.id = g.campaign_id
  where g.workspace_id = %(workspace)s and g.beneficiary_id = %(person)s
  union all
  select r.placed_at, 'ordered', r.number, r.number, null, r.id
  from orders r where r.workspace_id = %(workspace)s and r.buyer_id = %(person)s and %(orders)s
) steps order by at desc, kind limit %(most)s
"""
_STEPS = {
    "started": ("开始了「{}」的任务", "Started a quest of “{}”"),
    "helped": ("在「{}」里帮了一位朋友", "Helped a friend in “{}”"),
    "helped_in_vain": ("在「{}」里想帮朋友，没有计入", "Wanted to help in “{}”; it did not count"),
    "given": ("得到「{}」", "Was given “{}”"),
    "ordered": ("下了订单 {}", "Placed order {}"),
}
STEPS_MOST = 100


@get("/api/admin/people", opt=READ, sync_to_thread=True)
def list_people(
    caller: NamedDependency[Caller],
    q: Annotated[str | None, QueryParameter(max_length=40)] = None,
    cursor: FromQuery[str | None] = None,
) -> PeoplePage:
    """Return a page of people whose name holds `q`."""
    with caller.work() as work:
        found = people.search(work, name=q, before=read_cursor(cursor), most=PAGE_MOST)
        total = None if q else people.count(work)
        rows = _rows(work, found)
    more = len(found) == PAGE_MOST
    return PeoplePage(
        rows, cursor_after(found[-1].created_at, found[-1].id) if more else None, total
    )


@get("/api/admin/people/{person_id:uuid}", opt=READ, sync_to_thread=True)
def read_person(caller: NamedDependency[Caller], person_id: FromPath[UUID]) -> Person:
    """Return one person with what they did; their orders to whoever may read orders."""
    with caller.work() as work:
        known = _person(work, person_id)
        parameters = {
            "workspace": work.workspace_id,
            "person": person_id,
            "orders": "orders.read" in caller.permissions,
            "most": STEPS_MOST,
        }
        rows = work.driver.execute(_HISTORY, parameters).fetchall()
    steps = [
        PersonStep(
            at,
            Twin(_STEPS[kind][0].format(zh), _STEPS[kind][1].format(en)),
            campaign_id,
            order_id,
        )
        for at, kind, zh, en, campaign_id, order_id in rows
    ]
    return Person(**msgspec.structs.asdict(known), history=steps)


@post("/api/admin/people/search", opt=READ, sync_to_thread=True, status_code=200)
def find_person(caller: NamedDependency[Caller], data: JSONBody[FindPhone]) -> PersonRow:
    """Return the person with a phone number."""
    phone = people.phone_e164(data.phone)
    with caller.work() as work:
        person_id = people.person_of_phone(work, phone)
        if person_id is None:
            raise Refused(NOT_FOUND)
        return _person(work, person_id)


def _person(work: Work, person_id: UUID) -> PersonRow:
    view = people.view(work, person_id)
    if view is None:
        raise Refused(NOT_FOUND)
    return _rows(work, [view])[0]


def _rows(work: Work, views: list[PersonView]) -> list[PersonRow]:
    parameters = {"workspace": work.workspace_id, "people": [view.id for view in views]}
    activity = {row[0]: _Activity(*row[1:]) for row in work.driver.execute(_ACTIVITY, parameters)}
    return [
        PersonRow(view.id, view.name, view.phone_masked, view.created_at, *activity[view.id])
        for view in views
    ]


routes: list[ControllerRouterHandler] = [list_people, read_person, find_person]
