"""Answering: one question per block, kept as a draft, a last page with everything, then it counts."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.groups.errors import AnswerWrong, ReasonMissing, VotedAlready
from portal.groups.forms.answers import Given, missing_words, packed, read_answer, unpacked
from portal.groups.models import GroupDecision, Method, ObjectionState, Reasons
from portal.groups.operations.deciding import answering, closing
from portal.groups.queries import decisions as queries
from portal.groups.queries.method_words import ANCHORS, ANSWER_WORDS, DATE_WORDS, METHODS
from portal.groups.queries.result_words import option_text
from portal.groups.views.decision_pages import Desk, answer_words, desk_of, load_decision, place
from portal.groups.views.framing import group_page
from portal.groups.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_info, flash_success, fragment_or_redirect, redirect_to


@section.route("/groups/<pid>/decisions/<did>/answer", methods=["GET", "POST"])
@requires("groups.answer", on=load_decision)
def answer_decision(decision: GroupDecision) -> ResponseReturnValue:
    """The form. What is ticked is kept as a draft until it is handed in; of a secret one nothing is kept."""
    desk = desk_of(decision)
    if not desk.can_answer:
        return redirect_to("groups.decision", **place(decision))
    if request.method != "POST":
        return _form(desk, Given(desk.own.content or {}, desk.own.reason))
    given = read_answer(decision, request.form)
    if request.form.get("go") == "check":
        given.problems = missing_words(decision, given)
        return _form(desk, given, status=422) if given.problems else _last_page(desk, given)
    return _keep(desk, given)


def _keep(desk: Desk, given: Given) -> ResponseReturnValue:
    """Only a draft: the page says that it does not count yet."""
    if not desk.decision.secret and desk.decision.method is not Method.LOTS:
        answering.save_draft(desk.decision, given.content, group=desk.group, actor=current_actor())
    return fragment_or_redirect(
        "groups/decisions/answer.html",
        "standing",
        ("groups.answer_decision", place(desk.decision)),
        lambda: {"standing": _standing(desk, is_kept=not desk.decision.secret)},
    )


def _standing(desk: Desk, *, is_kept: bool) -> str:
    if desk.own.has_answered:
        return _("What you sent counts. Changes count only when you send them.")
    if is_kept:
        return _("Kept, but not sent yet.")
    return _("Not sent yet. A secret answer is not kept.") if desk.decision.secret else _("Not sent yet.")


def _form(desk: Desk, given: Given, *, status: int = 200) -> ResponseReturnValue:
    decision = desk.decision
    return group_page(
        "groups/decisions/answer.html",
        desk.group,
        tab="decisions",
        subject=decision.title,
        status=status,
        desk=desk,
        decision=decision,
        method=METHODS[decision.method],
        action=url_for("groups.answer_decision", **place(decision)),
        boxes=_boxes(decision, given),
        words=ANSWER_WORDS.get(decision.method, {}),
        scale=_scale(decision),
        anchors=ANCHORS if decision.method is Method.RESISTANCE else {},
        given=given,
        chosen=given.content.get("answers", {}).get("1", ""),
        asks_why=answering.takes_reason(decision, stops=True),
        only_who_stops=decision.reasons is Reasons.FOR_OBJECTION,
        problems=given.problems,
        standing=_standing(desk, is_kept=bool(desk.own.is_draft))
        if desk.own.content or status == 422
        else "",
    )


def _boxes(decision: GroupDecision, given: Given) -> list[dict[str, Any]]:
    """One block per option: its text, and what was answered so far."""
    values: dict[str, Any] = dict(given.content.get("points", {}))
    values |= dict.fromkeys(given.content.get("choices", []), 1)
    for at, level in enumerate(given.content.get("order", []), 1):
        values |= dict.fromkeys(level, at)
    values |= given.typed
    return [
        {
            "number": str(option.number),
            "text": option_text(option),
            "is_status_quo": option.is_status_quo,
            "value": values.get(str(option.number)),
            "is_new": option.added_in_round > 1 and option.added_in_round == decision.round,
        }
        for option in decision.options
        if not option.dropped
    ]


def _scale(decision: GroupDecision) -> list[tuple[int | str, Any]]:
    """(value, words) of the radio buttons beside an option; empty where a number is typed or ticked."""
    if decision.method is Method.DATE:
        return list(DATE_WORDS.items())
    if decision.method is Method.SCORE:
        return [*((mark, str(mark)) for mark in range(6)), ("", _("I do not know"))]
    if decision.method is Method.RESISTANCE:
        return [(one, str(one)) for one in range(11)]
    return []


def _last_page(desk: Desk, given: Given) -> ResponseReturnValue:
    """The whole answer once more, before it counts."""
    decision = desk.decision
    word = request.form.get("word", "")[:40]
    return group_page(
        "groups/decisions/check.html",
        desk.group,
        tab="decisions",
        subject=decision.title,
        desk=desk,
        decision=decision,
        lines=[word] if decision.method is Method.LOTS and word else answer_words(decision, given.content),
        given=_with_its_reason(decision, given),
        ballot=packed(given),
        word=word,
    )


def _with_its_reason(decision: GroupDecision, given: Given) -> Given:
    """What would be kept: no sentence where the decision asks for none."""
    stops = given.content.get("answers", {}).get("1") in answering.STOPPING
    if not answering.takes_reason(decision, stops=stops):
        given.reason = ""
    return given


@section.post("/groups/<pid>/decisions/<did>/answer/send")
@requires("groups.answer", on=load_decision)
def send_answer(decision: GroupDecision) -> ResponseReturnValue:
    """Now it counts. What does not fit is shown in the form again; nothing is lost."""
    desk = desk_of(decision)
    given = unpacked(request.form.get("ballot", ""))
    if request.form.get("go") == "change":
        return _form(desk, given) if desk.can_answer else redirect_to("groups.decision", **place(decision))
    try:
        _hand_in_once(desk, given)
    except (AnswerWrong, ReasonMissing) as problem:
        given.problems = {"": str(problem)}
        return _form(desk, given, status=422)
    return redirect_to("groups.decision", **place(decision))


def _hand_in_once(desk: Desk, given: Given) -> None:
    """A secret answer sent twice is refused in words, not with an error: most often a finger was shaky."""
    try:
        _hand_in(desk, given)
    except VotedAlready as problem:
        flash_info(str(problem))
    else:
        flash_success(_sent_words(desk.decision))


def _hand_in(desk: Desk, given: Given) -> None:
    actor, decision, group = current_actor(), desk.decision, desk.group
    if decision.method is Method.LOTS:
        answering.add_lot_word(decision, request.form.get("word", ""), group=group, actor=actor)
    else:
        answering.hand_in(decision, given.content, group=group, actor=actor, reason=given.reason)


def _sent_words(decision: GroupDecision) -> str:
    if decision.method is Method.LOTS:
        return _("Your word is in the draw. You can change it until the end.")
    if decision.secret:
        return _("Your secret answer counts. Nobody can find out what it was, and it cannot be changed.")
    return _("Your answer counts. You can change it until the end.")


@section.post("/groups/<pid>/decisions/<did>/objections/<int:number>/withdraw")
@requires("groups.answer", on=load_decision)
def withdraw_objection(decision: GroupDecision) -> ResponseReturnValue:
    """Who objected no longer does; when nobody does any more, the text stands as it is."""
    desk = desk_of(decision)
    number = int((request.view_args or {})["number"])
    objection = queries.objection_by_id(decision, number)
    if objection is not None and objection.state is ObjectionState.OPEN:
        answering.withdraw_objection(objection, decision=decision, group=desk.group, actor=current_actor())
        if closing.settle_integrating(decision, group=desk.group):
            flash_success(_("Nobody objects any more. It is adopted as it stands."))
    return redirect_to("groups.decision", **place(decision))
