"""Being written to, over HTTP: asked for by oneself, taken back at once, and what the console says."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from banyan import outreach, people
from banyan.campaigns.acts import local_day
from banyan.kernel.work import SYSTEM, unit_of_work
from tests.journeys.plans import offer, referral
from tests.journeys.site import Guest, Shop

MESSAGES = "/api/public/me/messages"
ASSIST: dict[str, Any] = {
    "key": "assist",
    "settings": {
        "helpers_needed": 3,
        "offer": "gift",
        "helper_offer": "gift",
        "hours_to_finish": 24,
        "new_people_only": False,
        "helps_per_person": 3,
        "quests_per_person": 1,
        "birthday_days": 7,
    },
}


def agreed(guest: Guest) -> bool:
    return guest.ask("GET", MESSAGES).json()["agreed"]


def numbers(shop: Shop, campaign: str) -> tuple[int, int, int, int]:
    """Return how many were invited and began, and how many can be, with a birthday."""
    told = shop.must("GET", f"/campaigns/{campaign}/invitations")
    return (
        told["birthday"]["sent"],
        told["birthday"]["begun"],
        told["reachable"],
        told["with_birthday"],
    )


def test_somebody_agrees_is_invited_and_takes_it_back(shop: Shop) -> None:
    plan = referral(datetime.now(UTC), play=ASSIST, offers=[offer("gift", 500)])
    campaign = shop.announce(plan)
    assert numbers(shop, campaign) == (0, 0, 0, 0)
    (guest,) = shop.guests(1)
    assert not agreed(guest)
    for _ in range(2):
        answer = guest.ask("PUT", MESSAGES, {"notice_version": "messages-1"})
        assert answer.json() == {"agreed": True}
    # The sweep looks at the clock of the work; the campaign runs from its publication on. Noon of
    # the day that it is now where the merchant is, whatever day it is elsewhere.
    noon = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=12)
    with unit_of_work(shop.id, SYSTEM, noon) as work:
        day = local_day(work)
    born = {"month": day.month, "day": day.day, "notice_version": "birthday-1"}
    assert guest.ask("PUT", "/api/public/me/birthday", born).status_code == 200
    with unit_of_work(shop.id, SYSTEM, noon) as work:
        assert outreach.invite_birthdays(work)[0] == 1
    assert numbers(shop, campaign) == (1, 0, 1, 1)
    guest.start(shop.link_of(campaign))
    assert numbers(shop, campaign) == (1, 1, 1, 1)
    assert guest.ask("DELETE", MESSAGES).status_code == 204
    assert not agreed(guest)
    assert numbers(shop, campaign) == (1, 1, 0, 0)
    with unit_of_work(shop.id, SYSTEM) as work:
        assert people.reachable(work) == (0, 0)


def test_limits_are_chosen_by_who_may_and_never_looser_than_the_rule(shop: Shop) -> None:
    delivered = {"a_month_most": 4, "from_hour": 8, "to_hour": 21}
    assert shop.must("GET", "/message-limits") == {"limits": delivered, "loosest": delivered}
    tighter = {"a_month_most": 2, "from_hour": 9, "to_hour": 20}
    assert shop.must("PUT", "/message-limits", tighter)["limits"] == tighter
    for looser in ({"a_month_most": 5}, {"from_hour": 7}, {"to_hour": 22}):
        answer = shop.ask("PUT", "/message-limits", tighter | looser)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    answer = shop.ask("PUT", "/message-limits", tighter | {"from_hour": 20})
    assert (answer.status_code, answer.json()["code"]) == (422, "hours_upside_down")
    assert shop.must("GET", "/message-limits")["limits"] == tighter
    (said,) = [
        one
        for one in shop.must("GET", "/audit")["items"]
        if one["action"] == "messages.limits_changed"
    ]
    assert said["detail"] == tighter
