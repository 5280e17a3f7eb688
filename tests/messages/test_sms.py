"""Codes by text message, against a twin of the provider that checks every signature."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import msgspec
import pytest

from banyan import messages, people, workspaces
from banyan.kernel import jobs
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.messages import aliyun
from banyan.messages.sms import sms_account
from banyan.messages.wording import code_in, code_text

SECRET = "a secret of the twin"
PHONE = "+8613800138000"


class Twin(ThreadingHTTPServer):
    """The provider: answers as told, and takes no request whose signature is not right."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    server: Twin  # pyright: ignore[reportIncompatibleVariableOverride] - it is only ever this one

    def do_POST(self) -> None:
        status, code = self._judge()
        body = msgspec.json.encode({"Code": code, "Message": code, "RequestId": "1"})
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _judge(self) -> tuple[int, str]:
        said = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=key-1,SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})",
            self.headers["Authorization"],
        )
        if said is None:
            return 400, "IncompleteSignature"
        names = said[1].split(";")
        needed = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-version"}
        if not needed <= set(names) or names != sorted(names):
            return 400, "IncompleteSignature"
        query = urlsplit(self.path).query
        right = aliyun.signature_of(
            SECRET,
            query,
            {name: self.headers[name] for name in names},
            self.headers["x-acs-content-sha256"],
        )
        if right != said[2]:
            return 400, "SignatureDoesNotMatch"
        self.server.asked.append(dict(parse_qsl(query)))
        return self.server.answers.pop(0) if self.server.answers else (200, "OK")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name above
        pass


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    made = Twin()
    Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setenv("BANYAN_SMS_KEY_ID", "key-1")
    monkeypatch.setenv("BANYAN_SMS_KEY_SECRET", SECRET)
    monkeypatch.setenv("BANYAN_SMS_SIGN", "榕树咖啡")
    monkeypatch.setenv("BANYAN_SMS_CODE_TEMPLATE", "SMS_154950909")
    monkeypatch.setenv("BANYAN_SMS_URL", made.address)
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def shop(workspace: UUID) -> UUID:
    """A real workspace: nobody reads a code on a page."""
    workspaces.create_workspace(workspace, slug=workspace.hex, name="榕树咖啡", is_sandbox=False)
    return workspace


def ask(shop: UUID, phone: str = PHONE) -> None:
    with unit_of_work(shop, SYSTEM) as work:
        messages.ask_code(work, phone)


def newest(shop: UUID) -> messages.MessageView:
    with unit_of_work(shop, SYSTEM) as work:
        return messages.outbox_page(work, before=None, most=1)[0]


def test_a_real_shop_signs_somebody_in_by_a_text_message(shop: UUID, twin: Twin) -> None:
    ask(shop)
    assert (newest(shop).channel, newest(shop).state) == ("sms", "queued")
    jobs.drain()
    (sent,) = twin.asked
    assert sent["PhoneNumbers"] == "13800138000"
    assert (sent["SignName"], sent["TemplateCode"]) == ("榕树咖啡", "SMS_154950909")
    assert sent["OutId"] == str(newest(shop).id)
    assert (newest(shop).state, newest(shop).text) == ("sent", None)
    code = msgspec.json.decode(sent["TemplateParam"])["code"]
    with unit_of_work(shop, SYSTEM) as work:
        assert messages.check_code(work, PHONE, code).refusal is None


def test_what_is_refused_for_good_has_failed(shop: UUID, twin: Twin) -> None:
    twin.answers.append((200, "isv.MOBILE_NUMBER_ILLEGAL"))
    ask(shop)
    jobs.drain()
    assert newest(shop).state == "failed"
    assert len(twin.asked) == 1


