"""The rule of in-store campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.effects import Effect, Reward, Win
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started, Supported, Withdrawn
from banyan.plays.in_store import described
from banyan.plays.in_store.numbers import NUMBERS
from banyan.plays.in_store.progress import InStoreProgress
from banyan.plays.in_store.settings import InStoreSettings
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing, Tier
from banyan.plays.words import Words, some

__all__ = ["WRONG_CODES_MOST", "InStore"]

Outcome: TypeAlias = tuple[InStoreProgress, list[Effect]]

WRONG_CODES_MOST: Final = 10
"""After so many wrong codes nobody goes on guessing."""


class InStore:
    """Scan in the store, have visits confirmed by the staff, be handed what they earned."""

    key = "in_store"
    name = Words("到店有礼", "In store")
    summary = Words(
        "到店扫码得礼，店员确认到店集章，满次数由店员当面核销。",
        "Scan in the store, collect visits the staff confirm, and be handed what they earn.",
    )
    Settings = InStoreSettings
    Progress = InStoreProgress
    numbers = NUMBERS

    def react(
        self,
        settings: InStoreSettings,
        progress: InStoreProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - the day comes in with the fact
    ) -> Outcome:
        """See `Play.react`. One visit a day counts, by the merchant's own calendar."""
        match fact:
            case Started():
                return own.started(progress, fact)
            case Supported():
                return own.greeted(progress, fact, settings.friend_offer)
            case Withdrawn():
                return own.left(progress, fact, settings.friend_offer)
            case CampaignEnded():
                return own.ended(progress, has_done=progress.has_scanned or progress.visits > 0)
            case Qualified():
                return _acted(settings, progress, fact)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: InStoreSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: InStoreSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: InStoreSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: InStoreSettings) -> list[Act]:
        """See `Play.acts`."""
        return described.acts(settings)

    def worth(self, settings: InStoreSettings, step: str, proof: str) -> int:
        """See `Weighing.worth`."""
        return int(step == described.SCANNED and own.same_code(proof, settings.store_code))

    def public_settings(self, settings: InStoreSettings) -> dict[str, Any]:
        """See `Secretive.public_settings`: all but the store's code."""
        told: dict[str, Any] = msgspec.to_builtins(settings)
        del told["store_code"]
        return told

    def standing(self, settings: InStoreSettings, progress: InStoreProgress) -> Standing:
        """See `Play.standing`."""
        is_on = progress.starter is not None and not progress.is_over
        most, scanned = described.most_visits(settings), int(progress.has_scanned)
        waiting = len(progress.earned) - progress.redeemed
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=tuple(
                Tier(one.visits, one.offer, one.visits in progress.earned)
                for one in settings.stamps
            ),
            deadline=None,
            acts=(
                ActStanding(
                    described.SCANNED,
                    scanned,
                    1,
                    is_on and not scanned and progress.wrong < WRONG_CODES_MOST,
                ),
                ActStanding(
                    described.VISITED, progress.visits, most, is_on and progress.visits < most
                ),
                ActStanding(
                    described.REDEEMED,
                    progress.redeemed,
                    len(settings.stamps),
                    is_on and waiting > 0,
                ),
            ),
            notes=(
                Note(
                    "visits",
                    Words(f"已到店 {progress.visits} 次", f"{some(progress.visits, 'visit')}"),
                    progress.visits,
                ),
                Note(
                    "waiting",
                    Words(f"待核销 {waiting} 份", f"{waiting} to be handed over"),
                    waiting,
                ),
            ),
        )

    def rules(self, settings: InStoreSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: InStoreSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: InStoreSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _acted(settings: InStoreSettings, progress: InStoreProgress, fact: Qualified) -> Outcome:
    quest = progress.quest
    if (refusal := own.act_refusal(progress, fact.by)) or quest is None:
        return progress, [refusal or own.NOT_APPLICABLE]
    match fact.step:
        case described.SCANNED:
            return _scanned(settings, progress, fact)
        case described.VISITED:
            return _visited(settings, progress, fact)
        case described.REDEEMED:
            if progress.redeemed >= len(progress.earned):
                return progress, [own.TOO_EARLY]
            return msgspec.structs.replace(progress, redeemed=progress.redeemed + 1), []
        case _:
            return progress, [own.NOT_APPLICABLE]


def _scanned(settings: InStoreSettings, progress: InStoreProgress, fact: Qualified) -> Outcome:
    quest = progress.quest
    if progress.has_scanned or quest is None:
        return progress, [own.DONE]
    if progress.wrong >= WRONG_CODES_MOST:
        return progress, [own.NO_CHANCE]
    if fact.amount < 1:
        return msgspec.structs.replace(progress, wrong=progress.wrong + 1), [own.WRONG]
    effects: list[Effect] = []
    if settings.scan_offer is not None:
        effects.append(Reward("scan", fact.by, settings.scan_offer, quest))
    return msgspec.structs.replace(progress, has_scanned=True), effects


def _visited(settings: InStoreSettings, progress: InStoreProgress, fact: Qualified) -> Outcome:
    quest = progress.quest
    if fact.amount <= progress.last or quest is None:
        return progress, [own.DONE]
    most = described.most_visits(settings)
    if progress.visits >= most:
        return progress, [own.CAP]
    visits = progress.visits + 1
    reached = [one for one in settings.stamps if one.visits == visits]
    effects: list[Effect] = [
        Reward(f"stamp:{one.visits}", fact.by, one.offer, quest) for one in reached
    ]
    earned = (*progress.earned, *(one.visits for one in reached))
    changed = msgspec.structs.replace(progress, visits=visits, last=fact.amount, earned=earned)
    if visits == most and progress.state == "open":
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects
