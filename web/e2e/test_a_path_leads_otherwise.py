"""Who goes where by a path that runs: judged while it is edited, kept as the next version, by two at once."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, expect

from web.e2e.album import keep
from web.e2e.api import Api
from web.e2e.console import Console
from web.e2e.paths import campaign, card, make_path, stands
from web.e2e.screen import Scheme

BOUGHT, SEED, EVERYBODY = "在本店付过款的顾客", "种子用户", "其他所有人"
JUDGED = "已按规则查过：可以这样分。"
REGULARS, REST, SEEDS, CHEAP = "老客请朋友", "新客半价", "种子先尝", "新客半价小杯"


@pytest.fixture(scope="module")
def product(api: Api) -> str:
    """A product of the shop that coupons can be for."""
    shops = api.ask("GET", "/shops")["items"] or [
        api.ask("POST", "/shops", {"slug": "paths", "name": "山茶小店"})
    ]
    latte = {"shop_id": shops[0]["id"], "name": "山茶拿铁", "skus": [{"price_minor": 1800}]}
    return api.ask("POST", "/products", latte)["id"]


def line(form: Locator, nth: int) -> Locator:
    return form.locator(".branch").nth(nth)


def choose(desk: Console, within: Locator, which: str, name: str) -> None:
    """Choose from one of a line's lists, as a hand does."""
    field = desk.page.get_by_role("combobox", name=which, exact=True)
    # What is chosen lies over the field itself.
    within.locator(".el-select").filter(has=field).click()
    desk.page.get_by_role("option", name=name).filter(visible=True).click()


def shows(desk: Console, name: str, *branches: tuple[str, str]) -> None:
    """The card tells who goes where, in this order and nothing else."""
    rows = card(desk, name).locator("tbody tr:not(.earlier)")
    expect(rows).to_have_count(len(branches))
    for nth, (who, where) in enumerate(branches):
        expect(rows.nth(nth)).to_contain_text(who)
        expect(rows.nth(nth)).to_contain_text(where)


def nothing_is_cut_off(desk: Console, name: str) -> None:
    """Neither the page nor a list of the form is wider than its place, and no button leaves it."""
    desk.screen.whole()
    wide = desk.page.viewport_size
    assert wide is not None
    for one in card(desk, name).locator("form button, form .el-select, form input.field").all():
        place = one.bounding_box()
        assert place is None or (place["x"] >= 0 and place["x"] + place["width"] <= wide["width"])
    assert (
        card(desk, name)
        .locator(".scroll-x")
        .evaluate("(one) => one.scrollWidth <= one.clientWidth")
    )


def begin_to_edit(desk: Console, name: str) -> Locator:
    desk.open("/campaigns/paths")
    card(desk, name).get_by_role("button", name="编辑", exact=True).click()
    form = card(desk, name).locator("form")
    expect(form.get_by_role("status")).to_have_text(JUDGED)
    return form


class Branches(NamedTuple):
    """A path of two campaigns that run, and two more it can lead to; what they are called."""

    id: str
    name: str
    url: str
    regulars: str
    rest: str
    seeds: str
    cheap: str


def branches(api: Api, product: str, mark: str) -> Branches:
    names = [f"{one}{mark}" for one in (REGULARS, REST, SEEDS, CHEAP)]
    worth = {REST: 900, CHEAP: 800}
    ids = [
        campaign(api, name, worth_minor=worth.get(name.removesuffix(mark), 0), product=product)
        for name in names
    ]
    made = make_path(api, f"分群{mark}", *ids[:2])
    return Branches(made["id"], made["name"], made["url"], *names)


def adds_what_is_forbidden_and_takes_it_back(hand: Console, form: Locator, path: Branches) -> None:
    """A line is judged once it is whole, and is gone by a press."""
    save = form.get_by_role("button", name="保存", exact=True)
    form.get_by_role("button", name="在最前面加一条").click()
    expect(form.locator(".branch")).to_have_count(3)
    expect(form.get_by_role("status")).to_have_text("给每一行选一个活动。")
    expect(save).to_be_disabled()
    choose(hand, line(form, 0), "去哪个活动", path.cheap)
    # One product on two branches at two prices.
    told = form.get_by_role("alert")
    expect(told).to_contain_text("LAW-41")
    expect(told).to_contain_text("可以改为：")
    expect(save).to_be_disabled()
    nothing_is_cut_off(hand, path.name)
    keep(hand.page, f"path-branches-forbidden-{hand.scheme}")
    line(form, 0).get_by_role("button", name="去掉").click()
    expect(form.locator(".branch")).to_have_count(2)
    expect(told).to_have_count(0)
    expect(form.get_by_role("status")).to_have_text(JUDGED)


