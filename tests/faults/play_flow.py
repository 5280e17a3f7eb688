"""One grab, credit, draw, order or late payment, as a process of its own makes it, to be killed at will.

Run as a script, it reads one JSON line an attempt, forks, lets the child do what is asked until it
is killed before its nth statement or after its commit, and answers with how the child ended.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg

from banyan.app import campaign_orders
from banyan.app.grabs import run_grabs
from banyan.app.hot import Group, committed
from banyan.app.quest_ordering import run_quest_orders
from banyan.campaigns import ActRequest, GrabRequest, QuestOrderRequest, act, credit_grabs
from banyan.kernel.connection import SetWiseConnection
from banyan.kernel.errors import Refused
from banyan.kernel.keys import Keyring, use_keys
from banyan.kernel.work import Database, use_database

FREE, KILLED = 0, -signal.SIGKILL
Flow = Callable[[Group, UUID, UUID], object]


def grab(group: Group, campaign: UUID, person: UUID) -> object:
    """Take a share of the campaign's packet."""
    (answer,) = run_grabs(group, [GrabRequest(campaign, person, request_key="k")])
    return answer


def credit(group: Group, campaign: UUID, person: UUID) -> object:
    """Credit the next share of the campaign's packet, whoever took it."""
    del person
    return committed(group, lambda work, _: [credit_grabs(work, campaign, 1)])


def draw(group: Group, quest: UUID, person: UUID) -> object:
    """Draw in one's own quest."""
    (answer,) = committed(group, lambda work, _: act(work, [ActRequest(quest, "drew", person)]))
    return answer


def order(group: Group, quest: UUID, person: UUID) -> object:
    """Take a seat and place its order."""
    request = QuestOrderRequest(quest, person, fulfilment="collection", request_key="k")
    (answer,) = run_quest_orders(group, [request])
    return answer


def late(group: Group, order_id: UUID, _: UUID) -> object:
    """Tell the quests of a payment that came too late."""
    return campaign_orders.tell(group[0], [order_id])


FLOWS: Final[dict[str, Flow]] = {
    "grab": grab,
    "credit": credit,
    "draw": draw,
    "order": order,
    "late": late,
}


def die_at(nth: int) -> None:
    """Kill this process at the `nth` thing it sends: before a statement, before or after a commit."""
    execute, commit, seen = psycopg.Cursor.execute, psycopg.Connection.commit, 0

    def come_to() -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(cursor: Any, *args: Any, **named: Any) -> Any:
        come_to()
        return execute(cursor, *args, **named)

    def counted_commit(connection: Any) -> None:
        if connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            return
        come_to()
        commit(connection)
        come_to()

    stroke = SetWiseConnection.stroke

    def counted_stroke(connection: Any, asked: Any, *, commit: bool) -> list[Any]:
        answers: list[Any] = []
        for one in asked:
            come_to()
            answers += stroke(connection, [one], commit=False)
        if commit:
            come_to()
            stroke(connection, [], commit=True)
            come_to()
        return answers

    setattr(SetWiseConnection, "stroke", counted_stroke)  # noqa: B010 - typed as a method
    setattr(psycopg.Cursor, "execute", counted)  # noqa: B010 - typed as a method
    setattr(psycopg.Connection, "commit", counted_commit)  # noqa: B010 - typed as a method


def main() -> None:
    app_url, relay_url, keys = sys.argv[1:4]
    for line in sys.stdin:
        child = os.fork()
        if not child:
            asked = json.loads(line)
            use_keys(Keyring.open(Path(keys)))
            use_database(Database(app_url, relay_url, most_connections=2))
            die_at(asked["nth"])
            said = FLOWS[asked["flow"]](
                (UUID(asked["workspace"]), None), UUID(asked["place"]), UUID(asked["person"])
            )
            os._exit(1 if isinstance(said, Refused) else FREE)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
