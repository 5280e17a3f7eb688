"""One-time codes: five tries and no more, once, for one phone, purpose and workspace."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from banyan import messages, workspaces
from banyan.kernel import jobs
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, across_workspaces, unit_of_work
from banyan.messages import CodeCheck, codes
from tests.conftest import Clock

PHONE = "+8613800138000"


@pytest.fixture
def shop(workspace: UUID) -> UUID:
    """A sandbox workspace."""
    workspaces.create_workspace(workspace, slug=workspace.hex, name="榕树咖啡", is_sandbox=True)
    return workspace


def asked(shop: UUID, phone: str = PHONE, now: datetime | None = None) -> str:
    """Ask for a code and read it where a sandbox shows it."""
    with unit_of_work(shop, SYSTEM, now) as work:
        assert messages.ask_code(work, phone) == codes.RESEND_SECONDS
    with unit_of_work(shop, SYSTEM, now) as work:
        newest = messages.outbox_page(work, before=None, most=1)[0]
    assert newest.text is not None
    found = re.search(r"\d{6}", newest.text)
    assert found is not None
    return found[0]


def tried(
    shop: UUID, code: str, phone: str = PHONE, now: datetime | None = None, purpose: str = "sign_in"
) -> str | None:
    with unit_of_work(shop, SYSTEM, now) as work:
        checked = messages.check_code(work, phone, code, purpose)
    return checked.refusal.code if checked.refusal else None


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_right_code_counts_once(shop: UUID) -> None:
    code = asked(shop)
    assert tried(shop, wrong(code)) == "code_wrong"
    assert tried(shop, code) is None
    assert tried(shop, code) == "code_used"


def test_the_sixth_try_is_refused_even_with_the_right_code(shop: UUID) -> None:
    code = asked(shop)
    with unit_of_work(shop, SYSTEM) as work:
        assert messages.check_code(work, PHONE, wrong(code)) == CodeCheck(codes.CODE_WRONG, 4)
    assert [tried(shop, wrong(code)) for _ in range(4)] == ["code_wrong"] * 4
    assert tried(shop, code) == "code_exhausted"


def test_fifty_tries_at_once_are_five(shop: UUID) -> None:
    code = asked(shop)
    with ThreadPoolExecutor(25) as pool:
        outcomes = list(pool.map(tried, [shop] * 50, [wrong(code)] * 50))
    assert outcomes.count("code_wrong") == 5
    assert outcomes.count("code_exhausted") == 45
    assert tried(shop, code) == "code_exhausted"


def test_a_right_code_sent_many_times_at_once_passes_once(shop: UUID) -> None:
    code = asked(shop)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(tried, [shop] * 16, [code] * 16))
    assert outcomes.count(None) == 1
    assert outcomes.count("code_used") == 15


def test_a_code_is_bound_to_phone_purpose_and_workspace(shop: UUID) -> None:
    code = asked(shop)
    other = uuid4()
    workspaces.create_workspace(other, slug=other.hex, name="另一家", is_sandbox=True)
    assert tried(other, code) == "code_expired"
    assert tried(shop, code, phone="+8613900139000") == "code_expired"
    assert tried(shop, code, purpose="payout") == "code_expired"
    assert tried(shop, code) is None


def test_a_code_expires(shop: UUID, clock: Clock) -> None:
    code = asked(shop, now=clock.now)
    assert tried(shop, code, now=clock.advance(minutes=10)) == "code_expired"


def test_asking_again_waits_a_minute_and_replaces_the_code(shop: UUID, clock: Clock) -> None:
    first = asked(shop, now=clock.now)
    clock.advance(seconds=20)
    with pytest.raises(Refused) as refused, unit_of_work(shop, SYSTEM, clock.now) as work:
        messages.ask_code(work, PHONE)
    assert refused.value.refusal.code == "too_often"
    assert refused.value.params == {"seconds": 40}
    second = asked(shop, now=clock.advance(seconds=40))
    if first != second:
        assert tried(shop, first, now=clock.now) == "code_wrong"
    assert tried(shop, second, now=clock.now) is None


def test_a_phone_gets_ten_codes_a_day(shop: UUID, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 11, 1, tzinfo=UTC)
    for _ in range(codes.PER_DAY_MOST):
        asked(shop, now=clock.advance(minutes=2))
    with (
        pytest.raises(Refused) as refused,
        unit_of_work(shop, SYSTEM, clock.advance(minutes=2)) as work,
    ):
        messages.ask_code(work, PHONE)
    assert refused.value.refusal.code == "codes_spent"
    assert asked(shop, now=clock.advance(days=1))


def test_many_askers_at_once_send_one_code(shop: UUID) -> None:
    def ask(_: int) -> bool:
        try:
            with unit_of_work(shop, SYSTEM) as work:
                messages.ask_code(work, PHONE)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(12))) == 1
    with unit_of_work(shop, SYSTEM) as work:
        assert len(messages.outbox_page(work, before=None, most=10)) == 1


def test_the_outbox_delivers_by_a_job_and_keeps_secrets(shop: UUID) -> None:
    real = uuid4()
    workspaces.create_workspace(real, slug=real.hex, name="真店", is_sandbox=False)
    for each in (shop, real):
        with unit_of_work(each, SYSTEM) as work:
            messages.ask_code(work, PHONE)
            (queued,) = messages.outbox_page(work, before=None, most=5)
            assert queued.state == "queued"
    jobs.drain()
    with unit_of_work(shop, SYSTEM) as work:
        (sent,) = messages.outbox_page(work, before=None, most=5)
        assert (sent.state, sent.to_masked, sent.sent_at is None) == ("sent", "138****8000", False)
        assert sent.text is not None
        code = re.search(r"\d{6}", sent.text)
    with unit_of_work(real, SYSTEM) as work:
        (kept,) = messages.outbox_page(work, before=None, most=5)
        assert (kept.state, kept.text) == ("sent", None)
    assert code is not None
    with across_workspaces() as connection:
        for table in ("outbox_messages", "one_time_codes"):
            for (row,) in connection.execute(text(f"select t::text from {table} t")):
                assert code[0].encode().hex() not in row
                assert PHONE.encode().hex() not in row


def test_a_rolled_back_message_leaves_no_job(shop: UUID) -> None:
    jobs.drain()
    with pytest.raises(ZeroDivisionError):
        _ask_and_break(shop)
    assert jobs.drain() == 0


def _ask_and_break(shop: UUID) -> None:
    with unit_of_work(shop, SYSTEM) as work:
        messages.ask_code(work, PHONE)
        raise ZeroDivisionError
