"""Typing paper sheets after the end: two different people, and a third where they differ."""

from __future__ import annotations

import json

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.rounds.forms.sheets import INVALID_WORDS, SheetForm
from portal.rounds.models import PaperSheet, SheetState
from portal.rounds.operations import sheets as operations
from portal.rounds.operations.filling import Content, rules_of, values_of
from portal.rounds.queries.counter import Counter, SheetAt
from portal.rounds.queries.options import options_of
from portal.rounds.queries.sheets import check_of_batch, disputed, is_invalid, next_serial, sheet_of
from portal.rounds.views.counter import load_counter
from portal.rounds.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


def load_sheet(counter_id: str, serial: int) -> SheetAt | None:
    """A sheet of a counter's urn."""
    found = load_counter(counter_id)
    sheet = sheet_of(found.batch, serial) if found else None
    return SheetAt(found, sheet) if found and sheet else None


def _sheets_page(found: Counter, form: SheetForm) -> Response:
    return render(
        "rounds/sheets.html",
        status=form.status,
        counter=found,
        vote=found.vote,
        form=form,
        given=request.form,
        rules=rules_of(found.vote),
        options=options_of(found.vote),
        check=check_of_batch(found.vote, found.batch),
        disputed=disputed(found.batch),
    )


@section.get("/office/counters/<counter_id>/sheets")
@requires("rounds.type_at", on=load_counter)
def sheets(found: Counter) -> Response:
    """The next sheet, and how far typing has come."""
    serial = next_serial(found.batch, current_actor().account_id)
    return _sheets_page(found, SheetForm(formdata=None, serial=serial))


@section.post("/office/counters/<counter_id>/sheets")
@requires("rounds.type_at", on=load_counter)
def type_sheet(found: Counter) -> ResponseReturnValue:
    """What somebody reads on a sheet."""
    form = SheetForm()
    content = form.content(rules_of(found.vote), request.form) if form.validate_on_submit() else None
    sheet = form.attempt(lambda: _type(found, form, content)) if content is not None else None
    if sheet is None:
        return _sheets_page(found, form)
    _say(sheet)
    return redirect_to("rounds.sheets", counter_id=found.batch.public_id)


def _type(found: Counter, form: SheetForm, content: Content) -> PaperSheet:
    return operations.type_sheet(current_actor(), found, serial=form.serial.data or 0, content=content)


def _say(sheet: PaperSheet) -> None:
    if sheet.state is SheetState.TYPED_ONCE:
        flash_success(_("Sheet %(number)s is typed once. Now somebody else types it.", number=sheet.serial))
    elif sheet.state is SheetState.DISPUTE:
        flash_info(_("Sheet %(number)s: you two differ. A third person decides.", number=sheet.serial))
    else:
        flash_success(_("Sheet %(number)s is done: both agree.", number=sheet.serial))


def _decide_page(found: Counter, sheet: PaperSheet, form: SheetForm) -> Response:
    rules = rules_of(found.vote)
    return render(
        "rounds/decide_sheet.html",
        status=form.status,
        counter=found,
        vote=found.vote,
        sheet=sheet,
        form=form,
        given=request.form,
        rules=rules,
        options=options_of(found.vote),
        versions=[_version(sheet.first_content), _version(sheet.second_content or "")],
    )


def _version(words: str) -> dict[str, object]:
    content = json.loads(words)
    if is_invalid(words):
        return {"invalid": INVALID_WORDS.get(content["invalid"], ""), "values": {}}
    return {"invalid": None, "values": values_of(content)}


@section.get("/office/counters/<counter_id>/sheets/<int:serial>")
@requires("rounds.type_at", on=load_sheet)
def disputed_sheet(found: SheetAt) -> Response:
    """Both readings side by side, for a third person with the sheet in hand."""
    counter, sheet = _third(found)
    return _decide_page(counter, sheet, SheetForm(formdata=None, serial=sheet.serial))


@section.post("/office/counters/<counter_id>/sheets/<int:serial>")
@requires("rounds.type_at", on=load_sheet)
def decide_sheet(found: SheetAt) -> ResponseReturnValue:
    """The third person decides."""
    (counter, sheet), form = _third(found), SheetForm()
    content = form.content(rules_of(counter.vote), request.form) if form.validate_on_submit() else None
    done = form.attempt(lambda: _decide(counter, sheet, content)) if content is not None else None
    if done is None:
        return _decide_page(counter, sheet, form)
    flash_success(_("Sheet %(number)s is decided.", number=sheet.serial))
    return redirect_to("rounds.sheets", counter_id=counter.batch.public_id)


def _third(found: SheetAt) -> tuple[Counter, PaperSheet]:
    """Only a third person sees both readings, and only while they differ."""
    counter, sheet = found.counter, found.sheet
    if sheet.state is not SheetState.DISPUTE:
        raise NotFound
    if current_actor().account_id in {sheet.first_by_id, sheet.second_by_id}:
        raise NotFound
    return counter, sheet


def _decide(counter: Counter, sheet: PaperSheet, content: Content) -> PaperSheet:
    return operations.decide_sheet(current_actor(), counter, serial=sheet.serial, content=content)
