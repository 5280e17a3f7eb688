"""Every template is played by a crowd on the real engine, ended and settled; every promise holds."""

from collections import defaultdict

import pytest

from banyan.templates import Template, templates
from tests.templates.crowd import Crowd
from tests.whole import assert_whole

TRADES: dict[str, list[Template]] = defaultdict(list)
for _template in templates().values():
    TRADES[_template.industry.key].append(_template)

CHANCE = {"lottery", "live"}
"""Whether anybody wins is drawn."""


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("trade", TRADES)
def test_a_crowd_plays_every_template_to_a_settled_ledger(trade: str) -> None:
    for template in TRADES[trade]:
        crowd = Crowd(template)
        crowd.play()
        crowd.settle()
        given = crowd.one("select count(*) from grants where campaign_id = %s", crowd.id)
        used = {offer["key"] for offer in template.definition["offers"]}
        assert given or not used or template.play in CHANCE, template.key
        state = crowd.one("select state from campaigns where id = %s", crowd.id)
        assert state == "settled", template.key
    assert_whole()
