"""The journey: a merchant's word reaches a friend of a friend, and everybody sees it happen."""

import csv
import re
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from web.e2e.console import FRESH_MS, Console, Outbox
from web.e2e.phone import Phone
from web.e2e.screen import Language

MOST_FIELDS = 20
MOST_SECONDS = 180


class Story(NamedTuple):
    play: str
    template: str
    language: Language
    title: str
    name: str


STORIES = [
    Story("referral", "带朋友喝拿铁", "zh", "请你喝一杯山茶拿铁", "冬日拿铁"),
    Story(
        "assist", "Five friends, fifty off", "en", "Two friends, and we treat you", "Winter table"
    ),
]


@pytest.mark.parametrize(
    "story", STORIES, ids=[f"{story.play}-{story.language}" for story in STORIES]
)
def test_one_word_travels(
    story: Story,
    console: Callable[..., Console],
    phone: Callable[..., Phone],
    whole: None,
) -> None:
    desk = console(language=story.language)
    desk.sign_in()
    link = publish_from_template(desk, story)
    watch_nothing_yet(desk)
    outbox = desk.outbox()

    tail = "1" if story.play == "referral" else "2"
    host = phone(f"1380000101{tail}", "欧阳南星", language=story.language)
    quest_link = start_as_host(host, desk, link, outbox)
    desk.funnel_becomes(lambda funnel: funnel["started"] == 1 and funnel["shared"] == 1)
    expect(desk.figure("参与人数", "Participants")).to_have_text("1")

    friends = [
        phone(f"1390000202{tail}", "周知夏", language=story.language),
        phone(f"1390000303{tail}", "许青禾", language=story.language),
    ]
    for friend in friends:
        friend.open(quest_link)
        assert host.name not in friend.page.content()
        assert host.number[-4:] not in friend.page.content()
    support(friends[0], outbox)
    expect(host.page.locator(".friend")).to_have_count(1, timeout=FRESH_MS)
    support_twice_from_two_tabs(friends[1], outbox)
    expect(host.page.locator(".friend-counted")).to_have_count(2, timeout=FRESH_MS)
    assert host.page.evaluate("window.untouched"), "the host's page was loaded again"

    refuse_helping_each_other(host, friends[1])
    refuse_own_link(host, quest_link)
    both_see_their_rewards(host, friends)
    watch_it_happen(desk)
    refuse_codes(phone(f"1370000404{tail}", "何时", language=story.language), link, outbox)
    pause_and_end(desk, friends[0], link)
    outbox.screen.whole()


def publish_from_template(desk: Console, story: Story) -> str:
    """Go from the gallery to a running campaign as somebody who types; return its first link."""
    page, say = desk.page, desk.say
    desk.open("/templates")
    page.get_by_role("searchbox").first.fill(story.template)
    card = page.get_by_role("article").filter(has_text=story.template)
    expect(card).to_be_visible()
    desk.screen.whole()
    began = time.monotonic()
    card.get_by_role("button").click()
    page.wait_for_url(re.compile("/edit"))

    expect(desk.field("name")).not_to_be_empty()
    shown = desk.fields_shown()
    desk.type(desk.field("name"), story.name)
    desk.type(desk.field("goal.target"), "300")
    desk.type(desk.field("budget.total_minor"), "5000")
    desk.type(desk.field("budget.per_day_minor"), "800")
    page.get_by_text(say("给同事看的：", "For colleagues:")).click()
    desk.type(desk.field("audience.traits"), say("常来的邻居", "regulars from next door"))
    desk.screen.whole()
    desk.press("下一步：玩法与奖励", "Next: play and reward")

    first = "tiers" if story.play == "referral" else "helpers_needed"
    expect(desk.box(f"play.settings.{first}")).to_be_visible()
    shown += desk.fields_shown()
    if story.play == "assist":
        desk.type(desk.field("play.settings.helpers_needed"), "2")
    desk.screen.whole()
    desk.press("下一步：页面与发布", "Next: page and publication")

    expect(desk.field("page.title")).to_be_visible()
    shown += desk.fields_shown()
    write_the_title_and_watch_the_phone(desk, story)
    desk.type(desk.field("host.name"), say("山茶咖啡", "Camellia Coffee"))
    desk.type(desk.field("host.contact"), "021-6000 0000")
    desk.screen.whole()
    page.get_by_role("button", name=say("发布", "Publish"), exact=True).click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}\?share=1"))
    took = time.monotonic() - began
    assert took <= MOST_SECONDS
    assert len(shown) == len(set(shown)) <= MOST_FIELDS, shown

    link = desk.link_in_dialog()
    desk.screen.whole()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return link


def write_the_title_and_watch_the_phone(desk: Console, story: Story) -> None:
    """The preview says what has been typed while it is being typed."""
    heading = desk.page.frame_locator("iframe").get_by_role("heading", level=1)
    half = len(story.title) // 2
    desk.type(desk.field("page.title"), story.title[:half])
    expect(heading).to_have_text(story.title[:half].strip())
    desk.field("page.title").press_sequentially(story.title[half:], delay=90)
    expect(heading).to_have_text(story.title)


