"""K is right on crowds whose K is known, and honest when it cannot be known."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from banyan.analytics import growth
from banyan.app.crowd.population import grow, joinings

BEGINS = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("mood", [math.inf, 0.8], ids=["poisson", "overdispersed"])
@pytest.mark.parametrize(
    ("people", "k", "days", "looked_at"),
    [(2000, 0.8, 7, 1.0), (2000, 0.8, 3, 0.5), (2000, 1.2, 3, 1.0), (2000, 1.5, 2, 0.6)],
    ids=["ended", "mid_flight", "growing", "growing_early"],
)
def test_the_interval_holds_the_known_k_in_95_of_100_crowds(
    people: int, k: float, days: float, looked_at: float, mood: float
) -> None:
    held, widths = 0, []
    for seed in range(100):
        joined = joinings(people, k, seed, days, mood=mood)
        end = (joined[-1].at_hours if len(joined) == people else days * 24) * looked_at
        seen = [joining for joining in joined if joining.at_hours <= end]
        found = growth.measure(
            np.array([joining.at_hours * 3600 for joining in seen]),
            np.array([joining.brought_by for joining in seen], dtype=np.int64),
            end * 3600,
        )
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= k <= found.high
        widths.append((found.high - found.low) / k)
    assert held >= 95
    # An interval that says nothing would hold as well.
    assert np.mean(widths) < 0.5


def test_dividing_all_by_all_would_miss() -> None:
    """The censoring matters: the naive quotient lies far below while a campaign grows."""
    joined = joinings(2000, 1.2, 7, 3)
    brought = sum(joining.brought_by >= 0 for joining in joined)
    assert brought / len(joined) > 0.9  # nearly all were brought by somebody …
    early = [joining for joining in joined if joining.at_hours <= 30]
    naive = sum(joining.brought_by >= 0 for joining in early) / len(early)
    found = growth.measure(
        np.array([joining.at_hours * 3600 for joining in early]),
        np.array([joining.brought_by for joining in early], dtype=np.int64),
        30 * 3600.0,
    )
    assert found.low is not None
    assert found.high is not None
    assert naive < found.low <= 1.2 <= found.high


def test_when_everybody_had_their_time_k_is_the_plain_quotient() -> None:
    joined_at = np.array([0.0] * 30 + [3600.0 * (1 + number) for number in range(12)])
    brought_by = np.array([-1] * 30 + list(range(12)), dtype=np.int64)
    found = growth.measure(joined_at, brought_by, 3600.0 * 24 * 365)
    assert found.censored == 0
    assert found.observed == 42
    assert found.value == pytest.approx(12 / 42, abs=1e-9)
    assert found.generation_hours == pytest.approx(6.5)
    assert found.method == growth.COUNTED


@pytest.mark.parametrize("size", [0, 1, 19])
def test_too_few_participants_are_no_basis(size: int) -> None:
    found = growth.measure(np.zeros(size), np.full(size, -1, dtype=np.int64), 3600.0)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.method == growth.NO_BASIS


@pytest.mark.parametrize("wait_seconds", [5.0, 20.0, 30.0, 45.0])
def test_a_friend_who_came_at_once_a_moment_ago_does_not_shake_the_rest(
    wait_seconds: float,
) -> None:
    """One host of a few seconds and their friend, beside a crowd of 1,100 that has its K."""
    joined = joinings(1100, 1.3, 5, 3)
    at = np.array([joining.at_hours * 3600 for joining in joined])
    by = np.array([joining.brought_by for joining in joined], dtype=np.int64)
    opened = float(at.max()) + 300
    with_pair = np.append(at, [opened, opened + wait_seconds])
    brought = np.append(by, [-1, len(by)]).astype(np.int64)
    for later in (0.5, 1, 2, 5, 15, 60, 300, 1800):
        until = float(with_pair[-1]) + later
        plain = growth.measure(at, by, until)
        found = growth.measure(with_pair, brought, until)
        assert plain.value
        assert plain.low
        assert plain.high
        assert found.value == pytest.approx(plain.value, rel=0.01)
        assert found.low == pytest.approx(plain.low, rel=0.02)
        assert found.high == pytest.approx(plain.high, rel=0.02)


@pytest.mark.parametrize("values", [np.linspace(-6, 6, 241), np.linspace(-37, -6, 100)])
def test_the_share_of_a_log_normal_is_exact_far_out(values: growth.Floats) -> None:
    shares = growth.LOGNORMAL.log_share(np.zeros(2), np.exp(np.minimum(values, 20)))
    clipped = np.maximum(values, math.log(1e-9))
    true = [math.log(math.erfc(-value / math.sqrt(2)) / 2) for value in clipped]
    assert shares == pytest.approx(np.array(true), abs=2e-7, rel=1e-7)


def test_order_of_participants_does_not_matter() -> None:
    joined = joinings(500, 0.9, 3, 3)
    at = np.array([joining.at_hours * 3600 for joining in joined])
    by = np.array([joining.brought_by for joining in joined], dtype=np.int64)
    chance = np.random.default_rng(1)
    order = chance.permutation(len(at))
    place = np.argsort(order)
    shuffled = growth.measure(at[order], np.where(by[order] < 0, -1, place[by[order]]), 72 * 3600.0)
    plain = growth.measure(at, by, 72 * 3600.0)
    assert shuffled.value == pytest.approx(plain.value)
    assert shuffled.high == pytest.approx(plain.high)


def test_ties_and_arrivals_at_the_end_of_observation_do_not_break_it() -> None:
    joined_at = np.array([0.0] * 40 + [100.0] * 20)
    brought_by = np.array([-1] * 40 + [0] * 20, dtype=np.int64)
    found = growth.measure(joined_at, brought_by, 100.0)
    assert found.value is None or (found.low is not None and found.low <= found.value)


def test_a_crowd_moves_in_time_order_parents_before_children() -> None:
    moves = grow(300, 0.9, 11, BEGINS, 3)
    assert moves == grow(300, 0.9, 11, BEGINS, 3)
    started: set[int] = set()
    last = moves[0].at
    for move in moves:
        assert move.at >= last
        last = move.at
        if move.kind == "start":
            started.add(move.person)
        if move.host is not None:
            assert move.host in started
    supporters = [move.person for move in moves if move.kind == "support"]
    assert len(supporters) == len(set(supporters))
