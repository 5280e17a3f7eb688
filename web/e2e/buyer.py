"""What a buyer's finger does in a shop."""

import re
import zlib
from pathlib import Path

from playwright.sync_api import Locator, expect

from web.e2e.console import Outbox
from web.e2e.phone import Phone

ADDRESS = {
    "收件人": "欧阳南星",
    "手机号": "13800001111",
    "省 / 直辖市": "云南省",
    "城市": "昆明市",
    "区 / 县": "五华区",
    "详细地址": "翠湖南路 8 号院 3 幢 502",
}


class Buyer:
    """A phone in front of one shop."""

    def __init__(self, phone: Phone, shop_url: str) -> None:
        self.phone = phone
        self.page = phone.page
        self.home = shop_url

    def go(self, view: str = "") -> None:
        """Open a view of the shop as its links do."""
        self.phone.open(f"{self.home}#{view}" if view else self.home)

    def cards(self) -> Locator:
        return self.page.locator(".product-card:visible")

    def look_at(self, name: str) -> None:
        """Open a product's page from the front."""
        self.page.evaluate("location.hash = ''")
        self.cards().filter(has_text=name).first.tap()
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        self.phone.screen.whole()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).tap()

    def put_in(self, *, more: int = 0) -> None:
        for _ in range(more):
            self.press("增加一件")
        self.press("加入购物车")
        expect(self.page.get_by_role("status").filter(has_text="已加入购物车")).to_be_visible()

    def sign_in(self, outbox: Outbox) -> None:
        self.phone.sign_in(outbox)

    def fill_address(self) -> None:
        for name, text in ADDRESS.items():
            self.page.get_by_label(name, exact=True).fill(text)
        self.press("保存")

    def place(self) -> None:
        """Place the order and wait for its page."""
        self.page.get_by_role("button", name=re.compile("^提交订单 ")).tap()
        expect(self.state()).to_have_text("待付款")
        self.phone.screen.whole()

    def pay_in_sandbox(self) -> None:
        """Go to the sandbox's cashier and come back; the order says when it is paid."""
        self.page.get_by_role("button", name=re.compile("^付款 ")).tap()
        self.phone.sheet().get_by_role("button", name=re.compile("^演示支付")).tap()
        self.page.wait_for_url(re.compile("/h5/sandbox/pay/"))
        self.phone.screen.whole()
        self.page.get_by_role("button", name=re.compile("^付款 ")).tap()
        self.page.wait_for_url(re.compile("#order="))

    def state(self) -> Locator:
        return self.page.locator(".order-state")

    def section(self, heading: str) -> Locator:
        """Return the part of an order's page under a heading."""
        named = self.page.get_by_role("heading", name=heading, exact=True)
        return self.page.locator("section.card").filter(has=named)

    def show(self, heading: str) -> None:
        """Bring a part of an order's page to the middle of the screen."""
        self.section(heading).evaluate("(part) => part.scrollIntoView({ block: 'center' })")

    def order_id(self) -> str:
        return self.page.url.rpartition("=")[2]

    def download_invoice(self) -> bytes:
        """Download the PDF of the invoice that is issued."""
        issued = self.section("发票").locator(".link-row").filter(has_text="已开出")
        with self.page.expect_download() as started:
            issued.get_by_role("link", name="下载 PDF").tap()
        return Path(started.value.path()).read_bytes()


def letters_of(pdf: bytes) -> set[str]:
    """Return every character that the fonts of a PDF say they draw (their ToUnicode maps)."""
    assert pdf.startswith(b"%PDF-")
    found: set[str] = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(packed)
        except zlib.error:
            text = packed
        if b"begincmap" not in text:
            continue
        for section in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.DOTALL):
            for _, drawn in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
                found.update(bytes.fromhex(drawn.decode()).decode("utf-16-be"))
        for section in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.DOTALL):
            ranges = re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", section)
            for first, last, drawn in ranges:
                start = int(drawn, 16)
                found.update(chr(start + nth) for nth in range(int(last, 16) - int(first, 16) + 1))
    return found
