"""What the neighbourhood promises its groups, walked from end to end on phones.

From a wish to a group; a group nobody may find; a group whose last contact person leaves. Each step is
done on a page, as people would.
"""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import transaction
from portal.groups import jobs
from portal.groups.models import Privacy
from tests.support.browser import Visit, walked
from tests.support.factories import make_staff
from tests.support.factories_groups import AIM, ALIAS, WAY, group_pid, make_group, settled
from tests.support.people import deliver
from tests.support.phone import Phone, phones

pytestmark = pytest.mark.browser
KITCHEN = "مطبخ الجيران"


def wished(first: Phone, amira: Phone, third: Phone) -> str:
    """Three people say "me too" to an idea; where it stands."""
    first.open("groups/ideas")
    first.press("I have an idea")
    first.fill(title="Zusammen kochen", text="Sonntags, mit Kindern.")
    first.press("Put it there")
    amira.open("groups")
    amira.press("Ideas")
    amira.press_named("Zusammen kochen")
    amira.press("Me too")
    idea = first.path
    third.open(idea)
    third.press("Me too")
    return idea


def begun(amira: Phone, idea: str) -> str:
    """The circle is opened and its list filled in; where the group stands."""
    amira.open(idea)
    amira.press("Begin a group")
    amira.choose("kind", "initiative")
    amira.choose("privacy", "closed")
    amira.press("Go on")
    amira.fill(name=KITCHEN, aim="نطبخ معًا كل أحد", alias="أميرة")
    amira.press("Open the founding circle")
    group = amira.path.removesuffix("/founding")
    amira.press("What we want to reach, and for whom")
    amira.fill(goal="لا أحد يأكل وحده يوم الأحد", for_whom="للجميع في حينا")
    amira.press("Save and go on")
    amira.fill(what_we_do="نطبخ معًا")
    amira.press("Save and stop here")
    amira.press("How people reach us")
    amira.fill(contact_way="الأحد الساعة الرابعة في بيت الجيران")
    amira.press("Save")
    amira.press("Where and when we meet, and when first")
    day = clock.today() + timedelta(days=6)
    amira.fill(place="بيت الجيران", time="كل أحد", first_on=str(day), starts="16:00")
    amira.press("Save")
    return group


def agreed(phone: Phone, idea: str, alias: str) -> None:
    """Somebody who said "me too" comes in, reads what is written, and agrees."""
    phone.open(idea)
    phone.press("Join the founding circle")
    phone.fill(alias=alias)
    phone.press("Join")
    phone.press("To the list")
    phone.press("Read the whole text")
    phone.reads("لا أحد يأكل وحده يوم الأحد")
    phone.press("I have read it and agree")


def accompanied(amira: Phone, worker: Phone, group: str, whom: str) -> None:
    """Four months with a goal and three meetings; both sides agree."""
    amira.open(f"{group}/founding")
    amira.press("Somebody stands by us for some months")
    amira.press("Ask for accompaniment")
    amira.main.locator("#companion").select_option(whom)
    amira.main.locator("#months").select_option("4")
    amira.fill(goal="غرفة لنا، وأن يعرفنا الناس", meetings="3")
    amira.choose("scope", "room")
    amira.press("Ask")
    amira.reads("غرفة لنا، وأن يعرفنا الناس")
    expect(amira.main.locator("article")).to_have_count(1)
    worker.open("groups/accompaniments")
    worker.press_named(KITCHEN)
    worker.press("I agree")
    worker.reads("3")


