"""What a group says about itself and how it takes people in; what a member chooses for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.i18n import LANGUAGES
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import CannotJoinSo, CapacityTooSmall, NotAMember
from portal.groups.events import GroupProfileChanged
from portal.groups.models import (
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    Group,
    JoinWay,
)
from portal.groups.operations.founding import checked_aim, checked_contact_way, checked_name
from portal.groups.operations.joining import fill_places
from portal.groups.operations.membership import checked_alias
from portal.groups.operations.telling import tell
from portal.groups.permissions import membership_of

DISCREET_WAYS = (JoinWay.CODE, JoinWay.CONTACT)


@dataclass(frozen=True)
class Profile:
    """What others read about a group, as the form hands it over."""

    name: str
    aim: str
    contact_way: str = ""
    languages: tuple[str, ...] = ()
    district_id: int | None = None
    capacity: int | None = None
    meeting_interval_days: int | None = None
    join_way: JoinWay = JoinWay.REQUEST
    questions: tuple[str, ...] = ()


def change_profile(group: Group, wish: Profile, *, actor: Actor) -> None:
    """Change what others read about the group and how people join.

    More room lets the waiting list in. Raises NameMissing, AimMissing, TooLong, CapacityTooSmall, and
    CannotJoinSo for a discreet group that would be seen.
    """
    ensure(actor, "groups.edit_profile", group)
    change_for_group(group, wish)


def profile_of_group(group: Group) -> Profile:
    """What stands there now."""
    return Profile(
        name=group.name,
        aim=group.aim,
        contact_way=group.contact_way,
        languages=tuple(group.languages),
        district_id=group.district_id,
        capacity=group.capacity,
        meeting_interval_days=group.meeting_interval_days,
        join_way=group.join_way,
        questions=tuple(group.questions),
    )


def changes_in(group: Group, wish: Profile) -> dict[str, Any]:
    """Only what would be different, as plain values that can be kept. Raises what `change_profile` does."""
    after, now = _checked(group, wish), asdict(profile_of_group(group))
    found = {name: value for name, value in asdict(after).items() if value != now[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def make_changes(group: Group, changes: Mapping[str, Any]) -> None:
    """Put kept changes into force over what stands there by now; the right to do so has been settled."""
    values: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in changes.items()
    }
    if "join_way" in values:
        values["join_way"] = JoinWay(values["join_way"])
    change_for_group(group, replace(profile_of_group(group), **values))


def _checked(group: Group, wish: Profile) -> Profile:
    """The wish as it would be stored."""
    if wish.capacity is not None and wish.capacity < group.min_size:
        raise CapacityTooSmall
    if group.is_discreet and wish.join_way not in DISCREET_WAYS:
        raise CannotJoinSo(field="join_way")
    languages = tuple(slug for slug in wish.languages if slug in LANGUAGES)
    questions = [clean_line(question)[:QUESTION_LENGTH] for question in wish.questions]
    return replace(
        wish,
        name=checked_name(wish.name),
        aim=checked_aim(wish.aim),
        contact_way=checked_contact_way(wish.contact_way),
        languages=languages or (group.language,),
        questions=tuple([question for question in questions if question][:MOST_QUESTIONS]),
    )


def change_for_group(group: Group, wish: Profile) -> None:
    """The same, once the right to do it has been settled."""
    after = _checked(group, wish)
    group.name, group.aim, group.contact_way = after.name, after.aim, after.contact_way
    group.languages, group.questions = list(after.languages), list(after.questions)
    group.district_id, group.capacity = after.district_id, after.capacity
    group.meeting_interval_days, group.join_way = after.meeting_interval_days, after.join_way
    session.flush()
    tell(group, "profile_changed")
    emit(GroupProfileChanged(group.id))
    fill_places(group)


def change_own(
    group: Group, *, actor: Actor, alias: str, shown_publicly: bool = False, notices: str = "full"
) -> None:
    """What a member chooses for themselves: the name here, being seen from outside, which notices.

    notices: "full", "neutral" (says nothing but that there is something) or, in discreet groups, "none". A
    discreet group keeps the account, encrypted, only of those who want notices.

    Raises AliasMissing, AliasTaken.
    """
    ensure(actor, "groups.leave", group)
    membership = membership_of(actor, group)
    if membership is None:
        raise NotAMember
    membership.alias, membership.alias_skeleton = checked_alias(group, alias, own=membership)
    membership.shown_publicly = shown_publicly and not group.is_discreet
    membership.quiet = notices == "neutral" and not group.is_discreet
    wants = notices != "none"
    by_reference = membership.account_id is None
    membership.reach = str(actor.account_id) if by_reference and wants else None
    session.flush()


def notices_of(group: Group, *, actor: Actor) -> str:
    """Which notices the member chose: "full", "neutral" or "none"."""
    membership = membership_of(actor, group)
    if membership is None:
        return "none"
    if membership.account_id is None and not membership.reach:
        return "none"
    return "neutral" if group.is_discreet or membership.quiet else "full"
