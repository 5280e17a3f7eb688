"""Edits of a running campaign: what was announced may only change in the participants' favour.

Pure. Compares two definitions as data and names every change that would take something away
(LAW-08, 规范促销行为暂行规定 13). Words, pictures, targets and notes may change freely.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from banyan.plays import PLAYS, UNDO_DAYS, WAIT_DAYS

Data = dict[str, Any]


class Harm(NamedTuple):
    """One change that is not in the participants' favour: where, and why."""

    path: str
    zh: str
    en: str


def harms_of(before: Data, after: Data) -> list[Harm]:
    """Return every change from `before` to `after` that participants would lose by."""
    return [
        *_changed(before, after),
        *_period(before["period"], after["period"]),
        *_budget(before["budget"], after["budget"]),
        *_removed("surfaces", before, after),
        *_removed("channels", before, after),
        *_offers(before["offers"], after["offers"]),
        *_goods(before.get("goods", []), after.get("goods", [])),
        *_settings(before["play"], after["play"]),
    ]


def _changed(before: Data, after: Data) -> Iterator[Harm]:
    if before["terms"] != after["terms"] and any(after["terms"].values()):
        yield Harm("terms", "公布后不能改动活动条款", "The terms bind once announced")
    if before["host"]["name"] != after["host"]["name"]:
        yield Harm("host.name", "公布后不能更换主办方", "The host cannot change once announced")
    if after["attribution_days"] < before["attribution_days"]:
        yield Harm("attribution_days", "归因天数只能延长", "The attribution window may only grow")


def _period(before: Data, after: Data) -> Iterator[Harm]:
    if _moment(after["ends_at"]) < _moment(before["ends_at"]):
        yield Harm("period.ends_at", "结束时间只能延后", "The end may only move later")
    was, now = before["starts_at"], after["starts_at"]
    if (was and _moment(was)) != (now and _moment(now)):
        yield Harm("period.starts_at", "公布后不能改开始时间", "The start binds once announced")


def _budget(before: Data, after: Data) -> Iterator[Harm]:
    if after["total_minor"] < before["total_minor"]:
        yield Harm("budget.total_minor", "总预算只能增加", "The budget may only grow")
    if _is_less(after["per_day_minor"], before["per_day_minor"]):
        yield Harm("budget.per_day_minor", "每日预算只能增加", "The day's budget may only grow")


def _removed(field: str, before: Data, after: Data) -> Iterator[Harm]:
    for gone in sorted(set(before[field]) - set(after[field])):
        yield Harm(field, f"不能移除 {gone}", f"{gone} cannot be taken away")


def _offers(before: list[Data], after: list[Data]) -> Iterator[Harm]:
    later = {offer["key"]: (place, offer) for place, offer in enumerate(after)}
    for old in before:
        if old["key"] not in later:
            yield Harm(
                "offers", f"不能取消奖品 {old['key']}", f"The offer {old['key']} was promised"
            )
            continue
        place, new = later[old["key"]]
        at = f"offers.{place}"
        if new["kind"] != old["kind"]:
            yield Harm(f"{at}.kind", "不能更换奖品种类", "The kind of an offer binds")
        for field in ("value_minor", "points", "valid_days"):
            if new[field] < old[field]:
                yield Harm(f"{at}.{field}", "奖品只能变好", "An offer may only become better")
        if _is_less(new["quantity"], old["quantity"]):
            yield Harm(f"{at}.quantity", "奖品数量只能增加", "The quantity may only grow")
        yield from _use(at, old, new)
        if new["terms"] != old["terms"] and any(new["terms"].values()):
            yield Harm(f"{at}.terms", "不能改动奖品的使用条件", "The terms of an offer bind")


def _use(at: str, old: Data, new: Data) -> Iterator[Harm]:
    for field in ("coupon", "level_key"):
        if new.get(field) != old.get(field):
            yield Harm(f"{at}.{field}", "奖品的用法不能改", "How an offer is used binds")
    if _is_less(new.get("per_person"), old.get("per_person")):
        yield Harm(f"{at}.per_person", "每人限领只能放宽", "The limit per person may only grow")


