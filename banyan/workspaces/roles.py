"""Roles and what each may do: one table, looked up by name. Pure."""

PERMISSIONS = (
    "campaigns.read",
    "campaigns.write",
    "campaigns.publish",
    "people.read",
    "people.export",
    "rewards.read",
    "ledger.read",
    "store.read",
    "store.write",
    "orders.read",
    "orders.write",
    "refunds.approve",
    "members.manage",
    "keys.manage",
    "settings.manage",
    "outbox.read",
    "audit.read",
)
"""Everything a member or an API key can be allowed."""

CLOCK = "clock"
"""The scope that lets a key set the time of its requests; only in a sandbox."""

ROLES: dict[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    "operator": frozenset(
        {
            "campaigns.read",
            "campaigns.write",
            "campaigns.publish",
            "people.read",
            "rewards.read",
            "store.read",
            "store.write",
            "orders.read",
            "orders.write",
            "outbox.read",
        }
    ),
    "finance": frozenset(
        {
            "campaigns.read",
            "people.read",
            "people.export",
            "rewards.read",
            "ledger.read",
            "store.read",
            "orders.read",
            "refunds.approve",
            "audit.read",
        }
    ),
    "viewer": frozenset({"campaigns.read", "rewards.read", "store.read"}),
}
"""Role → permissions. A role that is not here may do nothing."""


def permissions_of(role: str) -> frozenset[str]:
    """Return what `role` may do; nothing for an unknown role."""
    return ROLES.get(role, frozenset())
