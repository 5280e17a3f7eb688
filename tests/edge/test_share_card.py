"""The picture of a link: a card that anybody may ask for and keep, or the page's own cover."""

import io
import re
from typing import Any

import pytest
from litestar.testing import TestClient
from PIL import Image

from banyan.app.share_card import CACHE, picture_address
from banyan.links import share_url
from tests.stage import Stage

TITLE = {"zh": "请朋友来喝一杯", "en": "A cup for you and a friend"}


@pytest.fixture
def code(client: TestClient[Any]) -> str:
    """Return the code of a quest's link."""
    assert client
    stage = Stage()
    page = {"title": TITLE, "theme": "sun", "blocks": [{"kind": "action"}, {"kind": "rules"}]}
    campaign = stage.campaign(page=page)
    (quest,) = stage.quests(campaign, stage.people(1))
    found: str = stage.one("select share_code from quests where id = %s", quest)
    return found


def card(client: TestClient[Any], name: str) -> Any:
    return client.get(f"/h5/card/{name}")


def test_anybody_gets_the_card_and_may_keep_it_for_an_hour(
    client: TestClient[Any], code: str
) -> None:
    answer = card(client, f"{code}.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == CACHE
    assert "set-cookie" not in answer.headers
    drawn = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert drawn.size == (600, 600)
    # The ground of the theme, and white words on it.
    assert drawn.getpixel((2, 2)) == (125, 67, 11)
    assert (255, 255, 255) in {colour for _, colour in drawn.getcolors(1 << 20) or ()}
    assert card(client, f"{code}.en.png").content != answer.content
    assert card(client, f"{code}.png").content == answer.content


@pytest.mark.parametrize("name", ["nosuchlink0000.png", "{code}", "{code}.jpg", ".png"])
def test_no_link_has_no_card(client: TestClient[Any], code: str, name: str) -> None:
    answer = card(client, name.format(code=code))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_link")


def told(client: TestClient[Any], code: str, language: str) -> dict[str, str]:
    page = client.get(f"/h5/l/{code}", headers={"Accept-Language": language}).text
    return dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', page))


def test_the_page_names_its_card_to_chats(client: TestClient[Any], code: str) -> None:
    said = told(client, code, "zh-CN")
    base = share_url("")[: -len("/s/")]
    assert said["og:title"] == TITLE["zh"]
    assert said["og:image"] == f"{base}/h5/card/{code}.png"
    assert said["og:url"] == share_url(code)
    english = told(client, code, "en")
    assert (english["og:title"], english["og:image"]) == (
        TITLE["en"],
        f"{base}/h5/card/{code}.en.png",
    )
    assert card(client, english["og:image"].rpartition("/")[2]).status_code == 200


def test_a_cover_is_shown_rather_than_a_card() -> None:
    page = {"blocks": [{"kind": "text"}, {"kind": "hero", "image": "abc"}]}
    assert picture_address("CODE", page, "zh").endswith("/pictures/abc/640.jpg")
    page["blocks"][1].pop("image")
    assert picture_address("CODE", page, "zh").endswith("/h5/card/CODE.png")


def test_an_unknown_page_names_no_picture(client: TestClient[Any]) -> None:
    assert "og:image" not in told(client, "nosuchlink0000", "zh-CN")
