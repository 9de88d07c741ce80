"""Sign-in codes: asked for in one browser, mailed, typed in the same browser. Never stored in plain.

Numbers: 8 digits, 10 minutes, one use, 5 tries per code, 5 codes an hour for an address. Under a permanent
attack at the brake's limit a takeover is expected 300 / 10^8 = 3e-6 times an hour (ASVS 5.0, 6.5.5).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update

from portal.accounts.errors import AddressNotProven
from portal.accounts.events import SignInCodeMade
from portal.accounts.models import Account, CodePurpose, SessionRow, SignInCode
from portal.accounts.operations.cards import SECRET_LENGTH, opens_with
from portal.accounts.queries import (
    account_by_skeleton,
    accounts_with_address,
    address_hash,
    get_account,
    hash_token,
)
from portal.core import clock, crypto, jobs
from portal.core.db import session
from portal.core.events import emit
from portal.core.mailsafe import BadAddress, MailAddress, valid_address
from portal.core.public_id import ALPHABET
from portal.core.text import ascii_digits, clean_line, skeleton

CODE_LIFE = timedelta(minutes=10)
PROOF_LIFE = timedelta(minutes=30)
TRIES_PER_CODE = 5
CODES_PER_HOUR = 5
# To an address without account: one mail a day, and two more only for the browser that asked first.
MAILS_TO_UNKNOWN_PER_DAY = 3
WRONG_PER_HOUR = 300
DIGITS, LONG_CODE = 8, 10
REPEATED_WITHIN = timedelta(minutes=2)
# A job that comes later than this helps nobody any more.
TOO_LATE = timedelta(hours=1)
LONGEST_TYPED = 254


class Outcome(StrEnum):
    """right: go on. wrong: say so (for every reason the same). repeated: a double click, already done."""

    RIGHT = "right"
    WRONG = "wrong"
    REPEATED = "repeated"


@dataclass(frozen=True)
class CodeResult:
    """What a typed code led to; `code` is there when it was right."""

    outcome: Outcome
    code: SignInCode | None = None


def read_identifier(typed: str) -> str:
    """What was typed into the one field, cleaned; BadAddress if it is meant as an address but is none."""
    text = clean_line(typed)[:LONGEST_TYPED]
    return valid_address(text).address if "@" in text or not text else text


def request_code(
    *,
    typed: str,
    browser: str,
    language: str,
    purpose: CodePurpose = CodePurpose.SIGN_IN,
    account_id: int | None = None,
) -> SignInCode:
    """Note that this browser wants a code. Looks nothing up: a job finds out whom to write to, if anybody."""
    row = SignInCode(
        browser_hash=hash_token(browser),
        purpose=purpose,
        typed=read_identifier(typed),
        language=language,
        account_id=account_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    jobs.enqueue("accounts.make_code", {"id": row.id}, unique_key=f"accounts.make_code:{row.public_id}")
    return row


def make_code(row_id: int) -> None:
    """Make the code for a request and have it mailed; nothing for unknown names and beyond the limits."""
    row = session.get(SignInCode, row_id)
    if row is None or row.code_hash or row.created_at < clock.now() - TOO_LATE:
        return
    address = _address_for(row)
    if address is None:
        return
    row.address, row.address_hash = address.address, address_hash(address.canonical)
    is_known = bool(accounts_with_address(row.address_hash))
    if _too_many(row, is_known=is_known):
        return
    code = _new_code()
    row.code_hash, row.expires_at = _hash(row, code), clock.now() + CODE_LIFE
    session.flush()
    emit(
        SignInCodeMade(
            address=address.address,
            code=code,
            request_id=row.public_id,
            purpose=row.purpose,
            language=row.language,
            is_known=is_known,
            minutes=int(CODE_LIFE.total_seconds() // 60),
        )
    )


def _address_for(row: SignInCode) -> MailAddress | None:
    try:
        if "@" in row.typed:
            return valid_address(row.typed)
        account = account_by_skeleton(skeleton(row.typed))
        if account is None or not account.email:
            return None
        row.account_id = account.id
        return valid_address(account.email)
    except BadAddress:
        return None


def _too_many(row: SignInCode, *, is_known: bool) -> bool:
    """Whether the address had enough mails. Extra requests look the same in the browser, and send none."""
    now = clock.now()
    sent = session.execute(
        select(SignInCode.browser_hash, SignInCode.created_at).where(
            SignInCode.address_hash == row.address_hash,
            SignInCode.code_hash.is_not(None),
            SignInCode.created_at > now - timedelta(days=1),
        )
    ).all()
    if sum(created_at > now - timedelta(hours=1) for _, created_at in sent) >= CODES_PER_HOUR:
        return True
    if is_known:
        return False
    return len(sent) >= MAILS_TO_UNKNOWN_PER_DAY or any(browser != row.browser_hash for browser, _ in sent)


def _new_code() -> str:
    """Eight digits; ten letters and figures while somebody is guessing on a large scale."""
    wrong = session.scalar(
        select(func.coalesce(func.sum(SignInCode.tries), 0)).where(
            SignInCode.created_at > clock.now() - timedelta(hours=1)
        )
    )
    if (wrong or 0) > WRONG_PER_HOUR:
        return "".join(secrets.choice(ALPHABET) for _ in range(LONG_CODE))
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _hash(row: SignInCode, code: str) -> str:
    return crypto.keyed_hash("sign_in_code", f"{row.public_id}:{code}")


def plain_code(typed: str) -> str:
    """A code as it was meant: digits of any script, small letters, without spaces and dashes."""
    return "".join(character for character in ascii_digits(typed).casefold() if character.isalnum())[:40]


def try_code(*, browser: str, typed: str, purposes: tuple[CodePurpose, ...]) -> CodeResult:
    """Compare what was typed with the live codes of this browser; each of them loses one of its five tries.

    The count is one UPDATE with its condition inside, so that fifty parallel tries are five. The answer
    commits the count; nothing may be raised after it.
    """
    code, now = plain_code(typed), clock.now()
    if len(code) == SECRET_LENGTH:
        return _try_card(browser, code)
    live = session.scalars(
        update(SignInCode)
        .where(
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.purpose.in_(purposes),
            SignInCode.code_hash.is_not(None),
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > now,
            SignInCode.tries < TRIES_PER_CODE,
        )
        .values(tries=SignInCode.tries + 1)
        .returning(SignInCode),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()
    fitting = [row for row in live if crypto.equal(str(row.code_hash), _hash(row, code))]
    if fitting:
        fitting[0].used_at = now
        session.flush()
        return CodeResult(Outcome.RIGHT, fitting[0])
    return CodeResult(Outcome.REPEATED if _was_just_used(browser, code) else Outcome.WRONG)


def _was_just_used(browser: str, code: str) -> bool:
    """Whether the same browser typed this very code a moment ago and it was right: a double click."""
    used = session.scalars(
        select(SignInCode).where(
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.code_hash.is_not(None),
            SignInCode.used_at > clock.now() - REPEATED_WITHIN,
        )
    )
    return any(crypto.equal(str(row.code_hash), _hash(row, code)) for row in used)


def _try_card(browser: str, secret: str) -> CodeResult:
    """Somebody typed the secret of a paper card: it opens the account of the code name typed before."""
    row = session.scalar(
        select(SignInCode)
        .where(
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.purpose == CodePurpose.SIGN_IN,
            SignInCode.used_at.is_(None),
            SignInCode.created_at > clock.now() - PROOF_LIFE,
        )
        .order_by(SignInCode.id.desc())
        .limit(1)
    )
    account = account_by_skeleton(skeleton(row.typed)) if row and "@" not in row.typed else None
    if not opens_with(account, secret) or row is None or account is None:
        return CodeResult(Outcome.WRONG)
    row.used_at, row.account_id = clock.now(), account.id
    session.flush()
    return CodeResult(Outcome.RIGHT, row)


def code_of_browser(browser: str, request_id: str) -> SignInCode | None:
    """The request with this id, if this browser made it and no code was typed for it yet."""
    return session.scalar(
        select(SignInCode).where(
            SignInCode.public_id == request_id,
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.used_at.is_(None),
        )
    )


def latest_request(browser: str) -> SignInCode | None:
    """What this browser asked for last and has not finished, within the last half hour."""
    return session.scalar(
        select(SignInCode)
        .where(
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.finished_at.is_(None),
            SignInCode.created_at > clock.now() - PROOF_LIFE,
        )
        .order_by(SignInCode.id.desc())
        .limit(1)
    )


def proven_code(browser: str) -> SignInCode | None:
    """The request for which this browser typed the right code within the last half hour, and that is open."""
    return session.scalar(
        select(SignInCode)
        .where(
            SignInCode.browser_hash == hash_token(browser),
            SignInCode.used_at > clock.now() - PROOF_LIFE,
            SignInCode.finished_at.is_(None),
        )
        .order_by(SignInCode.used_at.desc(), SignInCode.id.desc())
        .limit(1)
    )


def accounts_for(row: SignInCode) -> list[Account]:
    """The accounts a proven request may open: the one named, or all that share its address."""
    if row.used_at is None:
        raise AddressNotProven
    if row.account_id is not None:
        account = get_account(row.account_id)
        return [account] if account is not None and account.deleted_at is None else []
    return accounts_with_address(row.address_hash) if row.address_hash else []


def prune_sign_in() -> None:
    """Forget sessions that are over and requests for codes older than a day."""
    now = clock.now()
    session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
    session.execute(delete(SignInCode).where(SignInCode.created_at <= now - timedelta(days=1)))


def finish_code(row: SignInCode) -> None:
    """What the code was typed for is done. AddressNotProven if it was done before or never proven."""
    if row.used_at is None or row.finished_at is not None:
        raise AddressNotProven
    row.finished_at = clock.now()
    session.flush()
