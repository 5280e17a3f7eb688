"""Coupons in use: locked by an order, redeemed when it is paid, free again when it is not.

Who joins orders and coupons calls these in the transaction of the order: `take`, then `lock`; and
`follow` whenever an order's story has gone on. A story is told whole, so late, twice or out of
order it comes to the same.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.work import Work
from banyan.rewards import refusals
from banyan.rewards.givings import GrantRequest
from banyan.rewards.house import house_of
from banyan.rewards.offers import COUPON, OfferSpec, open_offers
from banyan.rewards.till import grant

MOST_TOGETHER: Final = 5
"""How many coupons one order may use, if they all stack."""
RETURNED_DAYS: Final = 30
"""How long what a part of a refund brings back can be used."""

UseState = Literal["unused", "locked", "redeemed", "expired", "revoked", "pending"]


class Coupon(NamedTuple):
    """A coupon somebody has, with what it takes off and of what."""

    id: UUID
    person_id: UUID
    name_zh: str
    name_en: str
    value_minor: int
    """What it takes off; of a share, the most."""
    off_bps: int
    from_minor: int
    product_ids: frozenset[UUID] | None
    category_ids: frozenset[UUID] | None
    stacks: bool
    code: str
    expires_at: datetime
    granted_at: datetime
    state: UseState
    order_id: UUID | None
    """The order that has it."""
    terms_zh: str
    terms_en: str
    has_lapsed: bool
    """A refund did not bring it back, for it had expired by then."""


class CouponLock(NamedTuple):
    """A coupon that an order has used, by the amount it took off."""

    coupon_id: UUID
    order_id: UUID
    person_id: UUID
    off_minor: int
    expires_at: datetime


class OrderSoFar(NamedTuple):
    """What has happened to an order by now. Amounts are what was paid for goods, and sent back."""

    order_id: UUID
    is_paid: bool
    is_closed: bool
    goods_minor: int
    refunded_minor: int


SELECT: Final = """
select g.id, g.beneficiary_id, o.name_zh, o.name_en, g.value_minor, o.off_bps, o.from_minor,
       o.product_ids, o.category_ids, o.stacks, g.code, g.expires_at, g.granted_at,
       case when g.state in ('cancelled', 'clawed_back') then 'revoked'
            when u.state is not null then u.state
            when g.state = 'pending' then 'pending'
            when g.expires_at <= %(now)s then 'expired' else 'unused' end,
       u.order_id, o.terms_zh, o.terms_en, u.lapsed_at is not null
from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
left join coupon_uses u on u.workspace_id = g.workspace_id and u.grant_id = g.id
  and u.state in ('locked', 'redeemed')
where g.workspace_id = %(workspace)s and g.kind = 'coupon'
"""


def _read(row: tuple[object, ...]) -> Coupon:
    made = Coupon(*row)  # pyright: ignore[reportArgumentType] - the columns above
    return made._replace(
        product_ids=frozenset(made.product_ids) if made.product_ids else None,
        category_ids=frozenset(made.category_ids) if made.category_ids else None,
    )


def coupons_of(work: Work, person_id: UUID, *, only_usable: bool = False) -> list[Coupon]:
    """Return a person's coupons, those that end first before the others, at most 500."""
    rows = work.driver.execute(
        SELECT + " and g.beneficiary_id = %(person)s and (not %(usable)s or (u.id is null"
        " and g.state = 'vested' and g.expires_at > %(now)s)) order by g.expires_at, g.id limit 500",
        {
            "workspace": work.workspace_id,
            "person": person_id,
            "now": work.now,
            "usable": only_usable,
        },
    )
    return [_read(row) for row in rows]


def take(
    work: Work, wanted: Sequence[tuple[UUID, tuple[UUID, ...]]]
) -> list[tuple[Coupon, ...] | Refused]:
    """Lock the coupons that each (person, coupons) wants to use in one order; one answer each.

    Refuses `coupon_not_found` (also for somebody else's), `coupon_in_use`, `coupon_expired` and
    `coupons_do_not_stack`, by value.
    """
    ids = sorted({coupon for _, coupons in wanted for coupon in coupons})
    work.driver.execute(
        "select from grants where workspace_id = %s and id = any(%b) order by id for update",
        (work.workspace_id, ids),
    )
    # Read after the locks, so that what a rival has locked meanwhile is seen.
    rows = work.driver.execute(
        SELECT + " and g.id = any(%(ids)s)",
        {"workspace": work.workspace_id, "now": work.now, "ids": ids},
    )
    known = {row[0]: _read(row) for row in rows}
    used: set[UUID] = set()
    answers: list[tuple[Coupon, ...] | Refused] = []
    for person_id, coupon_ids in wanted:
        coupons = [known[each] for each in coupon_ids if each in known]
        problem = _problem(person_id, coupon_ids, coupons, used)
        if problem is None:
            used.update(coupon_ids)
        answers.append(problem or tuple(coupons))
    return answers


def _problem(
    person_id: UUID, wanted: Sequence[UUID], coupons: Sequence[Coupon], used: set[UUID]
) -> Refused | None:
    if len(coupons) < len(wanted) or any(each.person_id != person_id for each in coupons):
        return Refused(refusals.NO_SUCH_COUPON)
    if any(each.state in {"revoked", "pending"} for each in coupons):
        return Refused(refusals.NO_SUCH_COUPON)
    if any(each.state in {"locked", "redeemed"} or each.id in used for each in coupons):
        return Refused(refusals.COUPON_IN_USE)
    if any(each.state == "expired" for each in coupons):
        return Refused(refusals.COUPON_EXPIRED)
    together = len(set(wanted))
    if together > MOST_TOGETHER or (together > 1 and not all(each.stacks for each in coupons)):
        return Refused(refusals.COUPONS_DO_NOT_STACK)
    return None


