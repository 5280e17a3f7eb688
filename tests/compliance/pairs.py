"""For every rule, pairs of cases that differ in one field: the first breaks it, the second does not."""

from banyan.compliance import Copy, Lottery, Price, Reward
from tests.compliance.cases import (
    CLEAN,
    TERMS,
    Pair,
    asked,
    commission,
    gates,
    on,
    says,
    trigger,
    with_,
)
from tests.compliance.pairs_of_data import PAIRS_OF_DATA
from tests.compliance.pairs_of_plays import PAIRS_OF_PLAYS

__all__ = ["CLEAN", "PAIRS", "Pair", "says", "trigger", "with_"]

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
        asked(commission(), "no_fee_elsewhere"),
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
    **PAIRS_OF_PLAYS,
    **PAIRS_OF_DATA,
}
