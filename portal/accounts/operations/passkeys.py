"""Passkeys of staff (W3C Web Authentication, level 3): nothing to type, nothing a false page can ask for."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update

from portal.accounts.errors import FactorMissing, WrongSecondFactor
from portal.accounts.models import Account, Passkey, SessionRow
from portal.accounts.operations.second_factor import has_totp, passkeys_of
from portal.core import clock
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.later import Later
from portal.core.settings import current_settings
from portal.core.text import clean_line

webauthn, helpers = Later("webauthn"), Later("webauthn.helpers")
exceptions, structs = Later("webauthn.helpers.exceptions"), Later("webauthn.helpers.structs")

CHALLENGE_BYTES = 32
LABEL_LENGTH = 60


def _site() -> tuple[str, str]:
    """(relying party id, origin): only this host may use our passkeys."""
    origin = current_settings().base_url
    return urlsplit(origin).hostname or "localhost", origin


def _new_challenge(row: SessionRow) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row.challenge = helpers.bytes_to_base64url(challenge)
    session.flush()
    return challenge


def _take_challenge(row: SessionRow) -> bytes:
    """The challenge this session waits for; it is used up by asking. WrongSecondFactor without one."""
    waiting = row.challenge
    taken = session.scalar(
        update(SessionRow)
        .where(SessionRow.id == row.id, SessionRow.challenge == waiting)
        .values(challenge=None)
        .returning(SessionRow.id)
    )
    if waiting is None or taken is None:
        raise WrongSecondFactor(field="credential")
    return bytes(helpers.base64url_to_bytes(waiting))


def _known(account_id: int) -> list[Any]:
    return [
        structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(one.credential_id))
        for one in passkeys_of(account_id)
    ]


def registration_options(row: SessionRow, account: Account, site_name: str) -> str:
    """What the browser needs to make a passkey, as JSON; remembers the challenge in the session."""
    options = webauthn.generate_registration_options(
        rp_id=_site()[0],
        rp_name=site_name,
        user_id=account.public_id.encode(),
        user_name=account.display_name,
        challenge=_new_challenge(row),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_known(account.id),
    )
    return str(webauthn.options_to_json(options))


def authentication_options(row: SessionRow) -> str:
    """What the browser needs to use a passkey, as JSON; remembers the challenge in the session."""
    options = webauthn.generate_authentication_options(
        rp_id=_site()[0],
        challenge=_new_challenge(row),
        allow_credentials=_known(row.account_id),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return str(webauthn.options_to_json(options))


def add_passkey(row: SessionRow, credential: str, label: str) -> Passkey:
    """Keep a new passkey for the session's account. WrongSecondFactor when the answer is not genuine."""
    host, origin = _site()
    challenge = _take_challenge(row)
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError):
        raise WrongSecondFactor(field="credential") from None
    passkey = Passkey(
        account_id=row.account_id,
        credential_id=helpers.bytes_to_base64url(verified.credential_id),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=clean_line(label)[:LABEL_LENGTH] or "Passkey",
        created_at=clock.now(),
    )
    session.add(passkey)
    session.flush()
    return passkey


def check_passkey(row: SessionRow, credential: str) -> bool:
    """Whether the answer comes from one of the account's passkeys. A challenge works once."""
    host, origin = _site()
    try:
        challenge = _take_challenge(row)
        credential_id = str(json.loads(credential)["id"])
        passkey = session.scalar(
            select(Passkey).where(
                Passkey.credential_id == credential_id, Passkey.account_id == row.account_id
            )
        )
        if passkey is None:
            return False
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (exceptions.WebAuthnException, WrongSecondFactor, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count = verified.new_sign_count
    return True


def remove_passkey(account_id: int, public_id: str) -> None:
    """Forget one of the account's passkeys; FactorMissing when it is its only second step, NotFound."""
    if not any(one.public_id == public_id for one in passkeys_of(account_id)):
        raise NotFound
    if not has_totp(account_id) and len(passkeys_of(account_id)) < 2:
        raise FactorMissing
    session.execute(delete(Passkey).where(Passkey.account_id == account_id, Passkey.public_id == public_id))
