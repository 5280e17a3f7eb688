"""Acts: what people do in their own quests, as many at once as asked, in one transaction.

`act` locks the quests in id order and reads which slots are taken; the lock makes two taps come
one after the other, the constraint on (quest, step, slot) promises it. What the play refuses
leaves no row, so its slot is not used up.
"""

from collections.abc import Sequence
from datetime import date
from secrets import randbits
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from banyan import workspaces
from banyan.campaigns import refusals
from banyan.campaigns.events import Acted
from banyan.campaigns.gates import Gate, read_gates
from banyan.campaigns.outcome_words import outcome_words
from banyan.campaigns.quests_in_hand import ProgressUnreadable, QuestInHand, lock_quests
from banyan.campaigns.running import Running, open_till
from banyan.campaigns.seeds import Tickets
from banyan.campaigns.support_views import grant_view
from banyan.campaigns.views import GrantView, Twin
from banyan.kernel.errors import Refused
from banyan.kernel.events import Event
from banyan.kernel.ids import new_ids
from banyan.kernel.work import Work
from banyan.plays import Act, Qualified, Weighing

LUCK_BITS: Final = 32
DONE: Final = Twin("已完成", "Done")
BY_STAFF_WORTH: Final = 1
"""A member who confirms an act that a code could prove stands for the code."""


class ActRequest(NamedTuple):
    """Somebody does one step of their own quest, or a member of staff confirms it."""

    quest_id: UUID
    step: str
    person_id: UUID | None = None
    """Who asks; only the quest's owner may. None: a member of the merchant's staff."""
    answer: str | None = None
    code: str | None = None
    surface: str | None = None
    """Where the page is open; None where no page is."""


class ActOutcome(NamedTuple):
    """What became of an act. `reason` says why it did not count."""

    quest_id: UUID
    act_id: UUID | None
    reason: str | None
    message: Twin
    grants: list[GrantView]


class Made(NamedTuple):
    """An act about to be written."""

    id: UUID
    campaign_id: UUID
    quest_id: UUID
    person_id: UUID
    step: str
    slot: str
    luck: int
    amount: int


TAKEN = """
select quest_id, step, slot from quest_acts where workspace_id = %s and quest_id = any(%b)
"""

INSERT = """
insert into quest_acts (workspace_id, acted_at, actor, id, campaign_id, quest_id, person_id, step,
                        slot, luck, amount)
select %s, %s, %s, a.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bigint[],
            %b::bigint[]) as a
"""


def act(work: Work, requests: Sequence[ActRequest]) -> list[ActOutcome | Refused]:
    """Carry out `requests` in order, set-wise; one outcome each, and a refusal is a value.

    Refused are an unknown quest, somebody else's, an unknown step, an act only staff confirm, a
    proof that is missing, and what the campaign's gate says. Raises
    `psycopg.errors.UniqueViolation` or `ledger.Overtaken` when another transaction was quicker:
    run it again.
    """
    return _Acts(work, requests).run()


