"""Who may vote in a round, and if not: why, and what to do next.

One rule for every change of life (a move, a suspension, a letter that was taken back): who may vote is asked
anew at each step. The roll adds nothing but a number without a name, so that one person has one ballot.

Level 0: any resident's account. Level 1: known in person, or the town's sign-in. Level 2: a code from a
letter, with or without an account. Level 3: the town's sign-in; the entry belongs to the sign-in and not to
the account, so a second account of the same person finds the same entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.core.actors import Actor
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.rounds.models import RollEntry, Round, TownIdentity
from portal.rounds.queries.known import is_known, town_identity

BY_MAIL, KNOWN, LETTER, TOWN = 0, 1, 2, 3


class Reason(StrEnum):
    """Why somebody may vote or not."""

    ENTERED = "entered"
    MAY_ENTER = "may_enter"
    SIGN_IN = "sign_in"
    STAFF_ACCOUNT = "staff_account"
    SUSPENDED = "suspended"
    NEEDS_CODE = "needs_code"
    NOT_KNOWN = "not_known"
    NO_TOWN_SIGN_IN = "no_town_sign_in"
    DISTRICT_UNKNOWN = "district_unknown"
    OTHER_DISTRICT = "other_district"
    REVOKED = "revoked"


MAY_VOTE = frozenset({Reason.ENTERED, Reason.MAY_ENTER})


@dataclass(frozen=True)
class NextStep:
    """Words for a button and the page it leads to. for_round: the address takes the round's public id."""

    label: LazyString
    endpoint: str
    for_round: bool = False


@dataclass(frozen=True)
class Eligibility:
    """The answer: the number in the roll (None: none yet), the reason, its words and the next step."""

    entry_id: int | None
    reason: Reason
    words: LazyString
    step: NextStep | None = None
    level: int = field(default=0, compare=False)
    district_id: int | None = field(default=None, compare=False)

    @property
    def may_vote(self) -> bool:
        """Whether this person may vote now, entered or not."""
        return self.reason in MAY_VOTE


WORDS: dict[Reason, LazyString] = {
    Reason.ENTERED: _l("You may vote here."),
    Reason.MAY_ENTER: _l("You may vote here."),
    Reason.SIGN_IN: _l("Please sign in first, so that everybody has one vote."),
    Reason.STAFF_ACCOUNT: _l(
        "You are signed in for work. Votes belong to residents: please sign in with your private account."
    ),
    Reason.SUSPENDED: _l(
        "Your account may only read at the moment, so you cannot vote here. If you think this is wrong, you"
        " can object, and you can ask at the counter for another way to vote."
    ),
    Reason.NEEDS_CODE: _l(
        "For this vote you need the code from the letter of the town. You need no account. No letter? Ask at"
        " the counter of the town."
    ),
    Reason.NOT_KNOWN: _l(
        "For this vote somebody must know you in person: the staff at a counter, or two neighbours."
    ),
    Reason.NO_TOWN_SIGN_IN: _l("For this vote please confirm once with the sign-in of the town who you are."),
    Reason.DISTRICT_UNKNOWN: _l(
        "This vote is for certain districts. Please say in your account where you live."
    ),
    Reason.OTHER_DISTRICT: _l(
        "This vote is for other districts than yours. Have you moved? Then please change your district in"
        " your account."
    ),
    Reason.REVOKED: _l(
        "Your right to vote here was taken back. If you think this is wrong, please ask at the counter of the"
        " town."
    ),
}
STEPS: dict[Reason, NextStep] = {
    Reason.SIGN_IN: NextStep(_l("Sign in"), "accounts.sign_in"),
    Reason.NEEDS_CODE: NextStep(_l("Type the code from the letter"), "rounds.type_code", for_round=True),
    Reason.NOT_KNOWN: NextStep(_l("How to become known"), "rounds.known"),
    Reason.NO_TOWN_SIGN_IN: NextStep(_l("Confirm with the town's sign-in"), "rounds.known"),
    Reason.DISTRICT_UNKNOWN: NextStep(_l("To my account"), "accounts.account"),
    Reason.OTHER_DISTRICT: NextStep(_l("To my account"), "accounts.account"),
}


def person_hash(vote: Round, account_id: int, identity: TownIdentity | None = None) -> str:
    """What a person stands for in the roll of one round; no two rounds can be compared."""
    who = f"town:{identity.subject_hash}" if identity and vote.level == TOWN else f"account:{account_id}"
    return keyed_hash("rounds.person", f"{vote.id}:{who}")


def entry_for(actor: Actor, vote: Round) -> Eligibility:
    """Whether this account may vote in this round now. Writes nothing. (Codes: letters.redeem.)"""
    if vote.level == LETTER:
        return _answer(Reason.NEEDS_CODE)
    refused = _refused_before_the_roll(actor)
    if refused is not None or actor.account_id is None:
        return _answer(refused or Reason.SIGN_IN)
    identity = town_identity(actor.account_id) if vote.level in {KNOWN, TOWN} else None
    if vote.level == TOWN and identity is None:
        return _answer(Reason.NO_TOWN_SIGN_IN)
    if vote.level == KNOWN and identity is None and not is_known(actor.account_id, vote.id):
        return _answer(Reason.NOT_KNOWN)
    district = (identity.district_id if identity else None) or actor.district_id
    if vote.district_ids and district not in vote.district_ids:
        return _answer(Reason.OTHER_DISTRICT if district else Reason.DISTRICT_UNKNOWN)
    return _in_the_roll(vote, person_hash(vote, actor.account_id, identity), district)


def _refused_before_the_roll(actor: Actor) -> Reason | None:
    if actor.is_visitor:
        return Reason.SIGN_IN
    if not actor.is_resident:
        return Reason.STAFF_ACCOUNT
    return Reason.SUSPENDED if actor.suspended else None


def _in_the_roll(vote: Round, hashed: str, district: int | None) -> Eligibility:
    entry = session.scalar(
        select(RollEntry).where(RollEntry.round_id == vote.id, RollEntry.person_hash == hashed)
    )
    if entry is None:
        return _answer(Reason.MAY_ENTER, level=vote.level, district_id=district)
    if entry.is_revoked:
        return _answer(Reason.REVOKED)
    return _answer(Reason.ENTERED, entry.id, level=vote.level, district_id=district)


def _answer(reason: Reason, entry_id: int | None = None, **more: Any) -> Eligibility:
    return Eligibility(entry_id, reason, WORDS[reason], STEPS.get(reason), **more)


def entry(entry_id: int) -> RollEntry | None:
    """One entry of the roll."""
    return session.get(RollEntry, entry_id)


def answer_for_entry(vote: Round, entry_id: int | None) -> Eligibility:
    """The answer for somebody who showed a code: its entry counts unless it was taken back since."""
    found = entry(entry_id) if entry_id is not None else None
    if found is None or found.round_id != vote.id:
        return _answer(Reason.NEEDS_CODE)
    if found.is_revoked:
        return _answer(Reason.REVOKED)
    return _answer(Reason.ENTERED, found.id, level=found.level, district_id=found.district_id)
