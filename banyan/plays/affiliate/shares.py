"""What each line of an order earns: at which share, within the limit of an order, less refunds.

Every line by itself, floored to the minor unit; what is kept of a line depends on no other line.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from banyan.kernel.money import split
from banyan.plays.affiliate.progress import Sale, SaleLine
from banyan.plays.affiliate.settings import AffiliateSettings, ChosenGoods
from banyan.plays.facts import Ordered, OrderedLine, RefundedLine

__all__ = [
    "FIRST",
    "SECOND",
    "base_bps",
    "earned",
    "kept",
    "rate_bps",
    "refunded",
    "sold_lines",
]

FIRST, SECOND = 1, 2
"""By the depth of a sale: who sold, and who brought the seller. There is no third."""
WHOLE_BPS: Final = 10_000


def base_bps(settings: AffiliateSettings, depth: int) -> int:
    """Return the general share at a depth: the second only where it is approved, no third."""
    if depth == FIRST:
        return settings.rate_bps
    second = settings.second
    return second.rate_bps if depth == SECOND and second is not None else 0


def rate_bps(settings: AffiliateSettings, line: OrderedLine, depth: int) -> int:
    """Return the share of a line at a depth; 0: it earns nothing.

    What is excluded never earns. Then a product's own share comes before its category's, and
    either before the general one, which is for what was chosen, or, without a choice, for all.
    """
    product, category = line.product, line.category
    if _has(settings.excluded_products, product) or _has(settings.excluded_categories, category):
        return 0
    own = next((r.rate_bps for r in settings.rates if _has(r.products, product)), 0) or next(
        (r.rate_bps for r in settings.rates if _has(r.categories, category)), 0
    )
    is_chosen = (
        bool(own)
        or not settings.has_choice
        or _has(settings.products, product)
        or _has(settings.categories, category)
    )
    if not is_chosen:
        return 0
    return own if own and depth == FIRST else base_bps(settings, depth)


def _has(chosen: Sequence[ChosenGoods], wanted: UUID | None) -> bool:
    return wanted is not None and any(goods.id == str(wanted) for goods in chosen)


def sold_lines(settings: AffiliateSettings, fact: Ordered) -> tuple[SaleLine, ...]:
    """Return the lines of an order that earn, with what each does.

    Together at most `fact.most_minor`: above it, that is split among them by what each would earn.
    """
    rated = [(line, rate_bps(settings, line, fact.depth)) for line in fact.lines]
    lines = [
        SaleLine(line.line, line.amount_minor, rate, line.amount_minor * rate // WHOLE_BPS)
        for line, rate in rated
        if rate
    ]
    most = fact.most_minor
    if most is None or sum(line.earned_minor for line in lines) <= most:
        return tuple(lines)
    parts = split(most, [line.earned_minor for line in lines])
    return tuple(
        msgspec.structs.replace(line, earned_minor=part)
        for line, part in zip(lines, parts, strict=True)
    )


def kept(line: SaleLine) -> int:
    """Return what a line earns after its refunds: its share of the rest, never more than before."""
    net = max(0, line.amount_minor - line.refunded_minor)
    return min(line.earned_minor, net * line.rate_bps // WHOLE_BPS)


def earned(settings: AffiliateSettings, sale: Sale) -> int:
    """Return the commission on what is left of a sale."""
    if sale.lines:
        return sum(map(kept, sale.lines))
    net = max(0, sale.amount_minor - sale.refunded_minor)
    return net * base_bps(settings, sale.depth) // WHOLE_BPS


def refunded(sale: Sale, amount_minor: int, back: Sequence[RefundedLine]) -> Sale:
    """Return the sale after a refund.

    An amount of the whole order without lines is taken from its lines in turn, as the shop does.
    """
    if not sale.lines:
        so_far = min(sale.amount_minor, sale.refunded_minor + amount_minor)
        return msgspec.structs.replace(sale, refunded_minor=so_far)
    by_line = {each.line: each.amount_minor for each in back}
    rest = 0 if back else amount_minor
    lines: list[SaleLine] = []
    for line in sale.lines:
        left = line.amount_minor - line.refunded_minor
        minor = min(left, by_line.get(line.line, 0) + rest)
        rest = max(0, rest - minor)
        lines.append(msgspec.structs.replace(line, refunded_minor=line.refunded_minor + minor))
    return msgspec.structs.replace(
        sale,
        lines=tuple(lines),
        refunded_minor=sum(line.refunded_minor for line in lines),
    )
