"""What a merchant decides about commission on orders."""

from typing import Annotated, Final

import msgspec

from banyan.plays.schema import field

__all__ = ["MOST_BPS", "AffiliateSettings", "ChosenGoods", "GoodsRate", "SecondLevel"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]

MOST_BPS: Final = 3000
"""The most of an order's net goods that all commissions on it may come to."""
MOST_PRODUCTS: Final = 100
MOST_CATEGORIES: Final = 30
MOST_RATES: Final = 20

# Neither control characters nor those that turn the direction of what follows.
_NAME: Final = r"^[^\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$"
# As the shop writes it: whoever compares compares letters.
_ID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class ChosenGoods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product or a category of the shop, by its id, with its name when it was chosen."""

    id: Annotated[str, msgspec.Meta(pattern=_ID)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=_NAME)]


class GoodsRate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share that some goods have instead of the general one; they earn in any case."""

    rate_bps: Annotated[
        int,
        field("佣金比例（万分之）", "Share (hundredths of a percent)", ge=1, le=MOST_BPS),
    ]
    products: Annotated[
        tuple[ChosenGoods, ...],
        field("商品", "Products", widget="products", most=MOST_PRODUCTS),
    ] = ()
    categories: Annotated[
        tuple[ChosenGoods, ...],
        field("分类", "Categories", widget="categories", most=MOST_CATEGORIES),
    ] = ()


class SecondLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who brought the seller earns as well. A third level has no place to be written down."""

    rate_bps: Annotated[
        int,
        field(
            "二级佣金比例（万分之）",
            "Second level's share (hundredths of a percent)",
            ge=1,
            le=MOST_BPS,
        ),
    ]
    approval_id: Annotated[
        str,
        field(
            "法务审批编号",
            "Legal approval number",
            help_zh="两级分佣须先经法务书面审批，填写审批编号",
            help_en="Two levels need a written legal approval: its number",
            most=64,
        ),
        msgspec.Meta(min_length=4),
    ]


class AffiliateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share, when it vests, the limits, and which goods earn: without a choice all do."""

    offer: Annotated[
        OfferKey,
        field(
            "佣金",
            "Commission",
            widget="offer",
            help_zh="现金奖品；其面值是每单佣金的上限",
            help_en="An offer of cash; what it is worth is the most for one order",
        ),
    ]
    rate_bps: Annotated[
        int,
        field(
            "佣金比例（万分之）",
            "Share (hundredths of a percent)",
            ge=1,
            le=MOST_BPS,
            help_zh="按每种商品的实付金额分别计算，不含运费、优惠和退款；1000 即 10%",
            help_en="Of what was paid for each of the goods, without freight, discounts and refunds; 1000 is 10 %",
        ),
    ] = 1000
    return_days: Annotated[
        int,
        field(
            "退货期（天）",
            "Days to return",
            ge=7,
            le=90,
            help_zh="签收后满退货期和缓冲期，佣金才可提现",
            help_en="Commission vests after delivery, these days and the buffer",
        ),
    ] = 7
    buffer_days: Annotated[int, field("缓冲期（天）", "Buffer days", ge=0, le=30)] = 3
    orders_per_person: Annotated[
        int,
        field(
            "每人最多计佣单数",
            "Most orders a person earns by",
            ge=1,
            le=10_000,
            help_zh="超过后订单仍有效，不再计佣",
            help_en="Later orders stand, without commission",
        ),
    ] = 100
    products: Annotated[
        tuple[ChosenGoods, ...],
        field(
            "计佣商品",
            "Products that earn",
            widget="products",
            most=MOST_PRODUCTS,
            help_zh="商品和分类都不选，就是全店商品计佣",
            help_en="Neither products nor categories chosen: the whole shop earns",
        ),
    ] = ()
    categories: Annotated[
        tuple[ChosenGoods, ...],
        field(
            "计佣分类",
            "Categories that earn",
            widget="categories",
            most=MOST_CATEGORIES,
            help_zh="按下单时商品所在的分类",
            help_en="By the category a product is in when it is ordered",
        ),
    ] = ()
    rates: Annotated[
        tuple[GoodsRate, ...],
        field(
            "另定比例的商品",
            "Goods with a share of their own",
            most=MOST_RATES,
            help_zh="除非列在不计佣里，这些商品一定计佣；同时按商品和分类定了比例的，以商品的为准",
            help_en="They earn unless said to earn nothing; a product's own share comes before its category's",
        ),
    ] = ()
    excluded_products: Annotated[
        tuple[ChosenGoods, ...],
        field(
            "不计佣商品",
            "Products that earn nothing",
            widget="products",
            most=MOST_PRODUCTS,
            help_zh="列在这里的，别处选了也不计佣",
            help_en="Whatever else is chosen: what stands here earns nothing",
        ),
    ] = ()
    excluded_categories: Annotated[
        tuple[ChosenGoods, ...],
        field(
            "不计佣分类",
            "Categories that earn nothing",
            widget="categories",
            most=MOST_CATEGORIES,
            help_zh="分类里的商品，别处选了也不计佣",
            help_en="Nothing in them earns, whatever else is chosen",
        ),
    ] = ()
    second_level: Annotated[
        tuple[SecondLevel, ...],
        field(
            "二级佣金",
            "Second level",
            help_zh="留空为一级；两级须有法务审批编号；不能再多",
            help_en="Empty: one level; two need a legal approval number; there are no more",
            most=1,
        ),
    ] = ()

    @property
    def second(self) -> SecondLevel | None:
        """The second level, if there is one."""
        return self.second_level[0] if self.second_level else None

    @property
    def has_choice(self) -> bool:
        """Whether only chosen goods earn."""
        return bool(self.products or self.categories)

    @property
    def highest_bps(self) -> int:
        """The highest share of whoever sells."""
        return max(self.rate_bps, *(rate.rate_bps for rate in self.rates), 0)
