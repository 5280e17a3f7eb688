"""The accounts of a person: points, and cash that is theirs."""

from collections.abc import Iterable
from uuid import UUID

from banyan.ledger import AccountSpec
from banyan.rewards.offers import ISSUED_POINTS, POINTS


def points_key(person_id: UUID) -> str:
    """Return the key of the account of a person's points."""
    return f"person:{person_id}:points"


def cash_key(person_id: UUID, currency: str) -> str:
    """Return the key of the account of a person's own cash in `currency`."""
    return f"person:{person_id}:cash:{currency}"


def issued_cash_key(currency: str) -> str:
    """Return the key of the account from which cash is given; it may go negative."""
    return f"cash:issued:{currency}"


def purse_specs(
    people: Iterable[UUID], currencies: Iterable[str], *, has_points: bool
) -> list[AccountSpec]:
    """Return the accounts that giving points or cash to `people` moves."""
    persons, specs = list(people), list[AccountSpec]()
    if has_points:
        specs += [AccountSpec(points_key(person), POINTS) for person in persons]
        specs.append(AccountSpec(ISSUED_POINTS, POINTS, may_go_negative=True))
    for currency in currencies:
        specs += [AccountSpec(cash_key(person, currency), currency) for person in persons]
        specs.append(AccountSpec(issued_cash_key(currency), currency, may_go_negative=True))
    return specs
