"""The tables of rewards."""

from banyan.rewards.models.coupons import CouponUseRow
from banyan.rewards.models.debts import CashDebtRow
from banyan.rewards.models.gifts import GiftClaimRow
from banyan.rewards.models.grants import BudgetRow, GrantRow, OfferRow
from banyan.rewards.models.packets import GrabRow, PacketCreditRow, PacketShareRow, RedPacketRow
from banyan.rewards.models.payouts import (
    PayoutDayRow,
    PayoutGrantRow,
    PayoutRow,
    PayoutTermsRow,
    SandboxPayerRow,
    SandboxPayoutRow,
)
from banyan.rewards.models.plans import ChannelCapRow, PlanRow
from banyan.rewards.models.points import ExchangeItemRow, ExchangeRow, PointLotRow

__all__ = [
    "BudgetRow",
    "CashDebtRow",
    "ChannelCapRow",
    "CouponUseRow",
    "ExchangeItemRow",
    "ExchangeRow",
    "GiftClaimRow",
    "GrabRow",
    "GrantRow",
    "OfferRow",
    "PacketCreditRow",
    "PacketShareRow",
    "PayoutDayRow",
    "PayoutGrantRow",
    "PayoutRow",
    "PayoutTermsRow",
    "PlanRow",
    "PointLotRow",
    "RedPacketRow",
    "SandboxPayerRow",
    "SandboxPayoutRow",
]
