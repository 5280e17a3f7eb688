"""Flash sale 秒杀: a sale price for a limited number of pieces, in a window."""

from banyan.plays.flash_sale.settings import FlashSaleSettings

__all__ = ["FlashSaleSettings"]
