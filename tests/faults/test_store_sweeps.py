"""The sweeps as the work process runs them: what is due is done, and a hanging provider holds up no one."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from banyan import store
from tests.shelf import Shelf
from tests.whole import assert_whole

PATIENCE_SECONDS = 30


@pytest.fixture
def sweeping(database: object) -> Iterator[None]:
    """The service, on a loop of its own."""
    loop, stopping = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        loop.run_until_complete(store.sweeps(None)(stopping))

    thread = threading.Thread(target=run)
    thread.start()
    yield
    loop.call_soon_threadsafe(stopping.set)
    thread.join()
    loop.close()


def becomes(look: Callable[[], object], wanted: object) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while look() != wanted:
        assert time.monotonic() < ends, f"still {look()}, not {wanted}"
        time.sleep(0.05)


@pytest.mark.usefixtures("sweeping")
def test_what_is_due_is_done_while_another_provider_hangs() -> None:
    lost, shelf = Shelf(), Shelf()
    orders = {}
    for each in (lost, shelf):
        sku, (buyer,) = each.sku(10), each.people(1)
        order = each.order(buyer, (sku, 2))
        store.pay_in_sandbox(each.workspace, each.begin(order))
        becomes(lambda each=each, order=order: each.look(order).state, "paid")
        orders[each] = order
    lost.manners(refunds="hanging", hang_seconds=8)
    stuck = lost.refund(orders[lost], (orders[lost].lines[0].id, 1))
    becomes(lambda: lost.refund_state(stuck), "sending")
    done = shelf.refund(orders[shelf], (orders[shelf].lines[0].id, 1))
    becomes(lambda: shelf.refund_state(done), "done")
    sku, (buyer,) = shelf.sku(1), shelf.people(1)
    expiring = shelf.order(buyer, (sku, 1))
    with shelf.work() as work:
        work.driver.execute("update orders set expires_at = now() where id = %s", (expiring.id,))
    becomes(lambda: shelf.look(expiring).state, "closed")
    assert shelf.stock(sku) == (1, 0, 0)
    assert lost.refund_state(stuck) in {"sending", "unknown"}
    lost.manners()
    lost.due_now()
    becomes(lambda: lost.refund_state(stuck), "done")
    assert lost.one("select sum(amount_minor) from sandbox_refunds") == 1990
    assert_whole()
