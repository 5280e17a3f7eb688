"""The rules, a file for each kind of source."""

from banyan.compliance.rules.chance import CHANCE_RULES
from banyan.compliance.rules.douyin import DOUYIN_RULES
from banyan.compliance.rules.douyin_data import DOUYIN_DATA_RULES
from banyan.compliance.rules.house import HOUSE_RULES
from banyan.compliance.rules.law import LAW_RULES
from banyan.compliance.rules.money import MONEY_RULES
from banyan.compliance.rules.paths import PATH_RULES
from banyan.compliance.rules.payouts import PAYOUT_RULES
from banyan.compliance.rules.platform import PLATFORM_RULES
from banyan.compliance.rules.prices import PRICE_RULES
from banyan.compliance.rules.teams import TEAM_RULES
from banyan.compliance.rules.words import WORD_RULES
from banyan.compliance.verdict import Rule

__all__ = ["ALL_RULES", "PATH_RULES"]

ALL_RULES: tuple[Rule, ...] = (
    *PLATFORM_RULES,
    *TEAM_RULES,
    *DOUYIN_RULES,
    *DOUYIN_DATA_RULES,
    *LAW_RULES,
    *CHANCE_RULES,
    *MONEY_RULES,
    *PAYOUT_RULES,
    *PRICE_RULES,
    *PATH_RULES,
    *WORD_RULES,
    *HOUSE_RULES,
)
