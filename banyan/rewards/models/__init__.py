"""The tables of rewards."""

from banyan.rewards.models.coupons import CouponUseRow
from banyan.rewards.models.grants import BudgetRow, GrantRow, OfferRow
from banyan.rewards.models.packets import GrabRow, PacketShareRow, RedPacketRow
from banyan.rewards.models.payouts import (
    PayoutDayRow,
    PayoutRow,
    PayoutTermsRow,
    SandboxPayerRow,
    SandboxPayoutRow,
)

__all__ = [
    "BudgetRow",
    "CouponUseRow",
    "GrabRow",
    "GrantRow",
    "OfferRow",
    "PacketShareRow",
    "PayoutDayRow",
    "PayoutRow",
    "PayoutTermsRow",
    "RedPacketRow",
    "SandboxPayerRow",
    "SandboxPayoutRow",
]
