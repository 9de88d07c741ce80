"""Entering the roll, and leaving it when an account is erased."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.rounds.errors.roll import MayNotVote
from portal.rounds.models import RollEntry, Round, RoundState
from portal.rounds.queries.eligibility import TOWN, entry_for, person_hash
from portal.rounds.queries.known import town_identity


def enter(actor: Actor, vote: Round) -> int:
    """The person's entry in the roll of this round, made at the first call. MayNotVote with the reason.

    Safe to call twice and at once: the database knows each person once.
    """
    answer = entry_for(actor, vote)
    if answer.entry_id is not None:
        return answer.entry_id
    if not answer.may_vote or actor.account_id is None:
        raise MayNotVote(str(answer.words))
    hashed = person_hash(vote, actor.account_id, town_identity(actor.account_id))
    row = {"person_hash": hashed, "district_id": answer.district_id, "level": answer.level}
    session.execute(upsert(RollEntry).values(round_id=vote.id, **row).on_conflict_do_nothing())
    query = select(RollEntry.id).where(RollEntry.round_id == vote.id, RollEntry.person_hash == hashed)
    return session.scalars(query).one()


def entries_of_account(account_id: int) -> list[tuple[Round, int, bool]]:
    """The rounds that are not over, each with this account's entry, and whether it is of the account itself.

    An entry of the town's sign-in is not: the same person may come back with another account and vote.
    """
    identity = town_identity(account_id)
    found = []
    for vote in session.scalars(select(Round).where(Round.state == RoundState.OPEN)):
        hashed = person_hash(vote, account_id, identity)
        entry_id = session.scalar(
            select(RollEntry.id).where(RollEntry.round_id == vote.id, RollEntry.person_hash == hashed)
        )
        if entry_id is not None and not vote.is_over:
            found.append((vote, entry_id, vote.level != TOWN))
    return found


def leave_the_roll(entry_id: int) -> None:
    """The account behind this entry was erased: nobody votes with it again."""
    session.execute(
        update(RollEntry)
        .where(RollEntry.id == entry_id, RollEntry.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_reason="erased")
    )
