"""Rules about paying people: how often and how much in a day, by what, and out of whose account.

That a payout is repeated under its own number and never under another (PAY-03) is held by the code:
the number is made of the payout's id.
"""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case, Payout
from banyan.compliance.questions import unanswered
from banyan.compliance.rules.platform import chain_of
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["PAYOUT_RULES"]

PERSON_DAY_COUNT: Final = 10
PERSON_DAY_MINOR: Final = 200_000
"""2,000 CNY: the most a person gets in a day without a registered scene."""
TRANSFER_DAY_MINOR: Final = 2_000_000
"""20,000 CNY: the most a person gets in a day at all."""
TRANSFER: Final = "wechat_transfer"
MONEY: Final = frozenset({"cash", "commission"})


def _a_day(case: Case, _surface: str) -> Iterator[Hit]:
    for one in case.payouts:
        count = min(max(one.person_day_count, 1), PERSON_DAY_COUNT)
        if one.person_day_count != count:
            yield _terms(
                one,
                "person_day_count",
                "per_person_day_count",
                count,
                zh=f"每人每天提现 1 至 {PERSON_DAY_COUNT} 笔",
                en=f"1 to {PERSON_DAY_COUNT} payouts to a person a day",
            )
        if not one.scene and one.person_day_minor > PERSON_DAY_MINOR:
            yield _terms(
                one,
                "person_day_minor",
                "per_person_day_minor",
                PERSON_DAY_MINOR,
                zh="未报备场景时，每人每天不超过 2,000 元",
                en="Without a registered scene, at most 2,000 CNY to a person a day",
            )


def _transfers(case: Case, _surface: str) -> Iterator[Hit]:
    for one in case.payouts:
        if one.scene and one.person_day_minor > TRANSFER_DAY_MINOR:
            yield _terms(
                one,
                "person_day_minor",
                "per_person_day_minor",
                TRANSFER_DAY_MINOR,
                zh="每人每天不超过 20,000 元",
                en="At most 20,000 CNY to a person a day",
            )
        if TRANSFER not in one.methods:
            continue
        if not one.scene.strip():
            yield _terms(
                one,
                "scene",
                "methods",
                tuple(way for way in one.methods if way != TRANSFER) or ("manual",),
                zh="报备转账场景之前改用其他方式打款",
                en="Pay by other means until the scene of the transfers is registered",
            )
        if one.day_minor > one.day_quota_minor:
            yield _terms(
                one,
                "day_minor",
                "per_day_minor",
                one.day_quota_minor,
                zh="全部提现每天不超过商户号的单日额度",
                en="All payouts of a day stay within the quota of the merchant account",
            )


def _terms(
    one: Payout, at: str, field: str, value: int | tuple[str, ...], *, zh: str, en: str
) -> Hit:
    change = Change("payout_terms", zh=zh, en=en, path=f"payout_terms.{field}", value=value)
    return Hit("block", f"{one.path}.{at}", (), change)


def _own_money(case: Case, _surface: str) -> Iterator[Hit]:
    for one in case.payouts:
        if not one.own_account:
            change = Change(
                "payout_terms",
                zh="改用本单位自己的账户人工打款",
                en="Pay by hand from an account of one's own",
                path="payout_terms.methods",
                value=("manual",),
            )
            yield Hit("review", f"{one.path}.own_account", ("pool", "payout"), change)
    for path, chain in _ways_out(case):
        if asked := unanswered(case, "own_account", "review", path, chain):
            yield asked
            return


def _ways_out(case: Case) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield by what money leaves for people, with the way that leads to it."""
    money = {one.key for one in case.rewards if one.kind in MONEY}
    for trigger in case.triggers:
        if trigger.reward in money:
            yield trigger.path, chain_of(trigger)
    for one in (*case.commissions, *case.packets):
        yield one.path, ()


PAYOUT_RULES: Final = (
    Rule(
        "PAY-02",
        "单用户单日提现个数或金额超限",
        "More payouts, or more money, to one person in a day than is allowed",
        "微信支付 现金红包开发文档：单用户单日个数与金额",
        "reprint",
        "value",
        "anywhere",
        _a_day,
    ),
    Rule(
        "PAY-04",
        "商家转账未报备场景，或超出单日限额",
        "Transfers without a registered scene, or above the limits of a day",
        "微信支付 商家转账产品文档：场景报备与转账限额",
        "reprint",
        "value",
        "anywhere",
        _transfers,
    ),
    Rule(
        "PAY-05",
        "资金池或二次清算",
        "A pool of funds, or settling for others",
        "非银行支付机构监督管理条例：不得变相从事支付清算",
        "reprint",
        "value",
        "anywhere",
        _own_money,
    ),
)
