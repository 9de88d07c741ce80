"""Codes from letters: typing one, putting it away, making letters by four eyes, replacing lost ones."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.accounts.views.steps import fresh
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext, use_language
from portal.core.limits import network_key
from portal.core.permissions import can
from portal.core.qr import qr_svg
from portal.core.settings import current_settings
from portal.places.queries import districts
from portal.rounds.forms.letters import AskLettersForm, CodeForm, LostLetterForm
from portal.rounds.models import LetterBatch, Round
from portal.rounds.operations import letters as operations
from portal.rounds.queries.eligibility import LETTER
from portal.rounds.queries.letters import (
    Letter,
    batch_by_public_id,
    batches,
    round_of_batch,
    rounds_with_letters,
    waiting_batches,
)
from portal.rounds.views import holding
from portal.rounds.views.box import forget_draft
from portal.rounds.views.office import register_tool
from portal.rounds.views.section import link, load_round, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import render
from portal.web.responses import flash_success, redirect_and_forget, redirect_to

register_nav(
    "rounds.letters_desk",
    _l("Letters with codes"),
    icon="mail",
    order=25,
    area="staff",
    permission="rounds.letters",
)
register_tool(
    _l("Lost letters"),
    "rounds.lost_letters",
    icon="mail",
    permission="rounds.replace_letters",
    is_for=lambda vote: vote.level == LETTER and not vote.is_over,
)


def _letter_round(pid: str) -> Round | None:
    vote = load_round(pid)
    return vote if vote is not None and vote.level == LETTER else None


def ballot_address(vote: Round) -> str:
    """Where the ballot is filled in."""
    for endpoint in ("rounds.ballot", "rounds.detail"):
        if (found := link(endpoint, pid=vote.public_id)) is not None:
            return found
    return url_for("discovery.home")


@section.route("/votes/<pid>/code", methods=["GET", "POST"])
@requires("rounds.see", on=_letter_round)
def type_code(vote: Round) -> ResponseReturnValue:
    """Type the code from the letter: no account is needed. The ballot opens in this browser only."""
    form = CodeForm()
    entry = form.attempt(lambda: _redeem(vote, form)) if form.validate_on_submit() else None
    if entry is None:
        is_held = holding.held(vote) is not None
        return render("rounds/type_code.html", status=form.status, form=form, vote=vote, is_held=is_held)
    holding.hold(vote, entry)
    return redirect_to("rounds.code_fits", pid=vote.public_id)


def _redeem(vote: Round, form: CodeForm) -> int:
    return operations.redeem(vote, form.code.data or "", network=network_key(request.remote_addr))


@section.get("/votes/<pid>/code/fits")
@requires("rounds.see", on=_letter_round)
def code_fits(vote: Round) -> ResponseReturnValue:
    """The code fits: on to the ballot, and how to leave a device that is not one's own."""
    answer = holding.voter(vote)
    if not answer.may_vote:
        return redirect_to("rounds.type_code", pid=vote.public_id)
    return render("rounds/code_fits.html", vote=vote, ballot_url=ballot_address(vote))


@section.post("/votes/<pid>/code/away")
@requires("rounds.see", on=load_round)
def put_away(vote: Round) -> Response:
    """This is not my device: forget the code here."""
    forget_draft(vote)
    holding.release()
    flash_success(_("This device has forgotten your code."))
    if vote.level == LETTER:
        return redirect_and_forget("rounds.type_code", pid=vote.public_id)
    return redirect_and_forget("discovery.home")


# ---- making letters: administrators, two of them


@section.get("/office/letters")
@requires("rounds.letters")
def letters_desk() -> Response:
    """Votes that have letters, and batches that wait for a second person or for the printer."""
    return render("rounds/letters_desk.html", votes=rounds_with_letters(), waiting=waiting_batches())


@section.route("/office/votes/<pid>/letters", methods=["GET", "POST"])
@requires("rounds.ask_letters", on=_letter_round)
def ask_letters(vote: Round) -> ResponseReturnValue:
    """The batches of a vote, and a form to ask for another one."""
    form = AskLettersForm(_districts_of(vote))
    batch = form.attempt(lambda: _ask(vote, form)) if form.validate_on_submit() else None
    if batch is None:
        return _letters_page(vote, form)
    flash_success(_("Batch %(number)s waits for a second administrator.", number=batch.number))
    return redirect_to("rounds.ask_letters", pid=vote.public_id)


def _ask(vote: Round, form: AskLettersForm) -> LetterBatch:
    return operations.ask_batch(
        current_actor(),
        vote,
        language=form.language.data,
        district_id=int(form.district.data) if form.district.data else None,
        size=form.size.data or 0,
    )


