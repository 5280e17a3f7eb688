"""WeChat Pay against a provider on this machine that signs and encrypts as the real one does."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from banyan.store.payments.ports import (
    BadNotice,
    Declined,
    PaymentAsk,
    RefundAsk,
    StatementLine,
    Unreachable,
)
from banyan.store.payments.wechat_pay import WechatPay, WechatPaySettings, bill_lines, minor_of

API_KEY = "0123456789abcdef0123456789abcdef"


def new_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def private_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key: RSAPrivateKey) -> str:
    made = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return made.decode()


MERCHANT, PLATFORM, NEXT_PLATFORM = new_key(), new_key(), new_key()


def signed(body: bytes, key: RSAPrivateKey = PLATFORM, serial: str = "PLAT1") -> dict[str, str]:
    timestamp, nonce = str(int(time.time())), "nonce"
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "wechatpay-timestamp": timestamp,
        "wechatpay-nonce": nonce,
        "wechatpay-serial": serial,
        "wechatpay-signature": base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode(),
    }


class Provider(BaseHTTPRequestHandler):
    """What answers instead of WeChat Pay; `answers` say what, `asked` what it was asked."""

    answers: ClassVar[dict[str, Callable[[], tuple[int, bytes]]]] = {}
    asked: ClassVar[list[tuple[str, str, Any]]] = []
    signs_well = True

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._check(body)
        path = self.path.partition("?")[0]
        Provider.asked.append((self.command, self.path, json.loads(body) if body else None))
        status, said = self.answers[path]()
        self.send_response(status)
        for name, value in signed(said, PLATFORM if self.signs_well else NEXT_PLATFORM).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = _answer  # noqa: N815 - the names the server looks for

    def _check(self, body: bytes) -> None:
        """Check the merchant's signature as WeChat Pay does."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        fields = dict(part.split("=", 1) for part in rest.split(","))
        fields = {key: value.strip('"') for key, value in fields.items()}
        assert scheme == "WECHATPAY2-SHA256-RSA2048"
        assert (fields["mchid"], fields["serial_no"]) == ("1900000001", "MERCHANT1")
        message = (
            (
                f"{self.command}\n{self.path}\n{fields['timestamp']}\n{fields['nonce_str']}\n"
            ).encode()
            + body
            + b"\n"
        )
        signature = base64.b64decode(fields["signature"])
        MERCHANT.public_key().verify(signature, message, PKCS1v15(), SHA256())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def account(address: str) -> WechatPay:
    Provider.answers.clear()
    Provider.asked.clear()
    Provider.signs_well = True
    return WechatPay(
        WechatPaySettings(
            merchant="1900000001",
            app="wx1",
            serial="MERCHANT1",
            private_key=private_pem(MERCHANT),
            api_key=API_KEY,
            platform_keys={"PLAT1": public_pem(PLATFORM), "PLAT2": public_pem(NEXT_PLATFORM)},
            base_url=address,
        )
    )


def says(path: str, said: object, status: int = 200) -> None:
    Provider.answers[path] = lambda: (status, json.dumps(said).encode())


def ask(method: str, **more: object) -> PaymentAsk:
    return PaymentAsk(
        *("T1", 1990, "CNY", "山茶拿铁", method, "https://shop.example/notices", "https://s/h5"),
        datetime.now(UTC) + timedelta(minutes=15),
    )._replace(**more)


def test_every_way_to_pay_is_begun(account: WechatPay) -> None:
    says("/v3/pay/transactions/native", {"code_url": "weixin://wxpay/bizpayurl?pr=1"})
    says("/v3/pay/transactions/h5", {"h5_url": "https://wx.tenpay.com/x?prepay_id=1"})
    says("/v3/pay/transactions/jsapi", {"prepay_id": "wx99"})
    qr = account.open(ask("native"))
    assert (qr.action, qr.url) == ("qr", "weixin://wxpay/bizpayurl?pr=1")
    h5 = account.open(ask("h5", client_ip="203.0.113.9"))
    assert (h5.url or "").endswith("&redirect_url=https%3A%2F%2Fs%2Fh5")
    with pytest.raises(Declined):
        account.open(ask("jsapi"))
    bridge = account.open(ask("jsapi", payer="openid1")).parameters
    message = f"wx1\n{bridge['timeStamp']}\n{bridge['nonceStr']}\nprepay_id=wx99\n".encode()
    MERCHANT.public_key().verify(base64.b64decode(bridge["paySign"]), message, PKCS1v15(), SHA256())
    sent = [body for _, _, body in Provider.asked]
    assert {body["amount"]["total"] for body in sent} == {1990}
    assert sent[2]["payer"] == {"openid": "openid1"}


