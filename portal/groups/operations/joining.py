"""How people come to a group: freely, by asking, by a code on paper; and how the group answers."""

from __future__ import annotations

import json
from datetime import date, timedelta

from sqlalchemy import select, update

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text, fold
from portal.groups.errors import (
    AlreadyMember,
    AnswerMissing,
    AskedLately,
    CannotJoinSo,
    CodeNotValid,
    NotAMember,
    NothingToDecide,
    SheetUsed,
)
from portal.groups.events import JoinRequested, MemberJoined, RequestDeclined
from portal.groups.models import (
    CODE_LASTS,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    Group,
    InviteCode,
    JoinWay,
    Membership,
    MemberState,
)
from portal.groups.operations.codewords import code_words
from portal.groups.operations.membership import admit, checked_alias, make_member, row_for, wipe
from portal.groups.operations.peace.frozen import ensure_not_frozen
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import one_at_a_time
from portal.groups.permissions import forget_standing, has_asked, membership_of
from portal.groups.queries import active_count

# After a no, or after being removed, the question rests.
REST = timedelta(days=60)
# So long a group may take; then whoever asked is told, and shown others.
NO_ANSWER = timedelta(days=28)
_IN_IT = (MemberState.MEMBER, MemberState.PAUSED, MemberState.REQUESTED, MemberState.WAITING)


def join_freely(group: Group, *, actor: Actor, alias: str) -> Membership:
    """Become a member of a group that is open to all; on the waiting list when it is full.

    Raises CannotJoinSo, AlreadyMember, AskedLately, AliasMissing, AliasTaken.
    """
    ensure(actor, "groups.join", group)
    if group.join_way is not JoinWay.FREE:
        raise CannotJoinSo
    one_at_a_time(group)
    _check_new(group, actor)
    if is_full(group):
        return _ask(group, actor, alias=alias, answers=[], state=MemberState.WAITING)
    membership = make_member(group, actor, alias=alias)
    tell(group, "joined")
    emit(MemberJoined(group.id, membership.id))
    return membership


def ask_to_join(group: Group, *, actor: Actor, alias: str, answers: list[str]) -> Membership:
    """Ask the group; its questions are answered in the group's order. Waits for an answer of up to 28 days.

    Raises CannotJoinSo, AnswerMissing, AlreadyMember, AskedLately, AliasMissing, AliasTaken, RateLimited.
    """
    ensure(actor, "groups.join", group)
    if group.join_way is not JoinWay.REQUEST:
        raise CannotJoinSo
    _check_new(group, actor)
    cleaned = [clean_text(answer).strip()[:1000] for answer in answers]
    if len(cleaned) < len(group.questions) or not all(cleaned[: len(group.questions)]):
        raise AnswerMissing
    hit("groups.join", str(actor.account_id))
    return _ask(group, actor, alias=alias, answers=cleaned, state=MemberState.REQUESTED)


def _ask(group: Group, actor: Actor, *, alias: str, answers: list[str], state: MemberState) -> Membership:
    cleaned, shape = checked_alias(group, alias, own=membership_of(actor, group))
    membership = row_for(group, actor, state)
    membership.alias, membership.alias_skeleton = cleaned, shape
    membership.answers = json.dumps(answers, ensure_ascii=False) if answers else None
    membership.asked_on, membership.decided_on = clock.today(), None
    session.flush()
    forget_standing(group)
    emit(JoinRequested(group.id, membership.id))
    return membership


def _check_new(group: Group, actor: Actor) -> None:
    known = membership_of(actor, group)
    if known is None:
        return
    if known.state in _IN_IT:
        raise AlreadyMember
    if known.barred_until is not None and clock.today() < known.barred_until:
        raise AskedLately
    rests = known.state in (MemberState.DECLINED, MemberState.REMOVED)
    if rests and known.decided_on is not None and clock.today() < known.decided_on + REST:
        raise AskedLately


def is_full(group: Group) -> bool:
    """As many members as the group wants."""
    return group.capacity is not None and active_count(group) >= group.capacity


def take_back(group: Group, *, actor: Actor) -> None:
    """Whoever asked no longer wants to; the row is gone."""
    one_at_a_time(group)
    ensure(actor, "groups.take_back", group)
    membership = membership_of(actor, group)
    if membership is not None and has_asked(actor, group):
        session.delete(membership)
    forget_standing(group)


