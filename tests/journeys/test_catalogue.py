"""A merchant opens a shop, fills it, and people browse, search, mark and put into a cart."""

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.journeys.goods import Counter, drawing, first_sku
from tests.journeys.site import Shop

CANTONESE = "+8613800000001"


@pytest.fixture
def counter(shop: Shop) -> Counter:
    return Counter(shop)


def test_a_shop_is_opened_and_becomes_complete(shop: Shop, counter: Counter) -> None:
    opened = counter.open()
    assert opened["url"].endswith(f"/h5/shop/{opened['slug']}")
    lacks = {each["code"] for each in opened["completeness"]["missing"]}
    assert lacks == {"introduction", "logo", "licence", "contact", "products", "pictures"}
    for nth in range(3):
        counter.product(opened["id"], name=f"商品 {nth}")
    logo = counter.picture()
    fields = {
        "name": "山茶小店",
        "introduction": "我们只卖自己每天都喝的咖啡，烘焙日期写在每一包的正面。",
        "logo_id": logo["id"],
        "licence_url": "https://example.com/licence",
        "contact": "021-6000 0000",
        "freight_minor": 800,
        "freight_free_from_minor": 9900,
    }
    changed = shop.must("PUT", f"/shops/{opened['id']}", fields)
    assert changed["completeness"] == {"score": 100, "missing": []}
    assert changed["logo"] == logo
    assert changed["products"] == 3
    front = counter.see(f"/shops/{opened['slug']}").json()
    assert front["shop"]["licence_url"] == "https://example.com/licence"
    assert front["shop"]["freight_free_from_minor"] == 9900
    assert [each["name"] for each in front["products"]["items"]] == ["商品 2", "商品 1", "商品 0"]
    assert front["workspace"]["currency"] == "CNY"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"licence_url": "javascript:alert(1)"}, "invalid"),
        ({"licence_url": "https://"}, "invalid"),
        ({"name": " \u200b "}, "invalid"),
        ({"logo_id": str(uuid4())}, "picture_not_found"),
        ({"freight_minor": -1}, "invalid"),
        ({"slug": "a/../b"}, "invalid"),
    ],
)
def test_a_shop_that_makes_no_sense_is_refused(
    shop: Shop, fields: dict[str, Any], code: str
) -> None:
    answer = shop.ask("POST", "/shops", {"name": "店"} | fields)
    assert answer.json()["code"] == code
    assert shop.must("GET", "/shops")["items"] == []


def test_an_address_of_a_shop_stands_alone_in_the_house(shop: Shop, counter: Counter) -> None:
    slug = f"tea-{shop.id.hex[-8:]}"
    counter.open(slug=slug)
    other = Shop(shop.site)
    assert other.ask("POST", "/shops", {"name": "茶", "slug": slug}).json()["code"] == (
        "shop_slug_taken"
    )


def test_a_product_is_drafted_published_found_and_withdrawn(shop: Shop, counter: Counter) -> None:
    opened = counter.open()
    category = shop.must("POST", "/categories", {"name": "咖啡", "description": "豆与挂耳"})
    draft = counter.product(
        opened["id"],
        published=False,
        name="云南日晒 手冲咖啡豆",
        keywords="ARABICA 单品",
        category_id=category["id"],
        skus=[
            {"price_minor": 8800, "attributes": {"规格": "250克"}, "quantity": 3},
            {"price_minor": 4900, "attributes": {"规格": "100克"}, "quantity": 0, "code": "YN-100"},
        ],
    )
    assert draft["state"] == "draft"
    assert draft["problems"] == []
    assert [sku["stock"]["available"] for sku in draft["skus"]] == [3, 0]
    assert counter.see(f"/products/{draft['id']}").status_code == 404
    shop.must("POST", f"/products/{draft['id']}/publication")
    slug = opened["slug"]
    page = counter.seen(f"/products/{draft['id']}", lambda page: page["skus"])
    assert [(sku["price_minor"], sku["available"]) for sku in page["skus"]] == [
        (8800, 3),
        (4900, 0),
    ]
    assert page["skus"][0]["is_on_sale"]
    (card,) = counter.seen(f"/shops/{slug}/products", lambda page: page["items"])["items"]
    assert (card["price_minor"], card["has_more_prices"]) == (4900, True)
    front = counter.see(f"/shops/{slug}").json()
    assert [(each["name"], each["products"]) for each in front["categories"]] == [("咖啡", 1)]
    for typed in ("日晒", "手冲咖啡", "arabica", "ＡＲＡＢＩＣＡ", "豆", "晒 手"):
        found = counter.see(f"/shops/{slug}/products", q=typed).json()["items"]
        assert [each["id"] for each in found] == [draft["id"]], typed
    for typed in ("晒日", "肯尼亚", "%", "_", "'", "手冲 云南"):
        assert counter.see(f"/shops/{slug}/products", q=typed).json()["items"] == [], typed
    assert counter.see(f"/shops/{slug}/products", category_id=category["id"]).json()["items"] == [
        card
    ]
    assert counter.see(f"/shops/{slug}/products", category_id=str(uuid4())).json()["items"] == []
    shop.must("DELETE", f"/products/{draft['id']}/publication")
    counter.seen(f"/shops/{slug}/products", lambda page: page["items"] == [])
    assert counter.see(f"/products/{draft['id']}").status_code == 404


