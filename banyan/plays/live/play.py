"""The rule of live rooms."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.disclosures import Disclosures
from banyan.plays.drawing import Draws
from banyan.plays.effects import Effect, Reward, Win
from banyan.plays.facts import (
    CampaignEnded,
    Fact,
    Qualified,
    Started,
    Supported,
    Withdrawn,
)
from banyan.plays.live import described
from banyan.plays.live.numbers import NUMBERS
from banyan.plays.live.progress import LiveProgress
from banyan.plays.live.settings import LiveSettings
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing
from banyan.plays.words import Words

__all__ = ["WRONG_CODES_MOST", "Live"]

Outcome: TypeAlias = tuple[LiveProgress, list[Effect]]

WRONG_CODES_MOST: Final = 10
"""After so many wrong codes nobody goes on guessing."""


class Live:
    """The room's code proves having entered: a coupon for all, a draw for those who stay."""

    key = "live"
    name = Words("直播福利", "Live room")
    summary = Words(
        "进直播间输入暗号得券，看够时间人人可抽奖；概率和数量公示。",
        "Type the code of the live room for a coupon; who stays draws, at published odds.",
    )
    Settings = LiveSettings
    Progress = LiveProgress
    numbers = NUMBERS

    def react(
        self, settings: LiveSettings, progress: LiveProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. A prize of which none is left is drawn as no prize."""
        match fact:
            case Started():
                return own.started(progress, fact)
            case Supported():
                return own.greeted(progress, fact, settings.friend_offer)
            case Withdrawn():
                return own.left(progress, fact, settings.friend_offer)
            case CampaignEnded():
                return own.ended(progress, has_done=progress.entered_at is not None)
            case Qualified():
                return _acted(settings, progress, fact, now)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: LiveSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: LiveSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: LiveSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: LiveSettings) -> list[Act]:
        """See `Play.acts`."""
        return described.acts(settings)

    def worth(self, settings: LiveSettings, step: str, proof: str) -> int:
        """See `Weighing.worth`."""
        return int(step == described.ENTERED and own.same_code(proof, settings.room_code))

    def public_settings(self, settings: LiveSettings) -> dict[str, Any]:
        """See `Secretive.public_settings`: all but the room's code."""
        told: dict[str, Any] = msgspec.to_builtins(settings)
        del told["room_code"]
        return told

    def standing(self, settings: LiveSettings, progress: LiveProgress) -> Standing:
        """See `Play.standing`."""
        is_on = progress.starter is not None and not progress.is_over
        has_entered, most = progress.entered_at is not None, settings.draws_per_person
        acts = [
            ActStanding(
                described.ENTERED,
                int(has_entered),
                1,
                is_on and not has_entered and progress.wrong < WRONG_CODES_MOST,
            )
        ]
        if settings.prizes:
            done = len(progress.won)
            acts.append(
                ActStanding(described.DREW, done, most, is_on and has_entered and done < most)
            )
        notes: list[Note] = []
        if progress.entered_at is not None and settings.prizes:
            opens = progress.entered_at + timedelta(minutes=settings.watch_minutes)
            notes.append(
                Note(
                    "draw_from",
                    Words("看够时间后可抽奖", "You can draw after watching long enough"),
                    int(opens.timestamp()),
                )
            )
        if progress.won:
            notes.append(_drawn(progress.won[-1]))
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=(),
            deadline=None,
            acts=tuple(acts),
            notes=tuple(notes),
        )

    def rules(self, settings: LiveSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: LiveSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def disclosures(self, settings: LiveSettings) -> Disclosures:
        """See `Disclosing.disclosures`."""
        return described.disclosures(settings)

    def draws(self, settings: LiveSettings) -> Draws | None:
        """See `Drawing.draws`."""
        return described.draws(settings)

    def most_cost(self, settings: LiveSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _drawn(offer: str) -> Note:
    if offer:
        return Note("won", Words("恭喜中奖，奖品已放入您的奖品", "You won: see your rewards"), 1)
    return Note("no_prize", Words("这次没有中奖", "No prize this time"), 0)


def _acted(
    settings: LiveSettings, progress: LiveProgress, fact: Qualified, now: datetime
) -> Outcome:
    if refusal := own.act_refusal(progress, fact.by):
        return progress, [refusal]
    if fact.step == described.ENTERED:
        return _entered(settings, progress, fact, now)
    if fact.step == described.DREW and settings.prizes:
        return _drew(settings, progress, fact, now)
    return progress, [own.NOT_APPLICABLE]


def _entered(
    settings: LiveSettings, progress: LiveProgress, fact: Qualified, now: datetime
) -> Outcome:
    quest = progress.quest
    if progress.entered_at is not None or quest is None:
        return progress, [own.DONE]
    if progress.wrong >= WRONG_CODES_MOST:
        return progress, [own.NO_CHANCE]
    if fact.amount < 1:
        return msgspec.structs.replace(progress, wrong=progress.wrong + 1), [own.WRONG]
    effects: list[Effect] = []
    if settings.enter_offer is not None:
        effects.append(Reward("enter", fact.by, settings.enter_offer, quest))
    changed = msgspec.structs.replace(progress, entered_at=now)
    if not settings.prizes and progress.state == "open":
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects


def _drew(
    settings: LiveSettings, progress: LiveProgress, fact: Qualified, now: datetime
) -> Outcome:
    if progress.entered_at is None:
        return progress, [own.TOO_EARLY]
    if now < progress.entered_at + timedelta(minutes=settings.watch_minutes):
        return progress, [own.TOO_EARLY]
    if len(progress.won) >= settings.draws_per_person:
        return progress, [own.NO_CHANCE]
    offer = prize_of(settings, fact.luck)
    if offer in fact.exhausted:
        offer = ""
    effects: list[Effect] = [Reward("draw", fact.by, offer, fact.cause)] if offer else []
    changed = msgspec.structs.replace(progress, won=(*progress.won, offer))
    if len(changed.won) == settings.draws_per_person and progress.state == "open":
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects


def prize_of(settings: LiveSettings, luck: int) -> str:
    """Return the offer that `luck` draws, "" for none: the published odds in their order."""
    drawn = described.draws(settings)
    return drawn.prize_of(luck) if drawn is not None else ""
