"""A definition as the compliance judge sees it. Pure: the same definition gives the same case."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from banyan.campaigns.attesting import answers_of
from banyan.campaigns.definition import Definition
from banyan.campaigns.draw_models import DRAWS_KEPT_DAYS
from banyan.campaigns.judged_facts import NOTHING_KNOWN, Facts
from banyan.campaigns.problems import settings_of
from banyan.compliance import (
    EVENTS,
    Case,
    Commission,
    Copy,
    DataUse,
    Edge,
    Edit,
    Lottery,
    Packet,
    Price,
    Prize,
    Reward,
    Step,
    StepKind,
    Team,
    Trigger,
    Verdict,
    judge,
    judge_imported,
)
from banyan.creatives import Text
from banyan.plays import PLAYS, Disclosing, Disclosures, DrawTerms, Mechanism

__all__ = ["case_of", "judge_definition"]

# What every participant walks through. Sharing is offered and never asked for.
_STEPS = (
    Step("view", "view"),
    Step("login", "login"),
    Step("start", "start"),
    Step("share_prompt", "share_prompt"),
)
_EDGES = (
    Edge("view", "login"),
    Edge("login", "start", gate=True),
    Edge("start", "share_prompt"),
)

# What somebody does on the way, by the event that proves it; other events have no step.
_STEP_OF: Final[dict[str, StepKind]] = {
    "assisted": "assist",
    "collected": "collect",
    "checked_in": "check_in",
    "drawn": "draw",
    "ordered": "pay",
    "followed": "follow",
    "added_contact": "add_contact",
    "joined_group": "join_group",
}

# Plays whose page shows a code to be scanned by others.
_SHOWS_CODE: Final = frozenset({"poster"})

PPM_PER_BPS: Final = 100

# An amount that a headline promises: 9.9元购, ¥9.9 秒杀. What is saved or spent is no price.
TEASER: Final = re.compile(
    r"(?<![\d.满减省返立送])(?:[¥￥]\s*(\d{1,7}(?:\.\d{1,2})?)\s*元?|(\d{1,7}(?:\.\d{1,2})?)\s*元)"
    r"\s*(?:购|秒|抢|拼|团|包邮|到手|带走|入手|试听|体验)"
)

CLAIM: Final = re.compile(
    r"(?:原价|日常价|平时价?|门市价|市场价|吊牌价|专柜价)[:：]?\s*[¥￥]?\s*(\d{1,7}(?:\.\d{1,2})?)(?:\s*元)?"
    r"|(?:was|usually|regular price)\s*(?:[¥￥]|CNY)\s*(\d{1,7}(?:\.\d{1,2})?)",
    re.IGNORECASE,
)
"""A price that is said to have been asked before: 原价 100 元, was ¥100."""


def judge_definition(definition: Definition, facts: Facts = NOTHING_KNOWN) -> Verdict:
    """Judge a definition whose settings have the right types, as things really are.

    A play of a third party may name an event the judge does not know: that is blocked.
    """
    case = case_of(definition, facts)
    if all(trigger.event in EVENTS for trigger in case.triggers):
        return judge(case)
    return judge_imported(msgspec.to_builtins(case))


def case_of(definition: Definition, facts: Facts = NOTHING_KNOWN) -> Case:
    """Return the case of a definition whose settings have the right types."""
    play, settings = PLAYS[definition.play.key], settings_of(definition)
    links = play.mechanisms(settings)
    told = play.disclosures(settings) if isinstance(play, Disclosing) else Disclosures()
    kinds: dict[StepKind, None] = dict.fromkeys(
        _STEP_OF[link.event] for link in links if link.event in _STEP_OF
    )
    return Case(
        surfaces=tuple(definition.surfaces),
        steps=(
            *_STEPS,
            *(Step(kind, kind) for kind in kinds),
            *(Step(f"reward:{link.path}", "reward") for link in links),
        ),
        edges=(
            *_EDGES,
            *(Edge("start", kind) for kind in kinds),
            *(Edge(_STEP_OF.get(link.event, "start"), f"reward:{link.path}") for link in links),
        ),
        triggers=tuple(_trigger(link) for link in links),
        rewards=_rewards(definition, told),
        levels=max((link.depth for link in links), default=1),
        lottery=_lottery(definition, told.draws, facts),
        prices=_prices(definition, told, facts),
        copy=tuple(Copy(path, text) for path, text in _texts(definition) if text),
        host_name=definition.host.name,
        host_contact=definition.host.contact,
        order_value_minor=definition.order_value_minor,
        teams=tuple(
            Team(
                _settings(one.path),
                one.size,
                one.hours,
                one.price_minor,
                one.refunds_on_failure,
                one.by_chance,
            )
            for one in told.teams
        ),
        packets=tuple(
            Packet(_settings(one.path), one.least_minor, one.most_minor) for one in told.packets
        ),
        commissions=tuple(
            Commission(
                _settings(one.path),
                one.rate_bps,
                one.hold_days,
                one.levels,
                one.approval,
                one.needs_purchase,
            )
            for one in told.commissions
        ),
        payouts=facts.payouts if _pays_cash(definition) else (),
        data_uses=tuple(_data_uses(definition)),
        is_quiz=told.is_quiz,
        shows_code=definition.play.key in _SHOWS_CODE,
        edits=tuple(Edit(path, is_favourable=False) for path in facts.edits),
        chain_levels=facts.chain_levels,
        chain_people=facts.chain_people,
        rules_shown=facts.rules_shown,
        rules_executed=facts.rules_executed,
        answers=answers_of(definition),
    )


def _pays_cash(definition: Definition) -> bool:
    return any(offer.kind == "cash" for offer in definition.offers)


def _data_uses(definition: Definition) -> Iterator[DataUse]:
    """Yield what is known of people and what for; no platform gives any of it."""
    yield DataUse("login", "phone", "person", "login", "login", "login")
    said = definition.play.settings
    for name in ("new_people_only", "newcomers_only"):
        if said.get(name):
            yield DataUse(_settings(name), "orders", "own", "eligibility")
    if said.get("birthday_days") is not None:
        at = _settings("birthday_days")
        yield DataUse(at, "birthday", "person", "eligibility", "start", "start")


def _settings(path: str) -> str:
    return f"play.settings.{path}" if path else "play.settings"


def _rewards(definition: Definition, told: Disclosures) -> tuple[Reward, ...]:
    # Commission pays for work done; every other cash that a campaign gives is a windfall.
    tax = "labour" if told.commissions else "occasional"
    return tuple(
        Reward(
            key=offer.key,
            kind="commission" if offer.kind == "cash" and told.commissions else offer.kind,
            value_minor=offer.value_minor,
            valid_days=offer.valid_days,
            terms=offer.terms.zh,
            path=f"offers[{index}]",
            name=offer.name.zh,
            tax=tax if offer.kind == "cash" else "",
        )
        for index, offer in enumerate(definition.offers)
    )


def _lottery(definition: Definition, draws: tuple[DrawTerms, ...], facts: Facts) -> Lottery | None:
    """Return the campaign's chance; with several draws, everything of all of them."""
    if not draws:
        return None
    offers = {offer.key: offer for offer in definition.offers}
    prizes: list[Prize] = []
    for one in (prize for draw in draws for prize in draw.prizes):
        offer = offers.get(one.offer)
        prizes.append(
            Prize(
                path=_settings(one.path),
                name=offer.name.zh if offer else "",
                value_minor=offer.value_minor if offer else None,
                quantity=offer.quantity if offer else None,
                odds_ppm=one.odds_bps * PPM_PER_BPS if one.odds_bps is not None else None,
                claim_days=offer.valid_days if offer else None,
                terms=offer.terms.zh or offer.name.zh if offer else "",
            )
        )
    chances = tuple(event for draw in draws for event in draw.chances_from)
    return Lottery(
        # What was given stands beside what is promised: neither may be above the law's limit.
        top_prize_minor=max(facts.dearest_prize_minor, *(p.value_minor or 0 for p in prizes), 0),
        chances_from=chances,
        path=_settings(draws[0].path),
        prizes=tuple(prizes),
        look=draws[0].look,
        predetermined=sum(draw.predetermined for draw in draws),
        committed=all(draw.committed for draw in draws),
        kept_days=DRAWS_KEPT_DAYS,
        odds_agree=facts.odds_agree,
    )


