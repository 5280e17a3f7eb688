"""Conditions that an offer's free words state, held against the settings that are executed.

A parser of the usual phrases, no more: what it finds must agree with the settings. Words that state
a condition no setting can keep (`unkept`) are for whoever writes templates; a merchant may have
staff who keep them.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from banyan.campaigns.definition import Coupon, Offer
from banyan.campaigns.offer_words import amount, folds
from banyan.plays import Words

__all__ = ["Contradiction", "contradictions", "unkept"]


class Contradiction(NamedTuple):
    """What words say and the settings do not do. `part` names the language of the words."""

    part: str
    code: str
    message: Words


_NUMBER: Final = r"(\d[\d,]*(?:\.\d+)?)"
_THRESHOLD: Final = {
    "zh": re.compile(rf"满\s*{_NUMBER}\s*(?:元|减|可用|立减)"),
    "en": re.compile(
        rf"(?:\b[Ff]rom|\b[Oo]ver|\b[Ss]pend|\borders? of)\s+(?:¥|CNY\s*)?{_NUMBER}\b(?!\s*(?:month|%))"
    ),
}
_NO_THRESHOLD: Final = {
    "zh": re.compile(r"无(?:使用)?门槛"),
    "en": re.compile(r"\bfrom any amount|\bno minimum", re.IGNORECASE),
}
_SHARE: Final = {
    "zh": re.compile(r"(?<![\d.])(\d(?:\.\d)?|[1-9]\d)\s*折|([一二三四五六七八九])折|(半价)"),
    "en": re.compile(r"(\d{1,2})\s*%\s*off|()()\b[Hh]alf[- ]price", re.ASCII),
}
_ALONE: Final = {
    "zh": re.compile(
        r"不(?:可|能)?(?:与|和).{0,8}(?:同享|同用|叠加)|不可叠加|每?[一单桌次户笔门][^，；。]{0,3}?[限只]?用?一张"
    ),
    "en": re.compile(
        r"\bnot (?:together )?with (?:any )?other"
        r"|\bone (?:per|a|an|for each|each) (?:order|table|time|household|visit)",
        re.IGNORECASE,
    ),
}
_TOGETHER: Final = {
    "zh": re.compile(r"(?<!不)可(?:与其他[^，；。]{0,8})?(?:叠加|同用|同享)"),
    "en": re.compile(
        r"\bstacks\b|\btogether with others\b|(?<!not )\bwith other coupons\b", re.IGNORECASE
    ),
}
_EACH: Final = {
    "zh": re.compile(
        r"每人(?:最多|限|仅限|可)?(?:得|领|用|领取)?\s*(\d+|[一二两三四五])\s*[张份次提]"
    ),
    "en": re.compile(
        r"\b(once|one|two|\d+) (?:a|per|for each|for one) person\b|\bone each\b", re.IGNORECASE
    ),
}
_DAYS: Final = {
    "zh": re.compile(r"(\d+|[一二两三四五六七八九十])\s*天内有效|(?<![\d.])有效期\s*(\d+)\s*天"),
    "en": re.compile(r"\b(?:valid for|within) (\d+|seven|three|ten) days\b", re.IGNORECASE),
}
_WORTH: Final = {
    "zh": re.compile(rf"价值\s*{_NUMBER}\s*元"),
    "en": re.compile(rf"\b[Ww]orth\s+(?:¥|CNY\s*)?{_NUMBER}"),
}
_COUNT: Final = {
    "zh": re.compile(r"共\s*(\d+)\s*份"),
    "en": re.compile(r"\b(\d+) in all\b"),
}
_UNKEPT: Final = {
    "zh": re.compile(
        r"[限仅][^，；。]*|除外|不含|不适用|首单|首次|新客专享|节假日|当月|当日|工作日|平日|周末|逾期"
    ),
    "en": re.compile(
        r"\bonly\b|\bexcluded\b|\bnot on\b|\bfirst (?:order|visit)|\bholiday|\beat in\b|\bin the month\b",
        re.IGNORECASE,
    ),
}
_WORDS: Final = {
    **dict(zip("一二三四五六七八九十", range(1, 11), strict=True)),
    "两": 2,
    "once": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "seven": 7,
    "ten": 10,
}


def contradictions(offer: Offer) -> Iterator[Contradiction]:
    """Tell every condition in an offer's name and terms that its settings do not keep."""
    for part in ("zh", "en"):
        name, terms = (str(getattr(text, part)) for text in (offer.name, offer.terms))
        text = f"{name}；{terms}"
        if offer.kind == "coupon":
            yield from _of_coupon(offer, part, text)
        yield from _of_any(offer, part, text)


