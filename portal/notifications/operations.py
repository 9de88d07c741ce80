"""What tells people something: notices, their mails, mails to addresses, and the switches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from portal.accounts.queries import without_blockers
from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.mailsafe import valid_address
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef
from portal.notifications.models import MailMessage, MailStatus, Notice, Preference
from portal.notifications.queries import Switches, reachable, switches_for
from portal.notifications.settings import NoticeKind, get_notice_kind, notice_kinds, notification_kind

__all__ = [
    "close_mail",
    "forget_about",
    "forget_account",
    "mark_all_read",
    "mark_read",
    "notification_kind",
    "notify",
    "prune_mails",
    "prune_notices",
    "send_mail",
    "set_switches",
    "silence",
    "silence_person",
    "stop_mails",
    "tell",
]

# More recipients than this are told by jobs, so that a click never waits for a thousand rows.
AT_ONCE = 50
# A group whose notices are not shown in the portal (mail only) ends after this time.
MAIL_GROUP_LASTS = timedelta(days=1)
# What could not be delivered by then is given up; rows without content stay for answering questions.
DELIVER_WITHIN = timedelta(days=3)
KEEP_MAIL_ROWS = timedelta(days=14)
KEEP_READ_NOTICES = timedelta(days=180)


def notify(
    recipients: Iterable[int],
    kind: str,
    *,
    subject: SubjectRef | None = None,
    context: dict[str, Any] | None = None,
    actor_id: int | None = None,
    group_key: str | None = None,
    dedupe_key: str | None = None,
) -> None:
    """Tell these accounts, each once and never the one who did it, by the ways they switched on.

    context holds plain values for the words (ids, numbers, never private text). dedupe_key: whoever was told
    under this key is never told again. Grouped kinds (or a group_key) add to the unread notice of the group;
    a mail goes out for the first only.
    """
    declared = get_notice_kind(kind)
    ids = sorted({one for one in recipients if one != actor_id})
    if group_key is None and declared.grouped and subject is not None:
        group_key = f"{kind}:{subject.kind}:{subject.id}"
    told: dict[str, Any] = {
        "kind": kind,
        "subject_kind": subject.kind if subject else "",
        "subject_id": subject.id if subject else 0,
        "context": context or {},
        "actor_id": actor_id,
        "group_key": group_key or "",
        "dedupe_key": f"{kind}:{dedupe_key}" if dedupe_key else None,
    }
    if len(ids) <= AT_ONCE:
        tell(ids, told)
        return
    for start in range(0, len(ids), AT_ONCE):
        jobs.enqueue("notifications.tell", {"ids": ids[start : start + AT_ONCE], "told": told})


def tell(ids: Sequence[int], told: dict[str, Any]) -> None:
    """Write the notices of a few accounts; `told` holds the columns `notify` filled in."""
    kind = get_notice_kind(told["kind"])
    here = reachable(ids, with_suspended=kind.required) if ids else []
    if not kind.required:
        here = without_blockers(here, told["actor_id"])
    if not here:
        return
    wanted = {
        account_id: ways
        for account_id, ways in switches_for(here, kind).items()
        if ways.in_portal or ways.by_mail
    }
    added = _add_to_groups(list(wanted), told) if told["group_key"] else set()
    fresh = [account_id for account_id in wanted if account_id not in added]
    for notice_id, account_id in _write(fresh, wanted, told):
        if wanted[account_id].by_mail:
            _queue_notice_mail(notice_id, account_id, kind)


def _add_to_groups(ids: list[int], told: dict[str, Any]) -> set[int]:
    """Count up the unread notices of this group; returns the accounts that had one."""
    now = clock.now()
    is_alive = or_(Notice.is_shown, Notice.created_at > now - MAIL_GROUP_LASTS)
    found = session.execute(
        select(Notice.id, Notice.account_id)
        .where(Notice.account_id.in_(ids), Notice.group_key == told["group_key"])
        .where(and_(Notice.read_at.is_(None), is_alive, ~Notice.is_silenced))
    ).all()
    if not found:
        return set()
    session.execute(
        update(Notice)
        .where(Notice.id.in_([row.id for row in found]))
        .values(count=Notice.count + 1, updated_at=now, context=told["context"], actor_id=told["actor_id"])
    )
    return {row.account_id for row in found}


def _write(ids: list[int], wanted: dict[int, Switches], told: dict[str, Any]) -> list[tuple[int, int]]:
    """Insert the notices that are not there yet; returns (notice id, account id) of the new ones."""
    if not ids:
        return []
    now = clock.now()
    rows = [
        {
            **told,
            "account_id": account_id,
            "public_id": new_id(),
            "is_shown": wanted[account_id].in_portal,
            "is_silenced": False,
            "count": 1,
            "created_at": now,
            "updated_at": now,
        }
        for account_id in ids
    ]
    statement = upsert(Notice).on_conflict_do_nothing(index_elements=["account_id", "dedupe_key"])
    result = session.execute(statement.returning(Notice.id, Notice.account_id), rows)
    return [(row.id, row.account_id) for row in result]


def _queue_notice_mail(notice_id: int, account_id: int, kind: NoticeKind) -> None:
    message = MailMessage(
        account_id=account_id,
        notice_id=notice_id,
        kind=kind.name,
        template=kind.template or "",
        language="",
        created_at=clock.now(),
    )
    _queue(message)


def send_mail(
    to_email: str,
    template: str,
    language: str,
    *,
    kind: str = "direct",
    account_id: int | None = None,
    at_most_once: bool = False,
    expires_at: datetime | None = None,
    **context: Any,
) -> MailMessage:
    """Queue a mail to an address (codes, confirmations). context is kept encrypted until it is sent.

    template "package/mail/name" has a .txt and a .html. at_most_once: when a crash leaves it open whether the
    server took it, it is dropped rather than sent again (sign-in codes). After expires_at it is not sent.
    Raises BadAddress unless to_email is exactly one address.
    """
    message = MailMessage(
        account_id=account_id,
        kind=kind,
        template=template,
        language=language,
        recipient=valid_address(to_email).address,
        content=json.dumps(context),
        at_most_once=at_most_once,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    _queue(message)
    return message


def _queue(message: MailMessage) -> None:
    session.add(message)
    session.flush()
    jobs.enqueue("mail.send", {"id": message.id}, unique_key=f"mail:{message.public_id}")


def silence(subject: SubjectRef, *, is_silenced: bool) -> None:
    """A thing was hidden (or shown again): its notices are neither listed nor counted meanwhile.

    Required kinds stay: a decision must reach the person it concerns.
    """
    spoken = [kind.name for kind in notice_kinds() if not kind.required]
    session.execute(
        update(Notice)
        .where(Notice.subject_kind == subject.kind, Notice.subject_id == subject.id)
        .where(Notice.kind.in_(spoken))
        .values(is_silenced=is_silenced)
    )


def forget_about(subject: SubjectRef) -> None:
    """Nobody is told about this thing any more, and what they were told is gone: it has become private."""
    session.execute(
        delete(Notice).where(Notice.subject_kind == subject.kind, Notice.subject_id == subject.id)
    )


def silence_person(account_id: int, actor_id: int) -> None:
    """What this person heard from somebody blocked is neither listed nor counted any more."""
    spoken = [kind.name for kind in notice_kinds() if not kind.required]
    session.execute(
        update(Notice)
        .where(Notice.account_id == account_id, Notice.actor_id == actor_id, Notice.kind.in_(spoken))
        .values(is_silenced=True)
    )


def mark_read(actor: Actor, notice: Notice) -> None:
    """The person has seen this one."""
    if notice.account_id == actor.account_id and notice.read_at is None:
        notice.read_at = clock.now()


def mark_all_read(actor: Actor) -> None:
    """The person has seen them all."""
    session.execute(
        update(Notice)
        .where(Notice.account_id == actor.account_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def set_switches(account_id: int, kind: str, *, in_portal: bool, by_mail: bool) -> None:
    """Remember how the person wants this kind. Required kinds stay as they are, whatever is stored."""
    row = {"in_portal": in_portal, "by_mail": by_mail}
    statement = upsert(Preference).values(account_id=account_id, kind=get_notice_kind(kind).name, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["account_id", "kind"], set_=row))


def stop_mails(account_id: int, kind: str) -> None:
    """No more mails of this kind; what the person sees in the portal stays as it is."""
    ways = switches_for([account_id], get_notice_kind(kind))[account_id]
    set_switches(account_id, kind, in_portal=ways.in_portal, by_mail=False)


def close_mail(message: MailMessage | None, status: MailStatus) -> None:
    """The mail is done, one way or the other: address and content are erased."""
    if message is None:
        return
    message.status, message.recipient, message.content = status, None, None
    if status is MailStatus.SENT:
        message.sent_at = clock.now()


def prune_mails() -> None:
    """Give up mails that nobody took for three days; forget rows after 14."""
    now = clock.now()
    waiting = MailMessage.status.in_([MailStatus.QUEUED, MailStatus.SENDING])
    overdue = select(MailMessage).where(waiting, MailMessage.created_at < now - DELIVER_WITHIN)
    for message in session.scalars(overdue):
        close_mail(message, MailStatus.FAILED)
    session.flush()
    session.execute(delete(MailMessage).where(MailMessage.created_at < now - KEEP_MAIL_ROWS))


def prune_notices() -> None:
    """Forget notices half a year after they were read."""
    session.execute(delete(Notice).where(Notice.read_at < clock.now() - KEEP_READ_NOTICES))


def forget_account(account_id: int) -> None:
    """The account is erased: its notices, switches and mails go, and nobody is told that it did something."""
    for model in (MailMessage, Notice, Preference):
        session.execute(delete(model).where(model.account_id == account_id))
    session.execute(update(Notice).where(Notice.actor_id == account_id).values(actor_id=None))
