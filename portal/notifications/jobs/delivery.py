"""Delivering queued mails: at least once, sign-in codes at most once, nothing that was hidden meanwhile.

The row says "sending" before the server hears of the mail and "sent" after it took it. A crash between the
two leaves it open whether it was taken: an ordinary mail is sent again under the same Message-ID (one
duplicate at most, none lost), a sign-in code is dropped (the person asks for another).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from email.message import EmailMessage

from portal.accounts.queries import mail_recipients
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.settings import current_settings
from portal.core.subjects import Subject
from portal.notifications.jobs import transport
from portal.notifications.jobs.rendering import Recipient, build_mail
from portal.notifications.models import MailMessage, MailStatus, Notice
from portal.notifications.operations import close_mail
from portal.notifications.queries import recipient_account, shown_subject, switches_for
from portal.notifications.settings import find_notice_kind

log = logging.getLogger("portal.notifications")

# Longer than any dialogue with a server, shorter than a job's lease.
SOMEBODY_IS_SENDING = timedelta(minutes=4)


class SendingElsewhere(Exception):
    """Another worker seems to be handing this mail over right now."""


def deliver(message_id: int) -> None:
    """Send one mail. Raises when it should be tried again later; the job's pauses grow up to an hour."""
    with transaction():
        prepared = _prepare(message_id)
    if prepared is None:
        return
    try:
        _hand_over(message_id, prepared)
    except transport.NotTaken as error:
        log.warning("mail_not_taken id=%s reason=%s", message_id, error)
        if _give_back(message_id, MailStatus.FAILED if error.is_final else None):
            raise
    except transport.AnswerUnknown:
        log.warning("mail_answer_unknown id=%s", message_id)
        if _give_back(message_id, None, is_unknown=True):
            raise
    else:
        with transaction():
            close_mail(session.get(MailMessage, message_id), MailStatus.SENT)


def _prepare(message_id: int) -> EmailMessage | None:
    """The mail ready to go, its row marked "sending"; None when it is done or must not go."""
    row = session.get(MailMessage, message_id)
    if row is None or row.status not in {MailStatus.QUEUED, MailStatus.SENDING}:
        return None
    now = clock.now()
    if row.status == MailStatus.SENDING:
        if row.sending_at is not None and row.sending_at > now - SOMEBODY_IS_SENDING:
            raise SendingElsewhere
        if row.at_most_once:
            close_mail(row, MailStatus.DROPPED)
            return None
    mail = _build(row) if row.expires_at is None or row.expires_at > now else None
    if mail is None:
        close_mail(row, MailStatus.DROPPED)
        return None
    row.status, row.sending_at, row.attempts = MailStatus.SENDING, now, row.attempts + 1
    return mail


def _build(row: MailMessage) -> EmailMessage | None:
    """The mail, or None when nobody should get it any more."""
    if row.notice_id is None:
        return build_mail(row, Recipient(row.recipient, row.language), None, None) if row.recipient else None
    notice = session.get(Notice, row.notice_id)
    recipient = _recipient(notice) if notice else None
    if notice is None or recipient is None:
        return None
    is_shown, subject = _subject(notice)
    return build_mail(row, recipient, notice, subject) if is_shown else None


def _recipient(notice: Notice) -> Recipient | None:
    """The account's address, unless it is gone, suspended, or does not want this kind by mail any more."""
    kind = find_notice_kind(notice.kind)
    account = recipient_account(notice.account_id)
    found = mail_recipients([notice.account_id]).get(notice.account_id)
    if kind is None or account is None or found is None or (account.is_suspended and not kind.required):
        return None
    if not switches_for([account.id], kind)[account.id].by_mail:
        return None
    return Recipient(found.email, found.language, account.public_id)


def _subject(notice: Notice) -> tuple[bool, Subject | None]:
    """(whether the mail may go, what it is about)."""
    if not notice.subject_kind:
        return True, None
    subject = shown_subject(notice)
    return subject is not None, subject


def _hand_over(message_id: int, mail: EmailMessage) -> None:
    url = current_settings().mail_url
    if url:
        transport.send(transport.MailServer.from_url(url), mail)
        return
    with transaction(write=False):
        row = session.get_one(MailMessage, message_id)
        name = f"{row.created_at:%Y%m%d-%H%M%S}-{row.public_id}"
        kind = row.kind
    path = transport.write_file(current_settings().instance / "mail", name, mail)
    log.info("mail_written kind=%s file=%s", kind, path.name)


def _give_back(message_id: int, end: MailStatus | None, *, is_unknown: bool = False) -> bool:
    """Note how it went; returns whether to try again."""
    with transaction():
        row = session.get_one(MailMessage, message_id)
        if end is None and is_unknown and row.at_most_once:
            end = MailStatus.DROPPED
        if end is not None:
            close_mail(row, end)
            return False
        row.status, row.sending_at = MailStatus.QUEUED, None
        return True
