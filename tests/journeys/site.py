"""The real application, answering in this process: its own event loop, its own journal."""

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec

from banyan import people, workspaces
from banyan.app.http import App
from banyan.kernel import settings
from banyan.kernel.auth import hash_password
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, current_database, unit_of_work

T = TypeVar("T")

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
WECHAT = PHONE + " MicroMessenger/8.0.50"
PASSWORD = "a long enough one"
_HASH = hash_password(PASSWORD)

SCOPES = [*sorted(workspaces.PERMISSIONS), workspaces.CLOCK]


class Site:
    """Starts the application and carries requests to it from another thread."""

    def __init__(self, home: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        read = settings.load({"BANYAN_HOME": str(home), "BANYAN_WEB_DIST": str(home / "web")})
        self._app = App(
            msgspec.structs.replace(
                read,
                database_url=current_database().app_url,
                relay_database_url=current_database().relay_url,
            )
        )
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self._heard: asyncio.Queue[Any] = asyncio.Queue()
        self._life = asyncio.run_coroutine_threadsafe(self._live(), self._loop)
        self._step("lifespan.startup")
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app),
            base_url="http://banyan.test",
            follow_redirects=False,
        )

    async def _live(self) -> None:
        await self._app({"type": "lifespan"}, self._said.get, self._heard.put)

    def _step(self, name: str) -> None:
        async def step() -> Any:
            await self._said.put({"type": name})
            return await self._heard.get()

        answer = self.run(step())
        assert answer["type"] == f"{name}.complete", answer

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def one() -> httpx.Response:
            # Each caller has cookies of its own; the client keeps none.
            self.client.cookies.clear()
            return await self.client.request(method, path, **more)

        return self.run(one())

    def send_all(self, requests: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
        async def every() -> list[httpx.Response]:
            return await asyncio.gather(
                *(self.client.request(method, path, **more) for method, path, more in requests)
            )

        return self.run(every())

    def stop(self) -> None:
        self.run(self.client.aclose())
        self._step("lifespan.shutdown")
        self._life.result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Shop:
    """One merchant with an owner, and an API key that may set the clock."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.id: UUID = new_id()
        self.email = f"owner-{self.id.hex[-10:]}@example.com"
        workspaces.create_workspace(
            self.id, slug=f"shop-{self.id.hex[-12:]}", name="山茶咖啡", is_sandbox=True
        )
        with unit_of_work(self.id, SYSTEM) as work:
            workspaces.add_member(
                work, email=self.email, name="店主", role="owner", password_hash=_HASH
            )
            made = workspaces.create_key(
                work, name="crowd", scopes=SCOPES, within=frozenset(workspaces.PERMISSIONS)
            )
        self.key = made.token

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        at: datetime | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send an admin request by the shop's key."""
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        if at is not None:
            sent["Banyan-Time"] = at.isoformat()
        return self.site.send(method, f"/api/admin{path}", json=body, headers=sent)

    def must(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Send an admin request that must succeed and return what it says."""
        answer = self.ask(method, path, body, **more)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def session(self) -> str:
        """Sign the owner in by password and return the id of their session."""
        answer = self.site.send(
            "POST",
            "/api/admin/session",
            json={"email": self.email, "password": PASSWORD},
            headers={"X-Banyan-Client": "console"},
        )
        assert answer.status_code in {200, 201}, answer.text
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        found = self.site.send("GET", "/api/admin/sessions", headers={"Cookie": cookie}).json()
        return found["items"][0]["id"]

    def announce(self, definition: dict[str, Any], *, at: datetime | None = None) -> str:
        made = self.must("POST", "/campaigns", {"definition": definition}, at=at)
        self.must("POST", f"/campaigns/{made['id']}/publication", at=at)
        return made["id"]

    def link_of(self, campaign_id: str) -> str:
        return self.must("GET", f"/campaigns/{campaign_id}/links")["items"][0]["code"]

    def guest(self, phone: str, name: str = "周知夏", *, at: datetime | None = None) -> "Guest":
        """Return somebody who proved their number."""
        body = {"people": [{"phone": phone, "name": name}]}
        (signed,) = self.must("POST", "/participants", body, at=at)["items"]
        return Guest(self.site, {"byp": signed["token"]}, UUID(signed["person_id"]))

    def guests(self, count: int, *, at: datetime | None = None) -> list["Guest"]:
        """Return `count` people, all different."""
        body = {"people": [{"phone": f"+86138{n:08d}", "name": f"客{n}"} for n in range(count)]}
        signed = self.must("POST", "/participants", body, at=at)["items"]
        return [Guest(self.site, {"byp": one["token"]}, UUID(one["person_id"])) for one in signed]


class Guest:
    """A phone in somebody's hand."""

    def __init__(
        self, site: Site, cookies: dict[str, str] | None = None, person_id: UUID | None = None
    ) -> None:
        self.site = site
        self.cookies = cookies or {}
        self.person_id = person_id

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        at: datetime | None = None,
        agent: str = PHONE,
        language: str = "zh-CN",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, str, dict[str, Any]]:
        sent = {
            "User-Agent": agent,
            "Accept-Language": language,
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
            **(headers or {}),
        }
        if at is not None:
            sent["Banyan-Time"] = at.isoformat()
        return (
            method,
            path,
            {"json": body, "headers": sent} if body is not None else {"headers": sent},
        )

    def ask(self, method: str, path: str, body: object = None, **more: Any) -> httpx.Response:
        how, where, what = self.request(method, path, body, **more)
        answer = self.site.send(how, where, **what)
        self.cookies.update(answer.cookies)
        return answer

    def start(self, link: str, **more: Any) -> dict[str, Any]:
        answer = self.ask("POST", "/api/public/quests", {"link_code": link}, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()["quest"]

    def support(self, quest: Mapping[str, Any], **more: Any) -> httpx.Response:
        return self.ask(
            "POST",
            f"/api/public/quests/{quest['id']}/supports",
            {"link_code": quest["share_code"]},
            **more,
        )


def signed_out(guest: Guest) -> Guest:
    return Guest(guest.site)


__all__ = ["PASSWORD", "PHONE", "WECHAT", "Guest", "Shop", "Site", "people"]
