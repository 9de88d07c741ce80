"""The key of a round: 32 random bytes outside the database, destroyed when the round closes.

With the database alone nobody can tell whose ballot is whose, or who voted. With database and key together
everybody's ballot can be read; the page of the round says so.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from portal.core.settings import current_settings
from portal.rounds.errors import KeyGone
from portal.rounds.models import Round

KEY_BYTES = 32


def key_path(vote: Round) -> Path:
    """Where the key lies: with the portal's keys, in another backup than the database."""
    return current_settings().instance / "keys" / f"round-{vote.public_id}.key"


def create_key(vote: Round) -> None:
    """Make the key, readable by the owner only. One that is there stays (an opening that was retried)."""
    path = key_path(vote)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def load_key(vote: Round) -> bytes:
    """The 32 bytes. Raises KeyGone once it is destroyed, or when the file is not what it was."""
    try:
        key = key_path(vote).read_bytes()
    except FileNotFoundError:
        raise KeyGone from None
    if len(key) != KEY_BYTES:
        raise KeyGone
    return key


def destroy_key(vote: Round) -> bool:
    """Overwrite and delete the key; False when it was gone. (A copy somebody kept elsewhere is beyond us.)"""
    path = key_path(vote)
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    return True
