"""A birthday is given by the person, kept so that nobody reads it, and gone when they like."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan import people
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.people import Birthday

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def ana(workspace: UUID) -> UUID:
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        return people.register(work, "+8613800000001").person_id


def give(workspace: UUID, person: UUID, month: int, day: int, now: datetime = NOW) -> None:
    with unit_of_work(workspace, SYSTEM, now) as work:
        people.give_birthday(work, person, Birthday(month, day), "birthday-1")


def known(workspace: UUID, person: UUID) -> Birthday | None:
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        return people.birthdays(work, [person]).get(person)


def test_it_is_kept_encrypted_with_the_consent_and_deleted_on_request(
    workspace: UUID, ana: UUID
) -> None:
    assert known(workspace, ana) is None
    give(workspace, ana, 2, 29)
    assert known(workspace, ana) == (2, 29)
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        row = work.driver.execute(
            "select birthday_encrypted from persons where id = %s", (ana,)
        ).fetchone()
        assert row is not None
        assert b"02-29" not in bytes(row[0])
        assert people.consents_of(work, ana) == ["birthday-1"]
        people.drop_birthday(work, ana)
    assert known(workspace, ana) is None


def test_nobody_has_two_birthdays_in_a_year(workspace: UUID, ana: UUID) -> None:
    give(workspace, ana, 11, 25)
    give(workspace, ana, 11, 25)
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        people.drop_birthday(work, ana)
    with pytest.raises(Refused) as refused:
        give(workspace, ana, 12, 25, NOW + timedelta(days=364))
    assert refused.value.refusal.code == "birthday_fixed"
    give(workspace, ana, 12, 25, NOW + timedelta(days=365))
    assert known(workspace, ana) == (12, 25)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (4, 31), (13, 1), (0, 1), (1, 0)])
def test_a_day_that_does_not_exist_is_refused(
    workspace: UUID, ana: UUID, month: int, day: int
) -> None:
    with pytest.raises(Refused) as refused:
        give(workspace, ana, month, day)
    assert refused.value.refusal.code == "birthday_invalid"


def test_who_is_deleted_has_no_birthday(workspace: UUID, ana: UUID) -> None:
    give(workspace, ana, 11, 25)
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        people.forget(work, ana)
    assert known(workspace, ana) is None


@given(st.dates(date(2000, 1, 1), date(2000, 12, 31)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_next_one_is_within_a_year_and_on_the_day_itself_it_is_today(
    born: date, today: date
) -> None:
    birthday = Birthday(born.month, born.day)
    days = birthday.days_from(today)
    assert 0 <= days <= 366
    then = today + timedelta(days=days)
    shifted = {(2, 28)} if birthday == (2, 29) else set[tuple[int, int]]()
    assert (then.month, then.day) in {(born.month, born.day), *shifted}
    assert birthday.days_from(then) == 0
