"""Mails in every language without private words, own data, and an account's end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import content
from portal.accounts.events import AccountErased
from portal.accounts.models import Account
from portal.accounts.operations.own_data import export_of
from portal.core import clock, jobs
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.i18n import LANGUAGES, use_language
from portal.core.settings import current_settings
from portal.core.subjects import SubjectRef, resolve_many
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment
from portal.moderation.models import Decision, Measure, Outcome, Report
from portal.moderation.settings import CATEGORY_LABELS, MEASURE_LABELS, RULES, SCOPES
from portal.notifications.settings import notice_kinds
from tests.moderation.people import actor_in, answer, decide, make_town, object_to, report, settled
from tests.support.factories import make_resident
from tests.support.leaflets import Wall
from tests.support.mail import body, mail_files

SECRETS = ("Idioten", "Mehr Bänke", "kanarienvogel", "setzen Menschen herab", "Das war ein Zitat")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_mails_go_out_in_the_readers_language_without_private_words(wall_sqlite: Wall, language: str) -> None:
    town = make_town(wall_sqlite)
    author = make_resident(language=language, created_at=clock.now() - timedelta(days=30))
    leaflet = wall_sqlite.pin(author_id=author.id, district_id=1)
    reporter = settled(language=language)
    report(leaflet, reporter, words="kanarienvogel")
    report(leaflet, None, "danger", email="anna@example.org", words="kanarienvogel")  # type: ignore[arg-type]
    appeal = object_to(decide(leaflet, town.moderator, Measure.HIDE), author)
    answer(appeal, town.colleague, Outcome.UPHELD)
    while jobs.run_due(50):
        pass
    mails = mail_files(current_settings().instance)
    about = sorted((str(mail["To"]), str(mail["Subject"])) for mail in mails)
    readers = [address for address, _ in about]
    assert readers.count(author.email) == 2
    assert readers.count(reporter.email) == 1
    assert readers.count("anna@example.org") == 1
    assert readers.count(town.moderator.email) == readers.count(town.colleague.email) == 1
    for mail in mails:
        text = body(mail) + str(mail.get_body(("html",)))
        assert [
            secret for secret in (*SECRETS, town.moderator.display_name) if secret in text + str(mail)
        ] == []
        assert "%(" not in text
    links = [body(mail) for mail in mails if mail["To"] == author.email]
    assert all(f"/{language}/decisions/" in text for text in links)


def test_every_word_of_moderation_fits_every_language() -> None:
    for slug in LANGUAGES:
        with use_language(slug):
            lists = (
                CATEGORY_LABELS.values(),
                MEASURE_LABELS.values(),
                SCOPES.values(),
                [one.sentence for one in RULES],
            )
            assert all(str(word).strip() for words in lists for word in words)
            assert len({str(one.sentence) for one in RULES}) == len(RULES)
            for kind in notice_kinds():
                if kind.name.startswith("moderation."):
                    assert kind.line({"title": "x", "count": 1})


def test_own_data_holds_comments_reports_and_decisions(wall: Wall) -> None:
    town = make_town(wall)
    with transaction():
        thread = session.get_one(Thread, town.leaflet.thread_id)
        add_comment(thread, actor=actor_in(town.author), body="Mein Beitrag", stance="for")
    other = wall.pin(district_id=1)
    report(other, town.author, words="Meine Meldung")
    report(town.leaflet, settled(), words="kanarienvogel")
    object_to(decide(town.leaflet, town.moderator, Measure.HIDE), town.author, "Mein Widerspruch")
    with transaction(write=False):
        found = export_of(session.get_one(Account, town.author.id))
    assert [(one["text"], one["mark"]) for one in found["comments"]] == [("Mein Beitrag", "for")]
    assert [one["words"] for one in found["reports"]] == ["Meine Meldung"]
    (decision,) = found["moderation_decisions"]
    assert (decision["passage"], decision["objection"]) == ("ihr Idioten", "Mein Widerspruch")
    assert "kanarienvogel" not in repr(found)
    assert town.moderator.display_name not in repr(found)


@pytest.mark.parametrize("keep", [True, False])
def test_the_end_of_an_account_reaches_comments_and_reports(wall: Wall, keep: bool) -> None:
    town = make_town(wall)
    with transaction():
        thread = session.get_one(Thread, town.leaflet.thread_id)
        add_comment(thread, actor=actor_in(town.author), body="Mein Beitrag")
    report(wall.pin(), town.author)
    with transaction():
        emit(AccountErased(town.author.id, keep_proposals=keep, keep_comments=keep, keep_support=keep))
    with transaction(write=False):
        comment, left = session.scalars(select(Comment)).one(), session.scalars(select(Report)).one()
        assert (comment.author_id, comment.body_md) == (None, "Mein Beitrag" if keep else "")
        assert left.reporter_id is None


def test_subjects_of_notices_are_loaded_in_one_go(app: Flask, wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    for _ in range(3):
        leaflet = wall_sqlite.pin(author_id=town.author.id, district_id=1)
        report(leaflet)
        object_to(decide(leaflet, town.moderator, Measure.HIDE), town.author)
    with transaction(write=False):
        ids = list(session.scalars(select(Decision.id)))
        refs = [SubjectRef(kind, one) for kind in ("decision", "case", "report", "appeal") for one in ids]
        found = resolve_many(refs)
        assert len(found) == 12
        with app.test_request_context():
            assert all(one.title and one.endpoint for one in found.values())


def test_the_rules_are_those_of_the_page_of_conduct() -> None:
    page = (Path(content.__file__).parent / "texts/conduct.en.md").read_text(encoding="utf-8")
    numbered = re.findall(r"^(\d+)\. (.+)$", page, re.MULTILINE)
    with use_language("en"):
        assert numbered == [(str(one.number), str(one.sentence)) for one in RULES]
