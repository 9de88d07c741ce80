"""What everybody reads: the list, a process, and a draft by its secret link."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from portal.content.queries import PLAIN
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.processes import queries
from portal.processes.models import PreviewLink, Process
from portal.processes.queries import PER_PAGE
from portal.processes.views.presenting import cards, page_context
from portal.processes.views.section import load_preview, load_process, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.page_cache import LIFETIME_SECONDS, keep_for_visitors
from portal.web.render import Page, page_number, render
from portal.web.responses import redirect_to


@section.get("/processes")
@requires("processes.list")
def index() -> ResponseReturnValue:
    """What runs, what comes, what is over."""
    number = page_number()
    lists = queries.process_lists(number)
    _keep_unless_it_changes([*lists.running, *lists.coming])
    shown = cards([*lists.running, *lists.coming, *lists.past])
    first, second = len(lists.running), len(lists.running) + len(lists.coming)
    return render(
        "processes/list.html",
        running=shown[:first],
        coming=shown[first:second],
        past=shown[second:],
        page=Page(number, PER_PAGE, lists.past_total),
    )


def _keep_unless_it_changes(listed: list[queries.Listed]) -> None:
    """A page kept for some seconds must not say "open" when it is not any more."""
    phases = [phase for one in listed for phase in one.phases]
    if not queries.changes_within(phases, timedelta(seconds=LIFETIME_SECONDS)):
        keep_for_visitors()


@section.get("/processes/<pid>")
@requires("processes.see", on=load_process)
def detail(process: Process) -> ResponseReturnValue:
    """One process with everything that belongs to it."""
    context = page_context(process)
    if not process.is_draft:
        _keep_unless_it_changes([queries.Listed(process, process.phases)])
    parts = queries.parts_of(process.id, current_actor())
    easy = None if current_language().slug == PLAIN else url_for(".detail", lang=PLAIN, pid=process.public_id)
    given = {**context, "parts": parts, "easy_url": easy}
    return render("processes/detail.html", is_preview=process.is_draft, **given)


@section.get("/processes/preview/<token>")
@requires("processes.preview", on=load_preview)
def preview(link: PreviewLink) -> ResponseReturnValue:
    """A draft as it will look, for whoever holds the link. Nothing keeps it, no search engine lists it."""
    process = queries.process_by_id(link.process_id)
    if process is None:
        raise NotFound
    if not process.is_draft:
        return redirect_to("processes.detail", pid=process.public_id)
    context = {**page_context(process), "parts": [], "easy_url": None}
    return _secret(render("processes/detail.html", is_preview=True, **context))


def _secret(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
