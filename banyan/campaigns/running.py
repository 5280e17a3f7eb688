"""Running plays: quests in hand are told facts in turn, and written once at the end.

The play decides, this module does what it says: progress, rewards, wake-ups, wins and losses. A
fact counts only if everything it earns can be given; otherwise nothing of it happens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from banyan import rewards
from banyan.campaigns import events, order_effects
from banyan.campaigns.order_effects import SendBack
from banyan.campaigns.quest_rows import KEEP, WAKE, WRITE
from banyan.campaigns.quests_in_hand import QuestInHand
from banyan.campaigns.reward_words import reward_words
from banyan.kernel.events import Event, record
from banyan.kernel.work import Work
from banyan.plays import (
    CampaignEnded,
    Commission,
    ConfirmOrders,
    Count,
    Fact,
    Lose,
    MoveOrder,
    Ordered,
    Qualified,
    Refunded,
    RefundOrders,
    Refuse,
    Released,
    Reverse,
    Reward,
    SetPrice,
    TimePassed,
    Vest,
    WakeAt,
    Win,
    Withhold,
)
from banyan.rewards import AskedTill, GrantOutcome, GrantRequest, ReverseRequest, Till, VestRequest

IRREVERSIBLE = (Ordered, Released, Refunded, TimePassed, CampaignEnded)
"""Facts that count even when what they earn cannot be given: money has moved, or time has."""


class UnknownEffectError(RuntimeError):
    """A play asks for something no package here can do."""


class Given(NamedTuple):
    """A reward of a fact, with what its person is told."""

    request: GrantRequest
    outcome: GrantOutcome
    expires_at: datetime


class Told(NamedTuple):
    """What became of a fact."""

    reason: str | None
    """Why it did not count; None when it did."""
    given: tuple[Given, ...] = ()


encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Running:
    """Facts told to quests in hand, and what came of them. Write it with `close`, once."""

    work: Work
    till: Till
    wakes: list[tuple[UUID, datetime]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    reversals: list[ReverseRequest] = field(default_factory=list)
    vestings: list[VestRequest] = field(default_factory=list)
    changed: dict[UUID, QuestInHand] = field(default_factory=dict)
    confirmed: list[UUID] = field(default_factory=list)
    sent_back: list[SendBack] = field(default_factory=list)
    moving: list[UUID] = field(default_factory=list)
    """Orders for which another quest is to be found: whoever tells payments looks for it."""
    decided: set[UUID] = field(default_factory=set)
    kept: list[tuple[UUID, int, str]] = field(default_factory=list)

    def tell(self, quest: QuestInHand, fact: Fact, evidence: UUID | None = None) -> Told:
        """Ask the play what `fact` means for `quest` and do it, in memory.

        `evidence` is the record the fact stands for, None the quest itself; rewards name it, with
        the fact.
        """
        work = self.work
        plan = quest.plan
        progress, effects = plan.play.react(plan.version.settings, quest.progress, fact, work.now)
        asked = [effect for effect in effects if isinstance(effect, Reward | Commission)]
        given: tuple[Given, ...] = ()
        if asked:
            is_done = isinstance(fact, IRREVERSIBLE)
            reason, given = self._reward(quest, asked, evidence, is_done=is_done)
            if reason:
                return self._without(quest, fact, evidence, asked) or Told(reason)
        reason = None
        for effect in effects:
            if isinstance(effect, Refuse):
                reason = effect.reason
            elif not isinstance(effect, Count | Reward | Commission):
                self._do(quest, effect)
        # What asks for anything is kept, also when it is refused: its orders may go back for it.
        if progress is not quest.progress or len(effects) > (reason is not None):
            quest.facts += 1
            self.kept.append((quest.id, quest.facts, encode(fact).decode()))
            self.changed[quest.id] = quest
        if progress is not quest.progress:
            quest.progress, quest.standing = progress, None
        return Told(reason, given)

    def _without(
        self,
        quest: QuestInHand,
        fact: Fact,
        evidence: UUID | None,
        asked: Sequence[Reward | Commission],
    ) -> Told | None:
        """Tell an act again with the offers it wanted and of which none is left.

        None: nothing has run out, or the play knows no other answer.
        """
        if not isinstance(fact, Qualified):
            return None
        gone = {effect.offer for effect in asked} & self.till.exhausted(quest.campaign_id)
        if gone <= set(fact.exhausted):
            return None
        exhausted = tuple(sorted(gone | set(fact.exhausted)))
        return self.tell(quest, msgspec.structs.replace(fact, exhausted=exhausted), evidence)

    def _reward(
        self,
        quest: QuestInHand,
        asked: Sequence[Reward | Commission],
        evidence: UUID | None,
        *,
        is_done: bool,
    ) -> tuple[str | None, tuple[Given, ...]]:
        """Give all that is asked, or nothing and the reason why.

        What `is_done` cannot be refused: then what cannot be given is withheld.
        """
        till, mark = self.till, self.till.mark()
        given: list[Given] = []
        for effect in asked:
            words = reward_words(effect.rule)
            request = GrantRequest(
                quest.campaign_id,
                effect.rule,
                effect.to,
                effect.cause,
                effect.offer,
                words.zh,
                words.en,
                quest.version_number,
                evidence or quest.id,
                effect.amount_minor,
                is_held=isinstance(effect, Commission),
                held_until=effect.held_until if isinstance(effect, Commission) else None,
                channel=quest.channel,
                quest_id=quest.id,
                fact_nth=quest.facts + 1,
            )
            outcome = till.grant(request)
            if outcome.status != "refused":
                days = outcome.offer.valid_days if outcome.offer else 0
                given.append(Given(request, outcome, self.work.now + timedelta(days=days)))
            elif is_done or outcome.reason == "person_cap_reached":
                self._withheld(quest, effect.to, effect.rule, outcome.reason or "", effect.offer)
            else:
                till.back_to(mark)
                return outcome.reason, ()
        return None, tuple(given)

    def _withheld(
        self, quest: QuestInHand, to: UUID, rule: str, reason: str, offer: str = ""
    ) -> None:
        self.events.append(
            rewards.Refused(
                campaign_id=quest.campaign_id,
                beneficiary_person_id=to,
                offer_key=offer,
                rule=rule,
                reason=reason,
            )
        )

    def _do(self, quest: QuestInHand, effect: object) -> None:
        match effect:
            case Win():
                self._decide(quest, "won")
                won = events.QuestWon(
                    campaign_id=quest.campaign_id, quest_id=quest.id, person_id=quest.owner_id
                )
                self.events.append(won)
            case Lose(reason):
                self._decide(quest, "lost")
                lost = events.QuestLost(
                    campaign_id=quest.campaign_id,
                    quest_id=quest.id,
                    person_id=quest.owner_id,
                    reason=reason,
                )
                self.events.append(lost)
            case WakeAt(at):
                self.wakes.append((quest.id, at))
            case Withhold(rule, to, reason, _):
                self._withheld(quest, to, rule, reason)
            case Reverse(rule, to, cause, keep_minor):
                self.reversals.append(
                    ReverseRequest(quest.campaign_id, rule, to, cause, "withdrawn", keep_minor)
                )
            case Vest(rule, to, cause, at):
                self.vestings.append(VestRequest(quest.campaign_id, rule, to, cause, at))
            case ConfirmOrders() | RefundOrders() | MoveOrder():
                self._do_with_orders(effect)
            case SetPrice():
                # The quest's standing says the price; whoever buys is asked for that.
                pass
            case _:
                raise UnknownEffectError(effect)

    def _do_with_orders(self, effect: ConfirmOrders | RefundOrders | MoveOrder) -> None:
        match effect:
            case ConfirmOrders(orders):
                self.confirmed += orders
            case RefundOrders(orders, rule, amount_minor):
                self.sent_back += [SendBack(order, rule, amount_minor) for order in orders]
            case MoveOrder(order):
                self.moving.append(order)

    def _decide(self, quest: QuestInHand, state: str) -> None:
        self.decided.add(quest.id)
        quest.state, quest.decided_at = state, self.work.now
        self.changed[quest.id] = quest

    def write_quests(self) -> None:
        """Write the quests that changed, and their wake-ups."""
        work, quests = self.work, list(self.changed.values())
        if quests:
            stands = [quest.stands() for quest in quests]
            work.driver.ask(
                WRITE,
                (
                    [quest.id for quest in quests],
                    [quest.state for quest in quests],
                    [encode(quest.progress).decode() for quest in quests],
                    [standing.have for standing in stands],
                    [standing.need for standing in stands],
                    [standing.deadline for standing in stands],
                    [quest.decided_at for quest in quests],
                    [quest.facts for quest in quests],
                    work.workspace_id,
                ),
            )
        if self.wakes:
            columns = [list(column) for column in zip(*self.wakes, strict=True)]
            work.driver.ask(WAKE, (work.workspace_id, *columns))

    def _carry_out(self) -> None:
        """Do what was asked of orders, and close those that a decided quest leaves unpaid."""
        order_effects.confirm(self.work, self.confirmed)
        order_effects.send_back(self.work, self.sent_back)
        over = [
            quest.id
            for quest in self.changed.values()
            if quest.id in self.decided and quest.plan.selling and quest.plan.selling.waits
        ]
        if over:
            order_effects.close_unpaid(self.work, over)

    def close(self, told: Sequence[Event] = ()) -> None:
        """Write everything and record `told` and what the facts brought; the last act.

        The accounts that everybody wants come last, so that they are held for a moment only.
        """
        self.write_quests()
        if self.kept:
            # What each quest was told, so that anybody can ask its play again.
            columns = [list(column) for column in zip(*self.kept, strict=True)]
            self.work.driver.ask(KEEP, (self.work.workspace_id, self.work.now, *columns))
        self._carry_out()
        granted = self.till.close()
        record(self.work, [*told, *self.events, *granted])
        rewards.vest_at(self.work, self.vestings)
        if self.reversals:
            rewards.reverse(self.work, self.reversals)
        self.till.settle()


def open_till(
    work: Work,
    quests: Mapping[UUID, QuestInHand],
    people: Iterable[UUID],
    *,
    is_careful: bool = False,
    asked: AskedTill | None = None,
) -> Till:
    """Open the till of the quests' campaigns for their owners and `people`.

    A careful till asks for the grants these people have; the other trusts that all are new.
    `asked` is what was asked ahead for these campaigns.
    """
    campaigns = {quest.campaign_id for quest in quests.values()}
    owners = {quest.owner_id for quest in quests.values()}
    return Till(work, campaigns, owners.union(people), is_careful=is_careful, asked=asked)
