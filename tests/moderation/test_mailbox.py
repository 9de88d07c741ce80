"""The shared mailbox of the moderators hears that something waits, and nothing about whom or what."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from portal.core.db import transaction
from portal.core.mailsafe import BadAddress
from portal.core.site_settings import change, forget
from portal.moderation.models import Category, Measure
from portal.moderation.operations import remind_overdue
from tests.moderation.people import Town, case_of, decide, object_to, report, settled
from tests.support.factories import actor_of, make_staff
from tests.support.mail import body, mail_files
from tests.support.people import deliver

LINES = (
    "Nord:  nord@rathaus.example \nalle@rathaus.example\nSüd: sued@rathaus.example\n*: alle@rathaus.example"
)


def use(lines: str) -> None:
    administrator = actor_of(make_staff("administrator"))
    with transaction():
        change("moderation.mailbox", lines, actor=administrator)
    forget()


def mails(app: Flask) -> list[EmailMessage]:
    deliver()
    shared = [one for one in mail_files(Path(app.instance_path)) if "@rathaus.example" in one["To"]]
    return sorted(shared, key=lambda one: str(one["To"]))


def test_what_it_is_told_is_not_private(app: Flask, town: Town) -> None:
    """Urgent ones at once, the rest of a quarter of an hour in one mail, each waiting too long once."""
    reporter = settled()
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        report(town.leaflet, category=Category.DANGER)
        assert mails(app) == []  # nobody has written down a mailbox
        use(LINES)
        report(town.leaflet, reporter, Category.DANGER, words="Sie heißt Kanarienvogel", email="w@x.example")
        first = mails(app)
        assert [one["To"] for one in first] == ["alle@rathaus.example", "nord@rathaus.example"]
        for _ in range(3):
            report(town.leaflet, settled(), Category.SPAM)
        assert len(mails(app)) == 2
        travel.shift(timedelta(minutes=16))
        third = mails(app)
        assert len(third) == 4
        travel.shift(timedelta(hours=2))
        for _ in range(2):
            with transaction():
                remind_overdue()
        everything = mails(app)
        assert len(everything) == 6
        with transaction(write=False):
            case_id = case_of(town.leaflet).public_id
    private = ["Kanarienvogel", "w@x.example", town.leaflet.title, case_id, "unsubscribe"]
    private += [words for one in (reporter, town.author) for words in (one.display_name, one.public_id)]
    subjects = {one["Subject"] for one in everything}
    assert len(subjects) == 3
    for mail in everything:
        whole = body(mail) + body(mail, "html") + str(mail["Subject"])
        assert not [word for word in private if word in whole]
        assert any(line.endswith("/de/moderation") for line in body(mail).splitlines())


def test_the_next_one_is_told_too(app: Flask, town: Town) -> None:
    """Hours and days after the first: nothing of the first stands in its way."""
    use("*: alle@rathaus.example")
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        for number, pause in enumerate((0, 16, 60 * 24), start=1):
            travel.shift(timedelta(minutes=pause))
            report(town.leaflet, settled(), Category.SPAM)
            travel.shift(timedelta(minutes=16))
            assert len(mails(app)) == number


def test_objections_reach_it(app: Flask, town: Town) -> None:
    report(town.leaflet)
    decision = decide(town.leaflet, town.moderator, Measure.HIDE)
    use("Nord: nord@rathaus.example")
    with time_machine.travel(timedelta(0), tick=False) as travel:
        object_to(decision, town.author)
        travel.shift(timedelta(minutes=16))
        assert [one["To"] for one in mails(app)] == ["nord@rathaus.example"]


@pytest.mark.parametrize("lines", ["moderation", "Nord: a@b.example, c@d.example", "Nord a@b.example", "*:"])
def test_a_slip_is_said_at_once(town: Town, lines: str) -> None:
    with pytest.raises(BadAddress) as refused:
        use(lines)
    assert refused.value.field == "moderation.mailbox"
