"""Levels that campaigns offer: each has to stand on the shop's ladder when it is announced."""

from collections.abc import Iterator

from banyan.campaigns import Definition
from banyan.kernel.work import Work
from banyan.levels.ladder import read_ladder
from banyan.plays import Problem, Words

__all__ = ["level_problems"]


def level_problems(work: Work, plan: Definition) -> Iterator[Problem]:
    """Yield the offers whose level the shop does not have (any more)."""
    offered = {nth: one.level_key for nth, one in enumerate(plan.offers) if one.kind == "level"}
    if not offered:
        return
    known = {level.key for level in read_ladder(work).levels}
    for nth, key in offered.items():
        if key not in known:
            words = Words(
                f"本店的会员等级里没有「{key}」，请先建好这个等级或另选一个",
                f"The shop's ladder has no level “{key}”: make it first, or choose another",
            )
            yield Problem(f"offers[{nth}].level_key", "unknown_level", words)
