"""Judging a pathway: the same good at the same price, whoever somebody is. Pure."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from banyan.campaigns import Branch
from banyan.compliance import Finding

RULE: Final = "LAW-41"
CLAUSE: Final = "个人信息保护法 24；消费者权益保护法实施条例 9"


def findings(branches: Sequence[Branch]) -> list[Finding]:
    """Return every good that two of the campaigns sell on different terms: each is a block."""
    found: list[Finding] = []
    for first, second in combinations(branches, 2):
        for good in sorted(first.terms.keys() & second.terms.keys()):
            if first.terms[good] == second.terms[good]:
                continue
            name = first.goods[good]
            found.append(
                Finding(
                    rule_id=RULE,
                    severity="block",
                    surface="any",
                    clause=CLAUSE,
                    path=good,
                    message_zh=f"「{name}」在「{first.name}」和「{second.name}」里价格不同："
                    "不能按人给同一件商品定不同的价。让两个活动价格一致，或只留一个卖它。",
                    message_en=f"“{name}” has different prices in “{first.name}” and "
                    f"“{second.name}”: the same good must not be priced by who somebody is. "
                    "Let both ask the same, or let only one sell it.",
                    found=name,
                )
            )
    return found
