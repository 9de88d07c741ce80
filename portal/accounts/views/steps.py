"""The steps of signing in that several pages share: whose browser this is, and where to go next."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import CodeForm, SignInForm
from portal.accounts.models import Account, CodePurpose, SignInCode
from portal.accounts.operations import CodeResult, Outcome
from portal.accounts.queries import OpenSession, get_account
from portal.accounts.views.adapter import BROWSER, NEXT, PARKED, carry, current_session
from portal.core.errors import NotFound, SignInRequired
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.limits import hit, network_key
from portal.web.context import current_actor
from portal.web.redirects import safe_next
from portal.web.responses import flash_success, go_to, redirect_to

View = Callable[..., ResponseReturnValue]
SIGNED_IN_PURPOSES = (CodePurpose.NEW_ACCOUNT, CodePurpose.CHANGE_EMAIL, CodePurpose.PROVE)


def network() -> str:
    """The network a request comes from, as a key that means nothing tomorrow."""
    return network_key(request.remote_addr)


def browser() -> str:
    """The secret that ties a code to this browser; made when it first asks for one."""
    if BROWSER not in cookie:
        cookie[BROWSER] = secrets.token_urlsafe(24)
    return str(cookie[BROWSER])


def known_browser() -> str | None:
    """The secret of a browser that asked for a code before."""
    return cookie.get(BROWSER) if request.cookies else None


def opened() -> OpenSession:
    """The open session; SignInRequired without one."""
    found = current_session()
    if found is None:
        raise SignInRequired
    return found


def own_account() -> Account:
    """The signed-in person's account."""
    account = get_account(opened().account.id)
    if account is None:
        raise NotFound
    return account


def fresh(view: View) -> View:
    """Decorator, below @own or @requires: the person proved who they are within the last ten minutes."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        actor = current_actor()
        if not actor.is_fresh:
            cookie[NEXT] = request.full_path if request.method != "POST" else url_for("accounts.account")
            return redirect_to("accounts.second_factor" if actor.is_staff else "accounts.prove")
        return view(*args, **kwargs)

    return guarded


def ask_for_code(form: SignInForm) -> SignInCode:
    """Note that this browser wants a code, and where it wants to go afterwards."""
    hit("accounts.ask_code", network())
    if form.next.data:
        cookie[NEXT] = safe_next()
    return operations.request_code(
        typed=str(form.identifier.data), browser=browser(), language=current_language().slug
    )


def ask_own_code(purpose: CodePurpose, typed: str, account: Account) -> SignInCode:
    """A code for something a signed-in person wants to do."""
    hit("accounts.ask_code", network())
    return operations.request_code(
        typed=typed,
        browser=browser(),
        language=current_language().slug,
        purpose=purpose,
        account_id=account.id,
    )


def take_code(form: CodeForm) -> Response | None:
    """Try the typed code; the next page if it was right, else None with the error in the form."""
    secret = known_browser()
    hit("accounts.try_code", network())
    purposes = (CodePurpose.SIGN_IN,) if current_actor().is_visitor else SIGNED_IN_PURPOSES
    result = CodeResult(Outcome.WRONG)
    if secret:
        result = operations.try_code(browser=secret, typed=str(form.code.data), purposes=purposes)
    if result.outcome is Outcome.REPEATED:
        return redirect_to("accounts.account")
    if result.code is None:
        form.add_error("code", _("This code does not fit or is no longer valid. You can ask for a new one."))
        return None
    result.code.is_shared_device = bool(form.shared_device.data)
    return go_on(result.code)


def go_on(row: SignInCode) -> Response | None:
    """What follows the right code."""
    if row.purpose == CodePurpose.PROVE:
        operations.finish_code(row)
        return keep(operations.renew_session(opened().row), opened())
    if row.purpose == CodePurpose.CHANGE_EMAIL:
        return take_new_address(row)
    accounts = operations.accounts_for(row) if row.purpose == CodePurpose.SIGN_IN else []
    if len(accounts) == 1:
        return enter(accounts[0], row)
    return redirect_to("accounts.choose" if accounts else "accounts.sign_up")


def take_new_address(row: SignInCode) -> Response:
    """The account has a new address; this browser goes on under a new session."""
    session_before, account = opened(), own_account()
    operations.change_email(account, row)
    token = operations.begin_session(
        account,
        is_shared_device=session_before.row.is_shared_device,
        second_factor=session_before.row.second_factor_at is not None,
    )
    carry(token, is_permanent=bool(cookie.permanent))
    flash_success(_("Your new address counts from now on. We have told the old one."))
    return redirect_to("accounts.account")


def enter(account: Account, row: SignInCode) -> Response:
    """Open a session for this account, under a new token, and go where the person wanted to go."""
    operations.finish_code(row)
    token = operations.begin_session(account, is_shared_device=row.is_shared_device)
    carry(token, is_permanent=not (row.is_shared_device or account.is_staff))
    return redirect_to("accounts.second_factor") if account.is_staff else onward()


def keep(token: str, session_before: OpenSession) -> Response:
    """The same session goes on under a new token."""
    short = session_before.row.is_shared_device or session_before.account.is_staff
    carry(token, is_permanent=not short)
    return onward()


def onward() -> Response:
    """To what was typed before, to the page the person came from, or home."""
    target = cookie.pop(NEXT, None)
    if PARKED in cookie:
        return redirect_to("accounts.parked")
    return go_to(target or url_for("discovery.home"))


def session_lives() -> bool:
    """Whether the session was not ended within this very request (by too many wrong codes)."""
    return operations.is_open(opened().row)
