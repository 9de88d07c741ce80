"""The public result: who won, why, what it cost, who took part, and how to count it again oneself."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.proposals.models import TOPIC_LOOKS, Topic
from portal.rounds.models import ObjectionState, Round, RoundOption
from portal.rounds.queries import duels, logbook, resulting
from portal.rounds.queries.observing import FILE_READ, release_of
from portal.rounds.queries.resulting import OPTIONS_PER_PAGE, Found, OptionResult
from portal.rounds.views.section import load_round, section
from portal.rounds.views.wording import rivals_of, why
from portal.voting.bundle import recount_archive
from portal.web.access import requires
from portal.web.page_cache import keep_for_visitors
from portal.web.render import Page, page_number, render


def found_or_404(vote: Round) -> Found:
    """The result of a published round."""
    found = resulting.found_of(vote)
    if found is None:
        raise NotFound
    return found


@section.get("/votes/<pid>/result")
@requires("rounds.see_result", on=load_round)
def result(vote: Round) -> ResponseReturnValue:
    """The result, understandable in a minute; every option with its reason."""
    keep_for_visitors()
    found = found_or_404(vote)
    page = Page(page_number(), OPTIONS_PER_PAGE, len(found.options))
    more = {} if page.page > 1 else _first_page(vote, found)
    return render("rounds/result.html", page=page, **_list(vote, found, page), **_common(vote, found), **more)


def _list(vote: Round, found: Found, page: Page) -> dict[str, Any]:
    first = (page.page - 1) * OPTIONS_PER_PAGE
    shown = found.options[first : first + OPTIONS_PER_PAGE]
    return {"rows": [option_row(vote, found, one) for one in shown], "is_first": page.page == 1}


def _common(vote: Round, found: Found) -> dict[str, Any]:
    return {
        "vote": vote,
        "html_lang": html_language(vote.language),
        "found": found,
        "outcome": found.outcome,
        "ballots": found.outcome["voters"] + found.outcome["blank"],
        "winners": len(found.winners),
        "spent": found.spent_cents,
        "left": max((vote.budget_cents or 0) - found.spent_cents, 0),
        "is_budget": bool(vote.budget_cents),
        "has_points": found.has_points,
        "measure": _measure(found),
        "has_support": any(one.support is not None for one in found.options),
        "is_shares": str(found.outcome["rule"]).startswith("equal_shares"),
    }


def _first_page(vote: Round, found: Found) -> dict[str, Any]:
    """What stands beside the list of options."""
    published, log = found.outcome.get("published"), logbook.entries(vote)
    roll = logbook.roll_said(log)
    return {
        "segments": _segments(vote, found),
        **_areas(vote, found),
        "duels": duels.duels_of(found),
        "ways": _ways(found),
        "turnout": _turnout(found),
        "release": None if vote.imported else release_of(vote),
        "times_read": sum(one.kind == FILE_READ for one in log),
        "is_equal": None if published is None else set(published) == set(found.outcome["winners"]),
        "objections": resulting.objections_of(vote),
        "is_unbroken": logbook.holds(vote, log),
        "head": log[-1] if log else None,
        "roll": roll,
        "is_overfull": bool(roll.findings(found.outcome["voters"] + found.outcome["blank"])),
        "open_state": ObjectionState.OPEN,
    }


def _measure(found: Found) -> str:
    """What the number of each option counts."""
    if found.duels:
        return _("Comparisons won")
    if found.is_majority:
        return _("Yes")
    return _("Points") if found.has_points else pgettext("votes an option got", "Votes")


def _areas(vote: Round, found: Found) -> dict[str, Any]:
    """Where the money goes: by district where options have one, otherwise by topic; and which of both."""
    has_districts = any(resulting.area_of(vote, one.option) for one in found.options)
    if has_districts:
        areas = resulting.spent_by(found, lambda option: resulting.area_of(vote, option))
    else:
        areas = resulting.spent_by(found, _topic)
    return {"areas": areas, "has_districts": has_districts}


def _topic(option: RoundOption) -> str:
    known = option.category in set(Topic)
    return str(TOPIC_LOOKS[Topic(option.category)].label) if known else option.category


def _turnout(found: Found) -> list[tuple[str, int]]:
    """Ballots by channel; nothing where the file does not say how people voted."""
    numbers = found.result.turnout
    if not numbers.get("online") and not numbers.get("paper"):
        return []
    return [(label, numbers.get(key, 0)) for key, label in _channels()]


def _channels() -> list[tuple[str, str]]:
    return [
        ("online", _("On the web")),
        ("paper", _("On paper")),
        ("unknown", _("Not said")),
        ("invalid", _("Invalid sheets")),
    ]


def _segments(vote: Round, found: Found) -> list[tuple[float, float]]:
    """(where it begins, how wide) of each winner on a bar of 100."""
    segments, begin = [], 0.0
    for one in found.winners:
        width = (one.option.cost_cents or 0) * 100 / (vote.budget_cents or 1)
        segments.append((round(begin, 2), round(width, 2)))
        begin += width
    return segments


def _ways(found: Found) -> dict[str, Any] | None:
    """Both ways to spend a budget side by side; `shares` and `greedy`, and what only one of them elects."""
    told, other = found.explanation, found.explanation.get("comparison")
    if not other:
        return None
    ours = {
        "count": len(found.winners),
        "spent": told["spent_cents"],
        "without": told["without_winner"],
        "average": told["average_winners"],
        "only": [found.by_code[code] for code in other["only_here"]],
    }
    theirs = {
        "count": len(other["winners"]),
        "spent": other["spent_cents"],
        "without": other["without_winner"],
        "average": other["average_winners"],
        "only": [found.by_code[code] for code in other["only_there"]],
    }
    is_shares = told["rule"].startswith("equal_shares")
    return {
        "shares": ours if is_shares else theirs,
        "greedy": theirs if is_shares else ours,
        "is_shares": is_shares,
    }


def option_row(vote: Round, found: Found, one: OptionResult) -> dict[str, Any]:
    """One option as a line of the table."""
    number, share = _number(found, one)
    return {
        "code": one.option.code,
        "title": one.option.title,
        "html_lang": html_language(one.option.language),
        "url": url_for("rounds.result_option", pid=vote.public_id, code=one.option.code),
        "place": one.place,
        "votes": one.votes,
        "score": number,
        "share": share,
        "cost": one.option.cost_cents,
        "support": one.support,
        "why": why(vote, found, one),
    }


def _number(found: Found, one: OptionResult) -> tuple[float, int]:
    """What an option got (`_measure` says of what), and how much of the most in percent."""
    if found.duels:
        won = duels.won_by(found, one)
        return won, won * 100 // max(len(found.duels) - 1, 1)
    if found.is_majority:
        yes, cast = (one.facts.get(name, 0) for name in ("yes", "cast"))
        return yes, yes * 100 // (cast or 1)
    if found.is_ranking:  # few people voted: how they compared two options is not told
        return one.votes, one.votes * 100 // (max(each.votes for each in found.options) or 1)
    most = max((each.score for each in found.options), default=0) or 1
    scale = found.outcome.get("point_scale") or 1
    number = one.score / scale if one.score % scale else one.score // scale
    return number, max(one.score, 0) * 100 // most


def load_option(pid: str, code: str) -> OptionOf | None:
    """An option of a round, with its result if there is one."""
    vote = load_round(pid)
    return OptionOf(vote, code) if vote is not None else None


class OptionOf:
    """One option of a round by its code; permissions ask the round."""

    def __init__(self, vote: Round, code: str) -> None:
        self.vote, self.code = vote, code

    def __getattr__(self, name: str) -> Any:
        return getattr(self.vote, name)


@section.get("/votes/<pid>/result/options/<path:code>")
@requires("rounds.see_result", on=load_option)
def result_option(option: OptionOf) -> ResponseReturnValue:
    """Everything about one option: price, who paid, how close it was, what would have had to be different."""
    keep_for_visitors()
    vote, found = option.vote, found_or_404(option.vote)
    one = found.by_code.get(option.code)
    if one is None:
        raise NotFound
    row, rivals = option_row(vote, found, one), rivals_of(found, one)
    context = {**_common(vote, found), "duels": duels.duels_of_option(found, one)}
    return render("rounds/result_option.html", one=one, row=row, rivals=rivals, **context)


@section.get("/votes/<pid>/result/ballots.pb")
@requires("rounds.see_file", on=load_round)
def result_file(vote: Round) -> ResponseReturnValue:
    """The file with every ballot, byte for byte as it was hashed."""
    content = resulting.file_content(vote)
    if content is None:
        raise NotFound
    return download(content, "text/csv; charset=utf-8", f"{vote.public_id}.pb")


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep."""
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@section.get("/votes/recount.pyz")
@requires("rounds.list")
def recount_program() -> ResponseReturnValue:
    """The program that counts a published file again; always the same bytes."""
    return download(recount_archive(), "application/zip", "recount.pyz")
