"""Every event three times in any order, and a death between any two statements: equal balances."""

from random import Random

import pytest

from tests.faults.mortal import Mortal
from tests.faults.standing import state_of
from tests.faults.stories import STORIES, Step, Story, take
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")
EACH = pytest.mark.parametrize("kind", STORIES, ids=[kind.__name__ for kind in STORIES])


def lived(kind: type[Story]) -> Story:
    """Return a story to which nothing happened."""
    story = kind()
    for step in story.steps():
        step()
    return story


@EACH
def test_everything_three_times_in_any_order_changes_nothing(kind: type[Story]) -> None:
    story = lived(kind)
    before = state_of(story.market)
    for seed in range(2):
        again: list[Step] = [*story.steps() * 3]
        again += [lambda event=event: take([event]) for event in story.market.events() * 3]
        Random(seed).shuffle(again)
        for step in again:
            step()
    assert state_of(story.market) == before
    assert_whole()


@EACH
def test_a_death_between_any_two_statements_changes_nothing(kind: type[Story]) -> None:
    """Every step dies once at every statement it comes to, until it comes through."""
    expected = state_of(lived(kind).market)
    story, mortal, deaths = kind(), Mortal(), 0
    for step in story.steps():
        deaths += mortal.live(step)
    assert deaths > 40
    assert state_of(story.market) == expected
    assert_whole()
