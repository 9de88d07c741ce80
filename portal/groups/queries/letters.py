"""Letters as their writer and as the contact people of a group read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import Group
from portal.groups.models.letters import GroupLetter, GroupLetterText, Topic


@dataclass(frozen=True)
class Line:
    """One text: whose it is, as the reader is told."""

    from_group: bool
    text: str
    on: date


@dataclass(frozen=True)
class Exchange:
    """A letter with one group, as its writer sees it: `thread` stands for the group, which stays unnamed."""

    thread: str
    lines: tuple[Line, ...]


def writer_ref(account_id: int) -> str:
    """Under what an account's letters are kept: HMAC-SHA-256 under the portal's key."""
    return crypto.keyed_hash("groups.letter", str(account_id))


def thread_of(letter: GroupLetter, group_id: int) -> str:
    """What stands for a group in the writer's pages; another one in every letter."""
    return crypto.keyed_hash("groups.letter_thread", f"{letter.id}|{group_id}")[:16]


def letter_by_public_id(public_id: str) -> GroupLetter | None:
    """The letter; the permission decides who gets it."""
    query = select(GroupLetter).where(
        GroupLetter.public_id == public_id, GroupLetter.delete_on > clock.today()
    )
    return session.scalar(query)


def letters_by(actor: Actor) -> list[GroupLetter]:
    """What the actor wrote, newest first."""
    query = select(GroupLetter).where(
        GroupLetter.writer_ref == writer_ref(actor.account_id or 0), GroupLetter.delete_on > clock.today()
    )
    return list(session.scalars(query.order_by(GroupLetter.id.desc())))


def reaches(group: Group) -> ColumnElement[bool]:
    """Which letters this group may read: those to it, and, where it takes them, those about its topic."""
    mine = GroupLetter.group_id == group.id
    if not group.takes_letters or not group.is_living or group.topic not in set(Topic):
        return mine
    return or_(mine, GroupLetter.topic == Topic(group.topic))


def letters_to(group: Group) -> list[GroupLetter]:
    """What waits in the group's letter box, newest first."""
    query = select(GroupLetter).where(reaches(group), GroupLetter.delete_on > clock.today())
    return list(session.scalars(query.order_by(GroupLetter.id.desc()).limit(100)))


def is_to(letter: GroupLetter, group: Group) -> bool:
    """Whether the group may read this letter."""
    query = select(GroupLetter.id).where(GroupLetter.id == letter.id, reaches(group))
    return session.scalar(query) is not None


def texts_for(letter: GroupLetter, group: Group) -> list[Line]:
    """The letter as one group reads it: the first text and what the two wrote since."""
    between = or_(GroupLetterText.group_id.is_(None), GroupLetterText.group_id == group.id)
    query = select(GroupLetterText).where(GroupLetterText.letter_id == letter.id, between)
    return [
        Line(row.from_group, row.text, row.on) for row in session.scalars(query.order_by(GroupLetterText.id))
    ]


def unanswered(group: Group) -> int:
    """How many letters this group has not answered."""
    answered = select(GroupLetterText.letter_id).where(
        GroupLetterText.group_id == group.id, GroupLetterText.from_group
    )
    query = select(GroupLetter.id).where(
        reaches(group), GroupLetter.delete_on > clock.today(), GroupLetter.id.not_in(answered)
    )
    return len(session.scalars(query).all())


def exchanges_of(letter: GroupLetter) -> tuple[tuple[Line, ...], list[Exchange]]:
    """(the first texts, one exchange per group that answered), as the writer sees it."""
    rows = session.scalars(
        select(GroupLetterText).where(GroupLetterText.letter_id == letter.id).order_by(GroupLetterText.id)
    ).all()
    first = tuple(Line(False, row.text, row.on) for row in rows if row.group_id is None or not row.thread)
    threads: dict[str, list[Line]] = {}
    for row in rows:
        if row.thread:
            threads.setdefault(row.thread, []).append(Line(row.from_group, row.text, row.on))
    return first, [Exchange(thread, tuple(lines)) for thread, lines in threads.items()]
