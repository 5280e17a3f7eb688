"""Rules about money paid out: red packets, commission, chains of people, tax."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case
from banyan.compliance.questions import unanswered
from banyan.compliance.rules.platform import chain_of
from banyan.compliance.verdict import Change, Hit, Rule, Severity

__all__ = ["MONEY_RULES"]

READ_ON: Final = "2025-04-19"

PACKET_LEAST_MINOR: Final = 100
PACKET_MOST_MINOR: Final = 20_000
CHAIN_LEVELS: Final = 3
CHAIN_PEOPLE: Final = 30
DIRECT_MOST_BPS: Final = 3_000
ONE_LEVEL: Final = 1


def _packets(case: Case, _surface: str) -> Iterator[Hit]:
    for packet in case.packets:
        for field, amount in (
            ("least_minor", packet.least_minor),
            ("most_minor", packet.most_minor),
        ):
            allowed = min(max(amount, PACKET_LEAST_MINOR), PACKET_MOST_MINOR)
            if amount != allowed:
                change = Change(
                    "set",
                    zh="单个红包在 1 元至 200 元之间",
                    en="A red packet is between 1 and 200 CNY",
                    path=f"{packet.path}.{field}" if packet.path else field,
                    value=allowed,
                )
                yield Hit("block", change.path or field, (), change)


def _chain(case: Case, _surface: str) -> Iterator[Hit]:
    if case.chain_levels >= CHAIN_LEVELS and case.chain_people >= CHAIN_PEOPLE:
        change = Change(
            "set",
            zh="立即停止计酬并核查关系链，只保留一级",
            en="Stop paying, look into the chain, keep one level",
            path="levels",
            value=ONE_LEVEL,
        )
        yield Hit("block", "chain_levels", (), change)


def _explicit(case: Case, _surface: str) -> Iterator[Hit]:
    for one in case.commissions:
        if not one.booked or one.rate_bps == 0:
            change = Change(
                "set",
                zh="写明佣金比例并逐笔入账",
                en="State the share of commission and book each one",
                path=f"{one.path}.rate_bps",
            )
            yield Hit("block", f"{one.path}.{'rate_bps' if one.booked else 'booked'}", (), change)


def _direct(case: Case, _surface: str) -> Iterator[Hit]:
    for one in case.commissions:
        if asked := unanswered(case, "no_direct_selling", "review", one.path):
            yield asked
        if one.rate_bps > DIRECT_MOST_BPS:
            change = Change(
                "set",
                zh="佣金合计不超过 30%",
                en="No more than 30 % of commission in all",
                path=f"{one.path}.rate_bps",
                value=DIRECT_MOST_BPS,
            )
            yield Hit("review", f"{one.path}.rate_bps", (), change)


def _tax(case: Case, _surface: str) -> Iterator[Hit]:
    money = {one.key: one for one in case.rewards if one.kind in {"cash", "commission"}}
    for trigger in case.triggers:
        reward = money.get(trigger.reward or "")
        if reward is None or reward.tax == "exempt":
            continue
        asked = unanswered(case, "tax_withheld", "review", trigger.path, chain_of(trigger))
        if asked is not None:
            yield asked
        else:
            severity: Severity = "info" if reward.tax else "review"
            yield Hit(severity, trigger.path, chain_of(trigger))


MONEY_RULES: Final = (
    Rule(
        "PAY-01",
        "红包单个金额超出 1 至 200 元",
        "A red packet below 1 or above 200 CNY",
        "微信支付 现金红包开发文档：金额限制",
        "reprint",
        "value",
        "anywhere",
        _packets,
    ),
    Rule(
        "LAW-04",
        "实际计酬链达到三级三十人",
        "A chain of three paid levels and thirty people",
        "最高法、最高检、公安部 关于办理组织领导传销活动刑事案件的意见（2013）",
        "reprint",
        "value",
        "anywhere",
        _chain,
    ),
    Rule(
        "LAW-05",
        "佣金没有明示或没有如实入账",
        "Commission is not stated or not booked",
        "反不正当竞争法 第七条",
        "official_text",
        "value",
        "anywhere",
        _explicit,
        READ_ON,
    ),
    Rule(
        "LAW-58",
        "直销报酬超过 30%",
        "Commission above 30 %",
        "直销管理条例 第二十四条",
        "official_text",
        "value",
        "anywhere",
        _direct,
        READ_ON,
    ),
    Rule(
        "LAW-59",
        "现金奖励和佣金的个人所得税",
        "Income tax on cash rewards and commission",
        "财政部 税务总局公告 2019 年第 74 号",
        "reprint",
        "value",
        "anywhere",
        _tax,
    ),
)
