"""What the tests of pathways stand on."""

import pytest

from tests.campaigns.selling import Market


@pytest.fixture
def market(database: object) -> Market:
    return Market()
