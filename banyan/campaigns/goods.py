"""Goods: whether what a campaign wants to sell is on the shelf, at no more than it costs there."""

from banyan import store
from banyan.campaigns import refusals
from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import settings_of
from banyan.campaigns.reviews import problems_data
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Problem, Words, selling_of


def must_be_for_sale(work: Work, plan: Definition) -> None:
    """Raise `definition_invalid`, with every problem, when the shelf does not bear a plan out.

    A campaign price is never above what the product costs without it: no lure by a fake saving.
    """
    found = goods_problems(work, plan)
    if found:
        raise Refused(refusals.DEFINITION_INVALID, count=len(found), problems=problems_data(found))


def goods_problems(work: Work, plan: Definition) -> list[Problem]:
    """Return what keeps the goods of a plan from being sold now."""
    selling = selling_of(PLAYS[plan.play.key], settings_of(plan))
    wanted = [good.sku_id for good in plan.goods if good.sku_id is not None]
    shelf = store.offered(work, wanted) if wanted else {}
    found: list[Problem] = []
    for nth, good in enumerate(plan.goods):
        if good.sku_id is None:
            continue
        path = f"goods[{nth}].sku_id"
        sku = shelf.get(good.sku_id)
        if sku is None:
            words = Words("店里没有这个商品", "There is no such product")
            found.append(Problem(path, "sku_not_found", words))
        elif not sku.is_for_sale:
            words = Words("这个商品还没有上架", "This product is not on sale")
            found.append(Problem(path, "not_on_sale", words))
        elif selling and selling.good == good.key and selling.highest_minor > sku.price_minor:
            words = Words(
                "活动价高于店里现在的售价", "The campaign price is above what it costs in the shop"
            )
            found.append(Problem(path, "above_shop_price", words))
    return found
