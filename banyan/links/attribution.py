"""Attribution: whose word brought somebody here.

A touch is one opened share link. A browser carries its touches in a signed cookie, so a join
needs no look-up of clicks, and nobody can claim a touch that was not theirs.
"""

from collections.abc import Sequence
from typing import NamedTuple

from banyan.kernel.auth import signer

ATTRIBUTION_COOKIE = "bya"
COOKIE_SECONDS = 90 * 86_400
"""Longest attribution window a campaign can count on."""
TOUCHES_MOST = 6
SAME_TOUCH_SECONDS = 1800
"""Opening the same link again within half an hour is the same touch."""


class Touch(NamedTuple):
    """One opened share link."""

    code: str
    at: int
    """Unix seconds."""


class Attribution(NamedTuple):
    """The first and the last touch within a window; the same one when there is only one."""

    first: Touch
    last: Touch


def attribute(touches: Sequence[Touch], now: float, days: int) -> Attribution | None:
    """Return the first and last of `touches` at most `days` before `now`, None when none is.

    Touches may come in any order; those of other campaigns are for the caller to leave out. A
    touch from the future (a clock set back) does not count.
    """
    within = sorted(
        (touch for touch in touches if now - days * 86_400 <= touch.at <= now),
        key=lambda touch: touch.at,
    )
    return Attribution(within[0], within[-1]) if within else None


def touched(touches: Sequence[Touch], touch: Touch) -> tuple[Touch, ...]:
    """Return `touches` with `touch` added: the oldest and the newest are kept, at most six."""
    kept = [old for old in touches if old.at >= touch.at - COOKIE_SECONDS]
    repeats = len(kept) > 1 and kept[-1].code == kept[-2].code == touch.code
    if repeats:
        # Between the first and the last time of one link in a row nothing can be learnt.
        del kept[-1]
    kept.append(touch)
    if len(kept) > TOUCHES_MOST:
        del kept[1]
    return tuple(kept)


def read_touches(token: str | None) -> tuple[Touch, ...]:
    """Return the touches a genuine cookie carries, oldest first; none when it is not genuine."""
    payload = signer(ATTRIBUTION_COOKIE).verify(token)
    if not payload:
        return ()
    try:
        pairs = [part.split(":") for part in payload.decode("ascii").split(" ")]
        return tuple(Touch(code, int(at)) for code, at in pairs)
    except ValueError:
        return ()


def touches_token(touches: Sequence[Touch], now: float) -> str:
    """Return the value of the cookie that carries `touches`."""
    payload = " ".join(f"{touch.code}:{touch.at}" for touch in touches)
    return signer(ATTRIBUTION_COOKIE).sign(payload.encode(), expires_at=now + COOKIE_SECONDS)
