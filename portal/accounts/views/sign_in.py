"""Signing in and signing up: an address, a code, and for new people a name."""

from __future__ import annotations

import re

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import ChooseForm, CodeForm, SignInForm, SignUpForm, options
from portal.accounts.models import Account, SignInCode
from portal.accounts.views import steps
from portal.accounts.views.adapter import drop
from portal.accounts.views.section import section
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.limits import hit
from portal.web.access import own_session, public
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_and_forget, redirect_to

CODE_IN_LINK = re.compile(r"[0-9a-z]{8,10}")


@section.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """One field: e-mail or code name."""
    if not current_actor().is_visitor:
        return redirect_to("accounts.account")
    return render("accounts/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


@section.post("/sign-in")
@public
def ask_for_code() -> ResponseReturnValue:
    """Ask for a code. The answer is the same whoever it is."""
    form = SignInForm()
    if form.validate_on_submit() and form.attempt(lambda: steps.ask_for_code(form)):
        return redirect_to("accounts.code")
    return render("accounts/sign_in.html", status=form.status, form=form)


@section.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """Type the code from the mail."""
    browser = steps.known_browser()
    asked = operations.latest_request(browser) if browser else None
    if asked is None:
        return redirect_to("accounts.sign_in")
    return render("accounts/code.html", form=CodeForm(), asked=asked)


@section.post("/sign-in/code")
@public
def check_code() -> ResponseReturnValue:
    """Compare the code. Wrong ones are counted, so this page is a result and not an error."""
    form, browser = CodeForm(), steps.known_browser()
    next_page = steps.take_code(form) if form.validate_on_submit() else None
    if next_page is not None:
        return next_page
    asked = operations.latest_request(browser) if browser else None
    return render("accounts/code.html", status=form.status, form=form, asked=asked)


@section.get("/sign-in/code/<request_id>/<code>")
@public
def code_link(request_id: str, code: str) -> Response:
    """The link in the mail. It signs nobody in: machines follow links too.

    In the browser that asked, the code is filled in. Elsewhere it is shown, to be typed there.
    """
    if not CODE_IN_LINK.fullmatch(code):
        raise NotFound
    browser = steps.known_browser()
    asked = operations.code_of_browser(browser, request_id) if browser else None
    if asked is not None:
        return render("accounts/code.html", form=CodeForm(code=code), asked=asked, filled_in=True)
    return render("accounts/code_elsewhere.html", code=code)


def _proven() -> SignInCode | None:
    browser = steps.known_browser()
    return operations.proven_code(browser) if browser else None


@section.get("/sign-in/choose")
@public
def choose() -> ResponseReturnValue:
    """Several people of a household share an address: who is it?"""
    row = _proven()
    if row is None:
        return redirect_to("accounts.sign_in")
    return render("accounts/choose.html", form=_choices(operations.accounts_for(row)))


@section.post("/sign-in/choose")
@public
def take_choice() -> ResponseReturnValue:
    """Sign in as the chosen person."""
    row = _proven()
    if row is None:
        return redirect_to("accounts.sign_in")
    accounts = operations.accounts_for(row)
    form = _choices(accounts)
    if form.validate_on_submit():
        chosen = next(one for one in accounts if one.public_id == form.account.data)
        return steps.enter(chosen, row)
    return render("accounts/choose.html", status=form.status, form=form)


def _choices(accounts: list[Account]) -> ChooseForm:
    form = ChooseForm()
    form.account.choices = options(
        (one.public_id, _("%(name)s (for work)", name=one.display_name) if one.is_staff else one.display_name)
        for one in accounts
    )
    return form


@section.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    """Choose a name: the address is proven already."""
    if _proven() is None:
        return redirect_to("accounts.sign_in")
    return render("accounts/sign_up.html", form=SignUpForm())


@section.post("/sign-up")
@public
def make_account() -> ResponseReturnValue:
    """Make the account and go on, signed in."""
    row, form = _proven(), SignUpForm()
    if row is None:
        return redirect_to("accounts.sign_in")
    account = form.attempt(lambda: _new_resident(form, row)) if form.validate_on_submit() else None
    if account is None:
        return render("accounts/sign_up.html", status=form.status, form=form)
    flash_success(_("Welcome, %(name)s!", name=account.display_name))
    return steps.enter(account, row)


def _new_resident(form: SignUpForm, row: SignInCode) -> Account:
    hit("accounts.sign_up", steps.network())
    return operations.create_resident(
        display_name=str(form.display_name.data), email=row.address, language=current_language().slug
    )


@section.post("/sign-out")
@own_session
def sign_out() -> Response:
    """End this session, here and in the table, and leave nothing in the browser."""
    operations.end_session(steps.opened().account.id, steps.opened().row.public_id)
    drop()
    return redirect_and_forget("discovery.home")
