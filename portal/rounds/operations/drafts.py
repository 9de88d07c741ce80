"""Keeping a half-filled ballot, at every step, for the one browser that can open it; and forgetting it."""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, or_, select

from portal.core import clock
from portal.core.db import session, upsert
from portal.rounds.models import BallotDraft, Round, RoundState
from portal.rounds.queries.drafts import Place, Values, place_of

KEPT = timedelta(days=7)
# Every draft is padded to a multiple of this: its length does not tell how much was chosen.
PADDING = 1024


def new_browser_key() -> str:
    """256 random bits for a browser's cookie; written down nowhere else."""
    return secrets.token_urlsafe(32)


def save(vote: Round, browser_key: str, entry_id: int | None, values: Values) -> None:
    """Keep what is in the boxes for seven days from today. Writes one table.

    Saved as somebody, the draft from before signing in is this one now, and the old row goes.
    """
    place = place_of(vote, browser_key, entry_id)
    row = {
        "key_hash": place.name,
        "round_id": vote.id,
        "ciphertext": _sealed(place, values),
        "expires_on": clock.today() + KEPT,
    }
    statement = upsert(BallotDraft).values(**row)
    changed = {"ciphertext": row["ciphertext"], "expires_on": row["expires_on"]}
    session.execute(statement.on_conflict_do_update(index_elements=["key_hash"], set_=changed))
    if entry_id is not None:
        _drop(place_of(vote, browser_key, None))


def _sealed(place: Place, values: Values) -> bytes:
    clear = json.dumps(values, separators=(",", ":")).encode()
    padded = clear.ljust(-(-len(clear) // PADDING) * PADDING)
    nonce = os.urandom(12)
    return nonce + AESGCM(place.key).encrypt(nonce, padded, place.name.encode())


def forget(vote: Round, browser_key: str, entry_id: int | None) -> None:
    """Throw away what this browser kept for this round: the draft of this voter and the one before."""
    for owner in {entry_id, None}:
        _drop(place_of(vote, browser_key, owner))


def _drop(place: Place) -> None:
    session.execute(delete(BallotDraft).where(BallotDraft.key_hash == place.name))


def forget_round(round_id: int) -> None:
    """The round is over: every draft goes."""
    session.execute(delete(BallotDraft).where(BallotDraft.round_id == round_id))


def prune() -> None:
    """Throw away drafts whose seven days are over, and those of rounds in which nobody votes any more."""
    over = select(Round.id).where(or_(Round.state != RoundState.OPEN, Round.closes_at <= clock.now()))
    old = or_(BallotDraft.expires_on <= clock.today(), BallotDraft.round_id.in_(over))
    session.execute(delete(BallotDraft).where(old))
