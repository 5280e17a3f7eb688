"""Attestations: what the merchant answers for, with who said it and when.

The judge asks what no machine can know; an answer holds for what it was given about and lapses
when that changes. Whoever saves a definition is written down as who answered, whatever the
definition says of it.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

import msgspec

from banyan.campaigns.definition import Definition
from banyan.compliance import QUESTIONS

__all__ = ["about", "answers_of", "stamped", "with_answer"]

Data = dict[str, Any]

ABOUT_LETTERS: Final = 16


def about(definition: Data, question: str) -> str:
    """Return what an answer is about, as a fingerprint; "" for the campaign as a whole."""
    if question != "gift_worth":
        return ""
    gifts = [
        [offer["key"], offer["name"]["zh"], offer["value_minor"]]
        for offer in definition["offers"]
        if offer["kind"] == "gift"
    ]
    return sha256(msgspec.json.encode(gifts)).hexdigest()[:ABOUT_LETTERS]


def answers_of(definition: Definition) -> tuple[str, ...]:
    """Return the questions that are answered for as the definition stands."""
    said: Data = msgspec.to_builtins(definition)
    answered = {(one.question, one.about) for one in definition.attestations}
    return tuple(key for key in QUESTIONS if (key, about(said, key)) in answered)


def with_answer(data: Data, question: str) -> bool:
    """Answer `question` in a definition's data; False when there is no such question."""
    if question not in QUESTIONS:
        return False
    others = [one for one in data.get("attestations", ()) if one["question"] != question]
    fresh = {"question": question, "about": about(data, question), "by": "", "at": None}
    data["attestations"] = [*others, fresh]
    return True


def stamped(before: Data | None, said: Data, by: str, at: datetime) -> Data:
    """Return `said` with every answer signed: as it was signed before, or by who saves it now."""
    known = {
        (one["question"], one["about"]): one
        for one in cast("list[Data]", (before or {}).get("attestations", ()))
    }
    signed: list[Data] = []
    for one in cast("list[Data]", said.get("attestations", ())):
        kept = known.get((one["question"], one["about"]))
        signed.append(kept or one | {"by": by, "at": at.isoformat()})
    return said | {"attestations": signed}
