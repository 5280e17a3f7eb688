"""Grants as they stand, against what the facts of their quest ask for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

Named = tuple[str, UUID, UUID]
"""A giving of a campaign, for ever: rule, person, cause."""

Told = tuple[str, object, object]
"""What differs, what stands, and what the facts make of it."""

TAKEN_BACK = ("withdrawn", "part")
"""Why a grant was taken back when its quest's play asked for it."""


class Ask(NamedTuple):
    """A reward or a commission that a play asked for."""

    at: datetime
    nth: int
    """The quest's fact that asked for it."""
    version: int
    offer: str
    amount_minor: int | None
    is_held: bool = False
    held_until: datetime | None = None


class Grant(NamedTuple):
    """A grant and its offer as they stand."""

    campaign_id: UUID
    rule: str
    beneficiary_id: UUID
    cause: UUID
    id: UUID
    rule_version: int
    granted_at: datetime
    value_minor: int
    cost_minor: int
    points: int
    held_until: datetime | None
    state: str
    reversed_minor: int
    reverse_reason: str | None
    quest_id: UUID | None
    fact_nth: int | None
    offer: str
    kind: str
    offer_value_minor: int
    offer_cost_minor: int
    offer_points: int

    @property
    def named(self) -> Named:
        """Its name within the campaign."""
        return self.rule, self.beneficiary_id, self.cause


class Dues(NamedTuple):
    """Everything the facts of one quest ask of rewards."""

    asks: dict[Named, list[Ask]]
    reversals: dict[Named, list[tuple[datetime, int]]]
    """When a giving was to be taken back, and how much of it stays, in minor units."""
    vests: dict[Named, list[tuple[datetime, datetime]]]
    """When it was said of a giving that it vests, and the moment that was named."""

    def earned(self, grant: Grant) -> Ask | None:
        """Return what was asked when `grant` was given; None: nothing was, at that moment."""
        asks = self.asks.get(grant.named, ())
        return next((ask for ask in asks if ask.at == grant.granted_at), None)


def differences(grant: Grant, dues: Dues) -> Iterator[Told]:
    """Yield everything of a grant that does not follow from what was asked."""
    called = f"grant {grant.id} ({grant.rule})"
    ask = dues.earned(grant)
    if ask is None:
        asks = dues.asks.get(grant.named, ())
        asked = ", ".join(str(each.at) for each in asks) or "not asked for"
        yield f"{called}: granted_at", grant.granted_at, asked
        return
    stands = (grant.offer, grant.rule_version, grant.value_minor, grant.cost_minor, grant.points)
    stands = (*stands, grant.fact_nth)
    asked = (ask.offer, ask.version, *_worth(grant, ask), grant.offer_points)
    asked = (*asked, ask.nth)
    names = ("offer", "rule_version", "value_minor", "cost_minor", "points", "fact_nth")
    for name, one, other in zip(names, stands, asked, strict=True):
        if one != other:
            yield f"{called}: {name}", one, other
    yield from _taken_back(called, grant, dues.reversals.get(grant.named, ()))
    yield from _held(called, grant, ask, dues.vests.get(grant.named, ()))


def _worth(grant: Grant, ask: Ask) -> tuple[int, int]:
    """Return what the giving that was asked is worth and costs, in minor units."""
    amount = ask.amount_minor
    if amount is None or grant.kind not in {"cash", "coupon"}:
        return grant.offer_value_minor, grant.offer_cost_minor
    if grant.kind == "coupon":
        return amount, grant.offer_cost_minor
    if ask.is_held:
        amount = min(amount, grant.offer_value_minor)
    return amount, amount


def _taken_back(
    called: str, grant: Grant, reversals: Sequence[tuple[datetime, int]]
) -> Iterator[Told]:
    keeps = [keep for at, keep in reversals if at >= grant.granted_at]
    most = max(0, grant.cost_minor - min(keeps)) if keeps else 0
    if grant.reverse_reason in TAKEN_BACK:
        if not keeps:
            yield f"{called}: taken back", grant.reverse_reason, "not asked for"
        elif grant.state != "expired" and grant.reversed_minor > most:
            yield f"{called}: reversed_minor", grant.reversed_minor, f"at most {most}"
    # What is only owed so far can always be taken back; what is somebody's own may be used.
    if keeps and grant.state == "pending" and grant.reversed_minor != most:
        yield f"{called}: reversed_minor", grant.reversed_minor, most


def _held(
    called: str, grant: Grant, ask: Ask, vests: Sequence[tuple[datetime, datetime]]
) -> Iterator[Told]:
    said = [until for at, until in vests if at >= grant.granted_at]
    until = (ask.held_until or (said[0] if said else None)) if ask.is_held else None
    # What was taken back before its time was said never heard of it.
    was_told = grant.held_until is not None or grant.state == "pending"
    if was_told and grant.held_until != until:
        yield f"{called}: held_until", grant.held_until, until


def missing(mine: Mapping[Named, Grant], dues: Dues) -> Iterator[tuple[Named, list[Ask]]]:
    """Yield what was asked and does not stand."""
    for named, asks in dues.asks.items():
        if named not in mine:
            yield named, asks


__all__ = ["Ask", "Dues", "Grant", "Named", "Told", "differences", "missing"]
