"""Alipay: payments by phone page, web page and QR code, notices, refunds and daily bills (RSA2).

Requests are signed with the merchant's key over their sorted fields. Answers are checked on the raw
bytes of their content, notices on the fields as they were sent, with Alipay's public key.
"""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from banyan.store.payments.ports import (
    Action,
    BadNotice,
    Declined,
    NotReady,
    PaymentAsk,
    RefundAsk,
    Said,
    State,
    StatementLine,
    Unreachable,
)
from banyan.store.payments.wechat_pay import minor_of
from banyan.store.payments.wire import exchange

GATEWAY = "https://openapi.alipay.com/gateway.do"
SANDBOX_GATEWAY = "https://openapi-sandbox.dl.alipaydev.com/gateway.do"
DAY = ZoneInfo("Asia/Shanghai")
OK = "10000"
_MAYBE_DONE = {"20000", "ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"}

PAYMENT_STATES: dict[str, State] = {
    "WAIT_BUYER_PAY": "waiting",
    "TRADE_SUCCESS": "paid",
    "TRADE_FINISHED": "paid",
    "TRADE_CLOSED": "closed",
}
METHODS = {
    "h5": ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    "page": ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
}


class AlipaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's account."""

    app: str
    seller: str
    private_key: str
    """The application's key, PEM"""
    alipay_key: str
    """Alipay's public key, PEM"""
    gateway: str = GATEWAY


