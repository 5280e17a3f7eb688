"""Disputes: a buyer does not agree, both sides speak, and the merchant settles it."""

from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.events import DisputeClosed, DisputeOpened
from banyan.store.orders import lock_order
from banyan.store.states import CLOSED, PLACED
from banyan.store.views import DisputeView, DisputeWordsView


def open_dispute(
    work: Work, order_id: UUID, words: str, *, buyer_id: UUID, refund_id: UUID | None = None
) -> UUID:
    """Open a dispute about a paid order; return its id.

    Raises `order_not_found`, `order_state`, `dispute_open`.
    """
    order = lock_order(work, order_id, buyer_id)
    if order.state in {PLACED, CLOSED}:
        raise Refused(refusals.WRONG_STATE, state=order.state)
    dispute_id = new_id()
    row = work.driver.execute(
        """
        insert into disputes (workspace_id, id, order_id, refund_id, state, opened_at)
        select %(workspace)s, %(id)s, %(order)s,
          (select r.id from refunds r where r.workspace_id = %(workspace)s
             and r.order_id = %(order)s and r.id = %(refund)s), 'open', %(now)s
        on conflict (workspace_id, order_id) where state = 'open' do nothing returning id
        """,
        {
            "workspace": work.workspace_id,
            "id": dispute_id,
            "order": order_id,
            "refund": refund_id,
            "now": work.now,
        },
    ).fetchone()
    if row is None:
        raise Refused(refusals.DISPUTE_OPEN)
    _say(work, dispute_id, words)
    record(
        work,
        [
            DisputeOpened(
                order_id=order_id,
                buyer_person_id=order.buyer_id,
                reason=words,
                dispute_id=dispute_id,
            )
        ],
    )
    return dispute_id


def say_in_dispute(
    work: Work, dispute_id: UUID, words: str, *, buyer_id: UUID | None = None
) -> None:
    """Add what one side says. Raises `dispute_not_found` (also when it is over)."""
    _lock(work, dispute_id, buyer_id)
    _say(work, dispute_id, words)


def close_dispute(
    work: Work, dispute_id: UUID, outcome: str, *, buyer_id: UUID | None = None
) -> None:
    """End a dispute: settled by the merchant, or withdrawn by the buyer (`buyer_id`)."""
    order_id, owner = _lock(work, dispute_id, buyer_id)
    work.driver.execute(
        "update disputes set state = %s, outcome = %s, closed_at = %s"
        " where workspace_id = %s and id = %s",
        (
            *("withdrawn" if buyer_id else "settled", outcome, work.now),
            *(work.workspace_id, dispute_id),
        ),
    )
    record(
        work,
        [
            DisputeClosed(
                order_id=order_id,
                buyer_person_id=owner,
                reason=outcome,
                dispute_id=dispute_id,
                outcome=outcome,
            )
        ],
    )


def _lock(work: Work, dispute_id: UUID, buyer_id: UUID | None) -> tuple[UUID, UUID]:
    row = work.driver.execute(
        """
        select d.order_id, o.buyer_id from disputes d
        join orders o on o.workspace_id = d.workspace_id and o.id = d.order_id
        where d.workspace_id = %s and d.id = %s and d.state = 'open'
          and (%s::uuid is null or o.buyer_id = %s) for update of d
        """,
        (work.workspace_id, dispute_id, buyer_id, buyer_id),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_DISPUTE)
    return row[0], row[1]


def _say(work: Work, dispute_id: UUID, words: str) -> None:
    work.driver.execute(
        "insert into dispute_words (workspace_id, dispute_id, actor, words, at)"
        " values (%s, %s, %s, %s, %s)",
        (work.workspace_id, dispute_id, str(work.actor), words, work.now),
    )


def dispute(work: Work, dispute_id: UUID) -> DisputeView:
    """Return one dispute. Raises `dispute_not_found`."""
    found = disputes(work, dispute_id=dispute_id)
    if not found:
        raise Refused(refusals.NO_SUCH_DISPUTE)
    return found[0]


def disputes(
    work: Work,
    *,
    order_id: UUID | None = None,
    dispute_id: UUID | None = None,
    state: str | None = None,
    most: int = 200,
) -> list[DisputeView]:
    """Return the disputes with what was said, the newest first."""
    rows = work.driver.execute(
        """
        select id, order_id, refund_id, state, outcome, opened_at, closed_at from disputes
        where workspace_id = %(workspace)s and (%(order)s::uuid is null or order_id = %(order)s)
          and (%(dispute)s::uuid is null or id = %(dispute)s)
          and (%(state)s::text is null or state = %(state)s) order by id desc limit %(most)s
        """,
        {
            "workspace": work.workspace_id,
            "order": order_id,
            "dispute": dispute_id,
            "state": state,
            "most": most,
        },
    ).fetchall()
    said: dict[UUID, list[DisputeWordsView]] = {}
    found = work.driver.execute(
        "select dispute_id, actor, words, at from dispute_words"
        " where workspace_id = %s and dispute_id = any(%b) order by dispute_id, position",
        (work.workspace_id, [row[0] for row in rows]),
    )
    for about, *spoken in found:
        said.setdefault(about, []).append(DisputeWordsView(*spoken))
    return [
        DisputeView(
            id=row[0],
            order_id=row[1],
            refund_id=row[2],
            state=row[3],
            outcome=row[4],
            opened_at=row[5],
            closed_at=row[6],
            words=said.get(row[0], []),
        )
        for row in rows
    ]
