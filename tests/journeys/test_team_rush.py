"""Two hundred phones at a team's last seat: over HTTP, through the batch of the web process."""

from collections import Counter
from uuid import UUID

import httpx

from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store import sweep
from tests.journeys.site import Shop
from tests.journeys.test_teams import LIST, TEAM, join, must, pay, plan, told
from tests.shelf import fill

RIVALS = 200


def test_two_hundred_phones_want_the_last_seat(shop: Shop) -> None:
    with unit_of_work(shop.id, SYSTEM) as work:
        (sku,) = fill(work, 1, 1000, LIST)
    campaign = shop.announce(plan(sku, "group_buy", TEAM))
    leader, second, *rivals = shop.guests(RIVALS + 2)
    quest = leader.start(shop.link_of(campaign))
    for guest in (leader, second):
        order = join(guest, quest)
        pay(guest, order)
        sweep()
        told(shop, order)
    body = {"quantity": 1, "fulfilment": "collection", "link_code": quest["share_code"]}
    path = f"/api/public/quests/{quest['id']}/orders"
    answers: list[httpx.Response] = []
    for _ in range(2):
        # Who is answered repeats the same wish, and is answered the same.
        asked = [
            rival.request("POST", path, body, headers={"Idempotency-Key": "rush"})
            for rival in rivals
        ]
        answers = shop.site.send_all(asked)
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: RIVALS - 1}
        codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
        assert codes == {"seat_quest_full"}
    (nth,) = [nth for nth, answer in enumerate(answers) if answer.status_code == 201]
    order = answers[nth].json()
    pay(rivals[nth], order)
    sweep()
    told(shop, order)
    sweep()
    page = must(rivals[nth], "GET", f"/orders/{order['id']}")
    assert (page["order"]["state"], page["order"]["is_held"]) == ("paid", False)
    with unit_of_work(shop.id, SYSTEM) as work:
        seats = "select count(*) from quest_seats where quest_id = %s"
        assert work.driver.execute(seats, (UUID(quest["id"]),)).fetchone() == (3,)
