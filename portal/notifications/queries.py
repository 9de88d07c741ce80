"""Questions about notices, switches and mails. Everything about one account's own things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.core.db import session
from portal.notifications.models import Notice, Preference
from portal.notifications.settings import NoticeKind, notice_kinds


@dataclass(frozen=True)
class Switches:
    """Which ways a person wants one kind."""

    kind: NoticeKind
    in_portal: bool
    by_mail: bool


def notices_of(account_id: int) -> Select[Notice]:
    """A person's notices in the portal, latest first."""
    query = select(Notice).where(Notice.account_id == account_id, Notice.is_shown)
    return query.order_by(Notice.updated_at.desc(), Notice.id.desc())


def unread_count(account_id: int | None) -> int:
    """How many notices wait, one indexed query; 0 for visitors without asking the database."""
    if account_id is None:
        return 0
    waiting = select(func.count()).where(
        Notice.account_id == account_id, Notice.read_at.is_(None), Notice.is_shown
    )
    return session.scalar(waiting) or 0


def notice_of(account_id: int, public_id: str) -> Notice | None:
    """One of the person's own notices, or None."""
    return session.scalar(
        select(Notice).where(Notice.public_id == public_id, Notice.account_id == account_id)
    )


def switches_of(account_id: int, *, staff: bool = False) -> list[Switches]:
    """The person's switches for every kind that concerns them, defaults where nothing was chosen."""
    rows = session.scalars(select(Preference).where(Preference.account_id == account_id))
    chosen = {row.kind: row for row in rows}
    return [_switches(kind, chosen.get(kind.name)) for kind in notice_kinds() if staff or not kind.staff]


def _switches(kind: NoticeKind, row: Preference | None) -> Switches:
    if kind.required:
        return Switches(kind, True, kind.template is not None)
    in_portal = row.in_portal if row else kind.default_portal
    by_mail = row.by_mail if row else kind.default_mail
    return Switches(kind, in_portal, by_mail and kind.template is not None)


def switches_for(account_ids: Iterable[int], kind: NoticeKind) -> dict[int, Switches]:
    """account id -> the switches of one kind, in one query."""
    ids = list(account_ids)
    rows = session.scalars(
        select(Preference).where(Preference.account_id.in_(ids), Preference.kind == kind.name)
    )
    chosen = {row.account_id: row for row in rows}
    return {account_id: _switches(kind, chosen.get(account_id)) for account_id in ids}
