"""How a merchant stands: every balance and how far everything has come, without names."""

import re
from collections import Counter

from tests.campaigns.selling import Market

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")
OWN = {
    "accounts": "select key, balance_minor, pending_minor from ledger_accounts",
    "transfers": "select phase, amount_minor, reason from ledger_transfers",
    "grants": "select rule, state, value_minor from grants",
    "quests": "select state, '', 0 from quests",
    "orders": "select state, '', payable_minor from orders",
    "seats": "select state, '', price_minor from quest_orders",
    "refunds": "select kind, state, amount_minor from refunds",
    "sent back": "select state, '', amount_minor from sandbox_refunds",
    "coupons": "select state, '', 0 from coupon_uses",
    "payouts": "select state, method, amount_minor from payouts",
    "paid out": "select '', '', amount_minor from sandbox_payouts",
    "grabs": "select '', '', nth from grabs",
    "draws": "select '', '', n from draws",
    "lots": "select '', left_points, points from point_lots",
    "exchanges": "select '', '', points from exchanges",
    "events": "select name, '', 0 from events",
}


def state_of(market: Market) -> dict[tuple[str, ...], int]:
    """Return every balance and how far everything has come, without the names of this merchant."""
    found: Counter[tuple[str, ...]] = Counter()
    with market.work() as work:
        for name, select in OWN.items():
            for row in work.driver.execute(select.encode()):
                found[name, *(UUIDS.sub("#", str(each)) for each in row)] += 1
    return found