def _prices(definition: Definition, told: Disclosures, facts: Facts) -> tuple[Price, ...]:
    goods = {good.key: (nth, good) for nth, good in enumerate(definition.goods)}
    teaser = min(_said(definition, TEASER), default=None)
    claim = max(_said(definition, CLAIM), default=None)
    made: list[Price] = []
    for one in told.prices:
        if one.good not in goods:
            continue
        nth, good = goods[one.good]
        past = facts.pasts.get(good.sku_id) if good.sku_id else None
        # Never sold: nothing earlier may be claimed. The page itself crosses out what is lawful.
        lowest = (past.lowest_deal_minor or 0) if past else good.list_price_minor
        listed = past.listed_minor if past else None
        made.append(
            Price(
                path=f"goods[{nth}].list_price_minor",
                claimed_reference_minor=claim.minor
                if claim
                else min(lowest, lowest if listed is None else listed),
                lowest_in_7_days_minor=lowest,
                listed_before_minor=listed,
                teaser_minor=teaser.minor if teaser else None,
                checkout_minor=min(other.price_minor for other in told.prices),
                lowest_in_30_days_minor=past.lowest_30_days_minor if past and claim else None,
                shown_minor=past.now_minor if past else None,
                campaign_minor=one.price_minor,
                claimed_at=claim.path if claim else "",
                claimed_words=claim.words if claim else "",
                teaser_at=teaser.path if teaser else "",
                teaser_words=teaser.words if teaser else "",
            )
        )
    return tuple(made)


