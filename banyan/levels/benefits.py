"""Benefits at the checkout: what a person's level takes off, for whoever prices an order."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work


class Benefit(NamedTuple):
    """What a level takes off every order, in hundredths of a percent, and what it is called."""

    level_id: UUID
    name_zh: str
    name_en: str
    discount_bps: int

    def words(self) -> tuple[str, str]:
        """Return what a buyer reads beside the amount, in Chinese and English."""
        tenths, rest = divmod(10_000 - self.discount_bps, 1_000)
        fold = f"{tenths}.{rest:03d}".rstrip("0").rstrip(".")
        percent, part = divmod(self.discount_bps, 100)
        share = f"{percent}.{part:02d}".rstrip("0").rstrip(".")
        return f"{self.name_zh} {fold} 折", f"{self.name_en} member: {share}% off"


def benefits_of(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, Benefit]:
    """Return what the levels of these people take off; one whose level takes nothing is not there."""
    rows = work.driver.execute(
        """
        select p.id, l.id, l.name_zh, l.name_en, l.discount_bps
        from person_levels p
        join membership_levels l on l.workspace_id = p.workspace_id and l.key = p.level_key
        where p.workspace_id = %s and p.id = any(%b) and l.discount_bps > 0
          and l.position is not null
        """,
        (work.workspace_id, list(person_ids)),
    )
    return {row[0]: Benefit(*row[1:]) for row in rows}
