"""Ideas: wishes to do something together, and who would take part."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.i18n import gettext as _
from portal.core.subjects import SubjectRef, resolve
from portal.groups.forms.founding import IdeaForm
from portal.groups.models import Idea
from portal.groups.operations import wishing
from portal.groups.operations.wishing import IDEA
from portal.groups.queries.wishes import count_of_ideas, idea_by_public_id, ideas_page, wish_for
from portal.groups.views.founding import origin_of
from portal.groups.views.section import section
from portal.places.queries import district_names
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render
from portal.web.responses import flash_info, flash_success, redirect_to

IDEAS_PER_PAGE = 24


def load_idea(iid: str) -> Idea | None:
    """The idea of the URL, hidden or not."""
    return idea_by_public_id(iid)


@section.get("/groups/ideas")
@requires("groups.list")
def ideas() -> ResponseReturnValue:
    """What people would like to do with others."""
    page = Page(page_number(), IDEAS_PER_PAGE, count_of_ideas())
    found = ideas_page(offset=page.offset, limit=IDEAS_PER_PAGE)
    return render("groups/ideas.html", page=page, ideas=[_line(idea, count) for idea, count in found])


def _line(idea: Idea, count: int) -> dict[str, Any]:
    return {
        "title": idea.title,
        "url": url_for("groups.idea", iid=idea.public_id),
        "html_lang": html_language(idea.language),
        "where": district_names().get(idea.district_id or 0, ""),
        "count": count,
    }


@section.route("/groups/ideas/new", methods=["GET", "POST"])
@requires("groups.write_idea")
def new_idea() -> ResponseReturnValue:
    """Say what one would like to do with others."""
    form = IdeaForm()
    idea = form.attempt(lambda: _write(form)) if form.validate_on_submit() else None
    if idea is None:
        return render("groups/new_idea.html", status=form.status, form=form)
    flash_success(_("Your idea is there. When three people say “me too”, you can begin."))
    return redirect_to("groups.idea", iid=idea.public_id)


def _write(form: IdeaForm) -> Idea:
    return wishing.write_idea(
        current_actor(),
        title=form.title.data or "",
        text=form.text.data or "",
        district_id=form.district_id,
        form_key=(form.key.data or "")[:40],
    )


@section.get("/groups/ideas/<iid>")
@requires("groups.see_idea", on=load_idea)
def idea(wanted: Idea) -> ResponseReturnValue:
    """One idea: what it is, how many would take part, and the founding circle."""
    return render(
        "groups/idea.html",
        idea=wanted,
        html_lang=html_language(wanted.language),
        where=district_names().get(wanted.district_id or 0, ""),
        **wish_context(SubjectRef(IDEA, wanted.id), wanted.public_id),
    )


def wish_context(subject: SubjectRef, public_id: str) -> dict[str, Any]:
    """What `groups/_me_too.html` shows beside an idea or a proposal."""
    actor = current_actor()
    wish = wish_for(subject, actor)
    may_join = wish.circle is not None and wishing.may_join_circle(wish.circle, actor)
    return {
        "wish": wish,
        "circle_url": url_for("groups.detail", pid=wish.circle.public_id) if wish.circle else "",
        "join_url": url_for("groups.join", pid=wish.circle.public_id) if wish.circle and may_join else "",
        "ended_url": url_for("groups.detail", pid=wish.ended.public_id) if wish.ended else "",
        "begin_url": url_for("groups.new", origin=f"{subject.kind}:{public_id}"),
        "me_too_page_url": url_for("groups.me_too_page", kind=subject.kind, public_id=public_id),
        "me_too_url": url_for("groups.me_too", kind=subject.kind, public_id=public_id),
    }


def load_subject(kind: str, public_id: str) -> SubjectRef | None:
    """The proposal or idea of the URL, if this reader may see it."""
    return origin_of(f"{kind}:{public_id}")


@section.get("/groups/me-too/<kind>/<public_id>")
@requires("groups.me_too", on=load_subject)
def me_too_page(subject: SubjectRef) -> ResponseReturnValue:
    """Where somebody comes back to after signing in: one button, no change by GET."""
    found = resolve(subject)
    public_id = (request.view_args or {})["public_id"]
    context = wish_context(subject, public_id)
    return render("groups/me_too_page.html", title=found.title if found else "", **context)


@section.post("/groups/me-too/<kind>/<public_id>")
@requires("groups.me_too", on=load_subject)
def me_too(subject: SubjectRef) -> ResponseReturnValue:
    """ "Me too", or not any more; a second tap of the same button changes nothing."""
    actor = current_actor()
    if "take_back" in request.form:
        wishing.take_me_too_back(subject, actor=actor)
        flash_info(_("You are not counted any more."))
    else:
        wishing.say_me_too(subject, actor=actor)
        flash_success(_("You are counted. Nobody sees who it is."))
    return _back(subject)


def _back(subject: SubjectRef) -> ResponseReturnValue:
    found = resolve(subject)
    endpoint, values = found.endpoint if found else ("groups.ideas", {})
    return redirect_to(endpoint, anchor="me-too", **values)


@section.post("/groups/ideas/<iid>/close")
@requires("groups.close_idea", on=load_idea)
def close_idea(wanted: Idea) -> ResponseReturnValue:
    """Take one's idea from the list."""
    wishing.close_idea(wanted, actor=current_actor())
    flash_info(_("Your idea is no longer in the list."))
    return redirect_to("groups.ideas")
