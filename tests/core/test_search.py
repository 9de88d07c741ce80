"""Search: the same on both databases, forgiving with spelling, in step with its rows, unmoved by nonsense."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from portal.core import migrate, search
from portal.core.db import db, session, transaction
from portal.core.search import Document, Hit, SearchDoc, ddl, rebuilding
from portal.core.search.documents import row, write
from portal.core.search.finding import COUNT_AHEAD
from portal.core.search.order import number_of_kind
from portal.core.search.similarity import likeness
from portal.core.text import tokens
from tests.conftest import make_settings, running_app
from tests.support.search_corpus import KINDS, QUESTIONS, documents

SIZE = 3_000


def ids(hits):
    return [hit.id for hit in hits]


def fill(count):
    rows = [row(*document) for document in documents(count)]
    with transaction():
        for begin in range(0, count, 500):
            write(rows[begin : begin + 500])


@pytest.fixture(scope="module")
def answers(tmp_path_factory, postgres, sqlite_template, postgres_template):
    """Every question asked of the same documents in both databases."""
    result = {}
    for name in ("sqlite", "postgresql"):
        folder = tmp_path_factory.mktemp(name) / "instance"
        database = postgres.create(postgres_template)
        url = postgres.url(database) if name == "postgresql" else f"sqlite:///{folder / 'portal.db'}"
        settings = make_settings(folder, database_url=url)
        if name == "sqlite":
            (folder / "portal.db").write_bytes(sqlite_template.read_bytes())
        with running_app(settings):
            fill(SIZE)
            with transaction(write=False):
                result[name] = {question: ask(question) for question in QUESTIONS}
    return result


def ask(question):
    whole = search.find(question, KINDS, limit=SIZE)
    assert whole.total == len(whole) == len(set(whole))
    pages = [search.find(question, KINDS, limit=7, offset=offset) for offset in (0, 7, 14)]
    assert [hit for page in pages for hit in page] == whole[:21]
    for page, offset in zip(pages, (0, 7, 14), strict=True):  # exact up to a bound that goes along
        assert page.total == (whole.total if whole.corrected else min(whole.total, offset + COUNT_AHEAD))
        assert page.is_more == (whole.total > page.total)
    found = set(session.scalars(search.matching_ids(question, "proposal")))
    if not whole.corrected:
        assert found == {hit.id for hit in whole if hit.kind == "proposal"}
    each = search.find_each(question, dict.fromkeys(KINDS, 7))
    for kind, hits in each.items():
        of_kind = [hit for hit in whole if hit.kind == kind]
        assert hits == of_kind[:7]
        assert hits.corrected == (bool(of_kind) and whole.corrected)
        assert hits.total == (len(of_kind) if whole.corrected else min(len(of_kind), COUNT_AHEAD))
        assert hits.is_more == (len(of_kind) > hits.total)
    return list(whole), whole.total, whole.corrected, found


def test_both_databases_give_the_same_answers_in_the_same_order(answers):
    assert len(QUESTIONS) >= 29
    assert answers["sqlite"] == answers["postgresql"]
    found = {question: total for question, (_, total, _, _) in answers["sqlite"].items()}
    assert sum(total > 0 for total in found.values()) > 60  # equality of nothing would prove nothing
    assert found["xyzzy"] == found[""] == found["%"] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spielplatz", "spielplatz"),
        ("STRASSE", "straße"),
        ("cafe", "café"),
        ("أحمد", "احمد"),
        ("شجرة", "شجره"),
        ("İZMİR", "izmir"),
        ("кавярня", "кав’ярня"),
        ("bank\nkita", "bank kita"),
        ("%bank%", "bank"),
        ("title:bank", "{title}:bank"),
    ],
)
def test_spelling_that_means_the_same_finds_the_same(answers, one, other):
    assert answers["sqlite"][one] == answers["sqlite"][other]
    assert answers["sqlite"][one][1] > 0 or ":" in one


@pytest.mark.parametrize("question", ["spilplatz", "sizbank", "майданчк", "playgrond", "bushaltstelle"])
def test_misspelt_words_find_what_was_meant_and_say_so(answers, question):
    hits, total, corrected, _ = answers["sqlite"][question]
    assert corrected
    assert total == len(hits) > 5


def test_titles_come_before_texts_and_new_before_old(both):
    with transaction():
        search.put("proposal", 1, "de", "Bank", "", datetime(2025, 1, 1, tzinfo=UTC))
        search.put("proposal", 2, "de", "Hecke", "neben der Bank", datetime(2026, 9, 1, tzinfo=UTC))
        search.put("proposal", 3, "de", "Sitzbank", "", datetime(2026, 1, 1, tzinfo=UTC))
        search.put("proposal", 4, "de", "Eine Bank", "", datetime(2026, 1, 1, tzinfo=UTC))
        search.put("proposal", 5, "de", "Bank ohne Datum", "")
        search.put("comment", 4, "de", "Bankkonto", "", datetime(2024, 1, 1, tzinfo=UTC))
    hits = search.find("bank", ["proposal", "comment"])
    assert hits == [Hit("proposal", 4), Hit("proposal", 1), Hit("comment", 4), Hit("proposal", 5),
                    Hit("proposal", 3), Hit("proposal", 2)]  # fmt: skip
    assert ids(search.find("bank", ["comment"])) == [4]
    assert search.find("bank", []) == []


def test_an_object_in_several_languages_is_found_once_and_by_each(both):
    with transaction():
        search.put("proposal", 1, "de", "Bank am Brunnen", "")
        search.put("proposal", 1, "tr", "Çeşme yanında bank", "")
        search.put("proposal", 2, "de", "Brunnen", "")
    for question in ("bank", "çeşme", "brunnen bank"):
        assert search.find(question, ["proposal"])[0] == Hit("proposal", 1)
    assert search.find("bank", ["proposal"]).total == 1
    assert ids(search.find("çeşme brunnen", ["proposal"])) == []  # not across languages
    with transaction():
        search.drop("proposal", 1, "tr")
    assert ids(search.find("çeşme", ["proposal"])) == []
    assert ids(search.find("bank", ["proposal"])) == [1]
    with transaction():
        search.drop("proposal", 1)
    assert ids(search.find("bank", ["proposal"])) == []


def test_a_changed_text_is_found_by_its_new_words_only(both):
    for title, body in (("Bank", "aus Holz"), ("Tisch", "aus Stein"), ("Tisch", "aus Stein")):
        with transaction():
            search.put("proposal", 1, "de", title, body)
    for gone in ("bank", "holz"):
        assert ids(search.find(gone, ["proposal"])) == []
    for there in ("tisch", "stein", "tis"):
        assert ids(search.find(there, ["proposal"])) == [1]


def are_whole():
    """FTS5 raises when an index is out of step with its rows (rank 1: those of the content, too)."""
    with transaction():
        for name in ddl.FTS:
            session.execute(text(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)"))  # noqa: S608


def test_what_there_is_little_of_follows_its_rows(app):
    """It has an index of its own on SQLite, which holds nothing of the many."""
    with transaction():
        search.put("proposal", 1, "de", "Bank am Markt", "Holz")
        for number in (1, 2, 3):
            search.put("group", number, "de", "Garten am Markt", "Tisch")
    with transaction():
        search.put("group", 2, "de", "Werkstatt am Markt", "Tisch")
        search.drop("group", 3)
    question = {"proposal": 9, "group": 9}
    assert [ids(hits) for hits in search.find_each("markt", question).values()] == [[1], [2, 1]]
    assert [ids(hits) for hits in search.find_each("werk", question).values()] == [[], [2]]
    assert [ids(hits) for hits in search.find_each("arten", question).values()] == [[], [1]]
    assert [ids(hits) for hits in search.find_each("holz", question).values()] == [[1], []]
    beside = "SELECT count(*) FROM search_word_beside WHERE search_word_beside MATCH 'markt'"
    assert session.scalar(text(beside)) == 2
    session.rollback()
    are_whole()


def test_rows_deleted_behind_our_back_leave_the_index_whole(both):
    fill(60)
    with transaction():
        session.execute(delete(SearchDoc).where(SearchDoc.object_id < 30))
        session.execute(text("UPDATE search_doc SET title = 'wintergarten' WHERE object_id = 40"))
    assert ids(search.find("wintergarten", KINDS)) == [40]
    assert all(hit.id >= 30 for hit in search.find("d", KINDS, limit=100))
    if db.engine.dialect.name == "sqlite":
        are_whole()


def test_what_is_rolled_back_is_not_found(both):
    with pytest.raises(RuntimeError), transaction():
        search.put("proposal", 1, "de", "Bank", "")
        raise RuntimeError
    assert ids(search.find("bank", ["proposal"])) == []


HOSTILE = [
    "%%%%%%%%%%_%_%_" * 125,
    "\\" * 2000,
    "a " * 1000,
    "a" * 2000,
    "ab" * 1000,
    '"' * 2000,
    "(" * 2000,
    "* AND " * 330,
    "NEAR(" * 400,
    "ß" * 2000,
    "\u0301" * 2000,
    "ﷺ" * 2000,
    "𝕭𝖆𝖓𝖐 " * 400,
    "的" * 2000,
    "' OR 1=1-- ",
    "name'; DROP TABLE vote;--",
    "%27)%20UNION%20SELECT",
    "\ud800",
    "e e e e e e e e e e " * 200,
]


def test_hostile_questions_are_answered_quickly(both):
    fill(1500)
    for question in HOSTILE:
        begun = time.perf_counter()
        search.find(question, KINDS)
        search.similar(question, "proposal")
        session.scalars(search.matching_ids(question, "proposal")).all()
        assert time.perf_counter() - begun < 0.5, question[:20]
    assert search.find("bank", KINDS).total > 0


def test_only_the_first_eighty_characters_count(app):
    with transaction():
        search.put("proposal", 1, "de", "Bank", "")
    assert ids(search.find("bank" + " " * 76 + "unsinn", ["proposal"])) == [1]
    assert ids(search.find("bank" + " " * 70 + "unsinn", ["proposal"])) == []


TITLES = [
    "Bank vor der Kita Sonnenweg",
    "Mehr Licht am Bahnhof",
    "Hundewiese im Park",
    "Neuer Spielplatz für die Nordstadt",
    "Tempo 30 in der Lindenstraße",
    "Bücherschrank am Marktplatz",
    "Trinkbrunnen im Stadtpark",
    "Sicherer Schulweg zur Grundschule",
    "مقعد أمام الروضة",
    "Нова лавка біля школи",
    "Parka yeni bank",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sitzbank bei Kita Sonnenweg", "Bank vor der Kita Sonnenweg"),
        ("Beleuchtung: mehr Licht beim Bahnhof!", "Mehr Licht am Bahnhof"),
        ("Spielplatz in der Nordstadt", "Neuer Spielplatz für die Nordstadt"),
        ("Tempo-30-Zone Lindenstrasse", "Tempo 30 in der Lindenstraße"),
        ("Ein Bücherschrank für den Marktplaz", "Bücherschrank am Marktplatz"),
        ("Brunnen zum Trinken im Stadtpark", "Trinkbrunnen im Stadtpark"),
        ("مقعد امام الروضه", "مقعد أمام الروضة"),
        ("лавка біля школы", "Нова лавка біля школи"),
    ],
)
def test_similar_titles_are_hinted_at(both, written, meant):
    with transaction():
        for number, title in enumerate(TITLES, 1):
            search.put("proposal", number, "de", title, "")
        search.put("comment", 99, "de", written, "")
    hits = search.similar(written, "proposal")
    assert [TITLES[hit.id - 1] for hit in hits][:1] == [meant]
    assert len(hits) <= 2
    assert TITLES.index(meant) + 1 not in ids(search.similar(written, "proposal", exclude=[hits[0].id]))


@pytest.mark.parametrize("written", ["Blumen am Ufer", "Park", "der die das", "", "Fahrradständer", "🙂"])
def test_what_is_not_similar_is_not_hinted_at(both, written):
    with transaction():
        for number, title in enumerate(TITLES, 1):
            search.put("proposal", number, "de", title, "")
    assert [TITLES[hit.id - 1] for hit in search.similar(written, "proposal")] == []


def test_likeness_is_the_worked_example_of_its_docstring():
    one, other = tokens("Sitzbank bei Kita Sonnenweg"), tokens("Bank vor der Kita Sonnenweg")
    assert round(likeness(one, other), 2) == 0.76
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1.0
    assert likeness((), one) == 0.0


@pytest.fixture
def providers(monkeypatch):
    known = {}
    monkeypatch.setattr(rebuilding, "_providers", known)
    return known


def test_rebuild_makes_everything_anew_in_batches(both, providers, monkeypatch):
    monkeypatch.setattr(rebuilding, "BATCH", 10)
    with transaction():
        search.put("proposal", 3, "de", "Veraltet", "steht nicht mehr da")
        search.put("proposal", 7, "tr", "Eski", "")
        search.put("proposal", 500, "de", "Gelöscht", "")
        search.put("gone", 1, "de", "Art gibt es nicht mehr", "")
    asked, told = [], []

    def batch(after, limit):
        asked.append((after, limit))
        numbers = [n for n in range(1, 36) if n > after and n != 20][:limit]
        return [Document(n, lang, f"Titel {n}", lang) for n in numbers for lang in ("de", "en")]

    search.register_provider("proposal", batch)
    assert search.rebuild(lambda kind, count: told.append((kind, count))) == {"proposal": 68}
    assert asked == [(0, 10), (10, 10), (21, 10), (31, 10), (35, 10)]
    assert told == [("proposal", 20), ("proposal", 20), ("proposal", 20), ("proposal", 8), ("proposal", 0)]
    assert rebuilding.document_count() == 68
    for question in ("veraltet", "eski", "gelöscht", "art"):
        assert ids(search.find(question, ["proposal", "gone"])) == []
    assert ids(search.find("titel 3", ["proposal"])) == [3, 35, 34, 33, 32, 31, 30, 23, 13]
    assert search.rebuild() == {"proposal": 68}  # again, and nothing changes
    assert rebuilding.document_count() == 68


def test_rebuild_repairs_an_index_that_lost_its_rows(app, providers):
    search.register_provider("proposal", lambda after, limit: [Document(1, "de", "Bank", "")][after:])
    search.rebuild()
    with transaction():
        session.execute(text("INSERT INTO search_word(search_word) VALUES ('delete-all')"))
    assert session.scalar(text("SELECT count(*) FROM search_word WHERE search_word MATCH 'bank'")) == 0
    session.rollback()
    search.rebuild()
    assert session.scalar(text("SELECT count(*) FROM search_word WHERE search_word MATCH 'bank'")) == 1


def test_a_kind_has_one_provider(providers):
    search.register_provider("proposal", lambda after, limit: [])
    with pytest.raises(ValueError, match="two providers"):
        search.register_provider("proposal", lambda after, limit: [])
    others = (f"kind{number}" for number in range(500))
    twin = next(one for one in others if number_of_kind(one) == number_of_kind("group"))
    search.register_provider("group", lambda after, limit: [])
    with pytest.raises(ValueError, match="another name"):
        search.register_provider(twin, lambda after, limit: [])


@pytest.mark.parametrize("kind", ["proposal", "group"])
def test_deleted_words_are_gone_from_the_file_after_tidying(app, kind):
    path = db.engine.url.database
    with transaction():
        search.put(kind, 1, "de", "Kanarienvogel", "Xylophonorchester")
        search.put(kind, 2, "de", "Bank", "")
    with transaction():
        search.drop(kind, 1)
    with transaction():
        search.tidy()
    session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(path).read_bytes()
    assert b"xylophonorchester" not in content
    assert b"kanarienvogel" not in content
    assert b"bank" in content


def test_the_index_can_be_taken_away_and_made_again_with_its_rows(both):
    fill(200)
    before = search.find("bank", KINDS, limit=200)
    session.rollback()
    with transaction():
        search.ddl.drop(session.connection())
        search.ddl.create(session.connection())
    after = search.find("bank", KINDS, limit=200)
    assert after == before
    assert after.total == before.total > 0


def test_migrations_do_not_see_the_index(both):
    hidden = [name for name in map(str, migrate.differences()) if "search_" in name or "tsv" in name]
    assert [line for line in hidden if "search_doc'" not in line] == []


def test_the_database_knows_the_letters_of_all_scripts(both):
    assert search.trigram_ok()


def test_a_postgresql_database_with_letters_of_one_script_is_noticed(postgres, tmp_path):
    name = postgres.create()
    with running_app(make_settings(tmp_path / "instance", database_url=postgres.url(name))):
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(
                text("CREATE DATABASE ascii_only TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'")
            )
    with running_app(make_settings(tmp_path / "other", database_url=postgres.url("ascii_only"))):
        SearchDoc.__table__.create(db.engine)
        assert not search.trigram_ok()
    postgres.drop("ascii_only")
    postgres.drop(name)
