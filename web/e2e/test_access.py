"""Everybody can read and reach it: without a mouse, in both themes, with labels and contrast."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from web.e2e.api import Api
from web.e2e.console import NOBODY_YET, Console
from web.e2e.house import Address
from web.e2e.phone import Phone
from web.e2e.screen import KEY_DELAY_MS, NODE_MODULES, Scheme, Screen

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
LEVEL_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = {
    "today": "/",
    "campaigns": "/campaigns",
    "templates": "/templates",
    "people": "/people",
    "outbox": "/outbox",
    "rewards": "/rewards",
    "compliance": "/compliance",
    "settings": "/settings",
}


@pytest.fixture(scope="module")
def story(api: Api) -> dict[str, Any]:
    """A running campaign in which somebody has brought somebody and an edit waits, and drafts."""
    campaign = api.announce("dining_latte_referral")
    draft = api.ask("POST", "/campaigns", {"template_key": "dining_meal_assist"})["id"]
    level = api.ask("POST", "/campaigns", {"template_key": "retail_neighbour_basket"})["id"]
    runs = api.ask("GET", f"/campaigns/{campaign}")
    runs["definition"]["surfaces"].append("mini_program")
    edit = {"definition": runs["definition"], "version": runs["version"]}
    api.ask("POST", f"/campaigns/{campaign}/asked-edit", edit)
    host, friend = api.people(("+8613655550001", "欧阳南星"), ("+8613655550002", "周知夏"))
    quest = api.start(campaign, host)
    answer = api.support(quest, friend)
    assert answer["counted"], answer
    link = f"/s/{quest['share_code']}"
    return {"campaign": campaign, "draft": draft, "level": level, "host": host, "link": link}


def faults(page: Page, scheme: Scheme) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, one line an element.

    The themes differ in colours alone, so in the dark only contrast is looked at.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    only: dict[str, Any] = {"type": "tag", "values": LEVEL_AA}
    if scheme == "dark":
        only = {"type": "rule", "values": ["color-contrast"]}
    # The phone in the wizard's frame is looked at by itself.
    result = page.evaluate(
        "async (only) => await axe.run({ exclude: [['iframe']] }, { runOnly: only })", only
    )
    assert result["passes"], "axe looked at nothing"
    found = result["violations"]
    return [
        f"{page.url} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_console_pages_can_be_read_by_everybody(
    console: Callable[..., Console], story: dict[str, Any], scheme: Scheme
) -> None:
    desk = console(scheme=scheme)
    desk.sign_in()
    live = f"/campaigns/{story['campaign']}"
    wizard = f"/campaigns/{story['draft']}/edit?step="
    paths = [*PAGES.values(), live, f"{live}?tab=participants", f"{live}?tab=links"]
    paths += [f"{live}?tab=grants", f"{live}?tab=rules", *(f"{wizard}{step}" for step in (1, 2, 3))]
    paths += [f"{live}/change", f"/campaigns/{story['level']}/edit?step=3"]
    found: list[str] = []
    for path in paths:
        desk.open(path)
        expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
        expect(desk.page.locator(".bone, .bones")).to_have_count(0)
        found += faults(desk.page, scheme)
        desk.screen.whole()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_pages_can_be_read_by_everybody(
    api: Api,
    phone: Callable[..., Phone],
    house: Address,
    story: dict[str, Any],
    scheme: Scheme,
) -> None:
    own = Screen(api.phone_of(story["host"], scheme=scheme))
    stranger = phone("13655550003", "许青禾", scheme=scheme)
    found: list[str] = []
    for page in (own.page, stranger.page):
        page.goto(house.url + story["link"])
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += faults(page, scheme)
    own.page.evaluate("location.hash = 'mine'")
    expect(own.page.locator(".grant")).to_be_visible()
    found += faults(own.page, scheme)
    stranger.page.locator("button.big").tap()
    expect(stranger.sheet()).to_be_visible()
    found += faults(stranger.page, scheme)
    own.close()
    assert not found, "\n".join(found)


def test_console_on_a_phone(console: Callable[..., Console], story: dict[str, Any]) -> None:
    hand = console(phone=True)
    hand.sign_in()
    for path in (
        *PAGES.values(),
        f"/campaigns/{story['campaign']}",
        f"/campaigns/{story['campaign']}/change",
        f"/campaigns/{story['draft']}/edit",
    ):
        hand.open(path)
        expect(hand.page.get_by_role("heading", level=1)).to_be_visible()
        expect(hand.page.locator(".bone, .bones")).to_have_count(0)
        hand.screen.whole()
    hand.press("看手机上的样子", "See it as on a phone")
    expect(hand.page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_in_viewport()
    hand.screen.whole()


def test_the_first_step_needs_no_mouse(console: Callable[..., Console]) -> None:
    """Sign in, choose a template and fill the first step with the keyboard alone."""
    desk = console()
    page, keyboard = desk.page, desk.page.keyboard
    desk.screen.expect_refusals(NOBODY_YET)
    desk.open("/")
    expect(page.get_by_label("邮箱")).to_be_focused()
    keyboard.type(desk.shop.email)
    keyboard.press("Tab")
    keyboard.type(desk.shop.password)
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/$"))
    tab_to(page, "link", "模板库")
    keyboard.press("Enter")
    page.wait_for_url("**/templates")
    expect(page.get_by_role("article").first).to_be_visible()
    tab_to(page, "button", "用这个")
    keyboard.press("Enter")
    page.wait_for_url(re.compile("/edit"))
    expect(desk.field("name")).to_be_visible()
    tab_to(page, "textbox", "活动名称")
    keyboard.press("Control+a")
    keyboard.type("键盘写的名字", delay=KEY_DELAY_MS)
    expect(desk.field("name")).to_have_value("键盘写的名字")
    tab_to(page, "button", "参与人数")
    keyboard.press("Space")
    expect(page.get_by_role("button", name="参与人数")).to_have_attribute("aria-pressed", "true")
    tab_to(page, "button", "微信群")
    keyboard.press("Space")
    tab_to(page, "button", "下一步：玩法与奖励")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="奖励怎么给")).to_be_visible()


def tab_to(page: Page, role: Any, name: str) -> None:
    """Press Tab until the named thing has the focus, which must be seen to have it."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            outline = wanted.evaluate(
                "(one) => { const s = getComputedStyle(one); return s.outlineStyle + s.boxShadow }"
            )
            assert outline != "nonenone", f"{name} does not show that it has the focus"
            return
    pytest.fail(f"the keyboard does not reach {name}")
