"""The rows of a mediation: people, ends, and telling the others. The other modules here use them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.text import clean_text
from portal.groups.errors import TooLong
from portal.groups.errors.peace import (
    NotNow,
    WordsMissing,
)
from portal.groups.events import MediationMoved
from portal.groups.models import (
    TALK_LENGTH,
    Mediation,
    MediationFact,
    MediationPerson,
    MediationState,
    Membership,
    TalkPart,
)
from portal.groups.permissions.peace import (
    talker,
)

# After the end the words are kept so long, then nothing but kind, outcome and quarter.
KEPT = timedelta(days=90)


def checked_words(words: str, *, field: str = "words", most: int = TALK_LENGTH) -> str:
    """The words cleaned. Raises WordsMissing, TooLong."""
    cleaned = clean_text(words).strip()
    if not cleaned:
        raise WordsMissing(field=field)
    if len(cleaned) > most:
        raise TooLong(field=field)
    return cleaned


def add_person(
    mediation: Mediation,
    part: TalkPart,
    ref: str,
    *,
    alias: str,
    reach: int | None,
    says_yes: bool | None = None,
) -> MediationPerson:
    """One more row; the list of people is read anew."""
    person = MediationPerson(
        mediation_id=mediation.id,
        part=part,
        ref=ref,
        alias=alias,
        reach=str(reach) if reach is not None else None,
        says_yes=says_yes,
    )
    session.add(person)
    session.flush()
    session.expire(mediation, ["people"])
    return person


def own_row(mediation: Mediation, actor: Actor) -> MediationPerson:
    """The actor's own row. Raises NotNow."""
    person = talker(actor, mediation)
    if person is None:
        raise NotNow
    return person


def lock(mediation: Mediation) -> None:
    """Two answers at the same second come one after the other, so that the later one sees the earlier."""
    session.flush()
    session.refresh(mediation, with_for_update=True)
    query = select(MediationPerson).where(MediationPerson.mediation_id == mediation.id)
    session.scalars(query.execution_options(populate_existing=True)).all()
    session.expire(mediation, ["people"])


def parties_of(mediation: Mediation) -> list[MediationPerson]:
    """Those who have something to settle."""
    return [one for one in mediation.people if one.part is not TalkPart.MEDIATOR]


def mediator_of(mediation: Mediation) -> MediationPerson | None:
    """The person with an account who mediates, asked or accepted."""
    return next((one for one in mediation.people if one.part is TalkPart.MEDIATOR), None)


def all_accept(mediation: Mediation) -> bool:
    """Whether every side accepts the proposed mediator."""
    return all(one.accepts_mediator for one in parties_of(mediation))


def has_mediator(mediation: Mediation) -> bool:
    """Both sides accept the same person, who said yes (somebody without an account is asked in life)."""
    proposed = mediator_of(mediation)
    return all_accept(mediation) and (bool(mediation.external) or bool(proposed and proposed.says_yes))


def drop_mediator(mediation: Mediation) -> None:
    """Nobody is proposed any more."""
    proposed = mediator_of(mediation)
    if proposed is not None:
        session.delete(proposed)
    mediation.external = ""
    for one in parties_of(mediation):
        one.accepts_mediator = None
    session.flush()
    session.expire(mediation, ["people"])


def end_mediation(mediation: Mediation, state: MediationState) -> None:
    """It is over; the fact is counted, the words are kept for ninety days."""
    today = clock.today()
    mediation.state, mediation.ended_on, mediation.delete_on = state, today, today + KEPT
    mediation.link_hash = None
    session.add(
        MediationFact(
            subject_kind=mediation.subject_kind,
            outcome=state,
            quarter=f"{today.year}-Q{(today.month + 2) // 3}",
        )
    )
    session.flush()


def moved(mediation: Mediation, *, by: str) -> None:
    """Tell the others. The proposed mediator is told only once both sides want them."""
    session.flush()
    here = [one for one in mediation.people if one.ref != by and one.says_yes is not False]
    wanted = [one for one in here if one.part is not TalkPart.MEDIATOR or one.says_yes]
    reach = tuple(sorted({int(one.reach) for one in wanted if one.reach}))
    emit(MediationMoved(mediation.id, reach))


def reach_of(membership: Membership) -> int | None:
    """The account of a member who can be told something."""
    if membership.account_id is not None:
        return membership.account_id
    return int(membership.reach) if membership.reach else None
