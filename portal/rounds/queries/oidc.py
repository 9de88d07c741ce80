"""The sign-in of the town as this installation is set up for it, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from portal.core.crypto import keyed_hash
from portal.core.settings import current_settings


@dataclass(frozen=True)
class Claims:
    """What a checked ID token says about a person: issuer, subject, and a district's slug if it tells one."""

    issuer: str
    subject: str
    district: str = ""

    @property
    def subject_hash(self) -> str:
        """All that is kept: a keyed hash of issuer and subject. Never the e-mail address, never a name."""
        return keyed_hash("rounds.town_subject", f"{self.issuer}\x00{self.subject}")


class TownSignIn(Protocol):
    """The seam: whoever can send a browser away and check what it brings back can be the town's sign-in."""

    def address(self, *, state: str, nonce: str, verifier: str, callback: str, language: str) -> str:
        """Where the browser goes: the authorization endpoint with everything it needs."""

    def claims(self, *, code: str, nonce: str, verifier: str, callback: str) -> Claims:
        """Exchange the code and check the ID token. TownSignInFailed when anything does not fit."""


def is_offered() -> bool:
    """Whether a sign-in of the town is set up (PORTAL_OIDC_ISSUER and PORTAL_OIDC_CLIENT_ID)."""
    settings = current_settings()
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def provider_name() -> str:
    """How people know it, for example BundID; "" when nothing is set."""
    return current_settings().oidc_name
