"""Everything wrong with a definition at once, each thing with its place, a code and words.

The types of `Definition` say what is right; this module walks them beside the data, so that a
merchant sees the whole list and not the first item of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, cast

import msgspec

from banyan.campaigns.chance_problems import chance_problems
from banyan.campaigns.definition import Definition, Offer
from banyan.campaigns.said_conditions import contradictions
from banyan.campaigns.typed import typed_problems
from banyan.creatives import page_problems, text_problem
from banyan.plays import PLAYS, AnyPlay, Problem, Stocked, Words, selling_of

__all__ = ["problems_of", "read_definition", "settings_of"]

PRICE_FIELDS = {
    "group_buy": "tiers[0].price_minor",
    "bargain": "start_price_minor",
    "flash_sale": "price_minor",
}
"""Where each play that sells says its highest price."""


def read_definition(data: object) -> tuple[Definition | None, list[Problem]]:
    """Return the definition in `data` (parsed JSON) and everything wrong with it.

    The definition is None when its types are wrong. One that is returned with an empty list can be
    executed, published and costed.
    """
    found = typed_problems(Definition, data, "")
    if isinstance(data, dict):
        found += _settings_typed(cast("dict[str, Any]", data))
    if found:
        return None, found
    definition = msgspec.convert(data, Definition)
    return definition, problems_of(definition)


def settings_of(definition: Definition) -> msgspec.Struct:
    """Return the play's own settings; `ValidationError` when their types are wrong."""
    return msgspec.convert(definition.play.settings, PLAYS[definition.play.key].Settings)


def problems_of(definition: Definition) -> list[Problem]:
    """Return what is wrong with a definition whose types are right."""
    checks: tuple[Callable[[Definition], Iterator[Problem]], ...] = (
        _names,
        _period,
        _budget,
        _offers,
        _goods,
        _play,
        _page,
    )
    return [problem for check in checks for problem in check(definition)]


def _settings_typed(data: dict[str, Any]) -> list[Problem]:
    choice = data.get("play")
    if not isinstance(choice, dict):
        return []
    chosen = cast("dict[str, Any]", choice)
    play = PLAYS.get(str(chosen.get("key")))
    if play is None:
        return [Problem("play.key", "unknown_play", Words("没有这个玩法", "There is no such play"))]
    return typed_problems(play.Settings, chosen.get("settings"), "play.settings")


def _names(definition: Definition) -> Iterator[Problem]:
    if not definition.name.strip():
        yield Problem("name", "empty", Words("请给活动起个名字", "The campaign needs a name"))
    plain = {
        "name": definition.name,
        "terms.zh": definition.terms.zh,
        "terms.en": definition.terms.en,
        "host.name": definition.host.name,
        "host.contact": definition.host.contact,
    }
    for path, text in plain.items():
        if problem := text_problem(path, text):
            yield Problem(path, problem.code, Words(problem.zh, problem.en))
    for field, values in (("surfaces", definition.surfaces), ("channels", definition.channels)):
        if len(set(values)) < len(values):
            yield Problem(field, "repeated", Words("有重复的选项", "Something is listed twice"))


def _period(definition: Definition) -> Iterator[Problem]:
    period = definition.period
    if period.starts_at is not None and period.starts_at >= period.ends_at:
        yield Problem(
            "period.ends_at",
            "ends_before_start",
            Words("结束时间要晚于开始时间", "The end must be later than the start"),
        )


def _budget(definition: Definition) -> Iterator[Problem]:
    budget = definition.budget
    if budget.per_day_minor is not None and budget.per_day_minor > budget.total_minor:
        yield Problem(
            "budget.per_day_minor",
            "above_total",
            Words("每日预算不能超过总预算", "A day's budget cannot exceed the total"),
        )


def _offers(definition: Definition) -> Iterator[Problem]:
    times = Counter(offer.key for offer in definition.offers)
    for index, offer in enumerate(definition.offers):
        path = f"offers[{index}]"
        if times[offer.key] > 1:
            yield Problem(
                f"{path}.key", "repeated", Words("奖品编号重复", "Two offers share this key")
            )
        if not offer.name.zh.strip():
            yield Problem(f"{path}.name.zh", "empty", Words("请填写奖品名称", "Name the offer"))
        if offer.kind == "points" and offer.points == 0:
            yield Problem(f"{path}.points", "empty", Words("请填写积分数量", "Say how many points"))
        yield from _of_kind(path, offer)
        for said in contradictions(offer):
            yield Problem(f"{path}.terms.{said.part}", said.code, said.message)
        if offer.kind == "coupon" and offer.value_minor == 0:
            yield Problem(
                f"{path}.value_minor",
                "empty",
                Words("请填写券的面值", "Say what the coupon is worth"),
            )
        if offer.cost_minor > definition.budget.total_minor:
            yield Problem(
                f"{path}.cost_minor",
                "above_budget",
                Words("一份的成本就超过了总预算", "One of these costs more than the whole budget"),
            )
        for part, text in (
            ("name.zh", offer.name.zh),
            ("name.en", offer.name.en),
            ("terms.zh", offer.terms.zh),
            ("terms.en", offer.terms.en),
        ):
            if problem := text_problem(f"{path}.{part}", text):
                yield Problem(problem.path, problem.code, Words(problem.zh, problem.en))


