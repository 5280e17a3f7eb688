"""A quest whose stored progress cannot be read: nothing is settled over it, nothing waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from banyan import campaigns
from banyan.app.recomputing import driver_of
from banyan.app.timetable import tick
from banyan.kernel.work import SYSTEM, current_database, unit_of_work
from tests.campaigns.packets import UNREADABLE
from tests.journeys.plans import assist
from tests.journeys.site import Shop
from tests.journeys.unreadable import keep
from tests.whole import assert_whole


class Assist:
    """A campaign in which two people have an open quest each."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.campaign = shop.announce(assist(datetime.now(UTC)))
        link = shop.link_of(self.campaign)
        self.quests = [UUID(guest.start(link)["id"]) for guest in shop.guests(2)]

    def keep(self, progress: str) -> str:
        """Let the first quest's row say something else; return what it said."""
        return keep(self.shop, self.quests[0], progress)

    def states(self) -> list[str]:
        with unit_of_work(self.shop.id, SYSTEM) as work:
            rows = work.driver.execute(
                "select state from quests where id = any(%b) order by array_position(%b, id)",
                (self.quests, self.quests),
            )
            return [row[0] for row in rows]

    def due(self) -> int:
        """How many wake-ups are kept for later than the time its people had."""
        with unit_of_work(self.shop.id, SYSTEM) as work:
            row = work.driver.execute(
                "select count(*) from wakes where quest_id = %s and due_at > %s",
                (self.quests[0], datetime.now(UTC) + timedelta(days=2, hours=1)),
            ).fetchone()
        assert row
        return row[0]

    def end(self) -> dict[str, Any]:
        self.shop.must("POST", f"/campaigns/{self.campaign}/ending", {"reason": "提前结束"})
        return self.shop.must("GET", f"/campaigns/{self.campaign}")

    def told(self, language: str) -> dict[str, Any]:
        """Ask to settle what cannot be, and return the problem."""
        answer = self.shop.ask(
            "POST", f"/campaigns/{self.campaign}/settlement", headers={"Accept-Language": language}
        )
        said = answer.json()
        assert (answer.status_code, said["code"]) == (409, "progress_unreadable"), answer.text
        assert said["params"] == {"count": 1, "quest": str(self.quests[0])}
        return said


def test_a_quest_that_cannot_be_read_is_said_and_nothing_is_settled(shop: Shop) -> None:
    one = Assist(shop)
    kept = one.keep(UNREADABLE)
    ended = one.end()
    assert "1 个任务" in one.told("zh-CN")["title"]
    assert str(one.quests[0]) in one.told("en")["title"]
    assert one.states() == ["open", "open"]
    # What the words tell to ask does say which it is and what it should be.
    with current_database().relay.connect() as connection:
        *_, told = campaigns.recompute(driver_of(connection), campaign_id=UUID(one.campaign))
    assert [(each.quest_id, each.what, each.recomputed) for each in told.differences] == [
        (one.quests[0], "progress", kept)
    ]
    assert shop.must("GET", f"/campaigns/{one.campaign}") == ended

    # Mended: the same press settles.
    one.keep(kept)
    assert shop.must("POST", f"/campaigns/{one.campaign}/settlement")["state"] == "settled"
    assert one.states() == ["lost", "lost"]
    assert_whole()


def test_the_timetable_closes_the_others_and_goes_on(shop: Shop) -> None:
    one = Assist(shop)
    kept = one.keep(UNREADABLE)
    one.end()
    tick()
    assert one.states() == ["open", "lost"]
    assert one.due() == 0
    with unit_of_work(shop.id, SYSTEM, datetime.now(UTC) + timedelta(days=3)) as work:
        assert campaigns.wake_due(work) == 2, "the other one is told, though it is decided"
    assert one.due() == 1
    assert one.states() == ["open", "lost"]
    one.keep(kept)
    tick()
    assert one.states() == ["lost", "lost"]
    assert_whole()
