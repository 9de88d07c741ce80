"""Accompaniment as both sides read it, and who has looked inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.queries import team
from portal.core import clock, crypto
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.groups.models import (
    Accompaniment,
    AccompanimentState,
    ClosingReport,
    CompanionMeeting,
    CompanionWord,
    FoundingNote,
    Grant,
    Group,
    GroupDecision,
    GroupLook,
    Status,
    Substitute,
)
from portal.groups.permissions.accompanying import (
    LOOK_BACK,
    OPEN,
    companion_ref,
    is_just_over,
    looks_back,
)


@dataclass(frozen=True)
class Agreement:
    """An agreement with its group, its words and those who stand in."""

    row: Accompaniment
    group: Group
    words: tuple[CompanionWord, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    reports: tuple[ClosingReport, ...] = ()
    # Keyed hashes of the days on which they met.
    met: tuple[str, ...] = ()

    @property
    def is_just_over(self) -> bool:
        """Some weeks ago at most: the closing report can still be written."""
        return is_just_over(self.row)

    @property
    def is_met_today(self) -> bool:
        """Somebody has said today that they met."""
        return day_key(self.row, clock.today()) in self.met


def day_key(made: Accompaniment, day: date) -> str:
    """A day they met, as only this installation can compute it."""
    return crypto.keyed_hash("groups.companion_met", f"{made.id}|{day.isoformat()}")


def by_public_id(public_id: str) -> Accompaniment | None:
    """The agreement, whoever asks; the permission decides."""
    return session.scalar(select(Accompaniment).where(Accompaniment.public_id == public_id))


def by_code(code_hash: str) -> Accompaniment | None:
    """The proposal a code opens, while it is one."""
    query = select(Accompaniment).where(
        Accompaniment.code_hash == code_hash, Accompaniment.state == AccompanimentState.PROPOSED
    )
    return session.scalar(query)


def in_group(group: Group, public_id: str) -> Accompaniment | None:
    """The agreement, if it belongs to this group."""
    found = by_public_id(public_id)
    return found if found is not None and found.group_id == group.id else None


def group_of(row: Accompaniment) -> Group:
    """Its group."""
    return session.get_one(Group, row.group_id)


def agreements_of(group: Group) -> list[Agreement]:
    """All agreements of a group, those that run first. Five questions, however many."""
    query = select(Accompaniment).where(Accompaniment.group_id == group.id).order_by(Accompaniment.id.desc())
    rows = list(session.scalars(query))
    rows.sort(key=lambda row: row.state not in OPEN)
    return _whole(rows, {group.id: group})


def open_agreement(group: Group) -> Accompaniment | None:
    """By which somebody stands by the group, or shall; the newest of several."""
    query = select(Accompaniment).where(Accompaniment.group_id == group.id, Accompaniment.state.in_(OPEN))
    return session.scalar(query.order_by(Accompaniment.id.desc()).limit(1))


def agreement(row: Accompaniment) -> Agreement:
    """One agreement with what belongs to it."""
    return _whole([row], {row.group_id: group_of(row)})[0]


def _whole(rows: list[Accompaniment], groups: dict[int, Group]) -> list[Agreement]:
    ids = [row.id for row in rows]
    words = _by_agreement(
        session.scalars(
            select(CompanionWord).where(CompanionWord.accompaniment_id.in_(ids)).order_by(CompanionWord.id)
        )
    )
    substitutes = _by_agreement(
        session.scalars(
            select(Substitute).where(Substitute.accompaniment_id.in_(ids)).order_by(Substitute.from_on)
        )
    )
    reports = _by_agreement(
        session.scalars(
            select(ClosingReport)
            .where(ClosingReport.accompaniment_id.in_(ids))
            .order_by(ClosingReport.on, ClosingReport.side)
        )
    )
    met = _by_agreement(
        session.scalars(select(CompanionMeeting).where(CompanionMeeting.accompaniment_id.in_(ids)))
    )
    return [
        Agreement(
            row,
            groups[row.group_id],
            tuple(words.get(row.id, ())),
            tuple(substitutes.get(row.id, ())),
            tuple(reports.get(row.id, ())),
            tuple(one.day_key for one in met.get(row.id, ())),
        )
        for row in rows
    ]


def _by_agreement(found: Iterable[object]) -> dict[int, list]:  # type: ignore[type-arg]
    sorted_: dict[int, list] = {}  # type: ignore[type-arg]
    for one in found:
        sorted_.setdefault(one.accompaniment_id, []).append(one)  # type: ignore[attr-defined]
    return sorted_


def own_agreements(actor: Actor) -> list[Agreement]:
    """Groups the actor accompanies or shall accompany. One reference per group that has somebody."""
    if actor.account_id is None:
        return []
    lately = Accompaniment.state.in_(OPEN) | (Accompaniment.ended_on >= clock.today() - LOOK_BACK)
    query = select(Accompaniment.group_id).where(lately).distinct()
    refs = [companion_ref(actor.account_id, group_id) for group_id in session.scalars(query)]
    stands_in = select(Substitute.accompaniment_id).where(Substitute.ref.in_(refs))
    rows = session.scalars(
        select(Accompaniment)
        .where(lately)
        .where(Accompaniment.ref.in_(refs) | Accompaniment.id.in_(stands_in))
        .order_by(Accompaniment.id)
    )
    mine = [row for row in rows if looks_back(actor, row)]
    groups = session.scalars(select(Group).where(Group.id.in_([row.group_id for row in mine])))
    return _whole(mine, {group.id: group for group in groups})


def looks_at(group: Group, limit: int = 200) -> list[GroupLook]:
    """Who has looked inside, newest first."""
    query = (
        select(GroupLook)
        .where(GroupLook.group_id == group.id)
        .order_by(GroupLook.on.desc(), GroupLook.id.desc())
    )
    return list(session.scalars(query.limit(limit)))


def professionals() -> list[Account]:
    """Professionals who can be asked, by name."""
    return [
        person.account
        for person in team()
        if any(grant.role == StaffRole.PROFESSIONAL for grant in person.grants)
    ]


def substitute_in(made: Accompaniment, number: int) -> Substitute | None:
    """Somebody who shall stand in, by number."""
    found = session.get(Substitute, number)
    return found if found is not None and found.accompaniment_id == made.id else None


def opened_today(made: Accompaniment, actor: Actor) -> frozenset[Grant]:
    """What the actor has said today that they look at."""
    if actor.account_id is None:
        return frozenset()
    query = select(GroupLook.what).where(
        GroupLook.accompaniment_id == made.id,
        GroupLook.ref == companion_ref(actor.account_id, made.group_id),
        GroupLook.on == clock.today(),
    )
    return frozenset(session.scalars(query))


def decided(group: Group, limit: int = 30) -> list[tuple[str, Status]]:
    """Titles of closed decisions and what came out, newest first. Not who said what."""
    query = (
        select(GroupDecision.title, GroupDecision.status)
        .where(GroupDecision.group_id == group.id, GroupDecision.status.is_not(None))
        .order_by(GroupDecision.closed_at.desc(), GroupDecision.id.desc())
        .limit(limit)
    )
    return [(title, status) for title, status in session.execute(query) if status is not None]


def notes_of(group: Group) -> list[tuple[str, FoundingNote]]:
    """What professionals who accompany it say about a circle, with their names; gone when they are."""
    query = (
        select(Accompaniment, FoundingNote)
        .join(FoundingNote, FoundingNote.accompaniment_id == Accompaniment.id)
        .where(Accompaniment.group_id == group.id)
        .order_by(FoundingNote.on, Accompaniment.id)
    )
    today = clock.today()
    return [(made.name, note) for made, note in session.execute(query) if made.is_in_force(today)]


def note_of(made: Accompaniment) -> FoundingNote | None:
    """The note of this agreement."""
    return session.get(FoundingNote, made.id)


def waiting_for_group(group: Group) -> list[Accompaniment]:
    """Agreements that need the group: offered to it, or about to end."""
    query = select(Accompaniment).where(Accompaniment.group_id == group.id).order_by(Accompaniment.id)
    asked = (Accompaniment.state == AccompanimentState.PROPOSED) & Accompaniment.signed_by_group_on.is_(None)
    return list(session.scalars(query.where(asked | (Accompaniment.state == AccompanimentState.ENDING))))
