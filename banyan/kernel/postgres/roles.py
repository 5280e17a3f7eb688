"""The roles of the database, their passwords and their addresses.

`banyan_owner` owns the schema and migrates it; `banyan_app` owns nothing and is bound by row-level
security; `banyan_relay` reads across workspaces.
"""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

from banyan.kernel.roles import APP_ROLE, OWNER_ROLE, RELAY_ROLE, SUPERUSER

DATABASE = "banyan"

# Limits of the application's role alone: a migration, a relay and a dump may take their time.
APP_LIMITS = {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}


class Urls(NamedTuple):
    """One database as its four roles reach it (libpq URLs)."""

    app: str
    relay: str
    owner: str
    superuser: str


def read_passwords(keys: Path) -> dict[str, str]:
    """Return the password of each role, made at the first call and kept in `keys` (0600)."""
    file = keys / "postgres.json"
    if not file.exists():
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = {
            role: secrets.token_urlsafe(24)
            for role in (SUPERUSER, OWNER_ROLE, APP_ROLE, RELAY_ROLE)
        }
        half = file.with_suffix(".new")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as written:
            json.dump(made, written)
            written.flush()
            os.fsync(written.fileno())
        half.rename(file)
    return json.loads(file.read_text())


def urls(passwords: dict[str, str], sockets: Path, database: str = DATABASE) -> Urls:
    """Return the addresses of `database` on the server whose socket is in `sockets`."""

    def url(role: str) -> str:
        host = quote(str(sockets), safe="")
        return f"postgresql://{role}:{quote(passwords[role], safe='')}@/{database}?host={host}"

    return Urls(url(APP_ROLE), url(RELAY_ROLE), url(OWNER_ROLE), url(SUPERUSER))


def make_roles(connection: psycopg.Connection, passwords: dict[str, str]) -> None:
    """Make the roles that are missing. `connection` is a superuser's, in autocommit."""
    there = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
    for role in (OWNER_ROLE, APP_ROLE, RELAY_ROLE):
        if role in there:
            continue
        # The verifier, not the password: what goes over the wire or into a log opens nothing.
        verifier = connection.pgconn.encrypt_password(
            passwords[role].encode(), role.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("create role {} login {} password {}").format(
                sql.Identifier(role),
                sql.SQL("bypassrls" if role == RELAY_ROLE else "nobypassrls"),
                sql.Literal(verifier.decode()),
            )
        )
    for name, limit in APP_LIMITS.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(
                sql.Identifier(APP_ROLE), sql.Identifier(name), sql.Literal(limit)
            )
        )


def make_database(
    connection: psycopg.Connection, name: str = DATABASE, *, template: str = "template1"
) -> None:
    """Make the database `name` of the owner's role, unless it is there."""
    if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template)
        )
    )
    connection.execute(
        sql.SQL("revoke all on database {} from public").format(sql.Identifier(name))
    )
    connection.execute(
        sql.SQL("grant connect on database {} to {}, {}").format(
            sql.Identifier(name), sql.Identifier(APP_ROLE), sql.Identifier(RELAY_ROLE)
        )
    )
