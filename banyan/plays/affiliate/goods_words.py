"""Which goods earn and at which share: what can be wrong with the choice, and how it is told."""

from collections import Counter
from collections.abc import Iterator, Sequence

from banyan.plays.affiliate.settings import AffiliateSettings, ChosenGoods
from banyan.plays.play import Problem
from banyan.plays.words import Words

__all__ = ["goods_problems", "goods_rules", "percent"]


def goods_problems(settings: AffiliateSettings) -> list[Problem]:
    """Return what is wrong with the choice of goods: twice the same, or chosen and left out."""
    return [*_empty(settings), *_repeated(settings), *_contradicted(settings)]


def _empty(settings: AffiliateSettings) -> Iterator[Problem]:
    for nth, rate in enumerate(settings.rates):
        if not rate.products and not rate.categories:
            words = Words("请选择商品或分类", "Choose products or categories")
            yield Problem(f"rates[{nth}].products", "empty", words)


def _lists(settings: AffiliateSettings) -> Iterator[tuple[str, str, Sequence[ChosenGoods]]]:
    """Yield every list that chooses goods: its path, what of each kind it says, and the goods."""
    yield "products", "products chosen", settings.products
    yield "categories", "categories chosen", settings.categories
    for nth, rate in enumerate(settings.rates):
        yield f"rates[{nth}].products", "products rated", rate.products
        yield f"rates[{nth}].categories", "categories rated", rate.categories
    yield "excluded_products", "products excluded", settings.excluded_products
    yield "excluded_categories", "categories excluded", settings.excluded_categories


def _repeated(settings: AffiliateSettings) -> Iterator[Problem]:
    seen: Counter[tuple[str, str]] = Counter()
    for path, said, goods in _lists(settings):
        for one in goods:
            seen[said, one.id] += 1
            if seen[said, one.id] > 1:
                words = Words(f"「{one.name}」选了两次", f"“{one.name}” is chosen twice")
                yield Problem(path, "repeated", words)


def _contradicted(settings: AffiliateSettings) -> Iterator[Problem]:
    nothing = {
        "products": {one.id for one in settings.excluded_products},
        "categories": {one.id for one in settings.excluded_categories},
    }
    for path, said, goods in _lists(settings):
        kind, _, what = said.partition(" ")
        for one in goods:
            if what != "excluded" and one.id in nothing[kind]:
                words = Words(
                    f"「{one.name}」又列在不计佣里", f"“{one.name}” is also said to earn nothing"
                )
                yield Problem(path, "also_excluded", words)


def goods_rules(settings: AffiliateSettings) -> list[Words]:
    """Return the sentences of which goods earn and which have a share of their own."""
    said = [_scope(settings)]
    said += [
        Words(
            f"{_zh(rate.products, rate.categories)}：佣金比例为 {percent(rate.rate_bps)}%。",
            f"{_en(rate.products, rate.categories)}: the share is {percent(rate.rate_bps)} %.",
        )
        for rate in settings.rates
    ]
    if any(rate.products for rate in settings.rates) and any(
        rate.categories for rate in settings.rates
    ):
        said.append(
            Words(
                "既按商品又按分类定了比例的，以商品的比例为准。",
                "Where both a product and its category have a share, the product's counts.",
            )
        )
    if settings.excluded_products or settings.excluded_categories:
        products, categories = settings.excluded_products, settings.excluded_categories
        said.append(
            Words(
                f"不计佣：{_zh(products, categories)}。",
                f"These earn nothing in any case: {_en(products, categories)}.",
            )
        )
    return said


def _scope(settings: AffiliateSettings) -> Words:
    is_limited = bool(settings.excluded_products or settings.excluded_categories)
    if not settings.has_choice:
        if is_limited:
            return Words(
                "计佣商品：除下列不计佣的以外，全店商品。",
                "What earns: everything in the shop but for what is said to earn nothing.",
            )
        return Words("计佣商品：全店商品。", "What earns: everything in the shop.")
    products, categories = settings.products, settings.categories
    also = ("，以及下列另定比例的商品", ", and what has a share of its own below")
    zh, en = also if settings.rates else ("", "")
    return Words(
        f"计佣商品：仅限{_zh(products, categories)}{zh}。",
        f"What earns: only {_en(products, categories)}{en}.",
    )


def _zh(products: Sequence[ChosenGoods], categories: Sequence[ChosenGoods]) -> str:
    parts = [f"商品{_named(products, '、', '「」')}"] if products else []
    parts += [f"分类{_named(categories, '、', '「」')}"] if categories else []
    return "和".join(parts)


def _en(products: Sequence[ChosenGoods], categories: Sequence[ChosenGoods]) -> str:
    parts = [f"the products {_named(products, ', ', '“”')}"] if products else []
    parts += [f"the categories {_named(categories, ', ', '“”')}"] if categories else []
    return " and ".join(parts)


def _named(goods: Sequence[ChosenGoods], between: str, quotes: str) -> str:
    opens, closes = quotes
    return between.join(f"{opens}{one.name}{closes}" for one in goods)


def percent(bps: int) -> str:
    """Return a share in percent: 1000 is 10, 1250 is 12.5."""
    return f"{bps // 100}" if bps % 100 == 0 else f"{bps // 100}.{bps % 100:02d}".rstrip("0")
