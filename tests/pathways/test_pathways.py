"""Pathways: who is led where by the rule that is shown, and never to another price for one good."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from banyan import campaigns, levels, pathways, people
from banyan.compliance import CATALOGUE
from banyan.creatives import Text
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.outreach.seeds import pick
from banyan.pathways import PathState
from banyan.pathways.editing import PathwayTerms
from banyan.pathways.making import WantedBranch, WantedPathway, close_pathway, make_pathway
from banyan.pathways.views import pathway_view, pathway_views
from tests.campaigns.selling import Market
from tests.levels.club import LADDER, Club
from tests.pathways.paths import TITLE, edit, flash, led, made, make, open_for, put, terms
from tests.stage import ASSIST, REFERRAL, Stage, offer
from tests.whole import assert_whole


def test_each_is_led_by_the_first_line_that_fits(market: Market) -> None:
    first, friends, welcome = (market.campaign(REFERRAL) for _ in range(3))
    pathway = made(market, ("seed", first), ("bought", friends), ("everybody", welcome))
    seed, buyer, both, stranger = market.people(4)
    for one in (buyer, both):
        market.paid(one, (market.tea, 1))
    with market.work() as work:
        pick(work, [seed, both])
    assert [led(market, pathway, one) for one in (seed, buyer, both, stranger, None)] == [
        first,
        friends,
        first,
        welcome,
        welcome,
    ]
    state = open_for(market, pathway, buyer)
    assert isinstance(state, PathState)
    assert [way.whom.zh for way in state.ways] == [
        "商家邀请的种子用户",
        "在本店付过款的顾客",
        "其他所有人（含没有登录的）",
    ]
    assert [way.is_mine for way in state.ways] == [False, True, False]
    assert_whole()


def test_a_level_and_those_above_it(database: object) -> None:
    club = Club(*LADDER)
    with club.work() as work:
        keys = [level.key for level in levels.read_ladder(work).levels]
    assert len(keys) > 1, "the club has levels"
    gold, rest = club.campaign(), club.campaign()
    pathway = made(club, (f"level:{keys[0]}", gold), ("everybody", rest))
    (person,) = club.people(1)
    assert led(club, pathway, person) == rest
    club.spend(30_000, person)
    club.heard()
    assert club.level(person) == keys[-1]
    assert led(club, pathway, person) == gold


def test_a_line_whose_campaign_does_not_run_is_passed_over(market: Market) -> None:
    friends, welcome = market.campaign(), market.campaign(ASSIST)
    pathway = made(market, ("bought", friends), ("everybody", welcome))
    (buyer,) = market.people(1)
    market.paid(buyer, (market.tea, 1))
    with market.work() as work:
        campaigns.pause_campaign(work, friends, "a rest")
    assert led(market, pathway, buyer) == welcome
    with market.work() as work:
        campaigns.end_campaign(work, welcome)
    assert led(market, pathway, buyer) is None
    with market.work() as work:
        campaigns.resume_campaign(work, friends)
    assert led(market, pathway, buyer) == friends


def test_the_same_good_has_the_same_price_for_everybody(market: Market) -> None:
    dear, cheap, same = flash(market, 6000), flash(market, 5000), flash(market, 5000)
    assert make(market, ("bought", dear), ("everybody", cheap)) == "path_prices_differ"
    assert market.one("select count(*) from pathways") == 0
    made(market, ("bought", same), ("everybody", cheap))
    refused = pytest.raises(Refused)
    with refused as told, market.work() as work:
        branches = (WantedBranch("bought", dear), WantedBranch("everybody", cheap))
        make_pathway(work, new_id(), WantedPathway("春", TITLE, branches))
    words = told.value.refusal.text("zh", **told.value.params)
    assert "「高山红茶」" in words
    assert "不能按人给同一件商品定不同的价" in words


def test_of_three_that_sell_a_good_the_two_that_differ_are_named(market: Market) -> None:
    one, same, cheap = flash(market, 5000), flash(market, 5000), flash(market, 4000)
    branches = (("seed", one), ("bought", same), ("everybody", cheap))
    assert make(market, *branches) == "path_prices_differ"


def test_nor_is_it_priced_by_coupons_for_one_product(market: Market) -> None:
    product = str(market.one("select product_id from skus where id = %s", market.tea))

    def coupon(off_minor: int) -> UUID:
        tied: dict[str, Any] = {"product_ids": [product]}
        latte = offer("latte", off_minor, coupon=tied)
        return market.campaign(REFERRAL, offers=[latte, offer("half", 300)])

    assert make(market, ("bought", coupon(500)), ("everybody", coupon(900))) == "path_prices_differ"
    made(market, ("bought", coupon(500)), ("everybody", coupon(500)))


def test_a_price_that_changes_later_closes_the_entry(market: Market) -> None:
    one, other = flash(market, 5000), flash(market, 5000)
    pathway = made(market, ("bought", one), ("everybody", other))
    assert led(market, pathway) == other
    with market.work() as work:
        view = campaigns.campaign_view(work, other)
        said = view.definition
        said["play"]["settings"]["price_minor"] = 4000
        campaigns.edit_campaign(work, other, said, view.version)
    assert open_for(market, pathway, None) == "path_closed"
    with market.work() as work:
        (finding,) = pathway_view(work, pathway).findings
    assert (finding.rule_id, finding.severity) == ("LAW-41", "block")
    assert finding.message_zh.startswith(CATALOGUE["LAW-41"].zh)
    assert "「高山红茶」" in finding.message_zh


def test_what_is_no_rule_is_refused(market: Market) -> None:
    one, two = market.campaign(), market.campaign()
    assert make(market, ("everybody", one)) == "path_rule_invalid"
    assert make(market, ("bought", one), ("seed", two)) == "path_rule_invalid"
    assert make(market, ("everybody", one), ("everybody", two)) == "path_rule_invalid"
    assert make(market, ("bought", one), ("everybody", one)) == "path_rule_invalid"
    assert make(market, ("level", one), ("everybody", two)) == "path_rule_invalid"
    assert make(market, ("bought", new_id()), ("everybody", two)) == "campaign_not_found"
    assert make(market, ("bought", Stage().campaign()), ("everybody", two)) == "campaign_not_found"
    with market.work() as work:
        campaigns.end_campaign(work, one)
    assert make(market, ("bought", one), ("everybody", two)) == "path_campaign_not_open"


def test_a_campaign_is_in_one_pathway_and_a_repeat_makes_no_second(market: Market) -> None:
    one, two, three = (market.campaign() for _ in range(3))
    pathway = made(market, ("bought", one), ("everybody", two))
    assert make(market, ("bought", one), ("everybody", two), named=pathway) == pathway
    assert make(market, ("bought", three), ("everybody", two)) == "path_campaign_taken"
    with market.work() as work:
        (view,) = pathway_views(work)
        assert [branch.campaign_id for branch in view.branches] == [one, two]
        assert work.driver.execute(
            "select channel, count(*) from links where channel = 'path' group by channel"
        ).fetchall() == [("path", 2)]


def test_a_closed_one_leads_nobody_and_another_merchant_finds_none(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    code = market.one("select code from pathways where id = %s", pathway)
    stranger = Stage()
    with stranger.work() as work:
        assert pathway_views(work) == []
        with pytest.raises(Refused) as refused:
            pathways.lead(work, code, None)
        assert refused.value.refusal.code == "path_not_found"
        with pytest.raises(Refused):
            close_pathway(work, pathway)
    assert led(market, pathway) is not None
    for _ in range(2):
        with market.work() as work:
            close_pathway(work, pathway)
    assert open_for(market, pathway, None) == "path_closed"


def later(stage: Stage, **by: float) -> datetime:
    return stage.now + timedelta(**by)


def test_name_title_and_end_are_edited_and_put_back(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    before = terms(market, pathway)
    ends = later(market, days=3)
    wanted = PathwayTerms("夏", Text("夏日有礼", ""), before.branches, ends)
    assert put(market, pathway, wanted, before) is None
    assert put(market, pathway, wanted, before) is None, "a repeat"
    state = open_for(market, pathway, None)
    assert isinstance(state, PathState)
    assert (state.title.zh, state.title.en) == ("夏日有礼", "夏日有礼")
    with market.work() as work:
        view = pathway_view(work, pathway)
    assert (view.name, view.closed_at, view.terms) == ("夏", None, wanted)
    # Undone, by the same edit turned round.
    assert put(market, pathway, before, wanted) is None
    assert terms(market, pathway) == before
    rows = "select count(*) from audit_entries where action = 'pathway.edited' and subject = %s"
    assert market.one(rows, str(pathway)) == 2


def test_it_leads_nobody_from_its_end_on(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    assert edit(market, pathway, ends_at=market.now) == "path_end_past"
    ends = later(market, hours=1)
    assert edit(market, pathway, ends_at=ends) is None
    assert led(market, pathway) is not None
    market.now = ends
    assert open_for(market, pathway, None) == "path_closed"
    with market.work() as work:
        assert pathway_view(work, pathway).closed_at == ends
    # Only a later end, or none, opens it again.
    assert edit(market, pathway, name="秋") == "path_end_past"
    assert edit(market, pathway, ends_at=None) is None
    assert led(market, pathway) is not None


def test_closing_is_undone_and_comes_before_an_end_that_was_set(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    assert edit(market, pathway, ends_at=later(market, days=9)) is None
    before = terms(market, pathway)
    with market.work() as work:
        close_pathway(work, pathway)
    assert open_for(market, pathway, None) == "path_closed"
    closed = terms(market, pathway)
    assert closed.ends_at == market.now
    assert put(market, pathway, before, closed) is None
    assert led(market, pathway) is not None


def test_an_edit_is_judged_again(market: Market) -> None:
    one, other = flash(market, 5000), flash(market, 5000)
    pathway = made(market, ("bought", one), ("everybody", other))
    with market.work() as work:
        view = campaigns.campaign_view(work, other)
        said = view.definition
        said["play"]["settings"]["price_minor"] = 4000
        campaigns.edit_campaign(work, other, said, view.version)
    before = terms(market, pathway)
    assert edit(market, pathway, name="夏") == "path_prices_differ"
    assert terms(market, pathway) == before
    with market.work() as work:
        close_pathway(work, pathway)
    assert edit(market, pathway, ends_at=None) == "path_prices_differ"


def test_of_two_edits_of_the_same_the_second_is_told(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    was = terms(market, pathway)
    assert edit(market, pathway, name="夏") is None
    late = msgspec.structs.replace(was, name="秋")
    assert put(market, pathway, late, was) == "path_changed"
    assert terms(market, pathway).name == "夏"
    assert put(Stage(), pathway, late, was) == "path_not_found"


def test_who_was_deleted_is_nobody_in_particular(market: Market) -> None:
    friends, welcome = market.campaign(), market.campaign()
    pathway = made(market, ("seed", friends), ("everybody", welcome))
    (person,) = market.people(1)
    with market.work() as work:
        pick(work, [person])
        people.forget(work, person)
    state = open_for(market, pathway, None)
    assert isinstance(state, PathState)
    assert state.name_masked is None
    assert led(market, pathway) == welcome