def notice(event: str = "TRANSACTION.SUCCESS", key: str = API_KEY, **changes: object) -> bytes:
    resource = {
        "mchid": "1900000001",
        "appid": "wx1",
        "out_trade_no": "T1",
        "transaction_id": "4200001",
        "trade_state": "SUCCESS",
        "amount": {"total": 1990, "currency": "CNY", "payer_total": 1990},
    } | changes
    sealed = AESGCM(key.encode()).encrypt(
        b"0123456789ab", json.dumps(resource).encode(), b"transaction"
    )
    return json.dumps(
        {
            "event_type": event,
            "resource": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": "0123456789ab",
                "associated_data": "transaction",
                "ciphertext": base64.b64encode(sealed).decode(),
            },
        }
    ).encode()


def test_a_notice_is_read_by_whichever_key_is_valid(account: WechatPay) -> None:
    body = notice()
    for headers in (signed(body), signed(body, NEXT_PLATFORM, "PLAT2")):
        said = account.read_notice(headers, body)
        assert (said.number, said.state, said.amount_minor) == ("T1", "paid", 1990)
        assert said.merchant == account.merchant
    body = notice(
        "REFUND.SUCCESS",
        out_refund_no="R1",
        refund_id="5000",
        refund_status="SUCCESS",
        amount={"refund": 100, "total": 1990},
    )
    said = account.read_notice(signed(body), body)
    assert (said.about, said.number, said.state, said.amount_minor) == (
        *("refund", "R1", "done", 100),
    )


@pytest.mark.parametrize(
    "how", ["unsigned", "serial", "key", "body", "old", "api_key", "tag", "no_json"]
)
def test_a_notice_that_is_not_theirs_says_nothing(account: WechatPay, how: str) -> None:
    body = notice(key="f" * 32) if how == "api_key" else notice()
    if how == "tag":
        sent = json.loads(body)
        sealed = bytearray(base64.b64decode(sent["resource"]["ciphertext"]))
        sealed[-1] ^= 1
        sent["resource"]["ciphertext"] = base64.b64encode(sealed).decode()
        body = json.dumps(sent).encode()
    if how == "no_json":
        body = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"
    headers = signed(body, NEXT_PLATFORM if how == "key" else PLATFORM)
    if how == "unsigned":
        headers = {}
    if how == "serial":
        headers["wechatpay-serial"] = "PLAT9"
    if how == "old":
        headers["wechatpay-timestamp"] = str(int(time.time()) - 301)
    if how == "body":
        body = json.dumps(json.loads(body), separators=(",", ":")).encode()
    with pytest.raises(BadNotice):
        account.read_notice(headers, body)


def test_questions_are_answered_with_what_is_known(account: WechatPay) -> None:
    path = "/v3/pay/transactions/out-trade-no/T1"
    says(path, {"code": "ORDER_NOT_EXIST", "message": "x"}, 404)
    assert account.find_payment("T1") is None
    says(path, {"mchid": "1900000001", "appid": "wx1", "out_trade_no": "T1",
                "trade_state": "NOTPAY"})  # fmt: skip
    said = account.find_payment("T1")
    assert said
    assert said.state == "waiting"
    says(path + "/close", {"code": "ORDERPAID", "message": "x"}, 400)
    account.close_payment("T1")


def test_an_answer_that_nobody_signed_is_no_answer(account: WechatPay) -> None:
    Provider.signs_well = False
    says("/v3/pay/transactions/native", {"code_url": "weixin://evil"})
    with pytest.raises(Unreachable):
        account.open(ask("native"))