def _goods(before: list[Data], after: list[Data]) -> Iterator[Harm]:
    later = {good["key"]: (place, good) for place, good in enumerate(after)}
    for old in before:
        place, new = later.get(old["key"], (0, None))
        if new is None:
            yield Harm("goods", f"不能取消商品 {old['key']}", f"{old['key']} is on sale")
        elif new["sku_id"] != old["sku_id"]:
            yield Harm(f"goods.{place}.sku_id", "公布后不能更换商品", "What is sold binds")


def _settings(before: Data, after: Data) -> Iterator[Harm]:
    if before["key"] != after["key"]:
        yield Harm("play.key", "公布后不能更换玩法", "The play cannot change once announced")
        return
    old, new = _filled(before), _filled(after)
    for field in sorted(old.keys() | new.keys()):
        was, now = old.get(field), new.get(field)
        if was == now:
            continue
        judge = _FAVOURABLE.get(field)
        if judge is None or not judge(was, now):
            yield Harm(
                f"play.settings.{field}",
                "这项改动会让参与者吃亏，公布后不能改",
                "Participants would lose by this change",
            )


def _filled(play: Data) -> Data:
    """Return the settings with the default of whatever they leave out."""
    said = {
        field.encode_name: msgspec.to_builtins(field.default)
        for field in msgspec.structs.fields(PLAYS[play["key"]].Settings)
        if field.default is not msgspec.NODEFAULT
    }
    # As JSON has them: an empty tuple and an empty list say the same.
    filled: Data = msgspec.json.decode(msgspec.json.encode(said | play["settings"]))
    return filled


def _days(said: int | None, otherwise: int) -> int:
    return otherwise if said is None else said


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _is_less(now: int | None, was: int | None) -> bool:
    """Whether `now` allows less than `was`, where None is no limit at all."""
    return now is not None and (was is None or now < was)


def _tiers_kept(was: list[Data] | None, now: list[Data] | None) -> bool:
    """Every promised prize is still there, for as many people or fewer."""
    return all(any(_is_no_worse(new, old) for new in now or []) for old in was or [])


def _is_no_worse(new: Data, old: Data) -> bool:
    """Whether a step gives the same prize, or a price as low, for as many people or fewer."""
    if new["people"] > old["people"]:
        return False
    if "price_minor" in old:
        return new["price_minor"] <= old["price_minor"]
    return new["offer"] == old["offer"]


_FAVOURABLE: dict[str, Callable[[Any, Any], bool]] = {
    "tiers": _tiers_kept,
    "friend_offer": lambda was, now: was is None and now is not None,
    "helper_offer": lambda was, now: was is None and now is not None,
    "reward_cap_per_person": lambda was, now: not _is_less(now, was),
    "helps_per_person": lambda was, now: not _is_less(now, was),
    "quests_per_person": lambda was, now: not _is_less(now, was),
    "hours_to_finish": lambda was, now: not _is_less(now, was),
    "helpers_needed": lambda was, now: now < was,
    "new_people_only": lambda was, now: was and not now,
    "decrease": lambda _was, now: not now,
    "leader_offer": lambda was, now: was is None and now is not None,
    "hours_to_fill": lambda was, now: not _is_less(now, was),
    "teams_per_person": lambda was, now: not _is_less(now, was),
    "most_per_order": lambda was, now: not _is_less(now, was),
    "quantity": lambda was, now: not _is_less(now, was),
    "birthday_days": lambda was, now: not _is_less(now, was),
    "newcomers_only": lambda was, now: was and not now,
    "per_person": lambda was, now: not _is_less(now, was),
    "price_minor": lambda was, now: now < was,
    "counts_when": lambda _was, now: now == "registered",
    "wait_days": lambda was, now: _days(now, WAIT_DAYS) < _days(was, WAIT_DAYS),
    "undo_days": lambda was, now: _days(now, UNDO_DAYS) < _days(was, UNDO_DAYS),
    "least_order_minor": lambda was, now: now is None or _is_less(now, was),
}
"""By the setting's name: whether the change from the first value to the second is a gain."""
