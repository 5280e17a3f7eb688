"""WeChat Pay, API v3: JSAPI, H5 and native payments, notices, refunds and daily bills.

Every request is signed with the merchant's RSA key, every answer and notice is checked on its raw
bytes with the key of the platform it names by serial, so keys can be rotated while both are valid.
What a notice says is encrypted under the merchant's APIv3 key.
"""

import base64
import csv
import hashlib
import io
import time
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from banyan.kernel.ids import new_code
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
from banyan.store.payments.wire import Answer, exchange

BASE_URL = "https://api.mch.weixin.qq.com"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_SECONDS = 300
DAY = ZoneInfo("Asia/Shanghai")

PAYMENT_STATES: dict[str, State] = {
    "SUCCESS": "paid",
    "REFUND": "paid",
    "NOTPAY": "waiting",
    "USERPAYING": "waiting",
    "ACCEPT": "waiting",
    "CLOSED": "closed",
    "REVOKED": "closed",
    "PAYERROR": "failed",
}
REFUND_STATES: dict[str, State] = {
    "SUCCESS": "done",
    "PROCESSING": "waiting",
    "CLOSED": "failed",
    "ABNORMAL": "failed",
}
_MAYBE_DONE = {"SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BIZERR_NEED_RETRY"}
"""Errors after which nobody knows: asked again under the same number."""


class WechatPaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's account: numbers, keys, and the platform's public keys by serial."""

    merchant: str
    """商户号 (mchid)"""
    app: str
    """应用 (appid)"""
    serial: str
    """Of the merchant's API certificate."""
    private_key: str
    """PEM"""
    api_key: str
    """APIv3 key, 32 letters"""
    platform_keys: dict[str, str]
    """Serial (or PUB_KEY_ID_…) → PEM of a public key or a certificate."""
    base_url: str = BASE_URL


