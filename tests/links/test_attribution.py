"""Whose word counts: first and last touch within a window."""

import pytest

from banyan.kernel.auth import Signer
from banyan.kernel.keys import Keyring
from banyan.links.attribution import (
    ATTRIBUTION_COOKIE,
    SAME_TOUCH_SECONDS,
    TOUCHES_MOST,
    Attribution,
    Touch,
    attribute,
    read_touches,
    touched,
    touches_token,
)

DAY = 86_400
A, B, C = Touch("aaaa", 1 * DAY), Touch("bbbb", 3 * DAY), Touch("cccc", 8 * DAY)


@pytest.mark.parametrize(
    ("touches", "now", "days", "expected"),
    [
        ((), 9 * DAY, 7, None),
        ((A,), 1 * DAY, 7, Attribution(A, A)),
        ((A,), 8 * DAY, 7, Attribution(A, A)),
        ((A,), 8 * DAY + 1, 7, None),
        ((A, B, C), 8 * DAY, 7, Attribution(A, C)),
        ((A, B, C), 9 * DAY, 7, Attribution(B, C)),
        ((C, A, B), 8 * DAY, 7, Attribution(A, C)),
        ((A, C), 2 * DAY, 7, Attribution(A, A)),
    ],
    ids=[
        "none",
        "one",
        "at_the_edge",
        "over",
        "first_last",
        "first_expired",
        "any_order",
        "future",
    ],
)
def test_first_and_last_touch_within_the_window(
    touches: tuple[Touch, ...], now: int, days: int, expected: Attribution | None
) -> None:
    assert attribute(touches, now, days) == expected


def test_the_first_and_the_newest_touches_are_kept() -> None:
    touches: tuple[Touch, ...] = ()
    for number in range(20):
        touches = touched(touches, Touch(f"code{number}", number * SAME_TOUCH_SECONDS))
    assert len(touches) == TOUCHES_MOST
    assert touches[0].code == "code0"
    assert [touch.code for touch in touches[1:]] == [f"code{n}" for n in range(15, 20)]


def test_one_link_again_and_again_is_its_first_and_its_last_time() -> None:
    touches: tuple[Touch, ...] = ()
    for number in range(5):
        touches = touched(touches, Touch("same", number * 4000))
    assert touches == (Touch("same", 0), Touch("same", 16_000))


@pytest.mark.usefixtures("keys")
def test_a_cookie_carries_touches_and_a_changed_one_carries_none() -> None:
    token = touches_token((A, B), 4_000_000_000)
    assert read_touches(token) == (A, B)
    assert read_touches(token[:-2] + "xx") == ()
    assert read_touches("nonsense") == ()
    assert read_touches(None) == ()


def test_keys_of_another_house_do_not_pass(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Keyring.open(tmp_path_factory.mktemp("other"))
    forged = Signer(ATTRIBUTION_COOKIE, other).sign(b"evil:100", expires_at=4_000_000_000)
    assert read_touches(forged) == ()