def watch_nothing_yet(desk: Console) -> None:
    """Before anybody came the page says that it cannot know, not that growth is nought."""
    expect(desk.page.get_by_text(desk.say("还不能判断", "Too early to tell"))).to_be_visible()
    expect(
        desk.page.get_by_text(
            desk.say("一切就绪，等第一个人", "All set, waiting for the first person")
        )
    ).to_be_visible()
    expect(desk.figure("参与人数", "Participants")).to_have_text("0")
    desk.page.evaluate("window.untouched = true")
    desk.screen.whole()


def start_as_host(host: Phone, desk: Console, link: str, outbox: Outbox) -> str:
    """Come by the merchant's link, read the rules, start, and return the own link."""
    host.open(link)
    rules = host.page.locator("#rules")
    host.page.get_by_role("link", name=host.say("规则", "Rules"), exact=True).tap()
    expect(rules).to_be_in_viewport()
    expect(rules).to_contain_text("021-6000 0000")
    assert rules.get_by_role("listitem").count() >= 4
    host.page.locator("button.big").tap()
    host.screen.expect_refusals("POST /api/public/sessions 422")
    host.ask_for_code()
    expect(host.sheet().locator(".code-field")).to_be_visible()
    code = outbox.code_for(host.number)
    host.try_code("000000" if code != "000000" else "111111")
    expect(host.sheet().get_by_role("alert")).to_contain_text(
        host.say("还可以试 4 次", "4 tries left")
    )
    host.try_code(code)
    expect(host.sheet()).to_have_count(0)

    invite = host.page.locator("button.big")
    expect(host.page.get_by_text(host.say("我带来的朋友", "Friends I brought"))).to_be_visible()
    host.screen.whole()
    host.page.evaluate("window.untouched = true")
    invite.tap()
    shared = host.sheet().locator(".quote-link").inner_text()
    host.screen.whole()
    host.sheet().get_by_role("button", name=host.say("关闭", "Close")).tap()
    host.page.get_by_role("button", name=host.say("面对面扫码", "Show QR code")).tap()
    picture = host.sheet().get_by_alt_text(host.say("我的邀请二维码", "QR code of my invitation"))
    expect(picture).to_be_visible()
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth }")
    host.screen.whole()
    host.sheet().get_by_role("button", name=host.say("关闭", "Close")).tap()
    assert shared != link
    return shared


def support(friend: Phone, outbox: Outbox) -> None:
    """Accept an invitation, known by phone for the first time."""
    friend.page.locator("button.big").tap()
    friend.sign_in(outbox)
    counted = friend.page.locator(".outcome.counted")
    expect(counted).to_be_visible()
    expect(counted.get_by_role("article")).to_have_count(1)
    friend.screen.whole()


def support_twice_from_two_tabs(friend: Phone, outbox: Outbox) -> None:
    """The second tab does not know of the first; the friend counts once and is told so."""
    link = friend.page.url
    friend.page.get_by_role("link", name=friend.say("我的", "Mine"), exact=True).tap()
    friend.page.get_by_role("button", name=friend.say("手机号登录", "Sign in by phone")).tap()
    friend.sign_in(outbox)
    friend.page.get_by_role("link", name=friend.say("返回", "Back")).tap()
    tab = friend.another_tab()
    tab.open(link)
    friend.page.locator("button.big").tap()
    expect(friend.page.locator(".outcome.counted .grant")).to_have_count(1)
    friend.screen.whole()
    tab.page.locator("button.big").tap()
    outcome = tab.page.locator(".outcome:not(.counted)")
    expect(outcome).to_contain_text(
        tab.say("您已经支持过啦", "You have already given your support")
    )
    tab.screen.whole()
    tab.page.close()


def refuse_helping_each_other(host: Phone, friend: Phone) -> None:
    """The friend starts too; whoever brought them cannot be brought by them, and is told why."""
    friend.page.get_by_role("button", name=friend.say("我也要参加", "Take part myself")).tap()
    expect(friend.page.get_by_text(friend.say("我带来的朋友", "Friends I brought"))).to_be_visible()
    friend.page.locator("button.big").tap()
    link = friend.sheet().locator(".quote-link").inner_text()
    friend.sheet().get_by_role("button", name=friend.say("关闭", "Close")).tap()
    tab = host.another_tab()
    tab.open(link)
    tab.page.locator("button.big").tap()
    outcome = tab.page.locator(".outcome")
    expect(outcome).to_be_visible()
    expect(outcome).not_to_have_class(re.compile(r"\bcounted\b"))
    told = outcome.locator("p").first.inner_text()
    assert re.search(host.say("[一-鿿]{4}", "[A-Za-z]{3} "), told), told
    assert "_" not in told
    tab.screen.whole()
    tab.page.close()


