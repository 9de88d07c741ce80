"""Pictures: hostile files stay out, nothing but pixels is kept, hidden owners hide them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.accounts.events import AccountErased
from portal.content.errors import DescriptionMissing, PicturesFull, TextTooLong, TooManyPicturesToday
from portal.content.models import Picture
from portal.content.operations import (
    add_picture,
    attach_picture,
    describe_picture,
    order_pictures,
    remove_picture,
    remove_pictures_of,
    sweep_pictures,
)
from portal.content.queries import first_pictures, folder_of, pictures_of, uploads_folder
from portal.core import clock, jobs, subjects
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.pictures import PictureRefused
from portal.core.subjects import SubjectKind, SubjectRef
from tests.support.factories import actor_of, make_resident, make_staff, sign_in

pytestmark = pytest.mark.logic

BENCH = SubjectRef("bench", 1)


def photo(width: int = 900, height: int = 600, **options: object) -> bytes:
    """A JPEG with a gradient, so that it is not a single colour."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)  # type: ignore[arg-type]
    return buffer.getvalue()


@dataclass
class Benches:
    """Things that own pictures; some are hidden, drafts or gone."""

    hidden: set[int] = field(default_factory=set)
    drafts: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def may_see(self, actor: Actor, bench: int) -> bool:
        """Drafts by their author, hidden ones by moderators, others by everybody."""
        if bench in self.drafts:
            return actor.account_id == self.drafts[bench]
        return bench not in self.hidden or bool(actor.roles)


@pytest.fixture(autouse=True)
def benches() -> Iterator[Benches]:
    found = Benches()
    subjects.register(
        SubjectKind(
            kind="bench",
            label="Bench",
            load=lambda number: None if number in found.gone else number,
            load_public=lambda public_id: None,
            public_id=str,
            title=lambda bench: f"Bench {bench}",
            endpoint=lambda bench: ("discovery.home", {}),
            can_see=found.may_see,
        )
    )
    yield found
    del subjects._kinds["bench"]


@pytest.fixture
def ada(both: Flask) -> Actor:
    return actor_of(make_resident(language="de"))


def add(actor: Actor, owner: SubjectRef | None = BENCH, alt: str = "A bench", data: bytes = b"") -> Picture:
    with transaction():
        picture = add_picture(actor, data or photo(), alt, owner)
        session.flush()
        session.refresh(picture)
        session.expunge(picture)
        return picture


def url(picture: Picture, width: int = 720, extension: str = "jpg") -> str:
    return f"/pictures/{picture.public_id}/{width}.{extension}"


def files() -> list[Path]:
    return [path for path in uploads_folder().rglob("*") if path.is_file()]


@pytest.mark.on_both
def test_a_photo_is_kept_in_three_widths_without_anything_but_pixels(ada: Actor, both: Flask) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    picture = add(ada, data=photo(3000, 2000, exif=exif, comment=b"SECRETCOMMENT"))
    assert [(one["width"], one["w"]) for one in picture.widths] == [(360, 360), (720, 720), (1280, 1280)]
    assert len(files()) == 6
    for path in files():
        data = path.read_bytes()
        assert b"SECRET" not in data
        assert b"Exif" not in data
    assert picture.bytes == sum(path.stat().st_size for path in files())
    assert picture.color.startswith("#")
    assert picture.public_id not in str(folder_of(picture))


def test_a_picture_is_served_with_safe_headers(ada: Actor, both: Flask) -> None:
    picture = add(ada)
    client = both.test_client()
    for extension, kind, magic in (("jpg", "image/jpeg", b"\xff\xd8"), ("webp", "image/webp", b"RIFF")):
        answer = client.get(url(picture, extension=extension))
        assert answer.status_code == 200
        assert answer.mimetype == kind
        assert answer.data.startswith(magic)
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["721.jpg", "0.jpg", "720.png", "720.svg", "-1.jpg", "../720.jpg", "720.jpg/x"]
)
def test_there_are_no_other_files(ada: Actor, both: Flask, path: str) -> None:
    picture = add(ada)
    assert both.test_client().get(f"/pictures/{picture.public_id}/{path}").status_code == 404


