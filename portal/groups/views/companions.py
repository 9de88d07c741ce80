"""Accompaniment as the one who accompanies sees it: own agreements, one of them, looking inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.accompanying import CompanionCodeForm, NoteForm, SubstituteForm, WordForm
from portal.groups.models import Accompaniment, CompanionKind, Grant, Side
from portal.groups.operations.accompanying import agreeing, closing, during
from portal.groups.permissions.accompanying import OPEN, grants_of
from portal.groups.queries import accompanying as queries
from portal.groups.queries.looks import Look, look_at
from portal.groups.queries.members import active_count
from portal.groups.views.accompaniment import LABELS, OVER
from portal.groups.views.framing import exit_url, neutral_title, private
from portal.groups.views.section import section
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

register_nav(
    "groups.companions",
    _l("Accompaniment"),
    icon="people",
    order=45,
    area="staff",
    permission="groups.open_companion_code",
)


def load_own(aid: str) -> Accompaniment | None:
    """The agreement of the URL; only who accompanies by it gets it."""
    return queries.by_public_id(aid)


@section.get("/groups/accompaniments")
@own
def companions() -> ResponseReturnValue:
    """The groups one accompanies, and a field for the code of another."""
    return _list(CompanionCodeForm(formdata=None))


def _list(form: CompanionCodeForm) -> Response:
    response = render(
        "groups/accompaniment/companions.html",
        status=form.status,
        agreements=queries.own_agreements(current_actor()),
        labels=LABELS,
        form=form,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(response)


@section.post("/groups/accompaniments")
@requires("groups.open_companion_code")
def open_companion_code() -> ResponseReturnValue:
    """Open a proposal with the three words on paper."""
    form, actor = CompanionCodeForm(), current_actor()
    if form.validate_on_submit():
        made = form.attempt(lambda: agreeing.open_by_code(form.code.data or "", actor=actor))
        if made is not None:
            return redirect_to("groups.companion", aid=made.public_id)
    return _list(form)


@section.get("/groups/accompaniments/<aid>")
@requires("groups.look_back", on=load_own)
def companion(made: Accompaniment) -> ResponseReturnValue:
    """One agreement: what it says, what it opens, what the two wrote."""
    return companion_page(made)


def companion_page(
    made: Accompaniment,
    form: WordForm | None = None,
    substitute: SubstituteForm | None = None,
    note: NoteForm | None = None,
) -> Response:
    """The page of one agreement, with whichever form was refused."""
    found, actor = queries.agreement(made), current_actor()
    grants, opened = grants_of(made, found.group), queries.opened_today(made, actor)
    failed = form or substitute or note
    response = render(
        "groups/accompaniment/companion.html",
        status=failed.status if failed else 200,
        one=found,
        grants=_looks(grants, opened),
        size=active_count(found.group) if Grant.MEMBER_COUNT in opened & grants else None,
        decided=queries.decided(found.group) if Grant.ATTEND in opened & grants else [],
        labels=LABELS,
        is_own=can(actor, "groups.answer_as_companion", made),
        is_running=can(actor, "groups.accompany", made),
        note=note or note_form(made),
        form=form or WordForm(formdata=None),
        substitute=substitute or (SubstituteForm(made, formdata=None) if _may_hand_over(made) else None),
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(response)


def _looks(grants: frozenset[Grant], opened: frozenset[Grant]) -> list[tuple[Grant, Look, bool]]:
    """What was granted and opens something, and whether it is open today."""
    found = [(one, look_at(one)) for one in Grant if one in grants]
    return [(one, look, one in opened) for one, look in found if look is not None]


def note_form(made: Accompaniment) -> NoteForm | None:
    """The form of the note, for a professional who accompanies a circle; None for everybody else."""
    own = can(current_actor(), "groups.answer_as_companion", made)
    if not (own and closing.may_note(made, queries.group_of(made))):
        return None
    before = queries.note_of(made)
    return NoteForm(formdata=None, data={"text": before.text if before else ""})


def _may_hand_over(made: Accompaniment) -> bool:
    is_own = can(current_actor(), "groups.answer_as_companion", made)
    return is_own and made.kind is CompanionKind.PROFESSIONAL and made.from_on is not None


def _back(made: Accompaniment) -> Response:
    return redirect_to("groups.companion", aid=made.public_id)


View = Callable[[Accompaniment], ResponseReturnValue]


def unless_over(view: View) -> View:
    """A button pressed after the end, or twice: said in words, and back to what one may still see."""

    @wraps(view)
    def pressed(made: Accompaniment) -> ResponseReturnValue:
        if made.state in OPEN:
            return view(made)
        flash_info(OVER)
        may_look = can(current_actor(), "groups.look_back", made)
        return _back(made) if may_look else redirect_to("groups.companions")

    return pressed


@section.post("/groups/accompaniments/<aid>/sign")
@requires("groups.press_as_companion", on=load_own)
@unless_over
def sign_as_companion(made: Accompaniment) -> ResponseReturnValue:
    """Agree."""
    agreeing.sign_as_companion(made, group=queries.group_of(made), actor=current_actor())
    flash_success(_("You have agreed."))
    return _back(made)


@section.post("/groups/accompaniments/<aid>/end")
@requires("groups.press_as_companion", on=load_own)
@unless_over
def end_as_companion(made: Accompaniment) -> ResponseReturnValue:
    """End it, or say no."""
    during.end_accompaniment(made, actor=current_actor(), side=Side.COMPANION)
    flash_success(_("It is over. The group was told."))
    return redirect_to("groups.companions")


@section.post("/groups/accompaniments/<aid>/look")
@requires("groups.press_as_companion", on=load_own)
@unless_over
def look_inside(made: Accompaniment) -> ResponseReturnValue:
    """Open a part for today; the group reads it."""
    wanted = request.form.get("what")
    what = next((one for one in Grant if one == wanted), None)
    during.look_inside(made, what, actor=current_actor())
    flash_success(_("It is open for you today. The group can see that you have looked."))
    return _back(made)


@section.post("/groups/accompaniments/<aid>/write")
@requires("groups.press_as_companion", on=load_own)
@unless_over
def write_group(made: Accompaniment) -> ResponseReturnValue:
    """A message to the group."""
    form, actor = WordForm(), current_actor()
    if form.validate_on_submit():
        words = form.text.data or ""
        if form.attempt(lambda: during.write_word(made, words, actor=actor, side=Side.COMPANION)):
            return _back(made)
    return companion_page(made, form)


@section.post("/groups/accompaniments/<aid>/substitute")
@requires("groups.press_as_companion", on=load_own)
@unless_over
def propose_substitute(made: Accompaniment) -> ResponseReturnValue:
    """Name a colleague for a while."""
    form = SubstituteForm(made)
    if form.validate_on_submit() and form.attempt(lambda: _propose(made, form)) is not None:
        flash_success(_("The group was asked."))
        return _back(made)
    return companion_page(made, substitute=form)


def _propose(made: Accompaniment, form: SubstituteForm) -> object:
    return during.propose_substitute(
        made,
        form.chosen(),
        actor=current_actor(),
        from_on=form.from_on.data,
        until_on=form.until_on.data,
    )
