"""Videos in sign language: only with words, seen like their owner, gone with it, handed out in parts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.events import AccountErased
from portal.accounts.models import ParkedPost
from portal.content.errors import (
    NotAVideoFile,
    PicturesFull,
    TooManyPicturesToday,
    VideoTooLarge,
    VideoWordsMissing,
)
from portal.content.models import Video
from portal.content.operations import Place, add_picture, remove_video, room, save_video, sweep_pictures
from portal.content.queries import uploads_folder, video_of
from portal.core import site_settings
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.subjects import SubjectRef, resolve
from portal.moderation.operations import open_own_case
from portal.proposals.models import Proposal
from portal.proposals.operations import hide_proposal, restore_proposal
from tests.proposals.helpers import post
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver
from tests.support.videos import SECRET_PLACE, mp4, webm
from tests.trust.things import photo

pytestmark = pytest.mark.logic


@pytest.fixture(autouse=True)
def without_tokens(both: Flask) -> None:
    """Forms are sent without looking at the page first; tests/trust/test_writing.py asks for tokens."""
    both.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def ada(both: Flask) -> Actor:
    return actor_of(make_resident(language="de"))


@pytest.fixture
def bench(ada: Actor) -> int:
    with transaction():
        return make_proposal(author=ada.account_id).id


def send(
    actor: Actor, owner: int, data: bytes | None, *, words: str = "Eine Bank.", poster: bytes = b""
) -> str:
    """Store a video and say that there is one; returns its public id."""
    with transaction():
        file = io.BytesIO(data) if data is not None else None
        place = Place(SubjectRef("proposal", owner))
        video = save_video(actor, place, file=file, poster=poster, words=words, language="de")
        session.get_one(Proposal, owner).video_count = 1
        return video.public_id


def erased(actor: Actor, *, keep: bool) -> AccountErased:
    """The person goes, and takes everything along or nothing."""
    return AccountErased(actor.account_id or 0, keep_proposals=keep, keep_comments=keep, keep_support=keep)


def upload(data: bytes) -> tuple[io.BytesIO, str]:
    """A file of a form."""
    return io.BytesIO(data), "a.mp4"


def files() -> list[Path]:
    return [path for path in uploads_folder().rglob("*") if path.is_file()]


@pytest.mark.on_both
def test_it_is_kept_without_places_and_with_size_and_length(ada: Actor, bench: int, both: Flask) -> None:
    data = mp4(75)
    public_id = send(ada, bench, data, poster=photo())
    with transaction(write=False):
        video = video_of(SubjectRef("proposal", bench))
        assert video is not None
        assert (video.public_id, video.extension, video.length, video.bytes) == (
            public_id,
            "mp4",
            "1:15",
            len(data),
        )
    assert sorted(path.name for path in files()) == ["video.mp4", "video.webp"]
    assert not any(SECRET_PLACE in path.read_bytes() for path in files())
    client = both.test_client()
    page = client.get(f"/de/proposals/{_pid(bench)}").text
    assert f'src="/videos/{public_id}.mp4"' in page
    assert 'preload="none"' in page
    assert f'poster="/videos/{public_id}.webp"' in page
    assert f'href="/videos/{public_id}.mp4?download=1" download' in page
    assert "MP4, 0.1 MB, 1:15 min" in page.replace("0,1", "0.1")
    assert "Eine Bank." in page
    assert 'href="#sign-language"' in page


def _pid(owner: int) -> str:
    with transaction(write=False):
        return session.get_one(Proposal, owner).public_id


def test_players_get_the_parts_they_ask_for(ada: Actor, bench: int, both: Flask) -> None:
    data = webm()
    address = f"/videos/{send(ada, bench, data)}.webm"
    client = both.test_client()
    whole = client.get(address, buffered=True)
    assert (whole.status_code, whole.mimetype, len(whole.data)) == (200, "video/webm", len(data))
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = client.get(address, headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(data)}"
    assert client.get(address, headers={"Range": "bytes=-5"}, buffered=True).data == whole.data[-5:]
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}, buffered=True).status_code == 416
    assert (
        client.get(address, headers={"If-None-Match": whole.headers["ETag"]}, buffered=True).status_code
        == 304
    )
    assert client.head(address).headers["Content-Length"] == str(len(data))
    saved = client.get(address + "?download=1", buffered=True)
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(address.replace(".webm", ".mp4"), buffered=True).status_code == 404
    assert client.get(address.replace(".webm", ".webp"), buffered=True).status_code == 404


def test_without_its_words_only_its_sender_sees_it(ada: Actor, bench: int, both: Flask) -> None:
    public_id = send(ada, bench, mp4(), words="  ")
    client = both.test_client()
    assert client.get(f"/videos/{public_id}.mp4", buffered=True).status_code == 404
    assert public_id not in client.get(f"/de/proposals/{_pid(bench)}").text
    with transaction(write=False):
        assert video_of(SubjectRef("proposal", bench)) is None
    send(ada, bench, None, words="Hier steht, was gebärdet wird.")
    assert client.get(f"/videos/{public_id}.mp4", buffered=True).status_code == 200
    with pytest.raises(VideoWordsMissing):
        send(ada, bench, None, words="")
    assert client.get(f"/videos/{public_id}.mp4", buffered=True).status_code == 200


def test_it_is_hidden_and_shown_with_its_subject(ada: Actor, bench: int, both: Flask) -> None:
    address = f"/videos/{send(ada, bench, mp4())}.mp4"
    visitor, moderator = both.test_client(), both.test_client()
    sign_in(moderator, make_staff("moderator"))
    with transaction():
        hide_proposal(session.get_one(Proposal, bench))
    unknown = visitor.get("/videos/xxxxxxxxxxxx.mp4", buffered=True)
    hidden = visitor.get(address, buffered=True)
    assert (hidden.status_code, hidden.data) == (404, unknown.data)
    assert moderator.get(address, buffered=True).status_code == 200
    assert moderator.get(address, buffered=True).headers["Cache-Control"] == "no-store"
    with transaction():
        restore_proposal(session.get_one(Proposal, bench))
    assert visitor.get(address, buffered=True).status_code == 200


def test_moderators_read_its_words(ada: Actor, bench: int, both: Flask) -> None:
    send(ada, bench, mp4(), words="Ein gebärdetes Wort.")
    with transaction(write=False):
        subject = resolve(SubjectRef("proposal", bench))
        assert subject is not None
        assert "Ein gebärdetes Wort." in subject.kind.excerpt(subject.thing)


def test_a_new_one_replaces_the_old_and_its_files(ada: Actor, bench: int, both: Flask) -> None:
    old = send(ada, bench, mp4())
    new = send(ada, bench, webm())
    deliver()
    assert old != new
    assert [path.name for path in files()] == ["video.webm"]
    assert both.test_client().get(f"/videos/{old}.mp4", buffered=True).status_code == 404


def test_files_go_with_the_row_and_never_before(ada: Actor, bench: int) -> None:
    send(ada, bench, mp4())
    with transaction():
        sweep_pictures()
    assert len(files()) == 1
    with transaction():
        video = video_of(SubjectRef("proposal", bench))
        assert video is not None
        remove_video(video)
    deliver()
    assert files() == []


def test_it_is_erased_with_the_proposal_of_somebody_who_goes(ada: Actor, bench: int) -> None:
    send(ada, bench, mp4())
    with transaction():
        emit(erased(ada, keep=False))
    deliver()
    with transaction(write=False):
        assert session.query(Video).count() == 0
    assert files() == []


def test_it_stays_without_a_name_when_the_proposal_stays(ada: Actor, bench: int, both: Flask) -> None:
    public_id = send(ada, bench, mp4())
    with transaction():
        emit(erased(ada, keep=True))
    with transaction(write=False):
        assert session.query(Video).one().uploader_id is None
    assert both.test_client().get(f"/videos/{public_id}.mp4", buffered=True).status_code == 200


@pytest.mark.parametrize("data", [b"GIF89a" + b"\0" * 60, b"<svg onload=alert(1)>", mp4(brand=b"qt  "), b""])
def test_other_files_are_refused_and_leave_nothing(ada: Actor, bench: int, data: bytes) -> None:
    with pytest.raises(NotAVideoFile):
        send(ada, bench, data)
    assert files() == []


def test_sizes_and_numbers_have_an_end(ada: Actor, bench: int, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = actor_of(make_staff("administrator"))
    with transaction():
        site_settings.change("content.video_megabytes", 5, actor=admin)
    with pytest.raises(VideoTooLarge):
        send(ada, bench, mp4(data=b"\0" * 5_000_001))
    assert files() == []
    monkeypatch.setattr("portal.content.operations.room.PER_DAY", 1)
    send(ada, bench, mp4())
    with pytest.raises(TooManyPicturesToday):
        send(ada, bench, mp4())
    monkeypatch.setattr("portal.content.operations.room.PER_DAY", 9)
    monkeypatch.setattr("portal.content.operations.room.BYTES_PER_PERSON", 100)
    with pytest.raises(PicturesFull):
        send(ada, bench, mp4())
    # One room for both: what videos take is not free for pictures again.
    with pytest.raises(PicturesFull), transaction():
        add_picture(ada, photo(), "Eine Bank", SubjectRef("proposal", bench))
    monkeypatch.setattr("portal.content.operations.room.PER_DAY", 1)
    with pytest.raises(TooManyPicturesToday), transaction():
        add_picture(ada, photo(), "Eine Bank", SubjectRef("proposal", bench))
    monkeypatch.undo()
    assert room.PER_DAY == 20


def test_pages_of_the_site_have_one_too(both: Flask) -> None:
    client = both.test_client()
    sign_in(client, make_staff("administrator"))
    address = "/en/staff/pages/help/video"
    assert post(client, address, video=upload(mp4(30)), words="How it works.").status_code == 303
    page = both.test_client().get("/de/help").text
    assert "<video" in page
    assert "How it works." in page
    assert "<video" not in both.test_client().get("/de/privacy").text
    assert post(client, f"{address}/remove").status_code == 303
    assert "<video" not in both.test_client().get("/de/help").text


def test_the_form_keeps_an_upload_whose_words_are_missing(both: Flask) -> None:
    author = make_resident()
    with transaction():
        proposal_id = make_proposal(author=author).id
    client = both.test_client()
    sign_in(client, author)
    address = f"/en/proposals/{_pid(proposal_id)}/video"
    assert post(client, address, video=upload(mp4()), words="").location == address
    assert "Nobody else sees it until its words are there" in client.get(address).text
    assert post(client, address, words="").status_code == 422
    done = post(client, address, words="A bench.")
    assert "The video can be seen now." in client.get(done.location).text
    assert post(client, f"{address}/remove").status_code == 303
    assert "<video" not in client.get(f"/en/proposals/{_pid(proposal_id)}").text


def test_a_file_that_is_no_video_says_so(both: Flask) -> None:
    author = make_resident()
    with transaction():
        proposal_id = make_proposal(author=author).id
    client = both.test_client()
    sign_in(client, author)
    address = f"/en/proposals/{_pid(proposal_id)}/video"
    answer = post(client, address, video=upload(b"nothing"), words="A bench.")
    assert answer.status_code == 422
    assert "MP4 or WebM" in answer.text
    assert "A bench." in answer.text


def test_a_visitor_cannot_fill_the_memory_with_one(both: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.accounts.operations.MOST_PARKED_BYTES", 1_000)
    with transaction():
        proposal_id = make_proposal(author=make_resident()).id
    address = f"/en/proposals/{_pid(proposal_id)}/video"
    answer = post(both.test_client(), address, video=upload(mp4(data=b"\0" * 20_000)), words="Eine Bank")
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
    with transaction(write=False):
        assert session.query(ParkedPost).one().byte_count < 1_000  # the words, not the film


def test_moderators_see_photos_blurred_until_they_ask(ada: Actor, bench: int, both: Flask) -> None:
    moderator = make_staff("moderator")
    actor = actor_of(moderator)
    with transaction():
        made = add_picture(ada, photo(), "Eine Bank", SubjectRef("proposal", bench))
        session.get_one(Proposal, bench).picture_count = 1
        subject = resolve(SubjectRef("proposal", bench))
        assert subject is not None
        case = open_own_case(subject, actor=actor)
        case_id, picture_id = case.public_id, made.public_id
    client = both.test_client()
    sign_in(client, moderator)
    page = client.get(f"/en/moderation/cases/{case_id}").text
    shown = re.search(r'<label class="blurred">.*?<img src="([^"]+)" alt="Eine Bank"', page)
    assert shown is not None
    assert picture_id in shown[1]
    assert client.get(shown[1]).status_code == 200


def test_the_home_page_has_one_that_weighs_nothing(both: Flask) -> None:
    client = both.test_client()
    sign_in(client, make_staff("administrator"))
    address = "/en/staff/pages/home/video"
    assert address in client.get("/en/staff/pages").text
    assert "sign-language" not in both.test_client().get("/de/").text
    assert post(client, address, video=upload(mp4(30)), words="w" * 1501).status_code == 422
    sent = {"video": upload(mp4(30)), "poster": (io.BytesIO(photo()), "a.jpg")}
    assert post(client, address, words="").status_code == 422
    assert post(client, address, **sent, words="").location == address
    assert "<video" not in both.test_client().get("/de/").text
    assert post(client, address, words="Welcome. Say what you need.").status_code == 303
    home = both.test_client().get("/de/").text
    assert 'href="#sign-language"' in home
    assert 'preload="none"' in home
    assert "poster=" not in home  # a preview picture would be loaded by everybody
    assert "Welcome. Say what you need." in home
    assert "<video" not in both.test_client().get("/de/help").text
    assert post(client, f"{address}/remove").status_code == 303
    assert "<video" not in both.test_client().get("/de/").text
