"""The check of every invariant gives way to who is served meanwhile, and ends when the house does."""

import pytest
from sqlalchemy import QueuePool

from banyan.app.verify import findings, invariants
from banyan.kernel.work import Database


@pytest.mark.usefixtures("database")
def test_it_rests_after_every_invariant() -> None:
    rests: list[float] = []
    found = findings(rest=rests.append)
    assert len(rests) == len(invariants())
    assert all(took >= 0 for took in rests)
    assert [each.invariant.id for _, each in found] == [each.invariant.id for _, each in findings()]


class ClosingError(Exception):
    """The house closes."""


def test_what_the_rest_raises_gives_it_up_and_lets_its_connection_go(database: Database) -> None:
    rests: list[float] = []

    def rest(took: float) -> None:
        rests.append(took)
        if len(rests) == 3:
            raise ClosingError

    pool = database.relay.pool
    assert isinstance(pool, QueuePool)
    held = pool.checkedout()
    with pytest.raises(ClosingError):
        findings(rest=rest)
    assert len(rests) == 3
    assert pool.checkedout() == held
