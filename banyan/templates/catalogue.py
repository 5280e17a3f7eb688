"""Read the template files."""

import copy
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

__all__ = ["Expected", "Industry", "Pack", "PackStep", "Said", "Template", "packs", "templates"]


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in both languages."""

    zh: str
    en: str


class Industry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trade a template is made for."""

    key: str
    zh: str
    en: str


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may come of it. `basis` says whether somebody measured it or we assume it.

    The share rate is sharers ÷ participants, the conversion rate new people ÷ sharers (it may exceed
    the whole), both in basis points; K is their product, in hundredths. `source` names who measured.
    """

    basis: Literal["assumption", "source"]
    share_rate_bps: int
    conversion_rate_bps: int
    k_hundredths: int
    note: Said
    source: str = ""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign to start from. It runs for `days` days from the moment it is taken."""

    key: str
    industry: Industry
    goal: str
    name: Said
    summary: Said
    best_practice: Said
    days: int
    fields_to_review: tuple[str, ...]
    expected: Expected
    definition: dict[str, Any]

    @property
    def play(self) -> str:
        """The key of its play."""
        return str(self.definition["play"]["key"])

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The surfaces it claims."""
        return tuple(self.definition["surfaces"])

    def definition_at(self, now: datetime) -> dict[str, Any]:
        """Return a definition of its own, complete, ending `days` days after `now` on the hour."""
        data = copy.deepcopy(self.definition)
        ends = (now + timedelta(days=self.days)).replace(minute=0, second=0, microsecond=0)
        data["period"] = {"starts_at": None, "ends_at": ends.isoformat()}
        return data


class PackStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One campaign of a pack, and when its turn comes."""

    template: str
    when: Said


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What works together in one trade: campaigns in the order they are run, and why."""

    industry: str
    name: Said
    advice: Said
    steps: tuple[PackStep, ...]


@cache
def templates() -> dict[str, Template]:
    """Return every template by its key, in the order of trades and keys.

    A file lies in the folder of its trade and has the name of its key.
    """
    found: dict[str, Template] = {}
    for folder in sorted((_DATA / "trades").iterdir(), key=lambda one: one.name):
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            template = msgspec.toml.decode(entry.read_bytes(), type=Template)
            if (template.industry.key, f"{template.key}.toml") != (folder.name, entry.name):
                msg = f"{folder.name}/{entry.name} holds the template {template.key!r}"
                raise ValueError(msg)
            found[template.key] = template
    return found


@cache
def packs() -> dict[str, Pack]:
    """Return the pack of each trade, by the key of the trade."""
    found = msgspec.toml.decode((_DATA / "packs.toml").read_bytes(), type=dict[str, list[Pack]])
    return {pack.industry: pack for pack in found["packs"]}


_DATA = files("banyan.templates") / "data"
