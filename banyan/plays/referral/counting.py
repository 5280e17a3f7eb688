"""A friend counts, or no longer does: what that earns the inviter, and what it takes back."""

from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from banyan.plays.effects import Effect, Reverse, Reward, Win, Withhold
from banyan.plays.referral import described
from banyan.plays.referral.progress import ReferralProgress
from banyan.plays.referral.settings import ReferralSettings

__all__ = ["EACH", "Outcome", "counted", "uncounted"]

Outcome: TypeAlias = tuple[ReferralProgress, list[Effect]]

EACH: Final = "each"


def counted(
    settings: ReferralSettings, progress: ReferralProgress, starter: UUID, quest: UUID, cause: UUID
) -> Outcome:
    """Count one more friend; `cause` names the reward for this one alone."""
    people = progress.people + 1
    given, held, state = progress.given, progress.held, progress.state
    effects: list[Effect] = []
    for rule, offer, of in _earned(settings, progress, people, cause, quest):
        if given == settings.reward_cap_per_person:
            effects.append(Withhold(rule, starter, "cap_reached", of))
            continue
        given += 1
        effects.append(Reward(rule, starter, offer, of))
        if rule != EACH:
            held = (*held, rule)
    if state == "open" and _is_top(settings, people):
        state = "won"
        effects.append(Win())
    changed = ReferralProgress(
        starter,
        quest,
        people,
        given,
        state,
        is_over=progress.is_over,
        deadline=progress.deadline,
        held=held,
        lost_tiers=progress.lost_tiers,
        friends=progress.friends,
    )
    return changed, effects


def uncounted(
    settings: ReferralSettings, progress: ReferralProgress, starter: UUID, quest: UUID, cause: UUID
) -> Outcome:
    """Take back what this friend had earned; what the cap counted stays counted."""
    effects: list[Effect] = []
    held, lost = progress.held, progress.lost_tiers
    gone = [rule for rule in held if described.people_of(rule) == progress.people]
    if gone:
        effects.extend(Reverse(rule, starter, quest) for rule in gone)
        held = tuple(rule for rule in held if rule not in gone)
        lost += 1
    if settings.decrease:
        effects.append(Reverse(EACH, starter, cause))
    changed = msgspec.structs.replace(
        progress, people=progress.people - 1, held=held, lost_tiers=lost
    )
    return changed, effects


def _earned(
    settings: ReferralSettings, progress: ReferralProgress, people: int, cause: UUID, quest: UUID
) -> list[tuple[str, str, UUID]]:
    """Return what the inviter earns by the `people`-th person: rule, offer, cause."""
    earned = [
        (described.tier_rule(people, progress.lost_tiers), tier.offer, quest)
        for tier in settings.tiers
        if tier.people == people
    ]
    if settings.decrease:
        offer = described.offer_for_each(settings, people)
        if offer is not None:
            earned.append((EACH, offer, cause))
    return earned


def _is_top(settings: ReferralSettings, people: int) -> bool:
    """Whether nothing more can be earned; a reward for each person never comes to an end."""
    return bool(settings.tiers) and not settings.decrease and people == settings.tiers[-1].people
