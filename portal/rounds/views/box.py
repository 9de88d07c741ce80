"""Who votes in this browser, and the key of its drafts. Letters and tablets say here what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, after_this_request, current_app, request

from portal.core.db import transaction
from portal.core.errors import NotFound, SignInRequired
from portal.rounds.errors.roll import MayNotVote
from portal.rounds.models import Round
from portal.rounds.operations import drafts
from portal.rounds.queries.drafts import Values, draft_of, is_browser_key, shuffle_seed
from portal.rounds.queries.eligibility import Eligibility, Reason, answer_for_entry, entry_for
from portal.rounds.queries.keys import order_seed
from portal.web.context import current_actor

COOKIE_DAYS = 7
# round -> the roll entry this browser holds by a code, if any; what happens once a ballot is counted.
_held: list[Callable[[Round], int | None]] = []
_when_cast: list[Callable[[Round], None]] = []


def holds_right(entry: Callable[[Round], int | None]) -> None:
    """A code typed in this browser counts before the account: its cookie says which entry of the roll."""
    _held.append(entry)


def when_cast(work: Callable[[Round], None]) -> None:
    """Call this after a ballot was counted in this browser (it may only change cookies)."""
    _when_cast.append(work)


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
    right, key = right_of(vote), browser_key()
    draft = draft_of(vote, key, right.entry_id) if key else None
    return Desk(vote, right, key, draft.values if draft else None, bool(draft and draft.is_adopted))


def right_of(vote: Round) -> Eligibility:
    """The right to vote: by a code that was typed in this browser, else by the account."""
    for held in _held:
        entry_id = held(vote)
        if entry_id is not None:
            return answer_for_entry(vote, entry_id)
    return entry_for(current_actor(), vote)


def entry_or_refuse(right: Eligibility) -> int:
    """The entry of the roll. Without one: sign in first, 404 for people at work, or the reason why not."""
    if right.entry_id is not None:
        return right.entry_id
    if right.reason is Reason.SIGN_IN or (right.reason is Reason.NEEDS_CODE and current_actor().is_visitor):
        raise SignInRequired
    if current_actor().is_staff:
        raise NotFound
    raise MayNotVote(right.words)


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
            max_age=COOKIE_DAYS * 86_400,
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


def clear_after_casting(desk: Desk) -> None:
    """Once the ballot is committed: the draft goes, in a transaction of its own, and what others asked for.

    Not in the ballot's own transaction: that one writes the ballot and nothing else.
    """

    @after_this_request
    def clear(response: Response) -> Response:
        if desk.browser_key and response.status_code < 400:
            with transaction():
                drafts.forget(desk.vote, desk.browser_key, desk.entry_id)
        for work in _when_cast:
            work(desk.vote)
        return response
