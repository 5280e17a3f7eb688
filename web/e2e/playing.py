"""What people do in each play that sells nothing, and what they get."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from web.e2e.album import keep
from web.e2e.console import FRESH_MS, Console, Outbox
from web.e2e.phone import Phone
from web.e2e.publishing import Published

WRONG = "NOT-IT"
MY_LINK = """async (code) => {
  for (;;) {
    const page = await (await fetch(`/api/public/links/${code}`)).json()
    if (page.my_quest) return page.my_quest.share_url
    await new Promise((go) => setTimeout(go, 250))
  }
}"""
"""What a page asks again until the quest that has just been started is there."""


class Scene:
    """A running campaign, the merchant's desk, and two phones that have never been here."""

    def __init__(
        self, play: str, desk: Console, outbox: Outbox, published: Published, *people: Phone
    ) -> None:
        self.play = play
        self.desk = desk
        self.outbox = outbox
        self.campaign = published.campaign
        self.link = published.link
        self.host, self.friend = people

    def keep(self, phone: Phone, what: str) -> None:
        keep(phone.page, f"{self.play}-{what}")

    def begin(self) -> None:
        """Open the merchant's link, press the big button, sign in by the code from the outbox."""
        self.host.open(self.link)
        expect(self.host.page.locator("button.big")).to_be_enabled()
        expect(self.host.page.locator(".bones-card")).to_have_count(0)
        self.keep(self.host, "open")
        self.host.page.locator("button.big").tap()
        self.host.sign_in(self.outbox)

    def share_link(self) -> str:
        """Return the link of the host's own quest."""
        code = self.link.rpartition("/")[2]
        return self.host.page.evaluate(MY_LINK, code)

    def invite(self) -> None:
        """The friend opens the host's link; the page says who invites without saying too much."""
        self.friend.open(self.share_link())
        expect(self.friend.page.locator(".bones-card")).to_have_count(0)
        assert self.host.name not in self.friend.page.content()
        assert self.host.number[-4:] not in self.friend.page.content()
        self.keep(self.friend, "friend")

    def support(self, *, gift: bool = True) -> None:
        """The friend presses the big button for the host, and it counts."""
        self.invite()
        self.friend.page.locator("button.big").tap()
        self.friend.sign_in(self.outbox)
        counted = self.friend.page.locator(".outcome.counted")
        expect(counted).to_be_visible()
        expect(counted.get_by_role("article")).to_have_count(1 if gift else 0)
        self.friend.screen.whole()

    def told(self, words: str | re.Pattern[str]) -> None:
        """The host's page says so, aloud for those who do not see it."""
        heard = self.host.page.get_by_role("status").filter(has_text=words)
        expect(heard.first).to_be_visible(timeout=FRESH_MS)
        self.host.screen.whole()

    def finds_under_mine(self, phone: Phone, *names: str) -> None:
        """Everything this person got stands under "mine", with where it came from."""
        self.keep(phone, "done" if phone is self.host else "friend-done")
        phone.page.evaluate("location.hash = 'mine'")
        for name in names:
            expect(phone.page.locator(".grant").filter(has_text=name).first).to_be_visible()
        if phone is self.host:
            self.keep(phone, "mine")
        phone.screen.whole()
        phone.page.evaluate("location.hash = ''")
        expect(phone.page.locator(".hero, [class*=hero]").first).to_be_visible()


def press_act(scene: Scene) -> None:
    scene.host.page.locator("button.big").tap()


def enter_code(phone: Phone, code: str) -> None:
    form = phone.page.locator("form.field")
    form.get_by_role("textbox").fill(code)
    form.get_by_role("button").tap()


def referral(scene: Scene) -> None:
    scene.begin()
    scene.support()
    expect(scene.host.page.locator(".friend-counted")).to_have_count(1, timeout=FRESH_MS)
    scene.finds_under_mine(scene.host, "5 元饮品券")
    scene.finds_under_mine(scene.friend, "Half price on the first cup")


def assist(scene: Scene) -> None:
    """One helper is enough here; the quest that has what it needs takes no more."""
    scene.begin()
    scene.support()
    expect(scene.host.page.get_by_text("已经凑满").first).to_be_visible(timeout=FRESH_MS)
    scene.finds_under_mine(scene.host, "锅底免单一次")
    scene.finds_under_mine(scene.friend, "8 off a dish")


