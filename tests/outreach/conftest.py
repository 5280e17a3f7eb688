"""What the tests of invitations stand on."""

import pytest

from tests.outreach.noon import NOON
from tests.stage import Stage


@pytest.fixture
def stage(database: object) -> Stage:
    made = Stage()
    made.now = NOON
    return made
