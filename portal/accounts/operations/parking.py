"""What was typed when a session was over is parked for a day, unreadable without that browser's cookie."""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select

from portal.accounts.models import ParkedPost
from portal.core import clock
from portal.core.db import session

KEPT = timedelta(hours=24)
# One post at most, and all of them together: a full disk would hurt everybody.
MAX_BYTES = 8 * 1024 * 1024
MAX_BYTES_TOGETHER = 256 * 1024 * 1024


@dataclass(frozen=True)
class ParkedFile:
    """One upload: the form field, the name it had, its type and its bytes."""

    field: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Parked:
    """A parked post, open again: where it was sent to, the fields in order, the files."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[ParkedFile, ...]


def park(path: str, fields: Sequence[tuple[str, str]], files: Sequence[ParkedFile]) -> str | None:
    """Keep a post for 24 hours. Returns the ticket for the browser's cookie ("id.key"), None if too large.

    The key is random and only in the ticket: neither the database nor its backup can be read without it.
    """
    clear = zlib.compress(json.dumps(_as_json(path, fields, files)).encode(), 1)
    together = session.scalar(select(func.coalesce(func.sum(ParkedPost.byte_count), 0))) or 0
    if len(clear) > MAX_BYTES or together + len(clear) > MAX_BYTES_TOGETHER:
        return None
    key, nonce = AESGCM.generate_key(256), os.urandom(12)
    row = ParkedPost(sealed=b"", byte_count=len(clear), created_at=clock.now())
    session.add(row)
    session.flush()
    row.sealed = nonce + AESGCM(key).encrypt(nonce, clear, row.public_id.encode())
    session.flush()
    return f"{row.public_id}.{base64.urlsafe_b64encode(key).decode()}"


def _as_json(path: str, fields: Sequence[tuple[str, str]], files: Sequence[ParkedFile]) -> dict[str, object]:
    return {
        "path": path,
        "fields": [list(pair) for pair in fields],
        "files": [
            [one.field, one.name, one.content_type, base64.b64encode(one.content).decode()] for one in files
        ],
    }


def unpark(ticket: str) -> Parked | None:
    """What a ticket stands for; None when it is too old, thrown away, or the ticket is not genuine."""
    row = _row(ticket)
    if row is None:
        return None
    try:
        key = base64.urlsafe_b64decode(ticket.partition(".")[2])
        clear = AESGCM(key).decrypt(row.sealed[:12], row.sealed[12:], row.public_id.encode())
    except (InvalidTag, ValueError):
        return None
    data = json.loads(zlib.decompress(clear))
    return Parked(
        path=data["path"],
        fields=tuple((name, value) for name, value in data["fields"]),
        files=tuple(
            ParkedFile(field, name, kind, base64.b64decode(content))
            for field, name, kind, content in data["files"]
        ),
    )


def forget_parked(ticket: str) -> None:
    """Throw a parked post away."""
    row = _row(ticket)
    if row is not None:
        session.delete(row)
        session.flush()


def _row(ticket: str) -> ParkedPost | None:
    return session.scalar(
        select(ParkedPost).where(
            ParkedPost.public_id == ticket.partition(".")[0], ParkedPost.created_at > clock.now() - KEPT
        )
    )


def prune_parked() -> None:
    """Forget what is older than a day."""
    session.execute(delete(ParkedPost).where(ParkedPost.created_at <= clock.now() - KEPT))
