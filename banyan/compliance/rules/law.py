"""Rules of law that look at structure and values."""

from collections.abc import Iterator
from typing import Final

import msgspec

from banyan.compliance.case import Case
from banyan.compliance.questions import unanswered
from banyan.compliance.rules.platform import chain_of
from banyan.compliance.verdict import Change, Hit, Rule, Severity

__all__ = ["LAW_RULES"]

READ_ON: Final = "2025-04-19"
"""The day of the copy of the statutes that the rules below were compared with."""

TOP_PRIZE_MINOR: Final = 5_000_000
SALES: Final = frozenset({"ordered", "order_settled"})
DEPTH_TWO: Final = 2


def _headcount(case: Case, _surface: str) -> Iterator[Hit]:
    for trigger in case.triggers:
        if trigger.reward is None or trigger.event in SALES or trigger.beneficiary != "inviter":
            continue
        if trigger.depth >= DEPTH_TWO:
            change = Change(
                "set",
                zh="只奖励直接邀请的一层，不按间接人数计酬",
                en="Reward only whom one brought oneself, never heads further down",
                path=f"{trigger.path}.depth",
                value=1,
            )
            yield Hit("block", trigger.path, chain_of(trigger), change)
        elif trigger.most_per_person is None:
            change = Change(
                "set",
                zh="为每位邀请人设一个得奖上限",
                en="Set a limit to what one inviter can earn",
                path=f"{trigger.path}.most_per_person",
                value=10,
            )
            yield Hit("review", trigger.path, chain_of(trigger), change)


def _entry(case: Case, _surface: str) -> Iterator[Hit]:
    if case.join_fee_minor > 0:
        yield Hit(
            "block",
            "join_fee_minor",
            change=Change(
                "set",
                zh="参加不收任何费用",
                en="Taking part costs nothing",
                path="join_fee_minor",
                value=0,
            ),
        )
    if case.required_purchase:
        yield Hit(
            "block",
            "required_purchase",
            change=Change(
                "remove",
                zh="不以购买作为推广资格的条件",
                en="No purchase is needed to promote",
                path="required_purchase",
            ),
        )
    for one in case.commissions:
        if asked := unanswered(case, "no_fee_elsewhere", "block", one.path):
            yield asked
        if one.needs_purchase:
            path = f"{one.path}.needs_purchase"
            change = Change(
                "remove",
                zh="不以购买作为推广资格的条件",
                en="No purchase is needed to promote",
                path=path,
            )
            yield Hit("block", path, (), change)


def _uplines(case: Case, _surface: str) -> Iterator[Hit]:
    def hit(levels: int, path: str, chain: tuple[str, ...]) -> Hit:
        severity: Severity = "review" if levels == DEPTH_TWO else "block"
        change = Change("set", zh="佣金只计一级", en="One level of commission", path=path, value=1)
        return Hit(severity, path, chain, change)

    if case.levels >= DEPTH_TWO:
        yield hit(case.levels, "levels", ())
    for trigger in case.triggers:
        if trigger.reward and trigger.event in SALES and trigger.depth >= DEPTH_TWO:
            yield hit(trigger.depth, f"{trigger.path}.depth", chain_of(trigger))
    for one in case.commissions:
        path = f"{one.path}.levels"
        if one.levels == DEPTH_TWO and not one.approval.strip():
            # A second level is looked at by a lawyer; without their approval there is none.
            yield msgspec.structs.replace(hit(one.levels, path, ()), severity="block")
        elif one.levels >= DEPTH_TWO:
            yield hit(one.levels, path, ())


def _top_prize(case: Case, _surface: str) -> Iterator[Hit]:
    if case.lottery is not None and case.lottery.top_prize_minor > TOP_PRIZE_MINOR:
        yield Hit(
            "block",
            f"{case.lottery.path}.top_prize_minor",
            change=Change(
                "set",
                zh="最高奖不超过五万元",
                en="No prize above 50,000 CNY",
                path=f"{case.lottery.path}.top_prize_minor",
                value=TOP_PRIZE_MINOR,
            ),
        )


def _terms_of_use(case: Case, _surface: str) -> Iterator[Hit]:
    for reward in case.rewards:
        if reward.kind not in {"coupon", "points"}:
            continue
        if not reward.terms.strip():
            yield Hit(
                "block",
                f"{reward.path or reward.key}.terms",
                change=Change(
                    "add_terms",
                    zh="写明使用范围、门槛和有效期",
                    en="Say where, from what amount and until when it can be used",
                    path=f"{reward.path or reward.key}.terms",
                ),
            )
        if reward.valid_days is None:
            yield Hit(
                "block",
                f"{reward.path or reward.key}.valid_days",
                change=Change(
                    "set",
                    zh="写明有效期",
                    en="Say until when it is valid",
                    path=f"{reward.path or reward.key}.valid_days",
                    value=30,
                ),
            )


def _ai_label(case: Case, _surface: str) -> Iterator[Hit]:
    for copy in case.copy:
        if copy.ai_generated and not copy.ai_labelled:
            yield Hit(
                "block",
                copy.path,
                change=Change(
                    "set", zh="标明由 AI 生成", en="Label it as made by AI", path=copy.path, value=1
                ),
            )


LAW_RULES: Final = (
    Rule(
        "LAW-01",
        "以直接或间接滚动发展的人数计酬",
        "Pay by recruited headcount on a rolling basis",
        "禁止传销条例 第七条(一)；刑法 第二百二十四条之一",
        "official_text",
        "graph",
        "anywhere",
        _headcount,
        READ_ON,
    ),
    Rule(
        "LAW-02",
        "缴费或购买取得加入资格",
        "A fee or a purchase to be allowed to promote",
        "禁止传销条例 第七条(二)",
        "official_text",
        "value",
        "anywhere",
        _entry,
        READ_ON,
    ),
    Rule(
        "LAW-03",
        "以下线业绩计上线报酬",
        "Uplines are paid on the sales of their downlines",
        "禁止传销条例 第七条(三)",
        "official_text",
        "graph",
        "anywhere",
        _uplines,
        READ_ON,
    ),
    Rule(
        "LAW-06",
        "抽奖式有奖销售最高奖超过五万元",
        "A lottery prize above 50,000 CNY",
        "反不正当竞争法 第十条(三)",
        "official_text",
        "value",
        "anywhere",
        _top_prize,
        READ_ON,
    ),
    Rule(
        "LAW-11",
        "券和积分须明示使用规则和期限",
        "Coupons and points need their terms and expiry",
        "规范促销行为暂行规定 第十四条",
        "reprint",
        "value",
        "anywhere",
        _terms_of_use,
    ),
    Rule(
        "LAW-60",
        "AI 生成内容未作标识",
        "Content made by AI carries no label",
        "人工智能生成合成内容标识办法（2025-09-01）",
        "reprint",
        "value",
        "anywhere",
        _ai_label,
    ),
)