REFUND = RefundAsk("R1", "T1", 100, 1990, "CNY", "少一件", "")
REFUNDS = "/v3/refund/domestic/refunds"


def test_refunds_are_done_unknown_or_declined(account: WechatPay) -> None:
    made = {"out_refund_no": "R1", "refund_id": "5000", "amount": {"refund": 100}}
    says(REFUNDS, made | {"status": "PROCESSING"})
    assert account.refund(REFUND).state == "waiting"
    says(REFUNDS + "/R1", made | {"status": "SUCCESS"})
    found = account.find_refund("R1", "T1")
    assert found
    assert (found.state, found.amount_minor) == ("done", 100)
    for status, code, kind in (
        (500, "SYSTEM_ERROR", Unreachable),
        (429, "FREQUENCY_LIMITED", Unreachable),
        (403, "NOT_ENOUGH", Declined),
    ):
        says(REFUNDS, {"code": code, "message": "x"}, status)
        with pytest.raises(kind):
            account.refund(REFUND)
    says(REFUNDS + "/R1", {"code": "RESOURCE_NOT_EXISTS", "message": "x"}, 404)
    assert account.find_refund("R1", "T1") is None
    assert {body["out_refund_no"] for _, _, body in Provider.asked if body} == {"R1"}


def test_a_provider_that_is_not_there_is_unreachable(account: WechatPay) -> None:
    gone = WechatPaySettings(
        **{
            field: getattr(account.settings, field)
            for field in WechatPaySettings.__struct_fields__
            if field != "base_url"
        },
        base_url="http://127.0.0.1:9",
    )
    with pytest.raises(Unreachable):
        WechatPay(gone).refund(REFUND)


COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
PAID = (
    "`2026-11-21 10:00:00,`wx1,`1900000001,`0,`,`4200001,`T1,`o1,`JSAPI,`SUCCESS,`OTHERS,`CNY,"
    "`19.90,`0.00,`0,`0,`0.00,`0.00,`,`,`拿铁,`,`0.12000,`0.60%,`19.90,`0.00,`"
)
BACK = (
    "`2026-11-21 11:00:00,`wx1,`1900000001,`0,`,`4200001,`T1,`o1,`JSAPI,`REFUND,`OTHERS,`CNY,"
    "`0.00,`0.00,`5000,`R1,`1.00,`0.00,`ORIGINAL,`SUCCESS,`拿铁,`,`-0.01000,`0.60%,`0.00,`1.00,`"
)
TOTALS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`2,`19.90,`1.00,`0.00,`0.11000,`19.90,`1.00"
)
BILL = f"\ufeff{COLUMNS}\r\n{PAID}\r\n{BACK}\r\n{TOTALS}"
LINES = [
    StatementLine("payment", "T1", "4200001", 1990, 12, "CNY"),
    StatementLine("refund", "R1", "5000", 100, -1, "CNY"),
]


def test_the_bill_of_a_day_is_fetched_checked_and_read(account: WechatPay, address: str) -> None:
    body = BILL.encode()
    announced = {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        "download_url": f"{address}/v3/billdownload/file?token=1",
    }
    says("/v3/bill/tradebill", announced)
    Provider.answers["/v3/billdownload/file"] = lambda: (200, body)
    assert account.statement(date(2026, 11, 21)) == LINES
    Provider.answers["/v3/billdownload/file"] = lambda: (200, body.replace(b"19.90", b"19.91"))
    with pytest.raises(Unreachable):
        account.statement(date(2026, 11, 21))
    assert bill_lines(BILL.lstrip("\ufeff")) == LINES


@pytest.mark.parametrize(
    ("text", "minor"), [("12.34", 1234), ("0.1", 10), ("-0.01000", -1), ("7", 700), ("19.90", 1990)]
)
def test_amounts_are_read_without_floats(text: str, minor: int) -> None:
    assert minor_of(text) == minor


def test_an_amount_of_less_than_a_cent_is_refused() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        minor_of("0.12345")
