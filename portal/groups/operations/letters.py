"""Letters between somebody outside and the contact people of a group; neither learns who the other is."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, select

from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import LetterEmpty, NoSuchGroup, TooLong
from portal.groups.models import ALIAS_LENGTH, Group, GroupState, Right
from portal.groups.models.letters import GroupLetter, GroupLetterText, Topic
from portal.groups.operations.reaching import tell_account_neutrally, tell_those_who_may
from portal.groups.operations.wishing import sent_by
from portal.groups.queries.letters import is_to, thread_of, writer_ref

LETTER_LENGTH = 2000
KEPT = timedelta(days=60)
_LIVING = (GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT)


def write_letter(
    actor: Actor,
    *,
    name: str,
    text: str,
    topic: Topic | None = None,
    group: Group | None = None,
    wants_notice: bool = False,
    form_key: str = "",
) -> GroupLetter:
    """Write to one group that shows itself, or to all groups there may be about a topic; returns the letter.

    What comes back is the same whether there is such a group or not. Sent twice it is one. Raises
    LetterEmpty, TooLong, RateLimited; NotFound for a group that takes no letters.
    """
    ensure(actor, "groups.write_letter")
    if group is not None:
        ensure(actor, "groups.write_to", group)
    key = sent_by(actor, form_key)
    known = session.scalar(select(GroupLetter).where(GroupLetter.form_key == key)) if key else None
    if known is not None:
        return known
    words, called = checked_text(text), clean_line(name)[:ALIAS_LENGTH]
    hit("groups.letter", str(actor.account_id))
    letter = GroupLetter(
        writer_ref=writer_ref(actor.account_id or 0),
        reach=str(actor.account_id) if wants_notice else None,
        group_id=group.id if group else None,
        topic=None if group else (topic or Topic.OTHER),
        name=called,
        language=actor.language or "de",
        form_key=key,
        delete_on=clock.today() + KEPT,
    )
    session.add(letter)
    session.flush()
    session.add(GroupLetterText(letter_id=letter.id, group_id=letter.group_id, text=words))
    session.flush()
    jobs.enqueue("groups.letter_arrived", {"letter_id": letter.id})
    return letter


def tell_contact_people(letter_id: int) -> None:
    """Those who answer for the groups this letter reaches learn that there is one."""
    letter = session.get(GroupLetter, letter_id)
    if letter is None:
        return
    wanted: ColumnElement[bool] = Group.id == letter.group_id
    if letter.topic is not None:
        wanted = and_(Group.takes_letters, Group.topic == str(letter.topic))
    query = select(Group).where(wanted, Group.state.in_(_LIVING)).order_by(Group.id)
    for group in session.scalars(query).all():
        tell_those_who_may(group, Right.ANSWER_CONTACT, "groups.request", "letter", once=letter.public_id)


def checked_text(text: str) -> str:
    """The text, cleaned. Raises LetterEmpty, TooLong."""
    cleaned = clean_text(text).strip()
    if not cleaned:
        raise LetterEmpty
    if len(cleaned) > LETTER_LENGTH:
        raise TooLong(field="text")
    return cleaned


def answer_letter(letter: GroupLetter, *, group: Group, actor: Actor, text: str) -> None:
    """A contact person answers in the group's name. Raises NoSuchGroup for a letter to others."""
    ensure(actor, "groups.answer_letters", group)
    answer_for_group(letter, group=group, text=text)


def answer_for_group(letter: GroupLetter, *, group: Group, text: str) -> None:
    """The same, once the right to do it has been settled (a role, or two members together)."""
    if not is_to(letter, group):
        raise NoSuchGroup
    _add(letter, group.id, from_group=True, text=text)
    if letter.reach:
        tell_account_neutrally(int(letter.reach))


def write_back(letter: GroupLetter, thread: str, *, actor: Actor, text: str) -> None:
    """The writer answers one of the groups that wrote. Raises NoSuchGroup for a thread that is none."""
    ensure(actor, "groups.own_letter", letter)
    query = select(GroupLetterText.group_id).where(
        GroupLetterText.letter_id == letter.id, GroupLetterText.thread == thread, GroupLetterText.thread != ""
    )
    group = session.get(Group, session.scalar(query.limit(1)) or 0)
    if group is None:
        raise NoSuchGroup
    hit("groups.letter", str(actor.account_id))
    _add(letter, group.id, from_group=False, text=text)
    tell_those_who_may(group, Right.ANSWER_CONTACT, "groups.request", "letter")


def _add(letter: GroupLetter, group_id: int, *, from_group: bool, text: str) -> None:
    session.add(
        GroupLetterText(
            letter_id=letter.id,
            group_id=group_id,
            thread=thread_of(letter, group_id),
            from_group=from_group,
            text=checked_text(text),
        )
    )
    letter.delete_on = clock.today() + KEPT
    session.flush()


def throw_away(letter: GroupLetter, *, actor: Actor) -> None:
    """The writer wants nothing of it kept, on either side."""
    ensure(actor, "groups.own_letter", letter)
    session.delete(letter)


def take_letters(group: Group, *, actor: Actor, topic: Topic | None) -> None:
    """The group can be written to by people who look for its topic; None: it no longer can."""
    ensure(actor, "groups.answer_letters", group)
    group.takes_letters = topic is not None
    if topic is not None:
        group.topic = str(topic)


def forget_letters(account_id: int) -> None:
    """An erased account's letters are gone."""
    session.execute(delete(GroupLetter).where(GroupLetter.writer_ref == writer_ref(account_id)))


def forget_old_letters(today: date) -> int:
    """Letters nobody has added to for sixty days are gone; returns how many."""
    done = session.execute(delete(GroupLetter).where(GroupLetter.delete_on <= today))
    return int(done.rowcount)  # type: ignore[attr-defined]
