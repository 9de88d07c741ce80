"""Ideas, and who would take part in making something real: counts for everybody, names for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, String, bindparam, func, select

from portal.accounts.models import Account
from portal.core.actors import Actor, ActorKind
from portal.core.db import session
from portal.core.permissions import can
from portal.core.subjects import SubjectRef
from portal.groups.models import FEWEST_FOUNDERS, FEWEST_FOUNDERS_DISCREET, Group, GroupState, Idea, MeToo

_LIVING = (GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT)


@dataclass(frozen=True)
class Wish:
    """How many would take part, whether the reader would, and what came of it.

    `circle`: the group that grew out of it, if everybody may know of one; `ended`: its founding circle that
    fell silent, if the reader may open it again.
    """

    residents: int
    professionals: int
    is_mine: bool
    circle: Group | None
    ended: Group | None = None

    @property
    def count(self) -> int:
        """Everybody who would take part."""
        return self.residents + self.professionals

    @property
    def is_enough(self) -> bool:
        """Three people, or a professional together with a resident, can open the founding circle."""
        return self.count >= FEWEST_FOUNDERS or bool(self.residents and self.professionals)

    @property
    def is_enough_discreetly(self) -> bool:
        """Two are enough for a circle nobody else learns of."""
        return self.is_enough or self.count >= FEWEST_FOUNDERS_DISCREET

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return 0 if self.is_enough else FEWEST_FOUNDERS - self.count


def wish_for(subject: SubjectRef, actor: Actor) -> Wish:
    """What stands behind a proposal or an idea. One question, two where a group grew out of it."""
    given = {"kind": subject.kind, "id": subject.id, "me": actor.account_id or 0}
    row = session.execute(_wish_statement(), given).one()
    group = session.get(Group, row[3]) if row[3] else None
    if group is None or group.is_living:
        return Wish(row[0], row[1], bool(row[2]), group)
    ended = group if can(actor, "groups.open_again", group) else None
    return Wish(row[0], row[1], bool(row[2]), None, ended)


@cache
def _wish_statement() -> Any:
    """Built once: that takes longer than the database needs to answer it."""
    kind, subject_id = bindparam("kind", type_=String), bindparam("id", type_=BigInteger)
    me = bindparam("me", type_=BigInteger)
    wish, account, group = MeToo.__table__, Account.__table__, Group.__table__.c
    said = (wish.c.subject_kind == kind, wish.c.subject_id == subject_id)
    people = select(func.count()).select_from(wish).join(account, account.c.id == wish.c.account_id)
    residents = people.where(*said, account.c.kind == ActorKind.RESIDENT).scalar_subquery()
    others = people.where(*said, account.c.kind != ActorKind.RESIDENT).scalar_subquery()
    mine = select(func.count(wish.c.id)).where(*said, wish.c.account_id == me).scalar_subquery()
    # The living group that grew out of it, the newest, else the newest circle that ended before it was one.
    # Never a discreet one: those keep no origin.
    ended = (group.state == GroupState.ARCHIVED) & group.founded_at.is_(None)
    circle = (
        select(group.id)
        .where(group.origin_kind == kind, group.origin_id == subject_id)
        .where(group.is_discreet.is_(False), group.state.in_(_LIVING) | ended)
        .order_by(ended, group.id.desc())
        .limit(1)
    )
    return select(residents, others, mine, circle.scalar_subquery())


def says_me_too(subject: SubjectRef, account_id: int) -> bool:
    """Whether this account would take part."""
    query = select(MeToo.id).where(
        MeToo.subject_kind == subject.kind,
        MeToo.subject_id == subject.id,
        MeToo.account_id == account_id,
    )
    return session.scalar(query) is not None


def who_would_take_part(subject: SubjectRef) -> list[int]:
    """The accounts, to tell them something; never for a page."""
    query = select(MeToo.account_id).where(MeToo.subject_kind == subject.kind, MeToo.subject_id == subject.id)
    return sorted(session.scalars(query))


# ---- ideas


def ideas_by_new_accounts(made_after: datetime, written_after: datetime, most: int) -> Sequence[Idea]:
    """The latest ideas of accounts as young as that."""
    query = select(Idea).join(Account, Account.id == Idea.author_id)
    query = query.where(Account.created_at > made_after, Idea.created_at > written_after)
    return session.scalars(query.order_by(Idea.id.desc()).limit(most)).all()


def idea_by_public_id(public_id: str) -> Idea | None:
    """The idea, hidden or not; the permission decides who gets it."""
    return session.scalar(select(Idea).where(Idea.public_id == public_id))


def open_ideas() -> Select[*tuple[Any, ...]]:
    """Ideas everybody reads, newest first, with the number of people who would take part."""
    many = (
        select(func.count())
        .where(MeToo.subject_kind == "group_idea", MeToo.subject_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    return (
        select(Idea, many.label("count"))
        .where(Idea.hidden_at.is_(None), Idea.closed_on.is_(None))
        .order_by(Idea.created_at.desc(), Idea.id.desc())
    )


def ideas_page(*, offset: int = 0, limit: int = 24) -> list[tuple[Idea, int]]:
    """One page of them."""
    return [(idea, count) for idea, count in session.execute(open_ideas().offset(offset).limit(limit))]


def count_of_ideas() -> int:
    """How many are open."""
    query = select(func.count()).where(Idea.hidden_at.is_(None), Idea.closed_on.is_(None))
    return session.scalar(query) or 0


def ideas_of(account_id: int) -> list[Idea]:
    """What one person wished for, newest first."""
    return list(session.scalars(select(Idea).where(Idea.author_id == account_id).order_by(Idea.id.desc())))
