"""Writes: register people, set-wise. Repeating a registration registers nobody twice."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.crypto import blind_index, encrypt
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.people.events import Registered, VisitorMerged
from banyan.people.names import clean_name


class Registration(NamedTuple):
    """One person to know: a phone in E.164, perhaps a name, perhaps the browser they came in."""

    phone_e164: str
    name: str | None = None
    visitor_id: UUID | None = None


class Known(NamedTuple):
    """Who it is, and whether the workspace met them just now."""

    person_id: UUID
    is_new: bool


_FIND = """
select value_index, person_id from person_identities
where workspace_id = %s and kind = 'phone' and value_index = any(%s)
"""
# Who had themselves deleted and comes back is another person, and nobody new.
_ADD_PERSONS = """
insert into persons (workspace_id, id, name, created_at, came_back)
select %s, p.id, p.name, %s, t.value_index is not null
from unnest(%s::uuid[], %s::text[], %s::bytea[]) as p (id, name, value_index)
left join person_tombstones t on t.workspace_id = %s and t.value_index = p.value_index
"""
# In the order of the index, so that two batches with the same people cannot block each other.
_ADD_IDENTITIES = """
insert into person_identities
  (workspace_id, id, person_id, kind, value_encrypted, value_index, created_at)
select %s, i.id, i.person_id, 'phone', i.value_encrypted, i.value_index, %s
from unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::bytea[])
  as i (id, person_id, value_encrypted, value_index)
order by i.value_index
on conflict (workspace_id, kind, value_index) do nothing
returning person_id
"""
_DROP_PERSONS = "delete from persons where workspace_id = %s and id = any(%s)"
_NAME = """
update persons p set name = n.name
from (select * from unnest(%s::uuid[], %s::text[]) as n (id, name) order by id) n
where p.workspace_id = %s and p.id = n.id and p.name is distinct from n.name
"""
_BIND = """
insert into person_visitors (workspace_id, visitor_id, person_id, bound_at)
select %s, v.visitor_id, v.person_id, %s
from unnest(%s::uuid[], %s::uuid[]) as v (visitor_id, person_id)
order by v.visitor_id, v.person_id
on conflict do nothing
returning visitor_id, person_id
"""


def register(
    work: Work, phone_e164: str, visitor_id: UUID | None = None, name: str | None = None
) -> Known:
    """Return the person with this phone, registering them if the workspace meets them now."""
    return register_many(work, [Registration(phone_e164, name, visitor_id)])[0]


def register_many(work: Work, registrations: Sequence[Registration]) -> list[Known]:
    """Register each and return who they are, in order, with a handful of statements for all.

    The same phone twice is one person, new the first time only. A name given replaces the one
    kept; a visitor given is merged into the person.
    """
    if not registrations:
        return []
    work.session.flush()
    indexes = [blind_index(each.phone_e164, work.workspace_id, "phone") for each in registrations]
    names = [clean_name(each.name) for each in registrations]
    known = _find(work, indexes)
    missing = {
        index: (each.phone_e164, name)
        for index, each, name in zip(indexes, registrations, names, strict=True)
        if index not in known
    }
    new = _add(work, missing) if missing else set[UUID]()
    if missing:
        known |= _find(work, list(missing))
    events: list[Event] = [Registered(person_id=person_id) for person_id in sorted(new)]
    answers: list[Known] = []
    for index in indexes:
        person_id = known[index]
        answers.append(Known(person_id, person_id in new))
        new.discard(person_id)
    _rename(work, answers, names)
    events += _bind(work, answers, [each.visitor_id for each in registrations])
    record(work, events)
    work.session.expire_all()
    return answers


def _find(work: Work, indexes: list[bytes]) -> dict[bytes, UUID]:
    found = work.driver.execute(_FIND, (work.workspace_id, indexes))
    return {bytes(index): person_id for index, person_id in found}


def _add(work: Work, missing: dict[bytes, tuple[str, str | None]]) -> set[UUID]:
    """Add a person for each index, unless somebody else just did; return the ids that stand."""
    persons = [new_id() for _ in missing]
    identities = [new_id() for _ in missing]
    encrypted = [
        encrypt(phone, work.workspace_id, "person_identities", "value", identity_id)
        for identity_id, (phone, _) in zip(identities, missing.values(), strict=True)
    ]
    names = [name for _, name in missing.values()]
    work.driver.execute(
        _ADD_PERSONS,
        (work.workspace_id, work.now, persons, names, list(missing), work.workspace_id),
    )
    added = work.driver.execute(
        _ADD_IDENTITIES,
        (work.workspace_id, work.now, identities, persons, encrypted, list(missing)),
    ).fetchall()
    standing = {person_id for (person_id,) in added}
    # Another transaction was first with these numbers; its persons stand, ours were never theirs.
    if lost := [person_id for person_id in persons if person_id not in standing]:
        work.driver.execute(_DROP_PERSONS, (work.workspace_id, lost))
    return standing


def _rename(work: Work, answers: list[Known], names: list[str | None]) -> None:
    given = {
        answer.person_id: name
        for answer, name in zip(answers, names, strict=True)
        if name and not answer.is_new
    }
    if given:
        parameters = (list(given), list(given.values()), work.workspace_id)
        work.driver.execute(_NAME, parameters)


def _bind(work: Work, answers: list[Known], visitors: list[UUID | None]) -> list[Event]:
    pairs = [
        (visitor_id, answer.person_id)
        for answer, visitor_id in zip(answers, visitors, strict=True)
        if visitor_id is not None
    ]
    if not pairs:
        return []
    bound = work.driver.execute(
        _BIND,
        (work.workspace_id, work.now, [each[0] for each in pairs], [each[1] for each in pairs]),
    ).fetchall()
    return [VisitorMerged(visitor_id=visitor, person_id=person) for visitor, person in bound]
