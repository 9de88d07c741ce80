"""Keys: rotation keeps old texts readable, and a moved or changed text is refused."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import crypto


def test_a_text_comes_back_only_for_its_purpose(app: Flask) -> None:
    stored = crypto.encrypt("account.email", "anna@example.org")
    assert crypto.decrypt("account.email", stored) == "anna@example.org"
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt("account.note", stored)


def test_a_changed_text_is_refused(app: Flask) -> None:
    stored = crypto.encrypt("p", "text")
    changed = stored[:-4] + ("AAA=" if not stored.endswith("AAA=") else "BBB=")
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt("p", changed)


def test_rotation_keeps_old_texts_and_writes_with_the_new_key(app: Flask) -> None:
    old = crypto.encrypt("p", "text")
    key_id = crypto.rotate_keys()
    assert crypto.decrypt("p", old) == "text"
    assert crypto.needs_new_key(old)
    new = crypto.encrypt("p", "text")
    assert new.startswith(key_id)
    assert not crypto.needs_new_key(new)


def test_without_its_key_there_is_no_plain_fall_back(app: Flask) -> None:
    stored = crypto.encrypt("p", "text")
    crypto._keyring_path().unlink()
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt("p", stored)


def test_keyed_hashes_differ_by_purpose_and_are_stable(app: Flask) -> None:
    assert crypto.keyed_hash("a", "x") == crypto.keyed_hash("a", "x")
    assert crypto.keyed_hash("a", "x") != crypto.keyed_hash("b", "x")
    assert crypto.keyed_hash("a", "bx") != crypto.keyed_hash("ab", "x")


def test_a_file_opens_only_under_its_key_and_its_name() -> None:
    key, other = crypto.new_file_key(), crypto.new_file_key()
    sealed = crypto.seal_file(key, "a/720.jpg", b"picture")
    assert crypto.open_file(key, "a/720.jpg", sealed) == b"picture"
    assert crypto.seal_file(key, "a/720.jpg", b"picture") != sealed
    for wrong in (
        (other, "a/720.jpg", sealed),
        (key, "b/720.jpg", sealed),
        (key, "a/720.jpg", sealed[:-1]),
        (key, "a/720.jpg", b""),
    ):
        with pytest.raises(crypto.CannotDecrypt):
            crypto.open_file(*wrong)
