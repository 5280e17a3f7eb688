"""Asking for a payout, and the word of whoever has to agree.

The cash is held in the ledger from the moment it is asked for, so all payouts of a person together
are never more than what is theirs; the day's caps are rows that a constraint keeps below the cap.
"""

from datetime import date
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from banyan import ledger, workspaces
from banyan.kernel.crypto import encrypt
from banyan.kernel.errors import Refused
from banyan.kernel.ids import sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Resolution, Transfer
from banyan.rewards import refusals
from banyan.rewards.collecting import collect
from banyan.rewards.payouts.carrying import carry, lock_cash
from banyan.rewards.payouts.terms import payout_terms
from banyan.rewards.purses import cash_key

HOLD, END = 1, 2
"""Siblings of a payout's id that name its transfers."""


class PayoutRequest(NamedTuple):
    """A payout asked for. Repeating an `id` asks for nothing more."""

    id: UUID
    person_id: UUID
    method: str
    amount_minor: int
    payee: str
    """The person's id at the provider, or words for whoever pays by hand."""


class PayoutInHand(NamedTuple):
    """A payout, locked for this transaction."""

    id: UUID
    person_id: UUID
    method: str
    currency: str
    amount_minor: int
    payee_encrypted: bytes
    request_number: str
    state: str
    needs_approval: bool
    created_by: str
    approved_by: str | None
    day: date
    tries: int
    scene: str
    approvals_needed: int
    seconded_by: str | None

    @property
    def is_agreed(self) -> bool:
        """Whether as many members as it takes have agreed."""
        agreed = (self.approved_by is not None) + (self.seconded_by is not None)
        return agreed >= self.approvals_needed


LOCK = """
select id, person_id, method, currency, amount_minor, payee_encrypted, request_number, state,
       needs_approval, created_by, approved_by, day, tries, scene,
       approvals_needed, seconded_by
from payouts where workspace_id = %s and id = %s for update
"""

COUNT = """
insert into payout_days as d
  (workspace_id, holder, currency, day, total_minor, most_minor, count, most_count)
select %(workspace)s, %(holder)s, %(currency)s, %(day)s, %(amount)s, %(most)s, 1, %(often)s
where %(amount)s <= %(most)s
on conflict (workspace_id, holder, currency, day) do update
set total_minor = d.total_minor + excluded.total_minor, most_minor = excluded.most_minor,
    count = d.count + 1, most_count = excluded.most_count
where d.total_minor + excluded.total_minor <= excluded.most_minor
  and (excluded.most_count is null or d.count < excluded.most_count)
returning total_minor
"""

OFTEN = """
select count from payout_days where workspace_id = %(workspace)s and holder = %(holder)s
  and currency = %(currency)s and day = %(day)s
"""


def paid_key(currency: str) -> str:
    """Return the key of the account of cash that has left."""
    return f"cash:paid:{currency}"


def request_number(payout_id: UUID) -> str:
    """Return the number under which a provider knows a payout: made of its id, so the same for life."""
    return "P" + blake2b(payout_id.bytes, digest_size=15, person=b"banyan payout").hexdigest()


