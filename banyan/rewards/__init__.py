"""Rewards: what a campaign may give, what it has given, to whom, for what and why.

Owns:   offers, reward_budgets, reward_plans, grants, cash_debts, coupon_uses, payout_grants,
        red_packets, packet_shares, grabs
Calls:  ledger (budgets, quantities and points are its accounts)
Events: rewards.granted, .refused, .vested, .reversed, .budget_warned, .budget_spent

A giving is named by (campaign, person, rule, cause) and happens at most once. `grant` is the
set-wise command; a caller that must decide together with its own rows opens a `Till`.
"""

from banyan.rewards import payouts
from banyan.rewards.budgets import fund_budget, return_budget
from banyan.rewards.chains import dearest_given, paid_chains
from banyan.rewards.channels import cap_channels
from banyan.rewards.collecting import collect, collect_everywhere
from banyan.rewards.coupons import (
    MOST_TOGETHER,
    RETURNED_DAYS,
    Coupon,
    CouponLock,
    OrderSoFar,
    coupons_of,
)
from banyan.rewards.coupons import follow as follow_orders
from banyan.rewards.coupons import lock as lock_coupons
from banyan.rewards.coupons import take as take_coupons
from banyan.rewards.debts import DebtView, debts_of, forgive
from banyan.rewards.earnings import (
    PointsGranted,
    levels_given,
    points_granted,
    points_kept,
    points_since,
)
from banyan.rewards.events import Refused
from banyan.rewards.exchange import (
    ExchangeItem,
    ShelfPlace,
    exchange,
    fund_house,
    put_on_shelf,
    shelf,
)
from banyan.rewards.expiring import expire_unused, expire_unused_everywhere
from banyan.rewards.gifts import GiftAddress, claim_gift, gifts_wanted, hand_over_gift, ship_gift
from banyan.rewards.givings import GrantOutcome, GrantRequest, Refusal
from banyan.rewards.invariants import INVARIANTS
from banyan.rewards.offers import OfferSpec, open_offers
from banyan.rewards.packet_credits import (
    credit,
    granted,
    lock_credits,
    packets_waiting,
    uncredited,
)
from banyan.rewards.packets import RULE as PACKET_RULE
from banyan.rewards.packets import (
    Grab,
    Packet,
    Taker,
    ask_packets,
    close_packet,
    grabs_of,
    open_packet,
    packets_of,
    take_shares,
)
from banyan.rewards.plans import PlanView, fund_plan, plans
from banyan.rewards.points import (
    PointLot,
    expire_everywhere,
    expire_points,
    lots_of,
    spend_points,
)
from banyan.rewards.queries import (
    BudgetView,
    Grant,
    budget_view,
    count_grants,
    grants_for,
    grants_of_people,
    grants_page,
    offers_left,
)
from banyan.rewards.reversals import ReverseOutcome, ReverseRequest, reverse
from banyan.rewards.taking import AskedTill, ask_till
from banyan.rewards.till import Till, grant
from banyan.rewards.vesting import VestRequest, vest_at, vest_due, vest_everywhere
from banyan.rewards.wallet import Wallet, wallet
from banyan.rewards.writing_off import write_off

__all__ = [
    "INVARIANTS",
    "MOST_TOGETHER",
    "PACKET_RULE",
    "RETURNED_DAYS",
    "AskedTill",
    "BudgetView",
    "Coupon",
    "CouponLock",
    "DebtView",
    "ExchangeItem",
    "GiftAddress",
    "Grab",
    "Grant",
    "GrantOutcome",
    "GrantRequest",
    "OfferSpec",
    "OrderSoFar",
    "Packet",
    "PlanView",
    "PointLot",
    "PointsGranted",
    "Refusal",
    "Refused",
    "ReverseOutcome",
    "ReverseRequest",
    "ShelfPlace",
    "Taker",
    "Till",
    "VestRequest",
    "Wallet",
    "ask_packets",
    "ask_till",
    "budget_view",
    "cap_channels",
    "claim_gift",
    "close_packet",
    "collect",
    "collect_everywhere",
    "count_grants",
    "coupons_of",
    "credit",
    "dearest_given",
    "debts_of",
    "exchange",
    "expire_everywhere",
    "expire_points",
    "expire_unused",
    "expire_unused_everywhere",
    "follow_orders",
    "forgive",
    "fund_budget",
    "fund_house",
    "fund_plan",
    "gifts_wanted",
    "grabs_of",
    "grant",
    "granted",
    "grants_for",
    "grants_of_people",
    "grants_page",
    "hand_over_gift",
    "levels_given",
    "lock_coupons",
    "lock_credits",
    "lots_of",
    "offers_left",
    "open_offers",
    "open_packet",
    "packets_of",
    "packets_waiting",
    "paid_chains",
    "payouts",
    "plans",
    "points_granted",
    "points_kept",
    "points_since",
    "put_on_shelf",
    "return_budget",
    "reverse",
    "shelf",
    "ship_gift",
    "spend_points",
    "take_coupons",
    "take_shares",
    "uncredited",
    "vest_at",
    "vest_due",
    "vest_everywhere",
    "wallet",
    "write_off",
]
