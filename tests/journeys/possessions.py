"""One of everything a merchant can have: what no other merchant may see, change or hear of."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from banyan import campaigns, rewards
from banyan.campaigns import ActRequest, GrabRequest, StartRequest
from banyan.campaigns.passes import pass_of
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Actor, unit_of_work
from banyan.rewards import ExchangeItem, GrantRequest, OfferSpec, payouts
from banyan.rewards.gifts import GiftAddress
from banyan.rewards.payouts import PayoutRequest, PayoutTerms
from banyan.store.addresses import AddressFields, add_address
from banyan.store.cases import Case, open_cases
from tests.journeys.goods import Counter
from tests.journeys.plans import offer, referral
from tests.journeys.site import Shop
from tests.journeys.test_buying import Buyer, paid
from tests.stage import answered

Things = dict[str, str]


def possessions(shop: Shop) -> Things:
    """Make one of each and return their ids and codes."""
    made = _of_the_house(shop) | _of_the_store(shop)
    return made | _of_rewards(shop, UUID(made["person"])) | _of_plays(shop, UUID(made["person"]))


def _of_the_house(shop: Shop) -> Things:
    campaign = shop.announce(referral(datetime.now(UTC)))
    link = shop.link_of(campaign)
    host, friend = shop.guests(2)
    quest = host.start(link)
    friend.support(quest)
    another = shop.announce(referral(datetime.now(UTC)))
    branches = [
        {"segment": "bought", "campaign_id": campaign},
        {"segment": "everybody", "campaign_id": another},
    ]
    title = {"zh": "山茶有礼", "en": "Gifts"}
    path = {"name": "山茶路径", "title": title, "branches": branches}
    return {
        "pathway": shop.must("POST", "/pathways", path)["id"],
        "session": shop.session(),
        "campaign": campaign,
        "link": link,
        "quest": quest["id"],
        "person": str(host.person_id),
        "member": shop.must("GET", "/members")["items"][0]["id"],
        "key": shop.must("GET", "/api-keys")["items"][0]["id"],
        "template": "dining_latte_referral",
    }


def _of_the_store(shop: Shop) -> Things:
    goods = Counter(shop)
    opened = goods.open()
    category = shop.must("POST", "/categories", {"name": "山茶手冲"})
    product = goods.product(opened["id"], category_id=category["id"])
    now = datetime.now(UTC)
    discount = {
        "shop_id": opened["id"],
        "name": {"zh": "山茶满减", "en": "Camellia"},
        "kind": "amount_off",
        "off_minor": 100,
        "starts_at": (now + timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=2)).isoformat(),
    }
    buyer = Buyer(shop, "+8613800138777")
    page = paid(buyer, product["skus"][0]["id"], 1, 5900)
    order = page["order"]
    line = {"line_id": order["lines"][0]["id"], "quantity": 1}
    refund = buyer.must(
        "POST", f"/orders/{order['id']}/refunds", {"lines": [line], "reason": "买多了"}
    )
    second = paid(buyer, product["skus"][0]["id"], 1, 5900)["order"]["id"]
    buyer.must("POST", f"/orders/{second}/invoices", {"kind": "personal", "title": "山茶"})
    disputed = buyer.must("POST", f"/orders/{second}/disputes", {"words": "山茶少发"})
    fields = AddressFields(
        recipient="山茶",
        phone="13800138000",
        province="浙江省",
        city="杭州市",
        street="龙井路 1 号",
    )
    with unit_of_work(shop.id, SYSTEM) as work:
        open_cases(work, [Case("notice_does_not_fit", "sandbox", "山茶", "test")])
        address = add_address(work, UUID(order["buyer_id"]), fields).id
    return {
        "shop": opened["id"],
        "category": category["id"],
        "discount": shop.must("POST", "/discounts", discount)["id"],
        "product": product["id"],
        "sku": product["skus"][0]["id"],
        "order": order["id"],
        "refund": refund["id"],
        "invoice": shop.must("GET", "/invoices")["items"][0]["id"],
        "dispute": disputed["disputes"][0]["id"],
        "case": shop.must("GET", "/payments/stuck")["cases"][0]["id"],
        "payment": shop.must("GET", f"/orders/{order['id']}")["payments"][0]["id"],
        "address": str(address),
    }


def _of_rewards(shop: Shop, person: UUID) -> Things:
    house, plan = new_id(), new_id()
    offers = [
        OfferSpec("mug", "gift", "山茶杯", "Mug", 3000, 2000, 30),
        OfferSpec("cash", "cash", "山茶现金", "Cash", 500, 500, 30),
    ]
    terms = PayoutTerms(
        methods=["sandbox", "manual"],
        least_minor=100,
        per_person_day_minor=5000,
        per_day_minor=5000,
        approve_above_minor=100,
    )
    asked = PayoutRequest(new_id(), person, "sandbox", 500, "openid")
    item = ExchangeItem(
        key="ten", kind="coupon", name_zh="山茶券", name_en="Ten", price_points=1, value_minor=10
    )
    with unit_of_work(shop.id, SYSTEM) as work:
        rewards.open_offers(work, house, offers)
        rewards.fund_budget(work, house, 9000, None, 8000, currency="CNY", timezone="Asia/Shanghai")
        mug, cash = rewards.grant(
            work,
            [
                GrantRequest(house, one.key, person, house, one.key, "山茶", "for you")
                for one in offers
            ],
        )
        assert mug.grant_id
        assert cash.status == "granted", cash
        where = GiftAddress(name="山茶", phone="13800138000", address="龙井路 1 号")
        rewards.claim_gift(work, mug.grant_id, person, where)
        payouts.set_payout_terms(work, terms)
        rewards.fund_plan(work, plan, "山茶预算", 5000)
        shelf = rewards.put_on_shelf(work, item)
    with unit_of_work(shop.id, Actor("person", person)) as work:
        payouts.ask_payout(work, asked)
    return {
        "grant": str(mug.grant_id),
        "gift_code": mug.code or "",
        "payout": str(asked.id),
        "plan": str(plan),
        "item": str(shelf),
    }


def _of_plays(shop: Shop, person: UUID) -> Things:
    """Return a visit's pass, a packet that was grabbed from, and a lottery that was drawn in."""
    stamps = {"store_code": "TABLE7", "stamps": [{"visits": 1, "offer": "latte"}]}
    cash = offer("cash", 0, None) | {"kind": "cash", "terms": {"zh": "", "en": ""}}
    packet = {"offer": "cash", "total_minor": 1000, "shares": 2}
    prizes = {"prizes": [{"offer": "tea", "odds_ppm": 1000}]}
    store_visit = announced(shop, "in_store", stamps, [offer("latte", 500)])
    grabbed = announced(shop, "red_packet", packet, [cash])
    drawn = announced(shop, "lottery", prizes, [offer("tea", 500, 3)])
    with unit_of_work(shop.id, SYSTEM) as work:
        visit, draw = (
            campaigns.start_quest(work, StartRequest(UUID(one), person, "web")).quest_id
            for one in (store_visit, drawn)
        )
        campaigns.grab(work, [GrabRequest(UUID(grabbed), person)])
        campaigns.act(work, [ActRequest(draw, "drew", person)])
        code = pass_of(work, visit, person)
    return {
        "visit": store_visit,
        "pass": code,
        "visit_quest": str(visit),
        "packet": grabbed,
        "packet_link": shop.link_of(grabbed),
        "lottery": drawn,
        "draw_quest": str(draw),
        "draw_link": shop.link_of(drawn),
    }


def announced(shop: Shop, key: str, settings: dict[str, Any], offers: list[dict[str, Any]]) -> str:
    """Publish a campaign of the play `key` and return its id."""
    play = {"key": key, "settings": settings}
    return shop.announce(
        answered(referral(datetime.now(UTC), name="山茶", play=play, offers=offers))
    )
