"""Idempotency: one key, one effect, one answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text

from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.requests import RequestKey, forget_requests, once, request_key
from banyan.kernel.work import SYSTEM, Actor, Work, unit_of_work


class Answer(msgspec.Struct):
    """What the effect answers."""

    number: int


def key(body: bytes = b"{}", name: str = "k") -> RequestKey:
    return request_key(name, "POST", "/api/admin/things", body)


def ask(work: Work, request: RequestKey | None, done: list[int]) -> Answer:
    def effect() -> Answer:
        done.append(1)
        return Answer(len(done))

    return once(work, request, Answer, effect)


def test_the_same_request_is_done_once(workspace: UUID) -> None:
    done: list[int] = []
    for _ in range(3):
        with unit_of_work(workspace, SYSTEM) as work:
            assert ask(work, key(), done) == Answer(1)
    assert len(done) == 1


def test_another_body_is_a_mismatch_and_another_actor_or_workspace_is_apart(
    workspace: UUID,
) -> None:
    done: list[int] = []
    with unit_of_work(workspace, SYSTEM) as work:
        ask(work, key(), done)
    with pytest.raises(Refused) as refused, unit_of_work(workspace, SYSTEM) as work:
        ask(work, key(b'{"a":1}'), done)
    assert refused.value.refusal.code == "idempotency_mismatch"
    with unit_of_work(workspace, Actor("member", uuid4())) as work:
        assert ask(work, key(), done) == Answer(2)
    with unit_of_work(uuid4(), SYSTEM) as work:
        assert ask(work, key(), done) == Answer(3)


def test_a_twin_in_flight_is_told_at_once(workspace: UUID) -> None:
    started, finish, done = threading.Event(), threading.Event(), list[int]()

    def slow() -> Answer:
        def effect() -> Answer:
            started.set()
            assert finish.wait(20)
            done.append(1)
            return Answer(7)

        with unit_of_work(workspace, SYSTEM) as work:
            return once(work, key(), Answer, effect)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow)
        assert started.wait(20)
        try:
            with pytest.raises(Refused) as refused, unit_of_work(workspace, SYSTEM) as work:
                ask(work, key(), done)
        finally:
            finish.set()
        assert refused.value.refusal.code == "idempotency_in_flight"
        assert refused.value.params == {"seconds": 1}
        assert first.result(20) == Answer(7)
    with unit_of_work(workspace, SYSTEM) as work:
        assert ask(work, key(), done) == Answer(7)
    assert len(done) == 1


def test_a_duel_has_one_effect(workspace: UUID) -> None:
    done: list[int] = []

    def shoot(_: int) -> int | str:
        try:
            with unit_of_work(workspace, SYSTEM) as work:
                return ask(work, key(), done).number
        except Refused as refused:
            return refused.refusal.code

    with ThreadPoolExecutor(12) as pool:
        outcomes = set(pool.map(shoot, range(60)))
    assert len(done) == 1
    assert outcomes <= {1, "idempotency_in_flight"}


def test_a_refusal_is_not_kept(workspace: UUID) -> None:
    def refuse() -> Answer:
        raise Refused(NOT_FOUND)

    with pytest.raises(Refused), unit_of_work(workspace, SYSTEM) as work:
        once(work, key(), Answer, refuse)
    with unit_of_work(workspace, SYSTEM) as work:
        assert work.session.scalar(text("select count(*) from idempotency_requests")) == 0
        assert ask(work, key(), []) == Answer(1)


def test_a_forgotten_key_is_free_again(workspace: UUID) -> None:
    done: list[int] = []
    with unit_of_work(workspace, SYSTEM) as work:
        ask(work, key(), done)
        assert forget_requests(work, work.now) == 0
    with unit_of_work(workspace, SYSTEM) as work:
        assert forget_requests(work, work.now + timedelta(seconds=1)) == 1
        assert ask(work, key(), done) == Answer(2)


@pytest.mark.parametrize("name", ["", "a" * 256, "鍵", "a\x00", "a\n"])
def test_a_key_is_printable_and_short(name: str) -> None:
    with pytest.raises(Refused) as refused:
        key(name=name)
    assert refused.value.refusal.code == "idempotency_key_invalid"
