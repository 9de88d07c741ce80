"""Ideas and "me too": from a wish several people share to a founding circle."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.limits import hit
from portal.core.permissions import can, ensure
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line, clean_text, guess_language
from portal.groups.errors import CircleExists, CircleNotOpen, IdeaMissing, TooFewWouldCome, TooLong
from portal.groups.models import (
    NAME_LENGTH,
    Group,
    GroupState,
    Idea,
    Membership,
    MeToo,
)
from portal.groups.operations.living import open_again
from portal.groups.operations.membership import make_member
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import one_at_a_time
from portal.groups.permissions import is_member, membership_of
from portal.groups.queries.wishes import says_me_too, wish_for
from portal.moderation.operations import look_for_pattern

IDEA = "group_idea"
IDEA_LENGTH = 1000


def write_idea(
    actor: Actor, *, title: str, text: str = "", district_id: int | None = None, form_key: str = ""
) -> Idea:
    """Somebody wishes that people did this together; they are the first who would take part.

    The same form sent twice gives back the same idea. Raises IdeaMissing, TooLong, RateLimited.
    """
    ensure(actor, "groups.write_idea")
    key = sent_by(actor, form_key)
    known = session.scalar(select(Idea).where(Idea.form_key == key)) if key else None
    if known is not None:
        return known
    cleaned, words = clean_line(title), clean_text(text).strip()
    if not cleaned:
        raise IdeaMissing
    if len(cleaned) > NAME_LENGTH or len(words) > IDEA_LENGTH:
        raise TooLong(field="title" if len(cleaned) > NAME_LENGTH else "text")
    hit("groups.idea", str(actor.account_id))
    idea = Idea(
        author_id=actor.account_id,
        title=cleaned,
        text=words,
        language=guess_language(f"{cleaned} {words}", actor.language or "de"),
        district_id=district_id,
        form_key=key,
    )
    session.add(idea)
    session.flush()
    ref = SubjectRef(IDEA, idea.id)
    say_me_too(ref, actor=actor)
    look_for_pattern(ref)
    return idea


def sent_by(actor: Actor, form_key: str) -> str | None:
    """Under what a form of this person is remembered, so that sending it twice does it once."""
    return crypto.keyed_hash("groups.form", f"{actor.account_id}|{form_key}") if form_key else None


def close_idea(idea: Idea, *, actor: Actor) -> None:
    """Who wrote it takes it from the list."""
    ensure(actor, "groups.close_idea", idea)
    idea.closed_on = clock.today()


def hide_idea(idea: Idea) -> None:
    """Moderation hides it."""
    idea.hidden_at = clock.now()


def restore_idea(idea: Idea) -> None:
    """It is readable again."""
    idea.hidden_at = None


def say_me_too(subject: SubjectRef, *, actor: Actor) -> None:
    """The actor would take part in making this real. Twice is once."""
    ensure(actor, "groups.me_too")
    row = {
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "account_id": actor.account_id,
        "on": clock.today(),
    }
    statement = upsert(MeToo).values(**row)
    session.execute(
        statement.on_conflict_do_nothing(index_elements=["subject_kind", "subject_id", "account_id"])
    )


def take_me_too_back(subject: SubjectRef, *, actor: Actor) -> None:
    """The actor would rather not."""
    ensure(actor, "groups.me_too")
    session.execute(
        delete(MeToo).where(
            MeToo.subject_kind == subject.kind,
            MeToo.subject_id == subject.id,
            MeToo.account_id == actor.account_id,
        )
    )


def check_circle(subject: SubjectRef, actor: Actor, *, discreetly: bool) -> None:
    """Whether the actor may open the founding circle of this wish now.

    Raises TooFewWouldCome (also for somebody who is not among them), CircleExists.
    """
    wish = wish_for(subject, actor)
    if not wish.is_mine or not (wish.is_enough_discreetly if discreetly else wish.is_enough):
        raise TooFewWouldCome
    if not discreetly and wish.circle is not None:
        raise CircleExists


def join_circle(group: Group, *, actor: Actor, alias: str) -> Membership:
    """Whoever said "me too" comes into the founding circle that grew out of it, without asking.

    One that fell silent is open again by it. Raises CircleNotOpen, CircleExists, AliasMissing, AliasTaken.
    """
    one_at_a_time(group)
    ensure(actor, "groups.join", group)
    if not may_join_circle(group, actor):
        raise CircleNotOpen
    if group.state is GroupState.ARCHIVED:
        open_again(group, actor=actor)
    membership = make_member(group, actor, alias=alias)
    tell(group, "joined")
    return membership


def may_join_circle(group: Group, actor: Actor) -> bool:
    """A founding circle is open to those who said "me too" to what it grew out of, and did not leave it.

    One that fell silent: to them and to whoever had asked to join it.
    """
    if can(actor, "groups.open_again", group):
        return not is_member(actor, group)
    if group.state is not GroupState.FOUNDING or group.origin_id is None or actor.account_id is None:
        return False
    if membership_of(actor, group) is not None:
        return False
    return says_me_too(SubjectRef(group.origin_kind, group.origin_id), actor.account_id)


def forget_wishes(account_id: int) -> None:
    """An erased account would take part in nothing any more; ideas stay, without a name."""
    session.execute(delete(MeToo).where(MeToo.account_id == account_id))
    session.execute(update(Idea).where(Idea.author_id == account_id).values(author_id=None))
