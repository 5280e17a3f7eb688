"""Rules about words."""

import re
from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import SURFACES, Case
from banyan.compliance.lexicon import found_in
from banyan.compliance.rules.platform import chances
from banyan.compliance.surfaces import IN_WECHAT, Grave, severity_on
from banyan.compliance.verdict import Change, Check, Hit, Rule, Severity

__all__ = ["WORD_RULES"]

READ_ON: Final = "2025-04-19"

# All patterns look at undisguised text: no spaces, no signs, lower case, simplified.
COERCION: Final = re.compile(
    r"不(转发?|分享|扩散)就?(不是|没|会|要?倒霉|要?死|后悔|死全家|枉为)"
    r"|是(中国人|男人|女人|爷们|人)就(必须|一定|赶?快)?(要)?(转|分享|扩散)"
    r"|(转发?|分享)(此?文?条?|给\w{0,6})?(就?能?会?)?(保平安|有好运|积德|一生平安|行大运|全家平安)"
    r"|(必须|务必|一定要)(转发?|分享|扩散)(?!给[^所全]*?(自己))"
    r"|(速|急|快|赶紧|火速)转(发|给|起|$)|求扩散|不看后悔|不转后悔|看到必转|转疯了"
    r"|(马上|今晚)(就要|会)?被?(删除|封了)"
    r"|buzhuan(fa)?(jiu)?(bushi|hui|yao|mei)|bushizhongguoren|buzhuansiquanjia"
    r"|shareor(else|bad|you)|ifyou(dont|donot)share|mustshare|everyrealparentshares"
)
RAISES_CHANCES: Final = re.compile(
    r"(多|越)(分享|转发|邀请)\w{0,3}(多|越)\w{0,3}(机会|几率|概率|中奖|容易)"
    r"|(分享|转发|邀请)\w{0,6}(提高|增加|提升|翻倍)\w{0,4}(中奖|几率|概率|抽奖机会|抽奖次数)"
    r"|(share|invite)\w{0,20}(more|extra|better|double)(chances?|odds|draws?)"
)
COMMAND: Final = re.compile(
    r"复制\w{0,12}(口令|这段话|本条|这条)\w{0,12}打开|打开\w{0,8}(淘宝|京东|拼多多|抖音)\w{0,6}(粘贴|口令)"
)
COMMAND_SIGNS: Final = re.compile(r"[￥¥€$][A-Za-z0-9]{6,}[￥¥€$]")
ABSOLUTE: Final = re.compile(
    r"国家级|世界级|最高级|最佳|最好|最优(?!惠券)|最优惠|最便宜|最低价|最强|最先进|最权威|最有效|最安全|最专业|最受欢迎"
    r"|(全网|全国|全球|史上|行业)最\w|(全国|全网|全球|行业|销量|中国|世界)第一|第一品牌|顶级|极品|绝无仅有|独一无二|百分百有效"
    r"|nationallevel|worldsbest|thebestin(the)?(world|china|country|town)|numberoneintheworld|no1in(china|theworld)|cheapestin(china|theworld)"
)
SPARED: Final = re.compile(
    r"最佳(食用|赏味|饮用|使用|体验|观赏|浏览|睡眠)\w{0,3}|最好(提前|在|先|不要|别|于|带|自|能|是|还是|再|早|把|让|用|选|可以)|世界级(遗产|自然保护)"
    r"|最好的朋友|最好朋友|(您|你|我|他|她)最好"
)
LAST_WORD: Final = re.compile(
    r"最终解释权|最后解释权|解释权(归|属|由)|保留\w{0,8}解释\w{0,4}权"
    r"|(right|power)of(the)?(final|last)interpretation|(final|last)interpretation(right|power|isours|belongs|rests)"
    r"|reservestherightto\w{0,12}finalinterpretation"
)

COERCIVE_ON: Final[Grave] = {
    surface: "block" if surface in (*IN_WECHAT, "douyin") else "review" for surface in SURFACES
}
WECHAT_ONLY: Final[Grave] = dict.fromkeys(IN_WECHAT, "block")


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    for copy in case.copy:
        yield copy.path, copy.text
    told = {copy.text for copy in case.copy}
    for reward in case.rewards:
        if reward.terms and reward.terms not in told:
            yield f"{reward.path or reward.key}.terms", reward.terms


def _hit(severity: Severity, path: str, found: str) -> Hit:
    change = Change(
        "reword", zh=f"去掉「{found}」", en=f"Take out “{found}”", path=path, found=found
    )
    return Hit(severity, path, change=change, found=found)


def _words(
    pattern: re.Pattern[str], grave: Grave | None, unless: re.Pattern[str] | None = None
) -> Check:
    def check(case: Case, surface: str) -> Iterator[Hit]:
        severity: Severity = "block" if grave is None else severity_on(grave, surface)
        if severity == "pass":
            return
        for path, text in _texts(case):
            for found in found_in(text, pattern, unless):
                yield _hit(severity, path, found)

    return check


def _raises_chances(case: Case, surface: str) -> Iterator[Hit]:
    yield from chances(case, surface)
    yield from _words(RAISES_CHANCES, WECHAT_ONLY)(case, surface)


def _commands(case: Case, surface: str) -> Iterator[Hit]:
    yield from _words(COMMAND, WECHAT_ONLY)(case, surface)
    severity = severity_on(WECHAT_ONLY, surface)
    for path, text in _texts(case) if severity != "pass" else ():
        for match in COMMAND_SIGNS.finditer(text):
            yield _hit(severity, path, match.group())


WORD_RULES: Final = (
    Rule(
        "WX-06",
        "带来朋友可增加中奖机会",
        "Bringing friends raises the chance to win",
        "微信外部链接内容管理规范 1.2",
        "reprint",
        "graph",
        "surface",
        _raises_chances,
    ),
    Rule(
        "WX-08",
        "胁迫、煽动用户分享的文案",
        "Words that threaten or incite people to share",
        "微信小程序平台运营规范 5.1(3)",
        "reprint",
        "text",
        "surface",
        _words(COERCION, COERCIVE_ON),
    ),
    Rule(
        "WX-13",
        "特殊识别码、口令",
        "Command codes to be copied into another app",
        "微信外部链接内容管理规范",
        "reprint",
        "text",
        "surface",
        _commands,
    ),
    Rule(
        "LAW-20",
        "绝对化用语",
        "Absolute claims",
        "广告法 第九条(三)",
        "official_text",
        "text",
        "anywhere",
        _words(ABSOLUTE, None, SPARED),
        READ_ON,
    ),
    Rule(
        "LAW-52",
        "最终解释权条款",
        "A clause that keeps the last word for the merchant",
        "侵害消费者权益行为处罚办法 第十二条(六)",
        "official_text",
        "text",
        "anywhere",
        _words(LAST_WORD, None),
        READ_ON,
    ),
)
