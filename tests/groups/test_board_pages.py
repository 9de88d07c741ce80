"""The board's pages: each person's door, words that stay, pictures made anew, one post to moderation."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.groups.models import GroupExcerpt, GroupFile, GroupPost, Preset, Privacy
from portal.groups.operations import board, files, handing, leaving
from portal.groups.queries.files import files_folder
from portal.moderation.models import Case, Report
from portal.web.traps import begun_now
from tests.groups.conftest import Browse, group, settled
from tests.groups.test_board import answer, begin, post
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import group_pid, make_group
from tests.support.queries import counted_queries

TOKENS = re.compile(r'csrf.token" (value|content)="[^"]+"')
ADDRESS = b"GPS 51.31 12.37"


def without_token(text: str) -> str:
    """A page as it is for everybody: tokens hold the second they were made in."""
    return TOKENS.sub("", text)


def photo(size: tuple[int, int] = (800, 600), color: str = "teal") -> bytes:
    """A JPEG with a comment in it that says where somebody lives."""
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, "JPEG", comment=ADDRESS)
    return buffer.getvalue()


def upload(name: str = "photo.jpg", content: bytes | None = None) -> tuple[BytesIO, str]:
    """A file as a browser sends it."""
    return BytesIO(photo() if content is None else content), name


def public_id(post_id: int) -> str:
    """A post's id in addresses."""
    with transaction(write=False):
        return post(post_id).public_id


