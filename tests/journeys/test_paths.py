"""A pathway, over HTTP: made by a merchant, opened by whoever comes, and told apart by its links."""

from datetime import UTC, datetime
from typing import Any

from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.outreach.seeds import pick
from tests.journeys.plans import referral
from tests.journeys.site import Guest, Shop


def path_of(*branches: tuple[str, str]) -> dict[str, Any]:
    return {
        "name": "春",
        "title": {"zh": "春日<有礼>", "en": "Spring gifts"},
        "branches": [{"segment": kind, "campaign_id": campaign} for kind, campaign in branches],
    }


def shown(guest: Guest, code: str) -> dict[str, Any]:
    answer = guest.ask("GET", f"/api/public/paths/{code}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_one_entry_leads_each_to_their_own(shop: Shop) -> None:
    first, rest = (shop.announce(referral(datetime.now(UTC))) for _ in range(2))
    wanted = path_of(("seed", first), ("everybody", rest))
    told = shop.must("POST", "/pathways/judgements", {"branches": wanted["branches"]})
    assert told == {"findings": []}
    key = {"Idempotency-Key": "spring"}
    made = shop.must("POST", "/pathways", wanted, headers=key)
    assert shop.must("POST", "/pathways", wanted, headers=key)["id"] == made["id"]
    assert [branch["campaign_id"] for branch in made["branches"]] == [first, rest]
    code = made["url"].rpartition("/")[2]
    seed, anybody = shop.guests(2)
    assert seed.person_id is not None
    with unit_of_work(shop.id, SYSTEM) as work:
        pick(work, [seed.person_id])
    page = seed.ask("GET", f"/h5/p/{code}")
    assert page.status_code == 200
    assert "\\u003c有礼\\u003e" in page.text, "what a merchant writes is no markup"
    mine, theirs = shown(seed, code), shown(anybody, code)
    assert [way["is_mine"] for way in mine["ways"]] == [True, False]
    assert [way["is_mine"] for way in theirs["ways"]] == [False, True]
    assert theirs["url"].endswith(f"/s/{code}")
    begun = seed.start(mine["url"].rpartition("/")[2])
    assert begun["state"] == "open"
    (one,) = shop.must("GET", f"/campaigns/{first}/participants")["items"]
    assert (one["channel"], one["generation"]) == ("path", 0)
    assert shop.ask("GET", f"/pathways/{made['id']}/qr.svg").text.startswith("<svg")
    (listed,) = shop.must("GET", "/pathways")["items"]
    assert listed["id"] == made["id"]
    was = made["terms"]
    wanted = was | {"name": "夏", "ends_at": "2099-01-01T00:00:00Z"}
    edited = shop.must("PUT", f"/pathways/{made['id']}", {"wanted": wanted, "was": was})
    assert (edited["name"], edited["closed_at"]) == ("夏", None)
    undone = {"wanted": was, "was": edited["terms"]}
    assert shop.must("PUT", f"/pathways/{made['id']}", undone)["terms"] == was
    late = shop.ask("PUT", f"/pathways/{made['id']}", undone | {"wanted": wanted})
    assert (late.status_code, late.json()["code"]) == (409, "path_changed")
    closed = shop.must("POST", f"/pathways/{made['id']}/close")
    assert closed["closed_at"]
    gone = anybody.ask("GET", f"/h5/p/{code}")
    assert (gone.status_code, "这个入口已经关闭" in gone.text) == (410, True)


def test_who_goes_where_is_edited_while_it_runs(shop: Shop) -> None:
    first, rest, other = (shop.announce(referral(datetime.now(UTC))) for _ in range(3))
    made = shop.must("POST", "/pathways", path_of(("bought", first), ("everybody", rest)))
    code, was = made["url"].rpartition("/")[2], made["terms"]
    began, anybody = shop.guests(2)
    theirs = shown(anybody, code)
    began.start(theirs["url"].rpartition("/")[2])
    branches = [was["branches"][0], was["branches"][1] | {"campaign_id": other}]
    asked = {"branches": branches, "pathway_id": made["id"]}
    assert shop.must("POST", "/pathways/judgements", asked) == {"findings": []}
    wanted = {"wanted": was | {"branches": branches}, "was": was}
    edited = shop.must("PUT", f"/pathways/{made['id']}", wanted)
    assert [branch["campaign_id"] for branch in edited["earlier"]] == [rest]
    assert shown(anybody, code)["url"] != theirs["url"]
    assert shown(began, code)["url"] == theirs["url"], "who began is led as they were"
    undone = {"wanted": was, "was": edited["terms"]}
    assert shop.must("PUT", f"/pathways/{made['id']}", undone)["earlier"][0]["campaign_id"] == other
    assert shown(anybody, code)["url"] == theirs["url"]


def test_an_entry_that_is_none_says_so_as_a_page(shop: Shop) -> None:
    (guest,) = shop.guests(1)
    plain = shop.link_of(shop.announce(referral(datetime.now(UTC))))
    for code in ("nosuchcode000000", plain):
        assert guest.ask("GET", f"/h5/p/{code}").status_code == 404
        assert guest.ask("GET", f"/api/public/paths/{code}").status_code == 404
