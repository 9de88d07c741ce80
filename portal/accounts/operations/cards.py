"""Paper cards for people without e-mail: a code name and twelve letters, handed over in person."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import or_, select, update

from portal.accounts.models import Account, SignInCard
from portal.accounts.operations.residents import create_resident
from portal.accounts.operations.sessions import end_all_sessions
from portal.accounts.queries import account_by_skeleton
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.public_id import ALPHABET
from portal.core.text import skeleton

# Three groups of four letters out of 29: 58 bits, less than 112, hence the slow hash (ASVS 5.0, 6.5.2).
SECRET_LENGTH = 12
TRIES_PER_HOUR = 5
REST = timedelta(hours=1)
# Argon2id with 19 MiB and two passes: the smallest setting of the OWASP cheat sheet, some 30 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """What is compared when there is no card, so that an unknown name takes as long as a known one."""
    return _hasher.hash(secrets.token_hex(16))


def account_for_card(*, display_name: str, language: str) -> Account:
    """The account a card is made for: a new one, or one that has no address and lost its card.

    Nobody can get into an account with an address this way. Raises NameProblem and NameTaken.
    """
    known = account_by_skeleton(skeleton(display_name))
    if known is not None and not known.is_staff and not known.email:
        end_all_sessions(known.id)
        return known
    return create_resident(display_name=display_name, language=language)


def make_card(actor: Actor, account: Account) -> str:
    """A new card for the account; an older one stops working. Returns the secret: it is shown once.

    Example: "k7rt-mn4p-x2ha".
    """
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    now = clock.now()
    card = session.scalar(select(SignInCard).where(SignInCard.account_id == account.id))
    if card is None:
        card = SignInCard(account_id=account.id)
        session.add(card)
    card.secret_hash, card.made_by, card.created_at = _hasher.hash(secret), actor.account_id, now
    card.tries, card.tries_since = 0, now
    session.flush()
    audit.record("accounts.card_made", actor=actor, subject=("account", account.id))
    return "-".join(secret[start : start + 4] for start in range(0, SECRET_LENGTH, 4))


def opens_with(account: Account | None, secret: str) -> bool:
    """Whether this secret opens the account's card; counts the try first. Five an hour, then it rests."""
    card_hash = _take_try(account.id) if account else None
    try:
        fits = _hasher.verify(card_hash or _nobodys_hash(), secret)
    except VerificationError:
        return False
    return fits and card_hash is not None


def _take_try(account_id: int) -> str | None:
    """One of the tries that are left for the account's card, as the hash to compare with; None without."""
    now = clock.now()
    session.execute(
        update(SignInCard)
        .where(SignInCard.account_id == account_id, SignInCard.tries_since < now - REST)
        .values(tries=0, tries_since=now)
    )
    return session.scalar(
        update(SignInCard)
        .where(SignInCard.account_id == account_id)
        .where(or_(SignInCard.tries < TRIES_PER_HOUR, SignInCard.tries_since < now - REST))
        .values(tries=SignInCard.tries + 1)
        .returning(SignInCard.secret_hash)
    )
