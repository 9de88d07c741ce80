"""Mails about groups: every line has words, a discreet group's mail says nothing, links lead back here."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef, resolve
from portal.groups.models import Privacy
from portal.groups.operations.news import NEUTRAL, NEWS
from portal.groups.operations.reaching import answer_link, deliver_neutral, tell_members
from portal.notifications.jobs.rendering import Recipient, build_mail
from portal.notifications.models import MailMessage, Notice
from tests.support.factories_groups import NAME, get_group, make_group, member_of


def mails() -> list[tuple[str, str]]:
    """(subject, text and HTML) of every mail that waits."""
    found = []
    for message in session.scalars(select(MailMessage).order_by(MailMessage.id)):
        notice = session.get_one(Notice, message.notice_id)
        subject = resolve(SubjectRef(notice.subject_kind, notice.subject_id)) if notice.subject_kind else None
        made = build_mail(message, Recipient("a@example.org", "en", "abcdefgh"), notice, subject)
        parts = [part.get_content() for part in made.walk() if part.get_content_maintype() == "text"]
        found.append((str(made["Subject"]), "\n".join(parts)))
    return found


@pytest.mark.parametrize("what", sorted(NEWS))
def test_every_line_is_a_mail(app: Flask, what: str) -> None:
    group_id, people = make_group(3)
    with transaction():
        session.query(MailMessage).delete()
        group = get_group(group_id)
        tell_members(group, "groups.life", what, to=[member_of(group_id, people[1]).id])
        ((subject, words),) = mails()
    assert NAME in subject
    assert NAME in words
    assert "/groups/" in words


def test_the_question_whether_it_goes_on_brings_its_own_link(app: Flask) -> None:
    group_id, people = make_group(3)
    with transaction():
        session.query(MailMessage).delete()
        group = get_group(group_id)
        tell_members(
            group, "groups.life", "check_in", to=[member_of(group_id, people[1]).id], context=answer_link
        )
        ((_subject, words),) = mails()
    assert "/groups/answer/" in words


def test_a_neutral_mail_says_nothing(app: Flask) -> None:
    _group_id, people = make_group(3, privacy=Privacy.DISCREET)
    with transaction():
        session.query(MailMessage).delete()
        deliver_neutral(people[1].account_id or 0, None)
        assert session.scalars(select(Notice.kind)).all() == [NEUTRAL]
        ((subject, words),) = mails()
    assert subject == "New in the portal"
    assert "group" not in words.lower()
    assert NAME not in words
