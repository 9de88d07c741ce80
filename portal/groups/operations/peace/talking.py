"""The talk itself: dates, words, an agreement; then it is forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import TooLong
from portal.groups.errors.peace import (
    NotNow,
)
from portal.groups.models import (
    TALK_LENGTH,
    TALK_PLACE_LENGTH,
    Group,
    Mediation,
    MediationNote,
    MediationPerson,
    MediationState,
    TalkPart,
)
from portal.groups.operations.peace.rows import (
    checked_words,
    drop_mediator,
    end_mediation,
    has_mediator,
    lock,
    moved,
    own_row,
    parties_of,
)
from portal.groups.operations.telling import tell
from portal.groups.permissions.peace import (
    talk_ref,
)

# What nobody went on with ends by itself.
SILENT_ENDS = timedelta(days=120)
_BEFORE_TALK = (MediationState.ASKED, MediationState.PARTIES_ASKED)
_TALKING = (MediationState.ACCEPTED, MediationState.SCHEDULED, MediationState.RUNNING)


def schedule(mediation: Mediation, *, actor: Actor, meets_at: datetime, place: str) -> None:
    """When and where they talk. Changed as often as needed. Raises NotNow, TooLong."""
    ensure(actor, "groups.lead_talk", mediation)
    where = clean_line(place)
    if mediation.state not in _TALKING or not has_mediator(mediation) or meets_at <= clock.now():
        raise NotNow(field="meets_at")
    if len(where) > TALK_PLACE_LENGTH:
        raise TooLong(field="place")
    mediation.meets_at, mediation.place = meets_at, where
    if mediation.state is MediationState.ACCEPTED:
        mediation.state = MediationState.SCHEDULED
    moved(mediation, by=own_row(mediation, actor).ref)


def begin_talk(mediation: Mediation, *, actor: Actor) -> None:
    """The talk has begun. Raises NotNow."""
    ensure(actor, "groups.lead_talk", mediation)
    if mediation.state not in (MediationState.ACCEPTED, MediationState.SCHEDULED) or not has_mediator(
        mediation
    ):
        raise NotNow
    mediation.state = MediationState.RUNNING
    moved(mediation, by=own_row(mediation, actor).ref)


def write_note(mediation: Mediation, words: str, *, actor: Actor) -> MediationNote:
    """Words to the others. Raises NotNow after the end, WordsMissing, TooLong."""
    ensure(actor, "groups.talk", mediation)
    if mediation.is_over or mediation.state in _BEFORE_TALK:
        raise NotNow
    person = own_row(mediation, actor)
    note = MediationNote(mediation_id=mediation.id, person_id=person.id, words=checked_words(words))
    session.add(note)
    session.flush()
    moved(mediation, by=person.ref)
    return note


def write_agreement(mediation: Mediation, words: str, *, actor: Actor) -> int:
    """A new version of what they agree on; whoever agreed to the former one is asked again.

    Returns its number. Raises NotNow before the talk began, WordsMissing, TooLong.
    """
    ensure(actor, "groups.talk", mediation)
    if mediation.state is not MediationState.RUNNING:
        raise NotNow
    person = own_row(mediation, actor)
    mediation.agreement = checked_words(words, field="agreement", most=2 * TALK_LENGTH)
    mediation.agreement_version += 1
    moved(mediation, by=person.ref)
    return mediation.agreement_version


def agree(mediation: Mediation, version: int, *, actor: Actor) -> bool:
    """One side agrees to this version; returns whether all have, and with that it is settled.

    Raises NotNow when another version stands there by now.
    """
    ensure(actor, "groups.talk_as_party", mediation)
    lock(mediation)
    person = own_row(mediation, actor)
    if mediation.state is not MediationState.RUNNING or version != mediation.agreement_version or version < 1:
        raise NotNow
    person.agrees_to = version
    done = all(one.agrees_to == version for one in parties_of(mediation))
    if done:
        end_mediation(mediation, MediationState.AGREED)
    moved(mediation, by=person.ref)
    return done


def end_without(mediation: Mediation, *, actor: Actor) -> None:
    """Whoever mediates says that no agreement came about. Nobody is blamed. Raises NotNow."""
    ensure(actor, "groups.lead_talk", mediation)
    if mediation.state is not MediationState.RUNNING:
        raise NotNow
    end_mediation(mediation, MediationState.NO_AGREEMENT)
    moved(mediation, by=own_row(mediation, actor).ref)


def withdraw(mediation: Mediation, *, actor: Actor) -> None:
    """One side, or the mediator, does not go on; no reason is asked.

    A mediator who stops leaves the others free to find another. Twice is once.
    """
    ensure(actor, "groups.talk", mediation)
    if mediation.is_over:
        return
    person = own_row(mediation, actor)
    if person.part is TalkPart.MEDIATOR:
        drop_mediator(mediation)
        mediation.state, mediation.meets_at = MediationState.ACCEPTED, None
    else:
        end_mediation(mediation, MediationState.WITHDRAWN)
    moved(mediation, by=person.ref)


def publish(mediation: Mediation, *, actor: Actor) -> bool:
    """One side wants the group to read the agreement; when all want that, it can. Returns whether it does."""
    ensure(actor, "groups.talk_as_party", mediation)
    lock(mediation)
    group = session.get(Group, mediation.group_id) if mediation.group_id else None
    if mediation.state is not MediationState.AGREED or group is None:
        raise NotNow
    person = own_row(mediation, actor)
    person.publishes = True
    if mediation.published_on is None and all(one.publishes for one in parties_of(mediation)):
        mediation.published_on = clock.today()
        tell(group, "agreement_published")
    moved(mediation, by=person.ref)
    return mediation.published_on is not None


def take_publication_back(mediation: Mediation, *, actor: Actor) -> None:
    """One side does not want that any more: the group no longer reads it."""
    ensure(actor, "groups.talk_as_party", mediation)
    own_row(mediation, actor).publishes = False
    mediation.published_on = None


def forget_due(today: date) -> int:
    """Delete mediations ninety days after their end, and end those nobody went on with; returns how many."""
    due = session.scalars(select(Mediation).where(Mediation.delete_on <= today)).all()
    for mediation in due:
        session.delete(mediation)
    silent = select(Mediation).where(
        Mediation.ended_on.is_(None),
        Mediation.state.in_(_BEFORE_TALK),
        Mediation.asked_on <= today - SILENT_ENDS,
    )
    ended = session.scalars(silent).all()
    for mediation in ended:
        end_mediation(mediation, MediationState.WITHDRAWN)
    return len(due) + len(ended)


def forget_talker(account_id: int) -> None:
    """An account is erased: what it took part in ends, and nothing reaches it any more."""
    refs = {}
    for mediation in session.scalars(select(Mediation)).all():
        refs[talk_ref(account_id, mediation)] = mediation
    query = select(MediationPerson).where(MediationPerson.ref.in_(list(refs)))
    for person in session.scalars(query).all():
        mediation = refs[person.ref]
        if mediation.id != person.mediation_id:
            continue
        person.reach = None
        if mediation.is_over:
            continue
        if person.part is TalkPart.MEDIATOR:
            drop_mediator(mediation)
            mediation.state = MediationState.ACCEPTED
        else:
            end_mediation(mediation, MediationState.WITHDRAWN)
        moved(mediation, by=person.ref)
