"""What a merchant does behind the counter: ship, decide, invoice, hand over, reconcile."""

import re

from playwright.sync_api import Locator, expect

from web.e2e.console import Console


class Counter:
    """The store's pages of a console that is signed in."""

    def __init__(self, desk: Console) -> None:
        self.desk = desk
        self.page = desk.page

    def open(self, path: str) -> None:
        self.desk.open(path)
        self.desk.screen.whole()

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def press(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def told(self, words: str) -> None:
        """Wait until the console says so in passing."""
        expect(self.page.get_by_text(words, exact=False).first).to_be_visible()

    def waiting_in_rail(self) -> Locator:
        """Return the number beside the orders in the rail."""
        return self.page.locator("nav.rail a.entry").filter(has_text="订单").locator("em")

    def make_discount(self, least: str, off: str) -> None:
        """Make an amount off through the form."""
        self.open("/store/discounts")
        self.press("加一个优惠", self.page.locator(".actions"))
        dialog = self.dialog()
        dialog.get_by_label("满多少").fill(least)
        dialog.get_by_label("减多少").fill(off)
        self.press("做好它", dialog)
        expect(dialog).to_have_count(0)
        row = self.page.locator("tbody tr").filter(has_text=f"满 {least} 减 {off}")
        expect(row.locator(".pill")).to_have_text("进行中")
        self.desk.screen.whole()

    def ship(self, order_id: str, number: str) -> None:
        """Ship all of an order in one parcel."""
        self.open(f"/orders/{order_id}")
        self.page.locator(".headline").get_by_role("button", name="发货", exact=True).click()
        dialog = self.dialog()
        dialog.get_by_label("快递公司").select_option("sf")
        dialog.get_by_label("运单号").fill(number)
        self.press("发货", dialog)
        expect(self.page.locator(".pill").filter(has_text="已发货").first).to_be_visible()
        self.desk.screen.whole()

    def issue_invoice(self, title: str) -> None:
        self.open("/orders/invoices")
        row = self.page.locator("tbody tr").filter(has_text=title).first
        self.press("开票", row)
        expect(row.locator(".pill")).to_have_text("已开")
        self.desk.screen.whole()

    def agree_to_refund(self, words: str) -> None:
        self.open("/orders/refunds")
        self.press("同意", self.page.locator("article").first)
        self.dialog().get_by_label("给买家的话").fill(words)
        self.press("同意退款", self.dialog())
        expect(self.page.get_by_role("heading", name="没有要决定的退款")).to_be_visible()
        self.desk.screen.whole()

    def answer_dispute(self, words: str) -> None:
        self.open("/orders/disputes")
        self.page.get_by_label("你的话").fill(words)
        self.press("回复买家")
        expect(self.page.locator("li.ours")).to_have_count(1)
        self.desk.screen.whole()

    def settle_dispute(self, outcome: str) -> None:
        self.page.get_by_label("你的话").fill(outcome)
        self.press("以此了结")
        expect(self.page.get_by_role("heading", name="没有进行中的纠纷")).to_be_visible()

    def hand_over(self, code: str) -> None:
        """Type a collection code as a scanner does."""
        self.open("/orders/collection")
        field = self.page.get_by_label("核销码")
        field.fill(code)
        field.press("Enter")
        expect(self.page.get_by_role("heading", name=re.compile("可以交货"))).to_be_visible()
        self.desk.screen.whole()

    def plant_difference(self, minor: int) -> None:
        """Let the sandbox's statement say another amount for its first line."""
        self.open("/orders/sandbox")
        field = self.page.get_by_label("对账单第一笔差几分")
        field.fill(str(minor))
        field.press("Enter")
        expect(self.page.get_by_role("status").filter(has_text="正在捣乱")).to_be_visible()

    def fetch_statement(self, day: str) -> None:
        self.open("/orders/statements")
        self.page.get_by_label("哪一天").fill(day)
        self.press("取这一天")
        self.page.wait_for_url(re.compile(rf"/orders/statements/sandbox/{day}"))
        expect(self.page.locator(".headline")).to_be_visible()

    def explain_difference(self, words: str) -> None:
        case = self.page.locator("article").first
        self.press("写结论并了结", case)
        case.get_by_label("查到了什么").fill(words)
        self.press("了结", case)
        expect(case.locator(".pill")).to_have_text("已了结")
