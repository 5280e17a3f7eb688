"""Which goods earn commission: chosen in the wizard, told on the phone, paid by what is bought."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from web.e2e.album import keep
from web.e2e.buying import buy_by_the_link, fill_the_shelf
from web.e2e.console import FRESH_MS, Console
from web.e2e.phone import Phone
from web.e2e.playing import Scene
from web.e2e.publishing import Story, publish

SETTINGS = "play.settings"
TEA, POT, CUP = "高山红茶一罐", "玻璃分享壶", "双层随行杯"


def option_of(desk: Console, box: Locator, name: str) -> None:
    """Open a list of goods, choose one, and close it again."""
    box.locator(".el-select").first.click()
    desk.page.locator(".el-select-dropdown__item:visible").filter(has_text=name).first.click()
    expect(box.locator(".el-tag").filter(has_text=name)).to_be_visible()
    desk.page.keyboard.press("Escape")


def choose_what_earns(desk: Console) -> None:
    """Tea earns the general share, pots one of their own, cups nothing."""
    page = desk.page
    page.get_by_text("每人的上限与更多").click()
    option_of(desk, desk.box(f"{SETTINGS}.products"), TEA)
    option_of(desk, desk.box(f"{SETTINGS}.excluded_products"), CUP)
    rates = desk.box(f"{SETTINGS}.rates").first
    rates.get_by_role("button", name="加一项").click()
    entry = rates.get_by_role("group", name="另定比例的商品 1")
    desk.type(entry.locator("input:not([role=combobox])").first, "1500")
    option_of(desk, entry.locator(".part").nth(1), POT)
    keep(page, "goods-wizard")


def test_goods_that_earn(
    console: Callable[..., Console], phone: Callable[..., Phone], whole: None
) -> None:
    desk = console()
    desk.sign_in()
    for name in (TEA, POT, CUP):
        fill_the_shelf(desk, name)
    published = publish(desk, Story("affiliate", "分销", "美食推荐官", more=choose_what_earns))
    host = phone("13800007991", "欧阳南星")
    friend = phone("13900008992", "周知夏", language="en", scheme="dark")
    scene = Scene("goods", desk, desk.outbox(), published, host, friend)
    scene.begin()
    for said in (f"仅以下计佣：{TEA}、{POT}", f"{POT}：您得 15%", f"不计佣：{CUP}"):
        expect(host.page.get_by_text(said, exact=True)).to_be_visible()
    buy_by_the_link(scene, POT)
    host.open(scene.link)
    expect(host.page.get_by_text("成交 1 单")).to_be_visible(timeout=FRESH_MS)
    expect(host.page.get_by_text("¥7.50").first).to_be_visible()
    scene.keep(host, "earned")
    host.screen.whole()
    desk.open(f"/campaigns/{scene.campaign}")
    desk.choose("佣金")
    expect(desk.page.get_by_text("部分商品最高 15%")).to_be_visible()
    keep(desk.page, "goods-console")
    desk.screen.whole()
