"""The last page, which shows the whole ballot in words, and casting it."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import DomainError
from portal.core.limits import declare_limit, hit, network_key
from portal.rounds.errors.box import BadBallot, BallotChanged, BlankBallot
from portal.rounds.models import Round
from portal.rounds.operations import casting
from portal.rounds.operations.filling import (
    Content,
    canonical,
    content_of,
    fits,
    is_blank,
    rules_of,
)
from portal.rounds.queries.box import own_ballot
from portal.rounds.views.ballots import start_context
from portal.rounds.views.box import (
    Desk,
    clear_after_casting,
    desk_of,
    entry_or_refuse,
    is_not_begun,
    remember_cast,
)
from portal.rounds.views.filling import refuse_unless_running
from portal.rounds.views.holding import is_helped
from portal.rounds.views.receipts import words_context
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.logs import keep_out_of_log
from portal.web.render import render
from portal.web.responses import redirect_to

# Against a flood only. By network and never by person: a hall full of voters has one network.
declare_limit("rounds.cast", "1200/10 minutes")
# No line of the log says that somebody cast a ballot in this minute, unless something broke.
keep_out_of_log("rounds.cast")


@section.get("/votes/<pid>/ballot/check")
@requires("rounds.fill", on=load_round)
def check(vote: Round) -> ResponseReturnValue:
    """The whole ballot in words, what is wrong with it, and the button that casts it."""
    if refused := refuse_unless_running(vote):
        return refused
    desk = desk_of(vote)
    if desk.values is None:
        return redirect_to("rounds.ballot", pid=vote.public_id)
    return render("rounds/ballot/check.html", **check_context(desk))


@section.post("/votes/<pid>/ballot/cast")
@requires("rounds.fill", on=load_round)
def cast(vote: Round) -> ResponseReturnValue:
    """Cast the ballot of the last page. This request writes one row, and no line into the log."""
    hit("rounds.cast", network_key(request.remote_addr))
    desk = desk_of(vote)
    if is_not_begun(desk.right):  # entering the roll is a step of its own, never of this request
        return redirect_to("rounds.check", pid=vote.public_id)
    entry_id = entry_or_refuse(desk.right)
    # Without a draft it is the same click once more: the draft went when the ballot was counted.
    problem = put_into_box(desk, entry_id) if desk.values is not None else None
    if problem is not None:
        return render("rounds/ballot/check.html", status=422, **check_context(desk, problem))
    remember_cast(vote)
    return redirect_to("rounds.receipt", pid=vote.public_id)


def put_into_box(desk: Desk, entry_id: int) -> DomainError | None:
    """Cast, or say which rule of the ballot is broken. Everything else that goes wrong is raised."""
    content = content_of(rules_of(desk.vote), desk.filled)
    if request.form.get("ballot") != fingerprint(desk, content):
        return BallotChanged()
    if is_blank(content) and "blank" not in request.form:
        return BlankBallot()
    seen = request.form.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    try:
        casting.cast(desk.vote, entry_id, content, seen=known)
    except BadBallot as problem:
        return problem
    clear_after_casting(desk)
    return None


def fingerprint(desk: Desk, content: Content) -> str:
    """What the last page showed, so that nothing else is cast. Bound to this browser's key."""
    about = f"{desk.browser_key}|{desk.vote.public_id}|{canonical(content)}"
    return hashlib.sha256(about.encode()).hexdigest()


def check_context(desk: Desk, problem: DomainError | None = None) -> dict[str, Any]:
    """The last page: the ballot in words, the broken rule, and what is still missing to cast it."""
    vote, rules = desk.vote, rules_of(desk.vote)
    content = content_of(rules, desk.filled)
    broken = fits(rules, desk.filled)
    own = own_ballot(vote, desk.entry_id) if desk.entry_id is not None else None
    wrong = problem or broken
    return {
        **start_context(desk),
        **words_context(vote, rules, content),
        "own": None if is_helped(vote) else own,
        "seen": own.revision if own else 0,
        "fingerprint": fingerprint(desk, content),
        "is_blank": is_blank(content),
        "problem": str(wrong) if wrong else "",
        "may_cast": desk.entry_id is not None and broken is None and not (own and own.is_on_paper),
        "is_adopted": desk.is_adopted,
    }