def ask_payout(work: Work, asked: PayoutRequest) -> str:
    """Ask for a payout of a person's own cash; return its state. May be repeated.

    Raises `payout_method_off`, `payout_scene_missing`, `payout_too_small`, `cash_short`,
    `payout_day_full`, `payout_day_often`.
    """
    terms, merchant = payout_terms(work), workspaces.workspace_of(work)
    known = work.driver.execute(
        "select state from payouts where workspace_id = %s and id = %s",
        (work.workspace_id, asked.id),
    ).fetchone()
    if known is not None:
        return known[0]
    # Whoever owes pays that first, before any of it can leave.
    collect(work, [asked.person_id])
    if asked.method not in terms.methods or (asked.method == "sandbox" and not merchant.is_sandbox):
        raise Refused(refusals.PAYOUT_METHOD_OFF)
    if asked.method == "wechat_transfer" and not terms.scene:
        raise Refused(refusals.PAYOUT_SCENE_MISSING)
    if asked.amount_minor < terms.least_minor:
        raise Refused(refusals.PAYOUT_TOO_SMALL, least_minor=terms.least_minor)
    day, currency = work.now.astimezone(ZoneInfo(merchant.timezone)).date(), merchant.currency
    caps = (
        (asked.person_id, terms.per_person_day_minor, terms.per_person_day_count),
        (work.workspace_id, terms.per_day_minor, None),
    )
    for holder, most, often in caps:
        values = {
            "workspace": work.workspace_id,
            "holder": holder,
            "currency": currency,
            "day": day,
            "amount": asked.amount_minor,
            "most": most,
            "often": often,
        }
        if work.driver.execute(COUNT, values).fetchone() is None:
            asked_today = work.driver.execute(OFTEN, values).fetchone()
            if often is not None and asked_today is not None and asked_today[0] >= often:
                raise Refused(refusals.PAYOUT_DAY_OFTEN, most=often)
            raise Refused(refusals.PAYOUT_DAY_FULL)
    own = cash_key(asked.person_id, currency)
    specs = [AccountSpec(own, currency), AccountSpec(paid_key(currency), currency)]
    accounts = ledger.open_accounts(work, specs)
    hold = Transfer(
        sibling_id(asked.id, HOLD),
        *(accounts[own], accounts[paid_key(currency)], asked.amount_minor, currency),
        *("payout.held", asked.id, "pending"),
    )
    if ledger.transfer(work, [hold]) == ["insufficient"]:
        raise Refused(refusals.CASH_SHORT)
    needs_approval = asked.amount_minor > terms.approve_above_minor
    # By hand, whoever writes down that it was paid is the second member.
    words = 1 if asked.method == "manual" else 2
    waits = needs_approval or asked.method == "manual"
    work.driver.execute(
        """
        insert into payouts (workspace_id, id, person_id, method, currency, amount_minor,
          payee_encrypted, request_number, scene, state, needs_approval, approvals_needed,
          created_by, day, try_at, created_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'created', %s, %s, %s, %s, %s, %s)
        """,
        (
            *(work.workspace_id, asked.id, asked.person_id, asked.method, currency),
            asked.amount_minor,
            encrypt(asked.payee, work.workspace_id, "payouts", "payee", asked.id),
            *(request_number(asked.id), terms.scene if asked.method == "wechat_transfer" else ""),
            *(needs_approval, needs_approval * words, str(work.actor), day),
            *(None if waits else work.now, work.now),
        ),
    )
    return "created"


def lock_payout(work: Work, payout_id: UUID) -> PayoutInHand:
    """Return the payout, locked. Raises `payout_not_found`."""
    row = work.driver.execute(LOCK, (work.workspace_id, payout_id)).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_PAYOUT)
    return PayoutInHand(*row)


def approve_payout(work: Work, payout_id: UUID) -> None:
    """Agree to a payout above the limit, as one of two members. May be repeated.

    By hand one agrees and another writes down that it was paid; else it leaves when two agreed.
    Raises `payout_not_found`, `payout_state`, `payout_own`, `member_needed`.
    """
    payout, who = lock_payout(work, payout_id), str(work.actor)
    if who in {payout.approved_by, payout.seconded_by} or (payout.approved_by and payout.is_agreed):
        return
    if payout.state != "created" or not payout.needs_approval:
        raise Refused(refusals.PAYOUT_STATE, state=payout.state)
    if payout.created_by == who:
        raise Refused(refusals.PAYOUT_OWN)
    if work.actor.kind != "member":
        raise Refused(workspaces.MEMBER_NEEDED)
    if payout.approved_by is None:
        payout = payout._replace(approved_by=who)
        word = "update payouts set approved_by = %s, approved_at = %s, try_at = %s"
    else:
        payout = payout._replace(seconded_by=who)
        word = "update payouts set seconded_by = %s, seconded_at = %s, try_at = %s"
    leaves = payout.is_agreed and payout.method != "manual"
    work.driver.execute(
        word + " where workspace_id = %s and id = %s",
        (who, work.now, work.now if leaves else None, work.workspace_id, payout_id),
    )
    workspaces.audit(
        work,
        "payout.approved",
        str(payout_id),
        {"word": 1 if payout.seconded_by is None else 2, "of": payout.approvals_needed},
    )


