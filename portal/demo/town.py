"""Building the demo town through the ordinary operations, in the order in which it would have happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from portal.content.queries import uploads_folder
from portal.core import clock, migrate, site_settings
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.core.site_settings import SiteSetting
from portal.demo import votes
from portal.demo.diary import Diary
from portal.demo.groups import GroupStory
from portal.demo.groups_together import plan_turns
from portal.demo.moderating import Cases
from portal.demo.people import CAME_DAYS_AGO, People, data, give_second_factor, settle
from portal.demo.processes import Occasion
from portal.demo.standing import MADE, NotADemo, is_demo, is_empty
from portal.demo.stories import Story
from portal.groups import jobs as groups
from portal.notifications.models import MailMessage, Notice, Preference
from portal.notifications.operations import tell
from portal.notifications.settings import notice_kinds
from portal.places.queries import forget_districts
from portal.processes.queries import forget_names
from portal.proposals import operations
from portal.proposals.queries import forget_overview

READ_AFTER = timedelta(days=4)
DRAFTS = (
    ("ruth", 2.0, "Ein zweiter Abfalleimer am Marktbrunnen", "Samstags läuft der einzige Eimer über."),
    ("frank", 5.0, "Mehr Zeit an der Ampel", "Die Ampel an der Brücke ist zu kurz grün."),
)


def wipe() -> None:
    """Throw the demo town away: all tables anew, and its pictures. Raises NotADemo for anything else."""
    with transaction(write=False):
        if not (is_demo() or is_empty()):
            raise NotADemo("This portal holds data that is no demo town. Use another PORTAL_INSTANCE.")
        folder = uploads_folder()
    session.remove()
    migrate.downgrade("base")
    migrate.upgrade()
    shutil.rmtree(folder, ignore_errors=True)
    site_settings.forget()
    forget_districts()
    forget_overview()
    forget_names()


def build(progress: Callable[[int], object] = lambda steps: None) -> int:
    """Build the town in one transaction, all or nothing; returns the number of steps that were lived."""
    with transaction():
        today = clock.now()
        with clock.pretend(today - timedelta(days=CAME_DAYS_AGO)):
            people = settle()
            _no_mails_about_the_past(people)
        diary = Diary(today)
        _plan(people, diary)
        diary.live(progress)
        votes.open_one(people)
        for facts in data("people.json")["staff"]:
            give_second_factor(people.accounts[facts["key"]])
        _do_what_is_due()
        _tell_the_rest()
        _let_the_past_rest()
        row = {"value": today.isoformat()}
        session.add(SiteSetting(key=MADE, value=row, changed_at=today))
    forget_overview()
    forget_names()
    return len(diary)


def _plan(people: People, diary: Diary) -> None:
    occasions = [Occasion(facts, people, diary) for facts in data("processes.json")]
    for occasion in occasions:
        occasion.plan()
    proposed_for = {key: occasion for occasion in occasions for key in occasion.facts["proposals"]}
    stories = {
        facts["key"]: Story(facts, people, diary, proposed_for.get(facts["key"]))
        for facts in data("proposals.json")
    }
    for story in stories.values():
        story.plan()
    Cases(people, diary, stories).plan()
    told = {facts["key"]: GroupStory(facts, people, diary) for facts in data("groups.json")}
    for group in told.values():
        group.plan()
    plan_turns(told, people, diary)
    for key, days_ago, title, what in DRAFTS:
        diary.note(days_ago, lambda key=key, title=title, what=what: _draft(people, key, title, what))  # type: ignore[misc]


def _draft(people: People, key: str, title: str, what: str) -> None:
    actor = people.actor(key)
    draft = operations.start_draft(actor, title=title)
    operations.save_text(draft, actor=actor, field="what", source=what)


def _no_mails_about_the_past(people: People) -> None:
    """Everybody is told in the portal only, until the past is told (then these switches go again)."""
    rows = [
        {"account_id": account.id, "kind": kind.name, "in_portal": True, "by_mail": False}
        for account in people.accounts.values()
        for kind in notice_kinds()
    ]
    session.execute(insert(Preference), rows)


def _do_what_is_due() -> None:
    """Groups hear today's reminders before the town opens: its first minute brings no heap of mails."""
    for tick in (groups.tick, groups.meetings, groups.decisions, groups.accompaniment):
        tick()


def _tell_the_rest() -> None:
    """Many recipients are told by jobs; here they are done at once, at the instant they were written."""
    waiting = select(Job).where(Job.kind == "notifications.tell", Job.done_at.is_(None)).order_by(Job.id)
    for job in session.scalars(waiting).all():
        with clock.pretend(job.created_at):
            tell(job.payload["ids"], job.payload["told"])


def _let_the_past_rest() -> None:
    """No mails about the past, nothing left to be done; what people were told long ago, they have read."""
    session.execute(delete(MailMessage))
    session.execute(delete(Preference))
    session.execute(delete(Job).where(Job.done_at.is_(None)))
    long_ago = clock.now() - READ_AFTER
    session.execute(
        update(Notice)
        .where(Notice.updated_at < long_ago)
        .values(read_at=Notice.updated_at)
        .execution_options(synchronize_session=False)
    )
