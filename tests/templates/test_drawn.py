"""Every template's page is drawn: as the server sends it, and on a narrow phone in a real browser."""

import mimetypes
import os
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, sync_playwright

from banyan.app.pages import Pages
from banyan.campaigns.rules_text import rules_text
from banyan.plays import PLAYS, Secretive
from banyan.templates import Template, templates
from tests.templates.test_templates import definition_of

ALL = templates()
WEB = Path(__file__).parents[2] / "web"
ORIGIN = "http://banyan.test"
NARROW = 360
CHROMIUM = os.environ.get("BANYAN_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
STATE = re.compile(rb'<script[^>]*id="state"[^>]*>(.*?)</script>', re.DOTALL)
DRAWN = """() => {
  const big = document.querySelector('.big')
  const box = big?.getBoundingClientRect()
  return {
    wide: document.documentElement.scrollWidth,
    title: document.querySelector('.hero-title')?.textContent ?? '',
    big: !!box && box.width > 0 && box.height >= 44 && getComputedStyle(big).visibility === 'visible',
    size: getComputedStyle(document.documentElement).fontSize,
  }
}"""


def state_of(template: Template) -> dict[str, Any]:
    """Return what somebody sees who opens the merchant's own link of this template."""
    definition = definition_of(template)
    said = msgspec.to_builtins(definition)
    play = PLAYS[template.play]
    settings = said["play"]["settings"]
    if isinstance(play, Secretive):
        read = msgspec.convert(settings, play.Settings)
        settings = msgspec.to_builtins(play.public_settings(read))
    nothing = {"zh": "", "en": ""}
    offers = [
        {key: one[key] for key in ("key", "name", "kind", "value_minor", "points", "valid_days")}
        | {"left": one["quantity"], "use": nothing, "terms": one["terms"]}
        for one in said["offers"]
    ]
    shares = settings.get("shares", 0)
    return {
        "link": {"code": "PREVIEW", "kind": "campaign", "channel": None},
        "workspace": {"name": "榕树", "slug": "s", "currency": "CNY", "is_sandbox": False},
        "campaign": {
            "id": "preview",
            "name": said["name"],
            "play": template.play,
            "state": "live",
            "ends_at": said["period"]["ends_at"],
            "page": said["page"],
            "offers": offers,
            "settings_public": settings,
            "rules": msgspec.to_builtins(rules_text(definition)),
            "host": said["host"],
        },
        "surface": {"key": said["surfaces"][0], "allowed": True, "message": None},
        "quest": None,
        "me": None,
        "my_quest": None,
        "my_support": None,
        "problem": None,
        "packet": {"shares": shares, "left": shares, "total_minor": 100, "mine": None}
        if template.play == "red_packet"
        else None,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", ALL.values(), ids=list(ALL))
def test_the_server_sends_its_page(template: Template, language: str) -> None:
    state = state_of(template)
    title = state["campaign"]["page"]["title"][language]
    sent = Pages(WEB).page(
        state, title=title, summary="", address="/s/A", language=language, picture="/h5/card/A.png"
    )
    found = STATE.search(sent)
    assert found is not None
    assert msgspec.json.decode(found[1]) == msgspec.json.decode(msgspec.json.encode(state))
    assert sent.count(b"<title>") == 1
    assert b'<meta property="og:image" content="/h5/card/A.png">' in sent
    assert (b'<html lang="en"' in sent) is (language == "en")


def _from_disk(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN).split("?")[0]
    if path == "/h5/preview":
        page = Pages(WEB).page(None, title="", summary="", address="", language="zh")
        return route.fulfill(body=page, content_type="text/html; charset=utf-8")
    file = WEB / "h5" / "dist" / path.removeprefix("/h5/")
    if not file.is_file():
        return route.fulfill(status=404)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return route.fulfill(body=file.read_bytes(), content_type=kind)


def _show(tab: Tab, state: dict[str, Any], language: str) -> dict[str, Any]:
    tab.evaluate(
        "message => { window.postMessage(message, location.origin) }",
        {"type": "banyan:preview", "state": state, "language": language, "theme": "light"},
    )
    title = state["campaign"]["page"]["title"][language]
    tab.wait_for_function(
        "title => document.querySelector('.hero-title')?.textContent === title", arg=title
    )
    drawn: dict[str, Any] = tab.evaluate(DRAWN)
    for _ in range(50):
        if drawn["big"]:
            break
        # A play's own part is loaded when it is first needed.
        tab.wait_for_timeout(100)
        drawn = tab.evaluate(DRAWN)
    return drawn


@pytest.mark.skipif(not (WEB / "h5" / "dist" / "index.html").exists(), reason="web is not built")
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_narrow_phone_draws_every_one() -> None:
    states = {
        key: msgspec.json.decode(msgspec.json.encode(state_of(one))) for key, one in ALL.items()
    }
    wrong: list[str] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        tab = browser.new_page(viewport={"width": NARROW, "height": 780})
        said: list[str] = []
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        tab.route("**/*", _from_disk)
        tab.goto(f"{ORIGIN}/h5/preview")
        for key, state in states.items():
            for language in ("zh", "en"):
                drawn = _show(tab, state, language)
                large = state["campaign"]["page"].get("reading") == "large"
                if drawn["wide"] > NARROW:
                    wrong.append(f"{key} {language}: {drawn['wide']} px wide")
                if not drawn["big"]:
                    wrong.append(f"{key} {language}: no big button")
                if drawn["size"] != ("20px" if large else "16px"):
                    wrong.append(f"{key} {language}: type of {drawn['size']}")
                wrong += [f"{key} {language}: {line}" for line in said]
                said.clear()
        browser.close()
    assert len(states) >= 200
    assert not wrong, "\n".join(wrong)
