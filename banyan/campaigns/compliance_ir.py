"""A definition as the compliance judge sees it. Pure: the same definition gives the same case."""

from collections.abc import Iterator

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import settings_of
from banyan.compliance import (
    EVENTS,
    Case,
    Copy,
    Edge,
    Reward,
    Step,
    Trigger,
    Verdict,
    judge,
    judge_imported,
)
from banyan.creatives import Text
from banyan.plays import PLAYS, Mechanism

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
    links = PLAYS[definition.play.key].mechanisms(settings_of(definition))
    return Case(
        surfaces=tuple(definition.surfaces),
        steps=(*_STEPS, *(Step(f"reward:{link.path}", "reward") for link in links)),
        edges=(*_EDGES, *(Edge("start", f"reward:{link.path}") for link in links)),
        triggers=tuple(_trigger(link) for link in links),
        rewards=tuple(
            Reward(
                key=offer.key,
                kind=offer.kind,
                value_minor=offer.value_minor,
                valid_days=offer.valid_days,
                terms=offer.terms.zh,
                path=f"offers[{index}]",
            )
            for index, offer in enumerate(definition.offers)
        ),
        levels=max((link.depth for link in links), default=1),
        copy=tuple(Copy(path, text) for path, text in _texts(definition) if text),
        host_name=definition.host.name,
        host_contact=definition.host.contact,
        order_value_minor=definition.order_value_minor,
    )


def _trigger(link: Mechanism) -> Trigger:
    return Trigger(
        path=f"play.settings.{link.path}",
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
