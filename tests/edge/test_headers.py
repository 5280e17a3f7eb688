"""Security headers, cookies and the built web."""

from typing import Any

import pytest
from litestar.testing import TestClient

from banyan.kernel.asgi import client_ip, trust_proxies
from banyan.kernel.cookies import read_cookies, set_cookie, use_secure_cookies
from tests.edge.conftest import CONSOLE, PASSWORD, Shop


@pytest.mark.parametrize(
    ("path", "frame", "script"),
    [
        ("/console/", "frame-ancestors 'none'", "script-src 'self'"),
        ("/h5/assets/page-1.css", "frame-ancestors 'self'", "script-src 'self'"),
        ("/api/admin/session", "frame-ancestors 'none'", "default-src 'none'"),
        ("/nothing", "frame-ancestors 'none'", "default-src 'none'"),
        ("/s/nothing", "frame-ancestors 'none'", "default-src 'none'"),
    ],
)
def test_every_answer_is_guarded(
    client: TestClient[Any], path: str, frame: str, script: str
) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert frame in policy
    assert script in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"


def test_the_console_has_a_history_fallback_and_lasting_assets(client: TestClient[Any]) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/console/"
    for path in ("/console/", "/console/campaigns/123", "/console/index.html"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<title>console" in page.text
        assert page.headers["cache-control"] == "no-cache"
    asset = client.get("/console/assets/index-abc123.js", headers={"Accept-Encoding": "gzip"})
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-encoding"] == "gzip"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert asset.text.startswith("export const word")
    plain = client.get("/console/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == asset.text
    again = client.get(
        "/console/assets/index-abc123.js", headers={"If-None-Match": asset.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/console/")
    assert (head.status_code, head.content) == (200, b"")
    assert client.get("/console/assets/gone.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/console/../../secret.txt",
        "/console/%2e%2e/%2e%2e/secret.txt",
        "/console/..%2f..%2fsecret.txt",
        "/console/..%5c..%5csecret.txt",
        "/h5/../../secret.txt",
        "/h5/assets/..%2f..%2f..%2fsecret.txt",
        "/console/%00",
        "/h5/" + "a" * 5000,
    ],
)
def test_no_path_leaves_its_folder(client: TestClient[Any], path: str) -> None:
    answer = client.get(path)
    assert "secret" not in answer.text
    assert answer.status_code in {200, 404}


def test_the_session_cookie_is_for_the_server_alone(client: TestClient[Any], shop: Shop) -> None:
    answer = client.post(
        "/api/admin/session",
        json={"email": shop.emails["owner"], "password": PASSWORD},
        headers=CONSOLE,
    )
    client.cookies.clear()
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("banyan_session=")
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie


def test_on_https_cookies_are_bound_to_the_host() -> None:
    use_secure_cookies(secure=True)
    try:
        cookie = set_cookie("byp", "x", seconds=60)
        assert cookie.startswith("__Host-byp=x; Path=/")
        assert cookie.endswith("; Secure")
        # One that a sub-domain or plain http could have planted does not count.
        assert read_cookies("byp=planted; __Host-byp=real") == {"byp": "real"}
    finally:
        use_secure_cookies(secure=False)


@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "address"),
    [
        (0, "1.2.3.4", "9.9.9.9", "1.2.3.4"),
        (1, "10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (0, "::ffff:1.2.3.4", "", "1.2.3.4"),
        (0, "2001:db8:1:22aa::1", "", "2001:0db8:0001:2200::/56"),
        (1, "10.0.0.1", "not an address", "0.0.0.0"),
    ],
)
def test_an_address_cannot_be_made_up(hops: int, peer: str, forwarded: str, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    trust_proxies(hops)
    try:
        assert client_ip({"client": (peer, 1), "headers": headers}) == address
    finally:
        trust_proxies(0)
