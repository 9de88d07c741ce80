"""The key of a round's box: where it lies, and what it is. Read anew each time and never kept in memory.

Without the key nobody can tell from the database whose ballot is whose or who has voted. The key is read from
its file for every single ballot (some 50 microseconds), so that deleting the file is the end of it in every
process on every machine.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from portal.core.db import session
from portal.core.settings import current_settings
from portal.rounds.errors.box import KeyGone
from portal.rounds.models import BallotBox, Round

KEY_BYTES = 32


def key_path(vote: Round) -> Path:
    """The file of the key, with the portal's other keys: in another backup than the database."""
    return current_settings().instance / "keys" / f"round-{vote.public_id}.key"


def key_check(key: bytes) -> str:
    """What the database knows of a key: enough to refuse a wrong one, nothing to compute anything with."""
    return hmac.new(key, b"check", hashlib.sha256).hexdigest()


def load_key(vote: Round) -> bytes:
    """The round's 32 bytes. Raises KeyGone before opening, after closing, and for a key of another round."""
    try:
        key = key_path(vote).read_bytes()
    except FileNotFoundError:
        raise KeyGone from None
    box = session.get(BallotBox, vote.id)
    if len(key) != KEY_BYTES or box is None or not hmac.compare_digest(box.key_check, key_check(key)):
        raise KeyGone
    return key


def ballot_key(vote: Round, roll_entry_id: int) -> str:
    """The name of a ballot in the box: HMAC-SHA-256(key of the round, "round:roll entry"), hex."""
    return _keyed(load_key(vote), f"{vote.public_id}:{roll_entry_id}")


def order_seed(vote: Round, roll_entry_id: int) -> str:
    """What shuffles the options for one voter: the same on every device, stored nowhere."""
    return _keyed(load_key(vote), f"order:{vote.public_id}:{roll_entry_id}")


def _keyed(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
