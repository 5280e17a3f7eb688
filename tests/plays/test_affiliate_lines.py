"""Commission line by line against a model written from the words: which goods earn, and how much."""

from fractions import Fraction
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from banyan.plays import (
    Affiliate,
    AffiliateProgress,
    AffiliateSettings,
    Commission,
    Effect,
    Fact,
    Ordered,
    OrderedLine,
    Qualified,
    Refunded,
    RefundedLine,
    Refuse,
    Reverse,
    Started,
    Vest,
)
from banyan.plays.affiliate import ChosenGoods, GoodsRate, Sale, SecondLevel
from tests.plays.runtime import NOON, ROOT, person

PLAY = Affiliate()
OWNER, BUYER = person("owner"), person("buyer")
ORDER, QUEST = uuid5(ROOT, "order"), uuid5(ROOT, "quest")
PLAIN = AffiliateSettings("cash", 1000, 7, 3, 5)
TWO_LEVELS = (SecondLevel(500, "法审-2026-11"),)


def product(name: object) -> UUID:
    return uuid5(ROOT, f"product {name}")


def category(name: object) -> UUID:
    return uuid5(ROOT, f"category {name}")


def line(nth: object) -> UUID:
    return uuid5(ROOT, f"line {nth}")


def some_products(*names: object) -> tuple[ChosenGoods, ...]:
    return tuple(ChosenGoods(str(product(name)), f"商品 {name}") for name in names)


def some_categories(*names: object) -> tuple[ChosenGoods, ...]:
    return tuple(ChosenGoods(str(category(name)), f"分类 {name}") for name in names)


class Bought(NamedTuple):
    """A line as the model has it: product and category by number (0: in none), and what was paid."""

    product: int
    category: int
    paid: int


def ordered(*lines: Bought, depth: int = 1, most: int | None = None) -> Ordered:
    told = tuple(
        OrderedLine(
            line(nth),
            product(one.product),
            category(one.category) if one.category else None,
            one.paid,
        )
        for nth, one in enumerate(lines)
    )
    return Ordered(ORDER, BUYER, sum(one.paid for one in lines), depth, told, most)


class Link:
    """A seller's quest, with what is owed by cause."""

    def __init__(self, settings: AffiliateSettings = PLAIN) -> None:
        self.settings = settings
        self.progress = AffiliateProgress()
        self.owed: dict[UUID, int] = {}
        self.vested: set[UUID] = set()
        self.tell(Started(OWNER, QUEST))

    def tell(self, fact: Fact) -> list[Effect]:
        # Facts and progress are kept as JSON: what comes back must be what was told.
        fact = msgspec.json.decode(msgspec.json.encode(fact), type=type(fact))
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, NOON)
        kept = msgspec.json.encode(self.progress)
        assert msgspec.json.decode(kept, type=AffiliateProgress) == self.progress
        for effect in effects:
            match effect:
                case Commission("commission" | "second", to, "cash", amount, cause, None):
                    assert to == OWNER
                    assert amount > 0
                    assert cause not in self.owed
                    self.owed[cause] = amount
                case Reverse(_, _, cause, keep):
                    assert keep < self.owed[cause]
                    self.owed[cause] = keep
                case Vest(_, _, cause, _):
                    assert cause not in self.vested
                    self.vested.add(cause)
                case _:
                    pass
        return effects

    def refund(self, *back: tuple[int, int]) -> list[Effect]:
        lines = tuple(RefundedLine(line(nth), minor) for nth, minor in back)
        return self.tell(Refunded(ORDER, BUYER, sum(minor for _, minor in back), False, lines))

    def by_line(self, count: int) -> list[int]:
        return [self.owed.get(line(nth), 0) for nth in range(count)]


# --- the model: the merchant's words, not the code's ---


class Terms(NamedTuple):
    """Settings by numbers of products and categories, as a merchant would say them."""

    base: int
    products: frozenset[int]
    categories: frozenset[int]
    rates: tuple[tuple[int, frozenset[int], frozenset[int]], ...]
    no_products: frozenset[int]
    no_categories: frozenset[int]

    def settings(self, second: tuple[SecondLevel, ...]) -> AffiliateSettings:
        return AffiliateSettings(
            "cash",
            self.base,
            products=some_products(*sorted(self.products)),
            categories=some_categories(*sorted(self.categories)),
            rates=tuple(
                GoodsRate(rate, some_products(*sorted(ps)), some_categories(*sorted(cs)))
                for rate, ps, cs in self.rates
            ),
            excluded_products=some_products(*sorted(self.no_products)),
            excluded_categories=some_categories(*sorted(self.no_categories)),
            second_level=second,
        )

    def share(self, one: Bought, depth: int) -> Fraction:
        if one.product in self.no_products or one.category in self.no_categories:
            return Fraction(0)
        own = [rate for rate, ps, _ in self.rates if one.product in ps]
        own += [rate for rate, _, cs in self.rates if one.category in cs]
        everything = not self.products and not self.categories
        chosen = everything or one.product in self.products or one.category in self.categories
        if not own and not chosen:
            return Fraction(0)
        if depth == 2:
            return Fraction(500, 10_000)
        return Fraction(own[0] if own else self.base, 10_000)


