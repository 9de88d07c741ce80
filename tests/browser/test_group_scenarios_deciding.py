"""How groups decide, walked from end to end on phones.

Resistance in two rounds, a secret ballot that is short of answers, and consent with an objection. Each step
is done on a page, as people would.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import db, session, transaction
from portal.groups import jobs
from portal.groups.models import GroupDecision, Privacy
from tests.groups.deciding import say
from tests.support.browser import Visit, walked
from tests.support.factories_groups import group_pid, make_group, settled
from tests.support.people import deliver
from tests.support.phone import Phone, phones
from tests.support.whole import WHOLE

pytestmark = pytest.mark.browser
Rules = Callable[[Phone], None]
LEAST = "It meets the least resistance: %(percent)s percent acceptance (average resistance %(mean)s of 10)."
TOO_LATE = (
    "You were not in the group when this began, so you cannot answer here. "
    "You can take part in the next decision."
)
OBJECTED = (
    "There is a serious objection. Whoever leads this writes a new text that takes it up; then only this "
    "text is asked. Whoever objected can also take the objection back."
)


def asked(phone: Phone, base: str, method: str, title: str, *, options: str = "", rules: Rules) -> str:
    """Write it, set the rules, look it over, ask; where the decision stands."""
    phone.open(f"{base}/decisions")
    phone.press("Decide something")
    phone.main.locator(f"a[href$='/new/{method}']").last.click()
    phone.fill(title=title)
    if options:
        phone.fill(options=options)
    phone.press("Go on")
    rules(phone)
    phone.press("Go on")
    day = clock.today() + timedelta(days=7)
    phone.fill(closes_on=str(day))
    phone.press("Ask the group")
    phone.sees("The members are asked now.")
    return phone.path


def no_rules(phone: Phone) -> None:
    """As they are suggested."""


def answered(phone: Phone, decision: str, *labels: str, reason: str = "", again: bool = True) -> None:
    """Tick, look it over, send. `labels`: the ids of what is tapped."""
    phone.open(f"{decision}/answer")
    for label in labels:
        phone.main.locator(f"label[for='{label}']").click()
    if reason:
        phone.fill(reason=reason)
    phone.press("Check and send")
    phone.press("Send it", again=again)


def points(*given: int) -> list[str]:
    """The labels of these numbers, one per suggestion."""
    return [f"p-{box}-{value}" for box, value in enumerate(given, 1)]


def said(group_id: int, person: Actor, *given: int) -> None:
    """The same without a page."""
    with transaction(write=False):
        decision_id = session.query(GroupDecision).one().id
    say(group_id, decision_id, person, {"points": {str(box): value for box, value in enumerate(given, 1)}})


def at(days: float) -> time_machine.travel:
    """So many days later; what happens by itself has happened."""
    return time_machine.travel(clock.now() + timedelta(days=days), tick=True)


def by_itself() -> None:
    """What the clock does."""
    with transaction():
        jobs.decisions()
    deliver()


# 22 points of 12 people are a mean of 1.83: 82 percent acceptance. "Blau" gets 8 or more from three.
FIRST = [(2, 8, 5), (1, 8, 5), (4, 9, 6)]
SECOND = [
    *FIRST,
    (0, 3, 6),
    (1, 2, 7),
    (2, 3, 6),
    (3, 1, 5),
    (2, 2, 6),
    (1, 3, 7),
    (3, 3, 5),
    (2, 2, 6),
    (1, 4, 8),
]


@walked("de-scripts")
def test_twelve_find_what_meets_the_least_resistance(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    """Scenario 4: "everything stays" is there by itself; a suggestion on the second day begins a new round.

    The numbers are kept as drafts, the lowest mean wins, the page says why and how many gave 8 or more, and
    when it is looked at again. By day only four people answer on pages, with WHOLE=1 all twelve.
    (82 percent and three times 8 for one suggestion cannot be: 24 of 12 are 2.)
    """
    hand = phones(app, visit, language, javascript=javascript)
    group_id, people = make_group(12, privacy=Privacy.CLOSED)
    base, voters = f"groups/{group_pid(group_id)}", [hand(person) for person in people[:3]]
    lead = voters[0]
    decision = asked(lead, base, "resistance", "Wie wird der Zaun?", options="Grün\nBlau", rules=no_rules)
    lead.sees("Everything stays as it is")
    kept_without_sending(voters[0], decision)
    for phone, given in zip(voters, FIRST, strict=True):
        answered(phone, decision, *points(*given))
    with at(1):
        late = hand(people[11])
        late.open(decision)
        late.fill(text="Ohne Zaun")
        late.press("Add")
    with at(1.1):
        for number, (person, given) in enumerate(zip(people, SECOND, strict=True)):
            if number < len(FIRST):
                answered(hand(person), decision, f"p-4-{number + 5}", again=not number)
            elif WHOLE or person is people[11]:
                answered(hand(person), decision, *points(*given, 9), again=False)
            else:
                said(group_id, person, *given, 9)
        other = hand(people[1])
        other.open(decision)
        assert other.main.locator("#result-title").count() == 0
    with at(9):
        by_itself()
        lead = hand(people[0])
        lead.open(decision)
        expect(lead.main.locator("#result-title")).to_contain_text("Grün")
        lead.sees(LEAST, percent=82, mean=lead.number(1.83))
        blue = lead.main.locator("tbody tr", has_text="Blau")
        expect(blue.locator("td").last).to_contain_text("3")
        lead.press("Say who does what")
        lead.fill(statement="Wir streichen am Samstag.", who="Nadel 3")
        lead.fill(review_on=str(clock.today() + timedelta(days=90)))
        lead.press("Save")
        lead.reads(lead.day(clock.today() + timedelta(days=90)))


def kept_without_sending(phone: Phone, decision: str) -> None:
    """What is tapped is kept with scripts by itself, else with a button; what is missing is said."""
    phone.open(f"{decision}/answer")
    phone.main.locator("label[for='p-1-7']").click()
    if not phone.javascript:
        phone.press("Only keep it for now")
    expect(phone.main.locator("#standing")).to_contain_text(phone.say("Kept, but not sent yet."))
    phone.press("Check and send", again=False)
    expect(phone.main.locator("#errors")).to_be_visible()


def rows_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table about decisions, as somebody finds it who took the file."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as taken:
        names = [row[0] for row in taken.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: list(taken.execute(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608


@walked("ar-plain")
def test_nine_vote_in_secret(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    """Scenario 5: who comes later cannot vote, four of nine are too few and it runs on once, five are enough.

    The file says who may not vote twice and nothing of what they said; a second answer is refused; before the
    end nobody sees how it stands.
    """
    hand = phones(app, visit, language, javascript=javascript)
    group_id, people = make_group(9, privacy=Privacy.CLOSED)
    base, voters = f"groups/{group_pid(group_id)}", [hand(person) for person in people]
    lead = voters[0]

    def rules(phone: Phone) -> None:
        phone.main.locator("#secret").check()
        phone.main.locator("details > summary").click()
        phone.choose("quorum_kind", "percent")
        phone.fill(quorum="50")

    decision = asked(lead, base, "majority", "Kaufen wir den Ofen?", rules=rules)
    newcomer = taken_in(hand, lead, base)
    newcomer.open(decision)
    newcomer.sees(TOO_LATE)
    newcomer.open(f"{decision}/answer")
    assert newcomer.path == decision
    for phone, word in zip(voters, ("yes", "no", "yes", "yes"), strict=False):
        answered(phone, decision, f"a-{word}")
    lead.open(f"{decision}/answer")
    assert lead.path == decision
    lead.sees("A secret answer cannot be changed: nobody can find it again.")
    assert lead.main.locator("#result-title").count() == 0
    file = Path(str(db.engine.url.database))
    with at(8):
        by_itself()
        phone = hand(people[4])
        phone.open(decision)
        phone.sees("extended once")
        before = rows_of(file)
        answered(phone, decision, "a-yes")
        after = rows_of(file)
        assert phone.main.locator("#result-title").count() == 0
    nothing_links(before, after)
    with at(16):
        by_itself()
        for person in (people[8], people[0]):
            phone = hand(person)
            phone.open(decision)
            phone.sees("Adopted")
            phone.reads_not("Nadel 4")


def taken_in(hand: Callable[[Actor], Phone], member: Phone, base: str) -> Phone:
    """Somebody comes into the group with three words on paper."""
    member.open(f"{base}/invitations")
    member.fill(slips="1")
    member.press("Make the sheet", again=False)
    words = member.page.locator(".code").first.inner_text()
    phone = hand(settled())
    phone.open("groups/code")
    phone.fill(code=words)
    phone.press("Go on")
    phone.fill(alias="Neuling")
    phone.press("Come in")
    return phone


Rows = dict[str, list[tuple[object, ...]]]


def nothing_links(before: Rows, after: Rows) -> None:
    """One more person has voted: one row says that she has, one counter is one higher, and nothing is new."""
    new = {
        name: [row for row in after[name] if row not in before[name]]
        for name in after
        if after[name] != before[name]
    }
    assert set(new) == {"group_elector", "group_secret_tally"}
    assert [len(rows) for rows in new.values()] == [1, 1]
    assert [len(after[name]) for name in new] == [len(before[name]) for name in new]
    assert after["group_ballot"] == []


def objected(phone: Phone, decision: str, why: str) -> None:
    """An objection needs a reason."""
    phone.open(f"{decision}/answer")
    phone.main.locator("label[for='a-objection']").click()
    phone.press("Check and send", again=False)
    expect(phone.main.locator("#errors")).to_be_visible()
    phone.fill(reason=why)
    phone.press("Check and send")
    phone.press("Send it")


def carried(lead: Phone, other: Phone, decision: str, base: str) -> None:
    """Who does what by when is written down, and when it is looked at again; the others read it."""
    lead.press("Say who does what")
    due, review = (clock.today() + timedelta(days=days) for days in (10, 90))
    lead.fill(statement="Wir schließen auf.", who="Nadel 2", due_on=str(due), review_on=str(review))
    lead.press("Save")
    other.open(f"{base}/history")
    other.sees("A decision went into its next round")
    expect(other.line("Members said who does what by when")).to_have_count(1)
    other.open(decision)
    for words in ("Wir schließen auf.", "Nadel 2", lead.day(due), lead.day(review)):
        other.reads(words)


@walked("de-plain")
def test_one_objection_makes_a_better_text(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    """Scenario 6: an objection stops it, the next text takes it up, only this text is asked.

    The objector lets it pass in the end; who does what by when is written down, and on its day all are asked
    whether it still holds.
    """
    hand = phones(app, visit, language, javascript=javascript)
    group_id, people = make_group(4, privacy=Privacy.CLOSED)
    base, voters = f"groups/{group_pid(group_id)}", [hand(person) for person in people]
    lead, objector = voters[0], voters[3]
    decision = asked(lead, base, "consent", "Wir öffnen jeden Sonntag.", rules=no_rules)
    for phone in voters[:3]:
        answered(phone, decision, "a-consent")
    objected(objector, decision, "Im August ist niemand da.")
    lead.open(decision)
    lead.press("Everybody has answered: count now")
    lead.sees(OBJECTED)
    lead.press("Write the next version")
    lead.reads("Im August ist niemand da.")
    lead.fill(title="Wir öffnen jeden Sonntag außer im August.")
    lead.press("Ask about the new text")
    for phone in voters:
        phone.open(f"{decision}/answer")
        phone.reads("außer im August")
        assert phone.main.locator("input:checked").count() == 0
    for phone in voters[:3]:
        answered(phone, decision, "a-consent")
    answered(objector, decision, "a-objection", reason="Auch im Juli.")
    lead.open(decision)
    lead.press("Everybody has answered: count now")
    objector.open(decision)
    objector.press("Take my objection back")
    objector.sees("Nobody objects any more. It is adopted as it stands.")
    lead.open(decision)
    carried(lead, voters[2], decision, base)
    with at(90):
        by_itself()
        phone = hand(people[1])
        phone.open("notices")
        phone.open(decision)
        phone.press("Does it still hold?")
        phone.choose("answer", "confirmed")
        phone.press("Save")
        phone.sees("You looked at it again: it still holds.")
