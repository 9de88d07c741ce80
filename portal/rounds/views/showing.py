"""What everybody reads: the list of votes, one vote, its rules as a file, its log."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.processes.queries import Part, register_part
from portal.rounds.models import Round
from portal.rounds.queries import logbook, showing
from portal.rounds.queries.showing import PER_PAGE
from portal.rounds.views.presenting import badge_of, cards, keep_unless_it_changes, page_context
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.page_cache import keep_for_visitors
from portal.web.render import Page, page_number, render


@section.get("/votes")
@requires("rounds.list")
def index() -> ResponseReturnValue:
    """What runs, what comes, what is over."""
    number = page_number()
    running, coming = showing.running_rounds(), showing.coming_rounds()
    past, total = showing.past_rounds(number)
    keep_unless_it_changes([*running, *coming])
    page = Page(number, PER_PAGE, total)
    return render(
        "rounds/list.html", page=page, running=cards(running), coming=cards(coming), past=cards(past)
    )


@section.get("/votes/<pid>")
@requires("rounds.see", on=load_round)
def detail(vote: Round) -> ResponseReturnValue:
    """One vote, before, while and after people vote."""
    if not vote.is_draft:
        keep_unless_it_changes([vote])
    return render("rounds/detail.html", **page_context(vote))


@section.get("/votes/<pid>/rules.json")
@requires("rounds.see", on=load_round)
def rules_file(vote: Round) -> ResponseReturnValue:
    """The frozen rules and options, byte for byte as they were hashed. A draft has none yet."""
    if vote.rules_json is None:
        raise NotFound
    keep_for_visitors()
    return _file(vote.rules_json, "application/json", f"vote-{vote.public_id}-rules.json")


@section.get("/votes/<pid>/log")
@requires("rounds.see", on=load_round)
def log(vote: Round) -> ResponseReturnValue:
    """The chain of hashes, newest first, and how to check it."""
    rows = list(reversed(logbook.entries(vote)))
    roll = logbook.roll_said(rows[::-1])
    return render("rounds/log.html", vote=vote, badge=badge_of(vote), rows=rows, roll=roll)


@section.get("/votes/<pid>/log.jsonl")
@requires("rounds.see", on=load_round)
def log_file(vote: Round) -> ResponseReturnValue:
    """The same as lines, for `portal recount --log`."""
    return _file(logbook.export_jsonl(vote), "application/jsonl", f"vote-{vote.public_id}-log.jsonl")


def _file(text: str, mimetype: str, name: str) -> Response:
    response = Response(text, mimetype=f"{mimetype}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def part_of_process(process_id: int, actor: Actor) -> Part | None:
    """The votes of a process, on its page."""
    votes = showing.rounds_of_process(process_id)
    if not votes:
        return None
    return Part(_("Votes"), "rounds/_part.html", {"rounds": cards(votes)})


register_part("rounds", part_of_process, order=50)
