"""The second step of staff: an authenticator app (TOTP), ten recovery codes, and a reset by a second person.

RFC 6238: six digits from a shared secret and the half minute it is. A code that was used is refused, also
when two requests bring it at once.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import pyotp
from sqlalchemy import delete, func, or_, select, update

from portal.accounts.errors import FactorMissing, ResetAlreadyAsked, WrongSecondFactor
from portal.accounts.events import SecondFactorResetRequested
from portal.accounts.models import (
    Account,
    Passkey,
    RecoveryCode,
    SecondFactorReset,
    SessionRow,
    TotpSecret,
)
from portal.accounts.operations.codes import plain_code
from portal.accounts.operations.sessions import end_all_sessions, renew_session
from portal.core import audit, clock, crypto
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.public_id import ALPHABET

TRIES_PER_SESSION = 5
STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
RESET_AFTER = timedelta(hours=24)


def has_second_factor(account_id: int) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return _confirmed_totp(account_id) is not None or bool(passkeys_of(account_id))


def passkeys_of(account_id: int) -> list[Passkey]:
    """The account's passkeys, oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)))


def _confirmed_totp(account_id: int) -> TotpSecret | None:
    return session.scalar(
        select(TotpSecret).where(TotpSecret.account_id == account_id, TotpSecret.confirmed_at.is_not(None))
    )


def has_totp(account_id: int) -> bool:
    """Whether an authenticator app is set up."""
    return _confirmed_totp(account_id) is not None


def begin_totp(account: Account, issuer: str) -> tuple[str, str]:
    """A new secret for an authenticator app: (secret to type, otpauth address for the QR code).

    It counts only when a first code from it was typed; an app set up before goes on until then.
    """
    secret = pyotp.random_base32()
    return secret, totp_address(account, secret, issuer)


def totp_address(account: Account, secret: str, issuer: str) -> str:
    """The otpauth:// address an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.display_name, issuer_name=issuer)


def confirm_totp(account: Account, secret: str, code: str) -> None:
    """The app works: its first code fits, and it takes the place of an older one. WrongSecondFactor."""
    step = _fitting_step(secret, plain_code(code))
    if step is None:
        raise WrongSecondFactor
    session.execute(delete(TotpSecret).where(TotpSecret.account_id == account.id))
    now = clock.now()
    session.add(
        TotpSecret(account_id=account.id, secret=secret, created_at=now, confirmed_at=now, last_step=step)
    )
    session.flush()


def _fitting_step(secret: str, code: str) -> int | None:
    """The half minute a code belongs to: this one, the one before or the next; None if it does not fit."""
    present = int(clock.now().timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if crypto.equal(generator.generate_otp(step), code):
            return step
    return None


def take_try(row: SessionRow) -> bool:
    """Count one try of this session; False when its five are used up, and then the session is over.

    One UPDATE with its condition inside, so that parallel tries are counted too.
    """
    left = session.scalar(
        update(SessionRow)
        .where(SessionRow.id == row.id, SessionRow.second_factor_tries < TRIES_PER_SESSION)
        .values(second_factor_tries=SessionRow.second_factor_tries + 1)
        .returning(SessionRow.id),
        execution_options={"synchronize_session": False},
    )
    if left is None:
        session.execute(delete(SessionRow).where(SessionRow.id == row.id))
    return left is not None


def check_typed_factor(account_id: int, typed: str) -> bool:
    """Whether six digits of the app or a recovery code fit; either works once."""
    code = plain_code(typed)
    if len(code) == RECOVERY_LENGTH:
        return _use_recovery_code(account_id, code)
    stored = _confirmed_totp(account_id)
    step = _fitting_step(stored.secret, code) if stored else None
    if step is None:
        return False
    used = session.scalar(
        update(TotpSecret)
        .where(TotpSecret.account_id == account_id, TotpSecret.last_step < step)
        .values(last_step=step)
        .returning(TotpSecret.account_id),
        execution_options={"synchronize_session": False},
    )
    return used is not None


def make_recovery_codes(account: Account) -> list[str]:
    """Ten new codes, shown once; older ones stop working. Example: "k7rtm-n4px2"."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    now = clock.now()
    session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_recovery_hash(account.id, code), created_at=now)
        for code in codes
    )
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(account_id: int) -> int:
    """How many recovery codes still work."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def _recovery_hash(account_id: int, code: str) -> str:
    return crypto.keyed_hash("recovery_code", f"{account_id}:{code}")


def _use_recovery_code(account_id: int, code: str) -> bool:
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _recovery_hash(account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return used is not None


def second_factor_shown(row: SessionRow) -> str:
    """The session counts in full from now on, under a new token (returned). A waiting reset is stopped."""
    now = clock.now()
    row.second_factor_at, row.second_factor_tries = now, 0
    session.execute(
        update(SecondFactorReset)
        .where(
            SecondFactorReset.account_id == row.account_id,
            SecondFactorReset.cancelled_at.is_(None),
            SecondFactorReset.done_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    return renew_session(row)


def ask_for_reset(actor: Actor, account: Account) -> SecondFactorReset:
    """Take the second step away in 24 hours, for somebody who lost theirs; the person gets a mail now.

    By another administrator only. Whoever still has the second step stops it by signing in. FactorMissing,
    ResetAlreadyAsked.
    """
    ensure(actor, "accounts.reset_second_factor", account)
    if not has_second_factor(account.id) or actor.account_id is None:
        raise FactorMissing
    if waiting_reset(account.id) is not None:
        raise ResetAlreadyAsked
    now = clock.now()
    reset = SecondFactorReset(
        account_id=account.id, requested_by=actor.account_id, requested_at=now, due_at=now + RESET_AFTER
    )
    session.add(reset)
    session.flush()
    audit.record(
        "accounts.second_factor_reset_asked",
        actor=actor,
        subject=("account", account.id),
        due=reset.due_at.isoformat(),
    )
    emit(SecondFactorResetRequested(account.id, reset.due_at))
    return reset


def waiting_reset(account_id: int) -> SecondFactorReset | None:
    """The reset that is on its way for this account."""
    return session.scalar(
        select(SecondFactorReset).where(
            SecondFactorReset.account_id == account_id,
            SecondFactorReset.cancelled_at.is_(None),
            SecondFactorReset.done_at.is_(None),
        )
    )


def carry_out_resets() -> int:
    """Do the resets whose day is over: the person sets up a new second step at the next sign-in."""
    due = session.scalars(
        select(SecondFactorReset).where(
            SecondFactorReset.due_at <= clock.now(),
            SecondFactorReset.cancelled_at.is_(None),
            SecondFactorReset.done_at.is_(None),
        )
    ).all()
    for reset in due:
        for table in (TotpSecret, Passkey, RecoveryCode):
            session.execute(delete(table).where(table.account_id == reset.account_id))
        end_all_sessions(reset.account_id)
        reset.done_at = clock.now()
        audit.record("accounts.second_factor_reset", actor=SYSTEM, subject=("account", reset.account_id))
    return len(due)


def prune_resets() -> None:
    """Forget resets of more than a year ago; the audit keeps what happened."""
    old = clock.now() - timedelta(days=365)
    ended = or_(SecondFactorReset.done_at < old, SecondFactorReset.cancelled_at < old)
    session.execute(delete(SecondFactorReset).where(ended))
