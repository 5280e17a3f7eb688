"""Leaving, over HTTP: by oneself, by the merchant's word, by having oneself deleted; once each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.plans import offer, referral
from tests.journeys.site import Guest, Shop

POSTER: dict[str, Any] = {
    "key": "poster",
    "settings": {
        "tiers": [{"people": 1, "offer": "gift"}],
        "friend_offer": "hello",
        "stay_hours": 24,
    },
}
LEFT = "select count(*) from quest_departures"


def poster(shop: Shop) -> tuple[str, str]:
    """Announce a poster campaign; return its id and its link."""
    offers = [offer("gift", 500), offer("hello", 300)]
    campaign = shop.announce(referral(datetime.now(UTC), play=POSTER, offers=offers))
    return campaign, shop.link_of(campaign)


def come(shop: Shop, link: str, count: int = 2) -> tuple[Guest, list[Guest], dict[str, Any]]:
    """Let somebody start and friends come by their poster."""
    owner, *friends = shop.guests(1 + count)
    quest = owner.start(link)
    for friend in friends:
        answer = friend.support(quest)
        assert answer.json()["counted"], answer.text
    return owner, friends, quest


def held(guest: Guest, link: str) -> list[str]:
    """Return the states of what somebody was given."""
    answer = guest.ask("GET", f"/api/public/mine?link_code={link}")
    return sorted(grant["state"] for grant in answer.json()["grants"])


def have(guest: Guest, quest: dict[str, Any]) -> int:
    return guest.ask("GET", f"/api/public/quests/{quest['id']}").json()["have"]


def leave(guest: Guest, link: str, **more: Any) -> int:
    answer = guest.ask("POST", "/api/public/departures", {"link_code": link}, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["supports"]


def test_within_a_day_leaving_takes_the_tier_back_and_later_it_does_not(shop: Shop) -> None:
    _, link = poster(shop)
    owner, (early, late), quest = come(shop, link)
    assert held(owner, link) == ["vested"]
    assert leave(early, link) == 1
    assert (have(owner, quest), held(owner, link)) == (1, ["vested"])
    assert leave(early, link) == 0
    assert held(early, link) == ["clawed_back"]
    in_a_day = datetime.now(UTC) + timedelta(hours=24, minutes=1)
    assert leave(late, link, at=in_a_day) == 1
    assert (have(owner, quest), held(owner, link), held(late, link)) == (
        1,
        ["vested"],
        ["vested"],
    )


def test_when_the_last_one_leaves_in_time_the_prize_goes(shop: Shop) -> None:
    _, link = poster(shop)
    owner, (friend,), quest = come(shop, link, 1)
    leave(friend, link)
    assert (have(owner, quest), held(owner, link)) == (0, ["clawed_back"])


@pytest.mark.parametrize("way", ["person", "phone", "csv"])
def test_a_merchant_says_who_left_and_each_is_told_once(shop: Shop, way: str) -> None:
    campaign, link = poster(shop)
    owner, friends, quest = come(shop, link)
    report: dict[str, Any] = {"reason": "取消关注"}
    if way == "person":
        report["people"] = [{"person_id": str(friend.person_id)} for friend in friends]
    elif way == "phone":
        report["people"] = [{"phone": "13800000001"}, {"phone": "13900000000"}, {"phone": "x-123"}]
    else:
        report["csv"] = "\ufeff手机号,何时\n13800000001,昨天\n\n+8613800000002,今天\n13999999999,\n"
    told = shop.must("POST", f"/campaigns/{campaign}/departures", report)
    again = shop.must("POST", f"/campaigns/{campaign}/departures", report)
    left = {"person": 2, "phone": 1, "csv": 2}[way]
    unknown = {"person": [], "phone": ["2", "3"], "csv": ["3"]}[way]
    assert told == {"known": left, "supports": left, "unknown": unknown}
    assert again == told | {"supports": 0}
    assert have(owner, quest) == 2 - left
    seen = shop.must("GET", f"/people/{friends[0].person_id}/supports")["items"]
    assert [(one["quest_id"], one["left_at"] is not None) for one in seen] == [(quest["id"], True)]


def test_who_has_themselves_deleted_is_nameless_and_takes_their_support_along(shop: Shop) -> None:
    _, link = poster(shop)
    owner, (friend, _), quest = come(shop, link)
    cookie = dict(friend.cookies)
    answer = friend.ask("DELETE", "/api/public/me")
    assert answer.status_code == 204
    assert have(owner, quest) == 1
    person = shop.must("GET", f"/people/{friend.person_id}")
    assert (person["name"], person["phone_masked"]) == (None, None)
    # An old cookie elsewhere opens nothing any more.
    friend.cookies = cookie
    assert friend.ask("DELETE", "/api/public/me").status_code == 204
    refused = friend.ask("POST", "/api/public/quests", {"link_code": link})
    assert refused.json()["code"] == "not_signed_in"
    # Who comes back with the same number is another person, and nobody new to be paid for.
    back = shop.guest("+8613800000001", "又来了")
    assert back.person_id != friend.person_id
    assert not back.support(quest).json()["counted"]
