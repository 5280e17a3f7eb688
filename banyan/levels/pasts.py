"""Pasts: the moments at which people's own levels were set, and what they had done by then.

What is counted is what stands today, so money that went back since is not in it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from banyan import store
from banyan.kernel.work import Work
from banyan.levels.judgement import Facts, Past, Rule, Rung
from banyan.levels.standings import amounts

SETTINGS: Final = """
select person_id, own_until, own_key, why, at from level_moves
where workspace_id = %s and person_id = any(%b) and own_key is not null and own_until > %s
order by person_id, nth
"""


def read_pasts(
    work: Work, person_ids: Sequence[UUID], ladder: Sequence[Rung]
) -> dict[UUID, list[Past]]:
    """Return the moments of each person that set an own level whose days are not over yet.

    A few statements a moment: for people whose money went back, not for everybody.
    """
    if not person_ids:
        return {}
    keeps = {rung.key: timedelta(days=rung.keeps_days) for rung in ladder}
    moments: dict[UUID, dict[datetime, datetime]] = {}
    rows = work.driver.execute(SETTINGS, (work.workspace_id, list(person_ids), work.now))
    for person, until, key, why, at in rows.fetchall():
        # What was left after a refund had been earned its days before it ends.
        earned_at = until - keeps[key] if why == "refunded" and key in keeps else at
        moments.setdefault(person, {}).setdefault(until, earned_at)
    return {
        person: [_past(work, person, at, until, ladder) for until, at in each.items()]
        for person, each in moments.items()
    }


def _past(work: Work, person: UUID, at: datetime, until: datetime, ladder: Sequence[Rung]) -> Past:
    asked: set[tuple[Rule, int]] = {
        (rule, rung.within_days) for rung in ladder for rule in rung.rules()
    }
    did: dict[tuple[Rule, int], int] = {}
    paid: dict[int, int] = {}
    for rule, days in asked:
        since = at - timedelta(days=days)
        did[rule, days] = amounts(work, [person], rule, since, at).get(person, 0)
        if rule == "spent":
            paid[days] = store.paid_between(work, [person], since, at).get(person, 0)
    return Past(at, until, Facts(did, {}), paid)
