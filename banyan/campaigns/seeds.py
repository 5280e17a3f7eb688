"""Seeds: luck that is fixed before the first draw, kept secret till the last, then shown.

The seed's SHA-256 is published with the rules. Draw n of a campaign has the luck HMAC-SHA256(seed,
campaign id ‖ n), and n is a counter taken in the transaction of the draw, so no number is left out
and none can be chosen.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes
from typing import Final, NamedTuple
from uuid import UUID

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.work import Work

SEED_BYTES: Final = 32
LUCK_BYTES: Final = 4
TABLE, COLUMN = "draw_seeds", "sealed"

INSERT = """
insert into draw_seeds (workspace_id, campaign_id, sealed, commitment, made_at)
values (%s, %s, %s, %s, %s) on conflict do nothing
"""
LOCK = """
select campaign_id, sealed, drawn from draw_seeds
where workspace_id = %s and campaign_id = any(%b) order by campaign_id for no key update
"""
INSERT_DRAWS = """
insert into draws (workspace_id, drawn_at, campaign_id, n, person_id, quest_id, act_id, prize, won)
select %s, %s, d.*
from unnest(%b::uuid[], %b::int[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::boolean[])
  as d
"""
COUNT = """
update draw_seeds s set drawn = d.n from unnest(%b::uuid[], %b::int[]) as d (campaign, n)
where s.workspace_id = %s and s.campaign_id = d.campaign
"""


class Drawn(NamedTuple):
    """A draw about to be written."""

    campaign_id: UUID
    n: int
    person_id: UUID
    quest_id: UUID
    act_id: UUID
    prize: str
    won: bool


class SeedView(NamedTuple):
    """What may be told of a seed: the seed itself only once it is revealed."""

    commitment: str
    drawn: int
    seed: str | None


def luck_of(seed: bytes, campaign_id: UUID, n: int) -> int:
    """Return the luck of draw `n`, below 2^32: what the published program computes as well."""
    message = campaign_id.bytes + n.to_bytes(8)
    return int.from_bytes(hmac.digest(seed, message, "sha256")[:LUCK_BYTES])


def commitment_of(work: Work, campaign_id: UUID) -> str:
    """Return the commitment of a campaign's seed, which is made when there is none."""
    seed = token_bytes(SEED_BYTES)
    sealed = encrypt(seed.hex(), work.workspace_id, TABLE, COLUMN, campaign_id)
    commitment = sha256(seed).hexdigest()
    work.driver.execute(INSERT, (work.workspace_id, campaign_id, sealed, commitment, work.now))
    found = seed_view(work, campaign_id)
    if found is None:
        raise LookupError(campaign_id)
    return found.commitment


def reveal(work: Work, campaign_id: UUID) -> None:
    """Show the seed from now on. May be repeated."""
    work.driver.execute(
        """
        update draw_seeds set revealed_at = %s
        where workspace_id = %s and campaign_id = %s and revealed_at is null
        """,
        (work.now, work.workspace_id, campaign_id),
    )


def seed_view(work: Work, campaign_id: UUID) -> SeedView | None:
    """Return what may be told of a campaign's seed, None when it has none."""
    row = work.driver.execute(
        """
        select commitment, drawn, sealed, revealed_at from draw_seeds
        where workspace_id = %s and campaign_id = %s
        """,
        (work.workspace_id, campaign_id),
    ).fetchone()
    if row is None:
        return None
    commitment, drawn, sealed, revealed_at = row
    return SeedView(
        commitment, drawn, _opened(work, campaign_id, sealed).hex() if revealed_at else None
    )


class Tickets:
    """The next numbers of some campaigns, held until this transaction ends."""

    def __init__(self, work: Work, campaign_ids: Iterable[UUID]) -> None:
        """Lock the counters of the campaigns that have a seed."""
        self._work = work
        wanted = sorted(set(campaign_ids))
        rows = work.driver.execute(LOCK, (work.workspace_id, wanted)).fetchall() if wanted else []
        self._seeds = {row[0]: _opened(work, row[0], row[1]) for row in rows}
        self._drawn = {row[0]: int(row[2]) for row in rows}
        self._made: list[Drawn] = []

    def has(self, campaign_id: UUID) -> bool:
        """Whether the campaign's luck comes from a seed."""
        return campaign_id in self._seeds

    def luck(self, campaign_id: UUID) -> int:
        """Return the luck of the campaign's next draw."""
        return luck_of(self._seeds[campaign_id], campaign_id, self._drawn[campaign_id] + 1)

    def use(
        self,
        campaign_id: UUID,
        quest_id: UUID,
        person_id: UUID,
        act_id: UUID,
        prize: str,
        *,
        won: bool,
    ) -> None:
        """Take the next number for an act that counted and drew `prize`; `won`: it was given."""
        self._drawn[campaign_id] += 1
        self._made.append(
            Drawn(campaign_id, self._drawn[campaign_id], person_id, quest_id, act_id, prize, won)
        )

    def close(self) -> None:
        """Write the draws and the counters."""
        work = self._work
        if not self._made:
            return
        columns = map(list, zip(*self._made, strict=True))
        work.driver.execute(INSERT_DRAWS, (work.workspace_id, work.now, *columns))
        last = {draw.campaign_id: draw.n for draw in self._made}
        work.driver.execute(COUNT, (list(last), list(last.values()), work.workspace_id))
        self._made = []


def _opened(work: Work, campaign_id: UUID, sealed: bytes) -> bytes:
    text = decrypt(bytes(sealed), work.workspace_id, TABLE, COLUMN, campaign_id)
    return bytes.fromhex(text)
