"""Filling in a ballot: the first page, the ballot paper page by page, one option with its whole text."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.limits import declare_limit, hit, network_key
from portal.rounds.forms.filling import read_boxes, wanted_from
from portal.rounds.models import Round
from portal.rounds.operations import drafts, eligibility
from portal.rounds.operations.filling import rules_of, values_of
from portal.rounds.queries.box import own_ballot
from portal.rounds.queries.eligibility import Reason
from portal.rounds.views.ballots import (
    after_saving,
    district_ids,
    option_context,
    paper_context,
    start_context,
)
from portal.rounds.views.box import (
    Desk,
    desk_of,
    entry_or_refuse,
    forget_key,
    hides_earlier,
    is_not_begun,
    key_for_saving,
)
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

# Drafts need no account, so somebody could fill the disk: an hour's saving of a busy school is below this.
declare_limit("rounds.save_draft", "3000/hour")


def refuse_unless_running(vote: Round) -> ResponseReturnValue | None:
    """To the page of the vote, with a word why, when ballots are not taken at this moment."""
    if vote.is_running:
        return None
    if vote.is_coming:
        flash_info(_("This vote has not begun yet."))
    else:
        flash_info(_("This vote is over."))
    return redirect_to("rounds.detail", pid=vote.public_id)


@section.get("/votes/<pid>/ballot")
@requires("rounds.fill", on=load_round)
def ballot(vote: Round) -> ResponseReturnValue:
    """The ballot paper; first who may vote and what is secret; who has voted sees the ballot that counts."""
    if refused := refuse_unless_running(vote):
        return refused
    desk = desk_of(vote)
    if desk.values is None and shows_counted(desk):
        return redirect_to("rounds.receipt", pid=vote.public_id)
    if not may_fill(desk):
        return render("rounds/ballot/start.html", **start_context(desk))
    wanted = wanted_from(request.args, district_ids())
    return render(
        "rounds/ballot/paper.html", fragment="basket", **paper_context(desk, rules_of(vote), wanted)
    )


@section.post("/votes/<pid>/ballot/begin")
@requires("rounds.fill", on=load_round)
def begin(vote: Round) -> ResponseReturnValue:
    """Enter the roll: a step of its own, long before the ballot, so that nothing ties the two together."""
    if refused := refuse_unless_running(vote):
        return refused
    right = desk_of(vote).right
    if right.reason is Reason.MAY_ENTER:
        eligibility.enter(current_actor(), vote)
    elif right.entry_id is None and not current_actor().is_visitor:
        entry_or_refuse(right)
    if request.form.get("next") == "check":
        return redirect_to("rounds.check", pid=vote.public_id)
    return redirect_to("rounds.ballot", pid=vote.public_id, begun=1)


@section.post("/votes/<pid>/ballot")
@requires("rounds.fill", on=load_round)
def save(vote: Round) -> ResponseReturnValue:
    """Keep this page of the ballot paper, and go where the button says. Nothing is cast."""
    if refused := refuse_unless_running(vote):
        return refused
    desk, rules = desk_of(vote), rules_of(vote)
    ensure_no_work(desk)
    written = read_boxes(rules, request.form)
    values = written.over(desk.filled)
    drafts.save(vote, key_for_saving(), desk.entry_id, values)
    return after_saving(desk, rules, written, values)


@section.post("/votes/<pid>/ballot/forget")
@requires("rounds.fill", on=load_round)
def forget(vote: Round) -> ResponseReturnValue:
    """Throw the draft of this browser away: begun by mistake, or by somebody else at this phone."""
    desk = desk_of(vote)
    if desk.browser_key:
        drafts.forget(vote, desk.browser_key, desk.entry_id)
        forget_key()
    flash_success(_("The draft on this device is deleted."))
    return redirect_to("rounds.ballot", pid=vote.public_id)


@section.post("/votes/<pid>/ballot/change")
@requires("rounds.fill", on=load_round)
def change(vote: Round) -> ResponseReturnValue:
    """Begin a draft from the ballot that counts. It goes on counting until another one is cast."""
    if refused := refuse_unless_running(vote):
        return refused
    desk = desk_of(vote)
    if not is_not_begun(desk.right):
        own = own_ballot(vote, entry_or_refuse(desk.right))
        if own is not None and own.content is not None and not hides_earlier(vote):
            drafts.save(vote, key_for_saving(), desk.entry_id, values_of(own.content))
    return redirect_to("rounds.ballot", pid=vote.public_id)


@section.get("/votes/<pid>/ballot/option")
@requires("rounds.fill", on=load_round)
def option(vote: Round) -> ResponseReturnValue:
    """One option (?code=) with its whole text, to read, to hear and to choose."""
    if refused := refuse_unless_running(vote):
        return refused
    if "code" not in request.args:
        return redirect_to("rounds.ballot", pid=vote.public_id)
    return render("rounds/ballot/option.html", **option_context(desk_of(vote), request.args["code"]))


def shows_counted(desk: Desk) -> bool:
    """Whether there is a ballot that counts and may be shown here: not on a helper's tablet."""
    if desk.entry_id is None or hides_earlier(desk.vote):
        return False
    return own_ballot(desk.vote, desk.entry_id) is not None


def ensure_no_work(desk: Desk) -> None:
    """Ballots belong to residents: people at work fill in none. And nobody fills the disk with drafts."""
    if desk.right.reason is Reason.STAFF_ACCOUNT:
        raise NotFound
    hit("rounds.save_draft", network_key(request.remote_addr))


def may_fill(desk: Desk) -> bool:
    """Whether the ballot paper is shown: once it is begun, to everybody but people at work.

    Who has begun before saying who they are goes on; the last page asks for it.
    """
    if desk.right.reason is Reason.STAFF_ACCOUNT:
        return False
    may_begin = desk.entry_id is not None or current_actor().is_visitor
    return desk.values is not None or (may_begin and "begun" in request.args)
