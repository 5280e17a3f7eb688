"""A template gives a level that the shop has not: the wizard says so and puts it there by one press."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console


@pytest.mark.parametrize(
    ("template", "level", "name", "screen"),
    [
        ("retail_neighbour_basket", "gold", "金卡会员", {}),
        ("beauty_sample_then_full", "silver", "银卡会员", {"phone": True, "scheme": "dark"}),
    ],
)
def test_a_missing_level_is_put_on_the_ladder(
    console: Callable[..., Console],
    api: Api,
    template: str,
    level: str,
    name: str,
    screen: dict[str, Any],
) -> None:
    draft = api.ask("POST", "/campaigns", {"template_key": template})["id"]
    before = [one["level"]["key"] for one in api.ask("GET", "/levels")["levels"]]
    assert level not in before
    desk = console(**screen)
    desk.sign_in()
    desk.open(f"/campaigns/{draft}/edit?step=3")
    page = desk.page
    note = page.get_by_role("alert", name="还缺的会员等级")
    expect(note).to_contain_text(name)
    expect(note).to_contain_text("只由活动赠送")
    # Said once, and by no word of the definition's own.
    expect(page.get_by_text(re.compile(rf"level_key|「{level}」"))).to_have_count(0)
    publish = page.get_by_role("button", name="发布", exact=True)
    asked = page.locator(".judged").get_by_role("button", name=re.compile("^确认："))
    for left in range(asked.count(), 0, -1):
        asked.first.click()
        expect(asked).to_have_count(left - 1)
    expect(publish).to_be_disabled()
    note.scroll_into_view_if_needed()
    keep(page, f"level-{level}")
    note.get_by_role("button", name="加到会员等级").click()
    expect(note).to_have_count(0)
    ladder = [one["level"] for one in api.ask("GET", "/levels")["levels"]]
    assert sorted(one["key"] for one in ladder) == sorted([*before, level])
    (made,) = [one for one in ladder if one["key"] == level]
    assert (made["name_zh"], made["coupon_minor"], made["spent_minor"]) == (name, 0, None)
    # Lowest first, whichever was put there first.
    assert [one["discount_bps"] for one in ladder] == sorted(one["discount_bps"] for one in ladder)
    publish.click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}\?share=1"))
    assert api.ask("GET", f"/campaigns/{draft}")["state"] == "live"
    desk.screen.whole()
