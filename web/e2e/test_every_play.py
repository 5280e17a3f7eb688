"""Every play, from the gallery of templates to what people find under "mine"."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from web.e2e.album import keep
from web.e2e.buying import BOUGHT
from web.e2e.console import FRESH_MS, Console, Outbox
from web.e2e.house import Address, Shop, broken_invariants
from web.e2e.phone import Phone
from web.e2e.playing import PLAYED, Scene
from web.e2e.publishing import Change, Story, publish

SETTINGS = "play.settings"
STORIES = (
    Story("referral", "邀请有礼", "带朋友喝拿铁"),
    Story("assist", "好友助力", "五位好友，锅底免单", (Change(f"{SETTINGS}.helpers_needed", "1"),)),
    Story(
        "group_buy",
        "拼团",
        "三人成团，买一送一",
        (Change(f"{SETTINGS}.tiers", "2"),),
        sells=True,
    ),
    Story(
        "bargain",
        "砍价",
        "小龙虾，好友帮你砍",
        (Change(f"{SETTINGS}.cuts_needed", "1"),),
        sells=True,
    ),
    Story(
        "flash_sale",
        "秒杀",
        "早餐套餐 9.9 元限量",
        (
            Change(f"{SETTINGS}.price_minor", "8.80"),
            Change(f"{SETTINGS}.quantity", "1"),
            Change(f"{SETTINGS}.per_person", "1"),
        ),
        sells=True,
    ),
    Story("affiliate", "分销", "美食推荐官", (Change(f"{SETTINGS}.buffer_days", "5"),)),
    Story("poster", "海报任务", "我是社区推荐官", (Change(f"{SETTINGS}.stay_hours", "12"),)),
    Story(
        "red_packet",
        "红包",
        "新店开业，扫桌码领红包",
        (Change(f"{SETTINGS}.total_minor", "5"), Change(f"{SETTINGS}.shares", "1")),
        budget="5",
    ),
    Story(
        "lottery",
        "抽奖",
        "周年庆，每天抽一次",
        (Change(f"{SETTINGS}.prizes", "918000", nth=2),),
        budget="6400",
    ),
    Story("check_in", "签到", "每天签到，换一份例汤", (Change(f"{SETTINGS}.most_days", "10"),)),
    Story("content", "内容裂变", "买菜不用想", (Change(f"{SETTINGS}.parts", "1"),)),
    Story(
        "live",
        "直播",
        "大厨直播，进来领券",
        (Change(f"{SETTINGS}.watch_minutes", "0"),),
        budget="20000",
    ),
    Story("in_store", "到店", "来八次，送一杯", (Change(f"{SETTINGS}.stamps", "1"),)),
    Story("quiz", "闯关", "懂吃的人，答题得券", (Change(f"{SETTINGS}.tries_per_level", "3"),)),
    Story("cause", "公益", "光盘行动，捐出 2000 份午餐", budget="20000"),
)
ACTED = PLAYED | BOUGHT


@pytest.fixture(scope="module")
def desk(browser: Browser, house: Address, shop: Shop) -> Iterator[Console]:
    """The merchant's browser, signed in once; when all is done `banyan verify` finds it whole."""
    opened = Console(browser, house, shop)
    opened.sign_in()
    yield opened
    opened.screen.close()
    assert broken_invariants(house) == []


@pytest.fixture(scope="module")
def outbox(desk: Console) -> Outbox:
    """The page of sent messages, in a tab beside."""
    return desk.outbox()


@pytest.mark.parametrize("story", STORIES, ids=[story.play for story in STORIES])
def test_every_play(
    story: Story, desk: Console, outbox: Outbox, phone: Callable[..., Phone]
) -> None:
    published = publish(desk, story)
    print(f"{story.play}: {published.seconds:.1f} s, {len(published.fields)} fields")
    tail = f"{STORIES.index(story):02d}"
    host = phone(f"13800007{tail}1", "欧阳南星")
    friend = phone(f"13900008{tail}2", "周知夏", language="en", scheme="dark")
    ACTED[story.play](Scene(story.play, desk, outbox, published, host, friend))
    watch(desk, story, published.campaign)
    outbox.screen.whole()


def watch(desk: Console, story: Story, campaign: str) -> None:
    """The console's page of the campaign has counted whoever took part."""
    desk.open(f"/campaigns/{campaign}")
    expect(desk.figure("参与人数", "Participants")).not_to_have_text("0", timeout=FRESH_MS)
    keep(desk.page, f"{story.play}-console")
    if story.sells:
        desk.choose("销售")
        expect(desk.page.locator(".facts").get_by_text("成交额")).to_be_visible()
        keep(desk.page, f"{story.play}-sales")
    desk.screen.whole()
