"""A definition as the compliance judge sees it. Pure: the same definition gives the same case."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import settings_of
from banyan.compliance import (
    EVENTS,
    Case,
    Commission,
    Copy,
    Edge,
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


def judge_definition(definition: Definition) -> Verdict:
    """Judge a definition whose settings have the right types.

    A play of a third party may name an event the judge does not know: that is blocked.
    """
    case = case_of(definition)
    if all(trigger.event in EVENTS for trigger in case.triggers):
        return judge(case)
    return judge_imported(msgspec.to_builtins(case))


def case_of(definition: Definition) -> Case:
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
        lottery=_lottery(definition, told.draws),
        prices=_prices(definition, told),
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
        is_quiz=told.is_quiz,
        shows_code=definition.play.key in _SHOWS_CODE,
    )


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


def _lottery(definition: Definition, draws: tuple[DrawTerms, ...]) -> Lottery | None:
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
        top_prize_minor=max((prize.value_minor or 0 for prize in prizes), default=0),
        chances_from=chances,
        path=_settings(draws[0].path),
        prizes=tuple(prizes),
        look=draws[0].look,
        predetermined=sum(draw.predetermined for draw in draws),
        committed=all(draw.committed for draw in draws),
    )


def _prices(definition: Definition, told: Disclosures) -> tuple[Price, ...]:
    goods = {good.key: good for good in definition.goods}
    teaser = min(_teasers(definition), default=None)
    return tuple(
        Price(
            path=_settings(one.path),
            claimed_reference_minor=goods[one.good].list_price_minor,
            lowest_in_7_days_minor=goods[one.good].list_price_minor,
            teaser_minor=teaser,
            checkout_minor=min(other.price_minor for other in told.prices),
        )
        for one in told.prices
        if one.good in goods
    )


def _teasers(definition: Definition) -> Iterator[int]:
    """Yield, in minor units, the prices that the name and the page promise."""
    for path, text in _texts(definition):
        if path.startswith(("name", "page.")):
            for match in TEASER.finditer(text):
                yuan, _, cents = (match.group(1) or match.group(2)).partition(".")
                yield int(yuan) * 100 + int(cents.ljust(2, "0"))


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
