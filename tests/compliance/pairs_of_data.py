"""Pairs for the rules that speak of payouts, paths, and of what a platform tells of people."""

from typing import Any

import msgspec

from banyan.compliance import Case, DataUse, Payout, Step
from tests.compliance.cases import Pair, asked, cash, commission, packet, path, says, with_

PAYOUT = Payout("payout_terms", 10, 20_000, 1_000_000, ("sandbox", "manual"))
TRANSFER = Payout("payout_terms", 10, 20_000, 1_000_000, ("wechat_transfer",), "1000")
PHONE = DataUse("phone", "phone", "platform", "login", "login", "login")


def payout(plain: Payout = PAYOUT, **changes: Any) -> Case:
    return with_(payouts=(msgspec.structs.replace(plain, **changes),))


def uses(*surfaces: str, **changes: Any) -> Case:
    one = msgspec.structs.replace(PHONE, **changes)
    steps = (Step("view", "view"), Step("login", "login"), Step("start", "start"))
    return with_(surfaces=surfaces or ("douyin",), steps=steps, data_uses=(one,))


PAIRS_OF_DATA: dict[str, list[Pair]] = {
    "PAY-02": [
        (payout(person_day_count=11), payout(person_day_count=10)),
        (payout(person_day_count=0), payout(person_day_count=1)),
        (payout(person_day_minor=200_001), payout(person_day_minor=200_000)),
        (payout(person_day_minor=200_001), payout(person_day_minor=200_001, scene="1000")),
        (payout(TRANSFER, person_day_count=500), payout(TRANSFER, person_day_count=5)),
    ],
    "PAY-04": [
        (payout(TRANSFER, scene=""), payout(TRANSFER, scene="1005")),
        (payout(TRANSFER, scene=" "), payout(TRANSFER, scene="", methods=("manual",))),
        (
            payout(TRANSFER, person_day_minor=2_000_001),
            payout(TRANSFER, person_day_minor=2_000_000),
        ),
        (payout(TRANSFER, day_minor=10_000_001), payout(TRANSFER, day_minor=10_000_000)),
        (
            payout(TRANSFER, day_minor=10_000_001),
            payout(TRANSFER, day_minor=10_000_001, day_quota_minor=20_000_000),
        ),
        (
            payout(TRANSFER, day_minor=10_000_001),
            payout(TRANSFER, day_minor=10_000_001, methods=("manual",)),
        ),
    ],
    "PAY-05": [
        (payout(own_account=False), payout()),
        (payout(TRANSFER, own_account=False), payout(TRANSFER)),
        asked(cash("occasional"), "own_account"),
        asked(commission(), "own_account"),
        asked(packet(), "own_account"),
        (
            msgspec.structs.replace(cash("exempt", 1), answers=()),
            msgspec.structs.replace(cash("exempt", 1), answers=("own_account",)),
        ),
    ],
    "DY-05": [
        (uses(needed_by=""), uses(needed_by="login")),
        (uses(asked_at="view"), uses(asked_at="login")),
        (uses(refusable=False), uses(refusable=True)),
        (uses(needed_by="draw"), uses("app", needed_by="draw")),
        (uses("own_web", "douyin", refusable=False), uses("own_web", "app", refusable=False)),
        (uses(data="location", asked_at=""), uses(data="location", asked_at="", source="person")),
        says("请先授权手机号后参加", "请用手机号登录后参加", "douyin"),
        says("必须开启定位才能领取", "到店出示定位附近的门店", "douyin"),
        says("需要允许读取相册方可抽奖", "抽奖结果可以存进相册", "douyin"),
    ],
    "DY-06": [
        (uses(use="marketing"), uses(use="login")),
        (uses(use="marketing"), uses(use="marketing", source="person")),
        (uses(data="behaviour", use="eligibility"), uses(data="behaviour", use="play")),
        (uses(use="eligibility"), uses("app", use="eligibility")),
        (
            uses(data="profile", use="eligibility"),
            uses(data="profile", use="eligibility", source="own"),
        ),
        says("仅限抖音粉丝参加", "抖音粉丝也欢迎", "douyin"),
        says("留下手机号，手机号将用于推送优惠", "手机号将用于登录", "douyin"),
        says("抖音等级5级以上", "抖音上看过我们的朋友", "douyin"),
    ],
    "DY-07": [
        (uses(deleted_on_stop=False), uses(deleted_on_stop=True)),
        (uses(deleted_on_stop=False), uses(deleted_on_stop=False, source="person")),
        (uses("own_web", "douyin", deleted_on_stop=False), uses("own_web", "douyin")),
        (
            uses("douyin", data="profile", deleted_on_stop=False),
            uses("app", data="profile", deleted_on_stop=False),
        ),
        (uses(use="play", deleted_on_stop=False), uses(use="play", deleted_on_stop=True)),
    ],
    "LAW-41": [
        (path({"tea": ((6000,),)}, {"tea": ((5000,),)}), path({"tea": ((5000,),)}, {})),
        # One cent, and none.
        (
            path({"tea": ((5001,),)}, {"tea": ((5000,),)}),
            path({"tea": ((5000,),)}, {"tea": ((5000,),)}),
        ),
        # The same prices by the number of friends, and one step that only some get to.
        (
            path({"tea": ((5000,), (4000,))}, {"tea": ((5000,),)}),
            path({"tea": ((5000,), (4000,))}, {"tea": ((4000,), (5000,))}),
        ),
        # Another good may cost what it likes; the third branch counts as the first two do.
        (
            path({"tea": ((5000,),)}, {"cup": ((100,),)}, {"tea": ((4999,),)}),
            path({"tea": ((5000,),)}, {"cup": ((100,),)}, {"tea": ((5000,),)}),
        ),
        # A coupon for the product by another share, and by the same.
        (
            path({"coupon:tea": ((500, 0, 0),)}, {"coupon:tea": ((500, 0, 3000),)}),
            path({"coupon:tea": ((500, 0, 0),)}, {"coupon:tea": ((500, 0, 0),)}),
        ),
    ],
}
