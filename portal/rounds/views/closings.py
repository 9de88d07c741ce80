"""For staff after the end: the check page, the public draw, publishing, and the answers to all proposals."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.i18n import LANGUAGES, current_language, ngettext, use_language
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.proposals.operations import Batch
from portal.rounds.forms.resulting import AnswerObjectionForm, DrawForm, ObjectionForm
from portal.rounds.models import ResultObjection, Round
from portal.rounds.operations import answering, objecting, publishing
from portal.rounds.operations.answering import Waiting
from portal.rounds.operations.publishing import Typing
from portal.rounds.queries import resulting
from portal.rounds.views.office import register_tool
from portal.rounds.views.results import found_or_404
from portal.rounds.views.section import load_round, section
from portal.rounds.views.wording import why
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_error, flash_success, redirect_to

TYPED = {
    Typing.WAITS: (flash_success, _l("Noted. A second person types it as well.")),
    Typing.DIFFERS: (
        flash_error,
        _l("Somebody typed other words. Please compare with the official draw; who was wrong types again."),
    ),
    Typing.COUNTS: (flash_success, _l("The draw is fixed.")),
}

register_tool(
    _l("Check and publish"),
    "rounds.closing_check",
    icon="check",
    permission="rounds.check",
    is_for=lambda vote: vote.is_over and not vote.imported,
    order=80,
)
register_tool(
    _l("Answer all proposals of this vote"),
    "rounds.result_answers",
    icon="send",
    permission="rounds.answer_result",
    is_for=lambda vote: vote.published_at is not None and not vote.imported,
    order=90,
)


@section.get("/office/votes/<pid>/closing")
@requires("rounds.check", on=load_round)
def closing_check(vote: Round) -> ResponseReturnValue:
    """Turnout, sums, sheets, file and log; no votes and no winners before the result is public."""
    return _closing_page(vote, DrawForm(formdata=None))


def _closing_page(vote: Round, form: DrawForm) -> ResponseReturnValue:
    checks = publishing.checks_of(vote)
    return render("rounds/office/closing.html", vote=vote, checks=checks, form=form, status=form.status)


@section.post("/office/votes/<pid>/draw")
@requires("rounds.check", on=load_round)
def enter_draw(vote: Round) -> ResponseReturnValue:
    """What was drawn in public, typed by two people."""
    form = DrawForm()
    words, actor = form.draw.data or "", current_actor()
    if form.validate_on_submit():
        typed = form.attempt(lambda: publishing.enter_draw(vote, words, actor=actor))
        if typed is not None:
            tell, message = TYPED[typed]
            tell(str(message))
            return redirect_to("rounds.closing_check", pid=vote.public_id)
    return _closing_page(vote, form)


@section.post("/office/votes/<pid>/publish")
@requires("rounds.check", on=load_round)
def publish(vote: Round) -> ResponseReturnValue:
    """The result becomes public; twice is once."""
    if publishing.publish(vote, actor=current_actor()):
        flash_success(_("The result is public."))
    return redirect_to("rounds.result", pid=vote.public_id)


@section.get("/office/votes/<pid>/answers")
@requires("rounds.answer_result", on=load_round)
def result_answers(vote: Round) -> ResponseReturnValue:
    """Every answer once more before all of them are public."""
    found = found_or_404(vote)
    waiting = answering.waiting_answers(found)
    rows = [(one, words_for(vote, found, one)[0]) for one in waiting]
    return render("rounds/office/answers.html", vote=vote, rows=rows)


def words_for(vote: Round, found: resulting.Found, one: Waiting) -> tuple[str, str]:
    """The answer in the proposal's own language where the portal speaks it, else in the reader's."""
    language = one.proposal.language if one.proposal.language in LANGUAGES else current_language().slug
    with use_language(language):
        reason = why(vote, found, one.option)
        votes = ngettext("%(num)s vote", "%(num)s votes", one.option.votes)
        if one.option.is_winner:
            text = _("The vote “%(title)s” elected this proposal: %(votes)s.", title=vote.title, votes=votes)
        else:
            text = _(
                "The vote “%(title)s” did not elect this proposal: %(votes)s. %(reason)s",
                title=vote.title,
                votes=votes,
                reason=reason,
            )
    return text, language


@section.post("/office/votes/<pid>/answers")
@requires("rounds.answer_result", on=load_round)
def publish_result_answers(vote: Round) -> ResponseReturnValue:
    """All of them at once; whoever is concerned is told once for each proposal."""
    found = found_or_404(vote)
    chosen = set(request.form.getlist("proposal"))
    waiting = [one for one in answering.waiting_answers(found) if one.proposal.public_id in chosen]
    done = answering.publish_answers(
        vote, waiting, lambda one: words_for(vote, found, one), actor=current_actor()
    )
    _say(done)
    return redirect_to("rounds.result_answers", pid=vote.public_id)


def _say(done: Batch) -> None:
    if done.published:
        flash_success(
            ngettext("%(num)s answer is public now.", "%(num)s answers are public now.", len(done.published))
        )
    for proposal, error in done.refused:
        flash_error(_("“%(title)s”: %(reason)s", title=proposal.title, reason=str(error)))


@section.route("/votes/<pid>/object", methods=["GET", "POST"])
@requires("rounds.object", on=load_round)
def object_to_result(vote: Round) -> ResponseReturnValue:
    """Somebody doubts the result and says why."""
    form = ObjectionForm()
    if form.validate_on_submit():
        made = form.attempt(lambda: _object(vote, form))
        if made is not None:
            flash_success(_("Your objection is public. It will be answered here."))
            return redirect_to("rounds.result", pid=vote.public_id, anchor="objections")
    return render("rounds/object.html", vote=vote, form=form, status=form.status)


def _object(vote: Round, form: ObjectionForm) -> ResultObjection:
    language = current_language().slug
    return objecting.object_to_result(vote, form.words.data or "", actor=current_actor(), language=language)


class ObjectionOf:
    """An objection of a round; permissions ask the round."""

    def __init__(self, vote: Round, objection: ResultObjection) -> None:
        self.vote, self.objection = vote, objection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.vote, name)


def load_objection(pid: str, oid: str) -> ObjectionOf | None:
    """The objection of the URL, if it belongs to this round."""
    vote, objection = load_round(pid), resulting.objection_by_public_id(oid)
    is_its_own = vote is not None and objection is not None and objection.round_id == vote.id
    return ObjectionOf(vote, objection) if is_its_own and vote and objection else None


@section.route("/office/votes/<pid>/objections/<oid>", methods=["GET", "POST"])
@requires("rounds.answer_objection", on=load_objection)
def answer_objection(found: ObjectionOf) -> ResponseReturnValue:
    """Answer in public; the answer stays."""
    form = AnswerObjectionForm()
    if form.validate_on_submit():
        words, actor = form.answer.data or "", current_actor()
        done = form.attempt(lambda: (objecting.answer(found.vote, found.objection, words, actor=actor),))
        if done is not None:
            flash_success(_("The answer is public."))
            return redirect_to("rounds.result", pid=found.vote.public_id, anchor="objections")
    return render(
        "rounds/office/objection.html", vote=found.vote, one=found.objection, form=form, status=form.status
    )