def accept(membership: Membership, *, group: Group, actor: Actor) -> None:
    """The group takes somebody in. Full: they come onto the waiting list. Raises NothingToDecide."""
    ensure(actor, "groups.accept_members", group)
    accept_for_group(membership, group=group)


def accept_for_group(membership: Membership, *, group: Group) -> None:
    """The same, once the right to do it has been settled (a role, or two members together)."""
    one_at_a_time(group)
    if membership.group_id != group.id or membership.state not in (
        MemberState.REQUESTED,
        MemberState.WAITING,
    ):
        raise NothingToDecide
    if is_full(group):
        membership.state = MemberState.WAITING
        return
    admit(membership)
    session.flush()
    forget_standing(group)
    tell(group, "joined")
    emit(MemberJoined(group.id, membership.id))


def decline(membership: Membership, *, group: Group, actor: Actor) -> None:
    """The group says no, without reasons; they can ask again after sixty days. Raises NothingToDecide."""
    ensure(actor, "groups.accept_members", group)
    decline_for_group(membership, group=group)


def decline_for_group(membership: Membership, *, group: Group) -> None:
    """The same, once the right to do it has been settled."""
    one_at_a_time(group)
    if membership.group_id != group.id or membership.state not in (
        MemberState.REQUESTED,
        MemberState.WAITING,
    ):
        raise NothingToDecide
    wipe(membership, MemberState.DECLINED)
    forget_standing(group)
    emit(RequestDeclined(group.id, membership.id))


def fill_places(group: Group) -> int:
    """Free places go to the waiting list, longest waiting first; returns how many came in."""
    query = (
        select(Membership)
        .where(Membership.group_id == group.id, Membership.state == MemberState.WAITING)
        .order_by(Membership.asked_on, Membership.id)
    )
    came = 0
    for membership in session.scalars(query):
        if is_full(group):
            break
        accept_for_group(membership, group=group)
        came += 1
    return came


def waits_in_vain(membership: Membership) -> bool:
    """Asked four weeks ago, and the group has not answered."""
    asked = membership.asked_on if membership.state is MemberState.REQUESTED else None
    return asked is not None and asked <= clock.today() - NO_ANSWER


# ---- codes


def make_code(group: Group, *, actor: Actor, uses: int = 1) -> str:
    """Three words for a slip of paper, good for so many people and sixty days; shown once, kept as a hash.

    A code is 36 bits and may be tried five times an hour: a year of guessing is one chance in 2.6 million.
    """
    ensure(actor, "groups.invite", group)
    return write_code(group, made_by=membership_of(actor, group) or _nobody(), uses=uses)


def write_code(group: Group, *, made_by: Membership, uses: int, words: str = "") -> str:
    """The same, once the right to do it has been settled."""
    ensure_not_frozen(group)
    words = words or " ".join(code_words())
    session.add(
        InviteCode(
            group_id=group.id,
            code_hash=code_hash(words),
            made_by_id=made_by.id,
            uses_left=max(1, min(uses, 50)),
            expires_on=clock.today() + CODE_LASTS,
        )
    )
    session.flush()
    return words


def make_sheet(group: Group, *, actor: Actor, slips: int, form_key: str) -> list[str]:
    """A sheet of codes for one person each. The same form sent twice shows the same words again.

    They are worked out from the form and the portal's key, so nothing has to be kept for it; what was used
    or made void meanwhile is left out. Raises SheetUsed when nothing is left.
    """
    ensure(actor, "groups.invite", group)
    maker = membership_of(actor, group) or _nobody()
    sheet = []
    for number in range(slips):
        seed = crypto.keyed_hash("groups.slip", f"{group.id}|{maker.id}|{form_key}|{number}")
        words = " ".join(code_words(int(seed, 16)))
        known = session.scalar(select(InviteCode).where(InviteCode.code_hash == code_hash(words)))
        if known is None:
            write_code(group, made_by=maker, uses=1, words=words)
        if known is None or (known.revoked_on is None and known.uses_left > 0):
            sheet.append(words)
    if not sheet:
        raise SheetUsed
    return sheet


