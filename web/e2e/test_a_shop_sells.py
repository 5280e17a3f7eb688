"""The store's journey: a buyer's phone and a merchant's console, from the shelf to the red letter."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from web.e2e.buyer import Buyer, letters_of
from web.e2e.console import FRESH_MS, Console, Outbox
from web.e2e.counter import Counter
from web.e2e.house import Address, Shop, found_shop
from web.e2e.phone import Phone
from web.e2e.pictures import keep_if_asked
from web.e2e.screen import DESKTOP, context_of

COFFEE, CUP, LATTE = "手冲挂耳咖啡", "双层随行杯", "山茶拿铁（到店）"
OFF = "满 150 减 20"
SCALE = 2


@pytest.fixture(scope="module")
def shop(house: Address) -> Shop:
    """A merchant whose shop has goods, for this journey alone."""
    return found_shop(house, with_goods=True)


def test_a_shop_sells(
    house: Address,
    shop: Shop,
    console: Callable[..., Console],
    phone: Callable[..., Phone],
    whole: None,
) -> None:
    desk = console()
    desk.sign_in()
    counter = Counter(desk)
    outbox = desk.outbox()
    home = f"{house.url}/h5/shop/{shop.slug}"
    counter.make_discount("150", "20")
    keep_if_asked(desk.page, "store-discounts-light")
    say_which_words_to_change(counter)

    buyer = Buyer(phone("13800005551", "欧阳南星", scale=SCALE), home)
    browse_and_search(buyer)
    mark_and_put_in(buyer, outbox)
    order_id = check_out_explained(buyer)
    pay(buyer, counter)
    ship_and_receive(buyer, counter, order_id)
    ask_for_invoice(buyer, counter, desk)
    refund_in_part(buyer, counter)
    dispute_and_settle(buyer, counter)
    collect_in_the_shop(buyer, counter)
    explain_a_cent(counter)
    friend = Buyer(phone("13900006662", "周知夏"), home)
    sell_through_an_own_shop(buyer, friend, outbox)
    desk.open("/")
    expect(counter.waiting_in_rail()).to_have_text("2", timeout=FRESH_MS)
    keep_if_asked(desk.page, "store-today-light")
    desk.screen.whole()
    outbox.screen.whole()


def say_which_words_to_change(counter: Counter) -> None:
    """What the advertising law forbids is named beside the editor, with what to do, and not sold."""
    page = counter.page
    counter.open("/store")
    page.get_by_role("link", name=COFFEE).first.click()
    summary = page.get_by_label("一句话卖点")
    said = summary.input_value()
    summary.fill("国家级手冲，一杯刚好")
    path = re.sub(r".*/store", "/api/admin", page.url)
    counter.desk.screen.expect_refusals(f"PUT {path} 422")
    counter.press("保存")
    alert = page.get_by_role("alert").filter(has_text="国家级")
    expect(alert).to_be_visible()
    keep_if_asked(page, "store-words-light")
    summary.fill(said)
    counter.desk.screen.whole()


def browse_and_search(buyer: Buyer) -> None:
    buyer.go()
    expect(buyer.cards()).to_have_count(8)
    keep_if_asked(buyer.page, "shop-front-light")
    buyer.press("点心")
    expect(buyer.cards()).to_have_count(2)
    buyer.press("全部")
    expect(buyer.cards()).to_have_count(8)
    search = buyer.page.get_by_role("searchbox", name="搜索商品")
    search.fill("云南")
    expect(buyer.cards()).to_have_count(1)
    search.fill("没有这种东西")
    expect(buyer.page.get_by_text("没有找到「没有这种东西」")).to_be_visible()
    search.fill("柠檬挞")
    expect(buyer.cards()).to_have_count(1)
    buyer.cards().first.tap()
    expect(buyer.page.get_by_text("鲜活易腐，不支持七天无理由退货")).to_be_visible()
    buyer.page.go_back()
    buyer.press("清除搜索")
    expect(buyer.cards()).to_have_count(8)
    buyer.phone.screen.whole()


def mark_and_put_in(buyer: Buyer, outbox: Outbox) -> None:
    """Favouriting asks who it is; what is put in the cart stays with the person."""
    buyer.look_at(COFFEE)
    mark = buyer.page.get_by_role("button", name=f"收藏「{COFFEE}」")
    mark.tap()
    buyer.sign_in(outbox)
    expect(mark).to_have_attribute("aria-pressed", "true")
    buyer.press("10 包")
    keep_if_asked(buyer.page, "shop-product-light")
    buyer.put_in(more=1)
    buyer.look_at(CUP)
    buyer.put_in()
    buyer.page.evaluate("location.hash = 'favourites'")
    expect(buyer.cards()).to_have_count(1)
    expect(buyer.cards()).to_contain_text(COFFEE)


def check_out_explained(buyer: Buyer) -> str:
    """The bill says of every line what came off it, and the parts add up."""
    buyer.page.evaluate("location.hash = 'cart'")
    expect(buyer.page.locator(".cart-line")).to_have_count(2)
    buyer.phone.screen.whole()
    buyer.press("去结算（2）")
    buyer.fill_address()
    expect(buyer.page.get_by_text("翠湖南路 8 号院")).to_be_visible()
    parts = buyer.page.locator(".bill-part")
    expect(parts).to_have_count(2)
    minus = [minor(text) for text in parts.locator(".bill-amount").all_inner_texts()]
    expect(parts.first).to_contain_text(OFF)
    assert sum(minus) == 2000, minus
    expect(buyer.page.locator(".bill-off")).to_contain_text(OFF)
    expect(buyer.page.locator(".bill-total")).to_contain_text("¥187")
    keep_if_asked(buyer.page, "shop-checkout-light")
    buyer.place()
    return buyer.order_id()


def minor(text: str) -> int:
    """Return an amount as it is shown, in minor units without its sign."""
    whole, _, part = re.sub(r"[^\d.]", "", text).partition(".")
    return int(whole) * 100 + int(part or 0)


def pay(buyer: Buyer, counter: Counter) -> None:
    buyer.pay_in_sandbox()
    expect(buyer.state()).to_have_text("已付款，等待发货", timeout=FRESH_MS)
    buyer.phone.screen.whole()
    counter.open("/")
    expect(counter.waiting_in_rail()).to_have_text("1", timeout=FRESH_MS)
    expect(counter.page.get_by_role("link", name="1 单等着发货")).to_be_visible()


def ship_and_receive(buyer: Buyer, counter: Counter, order_id: str) -> None:
    counter.open("/orders")
    expect(counter.page.locator("tbody tr")).to_have_count(1)
    keep_if_asked(counter.page, "store-orders-light")
    counter.ship(order_id, "SF1234567890")
    keep_if_asked(counter.page, "store-order-light")
    buyer.page.reload()
    expect(buyer.state()).to_have_text("运输中")
    expect(buyer.section("包裹")).to_contain_text("顺丰速运 SF1234567890")
    buyer.press("确认收货")
    buyer.press("收到了，再点一次确认")
    expect(buyer.state()).to_have_text("已收货")
    buyer.phone.screen.whole()


def ask_for_invoice(buyer: Buyer, counter: Counter, desk: Console) -> None:
    """The PDF is downloaded and draws the Chinese that it says."""
    buyer.press("开发票")
    sheet = buyer.phone.sheet()
    sheet.get_by_role("button", name="企业").tap()
    sheet.get_by_label("发票抬头").fill("昆明翠湖茶事有限公司")
    sheet.get_by_label("税号").fill("91530100MA6K5L3X9Q")
    sheet.get_by_role("button", name="提交", exact=True).tap()
    expect(buyer.section("发票")).to_contain_text("等商家开票")
    counter.issue_invoice("昆明翠湖茶事有限公司")
    keep_if_asked(desk.page, "store-invoices-light")
    buyer.page.reload()
    expect(buyer.section("发票")).to_contain_text("已开出")
    drawn = letters_of(buyer.download_invoice())
    missing = set("昆明翠湖茶事有限公司手冲挂耳咖啡双层随行杯壹佰捌拾柒元") - drawn
    assert not missing, missing


def refund_in_part(buyer: Buyer, counter: Counter) -> None:
    """One of two packs goes back: the sandbox refunds it, and a red letter voids the invoice."""
    buyer.press("申请退款")
    sheet = buyer.phone.sheet()
    packs = sheet.get_by_role("group", name=re.compile(COFFEE))
    packs.get_by_role("button", name="增加一件").tap()
    sheet.get_by_label("退款原因").fill("买多了一盒")
    sheet.get_by_role("button", name="提交申请").tap()
    refund = buyer.section("退款")
    expect(refund).to_contain_text("等商家处理")
    counter.open("/orders/refunds")
    expect(counter.page.locator("article")).to_have_count(1)
    keep_if_asked(counter.page, "store-refunds-light")
    counter.agree_to_refund("好的，钱退回原账户")
    buyer.page.reload()
    expect(refund).to_contain_text("已退回原支付账户", timeout=FRESH_MS)
    expect(refund).to_contain_text("好的，钱退回原账户")
    buyer.page.reload()
    invoices = buyer.section("发票").locator(".link-row")
    expect(invoices.filter(has_text="已红冲")).to_have_count(1)
    expect(invoices.filter(has_text="红字")).to_have_count(1)
    expect(invoices.filter(has_text="等商家开票")).to_have_count(1)
    buyer.show("发票")
    keep_if_asked(buyer.page, "shop-order-light")
    counter.open("/orders/invoices")
    expect(counter.page.locator("tbody tr").filter(has_text="红字")).to_have_count(1)
    counter.desk.screen.whole()


def dispute_and_settle(buyer: Buyer, counter: Counter) -> None:
    buyer.press("发起纠纷")
    sheet = buyer.phone.sheet()
    sheet.get_by_label("哪里不对，希望怎么解决").fill("杯盖有一道裂纹，希望换一个。")
    sheet.get_by_role("button", name="提交", exact=True).tap()
    dispute = buyer.section("有纠纷")
    expect(dispute).to_contain_text("等商家答复")
    counter.answer_dispute("抱歉，今天就补寄一个新杯盖。")
    keep_if_asked(counter.page, "store-disputes-light")
    buyer.page.reload()
    expect(dispute).to_contain_text("商家已答复")
    expect(dispute).to_contain_text("补寄一个新杯盖")
    buyer.show("有纠纷")
    keep_if_asked(buyer.page, "shop-dispute-light")
    dispute.get_by_label("补充一句").fill("收到，谢谢。")
    dispute.get_by_role("button", name="提交", exact=True).tap()
    expect(dispute.locator("li.mine")).to_have_count(2)
    counter.open("/orders/disputes")
    counter.settle_dispute("补寄杯盖，双方同意。")
    buyer.page.reload()
    expect(dispute).to_contain_text("结果：补寄杯盖，双方同意。")
    buyer.phone.screen.whole()


def collect_in_the_shop(buyer: Buyer, counter: Counter) -> None:
    """What is drunk in the shop is handed over for a code, once, however it is typed."""
    buyer.look_at(LATTE)
    buyer.press("中杯")
    buyer.press("立即购买")
    buyer.press("到店自取")
    expect(buyer.page.locator(".bill-total")).to_contain_text("¥28")
    buyer.place()
    buyer.pay_in_sandbox()
    expect(buyer.state()).to_have_text("已付款，等你到店", timeout=FRESH_MS)
    code = buyer.page.locator(".collection-code")
    expect(code).to_be_visible()
    picture = buyer.page.get_by_alt_text("核销码的二维码")
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth }")
    keep_if_asked(buyer.page, "shop-code-light")
    said = code.inner_text()
    assert said == said.upper()
    counter.hand_over(said.lower())
    keep_if_asked(counter.page, "store-collection-light")
    counter.desk.screen.expect_refusals("POST /api/admin/collections 409")
    field = counter.page.get_by_label("核销码")
    field.fill(said)
    field.press("Enter")
    expect(counter.page.get_by_role("heading", name="这个核销码已使用")).to_be_visible()
    buyer.page.reload()
    expect(buyer.state()).to_have_text("已取货")


def explain_a_cent(counter: Counter) -> None:
    """The provider's statement is a cent off: one case, which a person explains and closes."""
    counter.plant_difference(1)
    counter.fetch_statement(f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}")
    case = counter.page.locator("article")
    expect(case).to_have_count(1)
    expect(case).to_contain_text("0.01")
    keep_if_asked(counter.page, "store-statement-light")
    counter.explain_difference("渠道多记了一分，已请他们更正。")
    expect(counter.page.locator(".headline")).to_contain_text("笔说不清，这一天对上了")
    counter.open("/orders/sandbox")
    counter.press("恢复正常")
    counter.desk.screen.whole()


