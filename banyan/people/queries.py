"""Who the merchant knows, as others may see them: names and masked numbers, nothing else."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, select, tuple_

from banyan.kernel.connection import Later
from banyan.kernel.crypto import blind_index, decrypt
from banyan.kernel.work import Work
from banyan.people.models import Identity, Person, PersonVisitor
from banyan.people.names import masked_name
from banyan.people.phones import masked_phone


class PersonView(msgspec.Struct, frozen=True):
    """One person. `name` is for the merchant; other participants see `name_masked`."""

    id: UUID
    name: str | None
    name_masked: str
    phone_masked: str | None
    created_at: datetime


def views(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    """Return the views of those of `person_ids` that exist."""
    ids = list(person_ids)
    if not ids:
        return {}
    return {view.id: view for view in _views(work, _persons().where(Person.id.in_(ids)))}


def view(work: Work, person_id: UUID) -> PersonView | None:
    """Return the view of one person."""
    return views(work, [person_id]).get(person_id)


def names_masked(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what other participants may see of each name; for long lists, cheaper than `views`."""
    return ask_names_masked(work, person_ids)()


def ask_names_masked(work: Work, person_ids: Iterable[UUID]) -> Later[dict[UUID, str]]:
    """Ask what `names_masked` returns."""
    asked = work.driver.ask(
        "select id, name from persons where workspace_id = %s and id = any(%b::uuid[])",
        (work.workspace_id, list(person_ids)),
    )
    return lambda: {person_id: masked_name(name) for person_id, name in asked}


def person_of_phone(work: Work, phone_e164: str) -> UUID | None:
    """Return the person with this phone."""
    return work.session.scalar(
        select(Identity.person_id).where(
            Identity.kind == "phone",
            Identity.value_index == blind_index(phone_e164, work.workspace_id, "phone"),
        )
    )


def phone_of(work: Work, person_id: UUID) -> str | None:
    """Return the person's phone in E.164: to send a message, never to show.

    Raises UndecipherableError when the kept number is not readable.
    """
    return _phones(work, [person_id]).get(person_id)


def phones_of(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the phones of those who have one, as `phone_of` does."""
    return _phones(work, sorted(set(person_ids)))


def persons_of_visitor(work: Work, visitor_id: UUID) -> list[UUID]:
    """Return who proved themselves in this browser, the latest first."""
    found = work.session.scalars(
        select(PersonVisitor.person_id)
        .where(PersonVisitor.visitor_id == visitor_id)
        .order_by(PersonVisitor.bound_at.desc(), PersonVisitor.person_id)
    )
    return list(found)


def search(
    work: Work, *, name: str | None, before: tuple[datetime, UUID] | None, most: int
) -> list[PersonView]:
    """Return up to `most` people whose name holds `name`, the newest first, older than `before`."""
    statement = _persons().order_by(Person.created_at.desc(), Person.id.desc()).limit(most)
    if name:
        statement = statement.where(Person.name.icontains(name, autoescape=True))
    if before is not None:
        statement = statement.where(tuple_(Person.created_at, Person.id) < tuple_(*before))
    return _views(work, statement)


def count(work: Work) -> int:
    """Return how many people the workspace knows."""
    return work.session.scalar(select(func.count()).select_from(Person)) or 0


def _persons() -> Select[UUID, str | None, datetime]:
    return select(Person.id, Person.name, Person.created_at)


def _views(work: Work, statement: Select[UUID, str | None, datetime]) -> list[PersonView]:
    rows = work.session.execute(statement).all()
    phones = _phones(work, [row.id for row in rows])
    return [
        PersonView(
            row.id,
            row.name,
            masked_name(row.name),
            masked_phone(phones[row.id]) if row.id in phones else None,
            row.created_at,
        )
        for row in rows
    ]


def _phones(work: Work, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    found = work.session.execute(
        select(Identity.id, Identity.person_id, Identity.value_encrypted)
        .where(Identity.kind == "phone", Identity.person_id.in_(person_ids))
        .order_by(Identity.created_at.desc())
    )
    return {
        row.person_id: decrypt(
            row.value_encrypted, work.workspace_id, "person_identities", "value", row.id
        )
        for row in found
    }
