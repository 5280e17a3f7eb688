"""What a merchant does in the console, at the speed of a hand."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from web.e2e.house import Address, Shop
from web.e2e.screen import (
    KEY_DELAY_MS,
    NODE_MODULES,
    PATIENCE_MS,
    Language,
    Scheme,
    Screen,
    context_of,
)

FRESH_MS = 15_000
"""How long a live page may take on a machine that also runs everything else; the bench has the real figure."""

NOBODY_YET = "GET /api/admin/session 401"
"""The first question of a browser that nobody signed in with is whose it is."""

DECODE_QR = """async (image) => {
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 480
  const pen = canvas.getContext('2d')
  pen.fillStyle = 'white'
  pen.fillRect(0, 0, 480, 480)
  pen.imageSmoothingEnabled = false
  pen.drawImage(image, 0, 0, 480, 480)
  return jsQR(pen.getImageData(0, 0, 480, 480).data, 480, 480)?.data ?? null
}"""


class Console:
    """The console in a browser of its own."""

    def __init__(
        self,
        browser: Browser,
        address: Address,
        shop: Shop,
        *,
        language: Language = "zh",
        scheme: Scheme = "light",
        phone: bool = False,
        scale: float = 1,
    ) -> None:
        self.shop = shop
        self.scheme: Scheme = scheme
        self.root = f"{address.url}/console"
        context = context_of(browser, language=language, scheme=scheme, phone=phone, scale=scale)
        self.screen = Screen(context, language)
        self.page = self.screen.page
        self.say = self.screen.say

    def type(self, field: Locator, text: str) -> None:
        """Replace what a field says, key by key."""
        field.click()
        field.press("Control+a")
        field.press("Delete")
        field.press_sequentially(text, delay=KEY_DELAY_MS)

    def sign_in(self) -> None:
        """Go through the sign-in page."""
        self.screen.expect_refusals(NOBODY_YET)
        self.page.goto(f"{self.root}/")
        self.page.get_by_label(self.say("邮箱", "E-mail")).fill(self.shop.email)
        self.page.get_by_label(self.say("密码", "Password")).fill(self.shop.password)
        self.screen.whole()
        self.press("进入控制台", "Open the console")
        self.page.wait_for_url(re.compile(r"/console/$"))
        expect(
            self.page.get_by_role("button", name=self.say("我的菜单", "My menu"))
        ).to_be_visible()
        self.screen.whole()

    def press(self, zh: str, en: str) -> None:
        self.page.get_by_role("button", name=self.say(zh, en), exact=True).click()

    def open(self, path: str) -> None:
        self.page.goto(self.root + path)

    def box(self, path: str) -> Locator:
        """Return the field of the wizard that holds this part of the definition."""
        return self.page.locator(f'[data-path="{path}"]')

    def field(self, path: str) -> Locator:
        return self.box(path).locator("input, textarea").first

    def fields_shown(self) -> list[str]:
        """Return the parts of the definition that this step asks for."""
        shown = self.page.locator(".box[data-path]:visible").all()
        return [box.get_attribute("data-path") or "" for box in shown]

    def link_in_dialog(self) -> str:
        """Return the link in the open share dialog, which its QR code must say too."""
        dialog = self.page.get_by_role("dialog")
        link = dialog.get_by_label(self.say("链接", "Link"), exact=True).input_value()
        self.page.evaluate((NODE_MODULES / "jsqr/dist/jsQR.js").read_text(encoding="utf-8"))
        code = dialog.get_by_alt_text(self.say("这个链接的二维码", "QR code of this link"))
        assert code.evaluate(DECODE_QR) == link
        return link

    def choose(self, name: str) -> None:
        """Choose one of the parts of a campaign's page."""
        self.page.get_by_role("group").get_by_role("button", name=name, exact=True).click()

    def choose_export(self, name: str) -> Path:
        """Download one of the exports and return where it lies."""
        self.page.get_by_role("button", name=self.say("导出", "Export")).click()
        with self.page.expect_download() as started:
            self.page.get_by_role("menuitem", name=name, exact=True).click()
        assert re.fullmatch(r"[\w.\-]+\.(csv|xlsx)", started.value.suggested_filename)
        return started.value.path()

    def figure(self, zh: str, en: str) -> Locator:
        """Return the large number under a name."""
        return (
            self.page.locator(".stats > div")
            .filter(has_text=self.say(zh, en))
            .locator(".v .counting > :first-child")
        )

    def funnel(self) -> dict[str, int]:
        """Return the funnel as the page shows it now."""
        steps = self.page.locator(".funnel .step").all()
        said = [step.locator(".counting > :first-child").text_content() or "" for step in steps]
        counts = [int(text.replace(",", "")) for text in said]
        keys = ("seen", "clicked", "started", "shared", "friend_clicked", "converted")
        return dict(zip(keys, counts, strict=True))

    def funnel_becomes(self, said: Callable[[dict[str, int]], bool]) -> dict[str, int]:
        """Wait until the funnel fulfils `said`; the page is not touched."""
        for _ in range(FRESH_MS // 250):
            found = self.funnel()
            if said(found):
                return found
            self.page.wait_for_timeout(250)
        raise AssertionError(self.funnel())

    def outbox(self) -> "Outbox":
        return Outbox(self)


class Outbox:
    """The console's page of sent messages, in a tab beside."""

    def __init__(self, console: Console) -> None:
        self.screen = Screen(console.screen.context, console.screen.language)
        self.screen.page.goto(f"{console.root}/outbox")

    def code_for(self, phone: str) -> str:
        """Return the code last sent to a phone, found by the digits the page shows of it."""
        row = self.screen.page.get_by_role("article").filter(has_text=phone[-4:]).first
        expect(row).to_be_visible(timeout=PATIENCE_MS)
        found = re.search(r"\b(\d{6})\b", row.locator("p").inner_text())
        assert found, row.inner_text()
        assert phone not in row.inner_text()
        self.screen.whole()
        return found[1]