NUMBERS = st.integers(1, 5)
SOME = st.frozensets(NUMBERS, max_size=2)
BPS = st.integers(1, 2500)
TERMS = st.builds(
    Terms,
    BPS,
    SOME,
    SOME,
    st.lists(st.tuples(BPS, SOME, SOME), max_size=2).map(tuple),
    SOME,
    SOME,
)
LINES = st.lists(
    st.builds(Bought, NUMBERS, st.integers(0, 5), st.integers(0, 10**7)), min_size=1, max_size=5
)


@given(
    terms=TERMS,
    lines=LINES,
    depth=st.sampled_from([1, 2]),
    most=st.none() | st.integers(0, 10**6),
    refunds=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 100)), max_size=6),
)
@example(
    terms=Terms(1000, frozenset(), frozenset(), (), frozenset(), frozenset()),
    lines=[Bought(1, 0, 33), Bought(2, 0, 33), Bought(3, 0, 34)],
    depth=1,
    most=8,
    refunds=[(0, 50)],
)
@how(max_examples=300, deadline=None)
def test_each_line_earns_its_own_share_and_keeps_it_whatever_becomes_of_the_others(
    terms: Terms,
    lines: list[Bought],
    depth: int,
    most: int | None,
    refunds: list[tuple[int, int]],
) -> None:
    link = Link(terms.settings(TWO_LEVELS))
    effects = link.tell(ordered(*lines, depth=depth, most=most))
    shares = [terms.share(one, depth) for one in lines]
    if not any(shares):
        assert effects == [Refuse("not_applicable")]
        assert link.progress.sales == ()
        return
    # Each by itself and floored; above the order's most, that most exactly, to the minor unit.
    whole = [int(one.paid * share) for one, share in zip(lines, shares, strict=True)]
    given_now = link.by_line(len(lines))
    if most is None or sum(whole) <= most:
        assert given_now == whole
    else:
        assert sum(given_now) == most
        parts = [Fraction(most * each, sum(whole)) for each in whole]
        assert all(abs(got - part) < 1 for got, part in zip(given_now, parts, strict=True))
        assert all(got <= each for got, each in zip(given_now, whole, strict=True))
    assert link.progress.sales[0].amount_minor == sum(
        one.paid for one, share in zip(lines, shares, strict=True) if share
    )

    back = [0] * len(lines)
    for nth, percent in refunds:
        if nth >= len(lines):
            continue
        minor = (lines[nth].paid - back[nth]) * percent // 100
        back[nth] += minor
        before = link.by_line(len(lines))
        told = link.refund((nth, minor))
        now = link.by_line(len(lines))
        left = int((lines[nth].paid - back[nth]) * shares[nth])
        assert now[nth] == min(given_now[nth], left)
        # The others stand.
        assert now[:nth] + now[nth + 1 :] == before[:nth] + before[nth + 1 :]
        # Told of nothing new, nothing changes.
        if not minor or not shares[nth]:
            assert told == [Refuse("not_applicable")]
    sold = link.progress.sales[0]
    assert sold.refunded_minor == sum(
        minor for minor, share in zip(back, shares, strict=True) if share
    )
    notes = {note.code: note.value for note in PLAY.standing(link.settings, link.progress).notes}
    assert notes["earned"] == sum(link.owed.values())
    assert notes["sold"] == sold.amount_minor - sold.refunded_minor