class WechatPay:
    """One merchant's account at WeChat Pay."""

    key: ClassVar[str] = "wechat_pay"
    methods: ClassVar[tuple[str, ...]] = ("jsapi", "h5", "native")
    thanks: ClassVar[bytes] = b""

    def __init__(self, settings: WechatPaySettings) -> None:
        """Read the keys. Raises ValueError for one that is no RSA key."""
        self.settings = settings
        self.merchant = f"{settings.merchant}/{settings.app}"
        private = load_pem_private_key(settings.private_key.encode(), None)
        if not isinstance(private, RSAPrivateKey):
            msg = "the merchant's key is an RSA key"
            raise TypeError(msg)
        self._private = private
        self._platform = {
            serial: _public_key(pem) for serial, pem in settings.platform_keys.items()
        }

    @classmethod
    def from_settings(cls, workspace_id: UUID, settings: dict[str, Any]) -> "WechatPay":  # noqa: ARG003
        """Return the account that `settings` describe."""
        return cls(msgspec.convert(settings, WechatPaySettings))

    def open(self, ask: PaymentAsk) -> Action:
        """Begin a payment by JSAPI, H5 or native."""
        order: dict[str, Any] = {
            "appid": self.settings.app,
            "mchid": self.settings.merchant,
            "description": ask.title[:127],
            "out_trade_no": ask.trade_number,
            "time_expire": ask.expires_at.astimezone(DAY).isoformat(timespec="seconds"),
            "notify_url": ask.notice_url,
            "amount": {"total": ask.amount_minor, "currency": ask.currency},
        }
        if ask.method == "jsapi":
            if not ask.payer:
                code = "PAYER_NEEDED"
                raise Declined(code, "JSAPI needs the buyer's openid")
            order["payer"] = {"openid": ask.payer}
        if ask.method == "h5":
            order["scene_info"] = {
                "payer_client_ip": ask.client_ip or "127.0.0.1",
                "h5_info": {"type": "Wap"},
            }
        made = self._call("POST", f"/v3/pay/transactions/{ask.method}", order)
        if ask.method == "native":
            return Action(action="qr", url=made["code_url"])
        if ask.method == "h5":
            back = quote(ask.return_url, safe="")
            return Action(action="redirect", url=f"{made['h5_url']}&redirect_url={back}")
        return Action(action="jsapi", parameters=self._bridge(made["prepay_id"]))

    def _bridge(self, prepay_id: str) -> dict[str, str]:
        timestamp, nonce, package = str(int(time.time())), new_code(160), f"prepay_id={prepay_id}"
        signature = self._sign(f"{self.settings.app}\n{timestamp}\n{nonce}\n{package}\n".encode())
        return {
            "appId": self.settings.app,
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signature,
        }

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Said:
        """Return what a notice says; its signature is checked before anything of it is read."""
        try:
            self._check(headers, body)
            sent = msgspec.json.decode(body)
            sealed = sent["resource"]
            opened = AESGCM(self.settings.api_key.encode()).decrypt(
                sealed["nonce"].encode(),
                base64.b64decode(sealed["ciphertext"], validate=True),
                sealed.get("associated_data", "").encode(),
            )
            resource = msgspec.json.decode(opened)
            if str(sent["event_type"]).startswith("REFUND."):
                return self._refund_notice(resource)
            return self._payment(resource)
        except (KeyError, TypeError, ValueError, InvalidSignature, InvalidTag) as error:
            raise BadNotice(str(error) or type(error).__name__) from error

    def _refund_notice(self, resource: dict[str, Any]) -> Said:
        amount = resource["amount"]
        return Said(
            about="refund",
            number=resource["out_refund_no"],
            provider_number=resource["refund_id"],
            state=REFUND_STATES[resource["refund_status"]],
            amount_minor=amount["refund"],
            currency=amount.get("currency", "CNY"),
            merchant=f"{resource['mchid']}/{self.settings.app}",
            problem=resource["refund_status"],
        )

    def _payment(self, resource: dict[str, Any]) -> Said:
        amount = resource.get("amount", {})
        return Said(
            about="payment",
            number=resource["out_trade_no"],
            provider_number=resource.get("transaction_id", ""),
            state=PAYMENT_STATES[resource["trade_state"]],
            amount_minor=amount.get("total", 0),
            currency=amount.get("currency", "CNY"),
            merchant=f"{resource['mchid']}/{resource['appid']}",
            problem=resource.get("trade_state_desc", ""),
        )

    def find_payment(self, trade_number: str) -> Said | None:
        """Return how a payment stands."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(trade_number)}"
        try:
            return self._payment(
                self._call("GET", f"{path}?{urlencode({'mchid': self.settings.merchant})}")
            )
        except Declined as declined:
            if declined.code in {"ORDER_NOT_EXIST", "ORDERNOTEXIST"}:
                return None
            raise

    def close_payment(self, trade_number: str) -> None:
        """Let nobody pay it any more."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(trade_number)}/close"
        try:
            self._call("POST", path, {"mchid": self.settings.merchant})
        except Declined as declined:
            # Paid or closed by now: the next question tells.
            if declined.code not in {"ORDERPAID", "ORDER_CLOSED", "ORDERCLOSED", "ORDERNOTEXIST"}:
                raise

    def refund(self, ask: RefundAsk) -> Said:
        """Send money back; the same out_refund_no is the same refund."""
        asked: dict[str, Any] = {
            "out_trade_no": ask.trade_number,
            "out_refund_no": ask.request_number,
            "amount": {
                "refund": ask.amount_minor,
                "total": ask.paid_minor,
                "currency": ask.currency,
            },
        }
        if ask.reason:
            asked["reason"] = ask.reason
        if ask.notice_url:
            asked["notify_url"] = ask.notice_url
        return self._refund(self._call("POST", "/v3/refund/domestic/refunds", asked))

    def find_refund(self, request_number: str, trade_number: str) -> Said | None:  # noqa: ARG002
        """Return how a refund stands."""
        try:
            return self._refund(
                self._call("GET", f"/v3/refund/domestic/refunds/{quote(request_number)}")
            )
        except Declined as declined:
            if declined.code in {"RESOURCE_NOT_EXISTS", "RESOURCE_NOT_EXIST"}:
                return None
            raise

    def _refund(self, made: dict[str, Any]) -> Said:
        amount = made["amount"]
        return Said(
            about="refund",
            number=made["out_refund_no"],
            provider_number=made["refund_id"],
            state=REFUND_STATES[made["status"]],
            amount_minor=amount["refund"],
            currency=amount.get("currency", "CNY"),
            merchant=self.merchant,
            problem=made["status"],
        )

    def statement(self, day: date) -> list[StatementLine]:
        """Return the lines of the day's trade bill."""
        query = urlencode({"bill_date": day.isoformat(), "bill_type": "ALL"})
        try:
            made = self._call("GET", f"/v3/bill/tradebill?{query}")
        except Declined as declined:
            if declined.code == "NO_STATEMENT_EXIST":
                return []
            raise NotReady(declined.code) from declined
        url = urlsplit(str(made["download_url"]))
        target = url.path + (f"?{url.query}" if url.query else "")
        # The bill itself comes unsigned; the signed answer above has told its digest.
        bill = self._send("GET", target, b"")
        _check_digest(bill.body, made["hash_type"], made["hash_value"])
        return bill_lines(bill.body.decode("utf-8-sig"))

    def call(self, method: str, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send one signed request to another API of the same account; the answer is checked.

        Raises Unreachable, Declined.
        """
        return self._call(method, target, body)

    def _call(self, method: str, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        sent = msgspec.json.encode(body) if body is not None else b""
        answer = self._send(method, target, sent)
        if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004 - HTTP's own numbers
            msg = f"HTTP {answer.status}"
            raise Unreachable(msg)
        try:
            said: dict[str, Any] = msgspec.json.decode(answer.body) if answer.body else {}
        except msgspec.DecodeError as error:
            raise Unreachable(str(error)) from error
        if answer.status >= 300:  # noqa: PLR2004
            code = str(said.get("code", answer.status))
            if code in _MAYBE_DONE:
                raise Unreachable(code)
            raise Declined(code, str(said.get("message", "")))
        try:
            self._check(answer.headers, answer.body)
        except (KeyError, ValueError, InvalidSignature) as error:
            msg = "the answer is not signed by WeChat Pay"
            raise Unreachable(msg) from error
        return said

    def _send(self, method: str, target: str, body: bytes) -> Answer:
        timestamp, nonce = str(int(time.time())), new_code(160)
        signature = self._sign(
            f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
        )
        fields = {
            "mchid": self.settings.merchant,
            "nonce_str": nonce,
            "signature": signature,
            "timestamp": timestamp,
            "serial_no": self.settings.serial,
        }
        headers = {
            "Authorization": f"{SCHEME} " + ",".join(f'{k}="{v}"' for k, v in fields.items()),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "banyan",
        }
        if len(self._platform) == 1:
            headers["Wechatpay-Serial"] = next(iter(self._platform))
        return exchange(method, self.settings.base_url + target, headers, body)

    def _sign(self, message: bytes) -> str:
        return base64.b64encode(self._private.sign(message, PKCS1v15(), SHA256())).decode()

    def _check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise unless these very bytes were signed just now by a key of the platform."""
        timestamp = headers["wechatpay-timestamp"]
        signed = f"{timestamp}\n{headers['wechatpay-nonce']}\n".encode() + body + b"\n"
        signature = base64.b64decode(headers["wechatpay-signature"], validate=True)
        key = self._platform[headers["wechatpay-serial"]]
        key.verify(signature, signed, PKCS1v15(), SHA256())
        if abs(time.time() - int(timestamp)) > SKEW_SECONDS:
            msg = "signed too long ago"
            raise ValueError(msg)


def _public_key(pem: str) -> RSAPublicKey:
    if "CERTIFICATE" in pem:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        msg = "a platform key is an RSA key"
        raise TypeError(msg)
    return key


def _check_digest(body: bytes, kind: str, wanted: str) -> None:
    if hashlib.new(kind.lower(), body, usedforsecurity=False).hexdigest() != wanted.lower():
        msg = "the bill is not the one that was announced"
        raise Unreachable(msg)


def bill_lines(text: str) -> list[StatementLine]:
    """Return the movements of a trade bill: rows of backquoted cells, then two rows of totals."""
    rows = list(csv.reader(io.StringIO(text)))
    names = [cell.strip() for cell in rows[0]]
    lines: list[StatementLine] = []
    for row in rows[1:]:
        if len(row) != len(names):
            # The totals have fewer columns; they end the bill.
            break
        cells = dict(zip(names, (cell.strip().lstrip("`") for cell in row), strict=True))
        fee = minor_of(cells["手续费"])
        is_refund = cells["交易状态"] == "REFUND"
        kind: Literal["payment", "refund"] = "refund" if is_refund else "payment"
        lines.append(
            StatementLine(
                kind,
                cells["商户退款单号"] if is_refund else cells["商户订单号"],
                cells["微信退款单号"] if is_refund else cells["微信订单号"],
                minor_of(cells["退款金额"] if is_refund else cells["订单金额"]),
                fee,
                cells["货币种类"],
            )
        )
    return lines


def minor_of(text: str) -> int:
    """Return the minor units of an amount written as `12.34`; never through a float."""
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("+-").partition(".")
    cents, more = (rest + "00")[:2], rest[2:]
    if more.strip("0"):
        msg = f"not whole cents: {text}"
        raise ValueError(msg)
    return sign * (int(whole or "0") * 100 + int(cents))