@pytest.mark.parametrize("answer", [(503, "ServiceUnavailable"), (400, "Throttling.User")])
def test_what_may_go_better_is_tried_again(shop: UUID, twin: Twin, answer: tuple[int, str]) -> None:
    twin.answers.append(answer)
    ask(shop)
    message = str(newest(shop).id)
    payload = msgspec.json.encode({"workspace_id": shop, "arguments": {"message_id": message}})
    with pytest.raises(aliyun.NotSent):
        jobs.perform("messages.text", payload)
    assert newest(shop).state == "queued"
    jobs.perform("messages.text", payload)
    assert newest(shop).state == "sent"
    jobs.perform("messages.text", payload)
    assert len(twin.asked) == 2
    jobs.drain()


def invite(shop: UUID) -> UUID:
    """Invite somebody who agreed, and return who it was."""
    with unit_of_work(shop, SYSTEM) as work:
        person = people.register(work, PHONE).person_id
        people.agree_to_messages(work, person, "messages-1")
        text = messages.invitation_text(
            "榕树咖啡", ("「双十一」请喝咖啡", ""), ("为您准备了", "For you:"), "https://a.b/s/abc1"
        )
        messages.invite(work, message_id=new_id(), person_id=person, to_e164=PHONE, text=text)
    return person


def test_an_invitation_goes_by_the_template_that_is_approved_for_it(
    shop: UUID, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(shop)
    jobs.drain()
    assert (newest(shop).channel, newest(shop).state) == ("console", "sent")
    assert twin.asked == [], "no template, no text message"
    monkeypatch.setenv("BANYAN_SMS_INVITATION_TEMPLATE", "SMS_77")
    invite(shop)
    jobs.drain()
    (sent,) = twin.asked
    assert (newest(shop).channel, newest(shop).state) == ("sms", "sent")
    assert sent["TemplateCode"] == "SMS_77"
    told = msgspec.json.decode(sent["TemplateParam"])
    assert told == {"campaign": "「双十一」请喝咖啡", "code": "abc1"}


def test_an_invitation_is_not_sent_to_who_agrees_no_more(
    shop: UUID, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_SMS_INVITATION_TEMPLATE", "SMS_77")
    person = invite(shop)
    with unit_of_work(shop, SYSTEM) as work:
        people.stop_messages(work, person)
    jobs.drain()
    assert twin.asked == []
    assert newest(shop).state == "stopped"


def test_a_wrong_secret_is_not_taken(shop: UUID, twin: Twin) -> None:
    account = sms_account()
    assert account is not None
    with pytest.raises(aliyun.Declined, match="SignatureDoesNotMatch"):
        aliyun.send_code(account._replace(key_secret="another"), PHONE, "123456", "1")
    assert twin.asked == []


def test_nobody_there_is_tried_again(twin: Twin) -> None:
    account = sms_account()
    assert account is not None
    with pytest.raises(aliyun.NotSent):
        aliyun.send_code(account._replace(address="http://127.0.0.1:9"), PHONE, "123456", "1")


def test_a_sandbox_sends_nothing_out(workspace: UUID, twin: Twin) -> None:
    workspaces.create_workspace(workspace, slug=workspace.hex, name="榕树", is_sandbox=True)
    ask(workspace)
    jobs.drain()
    assert (newest(workspace).channel, newest(workspace).state) == ("console", "sent")
    assert twin.asked == []


def test_the_signature_is_the_one_of_the_documentation() -> None:
    """The worked example of Alibaba Cloud's description of signature version 3."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = aliyun.canonical_query(
        {
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        }
    )
    secret = "YourAccessKeySecret"
    assert aliyun.signature_of(secret, query, headers, headers["x-acs-content-sha256"]) == (
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_an_account_set_by_halves_says_what_is_missing() -> None:
    assert sms_account({}) is None
    with pytest.raises(ValueError, match="BANYAN_SMS_KEY_SECRET, BANYAN_SMS_SIGN"):
        sms_account({"BANYAN_SMS_KEY_ID": "1", "BANYAN_SMS_CODE_TEMPLATE": "SMS_1"})


def test_a_code_is_found_in_its_own_words() -> None:
    assert code_in(code_text("验证码 111111，店", "123456")) == "123456"
    assert code_in("您好") is None
