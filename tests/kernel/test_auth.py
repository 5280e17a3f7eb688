"""Proofs of identity: what passes, what does not, and keys that processes agree on."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.kernel import auth
from banyan.kernel.keys import Keyring

NOW = 1_800_000_000.0


def keyring(version: int = 1, letter: bytes = b"k") -> Keyring:
    return Keyring({purpose: {version: letter * 32} for purpose in ("fields", "index", "tokens")})


def test_a_password_fits_its_own_hash_only() -> None:
    kept = auth.hash_password("一个很长的密码 1")
    assert kept.startswith("$argon2id$")
    assert auth.check_password("一个很长的密码 1", kept)
    assert not auth.check_password("一个很长的密码 2", kept)
    assert not auth.check_password("一个很长的密码 1", None)
    assert not auth.check_password("x", "no hash")


def test_passwords_are_not_cut_short_and_a_megabyte_is_not_hashed() -> None:
    long = "a" * 72
    kept = auth.hash_password(long + "b")
    assert not auth.check_password(long + "c", kept)
    assert not auth.check_password("a" * 1_000_000, kept)


@given(st.binary(max_size=200))
def test_a_signed_token_gives_its_payload_back(payload: bytes) -> None:
    signer = auth.Signer("byv", keyring())
    token = signer.sign(payload, expires_at=NOW + 60)
    assert signer.verify(token, now=NOW) == payload
    assert signer.verify(token, now=NOW + 60) is None


@given(st.text(max_size=300))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert auth.Signer("byv", keyring()).verify(text, now=NOW) is None


def test_a_token_changed_anywhere_does_not_pass() -> None:
    signer = auth.Signer("byv", keyring())
    token = signer.sign(b"payload", expires_at=NOW + 60)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
    for place in range(len(token)):
        for letter in letters:
            if letter != token[place]:
                changed = token[:place] + letter + token[place + 1 :]
                assert signer.verify(changed, now=NOW) is None
    for longer in (token + "=", token + "A", token + ".", " " + token, token * 2):
        assert signer.verify(longer, now=NOW) is None


def test_a_token_of_another_purpose_or_house_does_not_pass() -> None:
    token = auth.Signer("byv", keyring()).sign(b"x", expires_at=NOW + 60)
    assert auth.Signer("byp", keyring()).verify(token, now=NOW) is None
    assert auth.Signer("byv", keyring(letter=b"z")).verify(token, now=NOW) is None


def test_an_old_key_checks_while_the_new_one_signs() -> None:
    old = keyring()
    both = Keyring({p: {1: b"k" * 32, 2: b"n" * 32} for p in ("fields", "index", "tokens")})
    token = auth.Signer("byv", old).sign(b"x", expires_at=NOW + 60)
    assert auth.Signer("byv", both).verify(token, now=NOW) == b"x"
    newer = auth.Signer("byv", both).sign(b"x", expires_at=NOW + 60)
    assert auth.Signer("byv", old).verify(newer, now=NOW) is None


def test_processes_that_start_together_share_the_keys(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    program = (
        "import sys, pathlib; from banyan.kernel.keys import Keyring;"
        "print(Keyring.open(pathlib.Path(sys.argv[1])).newest('tokens').secret.hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert {process.returncode for process in started} == {0}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.suffix == ".key"


def test_a_key_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    Keyring.open(folder)
    os.truncate(folder / "tokens-1.key", 16)
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring.open(folder)


def test_tokens_and_code_hashes_differ(keys: Keyring) -> None:
    assert keys
    assert len({auth.new_token("byn_") for _ in range(1000)}) == 1000
    assert auth.new_token("byn_").startswith("byn_")
    assert auth.code_hash("123456", "a", "bc") != auth.code_hash("123456", "ab", "c")