@walked("ar-plain")
def test_from_a_wish_to_a_group_that_nobody_approved(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    """Scenario 1: three "me too", a checklist, help for four months, a charter, and a group.

    Amira has no e-mail, and no professional had to say yes. Two weeks before the help ends both are asked.
    """
    hand = phones(app, visit, language, javascript=javascript)
    neighbour, third = settled(), settled()
    account, worker = settled(email=None, language="ar"), make_staff(StaffRole.PROFESSIONAL)
    first, amira, other, office = hand(neighbour), hand(account), hand(third), hand(worker)
    idea = wished(first, amira, other)
    group = begun(amira, idea)
    agreed(first, idea, "Nadel")
    accompanied(amira, office, group, worker.public_id)
    amira.open(f"{group}/founding")
    assert amira.named("Yes, we are a group now").count() == 0
    agreed(other, idea, "Faden")
    amira.open(f"{group}/founding")
    amira.press("Yes, we are a group now")
    amira.sees("From now on you are a group. Good luck!")
    amira.reads("بيت الجيران")
    hand(None).open(group)
    ends = clock.today() + timedelta(days=122)
    for days, asked in ((107, False), (108, True)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
            with transaction():
                jobs.accompaniment()
            deliver()
            if asked:
                for person in (account, worker):
                    phone = hand(person)
                    phone.open("notices")
                    words = "In two weeks the accompaniment of “%(title)s” ends. What comes next?"
                    phone.sees(words, title=KITCHEN)
                    phone.open("groups/mine" if person is account else "groups/accompaniments")
                    phone.press_named(KITCHEN)
                    phone.reads(phone.day(ends))
                phone = hand(account)
                phone.open(group)
                phone.press("Look at it")
                phone.press("Agree on more time")
                expect(phone.main.locator("#companion")).to_have_value(worker.public_id)


@walked("de-plain")
def test_the_last_contact_person_leaves_at_ten_in_the_evening(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    """Scenario 3: out at once; two take in somebody who waits; a third says "I will do it".

    She holds it after a week without objection; all of it stands in the history, without names.
    """
    hand = phones(app, visit, language, javascript=javascript)
    group_id, people = make_group(4, privacy=Privacy.CLOSED)
    base, guest = f"groups/{group_pid(group_id)}", settled()
    with time_machine.travel(clock.at_local(clock.today(), time(22)), tick=True):
        asking = hand(guest)
        asking.open(base)
        asking.press("Join")
        asking.fill(alias="Faden")
        asking.press("Ask to join")
        asking.sees("You have asked. The group will answer.")
        leaving = hand(people[0])
        leaving.open(f"{base}/members")
        leaving.press("Leave the group")
        leaving.press("Leave now")
        second, third, claims = (hand(one) for one in people[1:])
        second.open(base)
        second.sees("Nobody holds a role this group needs. Until then two members together can act.")
        second.press("Read and answer")
        second.press("Take in together with another member")
        second.sees("A second member has to confirm it.")
        third.open("notices")
        third.open(f"{base}/together")
        third.press("Yes, I want it too")
        asking.open(base)
        asking.press("Members")
        claims.open(f"{base}/roles")
        claims.press("I will do it")
        second.open(f"{base}/roles")
        assert second.named("I object").count() == 1
    for days, holds in ((6, False), (7, True)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
            with transaction():
                jobs.tick()
            now = hand(people[3])
            now.open(f"{base}/roles")
            assert (now.named("I would rather not").count() == 0) is holds
            now.open(f"{base}/history")
            assert (now.line("Somebody holds a role: %(role)s", role="").count() == 2) is holds
    now.sees("Nobody holds an important role: two members together can act")
    now.reads_not(ALIAS)


HIDDEN = ("Stiller Kreis", AIM, ALIAS, WAY, "Hinterhaus", "Atemübung", "Wir schaffen das", "Wir reden")
PUBLIC = (
    *("", "groups", "groups?q=Stiller", "groups/ideas", "search?q=Stiller+Kreis", "search?q=Atem", "team"),
    *("votes", "proposals", "processes", "what-became-of-it", "districts", "organizations", "open-data"),
    *("open-data/proposals.csv", "open-data/proposals.json", "proposals.atom", "proposals/map", "receipts"),
)
FILES = ("sitemap.xml", "sitemaps/pages.xml", "robots.txt", "healthz", "readyz", "manifest.webmanifest")
OWN = (
    *("notices", "account", "account/log", "account/sessions", "account/proposals", "account/notifications"),
    *("groups/mine", "groups/dates", "groups/talks", "groups/letters", "groups/decisions/missing"),
    *("groups/accompaniments", "account/export"),
)
OFFICE = ("moderation", "moderation/figures", "staff/log", "staff/operation", "staff/data", "staff/people")
INSIDE = (
    *("", "/meetings", "/board", "/decisions", "/members", "/about", "/history", "/charter", "/dates.ics"),
    *("/calendar", "/minutes", "/files", "/export", "/join", "/accompaniment", "/looked", "/requests"),
)


def filled(phone: Phone, base: str) -> None:
    """A group meets on Tuesdays and writes."""
    day = clock.today() + timedelta(days=(1 - clock.today().weekday()) % 7 + 7)
    phone.open(f"{base}/meetings")
    phone.press("Plan a meeting")
    phone.fill(day=str(day), starts="18:00", place="Hinterhaus")
    phone.choose("repeats", "weekly")
    phone.main.locator("summary").click()
    phone.fill(title="Atemübung")
    phone.press("Put it into the calendar")
    phone.open(f"{base}/board/new")
    phone.fill(title="Wir schaffen das", text="Wir reden am Dienstag.")
    phone.press("Put it on the board")


@walked("ar-scripts")
def test_nobody_outside_learns_of_a_discreet_group(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    """Scenario 2: a self-help group that meets on Tuesdays.

    A neighbour, another professional, an administrator and a crawler open and search everything: no name,
    alias, title, place or time; its own addresses are answered like addresses that never were.
    """
    hand = phones(app, visit, language, javascript=javascript)
    group_id, people = make_group(4, privacy=Privacy.DISCREET, name=HIDDEN[0])
    base = f"groups/{group_pid(group_id)}"
    member = hand(people[1])
    filled(member, base)
    deliver()
    never = f"groups/{'x' * 12}"
    staff = [make_staff(one) for one in (StaffRole.PROFESSIONAL, StaffRole.ADMINISTRATOR)]
    for person in (settled(), *staff, None):
        phone = hand(person)
        phone.open("groups")
        phone.main.get_by_role("searchbox").fill(HIDDEN[0])
        phone.main.get_by_role("searchbox").press("Enter")
        phone.look()
        more = OWN if person else ()
        office = OFFICE if person in staff else ()
        for path in (*PUBLIC, *more, *office):
            phone.finds_nothing_of(path, HIDDEN, base)
        for path in FILES:
            phone.finds_nothing_of(f"/{path}", HIDDEN, base)
        for path in INSIDE:
            there = phone.read(f"{base}{path}", without=base.removeprefix("groups/"))
            assert there == phone.read(f"{never}{path}", without="x" * 12), path
    member.open(f"{base}/meetings")
    member.reads("Hinterhaus")
    assert HIDDEN[0] not in member.page.title()
