"""Consents: the version a person agreed to is kept once and cannot be changed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from banyan import people
from banyan.kernel.work import SYSTEM, Database, unit_of_work

EARLY = datetime(2026, 11, 1, tzinfo=UTC)
LATE = datetime(2026, 11, 2, tzinfo=UTC)


def test_the_first_consent_to_a_version_counts(database: Database, workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM, EARLY) as work:
        known = people.register(work, "+8613900000001")
        people.keep_consent(work, known.person_id, "2026-11")
    with unit_of_work(workspace, SYSTEM, LATE) as work:
        people.keep_consent(work, known.person_id, "2026-11")
        people.keep_consent(work, known.person_id, "2026-12")
        assert people.consents_of(work, known.person_id) == ["2026-11", "2026-12"]
        given = work.session.scalars(text("select min(given_at) from person_consents")).one()
        assert given == EARLY


def test_a_consent_cannot_be_changed(database: Database, workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        known = people.register(work, "+8613900000002")
        people.keep_consent(work, known.person_id, "2026-11")
    with pytest.raises(ProgrammingError) as refused, unit_of_work(workspace, SYSTEM) as work:
        work.session.execute(text("update person_consents set given_at = now()"))
    assert isinstance(refused.value.orig, InsufficientPrivilege)
