"""The database's roles by name, apart from the code that uses them so that a start stays quick."""

SUPERUSER = "postgres"
OWNER_ROLE = "banyan_owner"
"""Owns the schema; migrates it."""
APP_ROLE = "banyan_app"
"""Owns nothing; bound by row-level security."""
RELAY_ROLE = "banyan_relay"
"""Reads across workspaces; writes its own bookkeeping."""
