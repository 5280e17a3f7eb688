"""The link table: complete, fresh, and alive while the database is not."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from banyan import links
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.links.table import LinkTable

pytestmark = pytest.mark.usefixtures("database")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def make(workspace: UUID, count: int = 1) -> list[links.Link]:
    with unit_of_work(workspace, SYSTEM) as work:
        return links.create_links(
            work,
            [links.LinkRequest("quest", new_id(), "web", new_id(), new_id()) for _ in range(count)],
        )


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "never came to hold"
        time.sleep(0.02)


def test_a_quest_has_one_link_however_often_it_is_asked_for(workspace: UUID) -> None:
    asked = [links.LinkRequest("quest", new_id(), "web", new_id(), new_id()) for _ in range(3)]
    with unit_of_work(workspace, SYSTEM) as work:
        first = links.create_links(work, asked)
    with unit_of_work(workspace, SYSTEM) as work:
        fresh = links.LinkRequest("quest", new_id(), "web", new_id(), new_id())
        again = links.create_links(work, [asked[1], fresh, asked[0]])
        assert links.links_of_quests(work, [asked[2].quest_id or new_id()])
    assert [link.code for link in first] != [link.code for link in again]
    assert again[0].code == first[1].code
    assert again[2].code == first[0].code
    assert len({link.code for link in first + again}) == 4
    assert all(len(link.code) * 5 >= 80 for link in first)


def test_links_of_one_workspace_are_not_there_for_another(workspace: UUID) -> None:
    (link,) = make(workspace)
    with unit_of_work(new_id(), SYSTEM) as work:
        assert links.link_by_code(work, link.code) is None
    with unit_of_work(workspace, SYSTEM) as work:
        assert links.link_by_code(work, link.code) is not None


def test_an_unknown_channel_is_refused(workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM) as work, pytest.raises(Refused):
        links.create_link(work, "campaign", new_id(), "pigeon")


def test_links_live_through_a_restart_without_the_database(
    urls: Urls, workspace: UUID, tmp_path: Path
) -> None:
    made = make(workspace, 50)
    table = LinkTable(urls.relay, tmp_path / "web-0.links")
    table.start()
    until(lambda: all(link.code in table.rows for link in made))
    table.stop()

    async def ask(alone: LinkTable) -> None:
        known = await alone.find(made[0].code)
        assert known is not None
        assert known.quest_id == made[0].quest_id
        assert known.owner_person_id == made[0].owner_person_id
        assert known.channel == "web"
        with pytest.raises(Refused) as refused:
            await alone.find(new_code())
        assert refused.value.refusal.status == 503
        assert refused.value.refusal.code == "links_down"

    alone = LinkTable(NOWHERE, tmp_path / "web-0.links")
    alone.start()
    asyncio.run(ask(alone))
    alone.stop()
    neighbour = LinkTable(NOWHERE, tmp_path / "web-1.links")
    neighbour.start()
    asyncio.run(ask(neighbour))
    neighbour.stop()


def test_a_torn_file_is_cut_and_filled_again(urls: Urls, workspace: UUID, tmp_path: Path) -> None:
    made = make(workspace, 20)
    file = tmp_path / "web-0.links"
    table = LinkTable(urls.relay, file)
    table.start()
    until(lambda: all(link.code in table.rows for link in made))
    table.stop()
    file.write_bytes(file.read_bytes()[:-7])
    more = make(workspace, 5)
    again = LinkTable(urls.relay, file)
    again.start()
    until(lambda: all(link.code in again.rows for link in made + more))
    again.stop()


def test_a_link_that_commits_late_is_not_missed(
    urls: Urls, workspace: UUID, tmp_path: Path
) -> None:
    table = LinkTable(urls.relay, tmp_path / "web-0.links")
    table.start()
    code = new_code()
    with psycopg.connect(urls.app) as slow:
        slow.execute("select set_config('app.workspace_id', %s, true)", (str(workspace),))
        slow.execute(
            "insert into links (workspace_id, id, code, kind, campaign_id, channel, created_at)"
            " values (%s, %s, %s, 'campaign', %s, 'web', now())",
            (workspace, new_id(), code, new_id()),
        )
        early = make(workspace)
        until(lambda: early[0].code in table.rows)
        time.sleep(0.6)
        assert code not in table.rows
        slow.commit()
    until(lambda: code in table.rows)
    table.stop()


def test_a_flood_of_unknown_codes_is_few_questions(
    urls: Urls, workspace: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link,) = make(workspace)
    table = LinkTable(urls.relay, tmp_path / "web-0.links")
    table.start()
    table.rows.pop(link.code, None)
    asked: list[int] = []
    real = table._look_up

    def counted(codes: list[str]) -> dict[str, links.KnownLink]:
        asked.append(len(codes))
        return real(codes)

    monkeypatch.setattr(table, "_look_up", counted)

    async def flood() -> None:
        codes = [new_code() for _ in range(500)] + [link.code]
        found = await asyncio.gather(*(table.find(code) for code in codes))
        assert [each.code for each in found if each] == [link.code]
        assert all(each is None for each in await asyncio.gather(*map(table.find, codes[:-1])))

    asyncio.run(flood())
    assert sum(asked) == 501
    assert len(asked) <= 3
    table.stop()


def test_a_database_that_hangs_is_down(urls: Urls, workspace: UUID, tmp_path: Path) -> None:
    (link,) = make(workspace)
    table = LinkTable(urls.relay, tmp_path / "web-0.links")
    table.start()
    until(lambda: link.code in table.rows)

    async def ask() -> None:
        with psycopg.connect(urls.owner) as owner:
            owner.execute("lock table links in access exclusive mode")
            assert await table.find(link.code) is not None
            for _ in range(2):
                with pytest.raises(Refused) as refused:
                    await table.find(new_code())
                assert refused.value.refusal.code == "links_down"
            owner.rollback()
        for _ in range(100):
            try:
                assert await table.find(new_code()) is None
            except Refused:
                await asyncio.sleep(0.05)
            else:
                return
        pytest.fail("it never came back")

    asyncio.run(ask())
    table.stop()
