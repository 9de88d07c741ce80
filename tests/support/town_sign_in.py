"""A sign-in of the town for tests: an OpenID provider on this machine that checks what it is asked.

It keeps to the parts of OpenID Connect the portal uses, refuses what the standard tells it to refuse (wrong
verifier, wrong client, a code used twice), and can be told to lie (`lies`), one claim at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CLIENT, SECRET = "portal", "a secret of the test"
Json = dict[str, Any]


def b64(raw: bytes) -> str:
    """Without padding, as tokens are written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    """A number as keys are written."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


@cache
def made_keys() -> tuple[rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey]:
    """Keys of both kinds, made once: it takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048), ec.generate_private_key(
        ec.SECP256R1()
    )


class TownProvider:
    """The provider: its keys, who is signed in there, and what it has been asked."""

    def __init__(self) -> None:
        self.issuer = ""
        self.subject = "person-1"
        self.claims: Json = {}
        self.lies: Json = {}
        self.header: Json = {}
        self.description: Json = {}
        self.algorithm = "RS256"
        self.spoil_signature = False
        self.redirects = False
        self.asked: list[str] = []
        self.codes: dict[str, Json] = {}
        self.rsa, self.ec = made_keys()
        self.kid = "one"

    def described(self) -> Json:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.description,
        }

    def keys(self) -> Json:
        """The public keys, of both kinds."""
        one, other = self.rsa.public_key().public_numbers(), self.ec.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "RSA", "kid": self.kid, "n": number(one.n), "e": number(one.e)},
                {"kty": "EC", "kid": self.kid, "crv": "P-256", "x": number(other.x), "y": number(other.y)},
            ]
        }

    def press_yes(self, address: str) -> str:
        """What the person does there: signs in and is sent back. Returns the address of the way back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["scope"].split()[0] == "openid"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> Json | None:
        """The ID token for a code, None when the request does not fit."""
        asked = self.codes.pop(form.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {expected}":
            return None
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": "somebody@example.org",
            **self.claims,
            **self.lies,
        }
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: Json) -> str:
        """The claims as a token."""
        header = {"alg": self.algorithm, "kid": self.kid, **self.header}
        words = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self.ec.sign(words.encode(), ec.ECDSA(hashes.SHA256())))
            signature = r.to_bytes(32) + s.to_bytes(32)
        else:
            signature = self.rsa.sign(words.encode(), padding.PKCS1v15(), hashes.SHA256())
        if self.spoil_signature:
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        return f"{words}.{b64(signature)}"


@contextmanager
def town_provider() -> Iterator[TownProvider]:
    """The provider, answering on a port of this machine."""
    provider = TownProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if provider.redirects:
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/elsewhere")
                self.end_headers()
                return
            found = {"/.well-known/openid-configuration": provider.described, "/keys": provider.keys}
            self._answer(found[self.path]() if self.path in found else None)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            length = int(self.headers.get("Content-Length", "0"))
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            self._answer(provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, found: Json | None) -> None:
            body = json.dumps(found or {"error": "invalid_request"}).encode()
            self.send_response(200 if found else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            """Requests are not news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    # Whoever stops it waits until it looks up: half a second, unless it is told to look more often.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
