"""What people do in the plays that sell something, down to the payment."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from web.e2e.api import sent
from web.e2e.console import FRESH_MS, Console
from web.e2e.phone import Phone
from web.e2e.playing import Scene

SOLD = "山茶挂耳咖啡十包"

ADDRESS = {
    "name": "欧阳南星",
    "tel": "13800001111",
    "address-level1": "云南省",
    "address-level2": "昆明市",
    "address-level3": "五华区",
    "street-address": "翠湖南路 8 号院 3 幢 502",
}


def check_out(phone: Phone, *, collects: bool = False, campaign: bool = True) -> None:
    """From the checkout to a paid order: to an address, or to be collected in the shop."""
    page = phone.page
    page.wait_for_url(re.compile("/h5/shop/.*#checkout"))
    place = page.locator(".press-bar button.big")
    if collects:
        page.locator(".options button").nth(1).tap()
    else:
        for key, text in ADDRESS.items():
            page.locator(f'input[autocomplete="shipping {key}"]').fill(text)
        page.locator("form button.big").tap()
    expect(place).to_be_enabled()
    agrees = page.locator(".consent-box input:visible")
    if agrees.count():
        # Whether a late payment may go to another team is asked, never ticked beforehand.
        expect(agrees).not_to_be_checked()
        agrees.check()
    phone.screen.whole()
    place.tap()
    expect(page.locator(".order-state")).to_be_visible()
    page.locator(".press-bar button.big").tap()
    phone.sheet().locator(".pay-way").first.tap()
    page.wait_for_url(re.compile("/h5/sandbox/pay/"))
    phone.screen.whole()
    page.locator(".sandbox-pay button.big").tap()
    page.wait_for_url(re.compile("#order="))
    back = page.get_by_role("link", name=phone.say("回到活动页", "Back to the campaign"))
    expect(page.locator(".order-state")).to_be_visible()
    expect(back).to_have_count(1 if campaign else 0)
    phone.screen.whole()


def bought_sheet(page: Page) -> None:
    """The sale has been read: the button knows what it sells."""
    expect(page.locator(".sale-name")).to_be_visible()
    expect(page.locator(".action .big")).to_be_visible()


def sign_in_to_buy(scene: Scene, phone: Phone) -> None:
    """The big button asks who it is first, then goes on to the checkout."""
    phone.page.locator("button.big").tap()
    phone.sign_in(scene.outbox)
    if "#checkout" not in phone.page.url:
        phone.page.locator("button.big").tap()


def group_buy(scene: Scene) -> None:
    """Two pay and the team has formed; its leader gets the drink."""
    scene.host.open(scene.link)
    bought_sheet(scene.host.page)
    scene.keep(scene.host, "open")
    sign_in_to_buy(scene, scene.host)
    check_out(scene.host)
    scene.host.open(scene.link)
    expect(scene.host.page.get_by_text("还差 1 人成团")).to_be_visible(timeout=FRESH_MS)
    scene.invite()
    bought_sheet(scene.friend.page)
    sign_in_to_buy(scene, scene.friend)
    check_out(scene.friend, collects=True)
    scene.friend.open(scene.share_link())
    expect(scene.host.page.get_by_text(re.compile("^已成团"))).to_be_visible(timeout=FRESH_MS)
    scene.keep(scene.friend, "friend-done")
    scene.finds_under_mine(scene.host, "团长赠饮一杯")


def bargain(scene: Scene) -> None:
    """A friend takes the price to the floor; only who started it buys at it."""
    scene.begin()
    scene.support(gift=False)
    expect(scene.host.page.get_by_text("已到底价")).to_be_visible(timeout=FRESH_MS)
    scene.keep(scene.host, "done")
    scene.host.tap(re.compile("^以 .* 买下$"))
    check_out(scene.host)
    scene.host.open(scene.link)
    expect(scene.host.page.get_by_role("link", name="查看订单").first).to_be_visible()
    scene.keep(scene.host, "mine")


def flash_sale(scene: Scene) -> None:
    """One piece: the first buys it, the second reads that it is gone."""
    scene.host.open(scene.link)
    bought_sheet(scene.host.page)
    scene.keep(scene.host, "open")
    sign_in_to_buy(scene, scene.host)
    check_out(scene.host)
    scene.host.open(scene.link)
    expect(scene.host.page.get_by_role("link", name="查看订单").first).to_be_visible()
    scene.keep(scene.host, "done")
    scene.friend.open(scene.link)
    expect(scene.friend.page.locator("button.big")).to_be_disabled()
    expect(scene.friend.page.get_by_text("Sold out").first).to_be_visible()
    scene.keep(scene.friend, "friend")
    scene.friend.screen.whole()


def affiliate(scene: Scene) -> None:
    """A friend buys in the shop by the host's link; what the host earns waits for the return window."""
    fill_the_shelf(scene.desk, SOLD)
    scene.begin()
    expect(scene.host.page.get_by_text("您得商品实付的 8%")).to_be_visible()
    buy_by_the_link(scene, SOLD)
    scene.host.open(scene.link)
    expect(scene.host.page.get_by_text("成交 1 单")).to_be_visible(timeout=FRESH_MS)
    expect(scene.host.page.get_by_text("¥4.00").first).to_be_visible()
    scene.keep(scene.host, "done")
    scene.host.page.get_by_role("link", name="查看佣金和提现").tap()
    expect(scene.host.page.get_by_text("待签收后结算")).to_be_visible()
    scene.keep(scene.host, "mine")
    scene.host.screen.whole()


def buy_by_the_link(scene: Scene, name: str) -> None:
    """The friend goes by the host's link to the shop, and buys one thing there."""
    scene.invite()
    friend, page = scene.friend, scene.friend.page
    page.get_by_role("link", name=re.compile("^Shop at ")).tap()
    page.wait_for_url(re.compile(r"/h5/shop/.*\?by="))
    page.locator(".product-card:visible").filter(has_text=name).first.tap()
    friend.tap("Buy now")
    friend.sign_in(scene.outbox)
    check_out(friend, collects=True, campaign=False)


def fill_the_shelf(desk: Console, name: str) -> None:
    """Put one thing on the merchant's shelf, by the requests the console sends."""
    own = next((shop for shop in ask(desk, "GET", "/shops")["items"] if not shop["owner"]), None)
    own = own or ask(desk, "POST", "/shops", {"name": desk.shop.name})
    picture = ask(desk, "POST", "/pictures", desk.page.screenshot(type="png"))
    thing = {"shop_id": own["id"], "name": name, "picture_ids": [picture["id"]]}
    thing["skus"] = [{"price_minor": 5000, "quantity": 50}]
    made = ask(desk, "POST", "/products", thing)
    ask(desk, "POST", "/products/publications", {"ids": [made["id"]], "published": True})


def ask(desk: Console, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-Banyan-Client": "console", "Idempotency-Key": str(uuid4())}
    if isinstance(body, bytes):
        headers["Content-Type"] = "image/png"
    url = desk.root.removesuffix("/console") + "/api/admin" + path
    return sent(desk.screen.context, method, url, body, headers)


BOUGHT: dict[str, Callable[[Scene], None]] = {
    one.__name__: one for one in (group_buy, bargain, flash_sale, affiliate)
}
