"""Whatever is wrong, the answer is problem+json with a stable code, and nothing of our insides."""

import threading
import time
from typing import Any

import pytest
from litestar.testing import TestClient

from banyan.kernel.work import current_database
from tests.edge.conftest import CONSOLE, Shop, session_of

SIGN_IN = "/api/admin/session"


def code_of(answer: Any) -> str:
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"/problems/{body['code']}"
    assert "Traceback" not in answer.text
    return body["code"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/admin/nothing", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/schema", 404, "not_found"),
        ("GET", "/schema/openapi.json", 404, "not_found"),
        ("GET", "/.git/config", 404, "not_found"),
        ("GET", "/metrics", 404, "not_found"),
        ("TRACE", SIGN_IN, 405, "method_not_allowed"),
        ("PUT", "/api/admin/members", 405, "method_not_allowed"),
        ("GET", SIGN_IN, 401, "not_signed_in"),
        ("GET", "/api/admin/people/not-a-uuid", 404, "not_found"),
    ],
)
def test_what_is_not_there(
    client: TestClient[Any], method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code", "path", "field_code"),
    [
        (b"{", 400, "malformed", None, None),
        (b"", 422, "invalid", None, None),
        (b"[]", 422, "invalid", "", "wrong_type"),
        (b"{}", 422, "invalid", "", "missing"),
        (b'{"email": 1, "password": "x"}', 422, "invalid", "email", "wrong_type"),
        (b'{"email": "no at", "password": "x"}', 422, "invalid", "email", "wrong_type"),
        (b'{"email": "a@b", "password": "\xff"}', 400, "malformed", None, None),
        (b'{"email": "a@b", "password": "\\ud800"}', 400, "malformed", None, None),
        (b'{"email": "a\\u0000@b", "password": "x"}', 422, "invalid", "email", None),
        (b"[" * 100_000, 400, "malformed", None, None),
    ],
)
def test_what_cannot_be_read(
    client: TestClient[Any],
    body: bytes,
    status: int,
    code: str,
    path: str | None,
    field_code: str | None,
) -> None:
    headers = {"Content-Type": "application/json", **CONSOLE}
    answer = client.post(SIGN_IN, content=body, headers=headers)
    assert (answer.status_code, code_of(answer)) == (status, code)
    if path is not None:
        assert answer.json()["errors"][0]["path"] == path
    if field_code is not None:
        assert answer.json()["errors"][0]["code"] == field_code


def test_what_is_too_large_or_no_json(client: TestClient[Any]) -> None:
    headers = {"Content-Type": "application/json", **CONSOLE}
    large = client.post(SIGN_IN, content=b'"' + b"a" * (1 << 20) + b'"', headers=headers)
    assert (large.status_code, code_of(large)) == (413, "body_too_large")
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        form = client.post(SIGN_IN, content=b"{}", headers={"Content-Type": kind, **CONSOLE})
        assert (form.status_code, code_of(form)) == (415, "unsupported_media_type")


def test_problems_speak_the_callers_language(client: TestClient[Any]) -> None:
    chinese = client.get("/nothing", headers={"Accept-Language": "fr, zh-CN;q=0.8, en;q=0.3"})
    english = client.get("/nothing", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    asked = client.get("/nothing?lang=en", headers={"Accept-Language": "zh"})
    assert chinese.json()["title"] == "没有找到"
    assert english.json()["title"] == asked.json()["title"] == "Not found"
    assert client.get("/nothing").json()["title"] == "没有找到"


def test_a_full_pool_is_told_in_seconds_and_passes(client: TestClient[Any], shop: Shop) -> None:
    headers = session_of(shop, "owner")
    pool = current_database().app.pool
    held = [current_database().app.connect() for _ in range(pool.size())]  # type: ignore[attr-defined]
    try:
        asked = time.monotonic()
        answers: list[tuple[int, str, str]] = []

        def ask() -> None:
            answer = client.get("/api/admin/workspace/../members", headers=headers)
            answers.append(
                (answer.status_code, code_of(answer), answer.headers.get("retry-after", ""))
            )

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert time.monotonic() - asked < 20
        assert len(answers) == 12
        assert {status for status, _, _ in answers} == {503}
        assert {code for _, code, _ in answers} <= {"store_down", "overloaded"}
        assert all(wait for _, _, wait in answers)
    finally:
        for each in held:
            each.close()
    assert client.get("/api/admin/members", headers=headers).status_code == 200
    assert client.get("/healthz").status_code == 200
