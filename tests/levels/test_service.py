"""The work process keeps levels by itself: it hears what happened, and time passes."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from banyan import levels
from banyan.app.membership import membership
from banyan.app.work_services import SERVICES
from banyan.kernel.settings import Settings
from tests.levels.club import LADDER, Club
from tests.whole import assert_whole

LOOKS_MOST = 1200


async def served(club: Club, level: str) -> None:
    """Run the service until the buyer stands on `level`, then stop it."""
    stopping = asyncio.Event()
    running = asyncio.create_task(_service()(stopping))
    try:
        for _ in range(LOOKS_MOST):
            if await asyncio.to_thread(club.level) == level:
                break
            await asyncio.sleep(0.05)
        else:
            pytest.fail(f"nobody reached {level}")
    finally:
        stopping.set()
        await running


def _service() -> Any:
    return membership(cast("Settings", None))


@pytest.mark.usefixtures("database")
def test_the_service_hears_what_happens_and_goes_on_where_it_stopped() -> None:
    assert "banyan.app.membership:membership" in SERVICES
    club = Club(*LADDER)
    club.spend(10_000)
    asyncio.run(served(club, "silver"))
    club.spend(20_000)
    asyncio.run(served(club, "gold"))
    assert club.coupons() == [1_000, 3_000]
    assert_whole()


@pytest.mark.usefixtures("database")
def test_what_was_given_ends_by_the_clock() -> None:
    club = Club(*LADDER)
    club.now -= timedelta(days=10)
    club.give_level("gold", 5)
    assert (club.heard(), club.level()) == (1, "gold")
    assert levels.judge_due_everywhere() >= 1
    assert club.level() is None
    assert levels.judge_due_everywhere() == 0
    assert_whole()
