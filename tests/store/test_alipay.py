"""Alipay against a provider on this machine that signs as the real one does (RSA2)."""

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from banyan.store.payments.alipay import Alipay, AlipaySettings, signed_text, yuan
from banyan.store.payments.ports import (
    BadNotice,
    Declined,
    PaymentAsk,
    RefundAsk,
    StatementLine,
    Unreachable,
)
from tests.store.test_wechat_pay import new_key, private_pem, public_pem

APP, PROVIDER = new_key(), new_key()


def sign(content: bytes) -> str:
    return base64.b64encode(PROVIDER.sign(content, PKCS1v15(), SHA256())).decode()


class Gateway(BaseHTTPRequestHandler):
    """What answers instead of Alipay."""

    answers: ClassVar[dict[str, dict[str, Any]]] = {}
    asked: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    files: ClassVar[dict[str, bytes]] = {}
    signs_well = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = dict(parse_qsl(body, keep_blank_values=True))
        signature = base64.b64decode(fields.pop("sign"))
        APP.public_key().verify(signature, signed_text(fields), PKCS1v15(), SHA256())
        method = fields["method"]
        Gateway.asked.append((method, json.loads(fields["biz_content"])))
        said = json.dumps(self.answers[method], ensure_ascii=False)
        name = method.replace(".", "_") + "_response"
        mark = sign(said.encode()) if self.signs_well else sign(b"else")
        self._send(f'{{"{name}":{said},"sign":"{mark}"}}'.encode())

    def do_GET(self) -> None:
        self._send(self.files[self.path])

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def account(address: str) -> Alipay:
    Gateway.answers.clear()
    Gateway.asked.clear()
    Gateway.signs_well = True
    return Alipay(
        AlipaySettings(
            app="2021",
            seller="2088",
            private_key=private_pem(APP),
            alipay_key=public_pem(PROVIDER),
            gateway=f"{address}/gateway.do",
        )
    )


ASK = PaymentAsk(
    *("T1", 1990, "CNY", "山茶拿铁", "h5", "https://shop.example/notices", "https://s/h5"),
    datetime.now(UTC) + timedelta(minutes=15),
)
DONE = {"code": "10000", "msg": "Success"}


def test_a_page_is_opened_with_a_signed_address(account: Alipay) -> None:
    url = account.open(ASK).url or ""
    fields = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    signature = base64.b64decode(fields.pop("sign"))
    APP.public_key().verify(signature, signed_text(fields), PKCS1v15(), SHA256())
    assert fields["method"] == "alipay.trade.wap.pay"
    assert json.loads(fields["biz_content"])["total_amount"] == "19.90"
    Gateway.answers["alipay.trade.precreate"] = DONE | {"qr_code": "https://qr.alipay.com/1"}
    assert account.open(ASK._replace(method="native")).url == "https://qr.alipay.com/1"


def notice(**changes: str) -> bytes:
    fields = {
        "app_id": "2021",
        "seller_id": "2088",
        "out_trade_no": "T1",
        "trade_no": "22001",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": "19.90",
        "subject": "山茶 & 拿铁+",
        "body": "",
    } | changes
    mark = sign(signed_text(fields))
    return urlencode(fields | {"sign_type": "RSA2", "sign": mark}).encode()


def test_a_notice_is_read_if_alipay_signed_it(account: Alipay) -> None:
    said = account.read_notice({}, notice())
    assert (said.number, said.state, said.amount_minor) == ("T1", "paid", 1990)
    assert said.merchant == account.merchant
    assert account.read_notice({}, notice(app_id="other")).merchant != account.merchant


@pytest.mark.parametrize("how", ["amount", "unsigned", "twice", "junk"])
def test_a_notice_that_was_touched_says_nothing(account: Alipay, how: str) -> None:
    body = notice()
    touched = {
        "amount": body.replace(b"19.90", b"0.01"),
        "unsigned": urlencode([p for p in parse_qsl(body.decode()) if p[0] != "sign"]).encode(),
        "twice": body + b"&total_amount=0.01",
        "junk": b"\xff\xfe<xml>",
    }[how]
    with pytest.raises(BadNotice):
        account.read_notice({}, touched)


def test_refunds_and_questions(account: Alipay) -> None:
    ask = RefundAsk("R1", "T1", 100, 1990, "CNY", "", "")
    query = "alipay.trade.fastpay.refund.query"
    Gateway.answers["alipay.trade.refund"] = DONE | {"trade_no": "22001", "fund_change": "Y"}
    Gateway.answers[query] = DONE | {
        "trade_no": "22001",
        "refund_amount": "1.00",
        "refund_status": "REFUND_SUCCESS",
    }
    said = account.refund(ask)
    assert (said.state, said.amount_minor, said.number) == ("done", 100, "R1")
    Gateway.answers[query] = DONE
    assert account.find_refund("R1", "T1") is None
    Gateway.answers["alipay.trade.refund"] = {"code": "20000", "sub_code": "isp.unknow-error"}
    with pytest.raises(Unreachable):
        account.refund(ask)
    refused = {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}
    Gateway.answers["alipay.trade.refund"] = refused
    with pytest.raises(Declined):
        account.refund(ask)
    Gateway.answers["alipay.trade.query"] = {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}
    assert account.find_payment("T1") is None
    Gateway.signs_well = False
    with pytest.raises(Unreachable):
        account.find_payment("T1")


def test_the_bill_of_a_day(account: Alipay, address: str) -> None:
    text = """#支付宝业务明细查询
支付宝交易号,商户订单号,业务类型,商品名称,订单金额（元）,退款批次号/请求号,服务费（元）
22001\t,T1\t,交易,山茶拿铁,19.90,,-0.12
22001\t,T1\t,退款,山茶拿铁,-1.00,R1,0.00
#-----业务明细列表结束----
"""
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as made:
        made.writestr("2088_20261121_业务明细(汇总).csv", "汇总".encode("gb18030"))
        made.writestr("2088_20261121_业务明细.csv", text.encode("gb18030"))
    Gateway.files["/bill.zip"] = bundle.getvalue()
    name = "alipay.data.dataservice.bill.downloadurl.query"
    Gateway.answers[name] = DONE | {"bill_download_url": f"{address}/bill.zip"}
    assert account.statement(date(2026, 11, 21)) == [
        StatementLine("payment", "T1", "22001", 1990, 12, "CNY"),
        StatementLine("refund", "R1", "22001/R1", 100, 0, "CNY"),
    ]


def test_yuan_are_written_without_floats() -> None:
    assert [yuan(each) for each in (1, 10, 1990, 100_000_000_01)] == [
        *("0.01", "0.10", "19.90", "100000000.01"),
    ]
