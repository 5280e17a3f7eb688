"""Segments: which kind of visitor somebody is, by what they did here and nothing else."""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from banyan import levels, outreach, store
from banyan.campaigns import Twin
from banyan.kernel.work import Work

Segment = Literal["seed", "level", "bought", "everybody"]


class Who(NamedTuple):
    """What is known of a visitor; of one who is not signed in, nothing."""

    is_seed: bool = False
    has_bought: bool = False
    level_rank: int = -1


def who_is(
    work: Work, person_id: UUID | None, asked: Collection[str], ladder: Sequence[str]
) -> Who:
    """Return what is known of somebody, as far as `asked`; None: nobody is signed in."""
    if person_id is None:
        return Who()
    level = levels.membership(work, person_id).level if "level" in asked else None
    return Who(
        is_seed="seed" in asked and person_id in outreach.picked_seeds(work),
        has_bought="bought" in asked and person_id in store.who_paid(work, [person_id]),
        level_rank=ladder.index(level.key) if level else -1,
    )


def fits(who: Who, segment: str, level_key: str | None, ladder: Sequence[str]) -> bool:
    """Whether somebody is of this kind. A level that is no more is nobody's."""
    if segment == "seed":
        return who.is_seed
    if segment == "bought":
        return who.has_bought
    if segment == "level":
        return level_key in ladder and who.level_rank >= ladder.index(level_key)
    return True


def said(segment: str, level_name: Twin | None) -> Twin:
    """Say whom a branch is for, as it stands on the page."""
    if segment == "seed":
        return Twin("商家邀请的种子用户", "Seed users the merchant picked")
    if segment == "bought":
        return Twin("在本店付过款的顾客", "Who has paid for an order here")
    if segment == "level":
        name = level_name or Twin("会员", "member")
        return Twin(f"「{name.zh}」及以上会员", f"Members from “{name.en}” up")
    return Twin("其他所有人（含没有登录的）", "Everybody else, signed in or not")
