"""OpenID Connect, the authorization code flow with PKCE, for one purpose: one person, one town sign-in.

Sources: OpenID Connect Core 1.0 (3.1), RFC 7636 (PKCE, S256), RFC 9207 (issuer in the answer), RFC 9700. What
is checked: state, nonce, exact issuer (description, answer and token), audience, authorized party, times, and
the signature against the issuer's keys; RS256 and ES256 only. No redirects are followed, only addresses of
the issuer's own description are asked, answers are cut at 256 kB and after ten seconds.

There is no dependency for this: `cryptography` (already here for passkeys) checks the two kinds of signature.
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

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.settings import Settings, current_settings
from portal.places.queries import districts
from portal.rounds.errors.roll import TownSignInFailed, TownSignInTaken
from portal.rounds.models import TownIdentity
from portal.rounds.queries.oidc import Claims, TownSignIn

SECONDS = 10.0
MOST_BYTES = 256 * 1024
CLOCK_SKEW_SECONDS = 60
KEYS_LAST_SECONDS = 300.0
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
        challenge = _b64(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": callback,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
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
        header, claims, signed, signature = _parts(token)
        if not any(_signature_fits(key, header, signed, signature) for key in self._keys_for(header)):
            raise TownSignInFailed
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now = clock.now().timestamp()
        fits = (
            claims.get("iss") == self.issuer
            and self.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == self.client_id)
            and claims.get("azp", self.client_id) == self.client_id
            and _number(claims, "exp") > now - CLOCK_SKEW_SECONDS
            and _number(claims, "iat") < now + CLOCK_SKEW_SECONDS
            and claims.get("nonce") == nonce
            and isinstance(claims.get("sub"), str)
            and 0 < len(claims["sub"]) <= 255
        )
        if not fits:
            raise TownSignInFailed
        return claims

    def _keys_for(self, header: Json) -> list[Json]:
        """The issuer's keys of this name; read anew when the name is not among them (they changed)."""
        named = [key for key in self._keys if key.get("kid") == header.get("kid")]
        if not named or time.monotonic() > self._keys_until:
            keys = _ask(self._endpoint("jwks_uri")).get("keys")
            self._keys = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
            self._keys_until = time.monotonic() + KEYS_LAST_SECONDS
            named = [key for key in self._keys if key.get("kid") == header.get("kid")]
        return named

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
    """Take the town's sign-in from the account again. Its entries in the rolls stay with the sign-in."""
    assert actor.account_id is not None
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


def _parts(token: str) -> tuple[Json, Json, bytes, bytes]:
    try:
        head, body, end = token.split(".")
        header, claims = json.loads(_unb64(head)), json.loads(_unb64(body))
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise TownSignInFailed
        return header, claims, f"{head}.{body}".encode(), _unb64(end)
    except ValueError:
        raise TownSignInFailed from None


def _signature_fits(key: Json, header: Json, signed: bytes, signature: bytes) -> bool:
    """RS256 and ES256 by the key's own kind; what the token says about itself only has to agree."""
    try:
        if key.get("kty") == "RSA" and header.get("alg") == "RS256":
            public = rsa.RSAPublicNumbers(_int(key["e"]), _int(key["n"])).public_key()
            if public.key_size < 2048:
                return False
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
            return True
        if key.get("kty") == "EC" and key.get("crv") == "P-256" and header.get("alg") == "ES256":
            point = ec.EllipticCurvePublicNumbers(_int(key["x"]), _int(key["y"]), ec.SECP256R1()).public_key()
            if len(signature) != 64:
                return False
            pair = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            point.verify(encode_dss_signature(*pair), signed, ec.ECDSA(hashes.SHA256()))
            return True
    except (InvalidSignature, KeyError, ValueError, TypeError):
        return False
    return False


def _number(claims: Json, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TownSignInFailed
    return value


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _int(text: str) -> int:
    return int.from_bytes(_unb64(text))
