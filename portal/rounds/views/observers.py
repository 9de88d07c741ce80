"""The file of a vote with few ballots: staff open it for the observers, observers take it."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.rounds.forms.resulting import ReadFileForm
from portal.rounds.models import Round
from portal.rounds.operations import observing, releasing
from portal.rounds.queries.observing import release_of, times_read
from portal.rounds.views.office import register_tool
from portal.rounds.views.results import download
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

register_tool(
    _l("The file and its observers"),
    "rounds.release",
    icon="eye",
    permission="rounds.release_file",
    is_for=lambda vote: can(current_actor(), "rounds.release_file", vote),
    order=85,
)


@section.get("/office/votes/<pid>/observers")
@requires("rounds.release_file", on=load_round)
def release(vote: Round) -> ResponseReturnValue:
    """Who would get the file, who asked, and the button for the second person."""
    return _release_page(vote, Form(formdata=None))


def _release_page(vote: Round, form: Form) -> ResponseReturnValue:
    wish = release_of(vote)
    context: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "wish": wish,
        "addresses": wish.addresses if wish else observing.observers_of(vote),
        "asker": account_names([wish.asked_by_id])[wish.asked_by_id] if wish else None,
        "is_mine": wish is not None and wish.asked_by_id == current_actor().account_id,
        "times": times_read(vote),
    }
    return render("rounds/office/observers.html", status=form.status, **context)


@section.post("/office/votes/<pid>/observers/ask")
@requires("rounds.release_file", on=load_round)
def ask_release(vote: Round) -> ResponseReturnValue:
    """The first of two people."""
    form = Form()
    if form.validate_on_submit() and form.attempt(lambda: releasing.ask_release(vote, actor=current_actor())):
        flash_info(_("A second person has to confirm this. Until then nothing changes."))
        return redirect_to("rounds.release", pid=vote.public_id)
    return _release_page(vote, form)


@section.post("/office/votes/<pid>/observers/approve")
@requires("rounds.release_file", on=load_round)
def approve_release(vote: Round) -> ResponseReturnValue:
    """The second one."""
    form = Form()
    if form.validate_on_submit() and form.attempt(lambda: (_approve(vote),)) is not None:
        flash_success(_("The observers can read the file. They are told by mail, and everybody on the page."))
        return redirect_to("rounds.release", pid=vote.public_id)
    return _release_page(vote, form)


def _approve(vote: Round) -> bool:
    return releasing.approve_release(vote, actor=current_actor())


@section.post("/office/votes/<pid>/observers/take-back")
@requires("rounds.release_file", on=load_round)
def take_back_release(vote: Round) -> ResponseReturnValue:
    """No longer wanted."""
    if releasing.take_back_release(vote, actor=current_actor()):
        flash_info(_("The file stays closed."))
    return redirect_to("rounds.release", pid=vote.public_id)


@section.route("/votes/<pid>/observed", methods=["GET", "POST"])
@requires("rounds.see_file_as_observer", on=load_round)
def observed(vote: Round) -> ResponseReturnValue:
    """An observer promises to keep it, and takes the file."""
    form = ReadFileForm()
    if form.validate_on_submit():
        content = releasing.read_file(vote, actor=current_actor())
        return download(content, "text/csv; charset=utf-8", f"{vote.public_id}.pb")
    return render("rounds/observed.html", status=form.status, form=form, vote=vote)
