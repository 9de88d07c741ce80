"""Who votes in this browser: the holder of a code from a letter, somebody helped on a tablet, or an account.

A browser that showed a code keeps the entry of the roll in one encrypted cookie, for this round only, for two
hours or until the browser is closed; on a helper's tablet for ten minutes. The code itself is not in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, g, request

from portal.core import clock
from portal.core.crypto import CannotDecrypt, decrypt, encrypt
from portal.core.settings import current_settings
from portal.rounds.models import Round
from portal.rounds.operations.assisting import is_helping
from portal.rounds.operations.eligibility import enter
from portal.rounds.queries.eligibility import Eligibility, answer_for_entry, entry, entry_for
from portal.web.context import current_actor

PURPOSE = "rounds.holding"
LASTS = timedelta(hours=2)
LONGEST = 2_000


@dataclass(frozen=True)
class Held:
    """What the cookie says: the entry of one round; helper: the token of a session on a helper's tablet."""

    round_id: int
    entry_id: int
    mac: str | None
    expires: int
    helper: str = ""


def cookie_name() -> str:
    """The cookie's name; with https bound to this host."""
    return "__Host-vote" if current_settings().is_https else "vote"


def hold(vote: Round, entry_id: int, *, helper: str = "", lasts: timedelta = LASTS) -> None:
    """Let this browser vote with the entry of somebody who showed a code or stands at the counter."""
    found = entry(entry_id)
    mac = found.code_mac if found else None
    g.vote_cookie = Held(vote.id, entry_id, mac, int((clock.now() + lasts).timestamp()), helper)


def release() -> None:
    """Forget the code on this device."""
    g.vote_cookie = None


def held(vote: Round) -> Held | None:
    """The entry this browser holds for this round, as long as it still counts."""
    found = g.get("vote_cookie", _read_cookie())
    if found is None or found.round_id != vote.id or found.expires < clock.now().timestamp():
        return None
    if found.helper and not is_helping(found.helper, vote.id):
        return None
    row = entry(found.entry_id)
    # A replaced letter has another code by now: whoever holds the old one is out.
    return found if row is not None and row.code_mac == found.mac else None


def voter(vote: Round) -> Eligibility:
    """Whether whoever sits here may vote in this round: by what the browser holds, else by the account."""
    mine = held(vote)
    return answer_for_entry(vote, mine.entry_id) if mine else entry_for(current_actor(), vote)


def entry_of_voter(vote: Round) -> int:
    """The entry of the roll of whoever sits here, made if need be. MayNotVote with the reason."""
    mine = held(vote)
    if mine is not None and voter(vote).may_vote:
        return mine.entry_id
    return enter(current_actor(), vote)


def is_helped(vote: Round) -> bool:
    """Whether this is a helper's tablet: an earlier ballot is not shown here."""
    mine = held(vote)
    return bool(mine and mine.helper)


def helper_token() -> str:
    """The token of the help that this tablet gives, "" without one."""
    found = _read_cookie()
    return found.helper if found else ""


def _read_cookie() -> Held | None:
    raw = request.cookies.get(cookie_name(), "")
    if not raw or len(raw) > LONGEST:
        return None
    try:
        return Held(**json.loads(decrypt(PURPOSE, raw)))
    except (CannotDecrypt, ValueError, TypeError):
        return None


def init_app(app: Flask) -> None:
    """Set or drop the cookie on the answer."""

    app.after_request(_keep)


def _keep(response: Response) -> Response:
    if "vote_cookie" in g:
        found: Held | None = g.vote_cookie
        words = encrypt(PURPOSE, json.dumps(found.__dict__)) if found else ""
        if found is None or response.status_code < 400:
            response.set_cookie(
                cookie_name(),
                words,
                max_age=None if found else 0,
                secure=current_settings().is_https,
                httponly=True,
                samesite="Lax",
            )
    return response
