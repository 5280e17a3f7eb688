"""Rules of law about chance: what is published, what is kept, and that it is true."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case, Prize
from banyan.compliance.questions import unanswered
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["CHANCE_RULES"]

READ_ON: Final = "2025-04-19"
KEPT_DAYS: Final = 730


def _published(case: Case, _surface: str) -> Iterator[Hit]:
    lottery = case.lottery
    if lottery is None:
        return
    if not lottery.prizes:
        yield Hit("block", f"{lottery.path}.prizes", (), _say(f"{lottery.path}.prizes"))
    for prize in lottery.prizes:
        for field in _unsaid(prize):
            yield Hit("block", f"{prize.path}.{field}", (), _say(f"{prize.path}.{field}"))
    for path, text in (("host.name", case.host_name), ("host.contact", case.host_contact)):
        if not text.strip():
            yield Hit("block", path, (), _say(path))


def _unsaid(prize: Prize) -> Iterator[str]:
    if not prize.name.strip():
        yield "name"
    if prize.value_minor is None:
        yield "value_minor"
    if prize.quantity is None and prize.odds_ppm is None:
        yield "quantity"
    if prize.claim_days is None:
        yield "claim_days"
    if not prize.terms.strip():
        yield "terms"


def _say(path: str) -> Change:
    return Change(
        "set",
        zh="公布奖品种类、金额、数量或概率、兑奖时间和条件、主办方及联系方式",
        en="Publish the prizes, their worth, quantity or odds, when and how to claim, and the host",
        path=path,
    )


def _true(case: Case, _surface: str) -> Iterator[Hit]:
    lottery = case.lottery
    if lottery is None:
        return
    if lottery.predetermined:
        change = Change(
            "remove",
            zh="中奖者一律由系统按公示概率抽取",
            en="Every winner is drawn by the published odds",
            path=f"{lottery.path}.predetermined",
        )
        yield Hit("block", f"{lottery.path}.predetermined", ("insider", "prize"), change)
    if asked := unanswered(case, "no_insiders", "block", lottery.path):
        yield asked
    if lottery.odds_agree is False:
        # One fair lottery in a thousand looks like this: somebody has to look, the seed proves it.
        yield Hit("review", f"{lottery.path}.odds_agree", ("draw", "odds"))
    if not lottery.committed:
        # Not forbidden, but nobody can check the draw afterwards by a seed.
        yield Hit("info", f"{lottery.path}.committed")
    for prize in lottery.prizes:
        for field, value in (("quantity", prize.quantity), ("odds_ppm", prize.odds_ppm)):
            if value == 0:
                change = Change(
                    "remove",
                    zh="去掉抽不到的奖品",
                    en="Take away the prize that nobody can draw",
                    path=prize.path,
                )
                yield Hit("block", f"{prize.path}.{field}", (), change)


def _is_promotion(case: Case, _surface: str) -> Iterator[Hit]:
    if case.lottery is not None:
        yield Hit("info", case.lottery.path)


def _kept(case: Case, _surface: str) -> Iterator[Hit]:
    lottery = case.lottery
    if lottery is not None and lottery.kept_days < KEPT_DAYS:
        change = Change(
            "set",
            zh="抽奖记录保存两年以上",
            en="Keep the record of draws for two years or more",
            path=f"{lottery.path}.kept_days",
            value=KEPT_DAYS,
        )
        yield Hit("block", f"{lottery.path}.kept_days", (), change)


def _edited(case: Case, _surface: str) -> Iterator[Hit]:
    for edit in case.edits:
        if not edit.is_favourable:
            change = Change(
                "remove",
                zh="公布后只能作有利于参与者的改动",
                en="Once announced, change only what is in the participants' favour",
                path=edit.path,
            )
            yield Hit("block", edit.path, (), change)


CHANCE_RULES: Final = (
    Rule(
        "LAW-07",
        "有奖销售信息没有明确公布",
        "Not everything about the prizes is published",
        "规范促销行为暂行规定 第十三条；反不正当竞争法 第十条(一)",
        "reprint",
        "value",
        "anywhere",
        _published,
    ),
    Rule(
        "LAW-08",
        "公布后作不利于参与者的变更",
        "Changed to the participants' disadvantage after being announced",
        "规范促销行为暂行规定 第十三条",
        "reprint",
        "value",
        "anywhere",
        _edited,
    ),
    Rule(
        "LAW-09",
        "谎称有奖或内定中奖",
        "Prizes that cannot be won, or winners fixed beforehand",
        "反不正当竞争法 第十条(二)",
        "official_text",
        "value",
        "anywhere",
        _true,
        READ_ON,
    ),
    Rule(
        "LAW-10",
        "以推广为目的的抽奖属于有奖销售",
        "A draw for promotion counts as a sale with prizes",
        "规范促销行为暂行规定 第十二条",
        "reprint",
        "value",
        "anywhere",
        _is_promotion,
    ),
    Rule(
        "LAW-12",
        "抽奖档案保存不足两年",
        "Draws are kept for less than two years",
        "规范促销行为暂行规定 第十九条",
        "reprint",
        "value",
        "anywhere",
        _kept,
    ),
)
