"""My account: name, language, district, address, sessions."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import CodeForm, EmailForm, ProfileForm
from portal.accounts.models import Account, CodePurpose, SignInCode
from portal.accounts.queries import sessions_of, undoable_email_change
from portal.accounts.views import steps
from portal.accounts.views.adapter import drop
from portal.accounts.views.section import section
from portal.core import audit
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import set_language
from portal.core.limits import hit
from portal.web.access import own, own_session, public
from portal.web.context import current_actor, forget_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_and_forget, redirect_to


def _profile_page(account: Account, form: ProfileForm) -> Response:
    entries = audit.entries_for("account", account.id, visibilities=("public", "parties"))
    return render(
        "accounts/account.html", status=form.status, account=account, form=form, entries=entries[::-1]
    )


@section.get("/account")
@own
def account() -> ResponseReturnValue:
    """Everything the person may see and change about the own account."""
    mine = steps.own_account()
    return _profile_page(mine, ProfileForm(obj=mine, district=str(mine.district_id or "")))


@section.post("/account")
@own
def change_profile() -> ResponseReturnValue:
    """Another name, language or district."""
    form, mine = ProfileForm(), steps.own_account()
    if not form.validate_on_submit() or not form.attempt(lambda: _change(mine, form)):
        return _profile_page(mine, form)
    forget_actor()
    set_language(mine.language)
    flash_success(_("Saved."))
    return redirect_to("accounts.account")


def _change(account: Account, form: ProfileForm) -> bool:
    operations.change_profile(
        account,
        display_name=str(form.display_name.data),
        language=form.language.data,
        district_id=form.district_id,
    )
    return True


@section.get("/account/email")
@own
@steps.fresh
def email() -> ResponseReturnValue:
    """The address, and the field for another one."""
    return render("accounts/email.html", account=steps.own_account(), form=EmailForm())


@section.post("/account/email")
@own
@steps.fresh
def change_email() -> ResponseReturnValue:
    """Send a code to the new address; it counts when the code was typed."""
    form, mine = EmailForm(), steps.own_account()
    if form.validate_on_submit() and form.attempt(lambda: _ask_new_address(mine, str(form.email.data))):
        return redirect_to("accounts.code")
    return render("accounts/email.html", status=form.status, account=mine, form=form)


def _ask_new_address(account: Account, typed: str) -> SignInCode:
    address = operations.check_new_address(account, typed)
    hit("accounts.change_email", str(account.id))
    return steps.ask_own_code(CodePurpose.CHANGE_EMAIL, address, account)


@section.get("/account/email/undo/<token>")
@public
def undo_email(token: str) -> Response:
    """The link in the mail to the old address: a page with a button."""
    if undoable_email_change(token) is None:
        raise NotFound
    return render("accounts/undo_email.html", token=token)


@section.post("/account/email/undo/<token>")
@public
def take_email_back(token: str) -> Response:
    """The old address is the address again; every session is over."""
    operations.undo_email_change(token)
    drop()
    flash_success(_("Your old address counts again. All devices are signed out: please sign in."))
    return redirect_to("accounts.sign_in")


@section.get("/account/again")
@own
def prove() -> ResponseReturnValue:
    """Some steps ask once more who it is."""
    return render("accounts/prove.html", account=steps.own_account(), form=CodeForm())


@section.post("/account/again")
@own
def ask_to_prove() -> ResponseReturnValue:
    """Send a code to the account's own address."""
    mine = steps.own_account()
    if not mine.email or current_actor().is_staff:
        raise NotFound
    steps.ask_own_code(CodePurpose.PROVE, mine.email, mine)
    return redirect_to("accounts.code")


@section.post("/account/again/card")
@own
def prove_by_card() -> ResponseReturnValue:
    """Whoever has a card instead of an address types its secret."""
    form, mine = CodeForm(), steps.own_account()
    hit("accounts.try_code", steps.network())
    if form.validate_on_submit() and operations.opens_with(mine, operations.plain_code(str(form.code.data))):
        return steps.keep(operations.renew_session(steps.opened().row), steps.opened())
    form.add_error("code", _("This code does not fit or is no longer valid. You can ask for a new one."))
    return render("accounts/prove.html", status=form.status, account=mine, form=form)


@section.post("/account/household")
@own
def add_person() -> ResponseReturnValue:
    """Another person of the household makes an account with the same address."""
    mine = steps.own_account()
    if not mine.email or mine.is_staff:
        raise NotFound
    steps.ask_own_code(CodePurpose.NEW_ACCOUNT, mine.email, mine)
    flash_info(_("Please type the code from the mail. Then the other person chooses a name."))
    return redirect_to("accounts.code")


@section.get("/account/sessions")
@own
def sessions() -> Response:
    """Where the person is signed in."""
    rows = sessions_of(steps.opened().account.id)
    return render("accounts/sessions.html", sessions=rows, here=steps.opened().row)


@section.post("/account/sessions/<public_id>/end")
@own
def end_session(public_id: str) -> Response:
    """End one session; somebody else's looks like none."""
    if not operations.end_session(steps.opened().account.id, public_id):
        raise NotFound
    if public_id == steps.opened().row.public_id:
        drop()
        return redirect_to("discovery.home")
    flash_success(_("That device is signed out."))
    return redirect_to("accounts.sessions")


@section.post("/account/sessions/end")
@own_session
def end_sessions() -> Response:
    """Sign out everywhere, here too."""
    operations.end_all_sessions(steps.opened().account.id)
    drop()
    flash_success(_("You are signed out on all devices."))
    return redirect_and_forget("discovery.home")