def _of_kind(path: str, offer: Offer) -> Iterator[Problem]:
    """Tell what the offer's own kind asks for and it does not say."""
    if offer.kind == "cash" and offer.cost_minor != offer.value_minor:
        words = Words("现金的成本就是它的金额", "Cash costs exactly what it is worth")
        yield Problem(f"{path}.cost_minor", "cost_of_cash", words)
    if offer.kind == "level" and offer.level_key is None:
        yield Problem(f"{path}.level_key", "empty", Words("请选择会员等级", "Choose the level"))
    if offer.kind == "content":
        content = offer.content
        if content is None or not (content.body.zh.strip() or content.url):
            words = Words("请填写内容或链接", "Say what it opens: a text or an address")
            yield Problem(f"{path}.content", "empty", words)
        elif content.url and not content.url.startswith(("https://", "/")):
            words = Words("链接须以 https:// 开头", "An address begins with https://")
            yield Problem(f"{path}.content.url", "bad_format", words)


def _play(definition: Definition) -> Iterator[Problem]:
    play = PLAYS.get(definition.play.key)
    if play is None:
        yield Problem("play.key", "unknown_play", Words("没有这个玩法", "There is no such play"))
        return
    settings = settings_of(definition)
    yield from chance_problems(definition, settings)
    found = play.problems(settings)
    for problem in found:
        yield Problem(f"play.settings.{problem.path}", problem.code, problem.message)
    if not found:
        yield from _sold(definition, play, settings)
    if isinstance(play, Stocked):
        yield from _stocked(definition, play.quantities(settings))
    known = {offer.key for offer in definition.offers}
    for path, key in play.offers(settings).items():
        if key not in known:
            yield Problem(
                f"play.settings.{path}",
                "unknown_offer",
                Words(f"没有编号为「{key}」的奖品", f"There is no offer “{key}”"),
            )


def _stocked(definition: Definition, needed: dict[str, int]) -> Iterator[Problem]:
    """Tell which offers do not have the quantity their play counts by."""
    for index, offer in enumerate(definition.offers):
        wanted = needed.get(offer.key)
        if wanted is not None and offer.quantity != wanted:
            yield Problem(
                f"offers[{index}].quantity",
                "not_the_goal",
                Words(
                    f"数量须为 {wanted}，与玩法一致", f"The play counts by a quantity of {wanted}"
                ),
            )


def _goods(definition: Definition) -> Iterator[Problem]:
    times = Counter(good.key for good in definition.goods)
    for index, good in enumerate(definition.goods):
        path = f"goods[{index}]"
        if times[good.key] > 1:
            yield Problem(
                f"{path}.key", "repeated", Words("商品编号重复", "Two goods share this key")
            )
        if not good.name.zh.strip():
            yield Problem(f"{path}.name.zh", "empty", Words("请填写商品名称", "Name the product"))
        if good.list_price_minor < 1:
            yield Problem(
                f"{path}.list_price_minor",
                "empty",
                Words("请填写商品平时的售价", "Say what it usually costs"),
            )
        if good.sku_id is None:
            yield Problem(
                f"{path}.sku_id",
                "sku_needed",
                Words("请选择店里的商品，或一键按模板建好", "Choose a product, or have it made"),
            )
        for part, text in (("name.zh", good.name.zh), ("name.en", good.name.en)):
            if problem := text_problem(f"{path}.{part}", text):
                yield Problem(problem.path, problem.code, Words(problem.zh, problem.en))


def _sold(definition: Definition, play: AnyPlay, settings: msgspec.Struct) -> Iterator[Problem]:
    """Tell what is wrong with the goods that a play's settings name."""
    goods = {good.key: good for good in definition.goods}
    for path, key in play.goods(settings).items():
        if key not in goods:
            yield Problem(
                f"play.settings.{path}",
                "unknown_good",
                Words(f"没有编号为「{key}」的商品", f"There is no product “{key}”"),
            )
    selling = selling_of(play, settings)
    good = goods.get(selling.good) if selling else None
    if selling and good and selling.highest_minor > good.list_price_minor:
        yield Problem(
            f"play.settings.{PRICE_FIELDS.get(play.key, 'good')}",
            "above_list_price",
            Words("活动价不能高于商品平时的售价", "A campaign price is no more than the usual one"),
        )


def _page(definition: Definition) -> Iterator[Problem]:
    for problem in page_problems(definition.page):
        yield Problem(f"page.{problem.path}", problem.code, Words(problem.zh, problem.en))
    known = {offer.key for offer in definition.offers}
    for index, block in enumerate(definition.page.blocks):
        key = getattr(block, "offer", None)
        if key is not None and key not in known:
            yield Problem(
                f"page.blocks[{index}].offer",
                "unknown_offer",
                Words(f"没有编号为「{key}」的奖品", f"There is no offer “{key}”"),
            )
