"""Questions about notices, switches and mails. Everything about one account's own things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from portal.accounts.models import Account
from portal.accounts.queries import account_by_public_id, actor_for
from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.subjects import Subject, SubjectRef, resolve, resolve_many
from portal.notifications.models import Notice, Preference
from portal.notifications.settings import NoticeKind, find_notice_kind, notice_kinds


@dataclass(frozen=True)
class Switches:
    """Which ways a person wants one kind."""

    kind: NoticeKind
    in_portal: bool
    by_mail: bool


def notices_of(account_id: int) -> Select[Notice]:
    """A person's notices in the portal, latest first."""
    query = select(Notice).where(Notice.account_id == account_id, Notice.is_shown, ~Notice.is_silenced)
    return query.order_by(Notice.updated_at.desc(), Notice.id.desc())


@dataclass(frozen=True)
class NoticeRow:
    """A notice as its reader sees it."""

    notice: Notice
    line: str
    has_place: bool

    @property
    def is_unread(self) -> bool:
        """Whether it waits to be seen."""
        return self.notice.read_at is None


def notice_page(account_id: int, number: int, per_page: int) -> tuple[list[NoticeRow], int]:
    """One page of a person's notices in words, and how many there are in all.

    What the person may not see any more is left out.
    """
    query = notices_of(account_id)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = list(session.scalars(query.limit(per_page).offset((number - 1) * per_page)))
    refs = {row.id: SubjectRef(row.subject_kind, row.subject_id) for row in rows if row.subject_kind}
    subjects = resolve_many(refs.values())
    reader = actor_for(recipient_account(account_id))
    found = [_row(row, subjects.get(refs[row.id]) if row.id in refs else None, reader) for row in rows]
    return [row for row in found if row is not None], total


def _row(notice: Notice, subject: Subject | None, reader: Actor) -> NoticeRow | None:
    kind = find_notice_kind(notice.kind)
    if kind is None or (notice.subject_kind and not _is_shown(kind, subject, reader)):
        return None
    title = subject.title if subject else ""
    line = kind.line({**notice.context, "title": title, "count": notice.count})
    return NoticeRow(notice, line, subject is not None)


def _is_shown(kind: NoticeKind, subject: Subject | None, reader: Actor) -> bool:
    """Hidden things only in required kinds: a decision about a text must reach its author."""
    if subject is None or kind.required:
        return subject is not None
    return not subject.kind.is_hidden(subject.thing) and subject.visible_to(reader)


def unread_count(account_id: int | None) -> int:
    """How many notices wait, one indexed query; 0 for visitors without asking the database."""
    if account_id is None:
        return 0
    return session.scalar(_unread_statement(), {"account_id": account_id}) or 0


@cache
def _unread_statement() -> Select[Any]:
    """Built once: every page of somebody who is signed in asks it."""
    return select(func.count()).where(
        Notice.account_id == bindparam("account_id"),
        Notice.read_at.is_(None),
        Notice.is_shown,
        ~Notice.is_silenced,
    )


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


def reachable(account_ids: Iterable[int], *, with_suspended: bool = False) -> list[int]:
    """Those of the accounts that still exist and (unless with_suspended) are not suspended."""
    query = select(Account.id).where(Account.id.in_(list(account_ids)), Account.deleted_at.is_(None))
    if not with_suspended:
        is_free = Account.suspended_until.is_(None) | (Account.suspended_until <= clock.now())
        query = query.where(is_free)
    return list(session.scalars(query.order_by(Account.id)))


def recipient_account(account_id: int) -> Account | None:
    """The living account a notice belongs to."""
    account = session.get(Account, account_id)
    return account if account is not None and account.deleted_at is None else None


def shown_subject(notice: Notice) -> Subject | None:
    """What a notice is about, if its reader may see it now."""
    subject = resolve(SubjectRef(notice.subject_kind, notice.subject_id))
    kind = find_notice_kind(notice.kind)
    if notice.is_silenced and kind is not None and not kind.required:
        return None
    reader = actor_for(recipient_account(notice.account_id))
    return subject if kind is not None and _is_shown(kind, subject, reader) else None


def unsubscribe_token(account_public_id: str, kind: str) -> str:
    """What stands in the link of a mail: account, kind, and a seal only this installation can make."""
    return f"{account_public_id}.{kind}.{_seal(account_public_id, kind)}"


def _seal(account_public_id: str, kind: str) -> str:
    return crypto.keyed_hash("notifications.unsubscribe", f"{account_public_id}:{kind}")[:40]


def read_unsubscribe_token(token: str) -> tuple[int, NoticeKind] | None:
    """(account id, kind) of a genuine token, else None."""
    public_id, _, rest = token.partition(".")
    name, _, seal = rest.rpartition(".")
    kind = find_notice_kind(name)
    if kind is None or not crypto.equal(seal, _seal(public_id, name)):
        return None
    account = account_by_public_id(public_id)
    return (account.id, kind) if account else None


def export_notices(account_id: int) -> list[dict[str, Any]]:
    """What the person was told, for the own export; other people's words are not in it."""
    rows = session.scalars(select(Notice).where(Notice.account_id == account_id).order_by(Notice.id))
    return [
        {
            "kind": row.kind,
            "about": f"{row.subject_kind} {row.subject_id}".strip(),
            "count": row.count,
            "at": row.updated_at.isoformat(),
            "read_at": row.read_at.isoformat() if row.read_at else None,
        }
        for row in rows
    ]


def export_switches(account_id: int) -> list[dict[str, Any]]:
    """What the person switched, for the own export."""
    query = select(Preference).where(Preference.account_id == account_id).order_by(Preference.kind)
    return [
        {"kind": row.kind, "in_portal": row.in_portal, "by_mail": row.by_mail}
        for row in session.scalars(query)
    ]
