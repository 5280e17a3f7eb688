"""The blocks of a page are dragged by a finger on a phone, and kept where they were dropped."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console

TEXTS = 14
"""So many that the list is longer than the phone."""
HAND_MS = 400
"""Between a finger that leaves the glass and its next tap."""


class Finger:
    """One finger on the glass, sent to the browser as a touch screen sends it."""

    def __init__(self, desk: Console) -> None:
        self._page = desk.page
        self._session = desk.page.context.new_cdp_session(desk.page)
        self._x = self._y = 0.0

    def _send(self, kind: str, *points: dict[str, float]) -> None:
        said = {"type": kind, "touchPoints": [*points]}
        self._session.send("Input.dispatchTouchEvent", said)  # pyright: ignore[reportUnknownMemberType]

    def down(self, on: Locator) -> None:
        box = on.bounding_box()
        assert box is not None
        self._x, self._y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self._send("touchStart", {"x": self._x, "y": self._y})

    def to(self, y: float, steps: int = 12) -> None:
        """Glide to a height of the screen, as a hand does: in small steps."""
        begin = self._y
        for nth in range(1, steps + 1):
            self._y = begin + (y - begin) * nth / steps
            self._send("touchMove", {"x": self._x, "y": self._y})
            self._page.wait_for_timeout(16)

    def up(self) -> None:
        self._send("touchEnd")
        # Chromium takes a touch that follows faster than any hand for the same gesture.
        self._page.wait_for_timeout(HAND_MS)


def middle(of: Locator) -> float:
    box = of.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def opened(desk: Console, draft: str) -> Locator:
    """Open the blocks of a draft on the phone and return their rows."""
    desk.sign_in()
    desk.open(f"/campaigns/{draft}/edit?step=3")
    desk.page.get_by_text("页面由哪些块组成").tap()
    rows = desk.page.locator(".blocks > ol > li")
    expect(rows.first).to_be_visible()
    return rows


def names(rows: Locator) -> list[str]:
    return rows.locator(".fold b").all_inner_texts()


def kinds(api: Api, draft: str) -> list[str]:
    return [
        one["kind"] for one in api.ask("GET", f"/campaigns/{draft}")["definition"]["page"]["blocks"]
    ]


def test_a_block_is_dragged_by_a_finger(console: Callable[..., Console], api: Api) -> None:
    draft = api.ask("POST", "/campaigns", {"template_key": "dining_latte_referral"})["id"]
    desk = console(phone=True)
    rows = opened(desk, draft)
    before = names(rows)
    first, last = 1, len(before) - 1
    rows.nth(last).scroll_into_view_if_needed()
    desk.page.evaluate("scrollBy({ top: 120, behavior: 'instant' })")
    stood = desk.page.evaluate("scrollY")
    finger = Finger(desk)
    finger.down(rows.nth(last).locator(".grip"))
    finger.to(middle(rows.nth(first)))
    expect(rows.nth(first)).to_have_class("block held")
    # The page stood still under the finger: only the block moved.
    assert desk.page.evaluate("scrollY") == stood
    keep(desk.page, "blocks-held")
    finger.up()
    expect(desk.page.locator(".blocks .held")).to_have_count(0)
    moved = [before[0], before[last], *before[1:last]]
    expect(rows.locator(".fold b")).to_have_text(moved)
    expect(desk.page.get_by_text(f"第 2 块，共 {len(before)} 块")).to_be_attached()
    # The head stays the head, however far somebody drags.
    finger.down(rows.nth(2).locator(".grip"))
    finger.to(middle(rows.nth(0)) - 30)
    finger.up()
    expect(rows.locator(".fold b")).to_have_text(
        [before[0], before[1], before[last], *before[2:last]]
    )
    # Each drag is put back by one press.
    for _ in range(2):
        desk.page.get_by_role("button", name="撤销", exact=True).tap()
        desk.page.wait_for_timeout(HAND_MS)
    expect(rows.locator(".fold b")).to_have_text(before)
    desk.screen.whole()


def test_a_list_longer_than_the_phone_goes_on_under_the_finger(
    console: Callable[..., Console], api: Api
) -> None:
    made = api.ask("POST", "/campaigns", {"template_key": "dining_latte_referral"})
    draft, definition = made["id"], made["definition"]
    ends = [one for one in definition["page"]["blocks"] if one["kind"] == "rules"]
    others = [one for one in definition["page"]["blocks"] if one["kind"] != "rules"]
    words = [
        {
            "kind": "text",
            "title": {"zh": f"第 {nth} 段", "en": f"Part {nth}"},
            "text": {"zh": "好", "en": "Good"},
        }
        for nth in range(TEXTS)
    ]
    definition["page"]["blocks"] = [*others, *words][: 20 - len(ends)] + ends
    said = {"definition": definition, "version": made["version"]}
    api.ask("PUT", f"/campaigns/{draft}/definition", said)
    desk = console(phone=True, scheme="dark")
    rows = opened(desk, draft)
    count = rows.count()
    dragged = names(rows)[1]
    rows.nth(1).scroll_into_view_if_needed()
    finger = Finger(desk)
    finger.down(rows.nth(1).locator(".grip"))
    height = desk.page.viewport_size["height"] if desk.page.viewport_size else 0
    assert middle(rows.nth(count - 1)) > height, "the list has to be longer than the phone"
    finger.to(height - 8)
    # Held still at the edge: the page goes on until the block is the last.
    expect(rows.nth(count - 1)).to_have_class("block held")
    finger.up()
    expect(rows.nth(count - 1).locator(".fold b")).to_have_text(dragged)
    keep(desk.page, "blocks-long")
    expect(desk.page.get_by_role("status").filter(has_text="已存")).to_be_visible()
    assert kinds(api, draft)[-1] != "rules"
    desk.screen.whole()
