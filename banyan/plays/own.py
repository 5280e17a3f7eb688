"""What plays of one's own doing have in common: how a quest begins, greets newcomers and ends.

In these plays the owner earns by what they do themselves. A friend who comes by their link may be
greeted with an offer; nobody is paid for having brought them.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final, Literal, TypeVar
from uuid import UUID

import msgspec

from banyan.plays.effects import Count, Effect, Lose, Refuse, Reverse, Reward, Win
from banyan.plays.facts import Started, Supported, Withdrawn
from banyan.plays.play import Mechanism
from banyan.plays.words import Words

__all__ = [
    "ALREADY",
    "CAP",
    "CYCLE",
    "DONE",
    "LATE",
    "NOT_APPLICABLE",
    "NOT_NEW",
    "NO_CHANCE",
    "OVER",
    "OWN",
    "STARTER_ONLY",
    "TOO_EARLY",
    "WRONG",
    "OwnProgress",
    "act_refusal",
    "ended",
    "greeted",
    "greeting_cost",
    "greeting_mechanisms",
    "greeting_rules",
    "left",
    "same_code",
    "started",
]

OWN: Final = Refuse("own_quest")
ALREADY: Final = Refuse("already_helped")
OVER: Final = Refuse("quest_over")
LATE: Final = Refuse("out_of_time")
CYCLE: Final = Refuse("cycle")
NOT_NEW: Final = Refuse("not_new")
CAP: Final = Refuse("cap_reached")
DONE: Final = Refuse("done_already")
TOO_EARLY: Final = Refuse("too_early")
NO_CHANCE: Final = Refuse("no_chance_left")
WRONG: Final = Refuse("wrong_answer")
STARTER_ONLY: Final = Refuse("starter_only")
NOT_APPLICABLE: Final = Refuse("not_applicable")


class OwnProgress(msgspec.Struct, frozen=True, array_like=True):
    """What every such quest remembers. A won quest can go on until it is over."""

    starter: UUID | None = None
    quest: UUID | None = None
    friends: int = 0
    state: Literal["open", "won", "lost"] = "open"
    is_over: bool = False


P = TypeVar("P", bound=OwnProgress)


def started(progress: P, fact: Started) -> tuple[P, list[Effect]]:
    """Begin: one quest a person."""
    if progress.starter is not None:
        return progress, []
    if fact.quests_before:
        return progress, [CAP]
    return msgspec.structs.replace(progress, starter=fact.by, quest=fact.quest), []


def act_refusal(progress: OwnProgress, by: UUID) -> Refuse | None:
    """Return why `by` can do nothing here now."""
    if progress.starter is None:
        return NOT_APPLICABLE
    if by != progress.starter:
        return STARTER_ONLY
    return OVER if progress.is_over else None


def greeting_refusal(
    progress: OwnProgress, fact: Supported, *, new_people_only: bool
) -> Refuse | None:
    """Return why somebody who came by the link does not count."""
    if progress.starter is None:
        return NOT_APPLICABLE
    if fact.by == progress.starter:
        return OWN
    # A person is brought once: whoever counted them first stays the one who brought them.
    if fact.has_helped or fact.helps_given:
        return ALREADY
    if progress.is_over:
        return OVER
    if fact.is_ancestor:
        return CYCLE
    return NOT_NEW if new_people_only and not fact.is_new_person else None


def greeted(
    progress: P, fact: Supported, offer: str | None, *, new_people_only: bool = True
) -> tuple[P, list[Effect]]:
    """Count a newcomer and greet them with `offer`; whoever brought them gets nothing for it."""
    refusal = greeting_refusal(progress, fact, new_people_only=new_people_only)
    quest = progress.quest
    if refusal is not None or quest is None:
        return progress, [refusal or NOT_APPLICABLE]
    effects: list[Effect] = [Count(fact.by)]
    if offer is not None:
        effects.append(Reward("friend", fact.by, offer, quest))
    return msgspec.structs.replace(progress, friends=progress.friends + 1), effects


def left(progress: P, fact: Withdrawn, offer: str | None) -> tuple[P, list[Effect]]:
    """Take back what a newcomer who leaves again was greeted with."""
    if progress.quest is None or not fact.was_counted or progress.friends == 0:
        return progress, []
    effects: list[Effect] = []
    if offer is not None:
        effects.append(Reverse("friend", fact.by, progress.quest))
    return msgspec.structs.replace(progress, friends=progress.friends - 1), effects


def ended(progress: P, *, has_done: bool) -> tuple[P, list[Effect]]:
    """Close at the campaign's end: won by whoever has done anything that counted."""
    if progress.starter is None or progress.is_over:
        return progress, []
    over = msgspec.structs.replace(progress, is_over=True)
    if progress.state != "open":
        return over, []
    state, effect = ("won", Win()) if has_done else ("lost", Lose("out_of_time"))
    return msgspec.structs.replace(over, state=state), [effect]


def greeting_rules(offer: Words | None) -> list[Words]:
    """Say what a newcomer gets, and that nobody is paid for bringing them."""
    said = [
        Words(
            "分享完全自愿：不分享也能完成全部任务，分享不会增加奖品或机会。",
            "Sharing is up to you: everything can be done without it, and it adds no reward "
            "and no chance.",
        )
    ]
    if offer is not None:
        said.insert(
            0,
            Words(
                f"经好友链接首次来到本店的新朋友，登录后即得「{offer.zh}」一份，每人一次；"
                "带来朋友的人不因此得奖。之后注销退出的，见面礼收回。",
                f"Who is new to us and comes by a friend's link gets one “{offer.en}” on signing "
                "in, once; nobody is paid for bringing them. It is taken back from who leaves.",
            ),
        )
    return said


def greeting_mechanisms(offer: str | None) -> list[Mechanism]:
    """Return the causal link of the greeting."""
    if offer is None:
        return []
    return [Mechanism("friend_offer", "registered", "self", "friend", offer, 0, 1)]


def greeting_cost(offer: str | None, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons are greeted with: each is brought once, not in a circle."""
    return max(0, people - 1) * (costs.get(offer, 0) if offer is not None else 0)


def same_code(typed: str, code: str) -> bool:
    """Whether somebody typed `code`, whatever the width, the case or the spaces around it."""
    return _plain(typed) == _plain(code)


def _plain(code: str) -> str:
    return "".join(unicodedata.normalize("NFKC", code).split()).casefold()
