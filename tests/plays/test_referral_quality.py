"""Friends who count by ordering or by staying, against a model written from the terms alone."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.plays import (
    PLAYS,
    CampaignEnded,
    Count,
    Decrease,
    Effect,
    Fact,
    Ordered,
    Qualified,
    ReferralProgress,
    ReferralSettings,
    ReferralTier,
    Refunded,
    Refuse,
    Reverse,
    Reward,
    Started,
    Supported,
    TimePassed,
    WakeAt,
    Withdrawn,
)
from tests.plays.runtime import NOON, ROOT, person

REFERRAL = PLAYS["referral"]
QUEST = uuid5(ROOT, "quest")
ANA = person("ana")
DAY = timedelta(days=1)

ORDERED = ReferralSettings(
    tiers=(ReferralTier(2, "two"),),
    decrease=(Decrease(0, "each"),),
    friend_offer="hello",
    counts_when="ordered",
    wait_days=7,
    undo_days=10,
    least_order_minor=1000,
)
STAYED = msgspec.structs.replace(ORDERED, counts_when="stayed_n_days", least_order_minor=None)


def order(name: object) -> UUID:
    return uuid5(ROOT, f"order {name}")


class Quest:
    """One quest, with the ledger of what it gave and took back."""

    def __init__(self, chosen: ReferralSettings) -> None:
        self.chosen, self.now = chosen, NOON
        self.progress = ReferralProgress()
        self.live: Counter[tuple[str, UUID, UUID]] = Counter()
        self.ever: Counter[tuple[str, UUID, UUID]] = Counter()
        self.offers: dict[tuple[str, UUID, UUID], str] = {}
        self.wakes: list[datetime] = []
        self.tell(Started(ANA, QUEST))

    def tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = REFERRAL.react(self.chosen, self.progress, fact, self.now)
        for effect in effects:
            if isinstance(effect, Reward):
                name = effect.rule, effect.to, effect.cause
                self.live[name] += 1
                self.ever[name] += 1
                self.offers[name] = effect.offer
            elif isinstance(effect, Reverse):
                self.live[effect.rule, effect.to, effect.cause] = 0
            elif isinstance(effect, WakeAt):
                self.wakes.append(effect.at)
        return effects

    def wait(self, days: float) -> None:
        """Let time pass, and be woken at every moment that was asked for."""
        until = self.now + timedelta(days=days)
        for at in sorted({at for at in self.wakes if at <= until}):
            self.now = max(self.now, at)
            self.tell(TimePassed())
        self.wakes = [at for at in self.wakes if at > until]
        self.now = until

    def held(self, who: UUID) -> list[str]:
        """Return the offers `who` holds now."""
        return sorted(self.offers[n] for n, count in self.live.items() if count and n[1] == who)

    @property
    def have(self) -> int:
        return REFERRAL.standing(self.chosen, self.progress).have

    def notes(self) -> dict[str, int]:
        return {n.code: n.value for n in REFERRAL.standing(self.chosen, self.progress).notes}


def test_an_order_counts_when_it_can_no_longer_be_returned() -> None:
    quest, bo = Quest(ORDERED), person("bo")
    assert Count(bo) in quest.tell(Supported(bo))
    assert (quest.have, quest.held(ANA), quest.held(bo)) == (0, [], ["hello"])
    assert quest.notes() == {"brought": 1, "waits_order": 1}
    quest.tell(Ordered(order(1), bo, 5000))
    assert quest.notes() == {"brought": 1, "waits_delivery": 1}
    quest.wait(90)
    assert quest.have == 0
    quest.tell(Qualified(bo, "delivered", order(1)))
    assert quest.notes() == {"brought": 1, "waits_return": 1}
    quest.wait(6.99)
    assert quest.have == 0
    quest.wait(0.01)
    assert (quest.have, quest.held(ANA), quest.notes()) == (1, ["each"], {"brought": 1})


@pytest.mark.parametrize(("after_days", "have"), [(3, 0), (7, 0), (16.99, 0), (17, 1)])
def test_a_refund_undoes_it_as_long_as_the_terms_say(after_days: float, have: int) -> None:
    quest, bo = Quest(ORDERED), person("bo")
    quest.tell(Supported(bo))
    quest.tell(Ordered(order(1), bo, 5000))
    quest.tell(Qualified(bo, "delivered", order(1)))
    quest.wait(after_days)
    quest.tell(Refunded(order(1), bo, 5000))
    quest.wait(30)
    assert (quest.have, quest.held(ANA)) == (have, ["each"] * have)
    assert quest.held(bo) == ["hello"], "what they got for coming was not for ordering"


def test_after_a_refund_another_order_counts_and_its_reward_has_another_name() -> None:
    quest, bo = Quest(ORDERED), person("bo")
    quest.tell(Supported(bo))
    for n in (1, 2):
        quest.tell(Ordered(order(n), bo, 5000))
        quest.tell(Qualified(bo, "delivered", order(n)))
        quest.wait(8)
        assert (quest.have, quest.held(ANA)) == (1, ["each"])
        if n == 1:
            quest.tell(Refunded(order(1), bo, 5000))
            assert (quest.have, quest.held(ANA)) == (0, [])
    assert max(quest.ever.values()) == 1


def test_a_part_refund_counts_by_what_is_left() -> None:
    quest, bo = Quest(ORDERED), person("bo")
    quest.tell(Supported(bo))
    assert quest.tell(Ordered(order(0), bo, 999)) == [Refuse("not_applicable")]
    quest.tell(Ordered(order(1), bo, 5000))
    quest.tell(Refunded(order(1), bo, 4000))
    quest.tell(Qualified(bo, "delivered", order(1)))
    quest.wait(7)
    assert quest.have == 1
    quest.tell(Refunded(order(1), bo, 1))
    assert (quest.have, quest.held(ANA)) == (0, [])


def test_only_the_order_of_somebody_who_came_counts_and_only_one_of_theirs() -> None:
    quest, bo = Quest(ORDERED), person("bo")
    assert quest.tell(Ordered(order(1), bo, 5000)) == [Refuse("not_applicable")]
    quest.tell(Supported(bo))
    quest.tell(Ordered(order(2), bo, 5000))
    assert quest.tell(Ordered(order(3), bo, 5000)) == [Refuse("done_already")]
    assert quest.tell(Qualified(bo, "delivered", order(3))) == [Refuse("not_applicable")]
    quest.tell(Qualified(bo, "delivered", order(2)))
    assert quest.tell(Qualified(bo, "delivered", order(2))) == [Refuse("done_already")]
    quest.wait(7)
    assert quest.have == 1


def test_without_days_to_wait_payment_counts_at_once() -> None:
    quest, bo = Quest(msgspec.structs.replace(ORDERED, wait_days=0)), person("bo")
    quest.tell(Supported(bo))
    quest.tell(Ordered(order(1), bo, 5000))
    assert (quest.have, quest.held(ANA)) == (1, ["each"])


@pytest.mark.parametrize(
    ("leaves_after", "have"), [(0, 0), (6.99, 0), (7, 0), (16.99, 0), (17, 1), (40, 1)]
)
def test_who_stays_counts_and_who_leaves_in_time_is_taken_back(
    leaves_after: float, have: int
) -> None:
    quest, bo = Quest(STAYED), person("bo")
    quest.tell(Supported(bo))
    assert quest.notes() == {"brought": 1, "waits_stay": 1}
    quest.wait(leaves_after)
    quest.tell(Withdrawn(bo))
    quest.wait(60)
    assert (quest.have, quest.held(ANA)) == (have, ["each"] * have)
    assert quest.held(bo) == ["hello"] * have


def test_a_late_wake_comes_to_the_same() -> None:
    """The worker slept: whoever left after the time to undo had stayed, whoever before had not."""
    for left_after, have in ((16, 0), (18, 1)):
        quest, bo = Quest(STAYED), person("bo")
        quest.tell(Supported(bo))
        quest.now += left_after * DAY
        quest.tell(Withdrawn(bo))
        quest.now += DAY
        quest.tell(TimePassed())
        assert (quest.have, quest.held(ANA)) == (have, ["each"] * have)


def test_the_deadline_is_for_coming_and_who_came_may_still_count() -> None:
    quest = Quest(msgspec.structs.replace(STAYED, hours_to_finish=24))
    quest.tell(Supported(person("bo")))
    quest.wait(2)
    assert quest.tell(Supported(person("cy"))) == [Refuse("out_of_time")]
    assert quest.progress.state == "open"
    quest.wait(6)
    assert (quest.have, quest.progress.state, quest.progress.is_over) == (1, "won", True)


def test_at_the_campaigns_end_who_waits_is_out_and_who_counted_can_still_be_uncounted() -> None:
    quest = Quest(STAYED)
    for who in ("bo", "cy"):
        quest.tell(Supported(person(who)))
        quest.wait(5)
    quest.tell(CampaignEnded())
    assert (quest.have, quest.progress.state) == (1, "won")
    quest.wait(30)
    assert quest.have == 1
    quest = Quest(STAYED)
    quest.tell(Supported(person("bo")))
    quest.wait(8)
    quest.tell(CampaignEnded())
    quest.tell(Withdrawn(person("bo")))
    assert (quest.have, quest.held(ANA)) == (0, [])


def test_to_stay_takes_a_day() -> None:
    at_once = msgspec.structs.replace(STAYED, wait_days=0)
    assert [one.path for one in REFERRAL.problems(at_once)] == ["wait_days"]
    assert not REFERRAL.problems(STAYED)


def test_the_rules_and_the_links_say_what_is_executed() -> None:
    names = dict.fromkeys(list[str](("two", "each", "hello")), PLAYS["referral"].name)
    said = " ".join(w.zh + w.en for w in REFERRAL.rules(ORDERED, names))
    for words in (
        "签收满 7 天没有退款",
        "商品实付满 10 元",
        "计入后 10 天内退款或退出",
        "7 days after",
    ):
        assert words in said
    events = {m.event for m in REFERRAL.mechanisms(ORDERED) if m.beneficiary == "inviter"}
    assert events == {"order_settled"}
    events = {m.event for m in REFERRAL.mechanisms(STAYED) if m.beneficiary == "inviter"}
    assert events == {"stayed"}
    assert "留存" not in said


# The model: what is true of each friend by the terms, without any progress at all


class Life:
    """What one friend did and when, as anybody could write it down."""

    def __init__(self, came: datetime) -> None:
        self.came = came
        self.left: datetime | None = None
        self.orders: list[list[object]] = []


def counts(chosen: ReferralSettings, life: Life, now: datetime) -> bool:
    """Whether the terms say that this friend counts now."""
    if chosen.counts_when == "stayed_n_days":
        due = life.came + chosen.waits
        undone = life.left is not None and life.left < due + chosen.undoes
        return due <= now and not undone
    final = False
    for _, paid, delivered, refunded in life.orders:
        assert isinstance(paid, datetime)
        if delivered is None:
            continue
        assert isinstance(delivered, datetime)
        due = delivered + chosen.waits
        was_undone = isinstance(refunded, datetime) and refunded < due + chosen.undoes
        has_left = life.left is not None and life.left < due + chosen.undoes
        if not was_undone and not has_left and due <= now:
            final = True
    return final


moves = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "order", "deliver", "refund", "leave", "wait", "wait"]),
        st.integers(0, 3),
        st.sampled_from([0.5, 1, 2, 3]),
    ),
    max_size=60,
)
terms = st.builds(
    ReferralSettings,
    tiers=st.sampled_from([(), (ReferralTier(1, "one"), ReferralTier(3, "three"))]),
    decrease=st.just((Decrease(0, "each"),)),
    friend_offer=st.sampled_from([None, "hello"]),
    reward_cap_per_person=st.sampled_from([2, 100]),
    counts_when=st.sampled_from(["ordered", "stayed_n_days"]),
    wait_days=st.integers(1, 3),
    undo_days=st.integers(0, 3),
)


@settings(max_examples=400, deadline=None)
@given(terms, moves)
def test_whatever_happens_exactly_those_count_who_count_by_the_terms(
    chosen: ReferralSettings, happened: list[tuple[str, int, float]]
) -> None:
    quest = Quest(chosen)
    lives: dict[int, Life] = {}
    told = 0
    for kind, who, days in happened:
        by, life = person(who), lives.get(who)
        if kind == "wait":
            quest.wait(days)
        elif kind == "come":
            effects = quest.tell(Supported(by, has_helped=life is not None))
            assert (Count(by) in effects) == (life is None)
            if life is None:
                lives[who] = Life(quest.now)
        elif life is None or (life.left and kind == "leave"):
            continue
        elif kind == "leave":
            quest.tell(Withdrawn(by))
            life.left = quest.now
        elif kind == "order":
            # One at a time: the next after the last was refunded.
            if life.left or any(one[3] is None for one in life.orders):
                continue
            told += 1
            life.orders.append([order(told), quest.now, None, None])
            quest.tell(Ordered(order(told), by, 5000))
        elif life.orders and kind == "deliver" and life.orders[-1][2:] == [None, None]:
            life.orders[-1][2] = quest.now
            quest.tell(Qualified(by, "delivered", life.orders[-1][0]))  # type: ignore[arg-type]
        elif life.orders and kind == "refund" and life.orders[-1][3] is None:
            life.orders[-1][3] = quest.now
            quest.tell(Refunded(life.orders[-1][0], by, 5000))  # type: ignore[arg-type]
        quest.tell(TimePassed())
        have = sum(counts(chosen, life, quest.now) for life in lives.values())
        assert quest.have == have
        mine = quest.held(ANA)
        assert len(mine) <= chosen.reward_cap_per_person
        if chosen.reward_cap_per_person == 100:
            assert mine.count("each") == have
            tiers = [tier.offer for tier in chosen.tiers if tier.people <= have]
            assert sorted(set(mine) - {"each"}) == sorted(tiers)
            assert len(mine) == have + len(tiers)
        assert max(quest.ever.values(), default=1) == 1, "no reward twice by one name"
        raw = msgspec.json.encode(quest.progress)
        assert msgspec.json.decode(raw, type=ReferralProgress) == quest.progress
