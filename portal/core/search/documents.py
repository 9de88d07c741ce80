"""What is searched: one row per object and language, folded words only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Text, UniqueConstraint, delete, or_
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, session, upsert
from portal.core.search.order import document_id
from portal.core.text import tokens

MOST_TITLE_WORDS = 60
MOST_BODY_WORDS = 20_000


class SearchDoc(Base):
    """The words of one object in one language. The id says where it stands among all (see order.py)."""

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("kind", "object_id", "language"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(16))
    weight_date: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


def row(
    kind: str, object_id: int, language: str, title: str, body: str, weight_date: datetime | None
) -> dict[str, Any]:
    """The values of a row. Words are joined by single spaces, so that both databases split them alike."""
    return {
        "id": document_id(kind, object_id, language, weight_date),
        "kind": kind,
        "object_id": object_id,
        "language": language,
        "weight_date": weight_date,
        "title": " ".join(tokens(title)[:MOST_TITLE_WORDS]),
        "body": " ".join(tokens(body)[:MOST_BODY_WORDS]),
    }


def write(rows: list[dict[str, Any]]) -> None:
    """Insert or change rows; unchanged ones are not written, which spares the index."""
    if not rows:
        return
    statement = upsert(SearchDoc.__table__).values(rows)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "object_id", "language"],
        set_={"id": new.id, "title": new.title, "body": new.body, "weight_date": new.weight_date},
        where=or_(
            SearchDoc.id != new.id,
            SearchDoc.title != new.title,
            SearchDoc.body != new.body,
            SearchDoc.weight_date.is_distinct_from(new.weight_date),
        ),
    )
    session.execute(statement)


def put(
    kind: str, id: int, language: str, title: str, body: str, weight_date: datetime | None = None
) -> None:
    """Let this object be found by these words; `weight_date` puts newer ones first. Safe to repeat."""
    write([row(kind, id, language, title, body, weight_date)])


def drop(kind: str, id: int, language: str | None = None) -> None:
    """Let this object not be found any more, in one language or in all."""
    statement = delete(SearchDoc).where(SearchDoc.kind == kind, SearchDoc.object_id == id)
    if language is not None:
        statement = statement.where(SearchDoc.language == language)
    session.execute(statement)
