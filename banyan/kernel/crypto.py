"""Encrypted fields: AES-256-GCM bound to their row, and blind indexes for finding them again.

A ciphertext says which key version made it. Its associated data is the workspace, table, column,
row and version, so a ciphertext moved anywhere else cannot be read. A failure to decrypt is an
error to be seen, never an empty value.
"""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from banyan.kernel.keys import current_keys

NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 32


class UndecipherableError(Exception):
    """A ciphertext does not belong to its place, was changed, or its key is gone."""


def encrypt(value: str, workspace_id: UUID, table: str, column: str, row_id: UUID) -> bytes:
    """Return the ciphertext of `value` for this one place, under the newest key."""
    version = current_keys().newest("fields").version
    key = current_keys().workspace_key("fields", workspace_id, version)
    # Random, not counted: a restored machine or a fork must not repeat a nonce. One key serves
    # one workspace, far below 2^32 messages.
    nonce = os.urandom(NONCE_BYTES)
    place = _place(workspace_id, table, column, row_id, version)
    return bytes([version]) + nonce + AESGCM(key).encrypt(nonce, value.encode(), place)


def decrypt(ciphertext: bytes, workspace_id: UUID, table: str, column: str, row_id: UUID) -> str:
    """Return the value `encrypt` was given for this place. Raises UndecipherableError otherwise."""
    if len(ciphertext) < 1 + NONCE_BYTES + TAG_BYTES:
        msg = f"{table}.{column} of {row_id}: too short"
        raise UndecipherableError(msg)
    version, nonce = ciphertext[0], ciphertext[1 : 1 + NONCE_BYTES]
    place = _place(workspace_id, table, column, row_id, version)
    try:
        key = current_keys().workspace_key("fields", workspace_id, version)
        return AESGCM(key).decrypt(nonce, ciphertext[1 + NONCE_BYTES :], place).decode()
    except (InvalidTag, KeyError) as error:
        msg = f"{table}.{column} of {row_id}: key {version} does not open it"
        raise UndecipherableError(msg) from error


def blind_index(value: str, workspace_id: UUID, kind: str) -> bytes:
    """Return the keyed index by which an encrypted `value` of `kind` is found: 32 bytes.

    `value` comes normalised (a phone as E.164). Each workspace has its own key, so equal numbers
    of two merchants have nothing in common. The index is personal data itself.
    """
    key = current_keys().newest("index")
    secret = current_keys().workspace_key("index", workspace_id, key.version)
    return hmac.digest(secret, f"{kind}\x1f{value}".encode(), "sha256")


def _place(workspace_id: UUID, table: str, column: str, row_id: UUID, version: int) -> bytes:
    return f"{workspace_id}|{table}|{column}|{row_id}|{version}".encode()
