"""Questions: what no machine can know, asked of the merchant once and kept with who and when.

A rule that hangs on such a thing is not passed in silence: unanswered, it is a finding.
"""

from typing import Final, NamedTuple

from banyan.compliance.case import Case
from banyan.compliance.verdict import Change, Hit, Severity

__all__ = ["QUESTIONS", "Question", "unanswered"]


class Question(NamedTuple):
    """What the merchant confirms, in their own person, and the rule that asks."""

    rule: str
    zh: str
    en: str


QUESTIONS: Final[dict[str, Question]] = {
    "no_insiders": Question(
        "LAW-09",
        "确认：不内定中奖者，本单位员工及奖品提供方不参加抽奖",
        "Confirm: no winner is fixed beforehand, and neither staff nor who gives the prizes draws",
    ),
    "gift_worth": Question(
        "LAW-15",
        "确认：赠品和实物奖品的价值按它们现在的市场价填写",
        "Confirm: gifts and prizes are worth what they sell for now",
    ),
    "no_fee_elsewhere": Question(
        "LAW-02",
        "确认：在任何地方都不向推广者收费，也不要求其购买",
        "Confirm: who promotes pays nothing and has to buy nothing, here or elsewhere",
    ),
    "no_direct_selling": Question(
        "LAW-58",
        "确认：本单位不是直销企业，或佣金只按本人直接销售计算",
        "Confirm: this is no licensed direct selling, or pay is for own direct sales only",
    ),
    "tax_withheld": Question(
        "LAW-59",
        "确认：现金奖励和佣金的个人所得税由本单位依法代扣代缴",
        "Confirm: we withhold and pay the income tax on cash rewards and commission",
    ),
    "own_account": Question(
        "PAY-05",
        "确认：收款和付款都用本单位自己的商户号和账户，不代别人收付",
        "Confirm: money comes and goes by our own merchant account, never for somebody else",
    ),
}
"""By key. A key is never used again for another question: answers are kept with campaigns."""


def unanswered(
    case: Case, key: str, severity: Severity, path: str, chain: tuple[str, ...] = ()
) -> Hit | None:
    """Return the finding of a question nobody has answered for; None when somebody has."""
    if key in case.answers:
        return None
    asked = QUESTIONS[key]
    return Hit(severity, path, chain, Change("attest", zh=asked.zh, en=asked.en, found=key))
