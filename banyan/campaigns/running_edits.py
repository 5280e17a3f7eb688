"""Edits of a running campaign, judged before anything of them is kept.

Whoever saves one, asks for its review or signs for it goes through here, so that what is signed
for is what can be saved.
"""

from typing import Any, NamedTuple

import msgspec

from banyan.campaigns import refusals, reviews, stages
from banyan.campaigns.attesting import stamped
from banyan.campaigns.definition import Definition
from banyan.campaigns.edits import harms_of
from banyan.campaigns.judged_facts import Facts
from banyan.campaigns.legal_facts import facts_of
from banyan.campaigns.models import Campaign
from banyan.campaigns.publication_checks import must_bear_out
from banyan.campaigns.reviews import Review
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work

Data = dict[str, Any]


class JudgedEdit(NamedTuple):
    """An edit that may be saved once whatever has to be signed for is."""

    said: Data
    plan: Definition
    review: Review


def judged_edit(work: Work, campaign: Campaign, definition: Data) -> JudgedEdit:
    """Judge `definition` as an edit of `campaign`, which runs.

    Raises the refusals `definition_invalid`, `edit_not_favourable` (with every harm) and
    `blocked_by_rules`.
    """
    said = as_saved(work, campaign, definition)
    must_take_nothing(campaign, said)
    plan = reviews.complete(said)
    must_bear_out(work, plan)
    return JudgedEdit(
        said, plan, reviews.allowed(work, campaign, plan, edit_facts(work, campaign, plan))
    )


def must_take_nothing(campaign: Campaign, said: Data) -> None:
    """Raise `edit_not_favourable`, with every harm, when participants would lose something."""
    harms = harms_of(campaign.definition, said)
    if harms:
        raise Refused(
            refusals.EDIT_NOT_FAVOURABLE,
            count=len(harms),
            problems=[harm._asdict() for harm in harms],
        )


def must_run(campaign: Campaign, step: str) -> None:
    """Raise `step_not_possible` unless `campaign` is announced and not over."""
    if campaign.state not in stages.RUNNING:
        raise Refused(refusals.STEP_NOT_POSSIBLE, state=campaign.state, step=step)


def as_saved(work: Work, campaign: Campaign, definition: Data) -> Data:
    """Return `definition` as it would be kept: complete, with every answer signed by who saves."""
    plan = reviews.shaped(definition)
    # As JSON has it, and as it will be read again: a tuple is a list.
    said: Data = msgspec.json.decode(msgspec.json.encode(plan))
    return stamped(campaign.definition, said, str(work.actor), work.now)


def edit_facts(work: Work, campaign: Campaign, plan: Definition) -> Facts:
    """Return what is known of `campaign` with `plan` as its newest version.

    The text is written anew with that version, so it cannot differ from what is done.
    """
    facts = facts_of(work, campaign, plan)
    return msgspec.structs.replace(facts, rules_shown="", rules_executed="")
