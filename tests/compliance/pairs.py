"""For every rule, pairs of cases that differ in one field: the first breaks it, the second does not."""

from typing import Any

import msgspec

from banyan.compliance import (
    Case,
    Commission,
    Copy,
    Edge,
    Edit,
    Lottery,
    Packet,
    Price,
    Prize,
    Reward,
    Step,
    Team,
    Trigger,
)

Pair = tuple[Case, Case]

TERMS = "满 30 元可用，每单限用一张"
CLEAN = Case(
    surfaces=("own_web",),
    steps=(Step("view", "view"), Step("share", "share_prompt"), Step("get", "reward")),
    edges=(Edge("view", "get"), Edge("view", "share")),
    rewards=(
        Reward("five", "coupon", 500, 30, TERMS, "offers[0]"),
        Reward("cash", "commission", 1500, 30, "", "offers[1]"),
    ),
    triggers=(Trigger("t[0]", "registered", "self", "self", "five", depth=0),),
    host_name="榕树咖啡",
    host_contact="400-000-0000",
    order_value_minor=10_000,
)


def with_(**changes: Any) -> Case:
    return msgspec.structs.replace(CLEAN, **changes)


def trigger(event: str, actor: str = "friend", to: str = "inviter", **changes: Any) -> Case:
    plain: dict[str, Any] = {"reward": "five", **changes}
    surfaces = plain.pop("surfaces", ("wechat_h5",))
    one = Trigger("t[0]", event, actor, to, **plain)  # type: ignore[arg-type]
    return with_(surfaces=surfaces, triggers=(one,))


def on(case: Case, *surfaces: str) -> Case:
    return msgspec.structs.replace(case, surfaces=surfaces)


def gate(kind: str, surface: str, *, target: str = "reward", shut: bool = True) -> Case:
    steps = (Step("here", kind), Step("there", target))  # type: ignore[arg-type]
    return with_(surfaces=(surface,), steps=steps, edges=(Edge("here", "there", gate=shut),))


def gates(kind: str, *surfaces: str, target: str = "reward") -> list[Pair]:
    return [
        (gate(kind, one, target=target), gate(kind, one, target=target, shut=False))
        for one in surfaces
    ]


def says(bad: str, good: str, surface: str = "mini_program") -> Pair:
    def case(text: str) -> Case:
        return with_(surfaces=(surface,), copy=(Copy("page.title.zh", text),))

    return case(bad), case(good)


TEAM = Team("tiers[0]", 3, 24, 990, refund_on_fail=True)
PRIZE = Prize("prizes[0]", "一等奖", 100_000, 3, 500, 30, TERMS)
PACKET = Packet("play.settings", 100, 20_000)
COMMISSION = Commission("rate", 1_000, 10)
PRICE = Price("p", 2_000, 2_000)


def team(*surfaces: str, **changes: Any) -> Case:
    one = msgspec.structs.replace(TEAM, **changes)
    return with_(surfaces=surfaces or ("wechat_h5",), teams=(one,))


def draw(**changes: Any) -> Case:
    return with_(lottery=Lottery(100, **{"prizes": (PRIZE,), **changes}))


def prize(**changes: Any) -> Case:
    return draw(prizes=(msgspec.structs.replace(PRIZE, **changes),))


def packet(**changes: Any) -> Case:
    return with_(packets=(msgspec.structs.replace(PACKET, **changes),))


def commission(*surfaces: str, **changes: Any) -> Case:
    one = msgspec.structs.replace(COMMISSION, **changes)
    return with_(surfaces=surfaces or ("own_web",), commissions=(one,))


def price(**changes: Any) -> Case:
    return with_(prices=(msgspec.structs.replace(PRICE, **changes),))


def reward(**changes: Any) -> Case:
    gift = Reward("five", "gift", 500, 30, TERMS, "offers[0]", "马克杯")
    return with_(rewards=(msgspec.structs.replace(gift, **changes),))


def cash(tax: str, value_minor: int = 1_500, kind: str = "cash") -> Case:
    one = Reward("five", kind, value_minor, 30, "", "offers[0]", tax=tax)  # type: ignore[arg-type]
    return with_(surfaces=("mini_program",), rewards=(one,))


def quiz(surface: str, *, is_quiz: bool) -> Case:
    return with_(surfaces=(surface,), is_quiz=is_quiz)


