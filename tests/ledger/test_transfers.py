"""Transfers: what the ledger promises, against a model in a few lines of Python."""

from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banyan import ledger
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.ledger import AccountSpec, Resolution, Transfer
from tests.whole import assert_whole

CNY = "CNY"
KEYS: tuple[str, ...] = ("source", "a", "b", "c")


def open_all(workspace: UUID) -> dict[str, UUID]:
    with unit_of_work(workspace, SYSTEM) as work:
        return ledger.open_accounts(
            work, [AccountSpec(key, CNY, may_go_negative=key == "source") for key in KEYS]
        )


def move(accounts: dict[str, UUID], debit: str, credit: str, amount: int) -> Transfer:
    return Transfer(new_id(), accounts[debit], accounts[credit], amount, CNY, "test")


def balances(workspace: UUID, accounts: dict[str, UUID]) -> dict[str, int]:
    with unit_of_work(workspace, SYSTEM) as work:
        held = ledger.balances(work, list(accounts.values()))
    return {key: held[account] for key, account in accounts.items()}


def test_a_refused_transfer_does_not_spoil_its_neighbours(workspace: UUID) -> None:
    accounts = open_all(workspace)
    asked = [
        move(accounts, "source", "a", 100),
        move(accounts, "a", "b", 70),
        move(accounts, "a", "b", 70),
        move(accounts, "a", "c", 30),
        move(accounts, "a", "c", 1),
    ]
    with unit_of_work(workspace, SYSTEM) as work:
        outcomes = ledger.transfer(work, asked)
    assert outcomes == ["posted", "posted", "insufficient", "posted", "insufficient"]
    assert balances(workspace, accounts) == {"source": -100, "a": 0, "b": 70, "c": 30}
    with unit_of_work(workspace, SYSTEM) as work:
        again = ledger.transfer(work, asked)
    assert again == ["repeated", "repeated", "insufficient", "repeated", "insufficient"]
    assert balances(workspace, accounts) == {"source": -100, "a": 0, "b": 70, "c": 30}
    assert_whole()


def test_a_repeat_within_one_list_moves_once(workspace: UUID) -> None:
    accounts = open_all(workspace)
    one = move(accounts, "source", "a", 5)
    with unit_of_work(workspace, SYSTEM) as work:
        assert ledger.transfer(work, [one, one, one]) == ["posted", "repeated", "repeated"]
    assert balances(workspace, accounts)["a"] == 5


def test_a_hold_is_not_free_to_spend_and_ends_once(workspace: UUID) -> None:
    accounts = open_all(workspace)
    hold = move(accounts, "a", "b", 60)._replace(phase="pending")
    with unit_of_work(workspace, SYSTEM) as work:
        ledger.transfer(work, [move(accounts, "source", "a", 100), hold])
        assert ledger.transfer(work, [move(accounts, "a", "c", 41)]) == ["insufficient"]
        too_much = Resolution(new_id(), hold.id, 61, "test")
        part = Resolution(new_id(), hold.id, 45, "test")
        void = Resolution(new_id(), hold.id, 0, "test")
        assert ledger.resolve(work, [too_much, part, void]) == [
            *("insufficient", "posted", "repeated")
        ]
        assert ledger.transfer(work, [move(accounts, "a", "c", 55)]) == ["posted"]
    assert balances(workspace, accounts) == {"source": -100, "a": 0, "b": 45, "c": 55}
    assert_whole()


def test_a_void_hold_gives_everything_back(workspace: UUID) -> None:
    accounts = open_all(workspace)
    hold = move(accounts, "a", "b", 100)._replace(phase="pending")
    with unit_of_work(workspace, SYSTEM) as work:
        ledger.transfer(work, [move(accounts, "source", "a", 100), hold])
        assert ledger.resolve(work, [Resolution(new_id(), hold.id, 0, "test")]) == ["posted"]
        assert ledger.transfer(work, [move(accounts, "a", "c", 100)]) == ["posted"]
    assert balances(workspace, accounts) == {"source": -100, "a": 0, "b": 0, "c": 100}
    assert_whole()


def test_what_was_never_held_cannot_end(workspace: UUID) -> None:
    accounts = open_all(workspace)
    posted = move(accounts, "source", "a", 1)
    with unit_of_work(workspace, SYSTEM) as work:
        ledger.transfer(work, [posted])
        with pytest.raises(LookupError):
            ledger.resolve(work, [Resolution(new_id(), posted.id, 1, "test")])


