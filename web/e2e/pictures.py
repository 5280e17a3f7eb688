"""Take the pictures of docs/pictures from the demo merchant, as `make pictures` does.

Starts a house with the demo, unless one is named: `python -m web.e2e.pictures HOME URL`.
"""

import json
import os
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from banyan.app.crowd.access import read_access
from web.e2e.api import Api, sent
from web.e2e.chromium import launch
from web.e2e.console import Console
from web.e2e.house import REPOSITORY, Address, House, Shop
from web.e2e.screen import Scheme, context_of

FOLDER = REPOSITORY / "docs" / "pictures"
FILL_SECONDS_MOST = 900
SETTLE_MS = 2_500
MOST_BYTES = 300_000
PHONE_SCALE = 2
HOST = ("+8613811110001", "欧阳南星")
FRIENDS = (("+8613811110002", "周知夏"), ("+8613811110003", "许青禾"))
CAMPAIGN = "请朋友喝杯咖啡"


def main() -> None:
    """Take every picture."""
    if len(sys.argv) == 3:
        take(Address(sys.argv[1], sys.argv[2]))
        return
    house = House(demo=True)
    try:
        house.wait()
        until = time.monotonic() + FILL_SECONDS_MOST
        while not Path(house.address.home, "demo.json").exists():
            assert time.monotonic() < until, house.log.read_text(encoding="utf-8")
            time.sleep(0.5)
        take(house.address)
    finally:
        house.stop()


def take(address: Address) -> None:
    access = json.loads(Path(address.home, "demo.json").read_text(encoding="utf-8"))
    shop = Shop("山茶咖啡", access["email"], access["password"], "")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        campaign = photograph_console(browser, address, shop)
        photograph_phone(browser, address, campaign)
        photograph_console_on_phone(browser, address, shop, campaign)
        browser.close()


def photograph_console(browser: Browser, address: Address, shop: Shop) -> str:
    """Take the console's pictures and return the id of the campaign they show."""
    light = Console(browser, address, shop)
    light.sign_in()
    found = sent(light.screen.context, "GET", f"{address.url}/api/admin/campaigns")["items"]
    shown = next(row for row in found if row["name"] == CAMPAIGN)
    draft = next(row for row in found if row["state"] == "draft")
    keep(light.page, "console-today-light")
    light.open("/templates")
    keep(light.page, "templates-light")
    light.open(f"/campaigns/{draft['id']}/edit?step=2")
    keep(light.page, "wizard-light")
    light.open(f"/campaigns/{shown['id']}")
    keep(light.page, "console-campaign-light")
    light.screen.close()
    dark = Console(browser, address, shop, scheme="dark")
    dark.sign_in()
    dark.open(f"/campaigns/{shown['id']}")
    keep(dark.page, "console-campaign-dark")
    dark.screen.close()
    return shown["id"]


def photograph_console_on_phone(
    browser: Browser, address: Address, shop: Shop, campaign: str
) -> None:
    console = Console(browser, address, shop, phone=True, scale=PHONE_SCALE)
    console.sign_in()
    console.open(f"/campaigns/{campaign}")
    keep(console.page, "console-phone")
    console.screen.close()


def photograph_phone(browser: Browser, address: Address, campaign: str) -> None:
    """Take the participants' pictures: a host with two friends, and what a third one sees."""
    known = read_access(Path(address.home), address.url, None)
    assert known is not None, "the demo keeps its key in the home"
    api = Api(browser, address, known.key)
    host, *friends = api.people(HOST, *FRIENDS)
    quest = api.start(campaign, host)
    for friend in friends:
        api.support(quest, friend)
    link = f"{address.url}/s/{quest['share_code']}"
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        photograph(api.phone_of(host, scheme=scheme, scale=PHONE_SCALE), link, f"h5-quest-{scheme}")
    photograph(context_of(browser, phone=True, scale=PHONE_SCALE), link, "h5-friend-light")


def photograph(context: BrowserContext, link: str, name: str) -> None:
    page = context.new_page()
    page.goto(link)
    keep(page, name)
    context.close()


def keep_if_asked(page: Page, name: str) -> None:
    """Keep a picture of a journey, when BANYAN_PICTURES asks for them; a test needs none."""
    if os.environ.get("BANYAN_PICTURES"):
        keep(page, name)


def keep(page: Page, name: str) -> None:
    """Photograph a page once it has everything, and keep it if it is small enough for a README."""
    # Nothing stands under the pointer.
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE_MS)
    page.evaluate("document.fonts.ready")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    print(f"{path.relative_to(REPOSITORY)}  {size / 1000:.0f} kB")
    assert size <= MOST_BYTES, f"{name} has {size} bytes"


if __name__ == "__main__":
    main()
