"""Every route × every caller: who may not, is refused before anything happens."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import text

from banyan import people, workspaces
from banyan.app import http
from banyan.kernel.work import SYSTEM, across_workspaces, unit_of_work
from banyan.workspaces import CLOCK, PERMISSIONS, ROLES
from tests.edge.conftest import CONSOLE, PASSWORD, Shop, make_shop, session_of

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Route(NamedTuple):
    """One method of one path."""

    method: str
    path: str
    audience: str
    permission: str | None
    file: str
    """The type of file it takes; empty for JSON."""


def routes() -> Iterator[Route]:
    """Yield every route of the framework, with made-up ids in its path."""
    for route in http.framework().routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method == "OPTIONS" or route.path.endswith("/stream"):
                continue
            path = route.path
            for parameter in route.path_parameters.values():
                made_up = {UUID: str(uuid4()), date: "2026-01-01"}.get(
                    parameter.type, "nosuchthing"
                )
                path = path.replace("{" + parameter.full + "}", made_up)
            opt = handler.opt
            file = opt.get("accepts", ("",))[0]
            yield Route(method, path, opt["audience"], opt.get("permission"), file)


def ask(client: TestClient[Any], route: Route, headers: dict[str, str]) -> tuple[int, str]:
    client.cookies.clear()
    body: dict[str, Any] = {"json": {}} if route.method in UNSAFE - {"DELETE"} else {}
    if route.file and body:
        body, headers = {"content": b"no file"}, {**headers, "Content-Type": route.file}
    answer = client.request(
        route.method, route.path, headers=headers, follow_redirects=False, **body
    )
    client.cookies.clear()
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return answer.status_code, answer.json()["code"] if is_problem else ""


def audited(shop: Shop) -> int:
    with across_workspaces() as connection:
        return connection.execute(
            text("select count(*) from audit_entries where workspace_id = :id"), {"id": shop.id}
        ).scalar_one()


def guarded(*audiences: str) -> list[Route]:
    found = [route for route in routes() if route.audience in audiences]
    # Signing out comes last: it ends the session the others are asked with.
    return sorted(
        found, key=lambda r: (r[:2] == ("DELETE", "/api/admin/session"), r.path, r.method)
    )


def test_anonymous_callers_and_strangers_tokens(client: TestClient[Any], shop: Shop) -> None:
    before = audited(shop)
    for route in guarded("member", "key", "participant"):
        for headers in (
            CONSOLE,
            {"Cookie": "banyan_session=made-up", **CONSOLE},
            {"Authorization": "Bearer byn_made-up"},
            {"Authorization": "Bearer made-up", "Cookie": "byp=made.up; byv=made.up"},
        ):
            assert ask(client, route, headers) == (401, "not_signed_in"), route
    assert audited(shop) == before


@pytest.mark.parametrize("role", [*ROLES])
def test_members_by_role(client: TestClient[Any], shop: Shop, role: str) -> None:
    headers = session_of(shop, role)
    before = audited(shop)
    allowed = ROLES[role]
    for route in guarded("member"):
        may = route.permission is None or route.permission in allowed
        if not may:
            assert ask(client, route, headers) == (403, "not_allowed"), route
    assert audited(shop) == before
    for route in guarded("member"):
        if route.permission is None or route.permission in allowed:
            status, code = ask(client, route, headers)
            assert status not in {401, 403}, (route, status, code)
            # Analytics may be away in this test; nothing else may fail.
            assert status < 500 or code == "analytics_down", (route, status, code)
    for route in guarded("key"):
        assert ask(client, route, headers) == (401, "not_signed_in"), route


def test_a_session_without_the_consoles_mark_changes_nothing(
    client: TestClient[Any], shop: Shop
) -> None:
    cookie = {"Cookie": session_of(shop, "owner")["Cookie"]}
    forged = [
        cookie,
        {**cookie, "X-Banyan-Client": "other"},
        {**cookie, **CONSOLE, "Sec-Fetch-Site": "cross-site"},
    ]
    before = audited(shop)
    for route in guarded("member"):
        if route.method in UNSAFE:
            for headers in forged:
                assert ask(client, route, headers) == (403, "forged_request"), route
    assert audited(shop) == before
    sign_in = client.post(
        "/api/admin/session", json={"email": shop.emails["owner"], "password": PASSWORD}
    )
    assert sign_in.json()["code"] == "forged_request"


def test_keys_by_scope(client: TestClient[Any], shop: Shop) -> None:
    with unit_of_work(shop.id, SYSTEM) as work:
        none = workspaces.create_key(
            work, name="reader", scopes=["campaigns.read"], within=frozenset(PERMISSIONS)
        )
    headers = {"Authorization": f"Bearer {none.token}"}
    for route in guarded("member", "key"):
        if route.permission not in {None, "campaigns.read"}:
            assert ask(client, route, headers) == (403, "not_allowed"), route
    assert client.get("/api/admin/workspace", headers=headers).status_code == 200
    # A key is no cookie: it is not found there.
    cookie = {"Cookie": f"banyan_session={none.token}", **CONSOLE}
    assert client.get("/api/admin/workspace", headers=cookie).status_code == 401


def test_visitors_meet_public_routes_and_no_fault(client: TestClient[Any]) -> None:
    for route in guarded("visitor", "public"):
        if route.path.startswith("/h5/sandbox/"):
            continue  # a page: it tells a stranger to sign in, in words
        status, code = ask(client, route, CONSOLE)
        assert status not in {401, 403}, (route, status, code)
        assert status < 500, (route, status, code)


def test_another_workspaces_things_are_as_if_absent(client: TestClient[Any], shop: Shop) -> None:
    theirs = make_shop()
    with unit_of_work(theirs.id, SYSTEM) as work:
        key = workspaces.create_key(
            work, name="theirs", scopes=["people.read"], within=frozenset(PERMISSIONS)
        )
        person = people.register(work, "+8613800138000", name="李")
    session = workspaces.sign_in(theirs.emails["owner"], PASSWORD).caller.session_id
    headers = session_of(shop, "owner")
    for method, path, own in (
        ("PATCH", "members/{}", theirs.members["viewer"]),
        ("DELETE", "api-keys/{}", key.key.id),
        ("DELETE", "sessions/{}", session),
        ("GET", "people/{}", person.person_id),
    ):
        body: dict[str, Any] = {"json": {"name": "x"}} if method == "PATCH" else {}
        foreign = client.request(method, f"/api/admin/{path.format(own)}", headers=headers, **body)
        random = client.request(
            method, f"/api/admin/{path.format(uuid4())}", headers=headers, **body
        )
        assert foreign.status_code == random.status_code == 404
        assert foreign.json() == random.json()
    found = client.post("/api/admin/people/search", json={"phone": "13800138000"}, headers=headers)
    assert found.status_code == 404
    for path in ("members", "api-keys", "people", "audit", "outbox", "sessions"):
        listed = client.get(f"/api/admin/{path}", headers=headers).text
        for theirs_id in (*theirs.members.values(), key.key.id, person.person_id, session):
            assert str(theirs_id) not in listed


def test_the_clock_is_set_in_a_sandbox_by_right_only(client: TestClient[Any], shop: Shop) -> None:
    real = make_shop(is_sandbox=False)
    people_sent = {"people": [{"phone": "13800138000", "name": "周"}]}
    then = "2030-01-02T03:04:05+00:00"
    with unit_of_work(shop.id, SYSTEM) as work:
        clock = workspaces.create_key(
            work, name="crowd", scopes=[CLOCK, "people.read"], within=frozenset(PERMISSIONS)
        )
        plain = workspaces.create_key(
            work, name="plain", scopes=["people.read"], within=frozenset(PERMISSIONS)
        )
    by_clock = {"Authorization": f"Bearer {clock.token}", "Banyan-Time": then}
    made = client.post("/api/admin/participants", json=people_sent, headers=by_clock)
    assert made.status_code == 200
    person_id = made.json()["items"][0]["person_id"]
    seen = client.get(f"/api/admin/people/{person_id}", headers=by_clock).json()
    assert seen["created_at"] == "2030-01-02T03:04:05Z"
    refused = client.post(
        "/api/admin/participants",
        json=people_sent,
        headers={"Authorization": f"Bearer {plain.token}", "Banyan-Time": then},
    )
    assert refused.status_code == 403
    with pytest.raises(Exception, match="scope_too_wide"), unit_of_work(real.id, SYSTEM) as work:
        workspaces.create_key(work, name="c", scopes=[CLOCK], within=frozenset(PERMISSIONS))
