"""The demo merchant's shop: goods of a coffee house, with pictures drawn here."""

import io
from typing import NamedTuple
from uuid import UUID

from PIL import Image, ImageDraw, ImageFilter

from banyan import store
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.store import ProductFields, ShopFields, SkuFields

SIZE = (1000, 1000)
_HALF = 2

Colour = tuple[int, int, int]
CREAM, FOREST, CLAY = (246, 239, 226), (44, 84, 66), (188, 108, 74)
NIGHT, SUN, ROSE, SKY = (46, 38, 34), (240, 190, 92), (226, 150, 140), (150, 186, 204)


class Good(NamedTuple):
    """A product of the demo: its drawing, its words, and its kinds as (kind, price, stock)."""

    key: str
    drawing: str
    ground: Colour
    ink: Colour
    category: str
    name: str
    summary: str
    keywords: str
    kinds: tuple[tuple[str, int, int], ...]


CATEGORIES = (
    ("咖啡", "每周三烘焙，周四发货"),
    ("点心", "每天清晨出炉"),
    ("器具", "用了三年还在用的那几样"),
)
GOODS = (
    Good("drip", "bag", CREAM, FOREST, "咖啡", "手冲挂耳咖啡", "坚果与可可，一杯刚好",
         "挂耳 便携", (("10 包", 5900, 200), ("30 包", 15900, 80))),
    Good("yunnan", "bag", SKY, NIGHT, "咖啡", "云南日晒咖啡豆", "热带水果，尾韵像红茶",
         "单品 豆子 日晒", (("100 克", 4900, 60), ("250 克", 9800, 60))),
    Good("latte", "cup", ROSE, CREAM, "咖啡", "山茶拿铁（到店）", "到店出示核销码即做",
         "热饮 到店", (("中杯", 2800, 500), ("大杯", 3200, 500))),
    Good("cold", "glass", SUN, NIGHT, "咖啡", "冷萃咖啡液", "12 小时慢萃，加水加奶都行",
         "冰 冷泡", (("6 支", 6600, 120),)),
    Good("tart", "cake", CREAM, CLAY, "点心", "柠檬挞", "酸一点，才解腻",
         "甜品 下午茶", (("4 枚", 5200, 24),)),
    Good("bread", "cake", FOREST, SUN, "点心", "全麦核桃欧包", "无糖无油，隔夜发酵",
         "面包 早餐", (("1 个", 2600, 30),)),
    Good("dripper", "cone", SKY, CREAM, "器具", "陶瓷滤杯", "景德镇手拉坯，一只一只看过",
         "手冲 滤杯", (("白", 12800, 15), ("青", 12800, 9))),
    Good("cup", "cup", NIGHT, CREAM, "器具", "双层随行杯", "冬天不烫手，夏天不出汗",
         "杯子 保温", (("360 毫升", 8900, 40),)),
)  # fmt: skip


def seed_shop(work: Work) -> UUID:
    """Open the demo's shop with everything in it, once; return its id. Again changes nothing."""
    shop_id = derived_id(work.workspace_id, "demo shop")
    if any(shop.id == shop_id for shop in store.shop_views(work)):
        return shop_id
    logo = _picture(work, _drawn("leaf", FOREST, CREAM))
    store.open_shop(
        work,
        shop_id,
        ShopFields(
            name="山茶咖啡 · 微店",
            introduction="街角一家小店的豆子、点心和几样顺手的器具。\n每周三烘焙，周四发货；点心只卖当天的。",
            logo_id=logo.id,
            licence_url="https://example.com/licence",
            contact="021-6000 0000",
            freight_minor=800,
            freight_free_from_minor=9900,
        ),
        slug=f"camellia-{work.workspace_id.hex[-6:]}",
    )
    headings = store.ensure_categories(work, {name for name, _ in CATEGORIES})
    for position, (name, words) in enumerate(CATEGORIES):
        store.change_category(work, headings[name], name=name, description=words, position=position)
    made = [
        (derived_id(shop_id, good.key), _fields(work, shop_id, headings[good.category], good))
        for good in GOODS
    ]
    store.add_products(work, made)
    store.publish(work, [product_id for product_id, _ in made])
    return shop_id


