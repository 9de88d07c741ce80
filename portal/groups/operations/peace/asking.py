"""Asking for a mediation, and the other side's answer."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.groups.errors.peace import (
    AskedBefore,
    LinkOver,
    NobodyByThisName,
    NotNow,
    NotWithYourself,
)
from portal.groups.models import (
    Group,
    Mediation,
    MediationPerson,
    MediationState,
    TalkPart,
    TalkSubject,
    WantedMediator,
)
from portal.groups.operations.peace.rows import (
    add_person,
    checked_words,
    end_mediation,
    lock,
    moved,
    own_row,
    parties_of,
    reach_of,
)
from portal.groups.permissions import membership_of
from portal.groups.permissions.peace import (
    talk_ref,
    talker,
)
from portal.groups.queries.peace import mediation_by_token
from portal.groups.queries.standing import member_by_alias

# After a no the question rests.
RESTS = timedelta(days=60)


def ask_in_group(
    group: Group,
    *,
    actor: Actor,
    alias: str,
    subject_kind: TalkSubject,
    wanted: WantedMediator,
    words: str,
) -> Mediation:
    """Ask another member of the group for a talk with somebody who helps. Nobody else learns of it.

    Raises NobodyByThisName, NotWithYourself, AskedBefore, WordsMissing, TooLong, RateLimited.
    """
    ensure(actor, "groups.leave", group)
    opening = checked_words(words)
    hit("groups.mediation", str(actor.account_id))
    asker, other = membership_of(actor, group), member_by_alias(group, alias)
    if asker is None or other is None:
        raise NobodyByThisName
    if asker.id == other.id:
        raise NotWithYourself
    if _asked_lately(group, asker.ref, other.ref):
        raise AskedBefore
    mediation = Mediation(
        group_id=group.id,
        subject_kind=subject_kind,
        wanted=wanted,
        opening=opening,
        state=MediationState.PARTIES_ASKED,
    )
    session.add(mediation)
    session.flush()
    add_person(mediation, TalkPart.ASKER, asker.ref, alias=asker.alias, reach=actor.account_id, says_yes=True)
    add_person(mediation, TalkPart.OTHER, other.ref, alias=other.alias, reach=reach_of(other))
    moved(mediation, by=asker.ref)
    return mediation


def _asked_lately(group: Group, asker: str, other: str) -> bool:
    """One open request between two people; after a no the question rests."""
    mine, theirs = aliased(MediationPerson), aliased(MediationPerson)
    rested = clock.today() - RESTS
    query = (
        select(Mediation.id)
        .join(mine, mine.mediation_id == Mediation.id)
        .join(theirs, theirs.mediation_id == Mediation.id)
        .where(Mediation.group_id == group.id, mine.ref == asker, theirs.ref == other)
        .where(mine.part != TalkPart.MEDIATOR, theirs.part != TalkPart.MEDIATOR)
        .where(
            Mediation.ended_on.is_(None)
            | ((Mediation.state == MediationState.DECLINED) & (Mediation.ended_on > rested))
        )
    )
    return session.scalar(query.limit(1)) is not None


def ask_by_link(
    *, actor: Actor, subject_kind: TalkSubject, wanted: WantedMediator, words: str, group: Group | None = None
) -> tuple[Mediation, str]:
    """Ask somebody who is in no group with one, such as a professional: the link is handed over in person.

    Returns the mediation and the token of the link, which is not stored. With `group` the talk is about that
    group, and nobody from inside it can mediate. Raises WordsMissing, TooLong, RateLimited.
    """
    ensure(actor, "groups.mediate")
    if group is not None:
        ensure(actor, "groups.leave", group)
    opening = checked_words(words)
    hit("groups.mediation", str(actor.account_id))
    assert actor.account_id is not None
    token = secrets.token_urlsafe(18)
    mediation = Mediation(
        group_id=group.id if group else None,
        subject_kind=subject_kind,
        wanted=wanted,
        opening=opening,
        link_hash=crypto.keyed_hash("groups.mediation_link", token),
    )
    session.add(mediation)
    session.flush()
    own = membership_of(actor, group) if group else None
    add_person(
        mediation,
        TalkPart.ASKER,
        talk_ref(actor.account_id, mediation),
        alias=own.alias if own else actor.display_name,
        reach=actor.account_id,
        says_yes=True,
    )
    return mediation, token


def open_link(token: str, *, actor: Actor) -> Mediation:
    """The holder of a link becomes the other side; they say yes or no on the page. Raises LinkOver.

    Opened twice by the same person it leads to the same page; nobody else can use it.
    """
    ensure(actor, "groups.mediate")
    mediation = mediation_by_token(token)
    if mediation is None or actor.account_id is None:
        raise LinkOver
    if talker(actor, mediation) is not None:
        return mediation
    lock(mediation)
    if mediation.state is not MediationState.ASKED:
        raise LinkOver
    ref = talk_ref(actor.account_id, mediation)
    add_person(mediation, TalkPart.OTHER, ref, alias=actor.display_name, reach=actor.account_id)
    mediation.state = MediationState.PARTIES_ASKED
    session.flush()
    return mediation


def answer(mediation: Mediation, says_yes: bool, *, actor: Actor) -> None:
    """The other side says yes, or no without a reason. Twice the same is once. Raises NotNow."""
    ensure(actor, "groups.talk_as_party", mediation)
    lock(mediation)
    person = own_row(mediation, actor)
    if person.says_yes is says_yes:
        return
    if mediation.state is not MediationState.PARTIES_ASKED or person.says_yes is not None:
        raise NotNow
    person.says_yes = says_yes
    if not says_yes:
        end_mediation(mediation, MediationState.DECLINED)
    elif all(one.says_yes for one in parties_of(mediation)):
        mediation.state = MediationState.ACCEPTED
    moved(mediation, by=person.ref)