def test_a_product_without_a_picture_or_anything_on_sale_is_not_published(
    shop: Shop, counter: Counter
) -> None:
    opened = counter.open()
    draft = counter.product(
        opened["id"],
        published=False,
        picture_ids=[],
        skus=[{"price_minor": 1, "state": "off_sale"}],
    )
    answer = shop.ask("POST", f"/products/{draft['id']}/publication")
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["params"]["problems"]] == [
        "picture_missing",
        "nothing_on_sale",
    ]
    ready = counter.product(opened["id"], published=False)
    many = shop.must(
        "POST", "/products/publications", {"ids": [draft["id"], ready["id"], str(uuid4())]}
    )["items"]
    assert [(each["state"], bool(each["problems"])) for each in many] == [
        ("draft", True),
        ("published", False),
        ("", True),
    ]


def test_a_change_is_made_over_the_version_it_was_made_from(shop: Shop, counter: Counter) -> None:
    opened = counter.open()
    made = counter.product(opened["id"])
    kept = {
        name: made[name]
        for name in ("shop_id", "category_id", "name", "summary", "description", "keywords")
    }
    sku = made["skus"][0]
    said = kept | {
        "version": made["version"],
        "picture_ids": [each["id"] for each in made["pictures"]],
        "skus": [
            {"id": sku["id"], "price_minor": 6900, "attributes": sku["attributes"]},
            {"price_minor": 3900, "attributes": {"口味": "柑橘"}, "quantity": 2},
        ],
    }
    changed = shop.must("PUT", f"/products/{made['id']}", said)
    assert [each["price_minor"] for each in changed["skus"]] == [6900, 3900]
    assert changed["skus"][0]["stock"]["available"] == 8
    assert shop.ask("PUT", f"/products/{made['id']}", said).json()["code"] == "version_conflict"
    history = shop.must("GET", f"/products/{made['id']}/prices")["items"]
    assert sorted(each["price_minor"] for each in history) == [3900, 5900, 6900]
    # Taken out, a SKU is nobody's to see and its code is free.
    left = said | {"version": changed["version"], "skus": [said["skus"][0]]}
    assert len(shop.must("PUT", f"/products/{made['id']}", left)["skus"]) == 1
    counter.seen(
        f"/products/{made['id']}",
        lambda page: [each["price_minor"] for each in page["skus"]] == [6900],
    )


@pytest.mark.parametrize(
    "sku",
    [
        {"price_minor": 0},
        {"price_minor": -1},
        {"price_minor": 1.5},
        {"price_minor": "1e3"},
        {"price_minor": True},
        {"price_minor": 2**63},
        {"price_minor": 100, "quantity": -1},
        {"price_minor": 100, "attributes": {"": "x"}},
        {"price_minor": 100, "sale_starts_at": "2026-11-11T00:00:00"},
        {
            "price_minor": 100,
            "sale_starts_at": "2026-11-12T00:00:00Z",
            "sale_ends_at": "2026-11-11T00:00:00Z",
        },
        {"price_minor": 100, "reference_minor": 100},
    ],
)
def test_a_sku_that_makes_no_sense_is_refused(
    shop: Shop, counter: Counter, sku: dict[str, Any]
) -> None:
    opened = counter.open()
    said = {"shop_id": opened["id"], "name": "咖啡", "skus": [sku]}
    answer = shop.ask("POST", "/products", said)
    assert answer.status_code == 422, answer.text
    assert shop.must("GET", "/products")["total"] == 0


