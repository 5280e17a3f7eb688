"""Rules of Douyin about pages: collecting leads, leading people out, wheels."""

import re
from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case
from banyan.compliance.surfaces import Grave, move_out, severity_on
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["DOUYIN_RULES"]

DOUYIN: Final[Grave] = {"douyin": "block"}

# Digits in a row of a phone's length; a year, a price or a date is shorter.
PHONE: Final = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|400[- ]?\d{3}[- ]?\d{4}|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
)
LEAD_OUT: Final = re.compile(
    r"下载\s*(?:我们的|本店)?\s*(?:APP|app|App|应用|客户端)|扫\S{0,4}(?:二维码|码)\S{0,4}(?:加|添加|进群|入群|关注)"
    r"|加\S{0,3}(?:微信|VX|vx|V信)|微信号"
)


def _leads(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(DOUYIN, surface)
    for step in case.steps if severity != "pass" else ():
        if step.kind == "submit_form":
            yield Hit(severity, f"steps.{step.key}", (step.key,), move_out(case, DOUYIN, surface))


def _lead_out(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(DOUYIN, surface)
    if severity == "pass":
        return
    if case.shows_code:
        yield Hit(severity, "play", ("poster", "scan"), move_out(case, DOUYIN, surface))
    for copy in case.copy:
        for pattern in (PHONE, LEAD_OUT):
            for match in pattern.finditer(copy.text):
                found = match.group()
                change = Change(
                    "reword",
                    zh=f"去掉「{found}」",
                    en=f"Take out “{found}”",
                    path=copy.path,
                    found=found,
                )
                yield Hit(severity, copy.path, (), change, found)


def _wheel(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(DOUYIN, surface)
    if severity != "pass" and case.lottery is not None and case.lottery.look != "list":
        yield Hit(
            severity,
            f"{case.lottery.path}.look",
            (case.lottery.look, "draw"),
            move_out(case, DOUYIN, surface),
        )


DOUYIN_RULES: Final = (
    Rule(
        "DY-02",
        "页面收集手机号等线索",
        "A page that collects leads",
        "抖音开放平台小程序运营规范：线索收集",
        "official_text",
        "graph",
        "surface",
        _leads,
    ),
    Rule(
        "DY-03",
        "页面含电话、二维码或引导下载",
        "A phone number, a code to scan or a download",
        "抖音开放平台小程序运营规范：站外导流",
        "official_text",
        "text",
        "surface",
        _lead_out,
    ),
    Rule(
        "DY-04",
        "转盘、九宫格等抽奖页",
        "Wheels and grids to draw from",
        "抖音开放平台小程序运营规范：抽奖页面",
        "official_text",
        "value",
        "surface",
        _wheel,
    ),
)
