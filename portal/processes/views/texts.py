"""Writing a process in another language."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from portal.content.queries import PLAIN, html_language, text_in
from portal.core.i18n import LANGUAGES
from portal.core.i18n import gettext as _
from portal.processes import operations, queries
from portal.processes.forms import field_of, text_form
from portal.processes.models import Phase, Process
from portal.processes.queries import source_of, source_of_phase
from portal.processes.views.section import OneLanguage, load_language, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


@section.route("/office/processes/<pid>/texts/<slug>", methods=["GET", "POST"])
@requires("processes.edit", on=load_language)
def write_texts(found: OneLanguage) -> ResponseReturnValue:
    """All words of the process, the original beside each field."""
    process, phases = found.process, queries.phases_of([found.process.id])[found.process.id]
    form = text_form(process, phases, _written(process, phases, found.slug))
    if form.validate_on_submit() and form.attempt(lambda: _save(found, phases, form)):
        flash_success(_("Saved."))
        return redirect_to("processes.workplace", pid=process.public_id)
    context = _language_context(found, phases)
    return render("processes/texts.html", status=form.status, form=form, **context)


def _language_context(found: OneLanguage, phases: list[Phase]) -> dict[str, Any]:
    known = LANGUAGES.get(found.slug)
    return {
        "process": found.process,
        "originals": _originals(found.process, phases),
        "slug": found.slug,
        "language_name": known.name if known else found.slug,
        "text_lang": html_language(found.slug),
        "source_lang": html_language(found.process.language),
        "is_plain": found.slug == PLAIN,
    }


def _written(process: Process, phases: list[Phase], slug: str) -> dict[str, str]:
    """What stands in this language already, by field."""
    own = text_in("process", process.id, slug)
    found = dict(own.fields) if own else {}
    for phase in phases:
        text = text_in("process_phase", phase.id, slug) if any(source_of_phase(phase).values()) else None
        if text:
            found |= {field_of(phase, name): words for name, words in text.fields.items()}
    return found


def _originals(process: Process, phases: list[Phase]) -> dict[str, str]:
    found = source_of(process)
    for phase in phases:
        found |= {field_of(phase, name): words for name, words in source_of_phase(phase).items()}
    return found


def _save(found: OneLanguage, phases: list[Phase], form: Form) -> bool:
    words = {name: form[name].data or "" for name in ("title", "summary", "body") if name in form}
    phase_words = {
        one.public_id: {
            name: form[field_of(one, name)].data or ""
            for name in ("title", "text")
            if field_of(one, name) in form
        }
        for one in phases
    }
    operations.save_texts(found.process, found.slug, words, phase_words, actor=current_actor())
    return True
