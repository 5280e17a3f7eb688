"""The life of one order as a process of its own lives it, to be killed at its nth commit.

Run as a script, it reads one JSON line an attempt, forks, lets the child go through the flow until
it is killed, and answers with how the child ended.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.engine import default

from banyan import store
from banyan.kernel.keys import Keyring, use_keys
from banyan.kernel.work import SYSTEM, Database, unit_of_work, use_database
from banyan.store import Item, OrderRequest, OrderView, RefundLine, sweep

FREE, KILLED = 0, signal.SIGKILL


def flow(workspace: UUID, buyer: UUID, sku: UUID) -> None:
    """Place an order, pay for it, refund all of it: each step only if it was not done before."""
    with unit_of_work(workspace, SYSTEM) as work:
        asked = OrderRequest(
            *(buyer, (Item(sku, 2),), "collection"), request_key="k", request_digest=b"k"
        )
        (order,) = store.place_orders(work, [asked])
    assert isinstance(order, OrderView)
    if order.state == "placed":
        _pay(workspace, order)
    sweep()
    with unit_of_work(workspace, SYSTEM) as work:
        row = work.driver.execute("select id, state from refunds where kind <> 'surplus'")
        known = row.fetchone()
        if known is None:
            lines = [RefundLine(line.id, line.quantity) for line in order.lines]
            known = (store.ask_refund(work, order.id, lines, "测试"), "asked")
    if known[1] == "asked":
        with unit_of_work(workspace, SYSTEM) as work:
            store.approve_refund(work, known[0])
    sweep()


def _pay(workspace: UUID, order: OrderView) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        row = work.driver.execute(
            "select p.trade_number from payments p join sandbox_payments s"
            " on s.workspace_id = p.workspace_id and s.trade_number = p.trade_number"
        ).fetchone()
    if row is None:
        _, action = store.start_payment(
            *(workspace, SYSTEM, order.id, "sandbox", "page"),
            buyer_id=order.buyer_id,
            base_url="http://banyan.test",
        )
        trade = (action.url or "").rpartition("/")[2]
    else:
        trade = row[0]
    store.pay_in_sandbox(workspace, trade)


def die_at(nth: int, *, after: bool) -> None:
    """Kill this process at its `nth` commit: just before it, or just after."""
    commit, seen = default.DefaultDialect.do_commit, 0

    def counted(self: Any, connection: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == nth and not after:
            os.kill(os.getpid(), KILLED)
        commit(self, connection)
        if seen == nth:
            os.kill(os.getpid(), KILLED)

    setattr(default.DefaultDialect, "do_commit", counted)  # noqa: B010 - typed as a method


def attempt(app_url: str, relay_url: str, keys: str, asked: dict[str, Any]) -> None:
    """Live the flow in this process."""
    use_keys(Keyring.open(Path(keys)))
    use_database(Database(app_url, relay_url, most_connections=4))
    die_at(asked["nth"], after=asked["after"])
    flow(UUID(asked["workspace"]), UUID(asked["buyer"]), UUID(asked["sku"]))


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            app_url, relay_url, keys = sys.argv[1:4]
            attempt(app_url, relay_url, keys, json.loads(line))
            os._exit(FREE)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
