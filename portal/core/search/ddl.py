"""The index objects beside search_doc: FTS5 with triggers on SQLite, tsvector and trigrams on PostgreSQL.

They come with `metadata.create_all`; a migration calls `create(connection)` after it has made the table,
and `drop(connection)` before it drops it. SQLite's batch mode drops triggers: a migration that rebuilds
search_doc must call both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event

from portal.core.search.documents import SearchDoc
from portal.core.search.order import stretch_beside

BESIDE = stretch_beside()[0]
# The index of words and that of parts of titles, each over everything, and over what there is little of: FTS5
# prepares its answer out of a whole index, whatever stretch of it is asked for.
FTS = ("search_word", "search_tri", "search_word_beside", "search_tri_beside")
_FORGET = (
    "INSERT INTO search_word{0}(search_word{0}, rowid, title, body)"
    " VALUES ('delete', old.id, old.title, old.body);"
    " INSERT INTO search_tri{0}(search_tri{0}, rowid, title) VALUES ('delete', old.id, old.title);"
)
_LEARN = (
    "INSERT INTO search_word{0}(rowid, title, body) VALUES (new.id, new.title, new.body);"
    " INSERT INTO search_tri{0}(rowid, title) VALUES (new.id, new.title);"
)
_CHANGED = "(old.title IS NOT new.title OR old.body IS NOT new.body OR old.id IS NOT new.id)"
# unicode61 would also fold; we have done that already, the same way for both databases.
_SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE search_word{0} USING fts5(title, body, content='{1}', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    "CREATE VIRTUAL TABLE search_tri{0} USING fts5(title, content='{1}', content_rowid='id',"
    " tokenize='trigram')",
    f"CREATE TRIGGER search_doc_insert{{0}} AFTER INSERT ON search_doc WHEN {{2}} BEGIN {_LEARN} END",
    f"CREATE TRIGGER search_doc_delete{{0}} AFTER DELETE ON search_doc WHEN {{3}} BEGIN {_FORGET} END",
    # A document keeps its kind, so it never moves from one stretch to the other.
    f"CREATE TRIGGER search_doc_update{{0}} AFTER UPDATE ON search_doc WHEN {_CHANGED} AND {{2}}"
    f" BEGIN {_FORGET} {_LEARN} END",
)
_SQLITE_CREATE = (
    *(one.format("", "search_doc", "1", "1") for one in _SQLITE_INDEX),
    f"CREATE VIEW search_beside AS SELECT id, title, body FROM search_doc WHERE id >= {BESIDE}",  # noqa: S608
    *(
        one.format("_beside", "search_beside", f"new.id >= {BESIDE}", f"old.id >= {BESIDE}")
        for one in _SQLITE_INDEX
    ),
)
_SQLITE_DROP = (
    *(
        f"DROP TRIGGER IF EXISTS search_doc_{name}{where}"
        for name in ("insert", "delete", "update")
        for where in ("", "_beside")
    ),
    *(f"DROP TABLE IF EXISTS {name}" for name in FTS),
    "DROP VIEW IF EXISTS search_beside",
)
# The words are made into a tsvector without PostgreSQL's parser, which would see numbers, hosts and paths.
_WORDS = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_COLUMN = "ALTER TABLE search_doc ADD COLUMN {} tsvector GENERATED ALWAYS AS ({}) STORED"
# What there are few of is found without reading about all that there is much of.
_BESIDE = f"id >= {BESIDE}"
_POSTGRES_CREATE = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    _COLUMN.format("tsv", _WORDS.format("title || ' ' || body")),
    _COLUMN.format("tsv_title", _WORDS.format("title")),
    "CREATE INDEX search_doc_words ON search_doc USING gin (tsv)",
    f"CREATE INDEX search_doc_words_beside ON search_doc USING gin (tsv) WHERE {_BESIDE}",
    f"CREATE INDEX search_doc_parts_beside ON search_doc USING gin (title gin_trgm_ops) WHERE {_BESIDE}",
    "CREATE INDEX search_doc_trigrams ON search_doc USING gin (title gin_trgm_ops)",
)
_POSTGRES_DROP = (
    "DROP INDEX IF EXISTS search_doc_trigrams",
    "DROP INDEX IF EXISTS search_doc_parts_beside",
    "DROP INDEX IF EXISTS search_doc_words_beside",
    "DROP INDEX IF EXISTS search_doc_words",
    "ALTER TABLE search_doc DROP COLUMN IF EXISTS tsv_title, DROP COLUMN IF EXISTS tsv",
)


def create(connection: Connection) -> None:
    """Make the index of an existing table search_doc, and fill it from rows that are there already."""
    for statement in _POSTGRES_CREATE if connection.dialect.name == "postgresql" else _SQLITE_CREATE:
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "sqlite":
        fill(connection)


def drop(connection: Connection) -> None:
    """Take the index away; the table stays."""
    for statement in _POSTGRES_DROP if connection.dialect.name == "postgresql" else _SQLITE_DROP:
        connection.exec_driver_sql(statement)


def fill(connection: Connection) -> None:
    """SQLite: make the index anew from the rows. (PostgreSQL's cannot be out of step.)"""
    for name in FTS:
        connection.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608  fixed names


@event.listens_for(SearchDoc.__table__, "after_create")
def _with_table(target: Any, connection: Connection, **kwargs: Any) -> None:
    create(connection)


@event.listens_for(SearchDoc.__table__, "before_drop")
def _before_table(target: Any, connection: Connection, **kwargs: Any) -> None:
    drop(connection)
