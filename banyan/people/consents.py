"""Consents: which privacy notice a person agreed to, and when."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banyan.kernel.work import Work
from banyan.people.models import Consent


def keep_consent(work: Work, person_id: UUID, notice_version: str) -> None:
    """Keep that the person agreed to this version now; the first time counts."""
    work.session.execute(
        insert(Consent)
        .values(
            workspace_id=work.workspace_id,
            person_id=person_id,
            notice_version=notice_version,
            given_at=work.now,
        )
        .on_conflict_do_nothing()
    )


def consents_of(work: Work, person_id: UUID) -> list[str]:
    """Return the versions the person agreed to, oldest first."""
    return list(
        work.session.scalars(
            select(Consent.notice_version)
            .where(Consent.workspace_id == work.workspace_id, Consent.person_id == person_id)
            .order_by(Consent.given_at)
        )
    )
