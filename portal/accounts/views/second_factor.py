"""The second step of staff: shown at each sign-in, set up before anything else."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import PasskeyForm, SecondFactorForm, TotpForm
from portal.accounts.models import Account
from portal.accounts.views import steps
from portal.accounts.views.adapter import carry
from portal.accounts.views.section import section
from portal.core.errors import NotFound, SignInRequired
from portal.core.i18n import gettext as _
from portal.core.limits import hit
from portal.core.qr import qr_svg
from portal.core.site_settings import site
from portal.web.access import own, own_session
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


def _staff_account() -> Account:
    """The signed-in staff account; residents have no second step and no such pages."""
    if not current_actor().is_staff:
        raise NotFound
    return steps.own_account()


def _may_set_up(account: Account) -> bool:
    """The first second step is set up right after the first code; later ones only after showing it."""
    return current_actor().is_fresh or not operations.has_second_factor(account.id)


def _step_page(account: Account, form: SecondFactorForm) -> Response:
    return render(
        "accounts/second_factor.html",
        status=form.status,
        form=form,
        has_totp=operations.has_totp(account.id),
        has_passkey=bool(operations.passkeys_of(account.id)),
        passkey_form=PasskeyForm(formdata=None),
    )


@section.get("/staff/second-factor")
@own_session
def second_factor() -> ResponseReturnValue:
    """Show the second step; whoever has none sets one up."""
    account = _staff_account()
    if not operations.has_second_factor(account.id):
        return redirect_to("accounts.second_factor_setup")
    return _step_page(account, SecondFactorForm())


@section.post("/staff/second-factor")
@own_session
def check_second_factor() -> ResponseReturnValue:
    """Six digits or a recovery code. After five wrong ones the session is over."""
    account, form = _staff_account(), SecondFactorForm()
    if form.validate_on_submit() and _may_try(account):
        if operations.check_typed_factor(account.id, str(form.code.data)):
            return _shown()
        form.add_error("code", _("This code does not fit or was already used. Please wait for the next one."))
    return _step_page(account, form) if steps.session_lives() else redirect_to("accounts.sign_in")


def _may_try(account: Account) -> bool:
    hit("accounts.second_factor", str(account.id))
    return operations.take_try(steps.opened().row)


def _shown() -> Response:
    return steps.keep(operations.second_factor_shown(steps.opened().row), steps.opened())


@section.post("/staff/second-factor/passkey")
@own_session
def check_passkey() -> ResponseReturnValue:
    """The browser's answer for a passkey."""
    account, form = _staff_account(), PasskeyForm()
    may_try = form.validate_on_submit() and _may_try(account)
    if may_try and operations.check_passkey(steps.opened().row, str(form.credential.data)):
        return _shown()
    if not steps.session_lives():
        return redirect_to("accounts.sign_in")
    typed = SecondFactorForm(formdata=None)
    typed.add_error("code", _("The passkey was not accepted. Please try again, or type a code."))
    return _step_page(account, typed)


@section.post("/staff/second-factor/passkey/options")
@own_session
def passkey_options() -> Response:
    """What the browser needs for a passkey, as JSON: to use one, or (new=1) to make one."""
    account, row = _staff_account(), steps.opened().row
    if not request.form.get("new"):
        return Response(operations.authentication_options(row), mimetype="application/json")
    if not _may_set_up(account):
        raise SignInRequired
    options = operations.registration_options(row, account, str(site("site.name")))
    return Response(options, mimetype="application/json")


@section.get("/staff/second-factor/set-up")
@own_session
def second_factor_setup() -> ResponseReturnValue:
    """An authenticator app by QR code, or a passkey."""
    account = _staff_account()
    if not _may_set_up(account):
        return redirect_to("accounts.second_factor")
    secret, _address = operations.begin_totp(account, str(site("site.name")))
    return _setup_page(account, TotpForm(formdata=None, secret=secret))


def _setup_page(account: Account, form: TotpForm) -> Response:
    address = operations.totp_address(account, str(form.secret.data), str(site("site.name")))
    return render(
        "accounts/second_factor_setup.html",
        status=form.status,
        form=form,
        qr=qr_svg(address),
        address=address,
        passkey_form=PasskeyForm(formdata=None),
        passkeys=operations.passkeys_of(account.id),
        has_totp=operations.has_totp(account.id),
        codes_left=operations.recovery_codes_left(account.id),
    )


@section.post("/staff/second-factor/app")
@own_session
def add_app() -> ResponseReturnValue:
    """The app's first code fits: it is set up."""
    account, form = _staff_account(), TotpForm()
    if not _may_set_up(account):
        return redirect_to("accounts.second_factor")
    if form.validate_on_submit() and form.attempt(lambda: _add_app(account, form)):
        return _set_up_done(account)
    return _setup_page(account, form) if form.secret.data else redirect_to("accounts.second_factor_setup")


def _add_app(account: Account, form: TotpForm) -> bool:
    operations.confirm_totp(account, str(form.secret.data), str(form.code.data))
    return True


@section.post("/staff/second-factor/passkeys")
@own_session
def add_passkey() -> ResponseReturnValue:
    """The browser made a passkey: keep it."""
    account, form = _staff_account(), PasskeyForm()
    if not _may_set_up(account) or not form.validate_on_submit():
        return redirect_to("accounts.second_factor_setup")
    operations.add_passkey(steps.opened().row, str(form.credential.data), form.label.data or "")
    return _set_up_done(account)


def _set_up_done(account: Account) -> Response:
    """The session counts in full now. Whoever has no recovery codes gets ten, shown once."""
    token = operations.second_factor_shown(steps.opened().row)
    carry(token, is_permanent=False)
    if operations.recovery_codes_left(account.id):
        flash_success(_("Saved."))
        return redirect_to("accounts.second_factor_setup")
    return render("accounts/recovery_codes.html", codes=operations.make_recovery_codes(account))


@section.post("/staff/second-factor/recovery-codes")
@own
@steps.fresh
def new_recovery_codes() -> Response:
    """Ten new codes; the old ones stop working."""
    return render("accounts/recovery_codes.html", codes=operations.make_recovery_codes(_staff_account()))


@section.post("/staff/second-factor/passkeys/<public_id>/remove")
@own
@steps.fresh
def remove_passkey(public_id: str) -> Response:
    """Forget a passkey, unless it is all there is."""
    account = _staff_account()
    operations.remove_passkey(account.id, public_id)
    flash_success(_("The passkey was removed."))
    return redirect_to("accounts.second_factor_setup")


@section.get("/staff/second-factor/done")
@own
def second_factor_done() -> Response:
    """After writing down the recovery codes: where the person wanted to go."""
    return steps.onward()
