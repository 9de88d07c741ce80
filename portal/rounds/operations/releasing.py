"""The file of a vote with few ballots: opened for its observers by four eyes, each reading in the public log.

Nobody else gets it. Observers read it signed in, with the address that stood on the list both people saw.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.queries import address_hash
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.permissions import ensure
from portal.notifications.operations import send_mail
from portal.rounds.errors import NoObservers, NoReleaseAsked, ObserversThemselves, SamePerson
from portal.rounds.models import FileRelease, Round
from portal.rounds.operations.logbook import append
from portal.rounds.operations.observing import observers_of
from portal.rounds.queries.observing import FILE_READ, release_of
from portal.rounds.queries.resulting import file_content


def ask_release(vote: Round, *, actor: Actor) -> FileRelease:
    """Ask to open the file for the observers as they are listed now; asked already: the same wish.

    Raises NoObservers, ObserversThemselves.
    """
    ensure(actor, "rounds.release_file", vote)
    _lock(vote)
    waiting = release_of(vote)
    if waiting is not None:
        return waiting
    people = observers_of(vote)
    if not people:
        raise NoObservers
    _ensure_is_none_of(actor, people)
    made = FileRelease(
        round_id=vote.id, observers="\n".join(people), asked_by_id=actor.account_id, asked_at=clock.now()
    )
    session.add(made)
    session.flush()
    audit.record("rounds.release_asked", actor=actor, subject=("round", vote.id))
    return made


def take_back_release(vote: Round, *, actor: Actor) -> bool:
    """End a wish that nobody approved yet; False when there is none. What was opened stays open."""
    ensure(actor, "rounds.release_file", vote)
    waiting = release_of(vote)
    if waiting is None or waiting.approved_at is not None:
        return False
    session.delete(waiting)
    session.flush()
    audit.record("rounds.release_taken_back", actor=actor, subject=("round", vote.id))
    return True


def approve_release(vote: Round, *, actor: Actor) -> bool:
    """The second pair of eyes: the observers are told by mail, everybody by the log and the result page.

    False when it is open already (a double click). Raises NoReleaseAsked, SamePerson, ObserversThemselves.
    """
    ensure(actor, "rounds.release_file", vote)
    _lock(vote)
    release = release_of(vote)
    if release is None:
        raise NoReleaseAsked
    if release.approved_at is not None:
        return False
    if release.asked_by_id == actor.account_id:
        raise SamePerson
    _ensure_is_none_of(actor, release.addresses)
    release.approved_by_id, release.approved_at = actor.account_id, clock.now()
    session.flush()
    number = len(release.addresses)
    append(vote, "file_opened", {"observers": number, "staff": 2})
    audit.record("rounds.released", actor=actor, subject=("round", vote.id), observers=number)
    for address in release.addresses:
        send_mail(
            address,
            "rounds/mail/file_opened",
            vote.language or current_language().slug,
            kind="rounds.file_opened",
            title=vote.title,
            round_id=vote.public_id,
        )
    return True


def read_file(vote: Round, *, actor: Actor) -> bytes:
    """The file for an observer. Each reading is in the log, which names nobody, and in the staff's audit."""
    ensure(actor, "rounds.see_file_as_observer", vote)
    content = file_content(vote)
    if content is None:
        raise NotFound
    append(vote, FILE_READ, {})
    audit.record("rounds.read_by_observer", actor=actor, subject=("round", vote.id))
    return content


def _lock(vote: Round) -> None:
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())


def _ensure_is_none_of(actor: Actor, addresses: list[str]) -> None:
    account = session.get(Account, actor.account_id)
    if account is not None and account.email_hash in {address_hash(one) for one in addresses}:
        raise ObserversThemselves