def _nobody() -> Membership:
    raise NotAMember


def code_hash(typed: str) -> str:
    """The keyed hash of a code as people type it: capitals, hyphens, spaces and umlauts do not matter."""
    words = fold(clean_line(typed)).replace("-", " ").split()
    return crypto.keyed_hash("groups.code", " ".join(words))


def group_of_code(typed: str, *, actor: Actor) -> Group:
    """The group a code opens, for the page that asks for an alias. Raises CodeNotValid, RateLimited."""
    ensure(actor, "groups.use_code")
    hit("groups.code", str(actor.account_id))
    return _valid(typed)[1]


def join_by_code(typed: str, *, actor: Actor, alias: str) -> Membership:
    """Become a member with a code; one use is gone. Also for discreet groups.

    A person who was removed cannot use a code before the question has rested. Raises CodeNotValid (always the
    same words), AlreadyMember, AskedLately, AliasMissing, AliasTaken.
    """
    ensure(actor, "groups.use_code")
    hit("groups.code_used", str(actor.account_id))
    one_at_a_time(_valid(typed)[1])
    code, group = _valid(typed)
    _check_new_by_code(group, actor)
    used = session.execute(
        update(InviteCode)
        .where(InviteCode.id == code.id, InviteCode.uses_left > 0)
        .values(uses_left=InviteCode.uses_left - 1)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise CodeNotValid
    membership = make_member(
        group, actor, alias=alias, invited_by=session.get(Membership, code.made_by_id or 0)
    )
    tell(group, "joined")
    emit(MemberJoined(group.id, membership.id))
    return membership


def come_in(typed: str, *, actor: Actor, alias: str) -> Membership:
    """`join_by_code`, where a second tap is no mistake: who came in leads on to the group."""
    ensure(actor, "groups.use_code")
    query = (
        select(Group)
        .join(InviteCode, InviteCode.group_id == Group.id)
        .where(InviteCode.code_hash == code_hash(typed))
    )
    group = session.scalar(query)
    known = membership_of(actor, group) if group else None
    if known is not None and known.state in (MemberState.MEMBER, MemberState.PAUSED):
        return known
    return join_by_code(typed, actor=actor, alias=alias)


def _check_new_by_code(group: Group, actor: Actor) -> None:
    known = membership_of(actor, group)
    if known is not None and known.state in (MemberState.MEMBER, MemberState.PAUSED):
        raise AlreadyMember
    if known is not None and (known.state is MemberState.REMOVED or known.barred_until is not None):
        _check_new(group, actor)


def _valid(typed: str) -> tuple[InviteCode, Group]:
    found = session.execute(
        select(InviteCode, Group)
        .join(Group, Group.id == InviteCode.group_id)
        .where(InviteCode.code_hash == code_hash(typed))
    ).one_or_none()
    if found is None:
        raise CodeNotValid
    code, group = found
    inviter = session.get(Membership, code.made_by_id) if code.made_by_id else None
    alive = inviter is not None and inviter.state in (MemberState.MEMBER, MemberState.PAUSED)
    if code.revoked_on or code.uses_left < 1 or code.expires_on < clock.today() or not alive:
        raise CodeNotValid
    if not group.is_living or is_full(group):
        raise CodeNotValid
    return code, group


def revoke_codes(group: Group, *, actor: Actor, made_on: date | None = None) -> int:
    """All open codes of the group are void, or those made on one day; returns how many."""
    ensure(actor, "groups.invite", group)
    wanted = [InviteCode.group_id == group.id, InviteCode.revoked_on.is_(None)]
    if made_on is not None:
        wanted.append(InviteCode.expires_on == made_on + CODE_LASTS)
    done = session.execute(update(InviteCode).where(*wanted).values(revoked_on=clock.today()))
    return int(done.rowcount)  # type: ignore[attr-defined]


def set_questions(group: Group, *, actor: Actor, questions: list[str]) -> None:
    """Up to three questions of one line each, asked of everybody who wants to join."""
    ensure(actor, "groups.edit_profile", group)
    cleaned = [clean_line(question)[:QUESTION_LENGTH] for question in questions]
    group.questions = [question for question in cleaned if question][:MOST_QUESTIONS]
