"""Paths as journeys make them and find them in the console."""

from typing import Any

from playwright.sync_api import Locator, expect

from web.e2e.api import Api
from web.e2e.console import Console

TEMPLATE = "dining_latte_referral"


def campaign(api: Api, name: str, *, worth_minor: int = 0, product: str = "") -> str:
    """Publish a referral of this name; with `worth_minor` its newcomers' coupon is for a product."""
    made = api.ask("POST", "/campaigns", {"template_key": TEMPLATE})
    said: dict[str, Any] = made["definition"] | {"name": name}
    if worth_minor:
        (coupon,) = [one for one in said["offers"] if one["key"] == "half_first"]
        coupon["value_minor"] = worth_minor
        coupon["coupon"] |= {"product_ids": [product]}
    edit = {"definition": said, "version": made["version"]}
    api.ask("PUT", f"/campaigns/{made['id']}/definition", edit)
    api.ask("POST", f"/campaigns/{made['id']}/publication")
    return made["id"]


def make_path(api: Api, name: str, regulars: str, rest: str) -> dict[str, Any]:
    """Make a path of two campaigns that run: for who has bought, and for everybody else."""
    branches = [
        {"segment": "bought", "campaign_id": regulars},
        {"segment": "everybody", "campaign_id": rest},
    ]
    said = {"name": name, "title": {"zh": "春日有礼", "en": "Spring gifts"}, "branches": branches}
    return api.ask("POST", "/pathways", said)


def stands(api: Api, name: str) -> dict[str, Any]:
    """Return the path of this name as it stands."""
    (found,) = [one for one in api.ask("GET", "/pathways")["items"] if one["name"] == name]
    return found


def card(desk: Console, name: str) -> Locator:
    return desk.page.locator("section.path").filter(
        has=desk.page.get_by_role("heading", name=name, exact=True)
    )


def undo(desk: Console) -> None:
    desk.page.locator(".toast").get_by_role("button", name=desk.say("撤销", "Undo")).click()
    said = desk.say("已恢复原样", "As it was before")
    expect(desk.page.get_by_text(said).last).to_be_visible()
