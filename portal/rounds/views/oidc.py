"""The town's sign-in: out to the provider, back, one page to confirm, and taking it away again.

Coming back is a GET and writes nothing: the checked answer waits, encrypted, in the browser's own cookie
until the person presses the button. What was sent out (state, nonce, verifier) waits there too, ten minutes.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Response, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from portal.accounts.views.steps import network
from portal.core import clock, crypto
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.limits import declare_limit, hit
from portal.core.settings import current_settings
from portal.rounds.errors.roll import TownSignInFailed
from portal.rounds.operations import oidc as operations
from portal.rounds.queries import oidc
from portal.rounds.queries.oidc import Claims
from portal.rounds.views.section import section
from portal.web.access import own
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to

SENT, CHECKED = "oidc", "oidc_checked"
SENT_SECONDS, CHECKED_SECONDS = 600, 300
declare_limit("rounds.town_sign_in", "20/hour")


def _callback() -> str:
    return current_settings().base_url + url_for("rounds.town_back", lang="de")


def _ensure_offered() -> None:
    if not oidc.is_offered() or not current_actor().is_resident:
        raise NotFound


def _seal(values: dict[str, Any]) -> str:
    at = int(clock.now().timestamp())
    account = current_actor().account_id
    return crypto.encrypt("rounds.oidc", json.dumps({**values, "at": at, "account": account}))


def _unseal(name: str, seconds: int) -> dict[str, Any]:
    """What waits in this browser's cookie; used once, for this account only. TownSignInFailed."""
    try:
        found: dict[str, Any] = json.loads(crypto.decrypt("rounds.oidc", str(cookie.pop(name, ":"))))
    except (crypto.CannotDecrypt, ValueError):
        raise TownSignInFailed from None
    is_old = found["at"] + seconds < clock.now().timestamp()
    if is_old or found["account"] != current_actor().account_id:
        raise TownSignInFailed
    return found


@section.get("/account/town-sign-in/start")
@own
def town_start() -> ResponseReturnValue:
    """Away to the town's sign-in. (A link and no form: strict pages do not send forms elsewhere.)"""
    _ensure_offered()
    hit("rounds.town_sign_in", network())
    sent = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    slug = current_language().slug
    address = operations.provider().address(**sent, callback=_callback(), language=slug)
    cookie[SENT] = _seal({**sent, "language": slug})
    return redirect(address, 303)


@section.get("/account/town-sign-in/back")
@own
def town_back() -> ResponseReturnValue:
    """Back from the town's sign-in: check everything, then one page with one button."""
    _ensure_offered()
    sent = _unseal(SENT, SENT_SECONDS)
    claims = _checked_answer(sent)
    cookie[CHECKED] = _seal({"issuer": claims.issuer, "subject": claims.subject, "district": claims.district})
    return redirect_to("rounds.town_check", lang=sent["language"])


def _checked_answer(sent: dict[str, Any]) -> Claims:
    given = request.args
    is_ours = crypto.equal(given.get("state", ""), sent["state"])
    is_issuer = given.get("iss", current_settings().oidc_issuer) == current_settings().oidc_issuer
    if not is_ours or not is_issuer or "error" in given or not given.get("code"):
        raise TownSignInFailed
    return operations.provider().claims(
        code=given["code"], nonce=sent["nonce"], verifier=sent["verifier"], callback=_callback()
    )


@section.get("/account/town-sign-in")
@own
def town_check() -> Response:
    """Shall this sign-in of the town belong to this account?"""
    _ensure_offered()
    return render("rounds/town_sign_in.html", name=oidc.provider_name(), is_checked=CHECKED in cookie)


@section.post("/account/town-sign-in")
@own
def town_confirm() -> Response:
    """Keep it: a keyed hash of issuer and subject, and the district if it told one."""
    _ensure_offered()
    found = _unseal(CHECKED, CHECKED_SECONDS)
    operations.confirm(current_actor(), Claims(found["issuer"], found["subject"], found["district"]))
    flash_success(_("Confirmed. You can vote where the sign-in of the town is asked for."))
    return redirect_to("rounds.known")


@section.post("/account/town-sign-in/remove")
@own
def town_remove() -> Response:
    """Take it away again."""
    operations.remove(current_actor())
    flash_success(_("Removed."))
    return redirect_to("rounds.known")