class _Acts:
    """One set of acts on its way through one transaction."""

    def __init__(self, work: Work, requests: Sequence[ActRequest]) -> None:
        self.work = work
        self.requests = requests
        self.unreadable: set[UUID] = set()
        wanted = [request.quest_id for request in requests]
        self.quests = lock_quests(work, wanted, self.unreadable)
        self.gates = read_gates(work, {quest.campaign_id for quest in self.quests.values()})
        self.taken: dict[tuple[UUID, str], set[str]] = {}
        for quest, step, slot in work.driver.execute(
            TAKEN, (work.workspace_id, sorted(self.quests))
        ):
            self.taken.setdefault((quest, step), set()).add(slot)
        self.today = local_day(work)
        self.tickets = Tickets(
            work, {q.campaign_id for q in self.quests.values() if q.plan.draws is not None}
        )
        self.running = Running(work, open_till(work, self.quests, (), is_careful=True))
        self.ids = iter(new_ids(len(requests)))
        self.made: list[Made] = []
        self.events: list[Event] = []

    def run(self) -> list[ActOutcome | Refused]:
        outcomes = [self._answer(request) for request in self.requests]
        self._write()
        return outcomes

    def _answer(self, request: ActRequest) -> ActOutcome | Refused:
        quest = self.quests.get(request.quest_id)
        if quest is None or request.person_id not in {None, quest.owner_id}:
            return self._unknown(request)
        settings = quest.plan.version.settings
        offered: dict[str, Act] = {one.step: one for one in quest.plan.play.acts(settings)}
        wanted = offered.get(request.step)
        if wanted is None:
            return Refused(refusals.NO_SUCH_ACT)
        by_staff = request.person_id is None
        if problem := self._proof_problem(wanted, request, by_staff=by_staff):
            return problem
        gate = self.gates[quest.campaign_id]
        if problem := gate.problem(self.work.now, request.surface or _anywhere(gate)):
            return problem
        taken = self.taken.setdefault((quest.id, wanted.step), set())
        slot, reason = _free_slot(wanted, taken, self.today)
        if reason is not None:
            return self._outcome(quest, None, reason, [])
        return self._tell(quest, wanted, request, slot)

    def _unknown(self, request: ActRequest) -> Refused:
        if request.quest_id in self.unreadable:
            return ProgressUnreadable(request.quest_id)
        return Refused(refusals.NO_SUCH_QUEST)

    def _proof_problem(self, wanted: Act, request: ActRequest, *, by_staff: bool) -> Refused | None:
        if by_staff:
            fits = wanted.proof in {"staff", "code"}
            return None if fits else Refused(refusals.NOT_FOR_STAFF)
        if wanted.proof == "staff":
            return Refused(refusals.ONLY_STAFF)
        if (wanted.proof == "answer" and request.answer is None) or (
            wanted.proof == "code" and request.code is None
        ):
            return Refused(refusals.PROOF_MISSING)
        return None

    def _amount(self, quest: QuestInHand, wanted: Act, request: ActRequest) -> int:
        if wanted.proof not in {"answer", "code"}:
            return self.today.toordinal()
        if request.person_id is None:
            return BY_STAFF_WORTH
        play = quest.plan.play
        proof = request.answer if wanted.proof == "answer" else request.code
        if not isinstance(play, Weighing) or proof is None:
            return 0
        return play.worth(quest.plan.version.settings, wanted.step, proof)

    def _tell(self, quest: QuestInHand, wanted: Act, request: ActRequest, slot: str) -> ActOutcome:
        act_id, campaign = next(self.ids), quest.campaign_id
        draws = quest.plan.draws
        is_seeded = draws is not None and draws.step == wanted.step and self.tickets.has(campaign)
        luck = self.tickets.luck(campaign) if is_seeded else randbits(LUCK_BITS)
        amount = self._amount(quest, wanted, request)
        told = self.running.tell(
            quest,
            Qualified(by=quest.owner_id, step=wanted.step, cause=act_id, luck=luck, amount=amount),
            act_id,
        )
        if told.reason is not None:
            return self._outcome(quest, None, told.reason, [])
        if draws is not None and is_seeded:
            won = any(given.request.cause == act_id for given in told.given)
            prize = draws.prize_of(luck)
            self.tickets.use(campaign, quest.id, quest.owner_id, act_id, prize, won=won)
        self.taken[quest.id, wanted.step].add(slot)
        self.made.append(
            Made(
                *(act_id, quest.campaign_id, quest.id, quest.owner_id),
                *(wanted.step, slot, luck, amount),
            )
        )
        self.events.append(
            Acted(
                campaign_id=quest.campaign_id,
                quest_id=quest.id,
                person_id=quest.owner_id,
                step=wanted.step,
                channel=quest.channel,
            )
        )
        grants = [
            grant_view(self.work, given)
            for given in told.given
            if given.request.beneficiary_person_id == quest.owner_id
        ]
        return self._outcome(quest, act_id, None, grants)

    def _outcome(
        self, quest: QuestInHand, act_id: UUID | None, reason: str | None, grants: list[GrantView]
    ) -> ActOutcome:
        words = DONE if reason is None else outcome_words(reason)
        return ActOutcome(quest.id, act_id, reason, words, grants)

    def _write(self) -> None:
        work = self.work
        if self.made:
            made = sorted(self.made, key=lambda one: (one.quest_id, one.step, one.slot))
            columns = map(list, zip(*made, strict=True))
            work.driver.execute(INSERT, (work.workspace_id, work.now, str(work.actor), *columns))
        self.tickets.close()
        self.running.close(self.events)


def local_day(work: Work) -> date:
    """Return the day it is now where the merchant is."""
    zone = ZoneInfo(workspaces.workspace_of(work).timezone)
    return work.now.astimezone(zone).date()


def slot_of_day(day: date) -> str:
    """Return the slot of what can be done once a day."""
    return day.isoformat()


def _free_slot(wanted: Act, taken: set[str], today: date) -> tuple[str, str | None]:
    """Return the slot the act would take, and why there is none."""
    if wanted.every == "times":
        nth = len(taken) + 1
        over = wanted.most is not None and nth > wanted.most
        return f"n{nth}", "no_chance_left" if over else None
    slot = "once" if wanted.every == "once" else slot_of_day(today)
    return slot, "done_already" if slot in taken else None


def _anywhere(gate: Gate) -> str:
    return next(iter(gate.surfaces), "own_web")


__all__ = ["ActOutcome", "ActRequest", "act", "local_day", "slot_of_day"]
