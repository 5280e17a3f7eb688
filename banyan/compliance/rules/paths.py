"""Rules of law about paths: who somebody is decides where they go, never what they pay."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Branch, Case, SoldGood
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["PATH_RULES"]


def _one_price(case: Case, _surface: str) -> Iterator[Hit]:
    sold: dict[str, list[tuple[Branch, SoldGood]]] = {}
    for branch in case.branches:
        for good in branch.goods:
            sold.setdefault(good.key, []).append((branch, good))
    for key, sales in sorted(sold.items()):
        if len({frozenset(good.terms) for _, good in sales}) == 1:
            continue
        change = Change(
            "set",
            zh="让这些活动价格一致，或只留一个卖它",
            en="Let these campaigns ask the same, or let only one sell it",
            path=key,
        )
        names = " / ".join(branch.name for branch, _ in sales)
        chain = tuple(branch.path for branch, _ in sales)
        yield Hit("block", key, chain, change, f"「{sales[0][1].name}」（{names}）")


PATH_RULES: Final = (
    Rule(
        "LAW-41",
        "同一条分群路径里，同一件商品按人定了不同的价",
        "On one path the same good is priced by who somebody is",
        "个人信息保护法 第二十四条；消费者权益保护法实施条例 第九条",
        "reprint",
        "value",
        "anywhere",
        _one_price,
    ),
)
