"""Making and destroying the key of a round's box."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from portal.core.db import session
from portal.rounds.errors.box import KeyGone
from portal.rounds.models import BallotBox, Round
from portal.rounds.queries.keys import KEY_BYTES, key_check, key_path, load_key

__all__ = ["create_key", "destroy_key", "key_path", "load_key"]


def create_key(vote: Round) -> None:
    """Make the key of a round that is being opened: 32 random bytes, readable by the owner only.

    A key that is there already stays: two people opened at once, or the opening is tried again. KeyGone when
    the round had another key before: then people have voted under that one, and it must be found.
    """
    path = key_path(vote)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write(path, secrets.token_bytes(KEY_BYTES))
    check = key_check(path.read_bytes())
    box = session.get(BallotBox, vote.id)
    if box is None:
        session.add(BallotBox(round_id=vote.id, key_check=check))
        session.flush()
    elif box.key_check != check:
        raise KeyGone


def destroy_key(vote: Round) -> bool:
    """Overwrite and delete the key; False when it was gone already. Safe to repeat.

    What a disk keeps below its file system, and copies somebody made elsewhere, are out of reach: said on the
    page of the vote and in docs/operating.md.
    """
    path = key_path(vote)
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    _sync_folder(path.parent)
    return True


def _write(path: Path, key: bytes) -> None:
    """Whole or not at all: nobody ever reads half a key, and the first of two writers wins."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
