"""A path that runs is renamed, given an end, closed, and put back each time by one press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console
from web.e2e.paths import TEMPLATE, card, make_path, undo
from web.e2e.screen import Scheme


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_a_path_is_edited_and_put_back(
    console: Callable[..., Console], api: Api, *, phone: bool, scheme: Scheme
) -> None:
    before, after = (f"{word}{scheme}" for word in ("春季路径", "夏季路径"))
    make_path(api, before, *(api.announce(TEMPLATE) for _ in range(2)))
    desk = console(phone=phone, scheme=scheme)
    desk.sign_in()
    desk.open("/campaigns/paths")
    # Every number of every branch is on the screen, on a phone as well.
    expect(card(desk, before).get_by_text("成本 / 新客").filter(visible=True).first).to_be_visible()
    table = card(desk, before).locator(".scroll-x")
    assert table.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    card(desk, before).get_by_role("button", name="编辑", exact=True).click()
    form = card(desk, before).locator("form")
    desk.type(form.get_by_label("名字（自己看）"), after)
    end = form.get_by_label("结束时间（不填：一直开放）")
    # What the browser draws in the field, as its calendar, is drawn for this scheme.
    expect(end).to_have_css("color-scheme", scheme)
    end.fill("2020-01-01T00:00")
    end.dispatch_event("change")
    expect(form.get_by_role("alert")).to_contain_text("结束时间要晚于现在")
    expect(form.get_by_role("button", name="保存")).to_be_disabled()
    end.fill("2099-12-31T20:00")
    end.dispatch_event("change")
    keep(desk.page, f"path-edit-{scheme}")
    form.get_by_role("button", name="保存").click()
    expect(card(desk, after)).to_contain_text("开放到 12月31日")
    desk.screen.whole()
    undo(desk)
    expect(card(desk, before)).not_to_contain_text("开放到")

    # Closing asks once, and is undone as well.
    card(desk, before).get_by_role("button", name="关闭", exact=True).click()
    card(desk, before).get_by_role("button", name="确定关闭？").click()
    expect(card(desk, before)).to_contain_text("已关闭")
    undo(desk)
    expect(card(desk, before)).to_contain_text("开放中")
    keep(desk.page, f"path-open-{scheme}")