def test_hidden_and_unknown_pictures_answer_alike(app: Flask, benches: Benches) -> None:
    ada = actor_of(make_resident())
    picture = add(ada)
    client = app.test_client()
    benches.hidden.add(1)
    hidden, unknown = client.get(url(picture)), client.get("/pictures/nothinghere2/720.jpg")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.data == unknown.data
    sign_in(client, make_resident())
    assert client.get(url(picture)).status_code == 404
    sign_in(client, make_staff("moderator"))
    shown = client.get(url(picture))
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"


def test_pictures_of_a_draft_are_its_authors_own(app: Flask, benches: Benches) -> None:
    author = make_resident()
    benches.drafts[1] = author.id
    picture = add(actor_of(author))
    client = app.test_client()
    assert client.get(url(picture)).status_code == 404
    sign_in(client, make_staff("administrator"))
    assert client.get(url(picture)).status_code == 404
    sign_in(client, author)
    own = client.get(url(picture))
    assert own.status_code == 200
    assert own.headers["Cache-Control"] == "no-store"


def test_without_description_it_is_kept_but_not_shown(app: Flask) -> None:
    account = make_resident()
    ada = actor_of(account)
    picture = add(ada, alt=" \n")
    client = app.test_client()
    assert client.get(url(picture)).status_code == 404
    assert pictures_of(BENCH) == []
    assert first_pictures("bench", [1]) == {}
    assert [one.id for one in pictures_of(BENCH, with_pending=True)] == [picture.id]
    sign_in(client, account)
    assert client.get(url(picture)).status_code == 200
    session.rollback()
    with transaction():
        row = session.get_one(Picture, picture.id)
        with pytest.raises(DescriptionMissing):
            describe_picture(ada, row, "  ")
        with pytest.raises(TextTooLong):
            describe_picture(ada, row, "x" * 301)
        describe_picture(ada, row, "A red bench")
    assert app.test_client().get(url(picture)).status_code == 200


HTML = b"<html><script>alert(1)</script></html>"
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as _archive:
    _archive.writestr("bomb.xml", b"0" * 40_000_000)
