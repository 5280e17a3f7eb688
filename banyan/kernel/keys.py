"""The secrets of an installation: random keys in `<home>/keys`, made at the first start.

One file a purpose and version (`fields-1.key`, `fields-2.key`, …). The newest version makes, every
version checks, so a key can be rotated while it is in use. Keys live outside the database and its
backups: a dump without them is unreadable.
"""

import os
import re
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
PURPOSES = ("fields", "index", "tokens")
"""What keys are for: encrypted fields, blind indexes, signed tokens. Never one for another."""

_FILE = re.compile(r"(?P<purpose>[a-z]+)-(?P<version>[0-9]{1,3})\.key")


class Key(NamedTuple):
    """One secret and the version that ciphertexts and tokens name it by."""

    version: int
    secret: bytes


class Keyring:
    """Every key of one installation, by purpose and version."""

    def __init__(self, keys: Mapping[str, Mapping[int, bytes]]) -> None:
        """Hold `keys`. Raises ValueError when a purpose has none or one is not 32 bytes."""
        for purpose in PURPOSES:
            if not keys.get(purpose):
                msg = f"no key for {purpose!r}"
                raise ValueError(msg)
        if any(len(key) != KEY_BYTES for versions in keys.values() for key in versions.values()):
            msg = "a key is 32 bytes"
            raise ValueError(msg)
        self._keys = {purpose: dict(versions) for purpose, versions in keys.items()}

    @classmethod
    def open(cls, folder: Path) -> "Keyring":
        """Read the keys in `folder`, making the first of each purpose where there is none.

        Safe for processes that start together: whoever comes second reads the first one's key.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for purpose in PURPOSES:
            if not any(folder.glob(f"{purpose}-*.key")):
                _make(folder / f"{purpose}-1.key")
        keys: dict[str, dict[int, bytes]] = {}
        for path in sorted(folder.glob("*.key")):
            if found := _FILE.fullmatch(path.name):
                keys.setdefault(found["purpose"], {})[int(found["version"])] = path.read_bytes()
        return cls(keys)

    def newest(self, purpose: str) -> Key:
        """Return the key that makes new ciphertexts or tokens of `purpose`."""
        version = max(self._keys[purpose])
        return Key(version, self._keys[purpose][version])

    def versions(self, purpose: str) -> dict[int, bytes]:
        """Return every key of `purpose`, by version."""
        return dict(self._keys[purpose])

    def workspace_key(self, purpose: str, workspace_id: UUID, version: int) -> bytes:
        """Return the key of one workspace, derived by HKDF; KeyError for an unknown version.

        So no two workspaces share a key, and equal phone numbers have unequal indexes.
        """
        made = self._derived.get((purpose, workspace_id, version))
        if made is None:
            info = b"banyan|" + purpose.encode() + b"|" + workspace_id.bytes
            made = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(
                self._keys[purpose][version]
            )
            self._derived[(purpose, workspace_id, version)] = made
        return made

    @cached_property
    def _derived(self) -> dict[tuple[str, UUID, int], bytes]:
        return {}


def _make(path: Path) -> None:
    """Write a new key that appears whole or not at all, unless another process was first."""
    draft = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        # A link refuses to replace: the loser of a race keeps nothing and reads the winner's key.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_current: list[Keyring] = []


def use_keys(keyring: Keyring | None) -> None:
    """Let this process make and check with `keyring` (None: with none)."""
    _current[:] = [] if keyring is None else [keyring]


def current_keys() -> Keyring:
    """Return the keys of this process. Raises RuntimeError before `use_keys`."""
    if not _current:
        msg = "no keys: call use_keys first"
        raise RuntimeError(msg)
    return _current[0]
