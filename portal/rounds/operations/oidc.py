"""OpenID Connect, the authorization code flow with PKCE, for one purpose: one person, one town sign-in.

Sources: OpenID Connect Core 1.0 (3.1), RFC 7636 (PKCE, S256), RFC 9207 (issuer in the answer), RFC 9700. What
is checked: state, nonce, exact issuer (description, answer and token), audience, authorized party, times, and
the signature against the issuer's keys; RS256 and ES256 only. No redirects are followed, only addresses of
the issuer's own description are asked, answers are cut at 256 kB and after ten seconds.

PyJWT reads the keys and checks signature and claims; it is imported when somebody first comes back. What it
does not know (nonce, authorized party, which key of two with one name) stands here, and so do the requests:
a library for the whole flow would bring an HTTP client that follows redirects (docs/adr/0013).
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.later import Later
from portal.core.settings import Settings, current_settings
from portal.places.queries import districts
from portal.rounds.errors.roll import TownSignInFailed, TownSignInInUse, TownSignInTaken
from portal.rounds.models import TownIdentity
from portal.rounds.operations.eligibility import entries_of_account
from portal.rounds.queries.eligibility import KNOWN
from portal.rounds.queries.oidc import Claims, TownSignIn

jwt = Later("jwt")
SECONDS = 10.0
MOST_BYTES = 256 * 1024
CLOCK_SKEW_SECONDS = 60
KEYS_LAST_SECONDS = 300.0
KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}
NEEDED = ("iss", "aud", "sub", "exp", "iat", "nonce")
Json = dict[str, Any]


class OpenIdProvider:
    """The provider the settings name. Its description is read once, its keys every five minutes."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer
        self.client_id, self.secret = settings.oidc_client_id, settings.oidc_client_secret
        self.district_claim = settings.oidc_district_claim
        self._described: Json | None = None
        self._keys: list[Json] = []
        self._keys_until = 0.0

    def address(self, *, state: str, nonce: str, verifier: str, callback: str, language: str) -> str:
        """The authorization endpoint with client, scope, state, nonce and the PKCE challenge."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": callback,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def claims(self, *, code: str, nonce: str, verifier: str, callback: str) -> Claims:
        """Exchange the code for an ID token and check everything about it. TownSignInFailed."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.secret:
            pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        answer = _ask(self._endpoint("token_endpoint"), urlencode(form).encode(), headers)
        claims = self._checked(str(answer.get("id_token", "")), nonce)
        told = claims.get(self.district_claim) if self.district_claim else None
        return Claims(self.issuer, str(claims["sub"]), told if isinstance(told, str) else "")

    def _checked(self, token: str, nonce: str) -> Json:
        try:
            claims: Json = jwt.decode(
                token,
                self._key_for(jwt.get_unverified_header(token)),
                algorithms=list(KEY_TYPES),
                audience=self.client_id,
                issuer=self.issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": NEEDED, "enforce_minimum_key_length": True},
            )
        except jwt.PyJWTError:
            raise TownSignInFailed from None
        party = claims.get("azp", None if isinstance(claims["aud"], list) else self.client_id)
        is_for_us = party == self.client_id or (party is None and len(claims["aud"]) == 1)
        if not is_for_us or claims["nonce"] != nonce or not 0 < len(claims["sub"]) <= 255:
            raise TownSignInFailed
        return claims

    def _key_for(self, header: Json) -> Any:
        """The issuer's key of this name and kind; read anew when it is not among them (they changed)."""
        key = self._known_key(header)
        if key is None or time.monotonic() > self._keys_until:
            keys = _ask(self._endpoint("jwks_uri")).get("keys")
            self._keys = [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []
            self._keys_until = time.monotonic() + KEYS_LAST_SECONDS
            key = self._known_key(header)
        if key is None:
            raise TownSignInFailed
        return jwt.PyJWK(key)

    def _known_key(self, header: Json) -> Json | None:
        kind, name = KEY_TYPES.get(str(header.get("alg"))), header.get("kid")
        return next((one for one in self._keys if (one.get("kid"), one.get("kty")) == (name, kind)), None)

    def _endpoint(self, name: str) -> str:
        if self._described is None:
            described = _ask(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if described.get("issuer") != self.issuer:
                raise TownSignInFailed
            self._described = described
        address = str(self._described.get(name, ""))
        _ensure_safe(address)
        return address


_provider: tuple[Settings, TownSignIn] | None = None


def provider() -> TownSignIn:
    """The town's sign-in of this process."""
    global _provider
    settings = current_settings()
    if _provider is None or _provider[0] is not settings:
        _provider = (settings, OpenIdProvider(settings))
    return _provider[1]


def confirm(actor: Actor, claims: Claims) -> TownIdentity:
    """The account's person showed the town's sign-in. TownSignInTaken when another account has it."""
    assert actor.account_id is not None
    district = next((one.id for one in districts() if claims.district in {one.slug, one.name}), None)
    row = {"subject_hash": claims.subject_hash, "district_id": district, "at": clock.now()}
    statement = upsert(TownIdentity).values(account_id=actor.account_id, **row)
    session.execute(statement.on_conflict_do_nothing())
    mine = session.get(TownIdentity, actor.account_id, populate_existing=True)
    if mine is None or mine.subject_hash != claims.subject_hash:
        raise TownSignInTaken
    mine.district_id = district
    audit.record("rounds.town_sign_in_shown", actor=actor, subject=("account", actor.account_id))
    return mine


def remove(actor: Actor) -> None:
    """Take the town's sign-in from the account again. Its entries in the rolls stay with the sign-in.

    TownSignInInUse while a vote of level 1 runs that the account entered: there the account is on the roll,
    so the same sign-in could vote once more from another account.
    """
    assert actor.account_id is not None
    if any(vote.level == KNOWN for vote, _entry, _is_own in entries_of_account(actor.account_id)):
        raise TownSignInInUse
    mine = session.get(TownIdentity, actor.account_id)
    if mine is not None:
        session.delete(mine)
        audit.record("rounds.town_sign_in_removed", actor=actor, subject=("account", actor.account_id))


def _ensure_safe(address: str) -> None:
    """https, or this very machine (a test, a proxy): a token must not cross the network in the clear."""
    parts = urlsplit(address)
    is_local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise TownSignInFailed


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that sends us elsewhere is no answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Never."""
        return


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _ask(address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Json:
    _ensure_safe(address)
    sent = urllib.request.Request(address, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with _opener.open(sent, timeout=SECONDS) as answer:
            found = json.loads(answer.read(MOST_BYTES))
    except (OSError, ValueError, urllib.error.URLError):
        raise TownSignInFailed from None
    if not isinstance(found, dict):
        raise TownSignInFailed
    return found
