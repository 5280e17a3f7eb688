"""What is shown of acts: how far each is, and whether it can be done now."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from banyan.campaigns.acts import local_day, slot_of_day
from banyan.campaigns.views import GrantView, NoteView, OwnQuest, QuestActView, Twin
from banyan.kernel.work import Work
from banyan.plays import Act, Standing, Words

TAKEN = """
select quest_id, step, array_agg(slot) from quest_acts
where workspace_id = %s and quest_id = any(%b) group by 1, 2
"""

Slots = dict[UUID, dict[str, set[str]]]


class ActedView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an act, as its person sees it. A repeat is told what the first was told."""

    counted: bool
    reason: str | None
    message: Twin
    grants: list[GrantView]
    """What they were given for it."""
    quest: OwnQuest


class PassView(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a member of staff has before them, and what can be confirmed."""

    quest_id: UUID
    name_masked: str
    acts: list[QuestActView]


class StaffActedView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an act that a member of staff confirmed."""

    counted: bool
    reason: str | None
    message: Twin
    grants: list[GrantView]
    person: PassView


def slots_taken(work: Work, quest_ids: Sequence[UUID]) -> Slots:
    """Return, for each quest and step, the slots that are taken."""
    found: Slots = {}
    rows = work.driver.execute(TAKEN, (work.workspace_id, list(quest_ids)))
    for quest, step, slots in rows:
        found.setdefault(quest, {})[step] = set(slots)
    return found


def act_views(
    work: Work, acts: Sequence[Act], standing: Standing, taken: dict[str, set[str]]
) -> list[QuestActView]:
    """Return every act with how far it is; `taken` has the slots of this quest."""
    if not acts:
        return []
    today, stands = slot_of_day(local_day(work)), {one.step: one for one in standing.acts}
    told: list[QuestActView] = []
    for one in acts:
        slots, stand = taken.get(one.step, set[str]()), stands.get(one.step)
        is_free = {
            "once": not slots,
            "day": today not in slots,
            "times": one.most is None or len(slots) < one.most,
        }[one.every]
        told.append(
            QuestActView(
                step=one.step,
                label=twin(one.label),
                every=one.every,
                proof=one.proof,
                done=stand.done if stand else len(slots),
                most=stand.most if stand else one.most,
                is_open=is_free and (stand is None or stand.is_open),
            )
        )
    return told


def note_views(standing: Standing) -> list[NoteView]:
    """Return the further lines a phone shows."""
    return [NoteView(note.code, twin(note.words), note.value) for note in standing.notes]


def twin(words: Words) -> Twin:
    """Return a play's words as the API tells them."""
    return Twin(words.zh, words.en)
