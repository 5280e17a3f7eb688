"""Text messages by Alibaba Cloud's SMS service (Dysmsapi 2017-05-25), signed by ACS3-HMAC-SHA256.

The service sends approved templates only: `SMS_123456789` with `${code}` in it. What it refuses for
good (a number that is none, a template that is not approved) is told apart from what may go better
later (its own trouble, too many in a moment).
"""

import hashlib
import hmac
import http.client
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from uuid import uuid4

import msgspec

ADDRESS = "https://dysmsapi.aliyuncs.com"
ACTION = "SendSms"
VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
TIMEOUT_SECONDS = 8
ANSWER_MOST_BYTES = 1 << 16
CHINA = "+86"

LATER = ("Throttling", "ServiceUnavailable", "InternalError", "SignatureNonceUsed", "isp.")
"""How the codes of a refusal begin that may go better later."""


class Account(NamedTuple):
    """Whose texts these are, and by which approved words they go out."""

    key_id: str
    key_secret: str
    sign: str
    code_template: str
    address: str = ADDRESS
    invitation_template: str = ""
    """Words with `${campaign}` and `${code}`; empty: invitations do not go by text message."""


class NotSent(Exception):  # noqa: N818 - it says what happened
    """The service cannot be asked now, or says later: the message may be sent again."""


class Declined(Exception):  # noqa: N818
    """The service will not send this message."""


class _Answer(msgspec.Struct):
    code: str = msgspec.field(name="Code", default="")
    message: str = msgspec.field(name="Message", default="")


def send_code(account: Account, to_e164: str, code: str, out_id: str) -> None:
    """Send a one-time code, as `send_text` does."""
    send_text(account, to_e164, account.code_template, {"code": code}, out_id)


def send_text(
    account: Account, to_e164: str, template: str, fields: Mapping[str, str], out_id: str
) -> None:
    """Send a template filled by `fields`. `out_id` is our name for it in the service's records.

    Raises NotSent or Declined. Never call it inside a transaction.
    """
    query = canonical_query(
        {
            "OutId": out_id,
            "PhoneNumbers": to_e164.removeprefix(CHINA).removeprefix("+"),
            "SignName": account.sign,
            "TemplateCode": template,
            "TemplateParam": msgspec.json.encode(fields).decode(),
        }
    )
    host = urlsplit(account.address).netloc
    headers = signed(account, host, query, datetime.now(UTC), uuid4().hex)
    status, raw = _exchange(account.address, f"/?{query}", headers)
    try:
        said = msgspec.json.decode(raw, type=_Answer)
    except msgspec.DecodeError:
        msg = f"{status} without a readable answer"
        raise NotSent(msg) from None
    if said.code == "OK":
        return
    words = f"{said.code} {said.message}"
    raise NotSent(words) if status >= 500 or said.code.startswith(LATER) else Declined(words)  # noqa: PLR2004 - RFC 9110


def signed(account: Account, host: str, query: str, at: datetime, nonce: str) -> dict[str, str]:
    """Return the headers of a request without a body, its signature among them."""
    nothing = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": ACTION,
        "x-acs-content-sha256": nothing,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": VERSION,
    }
    names = ";".join(headers)
    signature = signature_of(account.key_secret, query, headers, nothing)
    return headers | {
        "accept": "application/json",
        "authorization": f"{ALGORITHM} Credential={account.key_id},SignedHeaders={names},"
        f"Signature={signature}",
    }


def signature_of(secret: str, query: str, headers: Mapping[str, str], content: str) -> str:
    """Return the signature of `POST /` with these headers, in the order of their names."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", query, lines, ";".join(sorted(headers)), content))
    told = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def canonical_query(fields: Mapping[str, str]) -> str:
    """Return the query in the order of its names, encoded as RFC 3986 says."""
    return "&".join(f"{_encoded(name)}={_encoded(fields[name])}" for name in sorted(fields))


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _exchange(address: str, target: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection = (
        http.client.HTTPSConnection(
            parts.netloc, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    )
    try:
        connection.request("POST", target, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(ANSWER_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(str(error) or type(error).__name__) from error
    finally:
        connection.close()
