"""One open page of a browser, and everything that went wrong in it."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

Language = Literal["zh", "en"]
Scheme = Literal["light", "dark"]

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
KEY_DELAY_MS = 90
"""Between two keys of somebody who types at an ordinary speed: eleven letters a second at most."""
PATIENCE_MS = 30_000
"""For anything a page owes us on a busy machine."""

UNLOADED = "Failed to load resource"

NODE_MODULES = Path(__file__).resolve().parents[1] / "node_modules"


def context_of(
    browser: Browser,
    *,
    phone: bool = False,
    language: Language = "zh",
    scheme: Scheme = "light",
    scale: float = 1,
) -> BrowserContext:
    """Open a browser of its own: nothing is shared with any other."""
    more: dict[str, Any] = (
        {"viewport": PHONE, "user_agent": IPHONE, "is_mobile": True, "has_touch": True}
        if phone
        else {"viewport": DESKTOP}
    )
    context = browser.new_context(
        locale="zh-CN" if language == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        color_scheme=scheme,
        reduced_motion="reduce",
        device_scale_factor=scale,
        **more,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


class Screen:
    """A page that keeps a list of its troubles; `whole` asserts there are none."""

    def __init__(self, context: BrowserContext, language: Language = "zh") -> None:
        self.context = context
        self.language: Language = language
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self._expected: set[str] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def say(self, zh: str, en: str) -> str:
        """Return the twin that this page speaks."""
        return zh if self.language == "zh" else en

    def expect_refusals(self, *refusals: str) -> None:
        """Allow these answers from now on, each as `POST /api/public/sessions 422`."""
        self._expected.update(refusals)

    def whole(self) -> None:
        """Assert that nothing went wrong so far and that nothing sticks out sideways."""
        wide = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide[0] <= wide[1], f"{self.page.url} is {wide[0]} wide in {wide[1]}"
        assert not self.troubles, f"{self.page.url}: {self.troubles}"

    def close(self) -> None:
        self.whole()
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser repeats in its console what did not load; the answers themselves are judged.
        if message.type not in {"error", "warning"} or message.text.startswith(UNLOADED):
            return
        self.troubles.append(f"console: {message.text} {message.location.get('url', '')}")

    def _failed(self, request: Request) -> None:
        # What a page itself broke off when it was left, and a download that is no page.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request: {request.failure} {request.method} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status < 400:
            return
        path = urlsplit(response.url).path
        told = f"{response.request.method} {path} {response.status}"
        kind = response.headers.get("content-type", "")
        if told not in self._expected or not kind.startswith("application/problem+json"):
            self.troubles.append(f"answer: {told} {kind}")
