"""What runs is changed in the console: one member asks, another signs on a phone, then it is saved."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console
from web.e2e.house import COLLEAGUE, Address, found_shop

REASON = "法务 2026-11 号意见：小程序内按平台口径运行"


def save_button(desk: Console) -> Locator:
    return desk.page.get_by_role("button", name="保存，立即生效", exact=True)


def is_told_what_takes_from_participants(desk: Console, budget_minor: int) -> None:
    """What takes from participants is named, and put back by one press."""
    desk.type(desk.field("budget.total_minor"), str(budget_minor // 100 - 1))
    harm = desk.page.get_by_role("alert").filter(has_text="总预算只能增加")
    expect(harm).to_be_visible()
    expect(save_button(desk)).to_be_disabled()
    keep(desk.page, "edit-harm")
    harm.get_by_role("button", name="改回原样").click()
    expect(harm).to_have_count(0)
    expect(desk.page.get_by_text("还没有改动")).to_be_visible()


def asks_for_one_more_surface(desk: Console) -> None:
    """The rules want it reviewed, so it cannot be saved yet."""
    desk.page.locator(".steps button").nth(2).click()
    surfaces = desk.page.get_by_role("group", name="场景", exact=True)
    surfaces.get_by_role("button", name="小程序", exact=True).click()
    changed = desk.page.get_by_role("region", name="这次改了什么")
    expect(changed.get_by_text("页面在哪里打开")).to_be_visible()
    card = desk.page.get_by_role("region", name="复核签字")
    expect(card.get_by_text(f"请 {COLLEAGUE} 打开这个活动签字")).to_be_visible()
    expect(save_button(desk)).to_be_disabled()
    expect(desk.page.get_by_text("先请人复核：同事签字后才能保存。")).to_be_visible()
    keep(desk.page, "edit-unasked")
    desk.press("请人复核", "Ask for a review")
    expect(desk.page.get_by_role("button", name="已请人复核", exact=True)).to_be_disabled()
    expect(desk.page.get_by_text("请人复核这处改动，保存之前不生效")).to_be_visible()
    desk.screen.whole()


def takes_it_back(desk: Console) -> None:
    """Nothing of it is left, and nothing has changed for participants."""
    desk.press("撤回改动", "Withdraw the edit")
    expect(desk.page.get_by_text("还没有改动")).to_be_visible()
    expect(desk.page.get_by_text("请人复核这处改动")).to_have_count(0)


def signs_for_it(theirs: Console, campaign: str) -> None:
    """The colleague is told on the first page and on the campaign's, signs, and reads who saves."""
    theirs.open("/")
    theirs.page.get_by_role("link", name="林店主请您复核一处改动").click()
    expect(theirs.page.get_by_role("heading", name="改进行中的活动")).to_be_visible()
    theirs.open(f"/campaigns/{campaign}")
    link = theirs.page.get_by_role("link", name="看改动并签字")
    expect(link).to_be_visible()
    keep(theirs.page, "edit-banner")
    link.click()
    expect(theirs.page.get_by_role("region", name="这次改了什么")).to_contain_text("小程序")
    expect(theirs.page.get_by_text("请您复核：签字后由另一位成员保存。")).to_be_visible()
    expect(theirs.page.get_by_role("button", name="不采用这处改动")).to_be_visible()
    theirs.press("我来签字…", "Sign for it…")
    theirs.page.get_by_label("为什么可以这样改").fill(REASON)
    theirs.page.get_by_label("有效期").select_option("30")
    keep(theirs.page, "edit-signing")
    theirs.press("署名签字", "Sign by name")
    expect(theirs.page.get_by_text("您已签字。签字人不能自己保存")).to_be_visible()
    expect(save_button(theirs)).to_be_disabled()
    keep(theirs.page, "edit-signed")
    theirs.screen.whole()


