"""Whether somebody agreed to be written to about campaigns: theirs to give and to take back.

It is asked for by itself, never together with anything else, and never beforehand: who has not
said so is not written to. A code that somebody asks for is no such message.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.work import Work
from banyan.people.birthdays import Birthday, birthday_in
from banyan.people.consents import keep_consent

AGREE: Final = """
update persons set messages_agreed_at = coalesce(messages_agreed_at, %s)
where workspace_id = %s and id = %s and forgotten_at is null
"""
STOP: Final = "update persons set messages_agreed_at = null where workspace_id = %s and id = %s"
AGREED: Final = """
select id from persons
where workspace_id = %s and id = any(%b) and messages_agreed_at is not null
"""
BIRTHDAYS: Final = """
select id, birthday_encrypted from persons
where workspace_id = %s and (%s::uuid is null or id > %s)
  and messages_agreed_at is not null and birthday_encrypted is not null
order by id limit %s
"""
COUNT: Final = """
select count(*), count(birthday_encrypted) from persons
where workspace_id = %s and messages_agreed_at is not null
"""


class Reachable(NamedTuple):
    """How many people agreed to be written to, and how many of them gave their birthday."""

    people: int
    with_birthday: int


def agree_to_messages(work: Work, person_id: UUID, notice_version: str) -> None:
    """Keep that somebody agrees to be written to from now on. May be repeated."""
    if not work.driver.execute(AGREE, (work.now, work.workspace_id, person_id)).rowcount:
        raise Refused(NOT_SIGNED_IN)
    keep_consent(work, person_id, notice_version)


def stop_messages(work: Work, person_id: UUID) -> None:
    """Write to somebody no more; what waits to be sent stays behind. May be repeated."""
    work.driver.execute(STOP, (work.workspace_id, person_id))


def agreed_to_messages(work: Work, person_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these people who agree to be written to now."""
    rows = work.driver.execute(AGREED, (work.workspace_id, sorted(set(person_ids))))
    return {row[0] for row in rows.fetchall()}


def birthdays_to_write_to(work: Work, after: UUID | None, most: int) -> list[tuple[UUID, Birthday]]:
    """Return up to `most` birthdays of those who agree to be written to, by id, after `after`."""
    rows = work.driver.execute(BIRTHDAYS, (work.workspace_id, after, after, most))
    return [(person, birthday_in(work, person, sealed)) for person, sealed in rows.fetchall()]


def reachable(work: Work) -> Reachable:
    """Return how many may be written to in this workspace."""
    row = work.driver.execute(COUNT, (work.workspace_id,)).fetchone()
    return Reachable(*row) if row else Reachable(0, 0)
