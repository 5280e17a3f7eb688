"""The tables of rewards."""

from banyan.rewards.models.coupons import CouponUseRow
from banyan.rewards.models.grants import BudgetRow, GrantRow, OfferRow

__all__ = ["BudgetRow", "CouponUseRow", "GrantRow", "OfferRow"]
