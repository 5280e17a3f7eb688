"""A click is on disk before it is answered, with everything that will be asked of it later."""

import time
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from banyan import links
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.segments import read_segments
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.links import records
from tests.disks import break_disk

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.49"
Client = httpx.Client


def campaign_link(workspace: UUID, **more: object) -> links.Link:
    with unit_of_work(workspace, SYSTEM) as work:
        return links.create_link(work, "campaign", new_id(), "moments", **more)  # type: ignore[arg-type]


def kept(journal: Path, link: links.Link) -> list[records.TelemetryRecord]:
    found = [records.unpack(record.payload) for record in read_segments(journal)]
    return [each for each in found if each is not None and each.link_id == link.id]


@pytest.fixture(autouse=True)
def fresh_browser(client: Client) -> None:
    client.cookies.clear()


def click(client: Client, code: str, **headers: str) -> httpx.Response:
    told = {"user-agent": PHONE} | {k.replace("_", "-"): v for k, v in headers.items()}
    return client.get(f"/s/{code}", headers=told, follow_redirects=False)


def test_a_new_link_answers_at_once_and_the_click_is_kept(
    client: Client, journal: Path, workspace: UUID
) -> None:
    link = campaign_link(workspace)
    answer = click(client, link.code)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/h5/l/{link.code}"
    assert answer.headers["cache-control"] == "no-store"
    assert {"byv", "bya"} <= set(client.cookies)
    (record,) = kept(journal, link)
    assert record.kind == "click"
    assert record.workspace_id == workspace
    assert record.campaign_id == link.campaign_id
    assert record.channel == "moments"
    assert record.browser == "wechat"
    assert record.quest_id is None
    assert record.flags == records.IS_NEW_VISITOR
    assert record.first_code == ""


def test_a_visitor_is_known_again_and_carries_the_first_touch(
    client: Client, journal: Path, workspace: UUID
) -> None:
    first, second = campaign_link(workspace), campaign_link(workspace)
    click(client, first.code)
    click(client, second.code)
    again = click(client, second.code)
    assert "set-cookie" not in again.headers
    (one,) = kept(journal, first)
    two, three = kept(journal, second)
    assert one.visitor_id == two.visitor_id == three.visitor_id
    assert two.first_code == first.code
    assert not two.flags & records.IS_NEW_VISITOR
    touches = links.read_touches(client.cookies["bya"])
    assert [touch.code for touch in touches] == [first.code, second.code]


def test_a_forged_visitor_is_a_new_one(client: Client, journal: Path, workspace: UUID) -> None:
    link = campaign_link(workspace)
    click(client, link.code)
    token = client.cookies["byv"]
    client.cookies.clear()
    click(client, link.code, cookie=f"byv={token[:-3]}abc")
    one, two = kept(journal, link)
    assert one.visitor_id != two.visitor_id
    assert two.flags & records.IS_NEW_VISITOR


@pytest.mark.parametrize(
    ("headers", "flag"),
    [
        ({"user_agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, records.IS_BOT),
        ({"sec_purpose": "prefetch;prerender"}, records.IS_PREFETCH),
    ],
)
def test_bots_and_prefetches_are_kept_but_flagged(
    client: Client, journal: Path, workspace: UUID, headers: dict[str, str], flag: int
) -> None:
    link = campaign_link(workspace)
    assert click(client, link.code, **headers).status_code == 302
    (record,) = kept(journal, link)
    assert record.flags & flag
    assert record.flags & records.NOT_A_PERSON


def test_head_is_answered_and_flagged(client: Client, journal: Path, workspace: UUID) -> None:
    link = campaign_link(workspace)
    answer = client.head(f"/s/{link.code}", follow_redirects=False)
    assert answer.status_code == 302
    (record,) = kept(journal, link)
    assert record.flags & records.IS_HEAD
    assert client.post(f"/s/{link.code}").status_code == 405


@pytest.mark.parametrize(
    "code", ["zzzzzzzzzzzzzzzz", "a", "../etc/passwd", "%0d%0aset-cookie", "é"]
)
def test_an_unknown_link_is_a_page_not_found(client: Client, code: str) -> None:
    answer = client.get(f"/s/{code}", follow_redirects=False, headers={"accept-language": "en"})
    assert answer.status_code == 404
    if len(code) == 16 and code.isalnum():
        assert "This link does not exist" in answer.text


def test_an_unknown_code_is_found_once_it_exists(client: Client, workspace: UUID) -> None:
    code = new_code()
    assert click(client, code).status_code == 404
    campaign_link(workspace, code=code)
    for _ in range(60):
        if click(client, code).status_code == 302:
            return
        time.sleep(0.05)
    pytest.fail("the link never came alive")


def test_what_a_page_tells_is_kept(client: Client, journal: Path, workspace: UUID) -> None:
    link = campaign_link(workspace)
    click(client, link.code)
    for kind in ("view", "press"):
        body = f'{{"code": "{link.code}", "kind": "{kind}"}}'
        answer = client.post("/t", content=body, headers={"content-type": "text/plain"})
        assert answer.status_code == 204
    clicked, viewed, pressed = kept(journal, link)
    assert [viewed.kind, pressed.kind] == ["view", "press"]
    assert clicked.visitor_id == viewed.visitor_id == pressed.visitor_id


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{}", 422, "invalid"),
        ("not json", 422, "invalid"),
        ('{"code": 1, "kind": "view"}', 422, "invalid"),
        ('{"code": "{code}", "kind": "click"}', 422, "invalid"),
        ('{"code": "{code}", "kind": "no such kind"}', 422, "invalid"),
        ('{"code": "zzzzzzzzzzzzzzzz", "kind": "view"}', 404, "link_unknown"),
        ('{"code": "' + "x" * 5000 + '"}', 413, "body_too_large"),
    ],
)
def test_bad_telemetry_is_refused_clearly(
    client: Client, journal: Path, workspace: UUID, body: str, status: int, code: str
) -> None:
    link = campaign_link(workspace)
    answer = client.post("/t", content=body.replace("{code}", link.code))
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert kept(journal, link) == []


def test_a_full_disk_is_told_and_not_answered_as_kept(
    client: Client, journal: Path, workspace: UUID
) -> None:
    link = campaign_link(workspace)
    assert click(client, link.code).status_code == 302
    break_disk(journal)
    answer = click(client, link.code)
    assert answer.status_code == 503
    assert answer.json()["code"] == "click_not_kept"
    assert "retry-after" in answer.headers
    assert click(client, link.code).status_code == 302
    assert len(kept(journal, link)) == 2


def test_qr_codes_say_the_link(client: Client, workspace: UUID) -> None:
    link = campaign_link(workspace)
    answer = client.get(f"/api/public/qr/{link.code}.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg")
    assert client.get("/api/public/qr/zzzzzzzzzzzzzzzz.svg").status_code == 404
    assert client.get(f"/api/public/qr/{link.code}.exe").status_code == 404
