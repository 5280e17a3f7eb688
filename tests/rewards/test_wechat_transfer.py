"""Merchant transfers against a twin on this machine that checks and makes signatures as WeChat Pay."""

import json
from collections.abc import Iterator

import pytest

from banyan.app.wechat_transfer import BILLS, WechatTransfer
from banyan.rewards.payouts.providers import Declined, PayoutAsk, Unreachable
from banyan.store.payments.wechat_pay import WechatPay, WechatPaySettings
from tests.store.test_wechat_pay import (
    API_KEY,
    MERCHANT,
    PLATFORM,
    Provider,
    address,
    private_pem,
    public_pem,
)

__all__ = ["address"]

ASK = PayoutAsk("P123", 1250, "CNY", "openid-1", "活动奖励", "1000")
BILL = {"out_bill_no": "P123", "transfer_bill_no": "W1", "create_time": "2026-11-22T10:00:00+08:00"}


@pytest.fixture
def transfer(address: str) -> Iterator[WechatTransfer]:
    Provider.answers.clear()
    Provider.asked.clear()
    yield WechatTransfer(
        WechatPay(
            WechatPaySettings(
                merchant="1900000001",
                app="wx1",
                serial="MERCHANT1",
                private_key=private_pem(MERCHANT),
                api_key=API_KEY,
                platform_keys={"PLAT1": public_pem(PLATFORM)},
                base_url=address,
            )
        )
    )
    Provider.signs_well = True


def answer(path: str, status: int, said: object) -> None:
    Provider.answers[path] = lambda: (status, json.dumps(said).encode())


def test_a_transfer_is_asked_for_under_its_number(transfer: WechatTransfer) -> None:
    answer(BILLS, 200, BILL | {"state": "WAIT_USER_CONFIRM"})
    said = transfer.pay(ASK)
    assert (said.request_number, said.state, said.amount_minor) == ("P123", "waiting", 1250)
    ((method, path, body),) = Provider.asked
    assert (method, path) == ("POST", BILLS)
    assert (body["out_bill_no"], body["transfer_amount"], body["openid"]) == (
        *("P123", 1250, "openid-1"),
    )


@pytest.mark.parametrize(
    ("theirs", "ours"), [("SUCCESS", "done"), ("FAIL", "failed"), ("TRANSFERING", "waiting")]
)
def test_a_question_tells_how_it_stands(transfer: WechatTransfer, theirs: str, ours: str) -> None:
    answer(f"{BILLS}/out-bill-no/P123", 200, BILL | {"state": theirs, "transfer_amount": 1250})
    said = transfer.find("P123")
    assert said is not None
    assert (said.state, said.amount_minor) == (ours, 1250)


def test_what_was_never_asked_for_is_not_there(transfer: WechatTransfer) -> None:
    answer(f"{BILLS}/out-bill-no/P123", 404, {"code": "NOT_FOUND", "message": "x"})
    assert transfer.find("P123") is None


def test_a_no_is_declined_and_a_maybe_is_not(transfer: WechatTransfer) -> None:
    answer(BILLS, 403, {"code": "NOT_ENOUGH", "message": "x"})
    with pytest.raises(Declined):
        transfer.pay(ASK)
    for status, code in ((500, "SYSTEM_ERROR"), (429, "RATELIMIT_EXCEEDED")):
        answer(BILLS, status, {"code": code, "message": "x"})
        with pytest.raises(Unreachable):
            transfer.pay(ASK)
    answer(f"{BILLS}/out-bill-no/P123", 403, {"code": "NO_AUTH", "message": "x"})
    with pytest.raises(Unreachable):
        transfer.find("P123")


def test_an_answer_of_somebody_else_is_not_believed(transfer: WechatTransfer) -> None:
    answer(BILLS, 200, BILL | {"state": "SUCCESS"})
    Provider.signs_well = False
    with pytest.raises(Unreachable):
        transfer.pay(ASK)


def test_a_large_sum_needs_a_name_we_do_not_keep(transfer: WechatTransfer) -> None:
    with pytest.raises(Declined):
        transfer.pay(ASK._replace(amount_minor=200_000))
    assert not Provider.asked
