"""The Chromium that `make test` has made sure of."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def launch(playwright: Playwright) -> Browser:
    """Start it; the caller closes it."""
    installed = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return playwright.chromium.launch(
        # None: Playwright's own.
        executable_path=os.environ.get("BANYAN_CHROMIUM") or installed,
        # Chromium's own sandbox refuses to run as root, as tests in containers do.
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
    )