def lock(work: Work, locks: Sequence[CouponLock]) -> None:
    """Write down which order has which coupon, until it is paid or closes.

    Raises `psycopg.errors.UniqueViolation` when another order has one: run the transaction again.
    """
    if locks:
        coupons, orders, people, offs, ends = map(list, zip(*sorted(locks), strict=True))
        work.driver.execute(
            """
            insert into coupon_uses (workspace_id, state, locked_at, id, grant_id, order_id,
                                     person_id, off_minor, expires_at)
            select %s, 'locked', %s, u.*
            from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[],
                        %b::timestamptz[]) as u
            """,
            (
                *(work.workspace_id, work.now, [new_id() for _ in locks]),
                *(coupons, orders, people, offs, ends),
            ),
        )


def follow(work: Work, stories: Iterable[OrderSoFar]) -> int:
    """Bring coupons to where their orders are; return how many changed. May be repeated.

    Paid: redeemed. Closed unpaid: free again. All of it refunded: back as it was, once. A part of
    it: a coupon of that part of what it took off, once. One that has expired stays used, and says
    that it has lapsed.
    """
    told = {story.order_id: story for story in stories}
    rows = work.driver.execute(
        """
        select u.id, u.grant_id, u.order_id, u.person_id, u.state, u.off_minor, u.returned_minor,
               g.expires_at <= %s, u.lapsed_at is not null
        from coupon_uses u
        join grants g on g.workspace_id = u.workspace_id and g.id = u.grant_id
        where u.workspace_id = %s and u.order_id = any(%b)
          and u.state in ('locked', 'redeemed') order by u.id for update of u
        """,
        (work.now, work.workspace_id, list(told)),
    ).fetchall()
    changed = 0
    for use in rows:
        use_id, coupon_id, order_id, person_id, was, off_minor, returned_minor = use[:7]
        is_over, has_lapsed = use[7:]
        story, state = told[order_id], was
        if state == "locked" and story.is_paid:
            state = _step(work, use_id, "redeemed", "redeemed_at")
        elif state == "locked" and story.is_closed:
            state = _step(work, use_id, "released", "ended_at")
        back = _share(off_minor, story) if state == "redeemed" else 0
        if is_over:
            if back > returned_minor and not has_lapsed:
                _lapse(work, use_id)
                changed += 1
            back = returned_minor
        elif back == off_minor and not returned_minor:
            _bring_back(work, use_id, back)
            state = _step(work, use_id, "returned", "ended_at")
        elif back > returned_minor:
            _bring_back(work, use_id, back)
            _give_part(work, coupon_id, person_id, use_id, back, back - returned_minor)
        changed += state != was or back > returned_minor
    return changed


def _lapse(work: Work, use_id: UUID) -> None:
    work.driver.execute(
        "update coupon_uses set lapsed_at = %s where workspace_id = %s and id = %s",
        (work.now, work.workspace_id, use_id),
    )


def _share(off_minor: int, story: OrderSoFar) -> int:
    """Return how much of what a coupon took off has come back: as much as of the money, floored."""
    if not story.goods_minor:
        return 0
    return off_minor * min(story.refunded_minor, story.goods_minor) // story.goods_minor


def _step(
    work: Work,
    use_id: UUID,
    state: Literal["redeemed", "released", "returned"],
    column: Literal["redeemed_at", "ended_at"],
) -> str:
    work.driver.execute(
        f"update coupon_uses set state = %s, {column} = %s"  # noqa: S608 - one of two words of ours
        " where workspace_id = %s and id = %s",
        (state, work.now, work.workspace_id, use_id),
    )
    return state


def _bring_back(work: Work, use_id: UUID, returned_minor: int) -> None:
    work.driver.execute(
        "update coupon_uses set returned_minor = %s where workspace_id = %s and id = %s",
        (returned_minor, work.workspace_id, use_id),
    )


def _give_part(
    work: Work, coupon_id: UUID, person_id: UUID, use_id: UUID, upto_minor: int, part_minor: int
) -> None:
    """Give a coupon of `part_minor` for the same goods, with no threshold."""
    row = work.driver.execute(
        """
        select o.id, o.name_zh, o.name_en, o.product_ids, o.category_ids, o.stacks, o.terms_zh,
               o.terms_en
        from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        where g.workspace_id = %s and g.id = %s
        """,
        (work.workspace_id, coupon_id),
    ).fetchone()
    if row is None:
        raise LookupError(coupon_id)
    offer_id, zh, en, products, categories, stacks, terms_zh, terms_en = row
    house = house_of(work.workspace_id)
    key = f"part_of_{offer_id.hex}"
    spec = OfferSpec(
        *(key, COUPON, zh, en, 0, 0, RETURNED_DAYS),
        terms_zh=terms_zh,
        terms_en=terms_en,
        product_ids=tuple(products or ()),
        category_ids=tuple(categories or ()),
        stacks=stacks,
    )
    open_offers(work, house, [spec])
    cause = derived_id("coupon part", use_id, upto_minor)
    words = ("部分退款退回的优惠", "Given back with a part of a refund")
    grant(
        work,
        [
            GrantRequest(
                *(house, f"coupon_part:{use_id}", person_id, cause, key, *words),
                evidence=use_id,
                amount_minor=part_minor,
            )
        ],
    )