def _fields(work: Work, shop_id: UUID, category_id: UUID, good: Good) -> ProductFields:
    picture = _picture(work, _drawn(good.drawing, good.ground, good.ink))
    detail = _picture(work, _drawn(good.drawing, good.ink, good.ground))
    return ProductFields(
        shop_id=shop_id,
        category_id=category_id,
        name=good.name,
        summary=good.summary,
        description=f"{good.summary}。\n\n现做现发，收到后请放在阴凉处。\n七天内不满意，随时退。",
        keywords=good.keywords,
        no_return="perishable" if good.category == "点心" else None,
        picture_ids=[picture.id, detail.id],
        skus=[
            SkuFields(
                price_minor=price,
                code=f"{good.key}-{nth}".upper(),
                attributes={"规格": kind},
                cost_minor=price * 2 // 5,
                weight_grams=250,
                quantity=stock,
            )
            for nth, (kind, price, stock) in enumerate(good.kinds, 1)
        ],
    )


def _picture(work: Work, content: bytes) -> store.Picture:
    made = store.drawn(content)
    store.keep_files(work.workspace_id, content, made)
    return store.add_picture(work, content, made)


def _drawn(kind: str, ground: Colour, ink: Colour) -> bytes:
    """Draw one thing on a plain ground, at twice the size and then narrowed: smooth edges."""
    width, height = (_HALF * side for side in SIZE)
    sheet = Image.new("RGB", (width, height), ground)
    light = Image.new("L", (width, height), 0)
    ImageDraw.Draw(light).ellipse((-400, -700, 1500, 1100), fill=90)
    glow = light.filter(ImageFilter.GaussianBlur(240))
    sheet.paste(Image.new("RGB", (width, height), (255, 255, 255)), mask=glow)
    pencil = ImageDraw.Draw(sheet)
    shade = tuple(each * 4 // 5 for each in ground)
    pencil.ellipse((480, 1560, 1520, 1700), fill=shade)
    dark: Colour = (ink[0] * 3 // 4, ink[1] * 3 // 4, ink[2] * 3 // 4)
    SHAPES[kind](pencil, ink, dark, ground)
    made = io.BytesIO()
    sheet.resize(SIZE, Image.Resampling.LANCZOS).save(made, "PNG")
    return made.getvalue()


def _cup(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.ellipse((1280, 900, 1640, 1300), outline=ink, width=70)
    pencil.polygon([(480, 760), (1420, 760), (1300, 1600), (600, 1600)], fill=ink)
    pencil.ellipse((480, 660, 1420, 860), fill=dark)
    pencil.ellipse((560, 690, 1340, 830), fill=ground)


def _glass(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.polygon([(620, 420), (1380, 420), (1280, 1620), (720, 1620)], fill=dark)
    pencil.polygon([(650, 760), (1350, 760), (1280, 1620), (720, 1620)], fill=ink)
    for left, top in ((760, 820), (1000, 920), (840, 1080)):
        pencil.rounded_rectangle((left, top, left + 200, top + 200), 40, fill=ground)


def _bag(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.rounded_rectangle((560, 460, 1440, 1620), 60, fill=ink)
    pencil.rectangle((560, 460, 1440, 600), fill=dark)
    pencil.ellipse((800, 860, 1200, 1260), fill=ground)
    pencil.arc((900, 780, 1100, 1340), 250, 110, fill=ink, width=36)


def _cake(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.pieslice((400, 760, 1600, 1960), 180, 360, fill=ink)
    pencil.rounded_rectangle((400, 1330, 1600, 1480), 60, fill=dark)
    for left in range(600, 1400, 260):
        pencil.arc((left, 900, left + 220, 1300), 190, 300, fill=ground, width=40)


def _cone(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.polygon([(460, 640), (1540, 640), (1120, 1360), (880, 1360)], fill=ink)
    for left in range(620, 1500, 220):
        pencil.line((left, 700, 1000, 1340), fill=ground, width=18)
    pencil.rounded_rectangle((620, 1360, 1380, 1460), 40, fill=dark)
    pencil.rounded_rectangle((900, 1460, 1100, 1620), 30, fill=ink)


def _leaf(pencil: ImageDraw.ImageDraw, ink: Colour, dark: Colour, ground: Colour) -> None:
    pencil.ellipse((420, 420, 1580, 1580), fill=ink)
    pencil.chord((560, 560, 1440, 1440), 135, 315, fill=dark)
    pencil.line((640, 1360, 1360, 640), fill=ground, width=44)


SHAPES = {"cup": _cup, "glass": _glass, "bag": _bag, "cake": _cake, "cone": _cone, "leaf": _leaf}
