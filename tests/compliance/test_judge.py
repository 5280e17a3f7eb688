"""What holds of every verdict, whatever the case."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.compliance import (
    EVENTS,
    RULESET_VERSION,
    SEVERITIES,
    SURFACES,
    Branch,
    Case,
    Commission,
    Copy,
    Edge,
    Lottery,
    Packet,
    Prize,
    Reward,
    SoldGood,
    Step,
    Team,
    Trigger,
    judge,
)
from tests.compliance.pairs import CLEAN, PAIRS

triggers: Any = st.builds(
    Trigger,
    path=st.sampled_from(["t[0]", "t[1]"]),
    event=st.sampled_from(EVENTS),
    actor=st.sampled_from(["self", "friend"]),
    beneficiary=st.sampled_from(["self", "friend", "inviter"]),
    reward=st.sampled_from([None, "five", "cash"]),
    depth=st.integers(0, 4),
    most_per_person=st.sampled_from([None, 1, 10]),
    people=st.integers(1, 5),
)
cases: Any = st.builds(
    Case,
    surfaces=st.lists(st.sampled_from([*SURFACES, "mars"]), min_size=1, max_size=4).map(tuple),
    steps=st.just((Step("a", "share_prompt"), Step("b", "follow"), Step("c", "reward"))),
    edges=st.lists(
        st.builds(Edge, st.sampled_from("abc"), st.sampled_from("abc"), st.booleans()), max_size=3
    ).map(tuple),
    triggers=st.lists(triggers, max_size=3).map(tuple),
    rewards=st.lists(
        st.builds(
            Reward,
            key=st.sampled_from(["five", "cash"]),
            kind=st.sampled_from(["coupon", "commission", "gift"]),
            value_minor=st.integers(0, 10_000),
            valid_days=st.sampled_from([None, 30]),
            terms=st.sampled_from(["", "满 30 可用"]),
            path=st.just("offers[0]"),
        ),
        max_size=2,
    ).map(tuple),
    levels=st.integers(0, 4),
    join_fee_minor=st.integers(0, 2),
    required_purchase=st.booleans(),
    lottery=st.none()
    | st.builds(
        Lottery,
        st.integers(0, 6_000_000),
        prizes=st.lists(
            st.builds(
                Prize,
                path=st.just("prizes[0]"),
                name=st.sampled_from(["", "杯子"]),
                value_minor=st.sampled_from([None, 100]),
                quantity=st.sampled_from([None, 0, 3]),
                odds_ppm=st.sampled_from([None, 0, 9]),
            ),
            max_size=2,
        ).map(tuple),
        look=st.sampled_from(["list", "wheel"]),
        predetermined=st.integers(0, 1),
    ),
    teams=st.lists(
        st.builds(
            Team,
            path=st.just("tiers"),
            size=st.sampled_from([None, 3]),
            hours=st.just(24),
            price_minor=st.just(990),
            refund_on_fail=st.booleans(),
            by_chance=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    packets=st.lists(
        st.builds(Packet, st.just("p"), st.integers(0, 200), st.integers(19_000, 21_000)),
        max_size=2,
    ).map(tuple),
    commissions=st.lists(
        st.builds(
            Commission,
            st.just("rate_bps"),
            st.integers(0, 9_000),
            levels=st.integers(1, 3),
            approval=st.sampled_from(["", "FW-1"]),
            needs_purchase=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    is_quiz=st.booleans(),
    shows_code=st.booleans(),
    chain_levels=st.integers(0, 4),
    chain_people=st.integers(0, 60),
    copy=st.lists(
        st.builds(
            Copy, st.just("name"), st.sampled_from(["好茶", "国家级", "不转不是人", "最终解释权"])
        ),
        max_size=2,
    ).map(tuple),
    branches=st.lists(
        st.builds(
            Branch,
            st.sampled_from(["branches[0]", "branches[1]"]),
            st.just("春茶"),
            st.integers(1, 2).map(lambda price: (SoldGood("tea", "红茶", ((price,),)),)),
        ),
        max_size=2,
    ).map(tuple),
    host_name=st.sampled_from(["", "榕树"]),
    order_value_minor=st.sampled_from([None, 0, 900, 10_000]),
)


TEA = SoldGood("tea", "红茶", ((1,),))


def gravity(case: Case) -> int:
    return SEVERITIES.index(judge(case).severity)


def changed(case: Case, **changes: Any) -> Case:
    return msgspec.structs.replace(case, **changes)


@settings(max_examples=150, deadline=None)
@given(cases)
def test_a_verdict_is_the_same_every_time_and_the_gravest_of_its_findings(case: Case) -> None:
    verdict = judge(case)
    copied = msgspec.json.decode(msgspec.json.encode(case), type=Case)
    assert msgspec.json.encode(judge(copied)) == msgspec.json.encode(verdict)
    assert verdict.ruleset_version == RULESET_VERSION
    found = [one.severity for one in verdict.findings]
    assert verdict.severity == max(found, key=SEVERITIES.index, default="pass")
    assert set(verdict.by_surface) == set(case.surfaces)
    assert max(verdict.by_surface.values(), key=SEVERITIES.index) == verdict.severity


@settings(max_examples=150, deadline=None)
@given(cases, st.sampled_from([*SURFACES, "venus"]), triggers, st.integers(0, 3))
def test_more_of_anything_never_makes_it_milder(
    case: Case, surface: str, more: Trigger, rise: int
) -> None:
    before = gravity(case)
    deeper = tuple(msgspec.structs.replace(one, depth=one.depth + rise) for one in case.triggers)
    dearer = tuple(
        msgspec.structs.replace(one, value_minor=one.value_minor + rise * 1000)
        for one in case.rewards
    )
    for worse in (
        changed(case, surfaces=(*case.surfaces, surface)),
        changed(case, triggers=(*case.triggers, more)),
        changed(case, triggers=deeper),
        changed(case, rewards=dearer),
        changed(case, levels=case.levels + rise),
        changed(case, teams=(*case.teams, Team("tiers", 2, 24, 990, refund_on_fail=True))),
        changed(case, commissions=(*case.commissions, Commission("rate_bps", 100 * rise))),
        changed(case, packets=(*case.packets, Packet("p", 100, 20_000))),
        changed(case, branches=(*case.branches, Branch("b", "c", (TEA,)))),
        changed(case, is_quiz=True),
        changed(case, shows_code=True),
        changed(case, chain_levels=case.chain_levels + rise, chain_people=case.chain_people + rise),
        changed(case, copy=(*case.copy, Copy("terms.zh", "好好说话"))),
    ):
        assert gravity(worse) >= before


@settings(max_examples=80, deadline=None)
@given(cases, cases)
def test_two_campaigns_in_one_are_no_milder_than_either(one: Case, other: Case) -> None:
    both = changed(
        one,
        surfaces=(*one.surfaces, *other.surfaces),
        triggers=(*one.triggers, *other.triggers),
        copy=(*one.copy, *other.copy),
        edges=(*one.edges, *other.edges),
    )
    alone = changed(
        CLEAN, surfaces=other.surfaces, copy=other.copy, steps=other.steps, edges=other.edges
    )
    assert gravity(both) >= max(gravity(one), gravity(alone))


@pytest.mark.parametrize("known", SURFACES)
def test_an_unknown_surface_is_the_strictest(known: str) -> None:
    for pairs in PAIRS.values():
        for bad, _ in pairs:
            strange = changed(bad, surfaces=("the_moon",))
            assert gravity(strange) >= gravity(changed(bad, surfaces=(known,)))


def test_a_referral_reward_is_judged_by_the_surface() -> None:
    invites = changed(
        CLEAN,
        surfaces=SURFACES,
        triggers=(Trigger("t[0]", "registered", "friend", "inviter", "five"),),
    )
    assert judge(invites).by_surface == {
        "own_web": "pass",
        "in_store": "pass",
        "app": "pass",
        "mini_program": "review",
        "wecom": "review",
        "douyin": "review",
        "wechat_h5": "block",
        "official_account": "block",
    }


def test_the_digest_tells_cases_and_verdicts_apart() -> None:
    digests = {judge(case).digest for pairs in PAIRS.values() for pair in pairs for case in pair}
    distinct = {
        msgspec.json.encode(case) for pairs in PAIRS.values() for pair in pairs for case in pair
    }
    assert len(digests) == len(distinct)
