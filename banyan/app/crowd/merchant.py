"""The merchant's side of a run: what the crowd needs from the console's API, by an API key."""

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from banyan.app.crowd.people import Face
from banyan.app.crowd.wire import Unexpected, Wire

_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_MOST_SIGNED_IN_AT_ONCE = 1000
_FRESH_TRIES = 60


class Merchant:
    """A merchant of a sandbox workspace."""

    def __init__(self, wire: Wire) -> None:
        """Act through `wire`, whose key may publish, read people and set the clock."""
        self._wire = wire

    async def announce(
        self, definition: dict[str, Any], at: datetime | None = None, name: str | None = None
    ) -> str:
        """Make a campaign, publish it, and return its id; the same `name` again is the same one."""
        campaign_id = await self._make({"definition": definition}, at, name)
        made = await self.campaign(campaign_id)
        if made["state"] == "draft":
            await self.step(campaign_id, "publication", at)
        return campaign_id

    async def draft(self, template_key: str, name: str | None = None) -> str:
        """Make a draft from a template, and return its id."""
        return await self._make({"template_key": template_key}, None, name)

    async def _make(self, body: dict[str, Any], at: datetime | None, name: str | None) -> str:
        made = await self._wire.ask(
            "POST", "/api/admin/campaigns", body, at=at, once=name or str(uuid4())
        )
        campaign_id: str = made["id"]
        return campaign_id

    async def step(self, campaign_id: str, step: str, at: datetime | None = None) -> None:
        """Take a campaign through `ending`, `settlement` or `publication`."""
        await self._wire.ask("POST", f"/api/admin/campaigns/{campaign_id}/{step}", at=at)

    async def campaign(self, campaign_id: str) -> dict[str, Any]:
        """Return the campaign with its links."""
        found: dict[str, Any] = await self._wire.ask("GET", f"/api/admin/campaigns/{campaign_id}")
        return found

    async def links(self, campaign_id: str) -> dict[str, str]:
        """Return the merchant's own link codes by channel."""
        found = await self._wire.ask("GET", f"/api/admin/campaigns/{campaign_id}/links")
        return {link["channel"]: link["code"] for link in found["items"]}

    async def sign_in_all(
        self, faces: Sequence[Face], at: datetime | None = None
    ) -> list[tuple[str, str]]:
        """Sign people in without codes; return person id and cookie of each. Sandbox only."""
        found: list[tuple[str, str]] = []
        for start in range(0, len(faces), _MOST_SIGNED_IN_AT_ONCE):
            piece = faces[start : start + _MOST_SIGNED_IN_AT_ONCE]
            body = {"people": [{"phone": face.phone, "name": face.name} for face in piece]}
            signed = await self._wire.ask("POST", "/api/admin/participants", body, at=at)
            found += [(item["person_id"], item["token"]) for item in signed["items"]]
        return found

    async def numbers(self, campaign_id: str) -> dict[str, Any]:
        """Return the dashboard's numbers."""
        found: dict[str, Any] = await self._wire.ask(
            "GET", f"/api/admin/campaigns/{campaign_id}/numbers"
        )
        return found

    async def settled_numbers(self, campaign_id: str, participants: int) -> dict[str, Any]:
        """Return the numbers once they show `participants`, or the last ones after half a minute."""
        found = await self.numbers(campaign_id)
        for _ in range(_FRESH_TRIES):
            if found["participants"] >= participants:
                # The rest of the last events lands with them or a moment later.
                await asyncio.sleep(2)
                return await self.numbers(campaign_id)
            await asyncio.sleep(0.5)
            found = await self.numbers(campaign_id)
        return found

    async def tree(self, campaign_id: str, most: int) -> dict[str, Any]:
        """Return the tree of who brought whom."""
        found: dict[str, Any] = await self._wire.ask(
            "GET", f"/api/admin/campaigns/{campaign_id}/tree?most={most}"
        )
        return found

    async def participants(self, campaign_id: str) -> dict[str, tuple[int, int]]:
        """Return generation and number of people brought of everybody, from the export."""
        path = f"/api/admin/campaigns/{campaign_id}/export?what=participants&format=csv"
        raw: bytes = await self._wire.ask("GET", path)
        rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        next(rows)
        return {row[0]: (int(row[3]), int(row[4])) for row in rows}

    async def codes(self, masked: set[str]) -> dict[str, str]:
        """Return the one-time code last sent to each of these masked numbers."""
        found: dict[str, str] = {}
        for _ in range(_FRESH_TRIES):
            cursor = ""
            while len(found) < len(masked):
                page = await self._wire.ask("GET", f"/api/admin/outbox{cursor}")
                for message in page["items"]:
                    to = message["to_masked"]
                    if to in masked and to not in found and (code := _CODE.search(message["text"])):
                        found[to] = code[1]
                if page["next"] is None:
                    break
                cursor = f"?cursor={page['next']}"
            if len(found) == len(masked):
                return found
            await asyncio.sleep(0.25)
        msg = f"no code came for {len(masked) - len(found)} people"
        raise Unexpected(msg)
