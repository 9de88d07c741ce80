"""Two members together: what an empty role could do. One starts, a second confirms."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.groups.forms.sharing import WordsForm
from portal.groups.models import Group
from portal.groups.operations.pairs import (
    ACTS,
    STOP,
    call_off,
    can_be_done_together,
    confirm_together,
    open_acts,
    start_together,
)
from portal.groups.views.doing import act_in, load_act, tried
from portal.groups.views.framing import group_page
from portal.groups.views.members import own_membership
from portal.groups.views.presenting import act_cards
from portal.groups.views.section import InGroup, load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

# What a page starts directly; requests and roles are started where they stand.
WORDS = ("contact", "aim")


@section.get("/groups/<pid>/together")
@requires("groups.leave", on=load_group)
def together(group: Group) -> ResponseReturnValue:
    """What waits for a second person, and what can be started."""
    return _page(group)


def _page(group: Group, *, form: WordsForm | None = None, code: str | None = None) -> ResponseReturnValue:
    form = form or WordsForm(formdata=None)
    return group_page(
        "groups/together.html",
        group,
        tab="members",
        subject=_("Together"),
        status=form.status,
        form=form,
        code=code,
        own=own_membership(group),
        acts=act_cards(open_acts(group), group),
        can_start=[act for act in ACTS if can_be_done_together(group, act)],
    )


@section.post("/groups/<pid>/together/words")
@requires("groups.take_part", on=load_group)
def start_words(group: Group) -> ResponseReturnValue:
    """Other words for how people reach the group, or for what it is for."""
    form, act = WordsForm(), request.form.get("act", "")
    if act not in WORDS:
        raise NotFound
    if not form.validate_on_submit() or not form.attempt(lambda: _start(group, act, words=form.words.data)):
        return _page(group, form=form)
    return redirect_to("groups.together", pid=group.public_id)


@section.post("/groups/<pid>/together/code")
@requires("groups.take_part", on=load_group)
def start_code(group: Group) -> ResponseReturnValue:
    """An invitation that two members make."""
    tried(lambda: _start(group, "code", uses=1), _("Noted."))
    return redirect_to("groups.together", pid=group.public_id)


def _start(group: Group, act: str, **data: Any) -> bool:
    started = start_together(group, act, actor=current_actor(), **data)
    done = started.confirmed_by_id is not None
    flash_success(_("Done: two of you want it.") if done else _("A second member has to confirm it."))
    return True


@section.post("/groups/<pid>/together/<aid>/confirm")
@requires("groups.take_part", on=load_act)
def confirm_act(place: InGroup) -> ResponseReturnValue:
    """The second person says yes; a code is shown this once."""
    shown: list[str | None] = []
    act, group, actor = act_in(place), place.group, current_actor()
    done = tried(
        lambda: shown.append(confirm_together(act, group=group, actor=actor)),
        _("Done: two of you want it."),
    )
    if done and shown[0]:
        return _page(group, code=shown[0])
    if done and act.act == STOP:
        return redirect_to("groups.detail", pid=group.public_id)
    return redirect_to("groups.together", pid=group.public_id)


@section.post("/groups/<pid>/together/<aid>/call-off")
@requires("groups.take_part", on=load_act)
def call_act_off(place: InGroup) -> ResponseReturnValue:
    """The one who started it would rather not."""
    tried(
        lambda: call_off(act_in(place), group=place.group, actor=current_actor()),
        _("Taken back."),
    )
    return redirect_to("groups.together", pid=place.group.public_id)
