"""Administrators: who has which role. Staff who help in person: cards for people without e-mail."""

from __future__ import annotations

from datetime import datetime, time

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import CardForm, RoleForm, as_id
from portal.accounts.models import Account, StaffGrant
from portal.accounts.queries import account_by_public_id, grant_by_public_id, staff_desk, team
from portal.accounts.views import steps
from portal.accounts.views.section import section
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.qr import qr_svg
from portal.core.settings import current_settings
from portal.web.access import public, requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


@section.get("/team")
@public
def team_page() -> Response:
    """Who works here, and with which role: everybody may know."""
    return render("accounts/team.html", people=team())


def _desk_page(form: RoleForm) -> Response:
    return render("accounts/staff_desk.html", status=form.status, form=form, people=staff_desk())


@section.get("/staff/people")
@requires("accounts.see_staff_desk")
def people() -> Response:
    """Every staff account with its roles, and proposals that wait for a second person."""
    return _desk_page(RoleForm(formdata=None))


@section.post("/staff/people")
@requires("accounts.propose_role")
@steps.fresh
def propose_role() -> ResponseReturnValue:
    """Give somebody a role; with two administrators a second one confirms."""
    form = RoleForm()
    grant = form.attempt(lambda: _propose(form)) if form.validate_on_submit() else None
    if grant is None:
        return _desk_page(form)
    waiting = _("Proposed. Another administrator has to confirm it.")
    flash_success(_("The role counts from now on.") if grant.confirmed_at else waiting)
    return redirect_to("accounts.people")


def _propose(form: RoleForm) -> StaffGrant:
    account = operations.staff_account_for(
        str(form.email.data), str(form.display_name.data), current_language().slug
    )
    until = datetime.combine(form.until.data, time.max, clock.zone()) if form.until.data else None
    return operations.propose_role(
        current_actor(),
        account,
        StaffRole(form.role.data),
        district_id=as_id(form.district),
        organization_id=as_id(form.organization),
        valid_until=until,
    )


@section.post("/staff/people/grants/<grant_id>/confirm")
@requires("accounts.confirm_role", on=grant_by_public_id)
@steps.fresh
def confirm_role(grant: StaffGrant) -> Response:
    """The second pair of eyes."""
    operations.confirm_role(current_actor(), grant)
    flash_success(_("Confirmed. The role counts from now on."))
    return redirect_to("accounts.people")


@section.post("/staff/people/grants/<grant_id>/end")
@requires("accounts.end_role", on=grant_by_public_id)
@steps.fresh
def end_role(grant: StaffGrant) -> Response:
    """Take a role away, or a proposal back."""
    operations.end_role(current_actor(), grant)
    flash_success(_("The role has ended."))
    return redirect_to("accounts.people")


@section.post("/staff/people/<public_id>/reset-second-factor")
@requires("accounts.reset_second_factor", on=account_by_public_id)
@steps.fresh
def reset_second_factor(account: Account) -> Response:
    """Somebody lost the second step: in 24 hours it is taken away; they get a mail now."""
    operations.ask_for_reset(current_actor(), account)
    flash_success(_("In 24 hours this person can set up a new second step."))
    return redirect_to("accounts.people")


@section.get("/staff/cards")
@requires("accounts.make_card")
def cards() -> Response:
    """Make an account together with somebody who has no e-mail."""
    return render("accounts/cards.html", form=CardForm(formdata=None))


@section.post("/staff/cards")
@requires("accounts.make_card")
@steps.fresh
def make_card() -> ResponseReturnValue:
    """The account and its card, to be printed and handed over; the secret is shown this once."""
    form = CardForm()
    account = form.attempt(lambda: _card_account(form)) if form.validate_on_submit() else None
    if account is None:
        return render("accounts/cards.html", status=form.status, form=form)
    secret, where = operations.make_card(current_actor(), account), _sign_in_address(account)
    return render("accounts/card.html", account=account, secret=secret, url=where, qr=qr_svg(where))


def _card_account(form: CardForm) -> Account:
    return operations.account_for_card(display_name=str(form.display_name.data), language=form.language.data)


def _sign_in_address(account: Account) -> str:
    return current_settings().base_url + url_for("accounts.sign_in", lang=account.language)