def test_an_edit_is_asked_for_signed_and_saved(
    console: Callable[..., Console], colleague: Callable[[], Console], api: Api, whole: None
) -> None:
    campaign = api.announce("dining_latte_referral")
    ran = api.ask("GET", f"/campaigns/{campaign}")["definition"]
    theirs = colleague()
    desk = console()
    desk.sign_in()
    desk.open(f"/campaigns/{campaign}")
    desk.page.get_by_role("link", name="改活动", exact=True).click()
    expect(desk.page.get_by_text("还没有改动")).to_be_visible()
    expect(save_button(desk)).to_be_disabled()
    is_told_what_takes_from_participants(desk, ran["budget"]["total_minor"])
    asks_for_one_more_surface(desk)
    takes_it_back(desk)
    asks_for_one_more_surface(desk)
    assert api.ask("GET", f"/campaigns/{campaign}")["definition"] == ran
    signs_for_it(theirs, campaign)
    # Who asked saves what was signed, to the letter.
    desk.page.reload()
    expect(save_button(desk)).to_be_enabled()
    expect(desk.page.get_by_text(REASON)).to_be_visible()
    keep(desk.page, "edit-ready")
    save_button(desk).click()
    desk.page.wait_for_url(re.compile(rf"/campaigns/{campaign}$"))
    now = api.ask("GET", f"/campaigns/{campaign}")
    assert now["definition"]["surfaces"] == [*ran["surfaces"], "mini_program"]
    assert now["asked_edit"] is None
    (kept,) = [one for one in now["sign_off"]["signatures"] if one["holds"]]
    assert (kept["by"], kept["reason"], kept["is_alone"]) == (COLLEAGUE, REASON, False)
    desk.screen.whole()


def test_who_is_alone_signs_alone_and_saves(browser: Browser, house: Address, whole: None) -> None:
    alone = found_shop(house, "独行茶铺")
    api = Api(browser, house, alone.key)
    campaign = api.announce("dining_latte_referral")
    desk = Console(browser, house, alone, phone=True, language="en")
    desk.sign_in()
    desk.open(f"/campaigns/{campaign}/change?step=3")
    page = desk.page
    surfaces = page.get_by_role("group", name="Surfaces", exact=True)
    surfaces.get_by_role("button", name="Mini-program", exact=True).click()
    card = page.get_by_role("region", name="Review and signature")
    expect(card.get_by_text("Nobody else here may sign")).to_be_visible()
    # There is nobody to ask.
    expect(page.get_by_role("button", name="Ask for a review", exact=True)).to_have_count(0)
    desk.press("我来签字…", "Sign for it…")
    sign = page.get_by_role("button", name="Sign by name", exact=True)
    page.get_by_label("Why it may be changed so").fill("Read against WX-02 myself")
    expect(sign).to_be_disabled()
    page.get_by_role("checkbox", name=re.compile("I review it alone")).check()
    keep(page, "edit-alone")
    sign.click()
    save = page.get_by_role("button", name="Save, in force at once", exact=True)
    expect(save).to_be_enabled()
    save.click()
    page.wait_for_url(re.compile(rf"/campaigns/{campaign}$"))
    now = api.ask("GET", f"/campaigns/{campaign}")
    assert "mini_program" in now["definition"]["surfaces"]
    assert [one["is_alone"] for one in now["sign_off"]["signatures"] if one["holds"]] == [True]
    desk.screen.close()


