"""Accompaniment as the group sees it: asking, agreeing, writing, ending; and who has looked inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.accompanying import AskForm, OfferForm, WordForm, as_before
from portal.groups.models import Accompaniment, Grant, Group, Side
from portal.groups.models.accompanying_labels import (
    ACCOMPANIMENT_LOOKS,
    DECIDED_LABELS,
    GRANT_LABELS,
    SCOPE_LABELS,
)
from portal.groups.operations.accompanying import agreeing, during
from portal.groups.permissions.accompanying import OPEN
from portal.groups.queries import accompanying as queries
from portal.groups.queries.looks import Look, register_look
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.section import InGroup, load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_info, flash_success, redirect_to

SUBJECT = _l("Accompaniment")
OVER = _l("This accompaniment is over already. Nothing was changed.")
LABELS: dict[str, Any] = {
    "looks": ACCOMPANIMENT_LOOKS,
    "scopes": SCOPE_LABELS,
    "grants": GRANT_LABELS,
    "decided": DECIDED_LABELS,
}
register_tool("groups.accompaniment", SUBJECT, permission="groups.see_accompaniment", icon="people", order=60)
register_tool(
    "groups.looked", _l("Who has looked inside"), permission="groups.see_accompaniment", icon="eye", order=65
)
register_tool(
    "groups.offer_form",
    _l("Offer accompaniment"),
    permission="groups.offer_accompaniment",
    icon="people",
    order=60,
)


def _leads_to(endpoint: str) -> Any:
    return lambda group: url_for(endpoint, pid=group.public_id)


register_look(Grant.BOARD, Look(_l("Open the board"), _leads_to("groups.board")))
register_look(Grant.EVENTS, Look(_l("Open the dates"), _leads_to("groups.meetings")))
register_look(Grant.ATTEND, Look(_l("Open the dates"), _leads_to("groups.meetings")))
register_look(Grant.MEMBER_COUNT, Look(_l("How many members there are")))


def waits(group: Group, actor: Actor) -> Part | None:
    """Members see on the overview that an offer waits, or that the time is nearly over."""
    if not can(actor, "groups.plan_accompaniment", group):
        return None
    rows = queries.waiting_for_group(group)
    context = {"group": group, "rows": rows, "looks": ACCOMPANIMENT_LOOKS}
    return Part(str(SUBJECT), "groups/accompaniment/_waits.html", context, urgent=True) if rows else None


register_part(Place.OVERVIEW, "accompaniment", waits, order=30)


def load_agreement(pid: str, aid: str) -> InGroup | None:
    """The agreement of the URL in the group of the URL; permissions ask the group."""
    group = load_group(pid)
    found = queries.in_group(group, aid) if group is not None else None
    return InGroup(group, found) if group is not None and found is not None else None


@section.get("/groups/<pid>/accompaniment")
@requires("groups.see_accompaniment", on=load_group)
def accompaniment(group: Group) -> ResponseReturnValue:
    """What was agreed, what is proposed."""
    return _page(group)


def _page(group: Group, form: WordForm | None = None, at: Accompaniment | None = None) -> Response:
    return group_page(
        "groups/accompaniment/group.html",
        group,
        subject=str(SUBJECT),
        status=form.status if form else 200,
        agreements=queries.agreements_of(group),
        labels=LABELS,
        form=form or WordForm(formdata=None),
        failed_at=at.id if at else 0,
        open_states=OPEN,
    )


@section.get("/groups/<pid>/accompaniment/new")
@requires("groups.plan_accompaniment", on=load_group)
def ask_for_companion(group: Group) -> ResponseReturnValue:
    """The form; a new agreement begins with the words of the one before."""
    before = queries.in_group(group, request.args.get("after", ""))
    return _ask_page(group, AskForm(group, formdata=None, data=as_before(before)))


@section.post("/groups/<pid>/accompaniment/new")
@requires("groups.plan_accompaniment", on=load_group)
def ask_companion(group: Group) -> ResponseReturnValue:
    """Ask somebody; without an account, the words for a slip of paper are shown once."""
    form, actor = AskForm(group), current_actor()
    before = queries.in_group(group, request.args.get("after", ""))
    made = None
    if form.validate_on_submit():
        terms, who = form.terms(renewal_of_id=before.id if before else None), form.chosen()
        made = form.attempt(lambda: agreeing.ask_companion(group, terms, actor=actor, companion=who))
    return _ask_page(group, form) if made is None else _asked(group, *made)


def _ask_page(group: Group, form: AskForm) -> Response:
    values: dict[str, Any] = {"form": form, "after": request.args.get("after", "")}
    template, subject = "groups/accompaniment/new.html", _("Ask for accompaniment")
    return group_page(template, group, subject=subject, status=form.status, **values)


def _asked(group: Group, made: Accompaniment, words: str) -> Response:
    if words:
        return group_page("groups/accompaniment/code.html", group, subject=str(SUBJECT), words=words)
    flash_success(_("%(name)s was asked. It begins when both sides have agreed.", name=made.name))
    return redirect_to("groups.accompaniment", pid=group.public_id)


def _back(place: InGroup) -> Response:
    return redirect_to("groups.accompaniment", pid=place.group.public_id)


View = Callable[[InGroup], ResponseReturnValue]


def unless_over(view: View) -> View:
    """A button pressed after the end, or twice: said in words."""

    @wraps(view)
    def pressed(place: InGroup) -> ResponseReturnValue:
        if place.thing.state in OPEN:
            return view(place)
        flash_info(OVER)
        return _back(place)

    return pressed


@section.post("/groups/<pid>/accompaniment/<aid>/sign")
@requires("groups.sign_accompaniment", on=load_agreement)
@unless_over
def sign_accompaniment(place: InGroup) -> ResponseReturnValue:
    """The group agrees."""
    agreeing.sign_for_group(place.thing, group=place.group, actor=current_actor())
    if place.thing.signed_by_group_on is None:
        flash_info(_("You have agreed. Another member has to agree as well."))
    else:
        flash_success(_("The group has agreed."))
    return _back(place)


@section.post("/groups/<pid>/accompaniment/<aid>/end")
@requires("groups.sign_accompaniment", on=load_agreement)
@unless_over
def end_accompaniment(place: InGroup) -> ResponseReturnValue:
    """The group ends it, or says no."""
    during.end_accompaniment(place.thing, actor=current_actor(), side=Side.GROUP)
    flash_success(_("It is over. Nobody from outside can look inside by it any more."))
    return _back(place)


@section.post("/groups/<pid>/accompaniment/<aid>/write")
@requires("groups.plan_accompaniment", on=load_agreement)
@unless_over
def write_companion(place: InGroup) -> ResponseReturnValue:
    """A message to the one who accompanies."""
    form, actor = WordForm(), current_actor()
    if form.validate_on_submit():
        words = form.text.data or ""
        if form.attempt(lambda: during.write_word(place.thing, words, actor=actor, side=Side.GROUP)):
            return _back(place)
    return _page(place.group, form, place.thing)


@section.post("/groups/<pid>/accompaniment/<aid>/substitutes/<int:number>")
@requires("groups.sign_accompaniment", on=lambda pid, aid, number: load_agreement(pid, aid))
@unless_over
def answer_substitute(place: InGroup) -> ResponseReturnValue:
    """The group accepts somebody who stands in, or not."""
    found = queries.substitute_in(place.thing, (request.view_args or {})["number"])
    accept = request.form.get("answer") == "yes"
    actor = current_actor()
    during.answer_substitute(found, accept, made=place.thing, group=place.group, actor=actor)
    flash_success(_("Accepted.") if accept else _("Not accepted."))
    return _back(place)


@section.get("/groups/<pid>/looked")
@requires("groups.see_accompaniment", on=load_group)
def looked(group: Group) -> ResponseReturnValue:
    """Everybody from outside who opened a part of the inside."""
    return group_page(
        "groups/accompaniment/looked.html",
        group,
        subject=_("Who has looked inside"),
        looks=queries.looks_at(group),
        labels=LABELS,
    )


# ---- professionals offer it


@section.get("/groups/<pid>/accompaniment/offer")
@requires("groups.offer_accompaniment", on=load_group)
def offer_form(group: Group) -> ResponseReturnValue:
    """The form of an offer."""
    return _offer_page(group, OfferForm(group, formdata=None))


@section.post("/groups/<pid>/accompaniment/offer")
@requires("groups.offer_accompaniment", on=load_group)
def offer_companion(group: Group) -> ResponseReturnValue:
    """Offer it; the group decides."""
    form, actor = OfferForm(group), current_actor()
    if form.validate_on_submit():
        made = form.attempt(lambda: agreeing.offer_companion(group, form.terms(), actor=actor))
        if made is not None:
            flash_success(_("The group was asked. It begins when it agrees."))
            return redirect_to("groups.companion", aid=made.public_id)
    return _offer_page(group, form)


def _offer_page(group: Group, form: OfferForm) -> Response:
    template, subject = "groups/accompaniment/offer.html", _("Offer accompaniment")
    return group_page(template, group, subject=subject, status=form.status, form=form)
