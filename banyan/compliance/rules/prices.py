"""Rules of law about prices, gifts, coupons, and the rules that are shown."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case, Price
from banyan.compliance.questions import unanswered
from banyan.compliance.verdict import Change, Hit, Rule, Severity

__all__ = ["PRICE_RULES"]

READ_ON: Final = "2025-04-19"
PRICES: Final = "明码标价和禁止价格欺诈规定"


def _honest(price: Price, value: int, zh: str, en: str) -> Change:
    """Take a false claim out of the words it is made by, or put the true amount there."""
    if price.claimed_words:
        return _unsaid(price.claimed_at, price.claimed_words)
    return Change("set", zh=zh, en=en, path=price.path, value=value)


def _unsaid(path: str, words: str) -> Change:
    return Change("reword", zh=f"去掉「{words}」", en=f"Take out “{words}”", path=path, found=words)


def _reference(case: Case, _surface: str) -> Iterator[Hit]:
    for price in case.prices:
        lowest = price.lowest_in_7_days_minor
        if price.claimed_reference_minor > lowest:
            change = _honest(
                price,
                lowest,
                "以前七日最低成交价为比较价",
                "Compare with the lowest price of the last seven days",
            )
            yield Hit("block", price.claimed_at or price.path, (), change)


def _raised(case: Case, _surface: str) -> Iterator[Hit]:
    for price in case.prices:
        before = price.listed_before_minor
        if before is None:
            continue
        if price.claimed_reference_minor > before:
            change = _honest(
                price,
                before,
                "以活动前的标价为划线价",
                "Strike through the price listed before the campaign",
            )
            yield Hit("block", price.claimed_at or price.path, (), change)
        elif price.shown_minor is not None and price.shown_minor > before:
            # Put right in the shop, not here: the price beside the campaign's went up.
            yield Hit("block", price.path, ("price_raised", "discount"))


def _thirty_days(case: Case, _surface: str) -> Iterator[Hit]:
    for price in case.prices:
        lowest = price.lowest_in_30_days_minor
        if lowest is not None and price.claimed_reference_minor > lowest:
            change = _honest(
                price,
                lowest,
                "以前三十日最低价为比较价",
                "Compare with the lowest price of the last thirty days",
            )
            # China counts seven days (LAW-13); everywhere unknown is the strictest place.
            severity: Severity = "info" if case.jurisdiction == "CN" else "block"
            yield Hit(severity, price.claimed_at or price.path, (), change)


def _gifts(case: Case, _surface: str) -> Iterator[Hit]:
    for reward in case.rewards:
        if reward.kind != "gift":
            continue
        path = reward.path or reward.key
        if reward.name is not None and not reward.name.strip():
            change = Change(
                "set", zh="写明赠品的品名", en="Say what the gift is", path=f"{path}.name"
            )
            yield Hit("block", f"{path}.name", (), change)
        if reward.value_minor and (asked := unanswered(case, "gift_worth", "block", path)):
            yield asked
        now = reward.shown_value_minor
        if now is not None and reward.value_minor > now:
            change = Change(
                "set",
                zh="赠品价值以店内现价为准",
                en="A gift is worth what it sells for now",
                path=f"{path}.value_minor",
                value=now,
            )
            yield Hit("block", f"{path}.value_minor", (), change)


def _honoured(case: Case, _surface: str) -> Iterator[Hit]:
    for reward in case.rewards:
        if reward.kind in {"coupon", "points"} and reward.valid_days == 0:
            path = f"{reward.path or reward.key}.valid_days"
            change = Change(
                "set",
                zh="给出真正能用的有效期",
                en="Let it be valid for some days",
                path=path,
                value=30,
            )
            yield Hit("block", path, (), change)


def _same_rules(case: Case, _surface: str) -> Iterator[Hit]:
    if case.rules_shown != case.rules_executed:
        change = Change(
            "set",
            zh="公示由系统从实际规则生成的文字",
            en="Show the words made from the rules that are carried out",
            path="rules_shown",
        )
        yield Hit("block", "rules_shown", (), change)


def _teasers(case: Case, _surface: str) -> Iterator[Hit]:
    for price in case.prices:
        teaser, least = price.teaser_minor, price.checkout_minor
        if teaser is not None and least is not None and teaser < least:
            change = Change(
                "set",
                zh="宣传价改为结算时真正能付的最低价",
                en="Advertise the least that can really be paid",
                path=price.path,
                value=least,
            )
            if price.teaser_words:
                change = _unsaid(price.teaser_at, price.teaser_words)
            yield Hit("block", price.teaser_at or price.path, (), change)


PRICE_RULES: Final = (
    Rule(
        "LAW-13",
        "比较价高于前七日最低成交价",
        "The claimed earlier price was not a real one",
        f"{PRICES} 第十六条",
        "official_text",
        "value",
        "anywhere",
        _reference,
        READ_ON,
    ),
    Rule(
        "LAW-14",
        "先涨价后打折",
        "The price was raised before it was cut",
        f"{PRICES} 第十七条",
        "official_text",
        "value",
        "anywhere",
        _raised,
        READ_ON,
    ),
    Rule(
        "INT-06",
        "比较价高于前三十日最低价",
        "The claimed earlier price is above the lowest of the last thirty days",
        "欧盟 Omnibus 指令 98/6/EC 第 6a 条",
        "reprint",
        "value",
        "anywhere",
        _thirty_days,
    ),
    Rule(
        "LAW-15",
        "赠品没有标明品名或虚标价值",
        "A gift without a name, or above its present price",
        f"{PRICES} 第十八条；广告法 第八条",
        "official_text",
        "value",
        "anywhere",
        _gifts,
        READ_ON,
    ),
    Rule(
        "LAW-16",
        "券或积分无法按约使用",
        "A coupon or points that can never be used",
        f"{PRICES} 第十九条(七)",
        "official_text",
        "value",
        "anywhere",
        _honoured,
        READ_ON,
    ),
    Rule(
        "LAW-17",
        "公示规则与实际执行不一致",
        "The rules shown are not the rules carried out",
        f"{PRICES} 第二十条(二)",
        "official_text",
        "value",
        "anywhere",
        _same_rules,
        READ_ON,
    ),
    Rule(
        "LAW-18",
        "宣传价低于结算价",
        "A teaser below what is really paid",
        f"{PRICES} 第二十条(一)",
        "official_text",
        "value",
        "anywhere",
        _teasers,
        READ_ON,
    ),
)
