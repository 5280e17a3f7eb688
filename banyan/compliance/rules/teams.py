"""Rules of WeChat about teams, recruiting, rebates and quizzes."""

import re
from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case
from banyan.compliance.lexicon import found_in
from banyan.compliance.rules.platform import chain_of
from banyan.compliance.surfaces import IN_WECHAT, Grave, move_out, severity_on
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["TEAM_RULES"]

FORBIDDEN: Final[Grave] = dict.fromkeys(IN_WECHAT, "block")
LOOKED_AT: Final[Grave] = dict.fromkeys(IN_WECHAT, "review")

HALF_BPS: Final = 5_000
WHOLE_BPS: Final = 10_000
DEPTH_TWO: Final = 2
MONEY: Final = frozenset({"cash", "commission"})

# Undisguised text: no spaces, no signs, simplified.
FORTUNE: Final = re.compile(
    r"(性格|运势|前世|姻缘|财运|智商|人格|心理|星座|左右脑)(测试|测算|占卜|大揭秘)"
    r"|测测?(你|您|他|她)?\w{0,4}(前世|运势|性格|姻缘|智商|命)|抽签|求签|解签|算命|占卜"
    r"|(personality|fortune|horoscope|iq)(test|quiz|teller|reading)"
)


def _teams(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(FORBIDDEN, surface)
    for team in case.teams if severity != "pass" else ():
        if team.by_chance:
            change = Change(
                "remove",
                zh="成团即得，价格相同，不抽取中奖者",
                en="Everybody in a full team gets it at the same price; nobody is drawn",
                path=f"{team.path}.by_chance",
            )
            yield Hit(severity, team.path, ("team", "chance"), change)
        unclear = [
            name
            for name, value in (
                ("size", team.size),
                ("hours", team.hours),
                ("price_minor", team.price_minor),
                ("refund_on_fail", team.refund_on_fail or None),
            )
            if not value
        ]
        for name in unclear:
            change = Change(
                "set",
                zh="写明成团人数、时限、价格，以及未成团自动全额退款",
                en="State the team's size, time, price, and the full refund when it fails",
                path=f"{team.path}.{name}",
            )
            yield Hit(severity, f"{team.path}.{name}", (), change)


def _recruiting(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(FORBIDDEN, surface)
    if severity == "pass":
        return
    way = move_out(case, FORBIDDEN, surface)
    if case.join_fee_minor > 0:
        yield Hit(severity, "join_fee_minor", (), way)
    if case.required_purchase:
        yield Hit(severity, "required_purchase", (), way)
    for one in case.commissions:
        if one.needs_purchase:
            yield Hit(severity, f"{one.path}.needs_purchase", (), way)
    for trigger in case.triggers:
        if trigger.reward and trigger.beneficiary == "inviter" and trigger.depth >= DEPTH_TWO:
            yield Hit(severity, trigger.path, chain_of(trigger), way)


def _rebates(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(LOOKED_AT, surface)
    if severity == "pass":
        return
    for one in case.commissions:
        if one.rate_bps >= HALF_BPS:
            change = Change(
                "set",
                zh="把返佣降到订单金额的 30% 以内",
                en="Bring the commission down to 30 % of the order",
                path=f"{one.path}.rate_bps",
                value=3_000,
            )
            yield Hit(severity, f"{one.path}.rate_bps", (), change)
    order = case.order_value_minor
    money = {reward.key: reward for reward in case.rewards if reward.kind in MONEY}
    for trigger in case.triggers if order else ():
        reward = money.get(trigger.reward or "")
        if reward is None or order is None:
            continue
        if reward.value_minor * WHOLE_BPS >= HALF_BPS * order * trigger.people:
            change = Change(
                "set",
                zh="把返现降到订单金额的一半以下",
                en="Bring the cash back below half of an order",
                path=f"{reward.path}.value_minor",
                value=order * trigger.people * 3_000 // WHOLE_BPS,
            )
            yield Hit(severity, trigger.path, chain_of(trigger), change)


def _quizzes(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(LOOKED_AT, surface)
    if severity == "pass":
        return
    way = move_out(case, LOOKED_AT, surface)
    if case.is_quiz:
        yield Hit(severity, "play", ("quiz", "share_prompt"), way)
    for copy in case.copy:
        for found in found_in(copy.text, FORTUNE, None):
            change = Change(
                "reword",
                zh=f"去掉「{found}」",
                en=f"Take out “{found}”",
                path=copy.path,
                found=found,
            )
            yield Hit(severity, copy.path, (), change, found)


TEAM_RULES: Final = (
    Rule(
        "WX-09",
        "带抽奖性质或规则不清的拼团",
        "A team purchase that hangs on chance or is unclear",
        "微信外部链接内容管理规范（2019）第四项",
        "reprint",
        "graph",
        "surface",
        _teams,
    ),
    Rule(
        "WX-17",
        "滚动发展人员或缴费入伙",
        "Rolling recruitment, or paying to take part",
        "公众平台公告 2016-09-12",
        "reprint",
        "graph",
        "surface",
        _recruiting,
    ),
    Rule(
        "WX-18",
        "高额返利返现",
        "Rebates of half an order or more",
        "微信公众平台公告 2016-07-05",
        "reprint",
        "value",
        "surface",
        _rebates,
    ),
    Rule(
        "WX-20",
        "测试、抽签类 H5",
        "Quizzes and fortune telling that spread",
        "微信外部链接内容管理规范（2016 版）",
        "reprint",
        "graph",
        "surface",
        _quizzes,
    ),
)
