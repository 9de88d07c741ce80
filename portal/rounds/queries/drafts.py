"""Drafts of ballots: read with the key that only one browser's cookie holds.

The database has a hash to find the draft and a text encrypted with AES-256-GCM. Both keys come from the
cookie's key, the round and the right to vote: two people at one phone do not see each other's draft, and
whoever has the database, or its backup, or even the portal's own keys, sees noise of a few fixed lengths.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.rounds.models import BallotDraft, Round

Value = int | str
Values = dict[str, Value]
_KEY = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True)
class Draft:
    """What was in the boxes. is_adopted: it was begun in this browser before anybody said who they are."""

    values: Values
    is_adopted: bool = False


@dataclass(frozen=True)
class Place:
    """Where one draft lies and what opens it."""

    name: str
    key: bytes


def is_browser_key(text: str | None) -> bool:
    """Whether a cookie holds what could be a key: 32 bytes in letters."""
    return text is not None and _KEY.fullmatch(text) is not None


def place_of(vote: Round, browser_key: str, entry_id: int | None) -> Place:
    """Name and key of the draft of this browser, this round and this right to vote (None: not said yet)."""
    whole = base64.urlsafe_b64decode(browser_key + "=")
    about = f"{vote.public_id}:{'' if entry_id is None else entry_id}"
    name = hmac.new(whole, f"name:{about}".encode(), hashlib.sha256).hexdigest()
    return Place(name, hmac.new(whole, f"key:{about}".encode(), hashlib.sha256).digest())


def draft_of(vote: Round, browser_key: str, entry_id: int | None) -> Draft | None:
    """The draft this browser can open, or None.

    One that was begun before signing in comes first: it is newer, since saving as somebody throws it away.
    """
    adopted = _open(vote, place_of(vote, browser_key, None))
    if adopted is not None:
        return Draft(adopted, is_adopted=entry_id is not None)
    own = _open(vote, place_of(vote, browser_key, entry_id)) if entry_id is not None else None
    return None if own is None else Draft(own)


def _open(vote: Round, place: Place) -> Values | None:
    row = session.scalar(
        select(BallotDraft.ciphertext).where(
            BallotDraft.key_hash == place.name,
            BallotDraft.round_id == vote.id,
            BallotDraft.expires_on > clock.today(),
        )
    )
    if row is None:
        return None
    try:
        clear = AESGCM(place.key).decrypt(row[:12], row[12:], place.name.encode())
    except InvalidTag:
        return None
    values: Values = json.loads(clear)
    return values


def shuffle_seed(vote: Round, browser_key: str) -> str:
    """What shuffles the options while nobody knows who is voting: this browser's own, stored nowhere."""
    whole = base64.urlsafe_b64decode(browser_key + "=")
    return hmac.new(whole, f"order:{vote.public_id}".encode(), hashlib.sha256).hexdigest()
