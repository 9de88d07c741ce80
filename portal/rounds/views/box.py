"""What one browser has in hand for one vote: a right to vote, the key of its drafts, a draft."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, after_this_request, current_app, request
from flask import session as cookie

from portal.core.crypto import keyed_hash
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.rounds.errors.roll import MayNotVote
from portal.rounds.models import Round
from portal.rounds.operations import drafts
from portal.rounds.queries.drafts import Values, draft_of, is_browser_key, shuffle_seed
from portal.rounds.queries.eligibility import Eligibility
from portal.rounds.queries.keys import order_seed
from portal.rounds.views.holding import helper_token, is_helped, voter
from portal.web.context import current_actor

JUST_CAST = "just_cast"


@dataclass(frozen=True)
class Desk:
    """What one browser has in hand for one round: its right to vote, the key of its drafts, the draft."""

    vote: Round
    right: Eligibility
    browser_key: str | None
    values: Values | None
    is_adopted: bool

    @property
    def entry_id(self) -> int | None:
        """The entry of the roll, if there is one already."""
        return self.right.entry_id

    @property
    def filled(self) -> Values:
        """What is in the boxes, nothing at first."""
        return self.values or {}

    @property
    def seed(self) -> str:
        """What shuffles the options here."""
        if self.entry_id is not None:
            return order_seed(self.vote, self.entry_id)
        return shuffle_seed(self.vote, self.browser_key) if self.browser_key else self.vote.public_id


def desk_of(vote: Round) -> Desk:
    """What this browser has in hand."""
    right, key = voter(vote), browser_key()
    draft = draft_of(vote, key, right.entry_id) if key else None
    return Desk(vote, right, key, draft.values if draft else None, bool(draft and draft.is_adopted))


def is_not_begun(right: Eligibility) -> bool:
    """Not on the roll yet, and could be: signs in, types a code, or presses "begin" first."""
    return right.entry_id is None and (right.may_vote or current_actor().is_visitor)


def entry_or_refuse(right: Eligibility) -> int:
    """The entry of the roll. Without one: 404 for people at work, or the reason why not."""
    if right.entry_id is not None:
        return right.entry_id
    if current_actor().is_staff:
        raise NotFound
    raise MayNotVote(right.words)


def hides_earlier(vote: Round) -> bool:
    """On a helper's tablet only the ballot that was cast there just now is shown, none from before."""
    return is_helped(vote) and cookie.get(JUST_CAST) != _this_help()


def remember_cast(vote: Round) -> None:
    """A helper's tablet may show this receipt, until it is cleared."""
    if is_helped(vote):
        cookie[JUST_CAST] = _this_help()


def _this_help() -> str:
    """One help on this tablet; the next person's is another."""
    return keyed_hash("rounds.just_cast", helper_token())


def cookie_name() -> str:
    """The draft's key has a cookie of its own: it outlives signing in and out, and lives seven days."""
    return "__Host-ballot" if current_app.config["SESSION_COOKIE_SECURE"] else "ballot"


def browser_key() -> str | None:
    """The key in this browser's cookie, None if there is none that could be one."""
    found = request.cookies.get(cookie_name())
    return found if is_browser_key(found) else None


def key_for_saving() -> str:
    """The key in the cookie, or a new one that goes out with this answer. Seven days begin anew."""
    key = browser_key() or drafts.new_browser_key()

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            key,
            max_age=drafts.KEPT,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response

    return key


def forget_key() -> None:
    """Take the cookie away with this answer."""

    @after_this_request
    def drop(response: Response) -> Response:
        response.delete_cookie(
            cookie_name(), secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), httponly=True
        )
        return response


def forget_draft(vote: Round) -> None:
    """Nothing of this vote stays in this browser: neither the draft nor its key."""
    desk = desk_of(vote)
    if desk.browser_key:
        drafts.forget(vote, desk.browser_key, desk.entry_id)
    forget_key()
    cookie.pop(JUST_CAST, None)


def clear_after_casting(desk: Desk) -> None:
    """Once the ballot is committed: the draft goes, in a transaction of its own.

    Not in the ballot's own transaction: that one writes the ballot and nothing else.
    """

    @after_this_request
    def clear(response: Response) -> Response:
        if desk.browser_key and response.status_code < 400:
            with transaction():
                drafts.forget(desk.vote, desk.browser_key, desk.entry_id)
        return response
