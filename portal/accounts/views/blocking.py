"""Blocking a person, and the list of those one has blocked."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.models import Account
from portal.accounts.queries import account_by_public_id, account_names
from portal.accounts.views import steps
from portal.accounts.views.section import section
from portal.core.i18n import gettext as _
from portal.web.access import own, requires
from portal.web.context import current_actor, forget_actor
from portal.web.render import render
from portal.web.responses import flash_info, redirect_to


def load_person(public_id: str) -> Account | None:
    """The person of the URL."""
    return account_by_public_id(public_id)


@section.get("/people/<public_id>/block")
@requires("accounts.block", on=load_person)
def block_page(person: Account) -> ResponseReturnValue:
    """What blocking does, and one button."""
    return render("accounts/block.html", person=person)


@section.post("/people/<public_id>/block")
@requires("accounts.block", on=load_person)
def block(person: Account) -> ResponseReturnValue:
    """Do it. Nobody else learns of it."""
    operations.block_person(person, actor=current_actor())
    forget_actor()
    flash_info(_("Done. You see nothing of this person any more."))
    return redirect_to("accounts.blocked")


@section.get("/account/blocked")
@own
def blocked() -> ResponseReturnValue:
    """Whom one has blocked, each with a way back."""
    people = account_names(steps.own_account().blocked)
    return render("accounts/blocked.html", people=[one for one in people.values() if one.public_id])


@section.post("/account/blocked/<public_id>/remove")
@own
def unblock(public_id: str) -> ResponseReturnValue:
    """Read this person again."""
    mine = steps.own_account()
    known = {card.public_id: one for one, card in account_names(mine.blocked).items()}
    operations.unblock_person(public_id, account=mine, known=known)
    forget_actor()
    return redirect_to("accounts.blocked")
