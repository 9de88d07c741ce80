"""Texts in several languages: which one a reader sees, and when it is outdated."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.content.errors import SameLanguage, TextMissing, TextTooLong, UnknownLanguage
from portal.content.events import TextVersionRequested, TextVersionSaved
from portal.content.models import TextState, TextVersion
from portal.content.operations import (
    drop_text_versions,
    forget_author,
    request_plain_language,
    request_text_version,
    save_text_version,
    source_changed,
)
from portal.content.queries import best_text, best_texts, requested_versions, text_in, version_states
from portal.core import clock, events
from portal.core.actors import Actor, ActorKind
from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef
from tests.support.queries import counted_queries

WRITER = Actor(kind=ActorKind.RESIDENT, account_id=7)
BENCH = SubjectRef("bench", 1)
SOURCE = {"title": "Eine Bank", "what": "Eine **Bank** vor der Kita"}


@pytest.fixture(autouse=True)
def writer(request: pytest.FixtureRequest) -> None:
    """An account behind WRITER."""
    request.getfixturevalue("both" if "both" in request.fixturenames else "app")
    with transaction():
        session.add(Account(id=7, kind="resident", display_name="Writer"))


def save(language: str, title: str = "Bench", subject: SubjectRef = BENCH, source: str = "de") -> TextVersion:
    fields = {"title": title, "what": f"*{title}*"}
    return save_text_version(WRITER, subject, language, fields, source=SOURCE, source_language=source)


def title_for(reader: str, source: str = "de") -> str | None:
    view = best_text("bench", 1, reader, source)
    return view.fields["title"] if view else None


def test_a_version_is_rendered_safely_and_knows_language_and_direction(both: Flask) -> None:
    with transaction():
        save_text_version(
            WRITER,
            BENCH,
            "ar",
            {"title": "مقعد\n<b>x</b>", "what": "**مقعد** <script>alert(1)</script>", "extra": "no"},
            source=SOURCE,
            source_language="de",
        )
    view = best_text("bench", 1, "ar", "de")
    assert view is not None
    assert (view.language, view.html_lang, view.dir, view.state) == ("ar", "ar", "rtl", TextState.CURRENT)
    assert view.fields["title"] == "مقعد <b>x</b>"
    assert set(view.fields) == {"title", "what"}
    assert set(view.html) == {"what"}
    assert "<strong>مقعد</strong>" in view.html["what"]
    assert "<script" not in view.html["what"]


@pytest.mark.parametrize(
    ("written", "source", "reader", "shown"),
    [
        (["en"], "de", "en", "en"),
        (["en"], "de", "de", None),
        (["en"], "de", "tr", None),
        (["en", "de"], "uk", "tr", "de"),
        (["de", "tr"], "uk", "tr", "tr"),
        (["de"], "uk", "en", None),
        (["leicht"], "de", "leicht", "leicht"),
        (["leicht"], "de", "de", None),
        (["de"], "tr", "leicht", "de"),
        (["de"], "tr", "tr", None),
        (["pl"], "de", "pl", "pl"),
    ],
)
def test_the_reader_gets_the_nearest_text(
    app: Flask, written: list[str], source: str, reader: str, shown: str | None
) -> None:
    with transaction():
        save("en", "another", subject=SubjectRef("bench", 2), source=source)
        save("en", "noise", subject=SubjectRef("tree", 1), source=source)
        for language in written:
            save(language, language, source=source)
    assert title_for(reader, source) == shown


def test_a_list_needs_one_query(app: Flask) -> None:
    with transaction():
        for number in (1, 2, 3):
            save("en", f"Bench {number}", subject=SubjectRef("bench", number))
    with transaction(write=False), counted_queries() as statements:
        found = best_texts("bench", [1, 2, 3, 4], "en", {1: "de", 2: "de", 3: "en", 4: "de"})
    assert {key: view.fields["title"] for key, view in found.items()} == {1: "Bench 1", 2: "Bench 2"}
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1


def test_states_follow_the_original(both: Flask) -> None:
    with transaction():
        save("en")
        save("tr")
        save("en", subject=SubjectRef("bench", 2))
        request_text_version(BENCH, "uk", source_language="de")

    def states() -> dict[str, str]:
        return {one.language: str(one.state) for one in version_states("bench", 1, "de")}

    expected = {"de": "current", "leicht": "missing", "en": "current", "tr": "current", "uk": "missing"}
    assert states() == {**expected, "ar": "missing"}
    with transaction():
        source_changed(BENCH, {**SOURCE, "title": "Zwei Bänke"})
    assert states() == {**expected, "en": "outdated", "tr": "outdated", "ar": "missing"}
    other = text_in("bench", 2, "en")
    assert other is not None
    assert other.state is TextState.CURRENT
    assert title_for("en") == "Bench"  # outdated is better than unreadable, and marked
    with transaction():
        save("tr", "Bank")
        source_changed(BENCH, SOURCE)
    assert states()["en"] == "current"
    assert states()["tr"] == "current"


def test_asking_for_plain_language_is_remembered_once_and_ends_when_it_is_written(both: Flask) -> None:
    seen: list[object] = []
    for kind in (TextVersionRequested, TextVersionSaved):
        events.subscribe(kind)(seen.append)
    with transaction():
        assert request_plain_language(BENCH, source_language="de") is True
        assert request_plain_language(BENCH, source_language="de") is False
    assert [(one.object_id, one.language) for one in requested_versions("bench")] == [(1, "leicht")]
    assert requested_versions("tree") == []
    assert title_for("leicht") is None
    with transaction():
        save("leicht", "Eine Bank")
        assert request_plain_language(BENCH, source_language="de") is False
    assert requested_versions() == []
    assert seen == [
        TextVersionRequested("bench", 1, "leicht"),
        TextVersionSaved("bench", 1, "leicht", 7, was_requested=True),
    ]
    for kind in (TextVersionRequested, TextVersionSaved):
        events._subscribers[kind].pop()


def test_what_does_not_fit_is_refused_by_name(app: Flask) -> None:
    with transaction():
        with pytest.raises(SameLanguage):
            save("de")
        with pytest.raises(UnknownLanguage):
            save("tlh")
        with pytest.raises(TextMissing) as missing:
            save_text_version(
                WRITER, BENCH, "en", {"title": "Bench", "what": " \n"}, source=SOURCE, source_language="de"
            )
        assert missing.value.field == "what"
        with pytest.raises(TextTooLong) as long:
            save("en", "x" * 201)
        assert long.value.field == "title"
        with pytest.raises(UnknownLanguage):
            request_text_version(BENCH, "xx", source_language="de")
    assert session.scalars(select(TextVersion)).all() == []


def test_an_empty_field_of_the_original_may_stay_empty(app: Flask) -> None:
    with transaction():
        save_text_version(
            WRITER, BENCH, "en", {"title": "B"}, source={"title": "B", "why": ""}, source_language="de"
        )
    assert title_for("en") == "B"


def test_erasing_author_and_object(app: Flask) -> None:
    with transaction():
        save("en")
        save("en", subject=SubjectRef("bench", 2))
        forget_author(7)
    view = text_in("bench", 1, "en")
    assert view is not None
    assert view.author_id is None
    with transaction():
        drop_text_versions(BENCH)
    assert text_in("bench", 1, "en") is None
    assert text_in("bench", 2, "en") is not None


def test_one_row_per_language_whatever_happens_at_once(both: Flask) -> None:
    again = {"kind": "bench", "object_id": 1, "language": "en", "fields": {}, "html": {}}
    with transaction():
        save("en")
    now = clock.now()
    second = TextVersion(**again, created_at=now, updated_at=now)
    with pytest.raises(IntegrityError), transaction():
        session.add(second)
