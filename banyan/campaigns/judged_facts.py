"""Facts the judge is given beside a definition. Pure: `legal_facts` reads them."""

from uuid import UUID

import msgspec

from banyan.compliance import Payout
from banyan.store import PricePast

__all__ = ["NOTHING_KNOWN", "Facts"]


class Facts(msgspec.Struct, frozen=True):
    """What is really so. Nothing known of a thing leaves the definition's own word for it.

    `pasts` has the prices of each SKU that is sold; `edits` the places changed to the
    participants' disadvantage; the rules are fingerprints of what is read and what is done; `payouts` is how the
    merchant pays cash out.
    """

    pasts: dict[UUID, PricePast] = {}
    chain_levels: int = 0
    chain_people: int = 0
    dearest_prize_minor: int = 0
    odds_agree: bool | None = None
    edits: tuple[str, ...] = ()
    rules_shown: str = ""
    rules_executed: str = ""
    payouts: tuple[Payout, ...] = ()


NOTHING_KNOWN = Facts()
