"""Adding, changing and taking away phases."""

from __future__ import annotations

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.processes import operations
from portal.processes.forms import PhaseForm, phase_data
from portal.processes.models import Phase, Process
from portal.processes.views.desk import hints_of
from portal.processes.views.section import PhaseOf, load_phase, load_process, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


@section.route("/office/processes/<pid>/phases/new", methods=["GET", "POST"])
@requires("processes.edit", on=load_process)
def new_phase(process: Process) -> ResponseReturnValue:
    """One more phase."""
    form = PhaseForm()
    saved = _saved(form, lambda: operations.add_phase(process, form.facts(), actor=current_actor()))
    return _after(process) if saved else _page(process, form)


@section.route("/office/processes/<pid>/phases/<phase_id>", methods=["GET", "POST"])
@requires("processes.edit", on=load_phase)
def phase(found: PhaseOf) -> ResponseReturnValue:
    """Other dates or words."""
    form = PhaseForm(data=phase_data(found.phase))
    saved = _saved(form, lambda: _change(found, form))
    return _after(found.process) if saved else _page(found.process, form, found.phase)


def _change(found: PhaseOf, form: PhaseForm) -> Phase:
    operations.change_phase(found.process, found.phase, form.facts(), actor=current_actor())
    return found.phase


def _saved(form: PhaseForm, operation: Callable[[], Phase]) -> bool:
    return form.validate_on_submit() and form.attempt(operation) is not None


def _page(process: Process, form: PhaseForm, phase: Phase | None = None) -> ResponseReturnValue:
    return render("processes/phase.html", status=form.status, form=form, process=process, phase=phase)


def _after(process: Process) -> ResponseReturnValue:
    """Saved; overlaps and gaps are said, not refused."""
    flash_success(_("Saved."))
    hints = hints_of(process)
    if hints:
        flash_info(" ".join(hints))
    return redirect_to("processes.workplace", pid=process.public_id)


@section.post("/office/processes/<pid>/phases/<phase_id>/remove")
@requires("processes.edit", on=load_phase)
def remove_phase(found: PhaseOf) -> ResponseReturnValue:
    """Take it away."""
    operations.remove_phase(found.process, found.phase, actor=current_actor())
    return _after(found.process)
