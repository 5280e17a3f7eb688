"""The rules, a file for each kind of source."""

from banyan.compliance.rules.house import HOUSE_RULES
from banyan.compliance.rules.law import LAW_RULES
from banyan.compliance.rules.platform import PLATFORM_RULES
from banyan.compliance.rules.words import WORD_RULES

__all__ = ["HOUSE_RULES", "LAW_RULES", "PLATFORM_RULES", "WORD_RULES"]