def test_two_change_it_at_once_and_neither_loses_a_word(
    console: Callable[..., Console], api: Api, whole: None
) -> None:
    campaign = api.announce("dining_latte_referral")
    ran = api.ask("GET", f"/campaigns/{campaign}")
    budget = ran["definition"]["budget"]
    mine, theirs = budget["total_minor"] + 100_000, budget["total_minor"] + 200_000
    desk = console()
    desk.sign_in()
    desk.open(f"/campaigns/{campaign}/change")
    desk.type(desk.field("budget.total_minor"), str(mine // 100))
    desk.type(desk.field("name"), "拿铁请到年底")
    expect(desk.page.get_by_role("region", name="这次改了什么")).to_contain_text("拿铁请到年底")

    # A closed page is no lost word; letting go is one, and can be taken back.
    desk.page.reload()
    restored = desk.page.get_by_role("status").filter(has_text="没保存的改动")
    expect(restored).to_be_visible()
    expect(desk.field("name")).to_have_value("拿铁请到年底")
    keep(desk.page, "edit-restored")
    restored.get_by_role("button", name="放弃这些改动").click()
    expect(desk.page.get_by_text("还没有改动")).to_be_visible()
    desk.press("放回来", "Put them back")
    expect(desk.field("name")).to_have_value("拿铁请到年底")
    expect(save_button(desk)).to_be_enabled()

    # A colleague was quicker.
    quicker = ran["definition"] | {"budget": budget | {"total_minor": theirs}}
    quicker["page"] = quicker["page"] | {"subtitle": {"zh": "周末也算", "en": "Weekends too"}}
    edit = {"definition": quicker, "version": ran["version"]}
    newest = api.ask("PUT", f"/campaigns/{campaign}/definition", edit)
    desk.screen.expect_refusals(f"PUT /api/admin/campaigns/{campaign}/definition 409")
    save_button(desk).click()
    card = desk.page.get_by_role("alert", name="别人刚改过")
    expect(card).to_contain_text("周末也算")
    expect(desk.field("name")).to_have_value("拿铁请到年底")
    both = card.get_by_role("group", name="总预算")
    expect(both.get_by_role("button", name="我写的")).to_have_attribute("aria-pressed", "true")
    keep(desk.page, "edit-both")
    desk.screen.whole()
    both.get_by_role("button", name="对方改的").click()
    expect(both.get_by_role("button", name="对方改的")).to_have_attribute("aria-pressed", "true")
    expect(save_button(desk)).to_be_enabled()
    save_button(desk).click()
    desk.page.wait_for_url(re.compile(rf"/campaigns/{campaign}$"))
    now = api.ask("GET", f"/campaigns/{campaign}")["definition"]
    assert now == newest["definition"] | {"name": "拿铁请到年底"}
    # Nothing of it is kept in the browser once it is saved.
    assert (
        desk.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('edit'))") == []
    )


def test_an_edit_that_waits_is_not_replaced_by_who_has_not_seen_it(
    console: Callable[..., Console], colleague: Callable[[], Console], api: Api, whole: None
) -> None:
    campaign = api.announce("dining_latte_referral")
    theirs, desk = colleague(), console()
    desk.sign_in()
    for one in (theirs, desk):
        one.open(f"/campaigns/{campaign}/change?step=3")
        expect(one.page.get_by_text("还没有改动")).to_be_visible()
    surfaces = theirs.page.get_by_role("group", name="场景", exact=True)
    surfaces.get_by_role("button", name="小程序", exact=True).click()
    theirs.press("请人复核", "Ask for a review")
    expect(theirs.page.get_by_text("请人复核这处改动，保存之前不生效")).to_be_visible()

    desk.type(desk.field("page.subtitle"), "周末也算")
    expect(save_button(desk)).to_be_enabled()
    desk.screen.expect_refusals(f"PUT /api/admin/campaigns/{campaign}/definition 409")
    save_button(desk).click()
    card = desk.page.get_by_role("alert", name="别人刚改过")
    expect(card).to_contain_text("小程序")
    expect(desk.field("page.subtitle")).to_have_value("周末也算")
    expect(desk.page.get_by_text(re.compile(f"^{COLLEAGUE} .* 请人复核这处改动"))).to_be_visible()
    asked = api.ask("GET", f"/campaigns/{campaign}")["asked_edit"]
    assert asked["by"] == COLLEAGUE
    desk.screen.whole()
