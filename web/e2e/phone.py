"""A participant's phone: what a finger does on the page behind a link."""

import re

from playwright.sync_api import Browser, Locator, expect

from web.e2e.console import Outbox
from web.e2e.screen import Language, Scheme, Screen, context_of


class Phone:
    """A phone with a browser of its own; `number` is its owner's, without the country's code."""

    def __init__(
        self,
        browser: Browser,
        number: str,
        name: str,
        *,
        language: Language = "zh",
        scheme: Scheme = "light",
        scale: float = 1,
    ) -> None:
        self.number = number
        self.name = name
        self.context = context_of(
            browser, phone=True, language=language, scheme=scheme, scale=scale
        )
        self.screen = Screen(self.context, language)
        self.page = self.screen.page
        self.say = self.screen.say

    @property
    def masked(self) -> str:
        """What others see of the name."""
        return self.name[0]

    def open(self, link: str) -> None:
        self.page.goto(link)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.screen.whole()

    def another_tab(self) -> "Phone":
        """Return the same phone with a second tab in front."""
        tab = object.__new__(Phone)
        tab.number, tab.name, tab.context, tab.say = self.number, self.name, self.context, self.say
        tab.screen = Screen(self.context, self.screen.language)
        tab.page = tab.screen.page
        return tab

    def tap(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.tap()

    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def ask_for_code(self) -> None:
        """Fill the first half of the sign-in sheet; nobody is signed in without having agreed."""
        sheet = self.sheet()
        consent = sheet.get_by_role("checkbox")
        expect(consent).not_to_be_checked()
        sheet.get_by_role("textbox", name=self.say("手机号", "Phone number")).fill(self.number)
        sheet.get_by_role("textbox", name=self.say("称呼", "Your name")).fill(self.name)
        self._submit("获取验证码", "Send code")
        expect(sheet.get_by_role("alert")).to_have_text(
            self.say("请先阅读并勾选同意", "Read the notice and tick the box first")
        )
        consent.check()
        self._submit("获取验证码", "Send code")

    def _submit(self, zh: str, en: str) -> None:
        self.sheet().get_by_role("button", name=self.say(zh, en), exact=True).tap()

    def try_code(self, code: str) -> None:
        self.sheet().locator(".code-field").fill(code)
        self._submit("确认", "Confirm")

    def sign_in(self, outbox: Outbox) -> None:
        """Go through the whole sheet."""
        self.ask_for_code()
        expect(self.sheet().locator(".code-field")).to_be_visible()
        self.try_code(outbox.code_for(self.number))
        expect(self.sheet()).to_have_count(0)
        self.screen.whole()
