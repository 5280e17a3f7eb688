"""Carry out the nearest allowed variant that a verdict names."""

import re
from collections.abc import Callable
from typing import Any, Final, cast

import msgspec

from banyan.campaigns.attesting import with_answer
from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import problems_of, read_definition
from banyan.compliance import Change

__all__ = ["changed"]

SOLD_TO_ALL: Final = 100
"""Pieces of the sale that stands for a bargain; the merchant says how many there really are."""

_LEVELS: Final = ("levels", ".depth")
"""Where the judge speaks of how many people are paid on one order."""

_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def changed(definition: Definition, change: Change) -> Definition | None:
    """Return `definition` with `change` made, or None when it cannot be made here.

    A draft may be unfinished before and after; nothing may become wrong by the change.
    """
    data = cast("dict[str, Any]", msgspec.to_builtins(definition))
    if not _MAKERS[change.kind](data, change):
        return None
    found, problems = read_definition(data)
    if found is None or not problems:
        return found
    before = {(problem.path, problem.code) for problem in problems_of(definition)}
    return found if all((one.path, one.code) in before for one in problems) else None


def _drop_surface(data: dict[str, Any], change: Change) -> bool:
    data["surfaces"] = [one for one in data["surfaces"] if one != change.surface]
    return True


def _move(data: dict[str, Any], change: Change) -> bool:
    data["surfaces"] = [change.surface]
    return change.surface is not None


def _attest(data: dict[str, Any], change: Change) -> bool:
    return with_answer(data, change.found or "")


def _reword(data: dict[str, Any], change: Change) -> bool:
    holder, name = _place(data, change.path or "")
    if holder is None or not change.found or not isinstance(holder.get(name), str):
        return False
    holder[name] = holder[name].replace(change.found, "")
    return True


def _add_terms(data: dict[str, Any], change: Change) -> bool:
    holder, name = _place(data, change.path or "")
    if holder is None:
        return False
    days = holder["valid_days"]
    holder[name] = {
        "zh": f"自领取之日起 {days} 天内有效；每次消费限用一份；不可兑换现金。",
        "en": f"Valid for {days} days from receipt; one per visit; not exchangeable for cash.",
    }
    return True


def _set(data: dict[str, Any], change: Change) -> bool:
    if (change.path or "").endswith(_LEVELS):
        return _one_level(data["play"]["settings"])
    holder, name = _place(data, change.path or "")
    if holder is None or name not in holder:
        return False
    holder[name] = change.value
    return True


def _one_level(settings: dict[str, Any]) -> bool:
    """Leave only those whom one brought oneself."""
    if not settings.get("second_level"):
        return False
    settings["second_level"] = []
    return True


def _remove(data: dict[str, Any], change: Change) -> bool:
    """Take one entry out of a list of the definition."""
    whole, _, index = (change.path or "").rpartition("[")
    if not index.endswith("]") or not index[:-1].isdigit():
        return False
    holder, name = _place(data, whole)
    entries = holder.get(name) if holder is not None else None
    if not isinstance(entries, list):
        return False
    found, at = cast("list[Any]", entries), int(index[:-1])
    if at >= len(found):
        return False
    del found[at]
    return True


def _give_first(data: dict[str, Any], change: Change) -> bool:  # noqa: ARG001 - of one form
    return _benefit_first(data["play"])


def _elsewhere(data: dict[str, Any], change: Change) -> bool:  # noqa: ARG001 - of one form
    """Leave the definition alone: what is to change is the merchant's, not the campaign's."""
    return False


_MAKERS: Final[dict[str, Callable[[dict[str, Any], Change], bool]]] = {
    "drop_surface": _drop_surface,
    "benefit_first": _give_first,
    "reword": _reword,
    "add_terms": _add_terms,
    "set": _set,
    "remove": _remove,
    "move": _move,
    "attest": _attest,
    "payout_terms": _elsewhere,
}


def _benefit_first(play: dict[str, Any]) -> bool:
    """Turn the play into one that thanks the newcomer at once and pays nobody for inviting."""
    settings: dict[str, Any] = play["settings"]
    match play["key"]:
        case "content":
            settings["parts"] = []
            return True
        case "group_buy":
            settings["leader_offer"] = None
            return True
        case "cause" | "check_in" | "live" | "in_store" | "quiz":
            return False
        case "bargain":
            return _sold_to_all(play)
        case key if key in _WELCOMES:
            offer = _WELCOMES[key](settings)
        case _:
            return False
    play["key"] = "referral"
    play["settings"] = {
        "tiers": [],
        "decrease": [],
        "friend_offer": offer,
        "reward_cap_per_person": 1,
        "new_people_only": True,
        "hours_to_finish": None,
    }
    return True


def _of_assist(settings: dict[str, Any]) -> str | None:
    return settings.get("helper_offer") or settings["offer"]


def _of_tiers(settings: dict[str, Any]) -> str | None:
    steps = [*settings.get("tiers", ()), *settings.get("decrease", ())]
    return settings.get("friend_offer") or (steps[0]["offer"] if steps else None)


_WELCOMES: Final[dict[str, Callable[[dict[str, Any]], str | None]]] = {
    "assist": _of_assist,
    "referral": _of_tiers,
    "poster": _of_tiers,
}
"""What a newcomer is thanked with, for the plays that become a plain welcome."""


def _sold_to_all(play: dict[str, Any]) -> bool:
    """Sell for the bargain's lowest price to everybody, while there are any: nobody has to help."""
    settings: dict[str, Any] = play["settings"]
    play["key"] = "flash_sale"
    play["settings"] = {
        "good": settings["good"],
        "price_minor": settings["floor_minor"],
        "quantity": SOLD_TO_ALL,
        "per_person": 1,
    }
    return True


def _place(data: dict[str, Any], path: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object that holds the last name of `path`, and that name."""
    parts = [name or int(index) for name, index in _PART.findall(path)]
    here: Any = data
    for part in parts[:-1]:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            return None, ""
    return (cast("dict[str, Any]", here) if isinstance(here, dict) else None), str(parts[-1])