def adds_what_may_be_and_saves(hand: Console, form: Locator, path: Branches) -> None:
    """The new line is moved below the first, judged, and the whole is the second version."""
    form.get_by_role("button", name="在最前面加一条").click()
    choose(hand, line(form, 0), "去哪个活动", path.seeds)
    line(form, 1).get_by_role("button", name="上移").click()
    expect(line(form, 1)).to_contain_text(path.seeds)
    expect(form.get_by_role("status")).to_have_text(JUDGED)
    nothing_is_cut_off(hand, path.name)
    keep(hand.page, f"path-branches-{hand.scheme}")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_have_count(0)
    now = ((BOUGHT, path.regulars), (SEED, path.seeds), (EVERYBODY, path.rest))
    shows(hand, path.name, *now)
    expect(card(hand, path.name)).to_contain_text("规则第 2 版")
    nothing_is_cut_off(hand, path.name)


def is_told_of_it_and_chooses(desk: Console, form: Locator, path: Branches, name: str) -> None:
    """Who has seen none of it leads the regulars' campaign's visitors otherwise, and renames."""
    desk.type(form.get_by_label("名字（自己看）"), name)
    choose(desk, line(form, 0), "谁", SEED)
    expect(form.get_by_role("status")).to_have_text(JUDGED)
    desk.screen.expect_refusals(f"PUT /api/admin/pathways/{path.id} 409")
    save = form.get_by_role("button", name="保存", exact=True)
    save.click()
    meanwhile = form.get_by_role("alert", name="别人刚改过")
    expect(meanwhile).to_contain_text("有 1 处两个人都改了")
    both = meanwhile.get_by_role("group", name="谁去哪里")
    mine, theirs = (both.get_by_role("button", name=one) for one in ("我写的", "对方改的"))
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(mine).to_contain_text(f"{SEED} → {path.regulars}")
    expect(theirs).to_contain_text(f"{SEED} → {path.seeds}")
    # The form says what was typed, the card what was saved.
    expect(form.get_by_label("名字（自己看）")).to_have_value(name)
    expect(form.locator(".branch")).to_have_count(2)
    expect(card(desk, path.name).locator("tbody tr")).to_have_count(3)
    nothing_is_cut_off(desk, path.name)
    keep(desk.page, f"path-both-{desk.scheme}")
    theirs.click()
    expect(theirs).to_have_attribute("aria-pressed", "true")
    expect(form.locator(".branch")).to_have_count(3)
    mine.click()
    expect(form.locator(".branch")).to_have_count(2)
    expect(form.get_by_label("名字（自己看）")).to_have_value(name)
    expect(form.get_by_role("status")).to_have_text(JUDGED)
    save.click()
    expect(form).to_have_count(0)


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_branches_are_edited_by_two_and_neither_loses_a_word(
    console: Callable[..., Console],
    colleague: Callable[..., Console],
    api: Api,
    product: str,
    whole: None,
    *,
    phone: bool,
    scheme: Scheme,
) -> None:
    path, name = branches(api, product, scheme), f"改过的分群{scheme}"
    # Both have it open before either saves.
    desk, hand = console(phone=phone, scheme=scheme), colleague(phone=phone, scheme=scheme)
    desk.sign_in()
    late, form = begin_to_edit(desk, path.name), begin_to_edit(hand, path.name)
    expect(card(hand, path.name)).to_contain_text("规则第 1 版")
    adds_what_is_forbidden_and_takes_it_back(hand, form, path)
    assert stands(api, path.name)["version"] == 1, "nothing is kept before it is saved"
    adds_what_may_be_and_saves(hand, form, path)
    is_told_of_it_and_chooses(desk, late, path, name)
    # Both read what was saved after a reload, and what was taken out of it.
    for one in (desk, hand):
        one.page.reload()
        shows(one, name, (SEED, path.regulars), (EVERYBODY, path.rest))
        expect(card(one, name)).to_contain_text("规则第 3 版")
        expect(card(one, name)).to_contain_text("开放中")
        expect(card(one, name).locator("tr.earlier")).to_have_count(1)
        expect(card(one, name).locator("tr.earlier")).to_contain_text(path.seeds)
        nothing_is_cut_off(one, name)
    keep(desk.page, f"path-version-{scheme}")
    now = stands(api, name)
    assert (now["version"], now["url"], now["findings"]) == (3, path.url, [])