def sell_through_an_own_shop(buyer: Buyer, friend: Buyer, outbox: Outbox) -> None:
    """A participant's shop shows what they chose, under their name; friends buy there."""
    buyer.page.evaluate("location.hash = 'own'")
    buyer.page.get_by_label("小店名称").fill("南星的早餐桌")
    buyer.page.get_by_label("一句介绍").fill("每天早上都在用的两样")
    for name in (COFFEE, CUP):
        buyer.page.get_by_role("checkbox", name=f"选入 {name}").check()
    buyer.press("开店")
    url = buyer.page.locator(".quote-link").inner_text()
    buyer.phone.screen.whole()

    friend.home = url
    friend.go()
    expect(friend.cards()).to_have_count(2)
    expect(friend.page.get_by_text(re.compile("推荐的店"))).to_be_visible()
    assert "欧阳南星" not in friend.page.content()
    expect(friend.page.locator(".shop-head")).not_to_contain_text("免运费")
    keep_if_asked(friend.page, "shop-own-light")
    friend.look_at(COFFEE)
    friend.press("10 包")
    friend.press("立即购买")
    friend.sign_in(outbox)
    friend.fill_address()
    expect(friend.page.locator(".bill-total")).to_contain_text("¥67")
    friend.place()
    friend.pay_in_sandbox()
    expect(friend.state()).to_have_text("已付款，等待发货", timeout=FRESH_MS)
    friend.phone.screen.whole()


def test_a_desktop_can_buy_too(browser: Browser, house: Address, shop: Shop) -> None:
    """The shop's pages hold on a wide screen."""
    context = context_of(browser)
    page = context.new_page()
    page.goto(f"{house.url}/h5/shop/{shop.slug}")
    expect(page.locator(".product-card")).to_have_count(8)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= DESKTOP["width"]
    context.close()