def test_a_conversation_from_the_first_word_to_the_last(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid = group_pid(group_id)
    first, second = browse(people[0]), browse(people[1])
    assert first.get(f"/de/groups/{pid}/board").status_code == 200
    empty = first.post(f"/de/groups/{pid}/board/new", data={"title": "", "text": "Stoff"})
    assert empty.status_code == 422
    assert "Stoff" in empty.text
    sent = first.post(f"/de/groups/{pid}/board/new", data={"title": "Stoff", "text": "Wer hat welchen?"})
    assert sent.status_code == 303
    page = second.get(sent.location)
    assert "Wer hat welchen?" in page.text
    assert "Nadel 0" in page.text
    replied = second.post(f"{sent.location.split('#')[0]}/answers", data={"text": "Ich, *blauen*."})
    assert replied.status_code == 303
    assert "<em>blauen</em>" in first.get(replied.location).text
    assert "Stoff" in first.get(f"/de/groups/{pid}/board").text


def test_twenty_on_a_page_and_the_redirect_finds_the_place(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, thread_id = group_pid(group_id), begin(group_id, people[0])
    with transaction():
        for number in range(31):
            post_id = board.answer(post(thread_id), actor=people[number % 3], text=f"Antwort {number}").id
    member = browse(people[2])
    there = member.get(f"/de/groups/{pid}/board/{public_id(post_id)}/place")
    assert there.location.endswith(f"?page=2#p-{public_id(post_id)}")
    assert "Antwort 30" in member.get(there.location).text
    assert "Antwort 30" not in member.get(f"/de/groups/{pid}/board/{public_id(thread_id)}").text


def everybody_else() -> list[Any]:
    """An outsider and staff of every hat."""
    return [settled(), *(actor_of(make_staff(role)) for role in StaffRole)]


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_pages_inside_are_like_unknown_ones_for_everybody_else(
    app: Flask, browse: Browse, privacy: Privacy
) -> None:
    group_id, people = make_group(3, privacy=privacy)
    pid, thread = group_pid(group_id), public_id(begin(group_id, people[0]))
    paths = ["", "/edit", "/remove", "/pictures", "/report", "/place"]
    for other in everybody_else():
        browser = browse(other)
        unknown = without_token(browser.get("/de/groups/abcdefghjkmn").text)
        for path in [f"/de/groups/{pid}/board", *(f"/de/groups/{pid}/board/{thread}{end}" for end in paths)]:
            found = browser.get(path)
            assert (found.status_code, without_token(found.text)) == (404, unknown), path
        for path in (f"{thread}/answers", f"{thread}/order", f"{thread}/remove"):
            sent = browser.post(f"/de/groups/{pid}/board/{path}", data={"text": "x", "act": "pin"})
            assert sent.status_code == 404
    visitor = app.test_client()
    assert visitor.get(f"/de/groups/{pid}/board/{thread}").status_code == 404


def test_an_address_with_another_group_opens_nothing(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    other_id, _ = make_group(3, people=people)
    thread = public_id(begin(group_id, people[0]))
    assert browse(people[0]).get(f"/de/groups/{group_pid(other_id)}/board/{thread}").status_code == 404


def test_an_open_board_can_be_read_and_reported_by_visitors(app: Flask) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    pid, thread = group_pid(group_id), public_id(begin(group_id, people[0], text="Für alle"))
    visitor = app.test_client()
    page = visitor.get(f"/de/groups/{pid}/board/{thread}")
    assert "Für alle" in page.text
    assert "Nadel 0" not in page.text
    assert 'name="robots"' in page.text
    assert visitor.get(f"/de/groups/{pid}/board/{thread}/report").status_code == 200


def test_authors_and_the_role_see_what_they_may_press(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, thread_id = group_pid(group_id), begin(group_id, people[1])
    path = f"/de/groups/{pid}/board/{public_id(thread_id)}"
    role, author, other = (browse(person).get(path).text for person in people)
    assert f"{path}/order" in role
    assert f"{path}/order" not in author
    assert f"{path}/edit" in author
    assert f"{path}/edit" not in role
    assert f"{path}/remove" in role
    assert f"{path}/remove" in author
    assert f"{path}/remove" not in other
    assert f"{path}/report" in other
    assert f"{path}/report" not in author


def test_changing_and_taking_out(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, thread_id = group_pid(group_id), begin(group_id, people[1], text="Alter Text")
    reply = answer(thread_id, people[2])
    path, author = f"/de/groups/{pid}/board/{public_id(thread_id)}", browse(people[1])
    assert "Alter Text" in author.get(f"{path}/edit").text
    author.post(f"{path}/edit", data={"title": "Neu", "text": "Neuer Text"})
    assert "Neuer Text" in author.get(path).text
    assert author.get(f"{path}/remove").status_code == 200
    assert author.post(f"{path}/remove").status_code == 303
    page = author.get(path).text
    assert "Neuer Text" not in page
    assert f"p-{public_id(reply)}" in page


def test_pictures_are_made_anew_encrypted_and_wait_for_words(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    pid, thread_id = group_pid(group_id), begin(group_id, people[0])
    path = f"/de/groups/{pid}/board/{public_id(thread_id)}"
    author, member, outsider = browse(people[0]), browse(people[1]), browse(settled())
    assert author.post(f"{path}/pictures", data={"file": upload()}).status_code == 303
    with transaction(write=False):
        kept = session.scalars(select(GroupFile)).one()
    picture = f"/de/groups/{pid}/files/{kept.public_id}"
    assert author.get(f"{picture}/360.webp").status_code == 200
    assert member.get(f"{picture}/360.webp").status_code == 404
    assert picture not in member.get(path).text
    described = author.post(f"{picture}/describe", data={"alt": "Ein blauer Vorhang"})
    assert described.status_code == 303
    shown = member.get(f"{picture}/720.jpg")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert ADDRESS not in shown.data
    assert "Ein blauer Vorhang" in member.get(path).text
    assert outsider.get(f"{picture}/720.jpg").status_code == 404
    assert member.get(f"{picture}/999.jpg").status_code == 404
    stored = [one.read_bytes() for one in files_folder().rglob("*") if one.is_file()]
    assert len(stored) == 6
    assert not any(one.startswith((b"\xff\xd8", b"RIFF")) or b"JFIF" in one for one in stored)


def test_no_picture_no_upload(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    path = f"/de/groups/{group_pid(group_id)}/board/{public_id(begin(group_id, people[0]))}/pictures"
    author = browse(people[0])
    assert author.post(path, data={}).status_code == 422
    assert author.post(path, data={"file": upload(content=b"<svg onload=alert(1)>")}).status_code == 422
    assert browse(people[1]).post(path, data={"file": upload()}).status_code == 404
    for _ in range(4):
        assert author.post(path, data={"file": upload(), "alt": "Blau"}).status_code == 303
    assert author.post(path, data={"file": upload(), "alt": "Blau"}).status_code == 422
    assert not list(files_folder().glob("??/*.new"))


def test_taking_a_post_out_takes_its_pictures_from_the_disk(app: Flask) -> None:
    group_id, people = make_group(3)
    thread_id = begin(group_id, people[0])
    with transaction():
        kept = files.add_picture(post(thread_id), actor=people[0], data=photo(), alt="Blau")
        folder = kept.folder
    with transaction():
        board.remove_post(post(thread_id), actor=people[0])
    with transaction():
        files.erase_folder(folder)
        assert session.scalars(select(GroupFile)).all() == []
    assert not list(files_folder().rglob(folder))


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_moderation_gets_the_words_of_one_post_and_nothing_else(
    app: Flask, browse: Browse, privacy: Privacy
) -> None:
    group_id, people = make_group(3, privacy=privacy, name="Kanarienvogel")
    pid, thread_id = group_pid(group_id), begin(group_id, people[0], "Thema", text="Böse Worte")
    answer(thread_id, people[2], "Etwas Privates")
    path = f"/de/groups/{pid}/board/{public_id(thread_id)}/report"
    reporter = browse(people[1])
    form = reporter.get(path).text
    with transaction():
        excerpt_id = handing.hand_over_post(post(thread_id), actor=people[1]).id
    assert "Böse Worte" in form
    receipt = send_report(reporter, path)
    assert receipt.status_code == 303
    discreet = privacy is Privacy.DISCREET
    with transaction():
        case, report = session.scalars(select(Case)).one(), session.scalars(select(Report)).one()
        assert (case.subject_kind, case.subject_id) == ("group_post", excerpt_id)
        assert "Böse Worte" in case.excerpt
        assert "Privates" not in case.excerpt
        assert ("Kanarienvogel" in case.title) is not discreet
        assert (report.reporter_id is None) is discreet
        assert (case.author_id is None) is discreet
        case_pid = case.public_id
        board.change_post(post(thread_id), actor=people[0], text="Harmlos", title="Thema")
    moderator = browse(actor_of(make_staff(StaffRole.MODERATOR)))
    page = moderator.get(f"/de/moderation/cases/{case_pid}")
    assert page.status_code == 200
    assert "Böse Worte" in page.text
    for secret in ("Harmlos", "Privates", "Nadel", pid, public_id(thread_id)):
        assert secret not in page.text, secret


def send_report(browser: Any, path: str) -> Any:
    """The form of a report, filled in at the speed of a person."""
    with time_machine.travel(clock.now() - timedelta(minutes=1)):
        begun = begun_now()
    return browser.post(path, data={"category": "insult", "begun": begun, "website": ""})


def test_hidden_posts_show_nothing_and_say_why(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    pid, thread_id = group_pid(group_id), begin(group_id, people[0], text="Böse Worte")
    with transaction():
        excerpt = handing.hand_over_post(post(thread_id), actor=people[1])
        handing.hide_post(excerpt)
        excerpt_pid = excerpt.public_id
    path = f"/de/groups/{pid}/board/{public_id(thread_id)}"
    page = browse(people[2]).get(path).text
    assert "Böse Worte" not in page
    assert f"/hidden/group_post/{excerpt_pid}" in page
    there = browse(people[2]).get(f"/de/groups/handed-over/{excerpt_pid}")
    assert there.status_code == 303
    assert browse(settled()).get(f"/de/groups/handed-over/{excerpt_pid}").status_code == 404
    with transaction():
        handing.restore_post(session.scalars(select(GroupExcerpt)).one())
    assert "Böse Worte" in browse(people[2]).get(path).text


def test_handing_over_the_same_words_twice_is_one_copy(app: Flask) -> None:
    group_id, people = make_group(3)
    thread_id = begin(group_id, people[0])
    with transaction():
        first = handing.hand_over_post(post(thread_id), actor=people[1]).id
        assert handing.hand_over_post(post(thread_id), actor=people[2]).id == first
        board.change_post(post(thread_id), actor=people[0], text="Anders", title="Anders")
        assert handing.hand_over_post(post(thread_id), actor=people[2]).id != first


@pytest.mark.parametrize("page", ["board", "thread"])
def test_questions_do_not_grow_with_posts(app: Flask, browse: Browse, page: str) -> None:
    group_id, people = make_group(3)
    pid, thread_id = group_pid(group_id), begin(group_id, people[0])
    path = f"/de/groups/{pid}/board" + ("" if page == "board" else f"/{public_id(thread_id)}")
    member = browse(people[1])
    member.get(path)
    few = asked(lambda: member.get(path))
    with transaction():
        for number in range(15):
            board.begin_thread(group(group_id), actor=people[2], title=f"Thema {number}", text="Text")
            kept = board.answer(post(thread_id), actor=people[number % 3], text=f"Antwort {number}")
            if number < 2:
                files.add_picture(kept, actor=people[number % 3], data=photo((60, 40)), alt="Blau")
    assert asked(lambda: member.get(path)) == few


def asked(work: Any) -> int:
    """How many statements reach the database."""
    with counted_queries() as seen:
        work()
    return len(seen)


def test_pages_of_a_discreet_board_keep_quiet(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET, name="Kanarienvogel", preset=Preset.EVERYONE)
    pid, thread = group_pid(group_id), public_id(begin(group_id, people[0], "Unser Geheimnis"))
    member = browse(people[1])
    paths = ("", "/new", f"/{thread}", f"/{thread}/remove", f"/{thread}/report")
    for path in (f"/de/groups/{pid}/board{end}" for end in paths):
        page = member.get(path)
        title = page.text.split("<title>")[1].split("</title>")[0]
        assert page.status_code == 200, path
        assert "Geheimnis" not in title
        assert "Kanarienvogel" not in title
        assert "data-leave" in page.text
        assert 'data-draft="' not in page.text
        assert page.headers["Cache-Control"] == "no-store"


def test_posts_of_a_discreet_group_stand_encrypted(app: Flask) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    thread_id = begin(group_id, people[0], "Kanarienvogel", text="Ein seltenes Wort: Zwiebelfisch")
    with transaction():
        handing.hand_over_post(post(thread_id), actor=people[1])
    with transaction(write=False):
        raw = session.connection().exec_driver_sql("SELECT * FROM group_post").all()
        raw += session.connection().exec_driver_sql("SELECT * FROM group_excerpt").all()
        dump = " ".join(str(tuple(row)) for row in raw)
        assert session.scalars(select(GroupPost.text)).one() == "Ein seltenes Wort: Zwiebelfisch"
    for secret in ("Kanarienvogel", "Zwiebelfisch", "Nadel"):
        assert secret not in dump


def test_without_a_leader_two_members_take_a_post_out(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(4)
    pid, thread_id = group_pid(group_id), begin(group_id, people[1], text="Böse Worte")
    answer(thread_id, people[2])
    path = f"/de/groups/{pid}/board/{public_id(thread_id)}"
    first, second, author = browse(people[2]), browse(people[3]), browse(people[1])
    assert f"{path}/take-out-together" not in first.get(path).text
    assert first.post(f"{path}/take-out-together").status_code == 409
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    assert f"{path}/take-out-together" in first.get(path).text
    assert author.post(f"{path}/take-out-together").status_code == 404
    assert browse(settled()).post(f"{path}/take-out-together").status_code == 404
    for _ in range(2):
        assert first.post(f"{path}/take-out-together").status_code == 303
    assert "Böse Worte" in second.get(f"/de/groups/{pid}/together").text
    assert "Böse Worte" in second.get(path).text
    assert second.post(f"{path}/take-out-together").status_code == 303
    assert "Böse Worte" not in second.get(path).text
