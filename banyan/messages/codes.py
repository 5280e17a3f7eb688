"""One-time codes: six digits that prove a phone number, once, for one purpose in one workspace.

The counting is done by the database in single statements, so fifty tries at once are still five.
A wrong try is an answer, not an exception: its count must be kept.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from banyan.kernel.auth import code_hash
from banyan.kernel.crypto import blind_index
from banyan.kernel.errors import TOO_OFTEN, Refusal, Refused
from banyan.kernel.work import Work
from banyan.messages.outbox import channel_of, send
from banyan.messages.refusals import (
    CODE_EXHAUSTED,
    CODE_EXPIRED,
    CODE_USED,
    CODE_WRONG,
    CODES_SPENT,
)
from banyan.messages.wording import GOOD_FOR, code_text
from banyan.workspaces import workspace_of

SIGN_IN = "sign_in"
RESEND_SECONDS = 60
PER_DAY_MOST = 10
TRIES_MOST = 5


class CodeCheck(NamedTuple):
    """What a try came to: `refusal` is None when the code was right."""

    refusal: Refusal | None
    tries_left: int = 0


_ASK = """
insert into one_time_codes as c (workspace_id, phone_index, purpose, code_hash, asked_at,
                                 expires_at, tries, used_at, day, asked_that_day)
values (%(workspace)s, %(phone)s, %(purpose)s, %(hash)s, %(now)s, %(expires)s, 0, null, %(day)s, 1)
on conflict (workspace_id, phone_index, purpose) do update set
  code_hash = excluded.code_hash, asked_at = excluded.asked_at, expires_at = excluded.expires_at,
  tries = 0, used_at = null, day = excluded.day,
  asked_that_day = case when c.day = excluded.day then c.asked_that_day + 1 else 1 end
where c.asked_at <= excluded.asked_at - %(resend)s
  and (c.day <> excluded.day or c.asked_that_day < %(most)s)
returning asked_that_day
"""
_LAST = """
select asked_at, expires_at, tries, used_at, day, asked_that_day from one_time_codes
where workspace_id = %s and phone_index = %s and purpose = %s
"""
_TRY = """
update one_time_codes set tries = tries + 1,
  used_at = case when code_hash = %(hash)s then %(now)s::timestamptz end
where workspace_id = %(workspace)s and phone_index = %(phone)s and purpose = %(purpose)s
  and used_at is null and expires_at > %(now)s and tries < %(most)s
returning used_at is not null, tries
"""


def ask_code(work: Work, phone_e164: str, purpose: str = SIGN_IN) -> int:
    """Send a new code to a phone, replacing the one before; return the seconds until the next.

    Raises `too_often` within a minute of the last one, `codes_spent` after ten in a day (UTC).
    The answer does not depend on whether anybody is known by this phone.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    phone = blind_index(phone_e164, work.workspace_id, "phone")
    day = work.now.astimezone(UTC).date()
    asked = work.driver.execute(
        _ASK,
        {
            "workspace": work.workspace_id,
            "phone": phone,
            "purpose": purpose,
            "hash": code_hash(code, work.workspace_id, phone.hex(), purpose),
            "now": work.now,
            "expires": work.now + GOOD_FOR,
            "day": day,
            "resend": timedelta(seconds=RESEND_SECONDS),
            "most": PER_DAY_MOST,
        },
    ).fetchone()
    if asked is None:
        last = work.driver.execute(_LAST, (work.workspace_id, phone, purpose)).fetchone()
        if last is not None and last[4] == day and last[5] >= PER_DAY_MOST:
            raise Refused(CODES_SPENT)
        raise Refused(TOO_OFTEN, seconds=_wait(work.now, last[0]) if last else RESEND_SECONDS)
    name = workspace_of(work).name
    send(
        work,
        to_e164=phone_e164,
        text=code_text(name, code),
        kind="code",
        channel=channel_of(work),
    )
    return RESEND_SECONDS


def check_code(work: Work, phone_e164: str, code: str, purpose: str = SIGN_IN) -> CodeCheck:
    """Try a code. A right one is used up by it; the sixth try, right or wrong, is `code_exhausted`.

    Let the transaction commit whatever comes out: a wrong try has to count.
    """
    phone = blind_index(phone_e164, work.workspace_id, "phone")
    tried = work.driver.execute(
        _TRY,
        {
            "workspace": work.workspace_id,
            "phone": phone,
            "purpose": purpose,
            "hash": code_hash(code, work.workspace_id, phone.hex(), purpose),
            "now": work.now,
            "most": TRIES_MOST,
        },
    ).fetchone()
    if tried is not None:
        passed, tries = tried
        return CodeCheck(None) if passed else CodeCheck(CODE_WRONG, TRIES_MOST - tries)
    last = work.driver.execute(_LAST, (work.workspace_id, phone, purpose)).fetchone()
    if last is None:
        return CodeCheck(CODE_EXPIRED)
    _, expires_at, tries, used_at, _, _ = last
    if used_at is not None:
        return CodeCheck(CODE_USED)
    if tries >= TRIES_MOST:
        return CodeCheck(CODE_EXHAUSTED)
    return CodeCheck(CODE_EXPIRED if expires_at <= work.now else CODE_WRONG)


def _wait(now: datetime, asked_at: datetime) -> int:
    left = RESEND_SECONDS - (now - asked_at).total_seconds()
    return min(RESEND_SECONDS, max(1, round(left)))
