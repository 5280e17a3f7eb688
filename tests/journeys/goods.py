"""Goods of a merchant, made over HTTP as the console makes them."""

import io
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
from PIL import Image, ImageDraw

from tests.journeys.site import Shop

PATIENCE_SECONDS = 15


def drawing(width: int = 900, height: int = 600, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture nobody else has."""
    picture = Image.new("RGB", (width, height), (214, 226, 201))
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse((40, 40, width // 2, height // 2), fill=(40, 96, 72))
    pencil.text((10, height - 20), str(time.monotonic_ns()), fill=(0, 0, 0))
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


class Counter:
    """Makes shops, pictures and products for one merchant."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def upload(
        self, path: str, content: bytes, kind: str, params: dict[str, Any] | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.shop.key}", "Content-Type": kind}
        return self.shop.site.send(
            "POST", f"/api/admin{path}", content=content, headers=headers, params=params
        )

    def picture(self, content: bytes | None = None, kind: str = "image/jpeg") -> dict[str, Any]:
        answer = self.upload("/pictures", content or drawing(), kind)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def open(self, **fields: Any) -> dict[str, Any]:
        return self.shop.must("POST", "/shops", {"name": "山茶小店"} | fields)

    def product(self, shop_id: str, *, published: bool = True, **fields: Any) -> dict[str, Any]:
        said = {
            "shop_id": shop_id,
            "name": "手冲挂耳咖啡",
            "picture_ids": [self.picture()["id"]] if "picture_ids" not in fields else [],
            "skus": [{"price_minor": 5900, "attributes": {"口味": "坚果"}, "quantity": 8}],
        } | fields
        made = self.shop.must("POST", "/products", said)
        if published:
            made = self.shop.must("POST", f"/products/{made['id']}/publication")
        return made

    def see(self, path: str, **params: Any) -> httpx.Response:
        """Look as anybody."""
        return self.shop.site.send("GET", f"/api/public{path}", params=params)

    def seen(self, path: str, is_so: Callable[[Any], bool], **params: Any) -> Any:
        """Look until what is seen is so: pages are remembered for a moment."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.see(path, **params)
            if answer.status_code == 200 and is_so(answer.json()):
                return answer.json()
            assert time.monotonic() < until, answer.text
            time.sleep(0.05)


def first_sku(product: dict[str, Any]) -> UUID:
    return UUID(product["skus"][0]["id"])