class Said(NamedTuple):
    """An amount of money that words of the page name, in minor units, with its place."""

    minor: int
    path: str
    words: str


def _said(definition: Definition, pattern: re.Pattern[str]) -> Iterator[Said]:
    """Yield the amounts that the name and the page say in the way of `pattern`."""
    for path, text in _texts(definition):
        if path.startswith(("name", "page.")):
            for match in pattern.finditer(text):
                yuan, _, cents = next(filter(None, match.groups())).partition(".")
                yield Said(int(yuan) * 100 + int(cents.ljust(2, "0")), path, match.group())


def _trigger(link: Mechanism) -> Trigger:
    return Trigger(
        path=_settings(link.path),
        event=link.event,  # pyright: ignore[reportArgumentType] - `judge_definition` looks at it
        actor=link.actor,
        beneficiary=link.beneficiary,
        reward=link.offer,
        depth=link.depth,
        most_per_person=link.most_per_beneficiary,
        people=link.people,
    )


def _texts(definition: Definition) -> Iterator[tuple[str, str]]:
    yield "name", definition.name
    yield from _both("terms", definition.terms)
    for index, offer in enumerate(definition.offers):
        yield from _both(f"offers[{index}].name", offer.name)
        yield from _both(f"offers[{index}].terms", offer.terms)
    yield from _both("page.title", definition.page.title)
    yield from _both("page.subtitle", definition.page.subtitle)
    yield from _both("page.share.title", definition.page.share.title)
    yield from _both("page.share.text", definition.page.share.text)
    for index, block in enumerate(definition.page.blocks):
        for field in block.__struct_fields__:
            value = getattr(block, field)
            if isinstance(value, Text):
                yield from _both(f"page.blocks[{index}].{field}", value)


def _both(path: str, text: Text) -> Iterator[tuple[str, str]]:
    yield f"{path}.zh", text.zh
    yield f"{path}.en", text.en
