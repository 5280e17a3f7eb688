"""Rules of Douyin about data: what may be asked for and when, what it may be used for, when it goes."""

import re
from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case, DataUse
from banyan.compliance.surfaces import Grave, move_out, severity_on
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["DOUYIN_DATA_RULES"]

DOUYIN: Final[Grave] = {"douyin": "block"}
SPEC: Final = "抖音开放平台 用户信息使用规范"

FORCED: Final = re.compile(
    r"(?:必须|务必|需要?|须|请先|先)\s*(?:授权|允许|开启|打开)\S{0,6}(?:定位|位置|通讯录|相册|手机号|头像|昵称)"
    r"\S{0,8}?(?:才能|才可|方可|方能|后)\S{0,2}(?:参加|参与|领取|领|继续|抽)"
)
"""A permission that has to be given before anything else can be done."""
CALLED: Final = re.compile(
    r"(?:登记|留下|填写|提供|授权|收集)?\S{0,4}手机号\S{0,8}(?:用于|用来|将|会)\S{0,4}(?:营销|促销|推广|推送(?:优惠|活动|广告)|发送(?:优惠|广告|促销))"
)
FANS_ONLY: Final = re.compile(
    r"(?:仅限|只限|限|只有|仅)\S{0,4}抖音(?:号)?(?:粉丝|会员|老用户|达人|等级)\S{0,6}?(?:参加|参与|领取|领|抽)?"
    r"|抖音\S{0,4}(?:粉丝数|点赞数|获赞|等级)\S{0,8}(?:以上|达到|才能|方可)"
)
"""Who may take part by what Douyin knows of them."""


def _uses(case: Case, surface: str) -> tuple[DataUse, ...]:
    """Return what the platform itself gives, where its rules hold."""
    if severity_on(DOUYIN, surface) == "pass":
        return ()
    return tuple(one for one in case.data_uses if one.source == "platform")


def _said(case: Case, surface: str, *patterns: re.Pattern[str]) -> Iterator[Hit]:
    severity = severity_on(DOUYIN, surface)
    for copy in case.copy if severity != "pass" else ():
        for match in (found for pattern in patterns for found in pattern.finditer(copy.text)):
            words = match.group()
            change = Change(
                "reword",
                zh=f"去掉「{words}」",
                en=f"Take out “{words}”",
                path=copy.path,
                found=words,
            )
            yield Hit(severity, copy.path, (), change, words)


def _needed(case: Case, surface: str) -> Iterator[Hit]:
    steps = {step.key for step in case.steps}
    for one in _uses(case, surface):
        way = move_out(case, DOUYIN, surface)
        if one.needed_by not in steps:
            yield Hit("block", f"{one.path}.needed_by", (one.data, one.use), way)
        elif one.asked_at != one.needed_by:
            yield Hit("block", f"{one.path}.asked_at", (one.asked_at, one.needed_by), way)
        if not one.refusable:
            yield Hit("block", f"{one.path}.refusable", (one.data, one.use), way)
    yield from _said(case, surface, FORCED)


def _purpose(case: Case, surface: str) -> Iterator[Hit]:
    for one in _uses(case, surface):
        if one.use == "eligibility" or (one.use == "marketing" and one.data == "phone"):
            yield Hit(
                "block",
                f"{one.path}.use",
                (f"douyin:{one.data}", one.use),
                move_out(case, DOUYIN, surface),
            )
    yield from _said(case, surface, CALLED, FANS_ONLY)


def _deleted(case: Case, surface: str) -> Iterator[Hit]:
    for one in _uses(case, surface):
        if not one.deleted_on_stop:
            yield Hit(
                "block",
                f"{one.path}.deleted_on_stop",
                (f"douyin:{one.data}", "stop"),
                move_out(case, DOUYIN, surface),
            )


DOUYIN_DATA_RULES: Final = (
    Rule(
        "DY-05",
        "非必要、提前或强制索取授权",
        "A permission that is not needed, asked too early, or cannot be refused",
        f"{SPEC}：场景必要、触发时申请、可拒绝",
        "official_text",
        "graph",
        "surface",
        _needed,
    ),
    Rule(
        "DY-06",
        "把抖音提供的手机号用于营销，或以抖音用户数据评定资格",
        "Marketing to phone numbers from Douyin, or eligibility by what Douyin knows of a person",
        f"{SPEC}：不得用于营销推广、不得评定资格",
        "official_text",
        "value",
        "surface",
        _purpose,
    ),
    Rule(
        "DY-07",
        "停止使用能力后保留抖音用户数据",
        "Data from Douyin kept after its capability is no longer used",
        f"{SPEC}：停止使用须删除数据",
        "official_text",
        "value",
        "surface",
        _deleted,
    ),
)
