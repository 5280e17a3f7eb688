"""Pictures that journeys take on their way, when somebody asks for them."""

import os

from playwright.sync_api import Page, expect

from web.e2e.house import REPOSITORY

FOLDER = REPOSITORY / "docs" / "pictures" / "plays"
MOST_BYTES = 300_000


def keep(page: Page, name: str) -> None:
    """Photograph the page as it stands if BANYAN_PICTURES asks for pictures; a test needs none."""
    if not os.environ.get("BANYAN_PICTURES"):
        return
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".toast.on")).to_have_count(0)
    path = FOLDER / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    assert size <= MOST_BYTES, f"{name} has {size} bytes"
