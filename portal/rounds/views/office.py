"""The office's list of votes; a vote that is open: turnout, withdrawing an option, declaring it void."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.core.errors import NotFound
from portal.core.i18n import LazyString
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.rounds.forms.options import ReasonForm
from portal.rounds.models import Round
from portal.rounds.operations import voiding, withdrawing
from portal.rounds.queries.box import turnout
from portal.rounds.queries.options import option_of
from portal.rounds.queries.showing import PER_PAGE, rounds_of_office
from portal.rounds.queries.voiding import waiting_voiding
from portal.rounds.views.presenting import badge_of, cards, option_cards, when_words
from portal.rounds.views.section import chosen_code, load_round, load_round_of_option, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import Page, page_number, render
from portal.web.responses import flash_info, flash_success, redirect_to


@dataclass(frozen=True)
class Tool:
    """Something staff can do with a round; the page shows it where `is_for` says yes."""

    label: LazyString
    icon: str
    endpoint: str
    permission: str
    is_for: Callable[[Round], bool]


_tools: list[tuple[int, Tool]] = []


def register_tool(
    label: LazyString,
    endpoint: str,
    *,
    icon: str,
    permission: str,
    is_for: Callable[[Round], bool],
    order: int = 100,
) -> None:
    """Another part of rounds adds its entry (letters, counter, closing); its view takes `pid`."""
    _tools.append((order, Tool(label, icon, endpoint, permission, is_for)))


def tools_of(vote: Round) -> list[tuple[LazyString, str, str]]:
    """(label, icon, address) of what this person can do with the round now."""
    return [
        (one.label, one.icon, url_for(one.endpoint, pid=vote.public_id))
        for _order, one in sorted(_tools, key=lambda pair: pair[0])
        if one.is_for(vote) and can(current_actor(), one.permission, vote)
    ]


@section.get("/office/votes")
@requires("rounds.work")
def desk() -> ResponseReturnValue:
    """The votes of my districts: drafts first."""
    rows, total = rounds_of_office(current_actor(), page_number())
    page = Page(page_number(), PER_PAGE, total)
    return render("rounds/office/desk.html", rows=cards(rows, "rounds.workplace"), page=page)


@section.get("/office/votes/<pid>")
@requires("rounds.edit", on=load_round)
def workplace(vote: Round) -> ResponseReturnValue:
    """What can be done with one vote. A draft leads to its first step."""
    if vote.is_draft:
        return redirect_to("rounds.draft_words", pid=vote.public_id)
    return render("rounds/office/workplace.html", **_workplace(vote))


def _workplace(vote: Round) -> dict[str, Any]:
    waiting = waiting_voiding(vote)
    asker = account_names([waiting.asked_by_id])[waiting.asked_by_id] if waiting else None
    return {
        "vote": vote,
        "badge": badge_of(vote),
        "when": when_words(vote),
        "turnout": turnout(vote),
        "options": option_cards(vote),
        "tools": tools_of(vote),
        "waiting": waiting,
        "asker": asker,
        "is_mine": waiting is not None and waiting.asked_by_id == current_actor().account_id,
    }


@section.route("/office/votes/<pid>/options/<code>/withdraw", methods=["GET", "POST"])
@requires("rounds.withdraw_option", on=load_round_of_option)
def withdraw_option(vote: Round) -> ResponseReturnValue:
    """It became impossible: say why, on a page that says what follows."""
    option = option_of(vote, chosen_code())
    if option is None:
        raise NotFound
    form = ReasonForm()
    if form.validate_on_submit() and form.attempt(lambda: _withdraw(vote, option.code, form)) is not None:
        flash_info(_("It is withdrawn. Everybody who can take part is told."))
        return redirect_to("rounds.workplace", pid=vote.public_id)
    return render("rounds/office/withdraw.html", status=form.status, form=form, vote=vote, option=option)


def _withdraw(vote: Round, code: str, form: ReasonForm) -> Any:
    return withdrawing.withdraw_option(vote, code, actor=current_actor(), reason=form.reason.data or "")


@section.route("/office/votes/<pid>/void", methods=["GET", "POST"])
@requires("rounds.void", on=load_round)
def void(vote: Round) -> ResponseReturnValue:
    """The first of two people asks for it, with a reason."""
    form = ReasonForm()
    if form.validate_on_submit() and form.attempt(lambda: _ask_void(vote, form)) is not None:
        flash_info(_("A second person has to confirm this. Until then nothing changes."))
        return redirect_to("rounds.workplace", pid=vote.public_id)
    return render("rounds/office/void.html", status=form.status, form=form, vote=vote)


def _ask_void(vote: Round, form: ReasonForm) -> Any:
    return voiding.ask_void(vote, actor=current_actor(), reason=form.reason.data or "")


@section.route("/office/votes/<pid>/void/confirm", methods=["GET", "POST"])
@requires("rounds.void", on=load_round)
def confirm_void(vote: Round) -> ResponseReturnValue:
    """The second person reads the reason and says yes."""
    form, waiting = Form(), waiting_voiding(vote)
    if form.validate_on_submit() and form.attempt(lambda: _confirm(vote)) is not None:
        flash_success(_("The vote is void. The reason stands on its page."))
        return redirect_to("rounds.workplace", pid=vote.public_id)
    if waiting is None:
        return redirect_to("rounds.workplace", pid=vote.public_id)
    context: dict[str, Any] = {"form": form, "vote": vote, "waiting": waiting}
    return render("rounds/office/void_confirm.html", status=form.status, **context)


def _confirm(vote: Round) -> bool:
    return voiding.confirm_void(vote, actor=current_actor())


@section.post("/office/votes/<pid>/void/take-back")
@requires("rounds.void", on=load_round)
def take_back_void(vote: Round) -> ResponseReturnValue:
    """No longer wanted."""
    voiding.take_back_void(vote, actor=current_actor())
    flash_info(_("Nothing was declared void."))
    return redirect_to("rounds.workplace", pid=vote.public_id)
