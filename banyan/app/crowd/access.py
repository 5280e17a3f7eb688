"""Access: where the server is and the key of its sandbox, left by the demo for this machine."""

import os
from pathlib import Path
from typing import NamedTuple

from banyan.kernel.settings import Settings

_FILE = "crowd.token"


class Access(NamedTuple):
    """An address and an API key."""

    address: str
    key: str


def read_access(home: Path, address: str, key: str | None) -> Access | None:
    """Return the access to use; None when no key is given and none was left in `home`."""
    if key is None:
        try:
            key = (home / "keys" / _FILE).read_text(encoding="ascii").strip()
        except OSError:
            return None
    return Access(address, key)


def keep_access(home: Path, key: str) -> None:
    """Leave `key` in `home` for this machine's owner alone."""
    path = home / "keys" / _FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)


def own_address(settings: Settings) -> str:
    """Return where the server of this machine answers."""
    anywhere = {"0.0.0.0", "::"}  # noqa: S104 - what it listens on, not what we call
    host = "127.0.0.1" if settings.host in anywhere else settings.host
    return f"http://{host}:{settings.port}"
