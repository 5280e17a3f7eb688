"""A merchant chooses how often customers are written to, within what the rules allow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console
from web.e2e.screen import Scheme


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_the_limits_of_messages_are_chosen_in_the_settings(
    console: Callable[..., Console], api: Api, *, phone: bool, scheme: Scheme
) -> None:
    delivered = {"a_month_most": 4, "from_hour": 8, "to_hour": 21}
    api.ask("PUT", "/message-limits", delivered)
    desk = console(phone=phone, scheme=scheme)
    desk.sign_in()
    desk.open("/settings?tab=messages")
    often = desk.page.get_by_label("每位客户每月最多")
    expect(often.locator("option")).to_have_text(["1 条", "2 条", "3 条", "4 条"])
    begins, ends = (desk.page.get_by_label(name) for name in ("每天从几点开始发", "到几点为止"))
    assert begins.locator("option").first.inner_text() == "8:00"
    assert ends.locator("option").last.inner_text() == "21:00"
    save = desk.page.get_by_role("button", name="保存", exact=True)
    expect(save).to_be_disabled()
    often.select_option("2")
    begins.select_option("10")
    ends.select_option("18")
    keep(desk.page, f"message-limits-{scheme}")
    save.click()
    expect(desk.page.get_by_text("已保存，从下一条消息起生效")).to_be_visible()
    chosen = {"a_month_most": 2, "from_hour": 10, "to_hour": 18}
    assert api.ask("GET", "/message-limits") == {"limits": chosen, "loosest": delivered}
    desk.page.reload()
    expect(often).to_have_value("2")
    desk.screen.whole()
    desk.open("/settings?tab=audit")
    expect(desk.page.get_by_text("改消息上限").first).to_be_visible()
