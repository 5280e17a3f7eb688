"""Registering people: once each, whoever is first, and never readable without the key."""

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from banyan import people
from banyan.kernel.crypto import UndecipherableError
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, Database, across_workspaces, unit_of_work
from banyan.people import Registration


def new_phone() -> str:
    return f"+8613{random.randrange(10**9):09d}"


def test_the_same_phone_is_one_person(workspace: UUID) -> None:
    phone, visitor = new_phone(), uuid4()
    with unit_of_work(workspace, SYSTEM) as work:
        first = people.register(work, phone, visitor, "周小明")
    with unit_of_work(workspace, SYSTEM) as work:
        again = people.register(work, phone, visitor)
        assert again.person_id == first.person_id
        assert (first.is_new, again.is_new) == (True, False)
        view = people.view(work, first.person_id)
        assert view is not None
        assert view.name == "周小明"
        assert view.name_masked == "周**"
        assert view.phone_masked == f"{phone[3:6]}****{phone[-4:]}"
        assert people.persons_of_visitor(work, visitor) == [first.person_id]
        names = work.session.scalars(text("select name from events order by position"))
        assert list(names) == ["people.registered", "people.visitor_merged"]


def test_one_batch_may_name_a_person_twice(workspace: UUID) -> None:
    a, b = new_phone(), new_phone()
    with unit_of_work(workspace, SYSTEM) as work:
        known = people.register_many(work, [Registration(p) for p in (a, b, a)])
        assert [each.is_new for each in known] == [True, True, False]
        assert known[0].person_id == known[2].person_id != known[1].person_id


def test_batches_that_race_register_each_person_once(workspace: UUID) -> None:
    phones = [new_phone() for _ in range(40)]

    def register(seed: int) -> list[people.Known]:
        shuffled = random.Random(seed).sample(phones, len(phones))
        with unit_of_work(workspace, SYSTEM) as work:
            return people.register_many(work, [Registration(p, "王", uuid4()) for p in shuffled])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(register, range(24)))
    assert sum(each.is_new for batch in answers for each in batch) == len(phones)
    assert len({each.person_id for batch in answers for each in batch}) == len(phones)
    with unit_of_work(workspace, SYSTEM) as work:
        assert people.count(work) == len(phones)


def test_two_workspaces_share_nothing(workspace: UUID) -> None:
    phone, other = new_phone(), uuid4()
    with unit_of_work(workspace, SYSTEM) as work:
        mine = people.register(work, phone)
    with unit_of_work(other, SYSTEM) as work:
        theirs = people.register(work, phone)
        assert theirs.is_new
        assert theirs.person_id != mine.person_id
        assert people.view(work, mine.person_id) is None
        assert people.views(work, [mine.person_id]) == {}
    with across_workspaces() as connection:
        indexes = connection.execute(
            text("select value_index from person_identities where workspace_id in (:a, :b)"),
            {"a": workspace, "b": other},
        )
        assert len({bytes(index) for (index,) in indexes}) == 2


def test_a_ciphertext_in_another_row_cannot_be_read(workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        one, two = people.register_many(work, [Registration(new_phone()) for _ in range(2)])
        work.session.execute(
            text("""
            update person_identities i set value_encrypted = o.value_encrypted
            from person_identities o where i.person_id = :one and o.person_id = :two
            """),
            {"one": one.person_id, "two": two.person_id},
        )
    with unit_of_work(workspace, SYSTEM) as work:
        assert people.phone_of(work, two.person_id)
        with pytest.raises(UndecipherableError):
            people.phone_of(work, one.person_id)


def test_no_table_holds_a_readable_phone(workspace: UUID) -> None:
    phone = new_phone()
    with unit_of_work(workspace, SYSTEM) as work:
        people.register(work, phone, uuid4(), "李")
    with across_workspaces() as connection:
        for table in ("persons", "person_identities", "person_visitors", "events"):
            rows = connection.execute(
                text(f"select t::text from {table} t where workspace_id = :id"),
                {"id": workspace},
            )
            for (row,) in rows:
                assert phone[3:] not in row
                assert phone[3:].encode().hex() not in row


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("+852 5123 4567", "+85251234567"),
    ],
)
def test_a_phone_has_one_spelling(typed: str, kept: str) -> None:
    assert people.phone_e164(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "12345", "12812345678", "138123456789", "+1900", "a" * 500, "\0" * 11, "+860"]
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        people.phone_e164(typed)
    assert refused.value.refusal.code == "phone_invalid"


def test_a_name_cannot_disturb_a_page() -> None:
    assert people.clean_name("a\u202eb\u200bc\x00\n d ") == "abc d"
    assert people.clean_name("e" + "\u0301" * 50 + "x") == "é" + "\u0301" * 2 + "x"
    assert people.clean_name(" \u200b ") is None
    assert people.clean_name("王" * 500) == "王" * 40


def test_search_takes_wildcards_literally(workspace: UUID, database: Database) -> None:
    assert database
    with unit_of_work(workspace, SYSTEM) as work:
        people.register(work, new_phone(), name="100%_赵")
        people.register(work, new_phone(), name="钱")
        found = people.search(work, name="%_", before=None, most=10)
        assert [each.name for each in found] == ["100%_赵"]
        first = people.search(work, name=None, before=None, most=1)
        last = first[-1]
        rest = people.search(work, name=None, before=(last.created_at, last.id), most=10)
        assert {each.name for each in [*first, *rest]} == {"100%_赵", "钱"}
