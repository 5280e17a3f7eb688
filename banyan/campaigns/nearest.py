"""Carry out the nearest allowed variant that a verdict names."""

import re
from typing import Any, Final, cast

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import read_definition
from banyan.compliance import Change

__all__ = ["changed"]

_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def changed(definition: Definition, change: Change) -> Definition | None:
    """Return `definition` with `change` made, or None when it cannot be made here."""
    data = cast("dict[str, Any]", msgspec.to_builtins(definition))
    match change.kind:
        case "drop_surface":
            data["surfaces"] = [one for one in data["surfaces"] if one != change.surface]
        case "benefit_first":
            if not _benefit_first(data["play"]):
                return None
        case "reword" if change.path and change.found:
            holder, name = _place(data, change.path)
            if holder is None or not isinstance(holder.get(name), str):
                return None
            holder[name] = holder[name].replace(change.found, "")
        case "add_terms" if change.path:
            holder, name = _place(data, change.path)
            if holder is None:
                return None
            days = holder["valid_days"]
            holder[name] = {
                "zh": f"自领取之日起 {days} 天内有效；每次消费限用一份；不可兑换现金。",
                "en": f"Valid for {days} days from receipt; one per visit; not exchangeable for cash.",
            }
        case "set" if change.path:
            holder, name = _place(data, change.path)
            if holder is None or name not in holder:
                return None
            holder[name] = change.value
        case _:
            return None
    found, problems = read_definition(data)
    return None if problems else found


def _benefit_first(play: dict[str, Any]) -> bool:
    """Turn the play into one that thanks the newcomer at once and pays nobody for inviting."""
    settings: dict[str, Any] = play["settings"]
    if play["key"] == "assist":
        offer = settings.get("helper_offer") or settings["offer"]
    elif play["key"] == "referral":
        steps = [*settings.get("tiers", ()), *settings.get("decrease", ())]
        offer = settings.get("friend_offer") or (steps[0]["offer"] if steps else None)
    else:
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
