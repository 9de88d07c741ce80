"""From an idea to a running group. The founders themselves decide that it is one; nobody approves."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line, clean_text
from portal.groups.errors import (
    AimMissing,
    NameMissing,
    NoCharter,
    NoContactWay,
    TooFewFounders,
    TooLong,
    WrongHat,
)
from portal.groups.events import CharterWritten, GroupBegun, GroupChangedState, GroupFounded
from portal.groups.models import (
    AIM_LENGTH,
    CHARTER_FIELD_LENGTH,
    CHARTER_FIELDS,
    FEWEST_FOUNDERS,
    FEWEST_FOUNDERS_DISCREET,
    NAME_LENGTH,
    PLACE_LENGTH,
    Charter,
    Group,
    GroupKind,
    GroupState,
    JoinWay,
    Membership,
    MemberState,
    Preset,
    Privacy,
    Seen,
)
from portal.groups.operations.living import tighten
from portal.groups.operations.meetings.due import grow_quiet
from portal.groups.operations.meetings.planning import checked_day, checked_starts
from portal.groups.operations.membership import make_member
from portal.groups.operations.minutes import seal_minutes
from portal.groups.operations.roles import set_preset
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.operations.wishing import check_circle, sent_by
from portal.groups.permissions import STATES, forget_standing, membership_of
from portal.groups.queries import active_count, current_charter


def begin_group(
    actor: Actor,
    *,
    name: str,
    aim: str,
    kind: GroupKind,
    privacy: Privacy,
    alias: str,
    preset: Preset = Preset.EVERYONE,
    origin: SubjectRef | None = None,
    district_id: int | None = None,
    language: str = "",
    form_key: str = "",
) -> Group:
    """A resident opens a founding circle and is its first member; returns the group, flushed.

    Professionals open circles of networks of professionals. A discreet circle keeps no trace of what it grew
    out of. The same form sent twice gives back the same group. Raises WrongHat, NameMissing, AimMissing,
    TooLong, AliasMissing, RateLimited; with an origin TooFewWouldCome and CircleExists.
    """
    ensure(actor, "groups.begin")
    key = sent_by(actor, form_key)
    known = session.scalar(select(Group).where(Group.form_key == key)) if key else None
    if known is not None:
        return known
    _check_beginning(actor, kind, privacy, origin)
    spoken = language or actor.language or "de"
    group = Group(kind=kind, name=checked_name(name), aim=checked_aim(aim), **_privately(privacy, origin))
    group.district_id, group.language, group.languages, group.form_key = district_id, spoken, [spoken], key
    session.add(group)
    session.flush()
    tell(group, "begun")
    first = make_member(group, actor, alias=alias)
    set_preset(group, preset, first=first)
    emit(GroupBegun(group.id, group.origin_kind, group.origin_id))
    return group


def _check_beginning(actor: Actor, kind: GroupKind, privacy: Privacy, origin: SubjectRef | None) -> None:
    """Staff begin networks of professionals; with an origin enough people have to want it."""
    if actor.is_staff and kind is not GroupKind.PROFESSIONALS:
        raise WrongHat
    if origin is not None:
        check_circle(origin, actor, discreetly=privacy is Privacy.DISCREET)
    hit("groups.begin", str(actor.account_id))


def _privately(privacy: Privacy, origin: SubjectRef | None) -> dict[str, object]:
    """The columns that hang on how private the circle is."""
    is_discreet = privacy is Privacy.DISCREET
    kept = None if is_discreet else origin
    return {
        "privacy": privacy,
        "is_discreet": is_discreet,
        "join_way": JoinWay.CODE if is_discreet else JoinWay.REQUEST,
        "min_size": fewest_founders(privacy),
        "origin_kind": kept.kind if kept else "",
        "origin_id": kept.id if kept else None,
    }


def fewest_founders(privacy: Privacy) -> int:
    """How many have to agree: three, for a discreet group two."""
    return FEWEST_FOUNDERS_DISCREET if privacy is Privacy.DISCREET else FEWEST_FOUNDERS


def checked_name(name: str) -> str:
    """One clean line. Raises NameMissing, TooLong."""
    cleaned = clean_line(name)
    if not cleaned:
        raise NameMissing
    if len(cleaned) > NAME_LENGTH:
        raise TooLong(field="name")
    return cleaned


def checked_aim(aim: str) -> str:
    """One clean line. Raises AimMissing, TooLong."""
    cleaned = clean_line(aim)
    if not cleaned:
        raise AimMissing
    if len(cleaned) > AIM_LENGTH:
        raise TooLong(field="aim")
    return cleaned


def set_contact_way(group: Group, *, actor: Actor, words: str) -> None:
    """How people reach the group: "Tuesdays at six in the community centre"."""
    ensure(actor, _shaping(group), group)
    group.contact_way = checked_contact_way(words)
    _at_it(group)


def _at_it(group: Group) -> None:
    """Whoever works on the list keeps a founding circle from ending by itself."""
    if group.state is GroupState.FOUNDING:
        sign_of_life(group)


def checked_contact_way(words: str) -> str:
    """A few clean lines. Raises TooLong."""
    cleaned = clean_text(words).strip()
    if len(cleaned) > CHARTER_FIELD_LENGTH:
        raise TooLong(field="contact_way")
    return cleaned


def _shaping(group: Group) -> str:
    """While it is being founded everybody shapes the group; later whoever may edit its profile."""
    return "groups.gather" if group.state is GroupState.FOUNDING else "groups.edit_profile"


def set_plan(
    group: Group, *, actor: Actor, place: str, time: str, first_on: date | None, starts: str = ""
) -> None:
    """Where and when the circle wants to meet, and when first: that becomes a meeting once it is a group.

    time: the rhythm in words. starts: when the first meeting begins, "18:30" in the town's time; needed with
    a day. Raises TooLong, WrongDay, ClockMissing, ClockUnclear.
    """
    ensure(actor, "groups.gather", group)
    plan = {"place": clean_line(place), "time": clean_line(time), "first_on": "", "starts": ""}
    for name, most in (("place", PLACE_LENGTH), ("time", AIM_LENGTH)):
        if len(plan[name]) > most:
            raise TooLong(field=name)
    if first_on is not None:
        plan["first_on"] = checked_day(first_on, field="first_on").isoformat()
        plan["starts"] = checked_starts(starts, first_on)
    group.plan = json.dumps(plan)
    _at_it(group)


def choose_privacy(group: Group, privacy: Privacy, *, actor: Actor) -> None:
    """The circle chooses who learns of it. Whoever is still alone may choose anything, later only tighter.

    Raises OnlyTighter.
    """
    ensure(actor, "groups.gather", group)
    if active_count(group) > 1:
        tighten(group, privacy, actor=actor)
    else:
        _choose_alone(group, privacy, actor)
    group.min_size = fewest_founders(group.privacy)
    _at_it(group)


def _choose_alone(group: Group, privacy: Privacy, actor: Actor) -> None:
    hidden = privacy is Privacy.DISCREET
    group.privacy, group.is_discreet = privacy, hidden
    group.join_way = JoinWay.CODE if hidden else JoinWay.REQUEST
    if hidden:
        group.origin_kind, group.origin_id = "", None
    membership = membership_of(actor, group)
    if membership is not None:
        membership.is_discreet = hidden
        membership.account_id = None if hidden else actor.account_id
    session.flush()
    if hidden:
        grow_quiet(group.id)
        seal_minutes(group.id)
    forget_standing(group)


def write_charter_part(group: Group, *, actor: Actor, texts: dict[str, str]) -> int:
    """Write some fields of the charter while the group is being founded; the others stay as they are.

    As long as nobody else has agreed to the newest version it is changed in place. Afterwards there is a new
    one, and everybody is asked again. Raises TooLong, NoCharter for an empty goal.
    """
    ensure(actor, "groups.gather", group)
    _at_it(group)
    known = current_charter(group)
    merged = {**(known.texts if known else {}), **texts}
    writer = membership_of(actor, group)
    others = [one for one in founders_ready(group) if writer is None or one.id != writer.id]
    if known is None or others:
        same = known is not None and all(_field(n, merged[n]) == known.texts[n] for n in texts)
        return known.version if known and same else write_charter(group, actor=actor, texts=merged)
    charter = session.get_one(Charter, (group.id, known.version))
    stored: dict[str, object] = {name: _field(name, merged.get(name, "")) for name in CHARTER_FIELDS}
    if not stored["goal"]:
        raise NoCharter(field="goal")
    charter.texts = json.dumps(stored, ensure_ascii=False)
    if writer is not None:
        writer.charter_version = known.version
    session.flush()
    return known.version


def write_charter(
    group: Group,
    *,
    actor: Actor,
    texts: dict[str, str],
    plain: dict[str, str] | None = None,
    review_on: date | None = None,
) -> int:
    """Write the next version of what the group agrees on; returns its number.

    While the group is being founded every member may, and the writer has agreed to it. Later versions come
    out of a decision. Raises TooLong for a field over 600 characters, NoCharter for an empty goal.
    """
    ensure(actor, "groups.take_part", group)
    if group.state is not GroupState.FOUNDING:
        ensure(actor, "groups.by_rule", group)
    version = _store_charter(group, texts, plain or {}, review_on)
    writer = membership_of(actor, group)
    if writer is not None:
        writer.charter_version = version
    tell(group, "charter_written", version=version)
    emit(CharterWritten(group.id, version))
    return version


def adopt_charter(group: Group, *, texts: dict[str, str], plain: dict[str, str]) -> int:
    """The next version, decided by the group; returns its number. Members acknowledge it anew.

    Raises TooLong, NoCharter.
    """
    version = _store_charter(group, texts, plain, None)
    charter = session.get(Charter, (group.id, version))
    if charter is not None:
        charter.adopted_at = clock.now()
    tell(group, "charter_written", version=version)
    emit(CharterWritten(group.id, version))
    return version


def _store_charter(group: Group, texts: dict[str, str], plain: dict[str, str], review_on: date | None) -> int:
    stored: dict[str, object] = {name: _field(name, texts.get(name, "")) for name in CHARTER_FIELDS}
    if not stored["goal"]:
        raise NoCharter(field="goal")
    if plain:
        stored["leicht"] = {name: _field(name, plain.get(name, "")) for name in CHARTER_FIELDS}
    last = session.scalar(select(func.max(Charter.version)).where(Charter.group_id == group.id)) or 0
    session.add(
        Charter(
            group_id=group.id,
            version=last + 1,
            texts=json.dumps(stored, ensure_ascii=False),
            review_on=review_on,
        )
    )
    session.flush()
    return last + 1


def _field(name: str, text: str) -> str:
    cleaned = clean_text(text).strip()
    if len(cleaned) > CHARTER_FIELD_LENGTH:
        raise TooLong(field=name)
    return cleaned


def acknowledge_charter(group: Group, *, actor: Actor) -> int:
    """The member agrees to the newest version; returns its number. Twice is once. Raises NoCharter."""
    ensure(actor, "groups.acknowledge", group)
    charter = current_charter(group)
    membership = membership_of(actor, group)
    if charter is None or membership is None:
        raise NoCharter
    membership.charter_version = charter.version
    _at_it(group)
    return charter.version


def missing_to_found(group: Group) -> list[str]:
    """What the founding circle still has to do: "charter", "founders", "contact"; empty when all is there."""
    charter = current_charter(group)
    missing = [] if charter else ["charter"]
    if charter is None or charter.acknowledged < group.min_size:
        missing.append("founders")
    if not group.contact_way.strip():
        missing.append("contact")
    return missing


def found_group(group: Group, *, actor: Actor) -> None:
    """The founders decide: from now on this is a group. Any of them says it, once enough have agreed.

    Raises NoCharter, TooFewFounders, NoContactWay; TransitionNotAllowed when it is one already.
    """
    STATES.check(actor, group, group.state, GroupState.ACTIVE)
    for problem, error in (("charter", NoCharter), ("founders", TooFewFounders), ("contact", NoContactWay)):
        if problem in missing_to_found(group):
            raise error
    charter = session.scalar(
        select(Charter).where(Charter.group_id == group.id).order_by(Charter.version.desc()).limit(1)
    )
    before, now = group.state, clock.now()
    if charter is not None:
        charter.adopted_at = now
    group.state, group.founded_at = GroupState.ACTIVE, now
    sign_of_life(group)
    tell(group, "founded", seen=Seen.PUBLIC)
    emit(GroupFounded(group.id))
    emit(GroupChangedState(group.id, before, group.state))


def found_once(group: Group, *, actor: Actor) -> bool:
    """The same, where a second tap is no mistake; returns whether it was this one."""
    if group.state is GroupState.ACTIVE:
        ensure(actor, "groups.found", group)
        return False
    found_group(group, actor=actor)
    return True


def founders_ready(group: Group) -> list[Membership]:
    """Members who agreed to the newest charter."""
    charter = current_charter(group)
    query = select(Membership).where(
        Membership.group_id == group.id,
        Membership.state == MemberState.MEMBER,
        Membership.charter_version == (charter.version if charter else -1),
    )
    return list(session.scalars(query.order_by(Membership.id)))
