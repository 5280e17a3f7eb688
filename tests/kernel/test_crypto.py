"""Encrypted fields open in their own place only."""

from uuid import UUID, uuid4

import pytest

from banyan.kernel.crypto import UndecipherableError, blind_index, decrypt, encrypt
from banyan.kernel.keys import Keyring, use_keys

W, R = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def _keys(keys: Keyring) -> None:
    assert keys


def test_a_field_opens_in_its_own_place() -> None:
    kept = encrypt("+8613812345678", W, "persons", "phone", R)
    assert decrypt(kept, W, "persons", "phone", R) == "+8613812345678"
    assert b"138" not in kept
    assert kept != encrypt("+8613812345678", W, "persons", "phone", R)


@pytest.mark.parametrize(
    "place",
    [
        (uuid4(), "persons", "phone", R),
        (W, "leads", "phone", R),
        (W, "persons", "email", R),
        (W, "persons", "phone", uuid4()),
    ],
)
def test_a_ciphertext_moved_elsewhere_does_not_open(place: tuple[UUID, str, str, UUID]) -> None:
    kept = encrypt("+8613812345678", W, "persons", "phone", R)
    with pytest.raises(UndecipherableError):
        decrypt(kept, *place)


def test_every_flipped_bit_is_noticed() -> None:
    kept = encrypt("周", W, "persons", "name", R)
    for place in range(len(kept)):
        changed = bytearray(kept)
        changed[place] ^= 1
        with pytest.raises(UndecipherableError):
            decrypt(bytes(changed), W, "persons", "name", R)
    for cut in (b"", kept[:10], kept[:-1]):
        with pytest.raises(UndecipherableError):
            decrypt(cut, W, "persons", "name", R)


def test_the_index_of_a_number_differs_by_workspace_and_kind() -> None:
    phone = "+8613812345678"
    assert blind_index(phone, W, "phone") == blind_index(phone, W, "phone")
    assert blind_index(phone, W, "phone") != blind_index(phone, R, "phone")
    assert blind_index(phone, W, "phone") != blind_index(phone, W, "email")


def test_a_new_key_writes_and_the_old_one_still_reads(keys: Keyring) -> None:
    kept = encrypt("周", W, "persons", "name", R)
    names = ("fields", "index", "tokens")
    rotated = Keyring({name: {**keys.versions(name), 2: b"2" * 32} for name in names})
    use_keys(rotated)
    try:
        assert decrypt(kept, W, "persons", "name", R) == "周"
        newer = encrypt("周", W, "persons", "name", R)
        assert (kept[0], newer[0]) == (1, 2)
    finally:
        use_keys(keys)
    with pytest.raises(UndecipherableError):
        decrypt(newer, W, "persons", "name", R)