def test_units_never_mix(workspace: UUID) -> None:
    accounts = open_all(workspace)
    with unit_of_work(workspace, SYSTEM) as work:
        points = ledger.open_accounts(work, [AccountSpec("points", "points")])
        wrong = Transfer(new_id(), accounts["source"], points["points"], 1, CNY, "test")
        with pytest.raises(ledger.UnknownAccount):
            ledger.transfer(work, [wrong])


def test_another_workspaces_account_is_not_there(workspace: UUID) -> None:
    mine, others = open_all(workspace), open_all(new_id())
    with unit_of_work(workspace, SYSTEM) as work, pytest.raises(ledger.UnknownAccount):
        ledger.transfer(work, [Transfer(new_id(), mine["source"], others["a"], 1, CNY, "test")])


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_transfers set amount_minor = amount_minor + 1",
        "delete from ledger_transfers",
        "update ledger_accounts set unit = 'USD'",
        "delete from ledger_accounts",
    ],
)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_what_is_written_stays_written(
    workspace: UUID, database: Database, urls: object, statement: str, role: str
) -> None:
    accounts = open_all(workspace)
    with unit_of_work(workspace, SYSTEM) as work:
        ledger.transfer(work, [move(accounts, "source", "a", 1)])
    url = getattr(urls, "superuser" if role == "owner" else role)
    with psycopg.connect(url) as connection:
        connection.execute("select set_config('app.workspace_id', %s, true)", (str(workspace),))
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.IntegrityError)):
            connection.execute(statement.encode())


def test_the_database_itself_refuses_an_overdraft(workspace: UUID) -> None:
    accounts = open_all(workspace)
    with pytest.raises(psycopg.errors.CheckViolation), unit_of_work(workspace, SYSTEM) as work:
        work.driver.execute(
            "update ledger_accounts set balance_minor = -1 where id = %s", (accounts["a"],)
        )


steps = st.lists(
    st.tuples(
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.integers(min_value=1, max_value=30),
        st.sampled_from(("move", "hold", "repeat", "post", "void")),
        st.integers(min_value=0, max_value=20),
    ).filter(lambda step: step[0] != step[1]),
    min_size=1,
    max_size=30,
)


class Model:
    """The ledger in a few lines: the truth the real one is compared with."""

    def __init__(self) -> None:
        self.balance = dict.fromkeys(KEYS, 0)
        self.held = dict.fromkeys(KEYS, 0)
        self.holds: dict[UUID, tuple[str, str, int]] = {}

    def free(self, key: str, amount: int) -> bool:
        return key == "source" or self.balance[key] - self.held[key] >= amount


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_the_ledger_is_its_model(
    database: Database, taken: list[tuple[str, str, int, str, int]]
) -> None:
    workspace = new_id()
    accounts, model = open_all(workspace), Model()
    done: list[Transfer] = []
    for debit, credit, amount, kind, nth in taken:
        with unit_of_work(workspace, SYSTEM) as work:
            if kind == "repeat" and done:
                assert ledger.transfer(work, [done[nth % len(done)]]) == ["repeated"]
            elif kind in {"post", "void"} and model.holds:
                hold = sorted(model.holds)[nth % len(model.holds)]
                source, target, held = model.holds.pop(hold)
                paid = min(amount, held) if kind == "post" else 0
                assert ledger.resolve(work, [Resolution(new_id(), hold, paid, "t")]) == ["posted"]
                model.held[source] -= held
                model.balance[source] -= paid
                model.balance[target] += paid
            else:
                phase = "pending" if kind == "hold" else "posted"
                asked = move(accounts, debit, credit, amount)._replace(phase=phase)
                expected = "posted" if model.free(debit, amount) else "insufficient"
                assert ledger.transfer(work, [asked]) == [expected]
                if expected == "posted" and phase == "pending":
                    done.append(asked)
                    model.held[debit] += amount
                    model.holds[asked.id] = (debit, credit, amount)
                elif expected == "posted":
                    done.append(asked)
                    model.balance[debit] -= amount
                    model.balance[credit] += amount
    assert balances(workspace, accounts) == model.balance
