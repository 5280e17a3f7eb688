"""Flash sale 秒杀: a sale price for a limited number of pieces, in a window."""

from banyan.plays.flash_sale.play import FlashSale
from banyan.plays.flash_sale.progress import Bought, FlashSaleProgress
from banyan.plays.flash_sale.settings import FlashSaleSettings

__all__ = ["Bought", "FlashSale", "FlashSaleProgress", "FlashSaleSettings"]
