"""Since when the workspace knows somebody: for hot paths, one plain query and nothing decrypted."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work

_SINCE = "select id, created_at from persons where workspace_id = %s and id = any(%b)"


def met_at(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the workspace met each of `person_ids` that exists."""
    found = work.driver.execute(_SINCE, (work.workspace_id, list(person_ids)))
    return dict(found.fetchall())