class Alipay:
    """One merchant's account at Alipay."""

    key: ClassVar[str] = "alipay"
    methods: ClassVar[tuple[str, ...]] = ("h5", "page", "native")
    thanks: ClassVar[bytes] = b"success"

    def __init__(self, settings: AlipaySettings) -> None:
        """Read the keys. Raises ValueError for one that is no RSA key."""
        self.settings = settings
        self.merchant = f"{settings.seller}/{settings.app}"
        private = load_pem_private_key(settings.private_key.encode(), None)
        public = load_pem_public_key(settings.alipay_key.encode())
        if not isinstance(private, RSAPrivateKey) or not isinstance(public, RSAPublicKey):
            msg = "the keys are RSA keys"
            raise TypeError(msg)
        self._private, self._public = private, public

    @classmethod
    def from_settings(cls, workspace_id: UUID, settings: dict[str, Any]) -> "Alipay":  # noqa: ARG003
        """Return the account that `settings` describe."""
        return cls(msgspec.convert(settings, AlipaySettings))

    def open(self, ask: PaymentAsk) -> Action:
        """Begin a payment: a page to go to, or a QR code."""
        content = {
            "out_trade_no": ask.trade_number,
            "total_amount": yuan(ask.amount_minor),
            "subject": ask.title[:120],
            "time_expire": ask.expires_at.astimezone(DAY).strftime("%Y-%m-%d %H:%M:%S"),
        }
        if ask.method == "native":
            made = self._call("alipay.trade.precreate", content, notify_url=ask.notice_url)
            return Action(action="qr", url=made["qr_code"])
        name, product = METHODS[ask.method]
        fields = self._fields(
            name,
            content | {"product_code": product},
            notify_url=ask.notice_url,
            return_url=ask.return_url,
        )
        return Action(action="redirect", url=f"{self.settings.gateway}?{urlencode(fields)}")

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Said:  # noqa: ARG002
        """Return what a notice says; the signature covers its fields as they were sent."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
            fields = dict(pairs)
            if len(fields) != len(pairs):
                msg = "a field came twice"
                raise BadNotice(msg)
            signature = base64.b64decode(fields["sign"], validate=True)
            signed = {k: v for k, v in fields.items() if k not in {"sign", "sign_type"}}
            self._public.verify(signature, signed_text(signed), PKCS1v15(), SHA256())
            return self._payment(fields, f"{fields['seller_id']}/{fields['app_id']}")
        except (KeyError, ValueError, InvalidSignature) as error:
            raise BadNotice(str(error) or type(error).__name__) from error

    def _payment(self, fields: Mapping[str, str], merchant: str) -> Said:
        return Said(
            about="payment",
            number=fields["out_trade_no"],
            provider_number=fields["trade_no"],
            state=PAYMENT_STATES[fields["trade_status"]],
            amount_minor=minor_of(fields["total_amount"]),
            currency=fields.get("trans_currency", "CNY"),
            merchant=merchant,
        )

    def find_payment(self, trade_number: str) -> Said | None:
        """Return how a payment stands; one nobody has looked at is not known there."""
        try:
            made = self._call("alipay.trade.query", {"out_trade_no": trade_number})
        except Declined as declined:
            if declined.code == "ACQ.TRADE_NOT_EXIST":
                return None
            raise
        return self._payment(made, self.merchant)

    def close_payment(self, trade_number: str) -> None:
        """Let nobody pay it any more."""
        try:
            self._call("alipay.trade.close", {"out_trade_no": trade_number})
        except Declined as declined:
            if declined.code not in {"ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_STATUS_ERROR"}:
                raise

    def refund(self, ask: RefundAsk) -> Said:
        """Send money back; the same out_request_no is the same refund."""
        self._call(
            "alipay.trade.refund",
            {
                "out_trade_no": ask.trade_number,
                "out_request_no": ask.request_number,
                "refund_amount": yuan(ask.amount_minor),
                "refund_reason": ask.reason or "refund",
            },
        )
        # The answer's amounts are of the whole trade; how this refund stands has its own question.
        found = self.find_refund(ask.request_number, ask.trade_number)
        if found is None:
            msg = "taken, but not to be found yet"
            raise Unreachable(msg)
        return found

    def find_refund(self, request_number: str, trade_number: str) -> Said | None:
        """Return how a refund stands."""
        try:
            made = self._call(
                "alipay.trade.fastpay.refund.query",
                {"out_trade_no": trade_number, "out_request_no": request_number},
            )
        except Declined as declined:
            if declined.code in {"ACQ.TRADE_NOT_EXIST", "TRADE_NOT_EXIST"}:
                return None
            raise
        if "refund_amount" not in made:
            return None
        is_done = made.get("refund_status") == "REFUND_SUCCESS"
        return Said(
            about="refund",
            number=request_number,
            provider_number=f"{made['trade_no']}/{request_number}",
            state="done" if is_done else "waiting",
            amount_minor=minor_of(made["refund_amount"]),
            currency=made.get("trans_currency", "CNY"),
            merchant=self.merchant,
        )

    def statement(self, day: date) -> list[StatementLine]:
        """Return the lines of the day's trade bill."""
        try:
            made = self._call(
                "alipay.data.dataservice.bill.downloadurl.query",
                {"bill_type": "trade", "bill_date": day.isoformat()},
            )
        except Declined as declined:
            if declined.code in {"isp.bill_not_exist", "BILL_NOT_EXIST"}:
                raise NotReady(declined.code) from declined
            raise
        answer = exchange("GET", made["bill_download_url"], {})
        return zip_lines(answer.body)

    def _fields(self, method: str, content: Mapping[str, Any], **more: str) -> dict[str, str]:
        fields = {
            "app_id": self.settings.app,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": datetime.now(UTC).astimezone(DAY).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            **{key: value for key, value in more.items() if value},
        }
        signature = self._private.sign(signed_text(fields), PKCS1v15(), SHA256())
        return fields | {"sign": base64.b64encode(signature).decode()}

    def _call(self, method: str, content: Mapping[str, Any], **more: str) -> dict[str, Any]:
        sent = urlencode(self._fields(method, content, **more)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        answer = exchange("POST", self.settings.gateway, headers, sent)
        if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
            msg = f"HTTP {answer.status}"
            raise Unreachable(msg)
        said = self._checked(method.replace(".", "_") + "_response", answer.body)
        code = str(said.get("code"))
        if code == OK:
            return said
        sub_code = str(said.get("sub_code") or code)
        if code in _MAYBE_DONE or sub_code in _MAYBE_DONE:
            raise Unreachable(sub_code)
        raise Declined(sub_code, str(said.get("sub_msg") or said.get("msg") or ""))

    def _checked(self, name: str, body: bytes) -> dict[str, Any]:
        """Return the content of an answer if Alipay signed its raw bytes."""
        try:
            parts = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
            raw = bytes(parts[name])
            signature = base64.b64decode(msgspec.json.decode(parts["sign"], type=str))
            self._public.verify(signature, raw, PKCS1v15(), SHA256())
            return msgspec.json.decode(raw, type=dict[str, Any])
        except (KeyError, ValueError, InvalidSignature) as error:
            msg = "the answer is not signed by Alipay"
            raise Unreachable(msg) from error


def yuan(minor: int) -> str:
    """Return an amount as Alipay writes it: `12.34`."""
    return f"{minor // 100}.{minor % 100:02d}"


def signed_text(fields: Mapping[str, str]) -> bytes:
    """Return the bytes that are signed: the fields that are not empty, sorted, joined by `&`."""
    return "&".join(f"{key}={fields[key]}" for key in sorted(fields) if fields[key]).encode()


def zip_lines(body: bytes) -> list[StatementLine]:
    """Return the movements of a bill: a zip with a GB18030 CSV of details and one of totals."""
    with zipfile.ZipFile(io.BytesIO(body)) as bundle:
        for entry in bundle.infolist():
            name = entry.filename
            if entry.flag_bits & 0x800 == 0:
                name = name.encode("cp437").decode("gb18030", "replace")
            if "汇总" not in name and name.endswith(".csv"):
                return bill_lines(bundle.read(entry).decode("gb18030"))
    return []


def bill_lines(text: str) -> list[StatementLine]:
    """Return the movements of a bill of details; lines that begin with # are its frame."""
    rows = csv.reader(io.StringIO("\n".join(x for x in text.splitlines() if x[:1] != "#")))
    names = [cell.strip() for cell in next(rows, list[str]())]
    lines: list[StatementLine] = []
    for row in rows:
        if len(row) < len(names):
            continue
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        is_refund = cells["业务类型"] == "退款"
        kind: Literal["payment", "refund"] = "refund" if is_refund else "payment"
        number = cells["退款批次号/请求号"] if is_refund else cells["商户订单号"]
        theirs = cells["支付宝交易号"]
        lines.append(
            StatementLine(
                kind,
                number,
                f"{theirs}/{number}" if is_refund else theirs,
                abs(minor_of(cells["订单金额（元）"])),
                abs(minor_of(cells.get("服务费（元）") or "0")),
                "CNY",
            )
        )
    return lines
