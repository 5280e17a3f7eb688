"""Settings, read once from the environment (`BANYAN_*`) and handed down.

Nothing is read or created at import; `load` is a pure function of its mapping.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are and how large the house is."""

    home: Path
    database_url: str | None = None
    """The application's role: owns nothing, bound by row-level security. None: embedded server."""
    relay_database_url: str | None = None
    """The relay's role: reads across workspaces."""
    owner_database_url: str | None = None
    """The owner of the schema: migrations only."""
    analytics_url: str
    files_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_port: int = 9108
    web_processes: int = 2
    proxy_hops: int = 0
    """How many proxies of ours stand before the web processes; whom X-Forwarded-For believes."""
    base_url: str
    """The address people open; share links and QR codes are made from it."""
    web_dist: Path
    """Folder that holds `console/dist` and `h5/dist`."""

    @property
    def keys(self) -> Path:
        """Folder of the secrets (0700)."""
        return self.home / "keys"

    @property
    def run(self) -> Path:
        """Folder of sockets and pid files."""
        return self.home / "run"

    @property
    def journal(self) -> Path:
        """Folder of the telemetry journals, one folder a process."""
        return self.home / "journal"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may be `Secure`."""
        return self.base_url.startswith("https://")


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `env` (the process environment by default).

    Raises `msgspec.ValidationError` naming the variable that does not fit its type.
    """
    env = os.environ if env is None else env
    home = Path(env.get("BANYAN_HOME") or ".banyan").resolve()
    host = env.get("BANYAN_HOST") or "127.0.0.1"
    port = env.get("BANYAN_PORT") or "8000"
    repository = Path(__file__).resolve().parents[2]
    given = {
        "home": str(home),
        "database_url": env.get("BANYAN_DATABASE_URL") or None,
        "relay_database_url": env.get("BANYAN_RELAY_DATABASE_URL") or None,
        "owner_database_url": env.get("BANYAN_OWNER_DATABASE_URL") or None,
        "analytics_url": env.get("BANYAN_ANALYTICS_URL") or f"chdb://{home}/analytics",
        "files_url": env.get("BANYAN_FILES_URL") or f"file://{home}/files",
        "host": host,
        "port": port,
        "metrics_port": env.get("BANYAN_METRICS_PORT") or "9108",
        "proxy_hops": env.get("BANYAN_PROXY_HOPS") or "0",
        "web_processes": env.get("BANYAN_WEB_PROCESSES") or str(min(2, os.cpu_count() or 1)),
        "base_url": (env.get("BANYAN_BASE_URL") or f"http://localhost:{port}").rstrip("/"),
        "web_dist": env.get("BANYAN_WEB_DIST") or str(repository / "web"),
    }
    return msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, given: kind(given))