def poster(scene: Scene) -> None:
    """The picture is drawn for the quest; a friend who came by it counts."""
    scene.begin()
    page = scene.host.page
    page.get_by_label("海报上的称呼（可不填）").fill("南星")
    scene.host.tap("生成海报")
    drawn = page.get_by_alt_text("带有我的专属码的海报")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("async (image) => { await image.decode(); return image.naturalWidth }")
    scene.support()
    expect(page.get_by_text("已有 1 位新朋友扫码加入")).to_be_visible(timeout=FRESH_MS)
    scene.keep(scene.host, "done")
    scene.finds_under_mine(scene.friend, "12 off for new friends")


def red_packet(scene: Scene) -> None:
    """One share in all: the first gets it, once; the second is told that it is gone."""
    late = scene.host.another_tab()
    scene.host.open(scene.link)
    scene.keep(scene.host, "open")
    scene.host.page.locator("button.big").tap()
    scene.host.sign_in(scene.outbox)
    expect(scene.host.page.locator(".packet-amount")).to_have_text(re.compile(r"¥\s?5\.00"))
    scene.keep(scene.host, "done")
    late.open(scene.link)
    expect(late.page.locator(".packet-amount")).to_be_visible()
    late.screen.whole()
    late.page.close()
    again = grab_again(scene)
    assert again["counted"] is False
    assert again["message"]["zh"], again
    scene.host.page.get_by_role("link", name="查看我的现金").tap()
    expect(scene.host.page.locator(".grant").filter(has_text="开业红包").first).to_be_visible()
    scene.host.page.evaluate("location.hash = 'wallet'")
    expect(scene.host.page.get_by_text("5.00").first).to_be_visible()
    scene.keep(scene.host, "mine")
    scene.host.screen.whole()
    scene.friend.open(scene.link)
    expect(scene.friend.page.get_by_text("All gone")).to_be_visible()
    scene.keep(scene.friend, "friend")


def grab_again(scene: Scene) -> dict[str, Any]:
    """Send a second grab as a page that does not know of the first would."""
    code = scene.link.rpartition("/")[2]
    return scene.host.page.evaluate(
        """async (code) => (await fetch(`/api/public/campaigns/${code}/grabs`, {
          method: 'POST', headers: { 'idempotency-key': crypto.randomUUID() },
        })).json()""",
        code,
    )


def lottery(scene: Scene) -> None:
    """Every draw wins in this one; the second draw of a day is refused before it is pressed."""
    scene.host.open(scene.link)
    scene.keep(scene.host, "open")
    tab = scene.host.another_tab()
    scene.host.page.locator("button.big").tap()
    scene.host.sign_in(scene.outbox)
    prize = scene.host.page.locator(".draw-prize")
    expect(prize).to_be_visible()
    won = prize.inner_text()
    expect(scene.host.page.locator("button.big")).to_be_disabled()
    expect(scene.host.page.get_by_text("今天的机会已用，明天再来")).to_be_visible()
    scene.finds_under_mine(scene.host, won)
    tab.page.close()
    scene.friend.open(scene.link)
    expect(scene.friend.page.get_by_text("Prizes and odds")).to_be_visible()
    scene.friend.page.get_by_text("How to check it").tap()
    scene.keep(scene.friend, "friend")
    scene.friend.screen.whole()


def check_in(scene: Scene) -> None:
    """Once a day, also from a tab that does not know it; a small task beside."""
    scene.begin()
    tab = scene.host.another_tab()
    tab.open(scene.link)
    expect(tab.page.locator("button.big")).to_be_visible()
    press_act(scene)
    scene.told("5 积分")
    # It may have heard meanwhile that the day is done; whichever comes first, it says so.
    tab.page.locator("button.big").dispatch_event("click")
    done = re.compile("已经完成|今天已完成")
    expect(tab.page.get_by_role("status").filter(has_text=done)).not_to_have_count(0)
    tab.screen.whole()
    tab.page.close()
    scene.host.tap("去完成")
    expect(scene.host.page.locator(".row .note")).to_have_text("已完成")
    expect(scene.host.page.get_by_text("今天已完成").first).to_be_visible()
    scene.support()
    scene.finds_under_mine(scene.host, "5 积分")


