"""How a merchant gets from the gallery of templates to a running campaign, at the speed of a hand."""

import re
import time
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Locator, expect

from web.e2e.album import keep
from web.e2e.console import Console

MOST_SECONDS = 180
MOST_FIELDS = 20
HOST, CONTACT = "山茶咖啡", "021-6000 0000"


class Change(NamedTuple):
    """What the merchant types into the `nth` input of one part of the definition."""

    path: str
    text: str
    nth: int = 0


class Story(NamedTuple):
    """One play as the merchant starts it."""

    play: str
    name: str
    """What the console calls the play."""
    template: str
    changes: tuple[Change, ...] = ()
    """Of the play's settings, in the order of the form."""
    budget: str = "5000"
    sells: bool = False
    more: Callable[[Console], None] | None = None
    """What else is done to the play's settings, by hand."""


class Published(NamedTuple):
    campaign: str
    link: str
    seconds: float
    fields: list[str]


def publish(desk: Console, story: Story) -> Published:
    """Choose the template under its play, change what matters, publish; return the first link."""
    page = desk.page
    desk.open("/templates")
    plays = page.get_by_role("group", name=desk.say("玩法", "Play"), exact=True)
    plays.get_by_role("button", name=story.name, exact=True).click()
    card = page.get_by_role("article").filter(
        has=page.get_by_role("heading", name=story.template, exact=True)
    )
    expect(card).to_be_visible()
    desk.screen.whole()
    began = time.monotonic()
    card.get_by_role("button").click()
    page.wait_for_url(re.compile("/edit"))
    shown = _say_what_for(desk, story)
    desk.press("下一步：玩法与奖励", "Next: play and reward")
    shown += _set_the_play(desk, story)
    desk.press("下一步：页面与发布", "Next: page and publication")
    shown += _name_the_host(desk)
    _answer_what_is_asked(desk)
    page.get_by_role("button", name=desk.say("发布", "Publish"), exact=True).click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}\?share=1"))
    seconds = time.monotonic() - began
    assert seconds <= MOST_SECONDS
    assert len(shown) == len(set(shown)), shown
    # Who goes into the details reads more of them.
    assert story.more is not None or len(shown) <= MOST_FIELDS, shown
    link = desk.link_in_dialog()
    desk.screen.whole()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    campaign = re.sub(r".*/campaigns/([0-9a-f-]{36}).*", r"\1", page.url)
    return Published(campaign, link, seconds, shown)


def _say_what_for(desk: Console, story: Story) -> list[str]:
    expect(desk.field("name")).not_to_be_empty()
    desk.type(desk.field("goal.target"), "300")
    if not story.sells:
        desk.type(desk.field("budget.total_minor"), story.budget)
    desk.screen.whole()
    return desk.fields_shown()


def _set_the_play(desk: Console, story: Story) -> list[str]:
    expect(desk.page.locator('[data-path^="play.settings."]').first).to_be_visible()
    if story.sells:
        _make_the_good(desk)
    for change in story.changes:
        desk.type(_input(desk, change), change.text)
    if story.more is not None:
        story.more(desk)
    _said_nothing_is_wrong(desk)
    keep(desk.page, f"{story.play}-wizard")
    desk.screen.whole()
    return desk.fields_shown()


def _input(desk: Console, change: Change) -> Locator:
    return desk.box(change.path).locator("input:not([role=combobox]), textarea").nth(change.nth)


def _make_the_good(desk: Console) -> None:
    """What a template sells is put on the shelf of the own shop from where it is needed."""
    box = desk.box("play.settings.good")
    unlinked = box.get_by_role("button", name=desk.say("用模板建一个", "Make it from the template"))
    unlinked.click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_label(desk.say("平时售价", "Usual price"))).not_to_be_empty()
    desk.screen.whole()
    dialog.get_by_role("button", name=desk.say("建好并上架", "Make and publish")).click()
    expect(dialog).to_have_count(0)
    expect(unlinked).to_have_count(0)


def _answer_what_is_asked(desk: Console) -> None:
    """Confirm what no machine can know, one question after the other."""
    asked = desk.page.locator(".judged").get_by_role(
        "button", name=re.compile("^(确认：|Confirm:)")
    )
    for left in range(asked.count(), 0, -1):
        asked.first.click()
        expect(asked).to_have_count(left - 1)


def _said_nothing_is_wrong(desk: Console) -> None:
    expect(desk.page.locator(".box .problem")).to_have_count(0)


def _name_the_host(desk: Console) -> list[str]:
    expect(desk.field("page.title")).not_to_be_empty()
    desk.type(desk.field("host.name"), HOST)
    desk.type(desk.field("host.contact"), CONTACT)
    _said_nothing_is_wrong(desk)
    desk.screen.whole()
    return desk.fields_shown()