@given(lines=LINES, amounts=st.lists(st.integers(0, 10**7), max_size=4))
@how(max_examples=100, deadline=None)
def test_an_amount_without_lines_is_taken_from_them_in_turn(
    lines: list[Bought], amounts: list[int]
) -> None:
    link = Link()
    link.tell(ordered(*lines))
    left = [one.paid for one in lines]
    for amount in amounts:
        link.tell(Refunded(ORDER, BUYER, amount))
        rest = amount
        for nth, minor in enumerate(left):
            left[nth] = max(0, minor - rest)
            rest = max(0, rest - minor)
        assert link.by_line(len(lines)) == [minor // 10 for minor in left]


def test_what_is_excluded_never_earns_and_a_products_share_comes_before_its_categorys() -> None:
    settings = msgspec.structs.replace(
        PLAIN,
        products=some_products("tea"),
        rates=(
            GoodsRate(500, (), some_categories("gifts")),
            GoodsRate(2000, some_products("box")),
        ),
        excluded_products=some_products("sale"),
    )
    gifts = category("gifts")
    told = Ordered(
        *(ORDER, BUYER, 50_000, 1),
        (
            OrderedLine(line("tea"), product("tea"), None, 10_000),
            OrderedLine(line("box"), product("box"), gifts, 10_000),
            OrderedLine(line("card"), product("card"), gifts, 10_000),
            OrderedLine(line("sale"), product("sale"), gifts, 10_000),
            OrderedLine(line("cup"), product("cup"), category("cups"), 10_000),
        ),
    )
    link = Link(settings)
    link.tell(told)
    assert link.owed == {line("tea"): 1000, line("box"): 2000, line("card"): 500}
    link.tell(Qualified(BUYER, "delivered", ORDER))
    assert link.vested == set(link.owed)


def test_the_share_is_the_one_of_the_moment_it_was_ordered() -> None:
    link = Link()
    link.tell(ordered(Bought(1, 0, 10_000), Bought(2, 0, 10_000)))
    link.settings = msgspec.structs.replace(PLAIN, rate_bps=100)
    link.refund((0, 5_000))
    assert link.by_line(2) == [500, 1000]


def test_orders_that_earn_nothing_do_not_use_up_the_limit() -> None:
    settings = msgspec.structs.replace(PLAIN, orders_per_person=1, products=some_products(1))
    link = Link(settings)
    assert link.tell(ordered(Bought(2, 0, 10_000))) == [Refuse("not_applicable")]
    link.tell(ordered(Bought(1, 0, 10_000), Bought(2, 0, 10_000)))
    assert link.by_line(2) == [1000, 0]
    other = msgspec.structs.replace(ordered(Bought(1, 0, 500)), order=uuid5(ROOT, "another"))
    assert link.tell(other) == [Refuse("cap_reached")]


def test_an_order_told_without_lines_is_one_line_as_it_always_was() -> None:
    link = Link()
    link.tell(Ordered(ORDER, BUYER, 20_000))
    assert link.owed == {ORDER: 2000}
    # Later refunds come with lines.
    link.refund((0, 5_000))
    assert link.owed == {ORDER: 1500}
    link.tell(Qualified(BUYER, "delivered", ORDER))
    assert link.vested == {ORDER}
    limited = Link(msgspec.structs.replace(PLAIN, products=some_products(1)))
    assert limited.tell(Ordered(ORDER, BUYER, 20_000)) == [Refuse("not_applicable")]


def test_progress_and_facts_of_the_time_before_lines_are_read() -> None:
    before = f'["{OWNER}","{QUEST}","open",[["{ORDER}",20000,1,5000,true]]]'
    progress = msgspec.json.decode(before, type=AffiliateProgress)
    assert progress.sales == (Sale(ORDER, 20_000, 1, 5_000, is_delivered=True),)
    assert PLAY.standing(PLAIN, progress).notes[1].value == 1500
    told = f'{{"type":"ordered","order":"{ORDER}","by":"{BUYER}","amount_minor":20000,"depth":1}}'
    assert msgspec.json.decode(told, type=Fact) == Ordered(ORDER, BUYER, 20_000)


@given(terms=TERMS, lines=LINES, worth=st.integers(0, 10**6), orders=st.integers(1, 3))
@how(max_examples=60, deadline=None)
def test_no_order_of_many_lines_costs_more_than_the_worst_case(
    terms: Terms, lines: list[Bought], worth: int, orders: int
) -> None:
    settings = msgspec.structs.replace(terms.settings(()), orders_per_person=orders)
    link = Link(settings)
    for nth in range(orders + 1):
        fact = ordered(*lines, most=worth)
        made = tuple(
            msgspec.structs.replace(each, line=uuid5(each.line, str(nth))) for each in fact.lines
        )
        link.tell(msgspec.structs.replace(fact, order=uuid5(ORDER, str(nth)), lines=made))
    assert sum(link.owed.values()) <= PLAY.most_cost(settings, {"cash": worth}, 2) // 2