def unkept(offer: Offer) -> list[str]:
    """Return the conditions in a coupon's terms that no setting of it can keep or does keep."""
    coupon = offer.coupon or Coupon()
    if coupon.product_ids or coupon.category_ids:
        return []
    found: list[str] = []
    for part, pattern in _UNKEPT.items():
        # How many for one person, and one in an order, are settings, and are held against them.
        text = _EACH[part].sub("", _ALONE[part].sub("", str(getattr(offer.terms, part))))
        found += [match.group(0) for match in pattern.finditer(text)]
    return found


def _of_coupon(offer: Offer, part: str, text: str) -> Iterator[Contradiction]:
    coupon = offer.coupon or Coupon()
    for match in _THRESHOLD[part].finditer(text):
        if _minor(match.group(1)) != coupon.from_minor:
            least = amount(coupon.from_minor)
            yield _contradiction(
                part,
                "threshold_differs",
                f"文字说「{match.group(0)}」，设置的门槛是 {least} 元",
                f"The words say “{match.group(0)}”, the setting is from {least}",
            )
    if coupon.from_minor and _NO_THRESHOLD[part].search(text):
        yield _contradiction(
            part,
            "threshold_differs",
            f"文字说无门槛，设置的门槛是 {amount(coupon.from_minor)} 元",
            f"The words say from any amount, the setting is from {amount(coupon.from_minor)}",
        )
    for match in _SHARE[part].finditer(text):
        if _off_bps(part, match) != coupon.off_bps:
            set_to = f"{folds(coupon.off_bps)} 折" if coupon.off_bps else "减固定金额"
            yield _contradiction(
                part,
                "share_differs",
                f"文字说「{match.group(0)}」，设置是{set_to}",
                f"The words say “{match.group(0)}”, the setting differs",
            )
    if coupon.stacks and _ALONE[part].search(text):
        yield _contradiction(
            part,
            "stacking_differs",
            "文字说不可同用，设置是可叠加",
            "The words say not with others, the setting lets it stack",
        )
    if not coupon.stacks and _TOGETHER[part].search(_ALONE[part].sub("", text)):
        yield _contradiction(
            part,
            "stacking_differs",
            "文字说可叠加，设置是一单一张",
            "The words let it stack, the setting is one in an order",
        )


def _of_any(offer: Offer, part: str, text: str) -> Iterator[Contradiction]:
    told = (
        (
            _EACH,
            offer.per_person,
            1,
            "per_person_differs",
            ("每人上限", "the limit for one person"),
        ),
        (_DAYS, offer.valid_days, 1, "days_differ", ("有效天数", "the days it is valid")),
        (_COUNT, offer.quantity, 1, "quantity_differs", ("数量", "the quantity")),
        (_WORTH, offer.value_minor, 100, "worth_differs", ("价值", "the worth")),
    )
    for patterns, set_to, scale, code, (zh, en) in told:
        if offer.kind == "cash" and patterns is _DAYS:
            continue
        for match in patterns[part].finditer(text):
            number = next((group for group in match.groups() if group), "one")
            if _count(number) * scale != set_to:
                yield _contradiction(
                    part,
                    code,
                    f"文字说「{match.group(0)}」，与设置的{zh}不一致",
                    f"The words say “{match.group(0)}”, which is not {en} that is set",
                )


def _contradiction(part: str, code: str, zh: str, en: str) -> Contradiction:
    return Contradiction(part, code, Words(zh, en))


def _minor(number: str) -> Fraction:
    return Fraction(number.replace(",", "")) * 100


def _count(number: str) -> Fraction:
    word = _WORDS.get(number.lower())
    return Fraction(number.replace(",", "")) if word is None else Fraction(word)


def _off_bps(part: str, match: re.Match[str]) -> Fraction:
    number, word, half = match.groups()
    if part == "en":
        return Fraction(number) * 100 if number else Fraction(5000)
    if half:
        return Fraction(5000)
    left = Fraction(number) if number else Fraction(_WORDS[word])
    # 85 折 is 8.5 tenths.
    return 10_000 - (left if left < 10 else left / 10) * 1000  # noqa: PLR2004