HOSTILE = {
    "H67 svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "H68 gif": b"GIF89a<script>alert(1)</script>",
    "H69 html": HTML,
    "H71 zip": ZIP.getvalue(),
    "H72 pdf": b"%PDF-1.4 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
    "empty": b"",
    "truncated": photo()[:2000],
    "too large": photo() + b"\0" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(app: Flask, data: bytes) -> None:
    ada = actor_of(make_resident())
    with pytest.raises(PictureRefused), transaction():
        add_picture(ada, data, "x", BENCH)
    assert files() == []
    assert session.scalars(select(Picture)).all() == []


def test_a_polyglot_loses_its_tail(app: Flask) -> None:  # H66
    add(
        actor_of(make_resident()),
        data=photo() + b"<script>alert(1)</script>" + ZIP.getvalue()[:999] + b"<?php",
    )
    for path in files():
        assert b"<script" not in path.read_bytes()
        assert b"<?php" not in path.read_bytes()


def test_a_decompression_bomb_is_refused_by_its_header(app: Flask) -> None:
    buffer = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 50_000
    with pytest.raises(PictureRefused), transaction():
        add_picture(actor_of(make_resident()), buffer.getvalue(), "x", BENCH)


def test_twenty_a_day_and_no_more(app: Flask) -> None:  # H73
    ada, eve = actor_of(make_resident()), actor_of(make_resident())
    small = photo(8, 8)
    for _ in range(20):
        add(ada, data=small)
    with pytest.raises(TooManyPicturesToday):
        add(ada, data=small)
    add(eve, data=small)
    session.rollback()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        add(ada, data=small)
    assert len(files()) == 22 * 6


def test_room_is_limited_and_comes_back(app: Flask) -> None:
    ada = actor_of(make_resident())
    picture = add(ada)
    with transaction():
        session.get_one(Picture, picture.id).bytes = 200 * 1024 * 1024
    with pytest.raises(PicturesFull):
        add(ada)
    session.rollback()
    with transaction():
        remove_picture(session.get_one(Picture, picture.id))
    add(ada)


def test_order_and_the_first_of_each(ada: Actor, both: Flask) -> None:
    one, two, pending = add(ada, alt="one"), add(ada, alt="two"), add(ada, alt="")
    other = add(ada, owner=SubjectRef("bench", 2), alt="other")
    add(ada, owner=SubjectRef("tree", 1), alt="noise")
    assert [picture.alt for picture in pictures_of(BENCH)] == ["one", "two"]
    session.rollback()
    with transaction():
        order_pictures(BENCH, [pending.public_id, two.public_id, other.public_id, "x", one.public_id])
    assert [picture.alt for picture in pictures_of(BENCH)] == ["two", "one"]
    firsts = first_pictures("bench", [1, 2, 3])
    assert {key: picture.alt for key, picture in firsts.items()} == {1: "two", 2: "other"}


def test_a_loose_picture_gets_its_owner(app: Flask) -> None:
    ada = actor_of(make_resident())
    add(ada, alt="first")
    loose = add(ada, owner=None, alt="second")
    client = app.test_client()
    assert client.get(url(loose)).status_code == 404
    with transaction():
        attach_picture(session.get_one(Picture, loose.id), BENCH)
    assert client.get(url(loose)).status_code == 200
    assert [picture.alt for picture in pictures_of(BENCH)] == ["first", "second"]


def test_removing_takes_the_files_after_commit(ada: Actor, both: Flask) -> None:
    gone, stays = add(ada), add(ada, owner=SubjectRef("bench", 2))
    with pytest.raises(RuntimeError), transaction():
        remove_picture(session.get_one(Picture, gone.id))
        raise RuntimeError
    jobs.run_due()
    assert len(files()) == 12  # rolled back: nothing is lost
    with transaction():
        remove_pictures_of(BENCH)
    jobs.run_due()
    jobs.run_due()
    assert len(files()) == 6
    assert both.test_client().get(url(gone)).status_code == 404
    assert both.test_client().get(url(stays)).status_code == 200


def test_orphans_are_swept_up(app: Flask, benches: Benches) -> None:
    ada = actor_of(make_resident())
    kept, loose, orphan = add(ada), add(ada, owner=None), add(ada, owner=SubjectRef("bench", 9))
    with pytest.raises(RuntimeError), transaction():
        add_picture(ada, photo(), "x", BENCH)
        raise RuntimeError
    benches.gone.add(9)
    assert len(files()) == 24
    start = clock.now()
    for days, expected in ((0, 24), (6, 18)):
        session.rollback()
        with time_machine.travel(start + timedelta(days=days)), transaction():
            sweep_pictures()
        assert len(files()) == expected
    for day in range(8, 37):
        session.rollback()
        with time_machine.travel(start + timedelta(days=day)):
            with transaction():
                sweep_pictures()
            jobs.run_due()
    assert session.scalars(select(Picture.id)).all() == [kept.id]
    assert len(files()) == 6
    assert loose.id != orphan.id


def test_erasing_a_person_leaves_pictures_of_what_stays(app: Flask) -> None:
    ada = actor_of(make_resident())
    stays, loose = add(ada), add(ada, owner=None)
    assert ada.account_id is not None
    with transaction():
        emit(AccountErased(ada.account_id, keep_proposals=True, keep_comments=True, keep_support=True))
    rows = {row.id: row.uploader_id for row in session.scalars(select(Picture))}
    assert rows == {stays.id: None}
    assert loose.id not in rows


def test_the_picture_element(app: Flask) -> None:
    picture = add(
        replace(actor_of(make_resident()), language="leicht"), alt='A "bench" <b>', data=photo(500, 300)
    )
    macro = app.jinja_env.get_template("macros/picture.html").module
    with app.test_request_context("/de/"):
        html = str(macro.image(picture))  # type: ignore[attr-defined]
    assert (
        f'srcset="/pictures/{picture.public_id}/360.webp 360w, /pictures/{picture.public_id}/720.webp 500w"'
        in html
    )
    assert 'width="500" height="300"' in html
    assert 'alt="A &#34;bench&#34; &lt;b&gt;"' in html
    assert 'lang="de-simple"' in html
    assert 'loading="lazy"' in html
    assert "style=" not in html
