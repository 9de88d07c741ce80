"""Where moderators prepare processes: a list, a new one, its facts, publishing, archiving, preview links."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.content.models import TextState
from portal.content.queries import version_states
from portal.core.i18n import LANGUAGES, current_language
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.processes import operations, queries
from portal.processes.forms import FactsForm, NewProcessForm, facts_data
from portal.processes.models import Process
from portal.processes.queries import standing_of
from portal.processes.queries.words import gap_words, overlap_words
from portal.processes.views.presenting import badge_of, cards, contact_of, timeline
from portal.processes.views.section import load_process, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_error, flash_info, flash_success, redirect_to


@section.get("/office/processes")
@requires("processes.work")
def desk() -> ResponseReturnValue:
    """Every process this moderator may change."""
    rows = cards(queries.desk_processes(current_actor()), "processes.workplace")
    return render("processes/desk.html", rows=rows)


@section.route("/office/processes/new", methods=["GET", "POST"])
@requires("processes.create")
def new() -> ResponseReturnValue:
    """Begin from a template or from an earlier process."""
    earlier = queries.desk_processes(current_actor())
    form = NewProcessForm(earlier, language=current_language().slug)
    process = form.attempt(lambda: _begin(form)) if form.validate_on_submit() else None
    if process is None:
        return render("processes/new.html", status=form.status, form=form)
    flash_success(_("The draft is there. Nobody else sees it yet."))
    return redirect_to("processes.edit", pid=process.public_id)


def _begin(form: NewProcessForm) -> Process:
    actor, title, day = current_actor(), form.title.data or "", form.starts_on.data
    assert day is not None  # validated
    if form.kind is not None:
        language = form.language.data
        return operations.create_process(actor, form.kind, title=title, starts_on=day, language=language)
    source = queries.process_by_public_id(form.source.data)
    assert source is not None  # the form offers only what there is
    return operations.copy_process(actor, source, title=title, starts_on=day)


@section.get("/office/processes/<pid>")
@requires("processes.edit", on=load_process)
def workplace(process: Process) -> ResponseReturnValue:
    """Everything about one process at a glance: what is missing, dates, languages, links."""
    return render("processes/workplace.html", **workplace_context(process))


def workplace_context(process: Process, fresh_url: str | None = None) -> dict[str, Any]:
    """What the page shows. fresh_url: the link just made, shown this once."""
    phases = queries.phases_of([process.id])[process.id]
    return {
        "process": process,
        "badge": badge_of(process, standing_of(phases)),
        "contact": contact_of(process),
        "phases": list(zip(phases, timeline(phases, {}, process.language), strict=True)),
        "hints": hints_of(process),
        "texts": _languages(process),
        "links": queries.open_previews(process) if process.is_draft else [],
        "fresh_url": fresh_url,
    }


def hints_of(process: Process) -> list[str]:
    """Overlaps and gaps of the phases in sentences: no mistakes, but worth a look."""
    phases = queries.phases_of([process.id])[process.id]
    return [
        *(overlap_words(one) for one in queries.overlaps_of(phases)),
        *(gap_words(one) for one in queries.gaps_of(phases)),
    ]


def _languages(process: Process) -> list[tuple[str, str, str]]:
    """(code, name, state) of the portal's languages besides the original's."""
    states = version_states("process", process.id, process.language)
    return [
        (one.language, LANGUAGES[one.language].name, TextState(one.state).value)
        for one in states
        if one.language in LANGUAGES and not one.is_source
    ]


@section.route("/office/processes/<pid>/facts", methods=["GET", "POST"])
@requires("processes.edit", on=load_process)
def edit(process: Process) -> ResponseReturnValue:
    """Words and facts."""
    form = FactsForm(data=facts_data(process))
    if form.validate_on_submit() and form.attempt(lambda: _save(process, form)):
        flash_success(_("Saved."))
        return redirect_to("processes.workplace", pid=process.public_id)
    return render("processes/facts.html", status=form.status, form=form, process=process)


def _save(process: Process, form: FactsForm) -> bool:
    operations.edit_process(process, form.facts(), actor=current_actor())
    return True


@section.post("/office/processes/<pid>/publish")
@requires("processes.edit", on=load_process)
def publish(process: Process) -> ResponseReturnValue:
    """Let everybody read it."""
    form = Form()
    form.attempt(lambda: operations.publish_process(process, actor=current_actor()))
    if form.form_errors:
        flash_error(form.form_errors[0])
        return redirect_to("processes.workplace", pid=process.public_id)
    flash_success(_("It is public."))
    return redirect_to("processes.detail", pid=process.public_id)


@section.post("/office/processes/<pid>/archive")
@requires("processes.edit", on=load_process)
def archive(process: Process) -> ResponseReturnValue:
    """Close it for good; it stays readable."""
    operations.archive_process(process, actor=current_actor())
    flash_success(_("Archived. Everybody can still read it; nothing in it is open any more."))
    return redirect_to("processes.workplace", pid=process.public_id)


@section.post("/office/processes/<pid>/reopen")
@requires("processes.edit", on=load_process)
def reopen(process: Process) -> ResponseReturnValue:
    """Its dates count again."""
    operations.reopen_process(process, actor=current_actor())
    flash_success(_("Open again."))
    return redirect_to("processes.workplace", pid=process.public_id)


@section.route("/office/processes/<pid>/delete", methods=["GET", "POST"])
@requires("processes.edit", on=load_process)
def delete(process: Process) -> ResponseReturnValue:
    """Throw a draft away, after a question."""
    form = Form()
    if form.validate_on_submit():
        operations.delete_draft(process, actor=current_actor())
        flash_info(_("The draft is deleted."))
        return redirect_to("processes.desk")
    return render("processes/delete.html", process=process, form=form)


@section.post("/office/processes/<pid>/preview")
@requires("processes.edit", on=load_process)
def make_preview(process: Process) -> ResponseReturnValue:
    """A secret link, shown this once."""
    token = operations.make_preview(process, actor=current_actor())
    url = current_settings().base_url + url_for("processes.preview", token=token)
    return render("processes/workplace.html", **workplace_context(process, url))


@section.post("/office/processes/<pid>/preview/revoke")
@requires("processes.edit", on=load_process)
def revoke_previews(process: Process) -> ResponseReturnValue:
    """No link shows anything any more."""
    operations.revoke_previews(process, actor=current_actor())
    flash_success(_("All secret links have ended."))
    return redirect_to("processes.workplace", pid=process.public_id)
