"""Being known in person: one's own page, vouching for a neighbour, and the counter where staff vouch."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.accounts.models import Account
from portal.accounts.queries import account_by_public_id, account_names
from portal.accounts.views.steps import own_account
from portal.core.crockford import grouped
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.rounds.forms.known import NeighbourForm, NeighbourSureForm, VouchForm
from portal.rounds.models import Vouching
from portal.rounds.operations import vouching as operations
from portal.rounds.queries import oidc
from portal.rounds.queries.known import (
    MOST_PER_YEAR,
    Known,
    is_known,
    is_known_to_staff,
    town_identity,
    vouched_by,
    vouching_by_public_id,
    vouchings_of,
    wish_of,
)
from portal.rounds.views.section import section
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to

register_nav("rounds.known", _l("Known in person"), icon="people", order=40, area="account")
register_nav(
    "rounds.vouch_desk",
    _l("Vouch for somebody"),
    icon="user",
    order=75,
    area="staff",
    permission="rounds.vouch_at_counter",
)


def _resident() -> Account:
    account = own_account()
    if account.is_staff:
        raise NotFound
    return account


def _known_page(account: Account, code: str = "") -> Response:
    mine = vouchings_of(account.id)
    neighbours = vouched_by(account.id)
    return render(
        "rounds/known.html",
        is_known=is_known(account.id),
        may_vouch=is_known_to_staff(account.id),
        vouchings=mine,
        neighbours=neighbours,
        names=account_names(_people(mine, neighbours)),
        wish=wish_of(account.id),
        code=grouped(code),
        most=MOST_PER_YEAR,
        town_offered=oidc.is_offered(),
        town_name=oidc.provider_name(),
        town=town_identity(account.id),
        form=NeighbourForm(formdata=None),
    )


def _people(mine: list[Known], neighbours: list[Vouching]) -> set[int | None]:
    rows = [one.vouching for one in mine] + neighbours
    return {one for row in rows for one in (row.account_id, row.first_voucher_id, row.second_voucher_id)}


@section.get("/account/known")
@own
def known() -> ResponseReturnValue:
    """Whether somebody knows me in person, who it is, and how to become known."""
    return _known_page(_resident())


@section.post("/account/known/wish")
@own
def wish() -> ResponseReturnValue:
    """A code to show to two neighbours. It is shown this once; a new one can be made any time."""
    account = _resident()
    return _known_page(account, operations.wish_to_be_known(current_actor()))


@section.post("/account/known/neighbour")
@own
def neighbour() -> ResponseReturnValue:
    """The code a neighbour showed: who is it?"""
    form, account = NeighbourForm(), _resident()
    found = form.attempt(lambda: _wish_of_form(form)) if form.validate_on_submit() else None
    if found is None:
        return render("rounds/neighbour.html", status=form.status, form=form, card=None)
    card = account_names([found.account_id])[found.account_id]
    return render(
        "rounds/neighbour.html",
        form=NeighbourSureForm(formdata=None, code=form.code.data),
        card=card,
        account=account,
    )


@section.post("/account/known/vouch")
@own
def vouch() -> ResponseReturnValue:
    """One neighbour's word."""
    form, _account = NeighbourSureForm(), _resident()
    counts = form.attempt(lambda: _vouch(form)) if form.validate_on_submit() else None
    if counts is None:
        return render("rounds/neighbour.html", status=form.status, form=form, card=None)
    done = _("Thank you. Now two neighbours have vouched, and it counts.")
    flash_success(done if counts else _("Thank you. One more neighbour is needed."))
    return redirect_to("rounds.known")


def _wish_of_form(form: NeighbourForm | NeighbourSureForm) -> Vouching:
    return operations.wish_behind(current_actor(), form.code.data or "")


def _vouch(form: NeighbourSureForm) -> bool:
    return operations.vouch_for_neighbour(current_actor(), _wish_of_form(form))


@section.post("/vouchings/<public_id>/end")
@requires("rounds.end_vouching", on=vouching_by_public_id)
def end_vouching(vouching: Vouching) -> Response:
    """Take it back."""
    operations.end_vouching(current_actor(), vouching)
    flash_success(_("Taken back."))
    return redirect_to("rounds.vouch_desk" if current_actor().is_staff else "rounds.known")


# ---- at the counter


@section.route("/office/vouch", methods=["GET", "POST"])
@requires("rounds.vouch_at_counter")
def vouch_desk() -> ResponseReturnValue:
    """Somebody stands here whom staff know, or who showed who it is."""
    form = VouchForm()
    account = form.attempt(lambda: _vouch_at_counter(form)) if form.validate_on_submit() else None
    if account is None:
        return render("rounds/vouch_desk.html", status=form.status, form=form)
    flash_success(
        _(
            "%(name)s is known in person from now on, and can see it in the account.",
            name=account.display_name,
        )
    )
    return redirect_to("rounds.known_person", public_id=account.public_id)


def _vouch_at_counter(form: VouchForm) -> Account:
    account = operations.resident_named(form.name.data or "")
    operations.vouch_at_counter(current_actor(), account)
    return account


@section.get("/office/vouch/<public_id>")
@requires("rounds.vouch_at_counter", on=account_by_public_id)
def known_person(account: Account) -> Response:
    """Who vouched for this person: to take it back."""
    if account.is_staff:
        raise NotFound
    mine = vouchings_of(account.id)
    return render(
        "rounds/known_person.html", account=account, vouchings=mine, names=account_names(_people(mine, []))
    )
