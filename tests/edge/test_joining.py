"""A visitor becomes a participant by a phone and a code, over HTTP."""

import re
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from banyan import links, messages, people
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.people import Participant
from tests.edge.conftest import Shop

PHONE = "+8613700137000"


@pytest.fixture
def link(shop: Shop) -> str:
    """The code of a link of the shop."""
    with unit_of_work(shop.id, SYSTEM) as work:
        return links.create_link(work, "campaign", new_id(), "moments").code


def newest_code(shop: Shop) -> str:
    with unit_of_work(shop.id, SYSTEM) as work:
        newest = messages.outbox_page(work, before=None, most=1)[0]
    found = re.search(r"\d{6}", newest.text or "")
    assert found is not None
    return found[0]


def cookies(answer: Any) -> dict[str, str]:
    found = [
        line.partition(";")[0].partition("=") for line in answer.headers.get_list("set-cookie")
    ]
    return {name: value for name, _, value in found}


def test_a_phone_and_its_code_sign_a_person_in(
    client: TestClient[Any], shop: Shop, link: str
) -> None:
    client.cookies.clear()
    asked = client.post("/api/public/codes", json={"link_code": link, "phone": "13700137000"})
    assert (asked.status_code, asked.json()) == (202, {"retry_after_seconds": 60})
    visitor = cookies(asked)["byv"]
    client.cookies.clear()
    browser = {"Cookie": f"byv={visitor}"}
    again = client.post(
        "/api/public/codes", json={"link_code": link, "phone": PHONE}, headers=browser
    )
    assert again.status_code == 429
    assert 1 <= int(again.headers["retry-after"]) <= 60
    assert "set-cookie" not in again.headers

    code = newest_code(shop)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    body = {"link_code": link, "phone": PHONE, "code": wrong, "name": "周小明"}
    refused = client.post("/api/public/sessions", json=body, headers=browser)
    assert refused.status_code == 422
    assert refused.json()["code"] == "code_wrong"
    assert refused.json()["params"] == {"tries_left": 4}

    signed_in = client.post("/api/public/sessions", json={**body, "code": code}, headers=browser)
    assert signed_in.status_code == 201
    me = signed_in.json()["me"]
    assert (me["name_masked"], me["is_new"]) == ("周**", True)
    client.cookies.clear()
    with unit_of_work(shop.id, SYSTEM) as work:
        assert people.person_of_phone(work, PHONE) == UUID(me["person_id"])
        assert len(people.views(work, [UUID(me["person_id"])])) == 1

    used = client.post("/api/public/sessions", json={**body, "code": code}, headers=browser)
    assert used.json()["code"] == "code_used"
    known = {"Cookie": f"byv={visitor}; byp={cookies(signed_in)['byp']}"}
    left = client.delete("/api/public/sessions", headers=known)
    assert left.status_code == 204
    assert cookies(left)["byp"] == ""
    client.cookies.clear()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"link_code": "nosuchlinkatall0"}, 404, "unknown_link"),
        ({"phone": "12345"}, 422, "phone_invalid"),
        ({"phone": 13700137000}, 422, "invalid"),
        ({"phone": None}, 422, "invalid"),
        ({"link_code": "x" * 65}, 422, "invalid"),
        ({"person_id": "x"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_asked_for(
    client: TestClient[Any], link: str, change: dict[str, object], status: int, code: str
) -> None:
    client.cookies.clear()
    body = {"link_code": link, "phone": PHONE, **change}
    answer = client.post("/api/public/codes", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_participant_of_another_shop_is_a_stranger_here(
    client: TestClient[Any], shop: Shop, link: str
) -> None:
    elsewhere = people.participant_token(Participant(new_id(), new_id()))
    headers = {"Cookie": f"byp={elsewhere}"}
    mine = client.get(f"/api/public/mine?link_code={link}", headers=headers)
    assert (mine.status_code, mine.json()["code"]) == (401, "not_signed_in")
    assert client.get(f"/api/public/quests/{new_id()}", headers=headers).status_code == 404
    client.cookies.clear()
    assert shop