def content(scene: Scene) -> None:
    """The first part opens on registering, the next with one new friend."""
    scene.begin()
    press_act(scene)
    scene.told("一周家常菜谱")
    scene.support()
    expect(scene.host.page.get_by_text("全部内容已解锁")).to_be_visible(timeout=FRESH_MS)
    scene.finds_under_mine(scene.host, "一周家常菜谱", "一月菜谱与采购表")


def live(scene: Scene) -> None:
    """The wrong word of the room does nothing, the right one opens the coupon and the draw."""
    scene.begin()
    enter_code(scene.host, WRONG)
    scene.told(re.compile("不对|不正确|有误"))
    enter_code(scene.host, "CHEF88")
    scene.told("直播 12 元券")
    draw = scene.host.page.get_by_role("button", name="抽奖", exact=True)
    draw.tap()
    expect(draw).to_have_count(0)
    scene.support()
    scene.finds_under_mine(scene.host, "直播 12 元券")


def in_store(scene: Scene) -> None:
    """A code on the table, then a visit that only the staff can confirm."""
    scene.begin()
    enter_code(scene.host, WRONG)
    scene.told(re.compile("不对|不正确|有误"))
    enter_code(scene.host, "CUP10")
    scene.told("到店 3 元券")
    page = scene.host.page
    scene.host.tap("出示到店码")
    shown = page.locator(".qr-title").inner_text().replace(" ", "")
    desk = scene.desk
    desk.open(f"/campaigns/{scene.campaign}?tab=counter")
    desk.type(desk.page.get_by_label("到店码"), shown)
    desk.press("查找", "Find")
    desk.page.locator(".step").filter(has_text="到店").get_by_role("button").last.click()
    expect(desk.page.get_by_role("status").filter(has_text="曲奇一份")).to_be_visible()
    keep(desk.page, "in_store-counter")
    desk.screen.whole()
    expect(page.get_by_text("已到店 1 次")).to_be_visible(timeout=FRESH_MS)
    scene.support()
    scene.finds_under_mine(scene.host, "到店 3 元券", "曲奇一份")


def quiz(scene: Scene) -> None:
    """A wrong answer is said, the right one passes; both levels, both prizes."""
    scene.begin()
    page = scene.host.page

    def answer(*choices: str) -> None:
        for choice in choices:
            page.locator("form.quiz").get_by_text(choice, exact=True).tap()
        scene.host.tap("交卷")

    answer("有")
    expect(page.get_by_text("答对 0 题，还没过关")).to_be_visible()
    scene.host.screen.whole()
    answer("没有")
    expect(page.get_by_text("已过 1 关")).to_be_visible()
    answer("防止破皮", "保色")
    expect(page.get_by_text("全部通关").first).to_be_visible()
    scene.finds_under_mine(scene.host, "5 元券", "15 元券")
    scene.friend.open(scene.link)
    scene.keep(scene.friend, "friend")


def cause(scene: Scene) -> None:
    """What everybody gave together is counted up; a friend's coming counts too."""
    scene.begin()
    # Before the quest is there, the same button begins it.
    expect(scene.host.page.get_by_text("其中以您的名义 0 份")).to_be_visible()
    press_act(scene)
    expect(scene.host.page.get_by_text("其中以您的名义 1 份")).to_be_visible()
    expect(scene.host.page.get_by_text("已捐出 1 份")).to_be_visible()
    scene.support()
    expect(scene.host.page.locator(".friend-counted")).to_have_count(1, timeout=FRESH_MS)
    # What a friend gives is given in the friend's own name.
    scene.host.page.reload()
    expect(scene.host.page.get_by_text("已捐出 2 份")).to_be_visible()
    expect(scene.host.page.get_by_text("其中以您的名义 1 份")).to_be_visible()
    scene.finds_under_mine(scene.host, "感谢饮品券")


PLAYED: dict[str, Callable[[Scene], None]] = {
    one.__name__: one
    for one in (
        referral, assist, poster, red_packet, lottery, check_in, content, live, in_store, quiz, cause
    )
}  # fmt: skip
