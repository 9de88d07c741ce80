"""Heads of the log for people outside: whoever keeps them can prove that the log was not rewritten."""

from __future__ import annotations

from portal.core import clock
from portal.core.db import session
from portal.core.i18n import current_language
from portal.notifications.operations import send_mail
from portal.rounds.models import Round
from portal.rounds.operations.drafting import addresses
from portal.rounds.operations.logbook import append
from portal.rounds.queries.box import commitment
from portal.rounds.queries.logbook import entries, head
from portal.rounds.queries.observing import observers_words
from portal.rounds.queries.roll import entries_in_roll
from portal.rounds.queries.showing import open_rounds

BOX_COMMIT = "box_commit"


def observers_of(vote: Round) -> list[str]:
    """Who gets the heads: the town's observers and the round's own, each once."""
    return addresses(observers_words(vote))


def mail_head(vote: Round) -> int:
    """Mail the newest head of the log to every observer; how many mails were queued."""
    entry = head(vote)
    if entry is None:
        return 0
    people = observers_of(vote)
    for address in people:
        send_mail(
            address,
            "rounds/mail/head",
            vote.language or current_language().slug,
            kind="rounds.head",
            title=vote.title,
            round_id=vote.public_id,
            seq=entry.seq,
            entry_kind=entry.kind,
            at=entry.at.strftime("%Y-%m-%d %H:%M UTC"),
            hash=entry.hash,
        )
    return len(people)


def commit_boxes() -> int:
    """Once a day: the number of ballots and the hash of the box go into the log of every running round.

    A second run on the same day of the town does nothing. Returns how many rounds got an entry.
    """
    made = 0
    for vote in open_rounds():
        if not vote.is_running or _is_committed_today(vote):
            continue
        number, digest = commitment(vote)
        body = {"number": number, "box_sha256": digest, "roll": {"entries": entries_in_roll(vote)}}
        append(vote, BOX_COMMIT, body)
        mail_head(vote)
        made += 1
    session.flush()
    return made


def _is_committed_today(vote: Round) -> bool:
    days = [clock.local(one.at).date() for one in entries(vote) if one.kind == BOX_COMMIT]
    return clock.today() in days