def reject_payout(work: Work, payout_id: UUID, reason: str) -> None:
    """Do not agree: the cash is the person's again. Raises `payout_not_found`, `payout_state`."""
    payout = lock_payout(work, payout_id)
    if payout.state == "rejected":
        return
    if payout.state != "created":
        raise Refused(refusals.PAYOUT_STATE, state=payout.state)
    end_payout(work, payout, "rejected", problem=reason)
    workspaces.audit(work, "payout.rejected", str(payout_id), {"reason": reason})


def record_manual(work: Work, payout_id: UUID, reference: str, *, was_paid: bool) -> None:
    """Write down what became of a payout that somebody makes by hand. May be repeated.

    Above the limit it is another member than who agreed to it. Raises `payout_not_found`,
    `payout_state` (also while it waits for approval), `payout_same_hand`, `member_needed`.
    """
    payout = lock_payout(work, payout_id)
    state = "succeeded" if was_paid else "failed"
    if payout.state == state:
        return
    waits = payout.needs_approval and not payout.is_agreed
    if payout.method != "manual" or payout.state != "created" or waits:
        raise Refused(refusals.PAYOUT_STATE, state=payout.state)
    if payout.needs_approval:
        if payout.approved_by == str(work.actor):
            limit = payout_terms(work).approve_above_minor
            raise Refused(refusals.PAYOUT_SAME_HAND, limit_minor=limit)
        if work.actor.kind != "member":
            raise Refused(workspaces.MEMBER_NEEDED)
    work.driver.execute(
        "update payouts set state = 'submitting', submitted_at = %s, recorded_by = %s"
        " where workspace_id = %s and id = %s",
        (work.now, str(work.actor), work.workspace_id, payout_id),
    )
    end_payout(
        work, payout, state, number=reference, problem=None if was_paid else reference or "failed"
    )
    workspaces.audit(work, "payout.recorded", str(payout_id), {"paid": was_paid})


def end_payout(
    work: Work, payout: PayoutInHand, state: str, *, number: str = "", problem: str | None = None
) -> None:
    """Let the cash go, or give it back with its place under the day's caps. Locked by the caller.

    The grants that a payout has carried are paid.
    """
    is_paid = state == "succeeded"
    # Grants before accounts, as everywhere.
    grants = lock_cash(work, payout.person_id) if is_paid else []
    end = Resolution(
        *(sibling_id(payout.id, END), sibling_id(payout.id, HOLD)),
        payout.amount_minor if is_paid else 0,
        "payout.paid" if is_paid else "payout.not_paid",
        payout.id,
    )
    if ledger.resolve(work, [end]) != ["posted"]:
        msg = f"payout {payout.id} has no hold to end"
        raise RuntimeError(msg)
    work.driver.execute(
        "update payouts set state = %s, ended_at = %s, provider_number = %s, problem = %s,"
        " try_at = null where workspace_id = %s and id = %s",
        (state, work.now, number or None, problem, work.workspace_id, payout.id),
    )
    if is_paid:
        carry(work, payout.id, payout.amount_minor, grants)
    else:
        work.driver.execute(
            "update payout_days set total_minor = total_minor - %s, count = count - 1 where workspace_id = %s"
            " and holder = any(%b) and currency = %s and day = %s",
            (
                *(payout.amount_minor, work.workspace_id),
                *([payout.person_id, work.workspace_id], payout.currency, payout.day),
            ),
        )
