"""Keys outside the database: encrypted columns (AES-256-GCM, rotating keys) and keyed hashes.

Keys lie in instance/keys and never in the database or its backup. `data.key` holds one key per line,
newest first, as "id:base64"; texts name the key they were written with, so old keys stay readable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.core.settings import current_settings, stored_secret


class CannotDecrypt(Exception):
    """The text was changed, moved to another column, or its key is gone. There is no plain fall-back."""


class KeyMissing(Exception):
    """The key file is gone although the database was used before."""


def _keyring_path() -> Path:
    return current_settings().instance / "keys" / "data.key"


@lru_cache(maxsize=4)
def _read_keyring(path: Path, changed_ns: int) -> dict[str, bytes]:
    lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    return {line.split(":")[0]: base64.b64decode(line.split(":")[1]) for line in lines}


def keyring() -> dict[str, bytes]:
    """Key id -> 32 bytes, newest first; made on first use."""
    path = _keyring_path()
    if not path.exists():
        _write_keyring(path, [])
    return _read_keyring(path, path.stat().st_mtime_ns)


def has_key(stored: str) -> bool:
    """Whether the key of this text is here; makes none."""
    path = _keyring_path()
    return path.exists() and stored.partition(":")[0] in _read_keyring(path, path.stat().st_mtime_ns)


def _write_keyring(path: Path, old_lines: list[str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join([new, *old_lines]) + "\n")
    os.replace(temporary, path)


def rotate_keys() -> str:
    """Put a new key in front; old ones stay for reading. Returns the new key's id."""
    path = _keyring_path()
    _write_keyring(path, path.read_text().splitlines() if path.exists() else [])
    return next(iter(keyring()))


def encrypt(purpose: str, text: str) -> str:
    """The text under the newest key, bound to its purpose (usually table.column)."""
    key_id, key = next(iter(keyring().items()))
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(purpose: str, stored: str) -> str:
    """The text again; CannotDecrypt when it was tampered with, moved, or its key is missing."""
    key_id, _, payload = stored.partition(":")
    key = keyring().get(key_id)
    if key is None:
        raise CannotDecrypt(f"key {key_id} is not in the key ring")
    raw = base64.b64decode(payload)
    try:
        return AESGCM(key).decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except InvalidTag:
        raise CannotDecrypt(f"a text of {purpose} does not fit its key") from None


def new_file_key() -> str:
    """A key for one file on the disk, to be kept in an encrypted column: without its row nobody reads it."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def seal_file(key: str, name: str, content: bytes) -> bytes:
    """The file under its key, bound to its name."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, content, name.encode())


def open_file(key: str, name: str, sealed: bytes) -> bytes:
    """The file again; CannotDecrypt when it was changed, cut short or stands under another name."""
    try:
        return AESGCM(base64.b64decode(key)).decrypt(sealed[:12], sealed[12:], name.encode())
    except (InvalidTag, ValueError):
        raise CannotDecrypt(f"the file {name} does not fit its key") from None


def needs_new_key(stored: str) -> bool:
    """Whether the text was written with an older key."""
    return stored.partition(":")[0] != next(iter(keyring()))


@lru_cache(maxsize=8)
def _hash_key(instance: Path) -> str:
    return stored_secret(instance, "hash")


def keyed_hash(purpose: str, value: str) -> str:
    """A hash only this installation can compute (HMAC-SHA-256, hex): to look up e-mails, tokens, codes."""
    key = _hash_key(current_settings().instance)
    return hmac.new(key.encode(), f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def permuted(purpose: str, number: int, size: int) -> int:
    """Another number below `size`, a different one for each: nobody without the key knows which.

    Four rounds of a Feistel cipher over the next power of four, walked on until it falls below `size`.
    """
    half = max(1, (size.bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = number >> half, number & mask
        for turn in range(4):
            mixed = int(keyed_hash(f"permuted.{purpose}.{turn}", str(right))[:8], 16) & mask
            left, right = right, left ^ mixed
        number = left << half | right
        if number < size:
            return number


def equal(one: str, other: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
