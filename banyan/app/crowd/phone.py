"""One person's phone: its cookies, and what a page does when it is opened and pressed."""

from datetime import datetime
from typing import Any

from banyan.app.crowd.people import Face
from banyan.app.crowd.wire import Answer, Unexpected, Wire

AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
"""A plain browser: the crowd's campaigns are made for the web."""


class Phone:
    """A browser in somebody's hand."""

    def __init__(self, wire: Wire, face: Face) -> None:
        """Be `face`'s phone, with no cookies yet."""
        self.face = face
        self.cookies: dict[str, str] = {}
        self.quest_id: str | None = None
        self.share_code: str | None = None
        self._wire = wire

    async def open(self, code: str, at: datetime | None) -> None:
        """Tap a share link and see the page."""
        answer = await self._send("GET", f"/s/{code}", at=at)
        if answer.status != 302:  # noqa: PLR2004 - RFC 9110
            msg = f"/s/{code}: {answer.status}"
            raise Unexpected(msg)
        await self.tell(code, "view", at)

    async def tell(self, code: str, kind: str, at: datetime | None) -> None:
        """Let the page tell what was done on it."""
        await self._send("POST", "/t", {"code": code, "kind": kind}, at=at)

    async def ask_code(self, link_code: str, at: datetime | None) -> None:
        """Ask for a one-time code."""
        body = {"link_code": link_code, "phone": self.face.phone}
        answer = await self._send("POST", "/api/public/codes", body, at=at)
        _must(answer, "code")

    async def sign_in(self, link_code: str, code: str, at: datetime | None) -> None:
        """Prove the number by the code."""
        body = {
            "link_code": link_code,
            "phone": self.face.phone,
            "code": code,
            "name": self.face.name,
        }
        _must(await self._send("POST", "/api/public/sessions", body, at=at), "session")

    async def start(self, link_code: str, at: datetime | None, *, again: bool = False) -> Answer:
        """Start my quest by this link."""
        body: dict[str, Any] = {"link_code": link_code}
        if again:
            body["again"] = True
        answer = await self._send("POST", "/api/public/quests", body, at=at)
        if answer.status < 400:  # noqa: PLR2004 - RFC 9110
            self.quest_id = answer.body["quest"]["id"]
            self.share_code = answer.body["quest"]["share_code"]
        return answer

    async def share(self, at: datetime | None) -> None:
        """Open the share sheet for my own link."""
        await self.tell(self.share_code or "", "share_opened", at)

    async def support(self, quest_id: str, link_code: str, at: datetime | None) -> Answer:
        """Help somebody's quest by their link."""
        path = f"/api/public/quests/{quest_id}/supports"
        return await self._send("POST", path, {"link_code": link_code}, at=at, once=True)

    async def _send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        at: datetime | None,
        once: bool = False,
    ) -> Answer:
        answer = await self._wire.send(
            method, path, body, cookies=self.cookies, at=at, once=once, agent=AGENT
        )
        self.cookies |= answer.cookies
        return answer


def _must(answer: Answer, what: str) -> None:
    if answer.status >= 400:  # noqa: PLR2004 - RFC 9110
        msg = f"{what}: {answer.status} {answer.body}"
        raise Unexpected(msg)
