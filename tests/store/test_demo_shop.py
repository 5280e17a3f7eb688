"""The demo's shop opens once, complete and with pictures of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from banyan import store
from banyan.app.demo_shop import GOODS, seed_shop
from banyan.kernel.files import Files
from banyan.kernel.work import Database
from tests.stage import Stage


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    made = Files.open(f"file://{tmp_path}")
    store.use_files(made)
    yield made
    store.use_files(None)


def test_the_demo_shop_is_complete_and_opens_once(database: Database, files: Files) -> None:
    stage = Stage()
    with stage.work() as work:
        shop_id = seed_shop(work)
    with stage.work() as work:
        assert seed_shop(work) == shop_id
    with stage.work() as work:
        (shop,) = store.shop_views(work)
    assert shop.id == shop_id
    assert shop.completeness.missing == []
    assert shop.products == len(GOODS)
    assert len(list(files.names(stage.workspace, "pictures/"))) == 8 * (2 * len(GOODS) + 1)
