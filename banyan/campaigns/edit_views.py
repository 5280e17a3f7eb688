"""What a merchant reads of an edit of a running campaign before it is saved."""

from datetime import datetime
from typing import Any

import msgspec

from banyan.campaigns.signature_views import SignOff


class AskedEdit(msgspec.Struct, frozen=True, kw_only=True):
    """An edit that waits: put each value of `changes` at its path in the definition."""

    by: str
    is_mine: bool
    at: datetime
    changes: list[dict[str, Any]]


class HarmView(msgspec.Struct, frozen=True, kw_only=True):
    """What participants would lose by an edit: where, and why it cannot be saved."""

    path: str
    zh: str
    en: str


class EditView(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of an edit. `changes`: what it changes; it is saved when nothing stands against it."""

    verdict: dict[str, Any]
    worst_case: dict[str, Any]
    rules: dict[str, list[str]]
    problems: list[dict[str, Any]]
    harms: list[HarmView]
    changes: list[dict[str, Any]]
    sign_off: SignOff | None
    """None while the definition has not the shape of one."""
