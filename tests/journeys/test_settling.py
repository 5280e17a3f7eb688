"""A campaign settled by hand: first everybody has what they took, then what is left goes back."""

from typing import Any

from banyan.kernel.postgres import Urls
from tests.campaigns.packets import UNREADABLE, Packet, refused_by_a_key
from tests.journeys.site import Shop
from tests.stage import Stage
from tests.whole import assert_whole


def told(shop: Shop, one: Packet, language: str) -> dict[str, Any]:
    """Ask to settle what cannot be, and return the problem."""
    answer = shop.ask(
        "POST", f"/campaigns/{one.campaign}/settlement", headers={"Accept-Language": language}
    )
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "shares_uncredited"), answer.text
    assert said["params"] == {"count": 1}
    return said


def test_a_packet_that_cannot_be_credited_is_said_and_nothing_is_settled(
    shop: Shop, urls: Urls
) -> None:
    one = Packet(Stage(shop.id))
    shop.must("POST", f"/campaigns/{one.campaign}/ending", {"reason": "提前结束"})
    ended = shop.must("GET", f"/campaigns/{one.campaign}")
    with refused_by_a_key(urls, one.campaign):
        assert "1 份红包没到账" in told(shop, one, "zh-CN")["title"]
    assert_whole()
    one.keep(UNREADABLE)
    assert "not credited yet" in told(shop, one, "en")["title"]
    assert shop.must("GET", f"/campaigns/{one.campaign}") == ended
    assert one.cash() == 0

    # Mended: the same press credits it and settles.
    one.keep(one.kept)
    settled = shop.must("POST", f"/campaigns/{one.campaign}/settlement")
    assert (settled["state"], one.cash(), one.have()) == ("settled", one.amount, 1)
    assert_whole()
