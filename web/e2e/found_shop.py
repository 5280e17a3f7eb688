"""Found a shop through the front doors of a running house: a sandbox workspace and its owner."""

import json
import sys

from banyan import workspaces
from banyan.app.connected import connected
from banyan.kernel.auth import hash_password
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, unit_of_work


def found(name: str) -> dict[str, str]:
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
    return shop


if __name__ == "__main__":
    with connected():
        print(json.dumps(found(sys.argv[1])))