def form(kind: str, *surfaces: str) -> Case:
    return with_(surfaces=surfaces or ("douyin",), steps=(Step("form", kind),))  # type: ignore[arg-type]


PAIRS: dict[str, list[Pair]] = {
    "WX-01": gates("share_prompt", "wechat_h5", "mini_program", "official_account", "douyin"),
    "WX-02": [
        (trigger("registered"), trigger("registered", to="friend")),
        (trigger("ordered"), trigger("ordered", reward=None)),
        (trigger("visited", surfaces=("mini_program",)), trigger("visited", surfaces=("app",))),
        (trigger("registered", surfaces=("wecom",)), trigger("registered", surfaces=("in_store",))),
        (on(trigger("registered"), "somewhere_new"), on(trigger("registered"), "own_web")),
    ],
    "WX-03": [
        (trigger("assisted"), trigger("assisted", to="self", actor="self")),
        (on(trigger("assisted"), "mini_program"), on(trigger("assisted"), "in_store")),
        (trigger("assisted", people=5), trigger("assisted", people=5, reward=None)),
    ],
    "WX-04": [
        (trigger("collected"), trigger("collected", actor="self", to="self")),
        (on(trigger("collected"), "wecom"), on(trigger("collected"), "own_web")),
        (trigger("collected", people=9), trigger("collected", people=9, reward=None)),
    ],
    "WX-05": [
        *gates("share_prompt", "wechat_h5", "mini_program", target="check_in"),
        (trigger("checked_in"), trigger("checked_in", actor="self", to="self")),
    ],
    "WX-06": [
        (
            with_(surfaces=("wechat_h5",), lottery=Lottery(100, ("registered",))),
            with_(surfaces=("wechat_h5",), lottery=Lottery(100)),
        ),
        says("多分享，多机会！", "分享好心情，参与有机会"),
        says("邀请好友可提升中奖几率", "邀请好友一起来玩，中奖几率见规则"),
        says("Share for more chances to win", "Share it with friends who like tea"),
    ],
    "WX-07": [
        *gates("follow", "official_account", "wechat_h5", "mini_program"),
        *gates("join_group", "wecom"),
        (
            trigger("followed", "self", "self", surfaces=("official_account",)),
            trigger("registered", "self", "self", surfaces=("official_account",)),
        ),
    ],
    "WX-08": [
        says("不转不是中国人", "不做选择题，只做好咖啡"),
        says("不 轉 發 就 不 是 人", "转发前请先问问朋友"),
        says("为了孩子，看到必转！", "为了孩子，看到一本好书"),
        says("ｂｕ　ｚｈｕａｎ　ｂｕ　ｓｈｉ　中国人", "bu zhi bu jue 又一年"),
        says("Share or else bad luck will follow", "Share if you like it"),
    ],
    "WX-10": gates("download", "wechat_h5", "mini_program")
    + gates("leave_app", "official_account"),
    "WX-13": [
        says("￥AbCd1234￥", "￥25 一份"),
        says("复制这段话，打开淘宝即可领取", "复制粘贴不如亲自来尝尝", "wechat_h5"),
        says("复制口令后打开抖音", "打开窗户，喝杯咖啡", "wecom"),
    ],
    "WX-16": [
        (
            trigger("ordered", depth=2, surfaces=(one,)),
            trigger("ordered", depth=1, surfaces=(one,)),
        )
        for one in ("wechat_h5", "mini_program", "wecom")
    ],
    "DY-01": [
        (
            trigger("ordered", reward="cash", surfaces=("douyin",)),
            trigger("ordered", reward="five", surfaces=("douyin",)),
        ),
        (
            trigger("registered", reward="cash", surfaces=("douyin",)),
            trigger("registered", "self", "self", reward="cash", surfaces=("douyin",)),
        ),
        (
            trigger("submitted", reward="cash", surfaces=("douyin",)),
            trigger("submitted", reward="cash", surfaces=("own_web",)),
        ),
    ],
    "LAW-01": [
        (
            trigger("registered", depth=2, surfaces=("own_web",)),
            trigger("registered", depth=1, surfaces=("own_web",)),
        ),
        (
            trigger("joined", depth=3, surfaces=("app",)),
            trigger("joined", depth=3, reward=None, surfaces=("app",)),
        ),
        (
            trigger("registered", most_per_person=None, surfaces=("own_web",)),
            trigger("registered", most_per_person=10, surfaces=("own_web",)),
        ),
    ],
    "LAW-02": [
        (with_(join_fee_minor=1), with_(join_fee_minor=0)),
        (with_(join_fee_minor=9_900, surfaces=("app",)), with_(surfaces=("app",))),
        (
            with_(required_purchase=True, levels=0),
            with_(required_purchase=False, levels=0),
        ),
        (commission(needs_purchase=True), commission(needs_purchase=False)),
    ],
    "LAW-03": [
        (with_(levels=2), with_(levels=1)),
        (with_(levels=3), with_(levels=0)),
        (
            trigger("order_settled", depth=2, surfaces=("own_web",)),
            trigger("order_settled", depth=1, surfaces=("own_web",)),
        ),
        (commission(levels=2), commission(levels=1)),
        (commission(levels=3, approval="FW-2026-1"), commission(levels=1, approval="FW-2026-1")),
    ],
    "LAW-06": [
        (with_(lottery=Lottery(5_000_001)), with_(lottery=Lottery(5_000_000))),
        (with_(lottery=Lottery(80_000_00)), with_(lottery=None)),
        (with_(lottery=Lottery(10**9)), with_(lottery=Lottery(0))),
    ],
    "LAW-11": [
        (
            with_(rewards=(Reward("five", "coupon", 500, 30, "", "offers[0]"),)),
            with_(rewards=(Reward("five", "coupon", 500, 30, TERMS, "offers[0]"),)),
        ),
        (
            with_(rewards=(Reward("five", "points", 500, None, TERMS, "offers[0]"),)),
            with_(rewards=(Reward("five", "points", 500, 1, TERMS, "offers[0]"),)),
        ),
        (
            with_(rewards=(Reward("five", "coupon", 500, 30, " \n", "offers[0]"),)),
            with_(rewards=(Reward("five", "gift", 500, 30, " \n", "offers[0]"),)),
        ),
    ],
    "LAW-13": [
        (with_(prices=(Price("p", 100, now),)), with_(prices=(Price("p", now, now),)))
        for now in (99, 50, 1)
    ],
    "LAW-20": [
        says("国家级品质", "国家大剧院旁"),
        says("全网最低价", "全网可见"),
        says("最 佳 选择", "最佳食用时间 30 分钟内"),
        says("The best in town", "Best enjoyed hot"),
        says("销量第一", "第一次来的朋友"),
    ],
    "LAW-52": [
        says("本店保留最终解释权", "本店保留座位十五分钟"),
        says("活动解释权归本公司所有", "如需解释，请联系客服"),
        says("We keep the right of final interpretation", "Ask us for an interpretation"),
    ],
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
    ],
    "LAW-15": [
        (reward(name=""), reward()),
        (reward(name="  "), reward(name=None)),
        (reward(shown_value_minor=499), reward(shown_value_minor=500)),
        (reward(shown_value_minor=0), reward(shown_value_minor=900)),
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
    "LAW-18": [
        (
            price(teaser_minor=990, checkout_minor=1_990),
            price(teaser_minor=1_990, checkout_minor=1_990),
        ),
        (price(teaser_minor=0, checkout_minor=1), price(teaser_minor=None, checkout_minor=1)),
        (price(teaser_minor=5, checkout_minor=6), price(teaser_minor=7, checkout_minor=6)),
    ],
    "LAW-58": [
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
    "LAW-60": [
        (
            with_(copy=(Copy(path, "一段话", ai_generated=True),)),
            with_(copy=(Copy(path, "一段话", ai_generated=True, ai_labelled=True),)),
        )
        for path in ("name", "terms.zh", "page.title.zh")
    ],
    "HOUSE-01": [
        (
            with_(triggers=trigger("registered").triggers, order_value_minor=1_666),
            with_(triggers=trigger("registered").triggers, order_value_minor=1_667),
        ),
        (
            with_(triggers=trigger("ordered").triggers, order_value_minor=499),
            with_(triggers=trigger("ordered").triggers, order_value_minor=None),
        ),
        (
            with_(triggers=trigger("registered", people=1).triggers, order_value_minor=900),
            with_(triggers=trigger("registered", people=3).triggers, order_value_minor=900),
        ),
    ],
    "HOUSE-02": [
        (with_(host_name=""), CLEAN),
        (with_(host_contact="  ", levels=0), with_(levels=0)),
        (with_(host_contact="", surfaces=("app",)), with_(surfaces=("app",))),
    ],
}
