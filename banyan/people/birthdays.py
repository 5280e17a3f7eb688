"""Birthdays: month and day, given by the person, kept encrypted, for what they agreed to.

No year is asked for or kept. Giving it is consent, kept as proof; it is deleted whenever they like.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.people.consents import keep_consent
from banyan.people.refusals import BIRTHDAY_FIXED, BIRTHDAY_INVALID

FIXED_FOR: Final = timedelta(days=365)
ANY_LEAP_YEAR: Final = 2000
LEAP_DAY: Final = (2, 29)
TABLE, COLUMN = "persons", "birthday"

READ = """
select id, birthday_encrypted from persons
where workspace_id = %s and id = any(%b) and birthday_encrypted is not null
"""
LOCK = """
select birthday_encrypted, birthday_given_at from persons
where workspace_id = %s and id = %s and forgotten_at is null for update
"""
KEEP = """
update persons set birthday_encrypted = %s, birthday_given_at = %s
where workspace_id = %s and id = %s
"""
DROP = "update persons set birthday_encrypted = null where workspace_id = %s and id = %s"


class Birthday(NamedTuple):
    """A month and a day."""

    month: int
    day: int

    def days_from(self, today: date) -> int:
        """Return how many days it is until the next one, 0 on the day.

        Who was born on the 29th of February has it on the 28th in other years.
        """
        this_year = self._in(today.year)
        following = this_year if this_year >= today else self._in(today.year + 1)
        return (following - today).days

    def _in(self, year: int) -> date:
        if tuple(self) == LEAP_DAY and not calendar.isleap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)


def give_birthday(work: Work, person_id: UUID, birthday: Birthday, notice_version: str) -> None:
    """Keep a birthday, with the person's consent to `notice_version`. May be repeated.

    Raises `birthday_invalid`, and `birthday_fixed` for another one within a year of the last.
    """
    try:
        date(ANY_LEAP_YEAR, birthday.month, birthday.day)
    except ValueError:
        raise Refused(BIRTHDAY_INVALID) from None
    row = work.driver.execute(LOCK, (work.workspace_id, person_id)).fetchone()
    if row is None:
        raise Refused(BIRTHDAY_INVALID)
    known, given_at = row
    if known is not None and birthday_in(work, person_id, known) == birthday:
        return
    if given_at is not None and work.now < given_at + FIXED_FOR:
        raise Refused(BIRTHDAY_FIXED)
    text = f"{birthday.month:02}-{birthday.day:02}"
    sealed = encrypt(text, work.workspace_id, TABLE, COLUMN, person_id)
    work.driver.execute(KEEP, (sealed, work.now, work.workspace_id, person_id))
    keep_consent(work, person_id, notice_version)


def drop_birthday(work: Work, person_id: UUID) -> None:
    """Delete a birthday; nothing happens where there is none."""
    work.driver.execute(DROP, (work.workspace_id, person_id))


def birthdays(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, Birthday]:
    """Return the birthdays of those who gave theirs."""
    rows = work.driver.execute(READ, (work.workspace_id, sorted(set(person_ids))))
    return {person: birthday_in(work, person, sealed) for person, sealed in rows.fetchall()}


def birthday_in(work: Work, person_id: UUID, sealed: bytes) -> Birthday:
    """Return the birthday that stands encrypted in a person's row."""
    month, day = decrypt(bytes(sealed), work.workspace_id, TABLE, COLUMN, person_id).split("-")
    return Birthday(int(month), int(day))
