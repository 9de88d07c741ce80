"""The way to a group nobody can see: letters to contact people, in which neither side is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupLetter, GroupLetterText, JoinWay, Preset, Privacy, Topic
from portal.groups.operations import joining, leaving, letters
from tests.groups.conftest import Browse
from tests.groups.test_pages import without_token
from tests.proposals.helpers import post
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import NAME, get_group, group_pid, make_group, settled

LETTER = {"topic": "grief", "name": "Rosa", "text": "Ich suche Menschen, die das kennen.", "key": "k"}


def hidden_group(topic: Topic = Topic.GRIEF) -> tuple[int, list]:  # type: ignore[type-arg]
    group_id, people = make_group(privacy=Privacy.DISCREET)
    with transaction():
        letters.take_letters(get_group(group_id), actor=people[0], topic=topic)
    return group_id, people


def send(browser: FlaskClient, **changed: str) -> str:
    answer = post(browser, "/de/groups/letters/new", **{**LETTER, **changed})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_from_a_letter_to_a_code(browse: Browse) -> None:
    group_id, people = hidden_group()
    box = f"/de/groups/{group_pid(group_id)}/letters"
    contact, writer = browse(people[0]), browse(settled())
    mine = send(writer)
    assert send(writer) == mine  # sent twice it is one
    lid = mine.rsplit("/", 1)[1]
    assert box in contact.get(box.removesuffix("/letters")).text
    assert "Rosa" in contact.get(box).text
    page = contact.get(f"{box}/{lid}").text
    assert "die das kennen" in page
    assert post(contact, f"{box}/{lid}", text="").status_code == 422
    with transaction():
        code = joining.make_code(get_group(group_id), actor=people[0])
    assert post(contact, f"{box}/{lid}", text=f"Kommen Sie gern. Ihr Code: {code}").status_code == 303
    page = writer.get(mine).text
    assert code in page
    for word in (NAME, group_pid(group_id), "Nadel"):
        assert word not in page
    thread = re.search(r'name="thread" value="([^"]+)"', page)
    assert thread is not None
    assert post(writer, mine, thread=thread[1], text="").status_code == 422
    assert post(writer, mine, thread="another", text="Danke").status_code == 404
    assert post(writer, mine, thread=thread[1], text="Danke!").status_code == 303
    assert "Danke!" in contact.get(f"{box}/{lid}").text
    assert post(writer, "/de/groups/code/join", code=code, alias="Rosa").status_code == 303


def test_the_answer_is_the_same_without_any_group(browse: Browse) -> None:
    """Nobody learns from a letter whether there is a group on its topic."""
    hidden_group(Topic.GRIEF)
    pages = []
    for topic in ("grief", "money"):
        browser = browse(settled())
        address = send(browser, topic=topic)
        shown = without_token(browser.get(address).text).replace(address.rsplit("/", 1)[1], "ID")
        pages.append(shown)
    assert pages[0] == pages[1]


def test_only_contact_people_of_the_topic_read_it(app: Flask, browse: Browse) -> None:
    group_id, people = hidden_group()
    other, others = hidden_group(Topic.MONEY)
    writer = browse(settled())
    lid = send(writer).rsplit("/", 1)[1]
    box = f"/de/groups/{group_pid(group_id)}/letters"
    staff = [browse(actor_of(make_staff(role))) for role in ("professional", "moderator", "administrator")]
    for browser in (browse(people[1]), browse(others[0]), browse(settled()), writer, *staff):
        assert browser.get(f"{box}/{lid}").status_code == 404
        assert browser.get(box).status_code == 404
        assert post(browser, f"{box}/{lid}", text="Hallo").status_code == 404
    wrong = f"/de/groups/{group_pid(other)}/letters/{lid}"
    assert browse(others[0]).get(wrong).status_code == 404
    for browser in (browse(people[0]), browse(settled()), *staff):
        assert browser.get(f"/de/groups/letters/{lid}").status_code == 404
        assert post(browser, f"/de/groups/letters/{lid}/delete").status_code == 404
    assert app.test_client().get(f"/de/groups/letters/{lid}").status_code in (302, 303)


def test_a_group_may_ask_for_a_letter_first(browse: Browse) -> None:
    group_id, people = make_group(join_way=JoinWay.CONTACT, preset=Preset.CONTACT)
    base = f"/de/groups/{group_pid(group_id)}"
    person = browse(settled())
    assert f"{base}/letter" in person.get(f"{base}/join").text
    words = {name: value for name, value in LETTER.items() if name != "topic"}
    answer = post(person, f"{base}/letter", **words)
    assert answer.status_code == 303
    assert "Rosa" in browse(people[0]).get(f"{base}/letters").text
    assert post(browse(people[1]), f"{base}/letter", **words).status_code == 404
    assert post(person, f"{base}/join", alias="Neu").status_code == 422


def test_without_a_leader_two_members_answer(browse: Browse) -> None:
    """Everybody is told, reads it, and begins an answer; a second member sends it."""
    group_id, people = hidden_group()
    box, writer = f"/de/groups/{group_pid(group_id)}/letters", browse(settled())
    mine = send(writer)
    one, two = browse(people[1]), browse(people[2])
    lid = mine.rsplit("/", 1)[1]
    assert one.get(box).status_code == one.get(f"{box}/{lid}").status_code == 404
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    assert box in one.get(box.removesuffix("/letters")).text
    assert "die das kennen" in one.get(f"{box}/{lid}").text
    assert post(one, box, topic="").status_code == 404
    assert post(one, f"{box}/{lid}", text=" ").status_code == 422
    for _ in range(2):
        assert post(one, f"{box}/{lid}", text="Kommen Sie gern").status_code == 303
    assert "Kommen Sie gern" not in writer.get(mine).text
    together = box.replace("/letters", "/together")
    page = two.get(together).text
    assert "Kommen Sie gern" in page
    confirm = re.search(r'action="([^"]+/confirm)"', page)
    assert confirm is not None
    assert post(two, confirm[1]).status_code == 303
    assert writer.get(mine).text.count("Kommen Sie gern") == 1
    assert "Kommen Sie gern" not in two.get(together).text


def test_letters_name_no_account_and_end(both: Flask) -> None:
    group_id, people = hidden_group()
    writer = settled()
    with transaction():
        made = letters.write_letter(writer, name="Rosa", text="Geheim", topic=Topic.GRIEF)
        letters.answer_letter(made, group=get_group(group_id), actor=people[0], text="Antwort")
    with transaction(write=False):
        for table in ("group_letter", "group_letter_text"):
            rows = str(session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608  a name of ours
            assert "Geheim" not in rows
            assert "Antwort" not in rows
            assert "Rosa" not in rows
    with time_machine.travel(clock.now() + timedelta(days=61)):
        for gone in (1, 0):
            with transaction():
                assert letters.forget_old_letters(clock.today()) == gone
    with transaction(write=False):
        assert session.scalar(select(func.count(GroupLetterText.id))) == 0


def test_an_erased_account_leaves_no_letter(both: Flask) -> None:
    writer = settled()
    with transaction():
        letters.write_letter(writer, name="Rosa", text="Geheim", topic=Topic.GRIEF)
        letters.forget_letters(writer.account_id or 0)
    with transaction(write=False):
        assert session.scalar(select(func.count(GroupLetter.id))) == 0


def test_a_letter_goes_to_a_group_or_to_a_topic(both: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        session.add(GroupLetter(writer_ref="x", name="R", delete_on=clock.today()))
        session.flush()
