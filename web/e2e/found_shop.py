"""Found a shop through the front doors of a running house: a sandbox workspace and its owner."""

import json
import sys

from banyan import store, workspaces
from banyan.app.connected import connected
from banyan.app.demo_shop import seed_shop
from banyan.kernel.auth import hash_password
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Work, unit_of_work


def found(name: str, *, with_goods: bool) -> dict[str, str]:
    shop_id = new_id()
    shop = {"name": name, "email": f"owner-{shop_id.hex[-10:]}@example.com"}
    shop["password"] = "one word travels far"
    workspaces.create_workspace(
        shop_id, slug=f"shop-{shop_id.hex[-12:]}", name=name, is_sandbox=True
    )
    with unit_of_work(shop_id, SYSTEM) as work:
        workspaces.add_member(
            work,
            email=shop["email"],
            name="林店主",
            role="owner",
            password_hash=hash_password(shop["password"]),
        )
        every = frozenset(workspaces.PERMISSIONS)
        scopes = [*sorted(every), workspaces.CLOCK]
        shop["key"] = workspaces.create_key(work, name="journey", scopes=scopes, within=every).token
        shop["slug"] = _stocked(work) if with_goods else ""
    return shop


def _stocked(work: Work) -> str:
    """Open the demo's shop, with everything in it, in this workspace; return its address."""
    stocked = seed_shop(work)
    return next(each.slug for each in store.shop_views(work) if each.id == stocked)


if __name__ == "__main__":
    with connected():
        print(json.dumps(found(sys.argv[1], with_goods="goods" in sys.argv[2:])))
