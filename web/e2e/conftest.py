"""One house for the whole run, a browser for each test process, a shop for each test that asks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from web.e2e.api import Api
from web.e2e.chromium import launch
from web.e2e.console import Console
from web.e2e.house import (
    COLLEAGUE,
    Address,
    House,
    Shop,
    broken_invariants,
    found_shop,
    wait_until_ready,
)
from web.e2e.phone import Phone
from web.e2e.screen import PATIENCE_MS

_houses: list[House] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start the house in the process that hands the tests out; it is up by the time one needs it."""
    if not _houses:
        _houses.append(House())
    node.workerinput["house"] = list(_houses[0].address)


def pytest_unconfigure() -> None:
    while _houses:
        _houses.pop().stop()


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest) -> Address:
    """Where the running house is."""
    given = getattr(request.config, "workerinput", {}).get("house")
    if given is None:
        if not _houses:
            _houses.append(House())
        _houses[0].wait()
        given = _houses[0].address
    address = Address(*given)
    wait_until_ready(address)
    return address


@pytest.fixture(scope="session")
def shop(house: Address) -> Shop:
    """A merchant of this test process."""
    return found_shop(house)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = launch(playwright)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def api(browser: Browser, house: Address, shop: Shop) -> Api:
    """The shop's API, by its key."""
    return Api(browser, house, shop.key)


@pytest.fixture
def console(browser: Browser, house: Address, shop: Shop) -> Iterator[Callable[..., Console]]:
    """Open consoles; each must be without fault when the test ends."""
    opened: list[Console] = []

    def open_one(**how: Any) -> Console:
        opened.append(Console(browser, house, shop, **how))
        return opened[-1]

    yield open_one
    for one in opened:
        one.screen.close()


@pytest.fixture(scope="session")
def second(shop: Shop, api: Api) -> Shop:
    """The shop, by the way in of its second member, an operator."""
    email = f"second-{shop.email}"
    said = {"email": email, "name": COLLEAGUE, "role": "operator"}
    made = api.ask("POST", "/members", said)
    return shop._replace(email=email, password=made["initial_password"])


@pytest.fixture
def colleague(browser: Browser, house: Address, second: Shop) -> Iterator[Callable[..., Console]]:
    """The second member, signed in; with the console on a phone in the dark unless asked otherwise."""
    opened: list[Console] = []

    def come(**how: Any) -> Console:
        looks: dict[str, Any] = {"phone": True, "scheme": "dark"} | how
        opened.append(Console(browser, house, second, **looks))
        opened[-1].sign_in()
        return opened[-1]

    yield come
    for one in opened:
        one.screen.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Hand out phones; each must be without fault when the test ends."""
    opened: list[Phone] = []

    def open_one(number: str, name: str, **how: Any) -> Phone:
        opened.append(Phone(browser, number, name, **how))
        return opened[-1]

    yield open_one
    for one in opened:
        one.screen.close()


@pytest.fixture
def whole(house: Address) -> Iterator[None]:
    """Whatever a journey did, `banyan verify` finds every invariant whole afterwards."""
    yield
    assert broken_invariants(house) == []
