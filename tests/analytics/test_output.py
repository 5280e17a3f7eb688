"""Output and ROI of the dashboard from a real order in the sandbox and its refund."""

import pytest

from banyan import analytics, store
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.test_affiliate_sales import Seller

from .conftest import Owner, until

pytestmark = pytest.mark.usefixtures("database")


def test_an_order_and_its_refund_come_to_the_dashboard(owner: Owner) -> None:
    seller = Seller()
    campaign = seller.one("select campaign_id from quests where id = %s", seller.quest)

    def numbers() -> analytics.Numbers:
        return analytics.numbers_of(seller.workspace, campaign)

    order = seller.sold(2)
    until(lambda: numbers().output_minor == 20_000, owner, 90)
    # Ten per cent of commission on 200; the freight of the order is in neither.
    assert (numbers().cost_minor, numbers().roi) == (2000, 10.0)
    refund = seller.refund(order, (order.lines[0].id, 1))
    store.send_refund(seller.workspace, refund)
    deliver_sandbox_notices()
    for _ in range(3):
        seller.tell(order)
    until(lambda: numbers().output_minor == 10_000, owner, 90)
    assert numbers().roi is not None
