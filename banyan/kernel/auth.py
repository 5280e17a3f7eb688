"""Proofs of who somebody is: password hashes, opaque tokens and signed cookies.

An opaque token is random and only its hash is stored, so a stolen database signs nobody in. A
signed token carries its own content and is checked without the database.
"""

import secrets
import threading
import time
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from hashlib import blake2b
from hmac import compare_digest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from banyan.kernel.keys import Keyring, current_keys

PASSWORD_MOST_BYTES = 1024
"""Longer passwords are refused before they are hashed: no work for whoever sends a megabyte."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# 19 MiB and tens of milliseconds each: two at a time bound the memory and leave a core to others.
_hashing = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`. Takes tens of milliseconds: call it in a thread."""
    with _hashing:
        return _hasher.hash(password)


def check_password(password: str, password_hash: str | None) -> bool:
    """Whether `password` belongs to `password_hash`, in the same time when there is none.

    Never raises: a hash that cannot be read belongs to no password.
    """
    if len(password.encode()) > PASSWORD_MOST_BYTES:
        return False
    with _hashing:
        try:
            return _hasher.verify(password_hash or _NOBODYS, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


_NOBODYS = _hasher.hash(secrets.token_hex(16))


def new_token(prefix: str = "") -> str:
    """Return a new opaque token of 256 random bits after `prefix`."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a token: 32 bytes. Tokens are random, so no salt."""
    return blake2b(token.encode(), digest_size=32, person=b"banyan token").digest()


TOKEN_MOST_CHARACTERS = 2048
_MAC_BYTES = 16
_HEAD_BYTES = 6


class Signer:
    """Signs and checks short tokens of one purpose; a token of another purpose does not pass.

    A token is `content.mac`, both base64url: the key's version (1 byte), the expiry in unix
    seconds (5 bytes) and the payload; the mac is keyed BLAKE2b over the text of the content.
    """

    def __init__(self, purpose: str, keyring: Keyring) -> None:
        """Take the token keys of `keyring`. `purpose` is at most 16 bytes, as `"byv"`."""
        # To copy a hash that has taken its key costs half of what it takes to key another one.
        self._keyed = {
            version: blake2b(digest_size=_MAC_BYTES, key=key, person=purpose.encode())
            for version, key in keyring.versions("tokens").items()
        }
        self._newest = keyring.newest("tokens").version
        self._version = bytes([self._newest])

    def sign(self, payload: bytes, *, expires_at: float) -> str:
        """Return the token of `payload`, good until `expires_at` (unix seconds)."""
        return self.token(payload, expires_at).decode()

    def token(self, payload: bytes, expires_at: float) -> bytes:
        """Return what `sign` returns, as the bytes that go into a header."""
        content = _encoded(self._version + int(expires_at).to_bytes(5) + payload)
        return content + b"." + self._mac(content, self._newest)

    def verify(self, token: str | bytes | None, *, now: float | None = None) -> bytes | None:
        """Return the payload of a genuine token that has not expired, else None.

        `now` is in unix seconds, the clock's by default. Takes a few microseconds.
        """
        if not token or len(token) > TOKEN_MOST_CHARACTERS:
            return None
        try:
            encoded, _, given = (
                token if isinstance(token, bytes) else token.encode("ascii")
            ).partition(b".")
            raw = a2b_base64(encoded.translate(_STANDARD) + b"===")
        except (Base64Error, ValueError):
            return None
        if len(raw) < _HEAD_BYTES or raw[0] not in self._keyed:
            return None
        # The mac covers the text as it came, so a second spelling of the same bytes does not pass.
        if not compare_digest(self._mac(encoded, raw[0]), given):
            return None
        expires_at = int.from_bytes(raw[1:_HEAD_BYTES])
        return raw[_HEAD_BYTES:] if (time.time() if now is None else now) < expires_at else None

    def _mac(self, content: bytes, version: int) -> bytes:
        keyed = self._keyed[version].copy()
        keyed.update(content)
        return _encoded(keyed.digest())


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_STANDARD = bytes.maketrans(b"-_", b"+/")


def _encoded(data: bytes) -> bytes:
    """Return base64url without padding."""
    return b2a_base64(data, newline=False).rstrip(b"=").translate(_URL_SAFE)


_signers: dict[tuple[int, str], Signer] = {}


def signer(purpose: str) -> Signer:
    """Return this process's signer for `purpose`."""
    keyring = current_keys()
    made = _signers.get((id(keyring), purpose))
    if made is None:
        made = _signers[(id(keyring), purpose)] = Signer(purpose, keyring)
    return made


def code_hash(code: str, *bound_to: object) -> bytes:
    """Return the keyed hash of a short code and what it is bound to: 32 bytes.

    Keyed, because six digits can be tried out in a moment by whoever reads the table.
    """
    text = "\x1f".join(map(str, (code, *bound_to)))
    key = current_keys().newest("tokens").secret
    return blake2b(text.encode(), digest_size=32, key=key, person=b"banyan code").digest()
