"""Pairs for the rules that speak of teams, chance, money, prices and Douyin's pages."""

import msgspec

from banyan.compliance import Edit
from tests.compliance.cases import (
    CLEAN,
    Pair,
    asked,
    cash,
    commission,
    draw,
    form,
    on,
    packet,
    price,
    prize,
    quiz,
    reward,
    says,
    team,
    trigger,
    with_,
)

PAIRS_OF_PLAYS: dict[str, list[Pair]] = {
    "WX-09": [
        (team(by_chance=True), team()),
        (team("mini_program", refund_on_fail=False), team("mini_program")),
        (team("wecom", size=None), team("wecom", size=2)),
        (team(hours=0), team(hours=1)),
        (team(price_minor=None), team(price_minor=1)),
        (team("wechat_h5", by_chance=True), team("own_web", by_chance=True)),
    ],
    "WX-17": [
        (
            with_(surfaces=("wechat_h5",), join_fee_minor=1),
            with_(surfaces=("wechat_h5",), join_fee_minor=0),
        ),
        (
            with_(surfaces=("mini_program",), required_purchase=True),
            with_(surfaces=("mini_program",), required_purchase=False),
        ),
        (commission("wecom", needs_purchase=True), commission("wecom", needs_purchase=False)),
        (
            trigger("registered", depth=2, surfaces=("mini_program",)),
            trigger("registered", depth=2, surfaces=("own_web",)),
        ),
    ],
    "WX-18": [
        (commission("wechat_h5", rate_bps=5_000), commission("wechat_h5", rate_bps=4_999)),
        (
            msgspec.structs.replace(cash("occasional"), order_value_minor=3_000),
            msgspec.structs.replace(cash("occasional"), order_value_minor=3_001),
        ),
        (
            msgspec.structs.replace(cash("occasional", 6_000), order_value_minor=10_000),
            msgspec.structs.replace(cash("occasional", 4_999), order_value_minor=10_000),
        ),
        (
            msgspec.structs.replace(cash("labour", 6_000, "commission"), order_value_minor=10_000),
            msgspec.structs.replace(cash("labour", 6_000, "coupon"), order_value_minor=10_000),
        ),
    ],
    "WX-20": [
        (quiz("wechat_h5", is_quiz=True), quiz("wechat_h5", is_quiz=False)),
        (quiz("mini_program", is_quiz=True), quiz("mini_program", is_quiz=False)),
        (quiz("wecom", is_quiz=True), quiz("wecom", is_quiz=False)),
        says("测测你的前世是谁", "测测你对茶了解多少"),
        says("性 格 测 试", "性格温和的一杯茶"),
        says("Personality test for tea lovers", "A test of taste"),
    ],
    "DY-02": [
        (form("submit_form"), form("login")),
        (form("submit_form", "douyin", "app"), form("check_in", "douyin", "app")),
        (form("submit_form", "app", "douyin"), form("submit_form", "app", "own_web")),
        (form("submit_form"), form("submit_form", "in_store")),
    ],
    "DY-03": [
        says("电话 13800138000", "满 13800 元可用", "douyin"),
        says("致电 400-820-8820 预约", "400 元套餐", "douyin"),
        says("下载APP领取", "下一站见", "douyin"),
        says("加店长微信领券", "加一份糖", "douyin"),
        (
            with_(surfaces=("douyin",), shows_code=True),
            with_(surfaces=("douyin",), shows_code=False),
        ),
    ],
    "DY-04": [
        (on(draw(look="wheel"), "douyin"), on(draw(look="list"), "douyin")),
        (on(draw(look="grid"), "douyin"), on(draw(), "douyin")),
        (on(draw(look="wheel"), "douyin", "app"), on(draw(look="wheel"), "own_web", "app")),
        (on(draw(look="grid"), "app", "douyin"), on(draw(look="grid"), "app")),
    ],
    "PAY-01": [
        (packet(least_minor=99), packet(least_minor=100)),
        (packet(most_minor=20_001), packet(most_minor=20_000)),
        (packet(least_minor=0), packet(least_minor=500)),
        (packet(most_minor=99), packet(most_minor=101)),
    ],
    "LAW-04": [
        (
            with_(chain_levels=levels, chain_people=people),
            with_(chain_levels=levels, chain_people=29),
        )
        for levels, people in ((3, 30), (4, 30), (5, 500))
    ],
    "LAW-05": [
        (commission(booked=False), commission(booked=True)),
        (commission(rate_bps=0), commission(rate_bps=1)),
        (commission("app", booked=False), commission("app")),
        (commission(rate_bps=0, hold_days=7), commission(rate_bps=500, hold_days=7)),
    ],
    "LAW-07": [
        (draw(prizes=()), draw()),
        (prize(name=" "), prize(name="二等奖")),
        (prize(value_minor=None), prize(value_minor=0)),
        (prize(quantity=None, odds_ppm=None), prize(quantity=None)),
        (prize(quantity=None, odds_ppm=None), prize(odds_ppm=None)),
        (prize(claim_days=None), prize(claim_days=1)),
        (prize(terms=""), prize(terms="凭码到店领取")),
        (msgspec.structs.replace(draw(), host_contact=""), draw()),
    ],
    "LAW-08": [
        (
            with_(edits=(Edit(path, is_favourable=False),)),
            with_(edits=(Edit(path, is_favourable=True),)),
        )
        for path in ("offers[0].quantity", "period.ends_at", "play.settings.draws_per_person")
    ],
    "LAW-09": [
        (draw(predetermined=1), draw(predetermined=0)),
        (draw(committed=False), draw(committed=True)),
        (prize(quantity=0), prize(quantity=1)),
        (prize(odds_ppm=0), prize(odds_ppm=1)),
        (prize(quantity=0, odds_ppm=None), prize(quantity=9, odds_ppm=None)),
        (draw(odds_agree=False), draw(odds_agree=True)),
        (draw(odds_agree=False), draw(odds_agree=None)),
        asked(draw(), "no_insiders"),
    ],
    "LAW-10": [
        (draw(), with_(lottery=None)),
        (prize(value_minor=1), with_()),
        (draw(look="wheel"), with_(lottery=None)),
        (on(draw(), "app"), on(CLEAN, "app")),
        (on(draw(), "in_store"), on(CLEAN, "in_store")),
    ],
    "LAW-12": [
        (draw(kept_days=729), draw(kept_days=730)),
        (draw(kept_days=0), draw(kept_days=1_000)),
        (draw(kept_days=365), draw()),
    ],
    "LAW-14": [
        (price(listed_before_minor=1_999), price(listed_before_minor=2_000)),
        (price(listed_before_minor=0), price(listed_before_minor=None)),
        (price(listed_before_minor=1_000), price(listed_before_minor=2_500)),
        (
            price(listed_before_minor=2_000, shown_minor=2_001),
            price(listed_before_minor=2_000, shown_minor=2_000),
        ),
        (
            price(listed_before_minor=2_000, shown_minor=9_000),
            price(listed_before_minor=None, shown_minor=9_000),
        ),
    ],
    "LAW-15": [
        (reward(name=""), reward()),
        (reward(name="  "), reward(name=None)),
        (reward(shown_value_minor=499), reward(shown_value_minor=500)),
        (reward(shown_value_minor=0), reward(shown_value_minor=900)),
        asked(reward(), "gift_worth"),
        asked(reward(value_minor=1), "gift_worth"),
    ],
    "LAW-16": [
        (reward(kind=kind, valid_days=0), reward(kind=kind, valid_days=days))
        for kind, days in (("coupon", 1), ("points", 1), ("coupon", 30))
    ]
    + [
        (
            reward(kind="points", valid_days=0, name="杯"),
            reward(kind="gift", valid_days=0, name="杯"),
        )
    ],
    "LAW-17": [
        (with_(rules_shown="a"), with_(rules_shown="")),
        (with_(rules_executed="a"), with_()),
        (with_(rules_shown="a", rules_executed="b"), with_(rules_shown="b", rules_executed="b")),
        (with_(rules_shown="x", rules_executed="y"), with_(rules_shown="y", rules_executed="y")),
    ],
    "HOUSE-03": [
        (
            price(shown_minor=1_000, campaign_minor=1_001),
            price(shown_minor=1_000, campaign_minor=1_000),
        ),
        (price(shown_minor=0, campaign_minor=1), price(shown_minor=1, campaign_minor=1)),
        (price(shown_minor=500, campaign_minor=900), price(shown_minor=None, campaign_minor=900)),
    ],
    "INT-06": [
        (price(lowest_in_30_days_minor=1_999), price(lowest_in_30_days_minor=2_000)),
        (price(lowest_in_30_days_minor=0), price(lowest_in_30_days_minor=None)),
        (
            price(lowest_in_30_days_minor=500),
            price(lowest_in_30_days_minor=500, claimed_reference_minor=500),
        ),
    ],
    "LAW-18": [
        (
            price(teaser_minor=990, checkout_minor=1_990),
            price(teaser_minor=1_990, checkout_minor=1_990),
        ),
        (price(teaser_minor=0, checkout_minor=1), price(teaser_minor=None, checkout_minor=1)),
        (price(teaser_minor=5, checkout_minor=6), price(teaser_minor=7, checkout_minor=6)),
    ],
    "LAW-58": [
        asked(commission(), "no_direct_selling"),
        (commission(rate_bps=3_001), commission(rate_bps=3_000)),
        (commission(rate_bps=9_000), commission(rate_bps=100)),
        (commission("wecom", rate_bps=4_000), commission("wecom", rate_bps=2_999)),
    ],
    "LAW-59": [
        (cash(""), cash("exempt")),
        (cash("occasional"), cash("", kind="coupon")),
        (cash("labour", kind="commission"), cash("", kind="gift")),
        (cash("", 1), cash("exempt", 1)),
    ],
}
