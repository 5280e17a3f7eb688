"""Structural rules of the platforms: what may depend on what, and where."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case, Trigger
from banyan.compliance.surfaces import IN_WECHAT, OPEN_IN_WECHAT, Grave, severity_on, way_out
from banyan.compliance.verdict import Change, Hit, Rule, Severity

__all__ = ["PLATFORM_RULES", "chain_of", "chances"]

WX_EXT: Final = "微信外部链接内容管理规范"
WX_MP: Final = "微信小程序平台运营规范"


def _grave(block: tuple[str, ...], review: tuple[str, ...] = ()) -> Grave:
    grave: Grave = dict.fromkeys(review, "review")
    for surface in block:
        grave[surface] = "block"
    return grave


SHARE_GATE: Final = _grave((*IN_WECHAT, "douyin"))
SPREADING: Final = _grave(OPEN_IN_WECHAT, ("mini_program", "wecom", "douyin"))
CLICKS: Final = _grave(IN_WECHAT, ("douyin",))
ASSIST: Final = _grave(OPEN_IN_WECHAT, ("mini_program", "wecom", "douyin"))
COLLECT: Final = _grave(IN_WECHAT)
FOLLOW: Final = _grave((*OPEN_IN_WECHAT, "mini_program"), ("wecom",))
LEAVE: Final = _grave((*IN_WECHAT, "douyin"))
DOWNLINE: Final = _grave(IN_WECHAT)
DOUYIN: Final = _grave(("douyin",))

FOLLOWING: Final = frozenset({"followed", "added_contact", "joined_group"})


def chain_of(trigger: Trigger) -> tuple[str, ...]:
    """Return the causal link in words of the graph."""
    return (f"{trigger.actor}:{trigger.event}", f"{trigger.beneficiary}:{trigger.reward}")


def _gates(
    case: Case, surface: str, grave: Grave, sources: frozenset[str], targets: frozenset[str] | None
) -> Iterator[Hit]:
    severity = severity_on(grave, surface)
    if severity == "pass":
        return
    kinds = {step.key: step.kind for step in case.steps}
    for index, edge in enumerate(case.edges):
        if not edge.gate or kinds.get(edge.source) not in sources:
            continue
        if targets is not None and kinds.get(edge.target) not in targets:
            continue
        yield Hit(
            severity,
            f"edges[{index}]",
            (edge.source, edge.target),
            Change(
                "remove",
                zh="取消这道门槛：不做这一步也能继续",
                en="Take the gate away: go on without this step",
                path=f"edges[{index}].gate",
            ),
        )


def _share_gate(case: Case, surface: str) -> Iterator[Hit]:
    return _gates(case, surface, SHARE_GATE, frozenset({"share_prompt"}), None)


def _leave_gate(case: Case, surface: str) -> Iterator[Hit]:
    return _gates(case, surface, LEAVE, frozenset({"leave_app", "download"}), None)


def _check_in_gate(case: Case, surface: str) -> Iterator[Hit]:
    yield from _gates(case, surface, COLLECT, frozenset({"share_prompt"}), frozenset({"check_in"}))
    severity = severity_on(COLLECT, surface)
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.event == "checked_in" and trigger.actor == "friend" and trigger.reward:
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, COLLECT, surface))


def _spreading(case: Case, surface: str) -> Iterator[Hit]:
    """Whatever a friend does, if the one who brought them gains by it, spreading is rewarded."""
    for trigger in case.triggers:
        if trigger.beneficiary != "inviter" or trigger.reward is None:
            continue
        if trigger.event in {"assisted", "collected", "checked_in"}:
            continue  # these have clauses of their own, at least as strict
        grave = CLICKS if trigger.event == "visited" else SPREADING
        severity: Severity = severity_on(grave, surface)
        if severity != "pass":
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, grave, surface))


def _assist(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(ASSIST, surface)
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.event == "assisted" and trigger.beneficiary == "inviter" and trigger.reward:
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, ASSIST, surface))


def _collect(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(COLLECT, surface)
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.event == "collected" and trigger.actor == "friend" and trigger.reward:
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, COLLECT, surface))


def chances(case: Case, surface: str) -> Iterator[Hit]:
    """Yield where what friends do gives further chances to win (half of WX-06)."""
    severity = severity_on(COLLECT, surface)
    if severity != "pass" and case.lottery is not None and case.lottery.chances_from:
        yield Hit(
            severity,
            case.lottery.path,
            (*case.lottery.chances_from, "chance"),
            Change(
                "remove",
                zh="每人抽奖次数固定，不因带来朋友而增加",
                en="Everybody has the same chances, however many they bring",
                path=f"{case.lottery.path}.chances_from",
            ),
        )


def _follow(case: Case, surface: str) -> Iterator[Hit]:
    yield from _gates(
        case, surface, FOLLOW, frozenset({"follow", "add_contact", "join_group"}), None
    )
    severity = severity_on(FOLLOW, surface)
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.event in FOLLOWING and trigger.reward:
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, FOLLOW, surface))


def _downline(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(DOWNLINE, surface)
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.depth >= 2 and trigger.reward:  # noqa: PLR2004 - two invitations away
            yield Hit(
                severity,
                trigger.path,
                chain_of(trigger),
                Change(
                    "set",
                    zh="只奖励直接邀请的一层",
                    en="Reward only whom one brought oneself",
                    path=f"{trigger.path}.depth",
                    value=1,
                ),
            )


def _douyin_commission(case: Case, surface: str) -> Iterator[Hit]:
    severity = severity_on(DOUYIN, surface)
    paid = {reward.key for reward in case.rewards if reward.kind in {"commission", "cash"}}
    for trigger in case.triggers if severity != "pass" else ():
        if trigger.beneficiary == "inviter" and trigger.reward in paid:
            yield Hit(severity, trigger.path, chain_of(trigger), way_out(case, DOUYIN, surface))


def _schema_only(_case: Case, _surface: str) -> Iterator[Hit]:
    """Nothing to look for: a case cannot say it. `judge_imported` looks at data that might."""
    return iter(())


PLATFORM_RULES: Final = (
    Rule(
        "WX-01",
        "强制分享后方可继续",
        "Sharing is forced before one can go on",
        f"{WX_EXT} 1.1；{WX_MP} 5.1.1",
        "reprint",
        "graph",
        "surface",
        _share_gate,
    ),
    Rule(
        "WX-02",
        "以奖励利诱用户传播邀请",
        "Spreading the link is rewarded",
        f"{WX_EXT} 1.2（2.1.2）；{WX_MP} 5.1",
        "reprint",
        "graph",
        "surface",
        _spreading,
    ),
    Rule(
        "WX-03",
        "好友助力、砍价、加速",
        "Friends' help unlocks the starter's benefit",
        f"{WX_EXT} 1.2",
        "reprint",
        "graph",
        "surface",
        _assist,
    ),
    Rule(
        "WX-04",
        "集赞、集卡、集碎片",
        "Friends supply pieces to collect",
        f"{WX_EXT} 1.2",
        "reprint",
        "graph",
        "surface",
        _collect,
    ),
    Rule(
        "WX-05",
        "签到打卡需分享才得奖",
        "A check-in that needs a share",
        f"{WX_EXT} 1.2",
        "reprint",
        "graph",
        "surface",
        _check_in_gate,
    ),
    Rule(
        "WX-07",
        "关注、添加或入群后方可参与或得奖",
        "Following is forced or rewarded",
        f"{WX_MP} 5.1(2)；公众平台公告 2015-02-26、2016-09-12",
        "reprint",
        "graph",
        "surface",
        _follow,
    ),
    Rule(
        "WX-10",
        "下载或跳转站外方可得益",
        "The benefit comes only after leaving or downloading",
        f"{WX_EXT} 二",
        "reprint",
        "graph",
        "surface",
        _leave_gate,
    ),
    Rule(
        "WX-14",
        "分享是否完成不可得知，不能作为得奖依据",
        "A completed share cannot be known",
        "微信公众平台公告 2018-09-13（分享回调调整）",
        "official_text",
        "schema",
        "anywhere",
        _schema_only,
    ),
    Rule(
        "WX-16",
        "依下线人数或业绩计酬",
        "Pay by the people or sales of one's downline",
        "公众平台公告 2015-02-26、2016-09-12",
        "reprint",
        "graph",
        "surface",
        _downline,
    ),
    Rule(
        "DY-01",
        "分享赚佣金",
        "Commission or cash for sharing",
        "抖音开放平台小程序运营规范：诱导分享",
        "official_text",
        "graph",
        "surface",
        _douyin_commission,
    ),
)
