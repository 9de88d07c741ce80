"""The charter as it is read, and the group's history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal.core.db import session
from portal.groups.models import CHARTER_FIELDS, Charter, Group, GroupHistory, Membership, MemberState, Seen


@dataclass(frozen=True)
class CharterText:
    """One version of a charter. `texts` by field name, `plain` the same in plain language where it exists."""

    version: int
    texts: dict[str, str]
    plain: dict[str, str]
    adopted_at: datetime | None
    review_on: date | None
    acknowledged: int


def current_charter(group: Group) -> CharterText | None:
    """The newest version with the number of members who acknowledged exactly this one."""
    return charter_version(group, None)


def charter_version(group: Group, version: int | None) -> CharterText | None:
    """One version, the newest when none is said; None where there is none."""
    query = select(Charter).where(Charter.group_id == group.id).order_by(Charter.version.desc()).limit(1)
    if version is not None:
        query = query.where(Charter.version == version)
    charter = session.scalar(query)
    if charter is None:
        return None
    stored = json.loads(charter.texts)
    agreed = session.scalar(
        select(func.count()).where(
            Membership.group_id == group.id,
            Membership.charter_version == charter.version,
            Membership.state == MemberState.MEMBER,
        )
    )
    return CharterText(
        charter.version,
        {name: stored.get(name, "") for name in CHARTER_FIELDS},
        stored.get("leicht", {}),
        charter.adopted_at,
        charter.review_on,
        agreed or 0,
    )


def charter_versions(group: Group) -> list[tuple[int, datetime | None]]:
    """(number, adopted at) of all versions, newest first."""
    query = select(Charter.version, Charter.adopted_at).where(Charter.group_id == group.id)
    return [(version, at) for version, at in session.execute(query.order_by(Charter.version.desc()))]


def history_of(group: Group, *, for_members: bool, limit: int = 100) -> list[GroupHistory]:
    """What happened, newest first; for others only the public lines."""
    query = select(GroupHistory).where(GroupHistory.group_id == group.id)
    if not for_members:
        query = query.where(GroupHistory.seen == Seen.PUBLIC)
    return list(session.scalars(query.order_by(GroupHistory.id.desc()).limit(limit)))
