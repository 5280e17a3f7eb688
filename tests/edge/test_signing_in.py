"""Members sign in and out; what they may do changes at once; nobody learns who is a member."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from litestar.testing import TestClient
from sqlalchemy import text

from banyan import workspaces
from banyan.kernel.work import SYSTEM, unit_of_work
from tests.edge.conftest import CONSOLE, PASSWORD, Shop, session_of

SESSION = "/api/admin/session"


def sign_in(client: TestClient[Any], email: str, password: str, **more: str):  # noqa: ANN201
    client.cookies.clear()
    answer = client.post(
        SESSION, json={"email": email, "password": password}, headers={**CONSOLE, **more}
    )
    client.cookies.clear()
    return answer


def test_a_member_signs_in_reads_and_signs_out(client: TestClient[Any], shop: Shop) -> None:
    answer = sign_in(client, shop.emails["operator"].upper(), PASSWORD)
    assert answer.status_code == 200
    me = answer.json()
    assert me["member"]["role"] == "operator"
    assert me["workspace"]["is_sandbox"] is True
    assert "members.manage" not in me["permissions"]
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0], **CONSOLE}
    assert client.get(SESSION, headers=cookie).json() == me
    assert client.delete(SESSION, headers=cookie).status_code == 204
    assert client.get(SESSION, headers=cookie).status_code == 401


def test_nobody_learns_who_is_a_member(client: TestClient[Any], shop: Shop) -> None:
    wrong = sign_in(client, shop.emails["owner"], "not the password")
    unknown = sign_in(client, f"nobody@{uuid4().hex}.test", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "sign_in_failed"
    assert set(wrong.headers) == set(unknown.headers)


def test_guessing_is_slowed_down_and_locks_nobody_out(client: TestClient[Any], shop: Shop) -> None:
    email = shop.emails["owner"]
    outcomes = [sign_in(client, email, f"guess {n}").status_code for n in range(12)]
    assert outcomes[0] == 401
    assert outcomes[-1] == 429
    slowed = sign_in(client, email, PASSWORD)
    assert slowed.json()["code"] == "too_often"
    assert int(slowed.headers["retry-after"]) >= 1
    # Another member from the same address still gets in.
    assert sign_in(client, shop.emails["finance"], PASSWORD).status_code == 200


def test_a_new_sign_in_ends_the_session_before(client: TestClient[Any], shop: Shop) -> None:
    old = session_of(shop, "owner")
    fresh = sign_in(client, shop.emails["owner"], PASSWORD, Cookie=old["Cookie"])
    assert fresh.headers["set-cookie"].partition(";")[0] != old["Cookie"]
    assert client.get(SESSION, headers=old).status_code == 401


def test_a_changed_role_and_a_dismissal_count_at_once(client: TestClient[Any], shop: Shop) -> None:
    owner, finance = session_of(shop, "owner"), session_of(shop, "finance")
    member = f"/api/admin/members/{shop.members['finance']}"
    assert client.get("/api/admin/audit", headers=finance).status_code == 200
    assert client.patch(member, json={"role": "viewer"}, headers=owner).status_code == 200
    assert client.get("/api/admin/audit", headers=finance).status_code == 403
    assert client.patch(member, json={"is_active": False}, headers=owner).status_code == 200
    assert client.get(SESSION, headers=finance).status_code == 401
    assert sign_in(client, shop.emails["finance"], PASSWORD).status_code == 401
    actions = [e["action"] for e in client.get("/api/admin/audit", headers=owner).json()["items"]]
    assert actions.count("member.changed") == 2


def test_a_workspace_keeps_an_owner_and_takes_no_stray_fields(
    client: TestClient[Any], shop: Shop
) -> None:
    owner = session_of(shop, "owner")
    member = f"/api/admin/members/{shop.members['owner']}"
    for change in ({"role": "viewer"}, {"is_active": False}):
        refused = client.patch(member, json=change, headers=owner)
        assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    for stray in ("workspace_id", "password_hash", "email", "created_at"):
        answer = client.patch(member, json={"name": "x", stray: "x"}, headers=owner)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "unknown_field"


def test_a_new_member_gets_a_password_once_and_changes_it(
    client: TestClient[Any], shop: Shop
) -> None:
    owner = session_of(shop, "owner")
    new = {"email": f"New@{shop.id.hex}.test", "name": "新人", "role": "operator"}
    added = client.post("/api/admin/members", json=new, headers=owner).json()
    again = client.post("/api/admin/members", json=new, headers=owner)
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")
    first = sign_in(client, new["email"], added["initial_password"])
    assert first.status_code == 200
    here = {"Cookie": first.headers["set-cookie"].partition(";")[0], **CONSOLE}
    other = sign_in(client, new["email"], added["initial_password"])
    there = {"Cookie": other.headers["set-cookie"].partition(";")[0], **CONSOLE}
    assert len(client.get("/api/admin/sessions", headers=here).json()["items"]) == 2
    change = {"current": added["initial_password"], "new": "short"}
    weak = client.put(f"{SESSION}/password", json=change, headers=here)
    assert weak.json()["code"] == "weak_password"
    change["new"] = "a much longer one"
    assert client.put(f"{SESSION}/password", json=change, headers=here).status_code == 204
    assert client.get(SESSION, headers=here).status_code == 200
    assert client.get(SESSION, headers=there).status_code == 401


def test_sessions_end_by_time(client: TestClient[Any], shop: Shop) -> None:
    for column, ago in (("seen_at", timedelta(hours=13)), ("expires_at", timedelta(seconds=1))):
        headers = session_of(shop, "viewer")
        assert client.get(SESSION, headers=headers).status_code == 200
        with unit_of_work(shop.id, SYSTEM) as work:
            work.session.execute(
                text(f"update member_sessions set {column} = now() - :ago"),
                {"ago": ago},
            )
        assert client.get(SESSION, headers=headers).status_code == 401


def test_a_key_is_shown_once_narrow_and_gone_when_revoked(
    client: TestClient[Any], shop: Shop
) -> None:
    owner = session_of(shop, "owner")
    wide = client.post(
        "/api/admin/api-keys", json={"name": "all", "scopes": ["everything"]}, headers=owner
    )
    assert wide.status_code == 422
    made = client.post(
        "/api/admin/api-keys", json={"name": "k", "scopes": ["keys.manage"]}, headers=owner
    ).json()
    key = {"Authorization": f"Bearer {made['token']}"}
    assert made["token"] not in client.get("/api/admin/api-keys", headers=owner).text
    more = client.post(
        "/api/admin/api-keys", json={"name": "m", "scopes": ["ledger.read"]}, headers=key
    )
    assert (more.status_code, more.json()["code"]) == (403, "scope_too_wide")
    assert client.get("/api/admin/api-keys", headers=key).status_code == 200
    gone = client.delete(f"/api/admin/api-keys/{made['key']['id']}", headers=owner)
    assert gone.status_code == 204
    assert client.get("/api/admin/api-keys", headers=key).status_code == 401


def test_owners_who_dismiss_each_other_leave_one(client: TestClient[Any], shop: Shop) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    assert client
    with unit_of_work(shop.id, SYSTEM) as work:
        second = workspaces.add_member(
            work,
            email=f"b@{shop.id.hex}.test",
            name="b",
            role="owner",
            password_hash="x",
        ).id

    def dismiss(member_id: UUID) -> Any:
        from banyan.kernel.errors import Refused  # noqa: PLC0415
        from banyan.workspaces.commands import change_member  # noqa: PLC0415

        try:
            with unit_of_work(shop.id, SYSTEM) as work:
                change_member(work, member_id, {"role": "viewer"})
        except Refused as refused:
            return refused.refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(dismiss, (shop.members["owner"], second)))
    assert outcomes == ["done", "last_owner"]