def test_stock_is_counted_or_changed_and_never_below_nothing(shop: Shop, counter: Counter) -> None:
    made = counter.product(counter.open()["id"])
    path = f"/skus/{first_sku(made)}/stock"
    assert shop.must("PUT", path, {"available": 5, "reason": "盘点"})["available"] == 5
    key = {"Idempotency-Key": "delivery-1"}
    for _ in range(2):
        told = shop.must("PUT", path, {"delta": 7, "reason": "进货"}, headers=key)
        assert told["available"] == 12
    assert shop.ask("PUT", path, {"delta": -13, "reason": "x"}).json()["code"] == "sold_out"
    assert shop.ask("PUT", path, {"reason": "x"}).json()["code"] == "stock_change_invalid"
    other = Shop(shop.site)
    assert other.ask("PUT", path, {"available": 1, "reason": "x"}).status_code == 404
    assert shop.must("GET", f"/products/{made['id']}")["skus"][0]["stock"]["available"] == 12


def test_pictures_are_drawn_anew_and_kept_for_ever(shop: Shop, counter: Counter) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    sent = drawing(2000, 1000, exif=exif)
    assert b"SECRET-CAMERA" in sent
    picture = counter.picture(sent)
    assert (picture["width"], picture["height"]) == (1280, 640)
    assert counter.picture(sent) == picture
    for width in (160, 320, 640, 1280):
        for ending, kind in (("webp", "WEBP"), ("jpg", "JPEG")):
            answer = shop.site.send("GET", f"/pictures/{picture['id']}/{width}.{ending}")
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            with Image.open(io.BytesIO(answer.content)) as made:
                assert (made.format, made.size) == (kind, (width, width // 2))
                assert not made.getexif()
            assert b"SECRET-CAMERA" not in answer.content
    for name in ("161.webp", "160.png", "160", "..%2f160.webp", "160.webp.jpg"):
        assert shop.site.send("GET", f"/pictures/{picture['id']}/{name}").status_code == 404
    # The same file at another merchant's says nothing about this one.
    assert Counter(Shop(shop.site)).picture(sent)["id"] != picture["id"]


def test_marks_and_carts_are_each_persons_own(shop: Shop, counter: Counter) -> None:
    opened = counter.open()
    made = counter.product(opened["id"])
    sku = first_sku(made)
    me, other = shop.guest(CANTONESE), shop.guest("+8613800000002")
    for path in (f"products/{made['id']}", f"shops/{opened['id']}"):
        for _ in range(2):
            assert me.ask("PUT", f"/api/public/favourites/{path}").status_code == 204
    marked = me.ask("GET", "/api/public/favourites").json()
    assert [each["id"] for each in marked["products"]] == [made["id"]]
    assert [each["id"] for each in marked["shops"]] == [opened["id"]]
    assert other.ask("GET", "/api/public/favourites").json() == {"products": [], "shops": []}
    assert me.ask("DELETE", f"/api/public/favourites/products/{made['id']}").status_code == 204
    assert me.ask("GET", "/api/public/favourites").json()["products"] == []

    cart = me.ask("PUT", f"/api/public/cart/lines/{sku}", {"quantity": 3}).json()
    assert (cart["quantity"], cart["goods_minor"]) == (3, 3 * 5900)
    assert other.ask("GET", "/api/public/cart").json()["lines"] == []
    too_many = me.ask("PUT", f"/api/public/cart/lines/{sku}", {"quantity": 9}).json()
    assert too_many["lines"][0]["problem"]["code"] == "too_few_left"
    assert too_many["goods_minor"] == 0
    for quantity in (0, -1, 10**9, 2**63, 0.1, "1e3", "３", True, [1], None):
        answer = me.ask("PUT", f"/api/public/cart/lines/{sku}", {"quantity": quantity})
        assert answer.status_code == 422, quantity
    shop.must("DELETE", f"/products/{made['id']}/publication")
    assert me.ask("GET", "/api/public/cart").json()["lines"][0]["problem"]["code"] == "withdrawn"
    assert me.ask("DELETE", f"/api/public/cart/lines/{sku}").json()["lines"] == []
    assert shop.site.send("GET", "/api/public/cart").status_code == 401


ADDRESS = {
    "recipient": "周知夏",
    "phone": "138 0000 0001",
    "province": "上海市",
    "city": "上海市",
    "district": "徐汇区",
    "street": "天平路 1 号",
}


def test_addresses_are_kept_encrypted_and_never_change(shop: Shop) -> None:
    me, other = shop.guest(CANTONESE), shop.guest("+8613800000002")
    kept = me.ask("POST", "/api/public/addresses", ADDRESS).json()
    assert (kept["phone"], kept["is_first"]) == (CANTONESE, True)
    edited = me.ask(
        "PUT", f"/api/public/addresses/{kept['id']}", ADDRESS | {"street": "天平路 2 号"}
    ).json()
    assert edited["id"] != kept["id"]
    assert [each["street"] for each in me.ask("GET", "/api/public/addresses").json()["items"]] == [
        "天平路 2 号"
    ]
    assert other.ask("GET", "/api/public/addresses").json()["items"] == []
    for method in ("PUT", "DELETE"):
        body = ADDRESS if method == "PUT" else None
        path = f"/api/public/addresses/{edited['id']}"
        assert other.ask(method, path, body).json()["code"] == "address_not_found"
    bad = me.ask("POST", "/api/public/addresses", ADDRESS | {"phone": "110"})
    assert bad.json()["code"] == "phone_invalid"


def test_a_participants_shop_shows_a_selection_under_their_name(
    shop: Shop, counter: Counter
) -> None:
    opened = counter.open()
    mine, not_mine = (counter.product(opened["id"], name=name) for name in ("拿铁", "美式"))
    me = shop.guest(CANTONESE, "周知夏")
    said = {"name": "知夏的口袋", "introduction": "我常喝的", "product_ids": [mine["id"]]}
    assert me.ask("GET", "/api/public/shops/mine").json() == {"shop": None}
    own = me.ask("POST", "/api/public/shops", said).json()
    assert own["shop"]["owner"] == {"name_masked": "周**"}
    assert me.ask("POST", "/api/public/shops", said).json()["code"] == "own_shop_exists"
    front = counter.see(f"/shops/{own['shop']['slug']}").json()
    assert [each["id"] for each in front["products"]["items"]] == [mine["id"]]
    said["product_ids"] = [not_mine["id"], mine["id"]]
    assert (
        me.ask("PUT", "/api/public/shops/mine", said).json()["product_ids"] == said["product_ids"]
    )
    counter.seen(f"/shops/{own['shop']['slug']}/products", lambda page: len(page["items"]) == 2)
    said["product_ids"] = [str(uuid4())]
    answer = me.ask("PUT", "/api/public/shops/mine", said)
    assert answer.json()["code"] == "product_not_found"
    # Nothing of the merchant's own can be put into it from the console.
    draft = {"shop_id": own["shop"]["id"], "name": "x", "skus": [{"price_minor": 1}]}
    assert shop.ask("POST", "/products", draft).json()["code"] == "shop_not_found"


def test_the_page_of_a_shop_holds_its_front(shop: Shop, counter: Counter) -> None:
    opened = counter.open(introduction="</script><script>alert(1)</script>")
    me = shop.guest(CANTONESE, "周知夏")
    answer = me.ask("GET", f"/h5/shop/{opened['slug']}")
    assert answer.status_code == 200
    assert "alert(1)</script>" not in answer.text
    assert '"front":{"shop"' in answer.text
    assert "周**" in answer.text
    assert "山茶小店" in answer.text
    missing = shop.site.send("GET", "/h5/shop/nobody-here")
    assert missing.status_code == 404
    assert "shop_not_found" in missing.text


def test_another_merchant_sees_and_changes_nothing(shop: Shop, counter: Counter) -> None:
    opened = counter.open()
    made = counter.product(opened["id"])
    other = Shop(shop.site)
    for method, path in (
        ("GET", f"/shops/{opened['id']}"),
        ("GET", f"/products/{made['id']}"),
        ("DELETE", f"/products/{made['id']}"),
        ("POST", f"/products/{made['id']}/publication"),
    ):
        assert other.ask(method, path).status_code == 404, path
    foreign = {"shop_id": opened["id"], "name": "x", "skus": [{"price_minor": 1}]}
    assert other.ask("POST", "/products", foreign).json()["code"] == "shop_not_found"
    stolen = made["pictures"][0]["id"]
    own = Counter(other).open()
    said = {
        "shop_id": own["id"],
        "name": "x",
        "picture_ids": [stolen],
        "skus": [{"price_minor": 1}],
    }
    assert other.ask("POST", "/products", said).json()["code"] == "picture_not_found"
