"""A campaign's life is a straight line with a pause in it."""

from typing import Any

import pytest

from banyan.campaigns.stages import OVER, RUNNING, STATES, STEPS, after


def test_the_line_from_draft_to_settled() -> None:
    state = "draft"
    for step in ("publish", "begin", "pause", "resume", "end", "settle"):
        state = after(state, step)
        assert state is not None, step
    assert state == "settled"


@pytest.mark.parametrize("step", ["publish", "begin", "pause", "resume", "end", "settle"])
def test_nothing_follows_settled(step: Any) -> None:
    assert after("settled", step) is None


def test_no_step_leads_back_to_a_draft_or_to_live_from_the_end() -> None:
    assert "draft" not in STEPS.values()
    assert all(state not in OVER for (state, _), reached in STEPS.items() if reached == "live")


def test_every_state_but_the_last_can_be_left() -> None:
    assert {state for state, _ in STEPS} == set(STATES) - {"settled"}
    assert not RUNNING & OVER
