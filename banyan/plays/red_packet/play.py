"""The rule of red packets.

Who gets which share is decided by the packet, in order of arrival; a quest is somebody's passing
it on, and all it does is count the friends who came upon a share by it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from banyan.plays.disclosures import Disclosures, PacketTerms
from banyan.plays.effects import Count, Effect, Lose, Refuse, Win
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started
from banyan.plays.play import Act, Mechanism, Note, Problem, Standing
from banyan.plays.red_packet import described
from banyan.plays.red_packet.numbers import NUMBERS
from banyan.plays.red_packet.progress import RedPacketProgress
from banyan.plays.red_packet.settings import RedPacketSettings
from banyan.plays.words import Words, some

__all__ = ["GRABBED", "RedPacket"]

Outcome: TypeAlias = tuple[RedPacketProgress, list[Effect]]

GRABBED: Final = "grabbed"
"""The step of a friend who took a share through this link; `amount` is what they got."""

change = msgspec.structs.replace


class RedPacket:
    """One sum, cut into shares beforehand; whoever opens it first gets the next one."""

    key = "red_packet"
    name = Words("红包", "Red packet")
    summary = Words(
        "一笔现金提前分好若干份，先到先得；等额或拼手气，未领完的退回预算。",
        "Cash cut into shares beforehand, first come, first served; equal or by chance, and what "
        "is left returns to the budget.",
    )
    Settings = RedPacketSettings
    Progress = RedPacketProgress
    numbers = NUMBERS

    def react(
        self,
        settings: RedPacketSettings,  # noqa: ARG002 - the packet carries them out
        progress: RedPacketProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - a link lives as long as its campaign
    ) -> Outcome:
        """See `Play.react`. A quest is won by the first friend who takes a share through it."""
        match fact:
            case Started():
                if progress.starter is not None:
                    return progress, []
                if fact.quests_before:
                    return progress, [Refuse("cap_reached")]
                return RedPacketProgress(fact.by, fact.quest), []
            case Qualified(by, step, _, _, amount) if step == GRABBED:
                return _grabbed(progress, by == progress.starter, Count(by), amount)
            case CampaignEnded():
                return _closed(progress)
            case _:
                return progress, [Refuse("not_applicable")]

    def problems(self, settings: RedPacketSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: RedPacketSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return {"offer": settings.offer}

    def goods(self, settings: RedPacketSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: RedPacketSettings) -> list[Act]:  # noqa: ARG002 - the packet is all
        """See `Play.acts`."""
        return []

    def standing(
        self,
        settings: RedPacketSettings,  # noqa: ARG002 - as many as come
        progress: RedPacketProgress,
    ) -> Standing:
        """See `Play.standing`."""
        notes: tuple[Note, ...] = ()
        if progress.friends:
            friends, yuan = progress.friends, f"{progress.taken_minor / 100:.2f}"
            words = Words(
                f"{friends} 位朋友从您的链接领到红包，共 {yuan} 元",
                f"{some(friends, 'friend')} took {yuan} yuan through your link",
            )
            notes = (Note("friends_took", words, progress.taken_minor),)
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=(),
            deadline=None,
            notes=notes,
        )

    def rules(self, settings: RedPacketSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def disclosures(self, settings: RedPacketSettings) -> Disclosures:
        """See `Disclosing.disclosures`."""
        return Disclosures(
            packets=(PacketTerms("least_minor", settings.least_minor, settings.most_minor),)
        )

    def mechanisms(self, settings: RedPacketSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: RedPacketSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _grabbed(progress: RedPacketProgress, is_own: bool, count: Count, amount: int) -> Outcome:  # noqa: FBT001
    if progress.starter is None:
        return progress, [Refuse("not_applicable")]
    if is_own:
        return progress, [Refuse("own_quest")]
    if progress.is_over:
        return progress, [Refuse("quest_over")]
    counted = change(
        progress, friends=progress.friends + 1, taken_minor=progress.taken_minor + amount
    )
    if progress.state == "won":
        return counted, [count]
    return change(counted, state="won"), [count, Win()]


def _closed(progress: RedPacketProgress) -> Outcome:
    if progress.starter is None or progress.is_over:
        return progress, []
    if progress.state == "won":
        return change(progress, is_over=True), []
    return change(progress, is_over=True, state="lost"), [Lose("not_enough_people")]
