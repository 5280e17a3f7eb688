"""Above the limit two members, never one: who agrees, who pays by hand, who raises the limit."""

import psycopg
import pytest
from msgspec.structs import replace

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Actor, unit_of_work
from banyan.rewards import payouts
from banyan.rewards.payouts import PayoutTerms, TermsView
from tests.rewards.test_payouts import TERMS, Cashier, code
from tests.whole import assert_whole


@pytest.fixture
def cashier(database: object) -> Cashier:
    return Cashier()


def record(cashier: Cashier, payout: object, who: Actor) -> None:
    with unit_of_work(cashier.stage.workspace, who, cashier.stage.now) as work:
        payouts.record_manual(work, payout, "转账单 1", was_paid=True)  # type: ignore[arg-type]


def test_one_member_twice_is_one_and_two_are_two(cashier: Cashier) -> None:
    payout, one = cashier.ask_for(3001), cashier.stage.member("finance", "阿财")
    cashier.agree(payout, one)
    cashier.agree(payout, one)
    assert (cashier.send(payout), cashier.state(payout)) == (None, "created")
    with cashier.stage.work() as work:
        (view,) = payouts.payout_list(work, "approval")
        assert (view.approvals_needed, view.is_agreed, view.seconded_by) == (2, False, None)
        asked = payouts.approval_of(work)
    assert (asked.limit_minor, asked.others) == (3000, ["阿财"])
    assert asked.names[view.approved_by or ""] == "阿财"
    cashier.agree(payout)
    cashier.agree(payout)
    assert cashier.send(payout) == "succeeded"
    words = "select count(*) from audit_entries where action = 'payout.approved' and subject = %s"
    assert cashier.stage.one(words, str(payout)) == 2
    assert_whole()


def test_neither_a_key_nor_the_system_agrees(cashier: Cashier) -> None:
    payout = cashier.ask_for(3001)
    for who in (Actor("key", new_id()), Actor("system")):
        with pytest.raises(Refused) as caught:
            cashier.agree(payout, who)
        assert code(caught) == "member_needed"
    with pytest.raises(psycopg.errors.CheckViolation), cashier.stage.work() as work:
        work.driver.execute("update payouts set approved_by = 'key:1'")
    cashier.agree(payout)
    for change in (
        "seconded_by = approved_by",
        "seconded_by = created_by",
        "state = 'submitting'",
    ):
        with pytest.raises(psycopg.errors.CheckViolation), cashier.stage.work() as work:
            work.driver.execute(f"update payouts set {change}")


def test_by_hand_who_agreed_does_not_write_down_that_it_was_paid(cashier: Cashier) -> None:
    payout = cashier.ask_for(3001, method="manual")
    one, two = cashier.stage.member("finance"), cashier.stage.member("owner")
    with pytest.raises(Refused) as caught:
        record(cashier, payout, one)
    assert code(caught) == "payout_state"
    cashier.agree(payout, one)
    with pytest.raises(Refused) as caught:
        record(cashier, payout, one)
    assert code(caught) == "payout_same_hand"
    assert caught.value.params == {"limit_minor": 3000}
    assert "邀请一位成员" in caught.value.refusal.zh
    with pytest.raises(psycopg.errors.CheckViolation), cashier.stage.work() as work:
        work.driver.execute("update payouts set recorded_by = approved_by")
    record(cashier, payout, two)
    record(cashier, payout, two)
    assert cashier.state(payout) == "succeeded"
    assert cashier.stage.one("select recorded_by from payouts") == str(two)
    assert_whole()


def test_who_is_alone_pays_below_the_limit(cashier: Cashier) -> None:
    alone = cashier.stage.member("owner")
    by_hand, by_itself = cashier.ask_for(2000, method="manual"), cashier.ask_for(2000)
    record(cashier, by_hand, alone)
    assert cashier.send(by_itself) == "succeeded"
    assert cashier.state(by_hand) == "succeeded"
    assert_whole()


def ask(cashier: Cashier, who: Actor, **changes: int) -> TermsView:
    with unit_of_work(cashier.stage.workspace, who, cashier.stage.now) as work:
        payouts.ask_payout_terms(work, replace(TERMS, **changes))
        return payouts.terms_view(work)


def confirm(cashier: Cashier, who: Actor) -> PayoutTerms:
    with unit_of_work(cashier.stage.workspace, who, cashier.stage.now) as work:
        payouts.confirm_payout_terms(work)
        return payouts.payout_terms(work)


@pytest.mark.parametrize(
    "higher",
    [
        {"approve_above_minor": 9_000},
        {"per_person_day_minor": 6_000},
        {"per_day_minor": 200_000},
        {"day_quota_minor": 20_000_000},
    ],
)
def test_higher_limits_wait_for_another_member(cashier: Cashier, higher: dict[str, int]) -> None:
    owner, finance = cashier.stage.member("owner", "掌柜"), cashier.stage.member("finance")
    asked = ask(cashier, owner, **higher)
    assert asked.terms == TERMS
    assert asked.asked == replace(TERMS, **higher)
    assert (asked.asked_by, asked.may_confirm) == ("掌柜", False)
    with pytest.raises(Refused) as caught:
        confirm(cashier, owner)
    assert code(caught) == "payout_terms_same_hand"
    with pytest.raises(Refused) as caught:
        confirm(cashier, Actor("key", new_id()))
    assert code(caught) == "member_needed"
    assert confirm(cashier, finance) == replace(TERMS, **higher)
    with pytest.raises(Refused) as caught:
        confirm(cashier, finance)
    assert code(caught) == "payout_terms_not_asked"


def test_what_was_asked_for_keeps_its_terms_when_the_limit_rises(cashier: Cashier) -> None:
    payout = cashier.ask_for(3500)
    owner, finance = cashier.stage.member("owner"), cashier.stage.member("finance")
    ask(cashier, owner, approve_above_minor=5_000)
    confirm(cashier, finance)
    assert cashier.send(payout) is None
    with cashier.stage.work() as work:
        assert [one.id for one in payouts.payout_list(work, "approval")] == [payout]


def test_lower_limits_hold_at_once_and_what_waits_can_be_dropped(cashier: Cashier) -> None:
    owner, finance = cashier.stage.member("owner"), cashier.stage.member("finance")
    ask(cashier, owner, approve_above_minor=9_000)
    with unit_of_work(cashier.stage.workspace, finance, cashier.stage.now) as work:
        payouts.drop_payout_terms(work)
        assert payouts.terms_view(work).asked is None
    ask(cashier, owner, approve_above_minor=9_000)
    lower = ask(cashier, owner, approve_above_minor=1_000)
    assert (lower.terms.approve_above_minor, lower.asked) == (1_000, None)


def test_who_is_alone_raises_limits_alone_and_it_is_written_down(cashier: Cashier) -> None:
    owner = cashier.stage.member("owner")
    assert ask(cashier, owner, approve_above_minor=9_000).terms.approve_above_minor == 9_000
    detail = cashier.stage.one(
        "select detail from audit_entries where action = 'payouts.terms_set' and actor = %s",
        str(owner),
    )
    assert detail["raised"] == ["approve_above_minor"]


def test_terms_that_were_never_set_hold_while_higher_ones_wait(cashier: Cashier) -> None:
    with cashier.stage.work() as work:
        work.driver.execute("delete from payout_terms")
        before = payouts.payout_terms(work)
    owner = cashier.stage.member("owner")
    cashier.stage.member("finance")
    asked = ask(cashier, owner, per_day_minor=2_000_000)
    assert asked.terms == before
    assert asked.asked is not None
