"""Red packets and lotteries over HTTP: their numbers, and what anybody needs to check draws."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from banyan.campaigns import queries
from banyan.campaigns.chance_views import ChanceNumbers, DrawRecord, chance_numbers, draw_record
from banyan.campaigns.public_api import find_link
from banyan.people import Guest
from banyan.workspaces import Caller

VISITOR = {"audience": "visitor", "permission": None}
READER = {"audience": "member", "permission": "campaigns.read"}

PROGRAM = Path(__file__).with_name("verify_draws.py")


@get("/api/public/links/{code:str}/draws", opt=VISITOR)
async def read_draws(guest: NamedDependency[Guest], code: FromPath[str]) -> Response[bytes]:
    """Return every draw of a settled lottery with its seed, as a file for the verifying program."""
    link = await find_link(code)

    def read() -> DrawRecord:
        with guest.work(link.workspace_id) as work:
            return draw_record(work, link.campaign_id)

    record = await asyncio.to_thread(read)
    return _file(msgspec.json.encode(record), "application/json", "draws.json")


@get("/api/public/draws/verify.py", opt=VISITOR, sync_to_thread=True)
def read_program() -> Response[bytes]:
    """Return the program that checks draws: plain Python, to be read and run by anybody."""
    return _file(PROGRAM.read_bytes(), "text/x-python; charset=utf-8", "verify.py")


@get("/api/admin/campaigns/{campaign_id:uuid}/chance", opt=READER, sync_to_thread=True)
def read_chance(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> ChanceNumbers:
    """Return shares taken and left, or draws and wins against their odds."""
    with caller.work() as work:
        queries.must_exist(work, campaign_id)
        return chance_numbers(work, campaign_id)


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


routes: list[Any] = [read_draws, read_program, read_chance]
