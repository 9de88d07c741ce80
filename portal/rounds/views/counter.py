"""Counter mode: two of staff, who stands here, paper or help on the tablet, protocol, ballot papers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.core import clock, crypto
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import network_key
from portal.core.permissions import can
from portal.rounds.errors.roll import HelpIsOver
from portal.rounds.forms.counter import (
    CloseCounterForm,
    HandOutForm,
    OpenCounterForm,
    PersonForm,
    SecondPersonForm,
)
from portal.rounds.models import Round
from portal.rounds.operations import assisting
from portal.rounds.operations import counter as operations
from portal.rounds.queries.counter import Counter, counter_by_public_id, counters, rounds_with_paper
from portal.rounds.queries.eligibility import LETTER
from portal.rounds.queries.options import options_of
from portal.rounds.queries.sheets import check_of_batch
from portal.rounds.views import holding
from portal.rounds.views.box import forget_draft
from portal.rounds.views.letters import ballot_address
from portal.rounds.views.office import register_tool
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import render
from portal.web.responses import flash_success, go_to, redirect_and_forget, redirect_to

FORMS = {"second": SecondPersonForm, "person": PersonForm, "close": CloseCounterForm}
PURPOSE = "rounds.counter"
SEALED_SECONDS = 600
register_nav(
    "rounds.counter_desk",
    _l("Paper and counter"),
    icon="edit",
    order=30,
    area="staff",
    permission="rounds.counter_desk",
)
register_tool(
    _l("Ballot papers to print"),
    "rounds.ballot_paper",
    icon="print",
    permission="rounds.type_sheets",
    is_for=lambda vote: not vote.is_void,
)


def load_counter(counter_id: str) -> Counter | None:
    """The counter of the URL."""
    return counter_by_public_id(counter_id)


@section.get("/office/counter")
@requires("rounds.counter_desk")
def counter_desk() -> Response:
    """Votes one can take part in on paper, each with its counters."""
    actor = current_actor()
    rounds = [one for one in rounds_with_paper() if can(actor, "rounds.type_sheets", one)]
    form = OpenCounterForm(formdata=None)
    return render("rounds/counter_desk.html", rounds=counters(rounds), form=form)


@section.post("/office/votes/<pid>/counters")
@requires("rounds.counter", on=load_round)
def open_counter(vote: Round) -> ResponseReturnValue:
    """Open a counter; a second person confirms it."""
    form = OpenCounterForm()
    found = form.attempt(lambda: _open(vote, form)) if form.validate_on_submit() else None
    if found is None:
        return render("rounds/counter_desk.html", status=form.status, rounds=counters([vote]), form=form)
    return redirect_to("rounds.counter", counter_id=found.batch.public_id)


def _open(vote: Round, form: OpenCounterForm) -> Counter:
    return operations.open_counter(current_actor(), vote, place=form.place.data or "")


def _counter_page(counter: Counter, form: Any = None, status: int = 200, **more: Any) -> Response:
    batch = counter.batch
    names = account_names([batch.opened_by_id, batch.witness_id])
    forms = {name: kind(formdata=None) for name, kind in FORMS.items()}
    return render(
        "rounds/counter.html",
        status=form.status if form is not None else status,
        counter=counter,
        batch=batch,
        vote=counter.vote,
        names=names,
        is_mine=batch.opened_by_id == current_actor().account_id,
        may_close=counter.may_be_closed_by(current_actor().account_id),
        by_letter=counter.vote.level == LETTER,
        forms={**forms, **more},
        failed=form,
    )


@section.get("/office/counters/<counter_id>")
@requires("rounds.work_at", on=load_counter)
def counter(found: Counter) -> Response:
    """The counter as it stands: two people, how many ballots went out, what can be done next."""
    return _counter_page(found)


@section.post("/office/counters/<counter_id>/join")
@requires("rounds.work_at", on=load_counter)
def join_counter(found: Counter) -> Response:
    """The second person confirms in an own session."""
    operations.confirm_in_own_session(current_actor(), found)
    flash_success(_("Confirmed for one hour. Please stay at the counter."))
    return redirect_to("rounds.counter", counter_id=found.batch.public_id)


@section.post("/office/counters/<counter_id>/second")
@requires("rounds.work_at", on=load_counter)
def second_person(found: Counter) -> ResponseReturnValue:
    """The second person confirms on this device with the own second factor."""
    form = SecondPersonForm()
    done = form.attempt(lambda: _second(found, form)) if form.validate_on_submit() else None
    if done is None:
        return _counter_page(found, form, second=form)
    flash_success(_("Confirmed for one hour. Please stay at the counter."))
    return redirect_to("rounds.counter", counter_id=found.batch.public_id)


def _second(found: Counter, form: SecondPersonForm) -> bool:
    operations.confirm_on_this_device(
        current_actor(), found, name=form.name.data or "", code=form.code.data or ""
    )
    return True


@section.post("/office/counters/<counter_id>/person")
@requires("rounds.work_at", on=load_counter)
def counter_person(found: Counter) -> ResponseReturnValue:
    """Who stands here may vote: hand out paper, or help on this tablet."""
    form = PersonForm()
    entry_id = form.attempt(lambda: _find(found, form)) if form.validate_on_submit() else None
    if entry_id is None:
        return _counter_page(found, form, person=form)
    sealed = HandOutForm(formdata=None, sealed=_seal(found, entry_id))
    return _person_page(found, sealed)


def _person_page(found: Counter, form: HandOutForm) -> Response:
    return render("rounds/counter_person.html", status=form.status, counter=found, vote=found.vote, form=form)


def _find(found: Counter, form: PersonForm) -> int:
    who, actor = form.who.data or "", current_actor()
    try:
        if found.vote.level == LETTER:
            return operations.find_by_code(actor, found, who, network=network_key(request.remote_addr))
        return operations.find_by_name(actor, found, who)
    except operations.PERSON_ERRORS as error:
        error.field = "who"
        raise


def _seal(found: Counter, entry_id: int) -> str:
    at = int((clock.now() + timedelta(seconds=SEALED_SECONDS)).timestamp())
    return crypto.encrypt(PURPOSE, json.dumps([found.batch.id, entry_id, at]))


def _entry_of(found: Counter, form: HandOutForm) -> int:
    """The entry that was sealed for this counter within the last ten minutes. HelpIsOver."""
    try:
        batch_id, entry_id, until = json.loads(crypto.decrypt(PURPOSE, form.sealed.data or ":"))
    except (crypto.CannotDecrypt, ValueError):
        raise HelpIsOver from None
    if batch_id != found.batch.id or until < clock.now().timestamp():
        raise HelpIsOver
    return int(entry_id)


@section.post("/office/counters/<counter_id>/tick")
@requires("rounds.work_at", on=load_counter)
def tick_off(found: Counter) -> Response:
    """This person gets a paper ballot."""
    operations.tick_off(current_actor(), found, _entry_of(found, HandOutForm()))
    flash_success(_("Ticked off. Please hand out one ballot paper. Voting online is not possible any more."))
    return redirect_to("rounds.counter", counter_id=found.batch.public_id)


@section.post("/office/counters/<counter_id>/help")
@requires("rounds.work_at", on=load_counter)
def begin_help(found: Counter) -> ResponseReturnValue:
    """Ten minutes on this tablet: the ballot of the person who stands here opens."""
    form = HandOutForm()
    entry_id = _entry_of(found, form)
    agreed = bool(form.consent.data)
    token = form.attempt(lambda: assisting.begin_help(current_actor(), found, consent=agreed))
    if token is None:
        return _person_page(found, form)
    forget_draft(found.vote)
    holding.hold(found.vote, entry_id, helper=token, lasts=assisting.LASTS)
    return go_to(ballot_address(found.vote))


@section.post("/votes/<pid>/help/end")
@requires("rounds.see", on=load_round)
def end_help(vote: Round) -> Response:
    """The tablet is cleared; the person keeps the receipt."""
    forget_draft(vote)
    assisting.end_help(holding.helper_token(), is_used=request.form.get("cast") == "1")
    holding.release()
    flash_success(_("This tablet is cleared."))
    return redirect_and_forget("rounds.counter_desk" if current_actor().is_staff else "discovery.home")


@section.post("/office/counters/<counter_id>/close")
@requires("rounds.work_at", on=load_counter)
def close_counter(found: Counter) -> ResponseReturnValue:
    """The urn is opened, its sheets are counted by hand, mixed and numbered."""
    form = CloseCounterForm()
    done = form.attempt(lambda: _close(found, form)) if form.validate_on_submit() else None
    if done is None:
        return _counter_page(found, form, close=form)
    flash_success(_("The counter is closed. Its protocol can be printed."))
    return redirect_to("rounds.protocol", counter_id=found.batch.public_id)


def _close(found: Counter, form: CloseCounterForm) -> bool:
    size, remarks = form.size.data or 0, form.remarks.data or ""
    operations.close_counter(current_actor(), found, size=size, remarks=remarks)
    return True


@section.get("/office/counters/<counter_id>/protocol")
@requires("rounds.work_at", on=load_counter)
def protocol(found: Counter) -> Response:
    """To print and sign: who was there, ballots, sheets, how typing went."""
    batch = found.batch
    return render(
        "rounds/protocol.html",
        batch=batch,
        vote=found.vote,
        check=check_of_batch(found.vote, batch),
        names=account_names([batch.opened_by_id, batch.witness_id]),
    )


@section.get("/office/votes/<pid>/ballot-paper")
@requires("rounds.type_sheets", on=load_round)
def ballot_paper(vote: Round) -> Response:
    """The ballot to print, with the numbers of the online ballot, in the language of the page."""
    return render("rounds/ballot_paper.html", vote=vote, options=options_of(vote))