def refuse_own_link(host: Phone, quest_link: str) -> None:
    """One's own link shows one's own page; a support sent all the same does not count."""
    tab = host.another_tab()
    tab.open(quest_link)
    expect(tab.page.get_by_text(host.say("我带来的朋友", "Friends I brought"))).to_be_visible()
    code = quest_link.rpartition("/")[2]
    answer = tab.page.evaluate(
        """async (code) => {
          const state = await (await fetch(`/api/public/links/${code}`)).json()
          const body = JSON.stringify({ link_code: code })
          const headers = { 'content-type': 'application/json' }
          const sent = await fetch(`/api/public/quests/${state.quest.id}/supports`, { method: 'POST', body, headers })
          return sent.json()
        }""",
        code,
    )
    assert (answer["counted"], answer["reason"], answer["grants"]) == (False, "own_quest", [])
    assert answer["message"]["zh"]
    assert answer["message"]["en"]
    tab.page.get_by_role("link", name=host.say("我的", "Mine"), exact=True).tap()
    told = tab.page.locator(".row-why").filter(has_text=answer["message"][host.screen.language])
    expect(told).to_have_count(1)
    tab.screen.whole()
    tab.page.close()


def both_see_their_rewards(host: Phone, friends: list[Phone]) -> None:
    """Both sides find what they got under "mine", with a code to show and the reason."""
    for one in (host, *friends):
        one.page.evaluate("location.hash = 'mine'")
        grant = one.page.locator(".grant").first
        expect(grant).to_be_visible()
        expect(grant.locator("code")).to_have_text(re.compile(r"^[0-9A-Z-]{8,}$", re.IGNORECASE))
        reason = grant.locator(".note").first.inner_text()
        assert re.search(one.say("[一-鿿]{4}", "[A-Za-z]{3}"), reason), reason
        one.screen.whole()


def watch_it_happen(desk: Console) -> None:
    """The console's open page has followed all of it, and says how much it cannot know yet."""
    funnel = desk.funnel_becomes(
        lambda found: found["friend_clicked"] >= 2 and found["converted"] == 2
    )
    assert funnel["seen"] >= 3
    assert funnel["clicked"] >= 3
    assert desk.page.evaluate("window.untouched"), "the console's page was loaded again"
    expect(desk.page.get_by_text(desk.say("> 1 正在裂变", "> 1 growing by itself"))).to_have_count(
        0
    )
    desk.screen.whole()


def refuse_codes(late: Phone, link: str, outbox: Outbox) -> None:
    """A code serves once."""
    late.open(link)
    late.page.get_by_role("link", name=late.say("我的", "Mine"), exact=True).tap()
    late.page.get_by_role("button", name=late.say("手机号登录", "Sign in by phone")).tap()
    late.sign_in(outbox)
    used = outbox.code_for(late.number)
    late.page.get_by_role("button", name=late.say("退出登录", "Sign out")).tap()
    late.page.get_by_role("button", name=late.say("手机号登录", "Sign in by phone")).tap()
    late.screen.expect_refusals("POST /api/public/codes 429", "POST /api/public/sessions 422")
    late.ask_for_code()
    late.try_code(used)
    expect(late.sheet().get_by_role("alert")).to_contain_text(late.say("已用过", "was used"))
    late.screen.whole()


def pause_and_end(desk: Console, friend: Phone, link: str) -> None:
    """A pause stops the page with words, resuming opens it; then end, settle, export."""
    page, say = desk.page, desk.say
    desk.press("暂停", "Pause")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(say("奖品补货", "Restocking"))
    desk.screen.whole()
    dialog.get_by_role("button", name=say("暂停", "Pause"), exact=True).click()
    expect(page.get_by_text(say("奖品补货", "Restocking"))).to_be_visible()
    friend.open(link)
    expect(friend.page.get_by_role("heading", name=say("活动暂停中", "Paused"))).to_be_visible()
    expect(friend.page.locator("button.big")).to_have_count(0)
    desk.press("恢复", "Resume")
    expect(page.get_by_role("button", name=say("暂停", "Pause"), exact=True)).to_be_visible()
    friend.open(link)
    expect(friend.page.locator(".big").first).to_be_visible()

    page.get_by_role("button", name=say("导出", "Export")).click()
    page.get_by_role("menuitem", name=say("结束活动…", "End the campaign…")).click()
    dialog.get_by_role("textbox").fill(say("到此为止", "Enough"))
    dialog.get_by_role("button", name=say("结束活动", "End the campaign"), exact=True).click()
    desk.press("结算", "Settle")
    dialog.get_by_role("button", name=say("结算", "Settle"), exact=True).click()
    expect(page.locator(".pill").filter(has_text=say("已结算", "Settled"))).to_be_visible()
    friend.open(link)
    expect(
        friend.page.get_by_role("heading", name=say("活动已结束", "This campaign has ended"))
    ).to_be_visible()

    for what, rows in ((say("参与者", "Participants"), 3), (say("助力记录", "Supports"), 2)):
        file = desk.choose_export(f"{what} · CSV")
        with file.open(encoding="utf-8-sig", newline="") as text:
            table = list(csv.reader(text))
        assert len(table) - 1 >= rows, table
    desk.screen.whole()