def _districts_of(vote: Round) -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in districts() if one.id in vote.district_ids]


def _letters_page(vote: Round, form: AskLettersForm) -> Response:
    names = {one.id: one.name for one in districts()}
    actor = current_actor()
    return render(
        "rounds/letters.html",
        status=form.status,
        vote=vote,
        form=form,
        lines=batches(vote),
        names=names,
        may_print=lambda batch: can(actor, "rounds.print_letters", batch),
    )


@section.post("/office/letters/<public_id>/approve")
@requires("rounds.approve_letters", on=batch_by_public_id)
@fresh
def approve_letters(batch: LetterBatch) -> Response:
    """The second pair of eyes: the codes are made now."""
    vote = _round_of(batch)
    operations.approve_batch(current_actor(), vote, batch)
    flash_success(_("Approved. The letters can be printed now, once."))
    return redirect_to("rounds.ask_letters", pid=vote.public_id)


@section.post("/office/letters/<public_id>/print")
@requires("rounds.print_letters", on=batch_by_public_id)
@fresh
def print_letters(batch: LetterBatch) -> Response:
    """The letters, one a page, in their own language. The plain codes are deleted with this answer."""
    vote = _round_of(batch)
    found = operations.print_batch(current_actor(), vote, batch)
    with use_language(batch.language):
        return render("rounds/letter_sheets.html", vote=vote, letters=_drawn(vote, found), batch=batch)


@section.post("/office/letters/<public_id>/drop")
@requires("rounds.approve_letters", on=batch_by_public_id)
@fresh
def drop_letters(batch: LetterBatch) -> Response:
    """Give up a batch that was not printed."""
    operations.drop_batch(current_actor(), batch)
    flash_success(_("The batch was given up."))
    return redirect_to("rounds.ask_letters", pid=_round_of(batch).public_id)


def _round_of(batch: LetterBatch) -> Round:
    vote = round_of_batch(batch)
    if vote is None:
        raise NotFound
    return vote


def _drawn(vote: Round, found: list[Letter]) -> list[dict[str, Any]]:
    """Each letter with its QR code. The code stands behind a #: browsers do not send that part anywhere."""
    url = current_settings().base_url + url_for("rounds.type_code", pid=vote.public_id)
    return [
        {"number": one.number, "code": one.code, "qr": Markup(qr_svg(f"{url}#{one.plain}")), "url": url}  # noqa: S704  our own drawing
        for one in found
    ]


# ---- lost letters: moderators


@section.get("/office/votes/<pid>/lost-letters")
@requires("rounds.replace_letters", on=_letter_round)
def lost_letters(vote: Round) -> Response:
    """A letter was lost, came back, or went to somebody who may not vote."""
    return _lost_page(vote, LostLetterForm(formdata=None))


def _lost_page(vote: Round, form: LostLetterForm) -> Response:
    return render("rounds/lost_letters.html", status=form.status, vote=vote, form=form, lines=batches(vote))


@section.post("/office/votes/<pid>/lost-letters/replace")
@requires("rounds.replace_letters", on=_letter_round)
def replace_letter(vote: Round) -> ResponseReturnValue:
    """The old code stops now; two administrators print a new one."""
    form = LostLetterForm()
    batch = form.attempt(lambda: _replace(vote, form)) if form.validate_on_submit() else None
    if batch is None:
        return _lost_page(vote, form)
    flash_success(_("The old code does not work any more. A new letter waits for two administrators."))
    return redirect_to("rounds.lost_letters", pid=vote.public_id)


def _replace(vote: Round, form: LostLetterForm) -> LetterBatch:
    return operations.replace_letters(
        current_actor(),
        vote,
        batch_number=form.batch_number.data or 0,
        letter_number=form.letter_number.data,
        language=form.language.data,
    )


@section.post("/office/votes/<pid>/lost-letters/revoke")
@requires("rounds.revoke_letters", on=_letter_round)
def revoke_letter(vote: Round) -> ResponseReturnValue:
    """Take a letter back for good, with a reason. A ballot that was cast stays."""
    form = LostLetterForm()
    count = form.attempt(lambda: _revoke(vote, form)) if form.validate_on_submit() else None
    if count is None:
        return _lost_page(vote, form)
    words = ngettext("%(num)s letter was taken back.", "%(num)s letters were taken back.", count)
    flash_success(words)
    return redirect_to("rounds.lost_letters", pid=vote.public_id)


def _revoke(vote: Round, form: LostLetterForm) -> int:
    return operations.revoke_letters(
        current_actor(),
        vote,
        batch_number=form.batch_number.data or 0,
        letter_number=form.letter_number.data,
        reason=form.reason.data or "",
    )
