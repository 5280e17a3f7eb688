"""From a merchant's template to two rewarded friends, over HTTP."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from banyan.app.timetable import tick
from tests.journeys.plans import assist, offer, referral
from tests.journeys.site import Guest, Shop


def test_a_merchants_word_reaches_a_friend_and_both_are_rewarded(shop: Shop) -> None:
    """Template → publish → participant → friend → grants on both sides → both see why."""
    drafted = shop.must("POST", "/campaigns", {"template_key": "dining_latte_referral"})
    definition = drafted["definition"]
    assert drafted["problems"] == []
    definition["name"] = "请朋友喝一杯"
    saved = shop.must(
        "PUT",
        f"/campaigns/{drafted['id']}/definition",
        {"definition": definition, "version": drafted["version"]},
    )
    assert saved["definition"]["name"] == "请朋友喝一杯"
    live = shop.must("POST", f"/campaigns/{drafted['id']}/publication")
    assert live["state"] == "live"
    link = live["links"][0]["code"]

    visitor = Guest(shop.site)
    click = visitor.ask("GET", f"/s/{link}")
    assert click.status_code == 302
    page = visitor.ask("GET", click.headers["location"])
    assert page.status_code == 200
    state = visitor.ask("GET", f"/api/public/links/{link}").json()
    assert state["campaign"]["rules"]["zh"] == live["rules"]["zh"]
    assert state["me"] is None

    host = shop.guest("+8613800000001", "周知夏")
    quest = host.start(link)
    assert quest["share_url"].endswith(f"/s/{quest['share_code']}")

    friend = shop.guest("+8613800000002", "林南星")
    seen = friend.ask("GET", f"/api/public/links/{quest['share_code']}").json()
    assert seen["quest"]["owner_masked"] == "周**"
    answer = friend.support(quest)
    assert answer.status_code == 201
    assert answer.json()["counted"] is True

    mine = host.ask("GET", f"/api/public/mine?link_code={link}").json()
    (own,) = mine["quests"]
    assert own["have"] == 1
    assert [one["name_masked"] for one in own["supporters"]] == ["林**"]
    theirs = friend.ask("GET", f"/api/public/mine?link_code={quest['share_code']}").json()
    assert theirs["grants"], theirs
    for given in mine["grants"] + theirs["grants"]:
        assert given["reason"]["zh"]
        assert given["reason"]["en"]
        assert given["kind"] == "points" or given["code"]


def test_a_repeated_start_and_a_repeated_tap_change_nothing(shop: Shop) -> None:
    campaign = shop.announce(referral(datetime.now(UTC)))
    link = shop.link_of(campaign)
    host, friend = shop.guests(2)
    first, again = host.start(link), host.start(link)
    assert first["id"] == again["id"]
    headers = {"Idempotency-Key": "one tap"}
    answers = [friend.support(first, headers=headers).json() for _ in range(2)]
    answers.append(friend.support(first).json())
    assert [answer["counted"] for answer in answers] == [True] * 3
    assert len({answer["grants"][0]["id"] for answer in answers}) == 1
    assert host.start(link)["have"] == 1


def test_two_taps_at_once_count_once(shop: Shop) -> None:
    link = shop.link_of(shop.announce(referral(datetime.now(UTC))))
    host, friend = shop.guests(2)
    quest = host.start(link)
    path, body = f"/api/public/quests/{quest['id']}/supports", {"link_code": quest["share_code"]}
    answers = shop.site.send_all([friend.request("POST", path, body) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {201}
    assert host.start(link)["have"] == 1
    assert len({answer.json()["grants"][0]["id"] for answer in answers}) == 1


def test_the_last_place_of_a_quest_goes_to_exactly_one(shop: Shop) -> None:
    """200 at once for the last place: one win."""
    link = shop.link_of(shop.announce(assist(datetime.now(UTC), needed=1)))
    host, *friends = shop.guests(201)
    quest = host.start(link)
    path, body = f"/api/public/quests/{quest['id']}/supports", {"link_code": quest["share_code"]}
    answers = shop.site.send_all([friend.request("POST", path, body) for friend in friends])
    counted = [answer.json()["counted"] for answer in answers]
    assert counted.count(True) == 1
    assert {a.json()["reason"] for a in answers if not a.json()["counted"]} == {"quest_full"}
    own = host.ask("GET", f"/api/public/quests/{quest['id']}").json()
    assert (own["state"], own["have"]) == ("won", 1)
    assert [grant["offer"]["key"] for grant in own["grants"]] == ["latte"]


def test_the_budget_is_a_hard_stop_for_many_at_once(shop: Shop) -> None:
    """64 at once against a budget for 20: never above it, and all of it is used."""
    now = datetime.now(UTC)
    settings = {"tiers": [], "friend_offer": "half", "reward_cap_per_person": 1}
    plan = referral(now, budget={"total_minor": 300 * 20})
    plan["play"]["settings"] = settings
    campaign = shop.announce(plan)
    link = shop.link_of(campaign)
    hosts = shop.guests(4)
    quests = [host.start(link) for host in hosts]
    friends = shop.guests(68)[4:]
    answers = shop.site.send_all(
        [
            friend.request(
                "POST",
                f"/api/public/quests/{quest['id']}/supports",
                {"link_code": quest["share_code"]},
            )
            for friend, quest in zip(friends, quests * 16, strict=True)
        ]
    )
    said = Counter(answer.json()["reason"] for answer in answers)
    assert said == {None: 20, "budget_spent": 44}
    (spent,) = shop.must("GET", f"/ledger/accounts?prefix=campaign:{campaign}:spent")["items"]
    assert spent["balance_minor"] == 300 * 20
    today = shop.must("GET", "/today")
    assert today["totals"]["granted"] == 20
    assert {one["kind"] for one in today["waiting"]} == {"budget_spent"}


def test_time_runs_out_and_the_page_says_so(shop: Shop) -> None:
    now = datetime.now(UTC)
    link = shop.link_of(shop.announce(assist(now)))
    host, friend = shop.guests(2)
    quest = host.start(link)
    late = friend.support(quest, at=now + timedelta(hours=49)).json()
    assert (late["counted"], late["reason"]) == (False, "out_of_time")
    assert late["message"]["zh"]


def test_the_timetable_ends_a_campaign_and_its_page_still_opens(shop: Shop) -> None:
    now = datetime.now(UTC)
    begun = now - timedelta(days=3)
    period = {"starts_at": None, "ends_at": (now - timedelta(hours=1)).isoformat()}
    campaign = shop.announce(referral(begun, period=period), at=begun)
    link = shop.link_of(campaign)
    host, friend = shop.guests(2, at=begun)
    quest = host.start(link, at=begun + timedelta(hours=1))
    assert tick() > 0
    assert shop.must("GET", f"/campaigns/{campaign}")["state"] == "ended"
    state = friend.ask("GET", f"/api/public/links/{link}").json()
    assert state["problem"]["code"] == "campaign_ended"
    page = friend.ask("GET", f"/h5/l/{link}")
    assert page.status_code == 200
    assert "campaign_ended" in page.text
    refused = friend.support(quest)
    assert (refused.status_code, refused.json()["code"]) == (410, "campaign_ended")
    settled = shop.must("POST", f"/campaigns/{campaign}/settlement")
    assert settled["state"] == "settled"
    mine = host.ask("GET", f"/api/public/quests/{quest['id']}").json()
    assert mine["state"] == "lost"


def test_limited_offers_run_out_for_the_next_one_only(shop: Shop) -> None:
    now = datetime.now(UTC)
    offers = [offer("latte", 500), offer("half", 300, quantity=2)]
    link = shop.link_of(shop.announce(referral(now, offers=offers)))
    host, *friends = shop.guests(4)
    quest = host.start(link)
    said = [friend.support(quest).json()["reason"] for friend in friends]
    assert said == [None, None, "offer_exhausted"]
    state = friends[0].ask("GET", f"/api/public/links/{link}").json()
    left = {one["key"]: one["left"] for one in state["campaign"]["offers"]}
    assert left == {"latte": 999, "half": 0}
