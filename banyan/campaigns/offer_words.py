"""What the public rules say of an offer: every condition of its use, from what is executed."""

from banyan.campaigns.definition import Coupon, Offer
from banyan.plays import Words
from banyan.rewards import MOST_TOGETHER, RETURNED_DAYS

__all__ = ["coupon_words", "offer_words", "refund_words"]

BPS = 10_000


def offer_words(offer: Offer) -> Words:
    """Return the sentence of one offer: what it is, how much of it, its conditions, until when."""
    said = [
        Words(f"「{offer.name.zh}」", f"“{offer.name.en or offer.name.zh}”"),
        *_worth(offer),
        *(coupon_words(offer) if offer.kind == "coupon" else ()),
    ]
    if offer.quantity is not None:
        said.append(Words(f"共 {offer.quantity} 份", f"{offer.quantity} in all"))
    if offer.per_person is not None:
        said.append(
            Words(f"每人最多得 {offer.per_person} 份", f"at most {offer.per_person} for one person")
        )
    said.append(_validity(offer))
    zh, en = "，".join(one.zh for one in said), ", ".join(one.en for one in said)
    if offer.terms.zh:
        zh += f"；{offer.terms.zh.rstrip('。')}"
    if offer.terms.en or offer.terms.zh:
        en += f"; {(offer.terms.en or offer.terms.zh).rstrip('.')}"
    return Words(f"{zh}。", f"{en}.")


def coupon_words(offer: Offer) -> list[Words]:
    """Return what a coupon takes off, from what amount on, of which goods, and beside which."""
    coupon = offer.coupon or Coupon()
    value = amount(offer.value_minor)
    if coupon.from_minor:
        least = amount(coupon.from_minor)
        said = [Words(f"适用商品满 {least} 元可用", f"for goods from {least} yuan")]
    else:
        said = [Words("无使用门槛", "from any amount")]
    if coupon.off_bps:
        said.append(
            Words(
                f"打 {folds(coupon.off_bps)} 折，最多减 {value} 元",
                f"{percent(coupon.off_bps)} % off, at most {value} yuan",
            )
        )
    else:
        said.append(Words(f"减 {value} 元", f"{value} yuan off"))
    products, categories = len(coupon.product_ids), len(coupon.category_ids)
    if products and categories:
        said.append(
            Words(
                f"仅限指定的 {products} 件商品和 {categories} 个分类",
                f"only for {products} chosen products and {categories} categories",
            )
        )
    elif products:
        said.append(Words(f"仅限指定的 {products} 件商品", f"only for {products} chosen products"))
    elif categories:
        said.append(
            Words(f"仅限指定的 {categories} 个分类", f"only for {categories} chosen categories")
        )
    else:
        said.append(Words("全店商品可用", "for everything in the shop"))
    if coupon.stacks:
        said.append(
            Words(
                f"可与其他可叠加的券同用，一单最多 {MOST_TOGETHER} 张",
                f"together with others that stack, at most {MOST_TOGETHER} in an order",
            )
        )
    else:
        said.append(Words("一单只用一张，不与其他券同用", "one in an order, with no other coupon"))
    return said


def refund_words() -> Words:
    """Return what becomes of a coupon when its order is refunded."""
    return Words(
        "用券的订单全部退款的，券原样退还；部分退款的，按比例退还一张无门槛的券，"
        f"{RETURNED_DAYS} 天内有效。退款到账时券已过期的，不再退还。",
        "When an order is refunded as a whole its coupon comes back as it was; when a part is, a "
        f"coupon of that share, from any amount and valid for {RETURNED_DAYS} days. A coupon that "
        "has expired when the refund is done does not come back.",
    )


def amount(minor: int) -> str:
    """Return an amount in yuan as it is read: without cents where there are none."""
    return str(minor // 100) if minor % 100 == 0 else f"{minor // 100}.{minor % 100:02d}"


def folds(off_bps: int) -> str:
    """Return what is left to pay of a share, in tenths: 2000 is 8, 1500 is 8.5."""
    return _trimmed(BPS - off_bps, 1000)


def percent(off_bps: int) -> str:
    """Return a share in percent: 2000 is 20, 1250 is 12.5."""
    return _trimmed(off_bps, 100)


def _trimmed(of: int, unit: int) -> str:
    whole, rest = divmod(of, unit)
    digits = str(unit + rest)[1:].rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _worth(offer: Offer) -> list[Words]:
    said: list[Words] = []
    if offer.kind == "points":
        said.append(Words(f"{offer.points} 积分", f"{offer.points} points"))
    # What a coupon is worth is what it takes off: said once, in its own words.
    if offer.value_minor and offer.kind != "coupon":
        worth = amount(offer.value_minor)
        said.append(Words(f"价值 {worth} 元", f"worth {worth} yuan"))
    return said


def _validity(offer: Offer) -> Words:
    if offer.kind == "cash":
        return Words("记入现金余额，长期有效", "credited as cash that does not expire")
    return Words(
        f"自获得起 {offer.valid_days} 天内有效", f"valid for {offer.valid_days} days from receipt"
    )
