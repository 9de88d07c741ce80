"""Texts of an object in other languages and in plain language."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, update

from portal.content.errors import SameLanguage, TextMissing, TextTooLong, UnknownLanguage
from portal.content.events import TextVersionRequested, TextVersionSaved
from portal.content.models import TextState, TextVersion
from portal.content.queries.texts import PLAIN, is_text_language, source_hash, version_of
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.subjects import SubjectRef
from portal.core.text import MAX_MARKDOWN_CHARACTERS, clean_line, clean_text, render_markdown

# Fields of one line; every other field is Markdown.
LINES = frozenset({"title", "name"})
LONGEST_LINE = 200

audit.schema("content.version_saved", fields=("language",), visibility="public")


def save_text_version(
    actor: Actor,
    subject: SubjectRef,
    language: str,
    fields: Mapping[str, str],
    *,
    source: Mapping[str, str],
    source_language: str,
) -> TextVersion:
    """Write an object's text in one language; it counts as current with the original as it is now.

    fields and source have the same names; `title` is one line, the others are Markdown. Raises
    UnknownLanguage, SameLanguage, TextMissing (a field that the original has is empty) or TextTooLong.
    """
    words = checked_words(language, fields, source=source, source_language=source_language)
    row = version_of(subject.kind, subject.id, language)
    was_requested = row is not None and row.state == TextState.MISSING
    now = clock.now()
    if row is None:
        row = TextVersion(
            kind=subject.kind, object_id=subject.id, language=language, fields={}, html={}, created_at=now
        )
        session.add(row)
    row.fields = words
    row.html = {name: render_markdown(text) for name, text in words.items() if name not in LINES}
    row.state, row.source_hash, row.updated_at = TextState.CURRENT, source_hash(source), now
    row.author_id, row.requested_at = actor.account_id, None
    session.flush()
    audit.record("content.version_saved", actor=actor, subject=(subject.kind, subject.id), language=language)
    emit(TextVersionSaved(subject.kind, subject.id, language, actor.account_id, was_requested))
    return row


def checked_words(
    language: str, fields: Mapping[str, str], *, source: Mapping[str, str], source_language: str
) -> dict[str, str]:
    """The words as they would be kept; refuses what `save_text_version` refuses. Writes nothing."""
    _check_language(language, source_language)
    return _clean(fields, source)


def checked_text(fields: Mapping[str, str], *, source: Mapping[str, str]) -> dict[str, str]:
    """The same for words in the language of the original: TextMissing, TextTooLong."""
    return _clean(fields, source)


def _check_language(language: str, source_language: str) -> None:
    if not is_text_language(language):
        raise UnknownLanguage
    if language == source_language:
        raise SameLanguage


def _clean(fields: Mapping[str, str], source: Mapping[str, str]) -> dict[str, str]:
    words = {}
    for name, original in source.items():
        typed = fields.get(name, "")
        words[name] = clean_line(typed) if name in LINES else clean_text(typed)
        if original.strip() and not words[name].strip():
            raise TextMissing(field=name)
        if len(words[name]) > (LONGEST_LINE if name in LINES else MAX_MARKDOWN_CHARACTERS):
            raise TextTooLong(field=name)
    return words


def request_text_version(subject: SubjectRef, language: str, *, source_language: str) -> bool:
    """Remember that somebody needs this text in a language. Asking twice changes nothing.

    Who asked is not kept. Returns whether this was the first time.
    """
    _check_language(language, source_language)
    now = clock.now()
    statement = upsert(TextVersion).values(
        kind=subject.kind,
        object_id=subject.id,
        language=language,
        fields={},
        html={},
        source_hash="",
        state=TextState.MISSING,
        requested_at=now,
        created_at=now,
        updated_at=now,
    )
    keys = ["kind", "object_id", "language"]
    made = session.scalar(statement.on_conflict_do_nothing(index_elements=keys).returning(TextVersion.id))
    if made is not None:
        emit(TextVersionRequested(subject.kind, subject.id, language))
    return made is not None


def request_plain_language(subject: SubjectRef, *, source_language: str) -> bool:
    """Ask for the text in Leichte Sprache; returns whether this was the first time."""
    return request_text_version(subject, PLAIN, source_language=source_language)


def source_changed(subject: SubjectRef, source: Mapping[str, str]) -> None:
    """The original was edited: versions of other words are outdated, those of equal words current again."""
    here = (TextVersion.kind == subject.kind, TextVersion.object_id == subject.id)
    written = TextVersion.state != TextState.MISSING
    digest = source_hash(source)
    for is_equal, state in ((True, TextState.CURRENT), (False, TextState.OUTDATED)):
        fits = TextVersion.source_hash == digest if is_equal else TextVersion.source_hash != digest
        session.execute(update(TextVersion).where(*here, written, fits).values(state=state))


def drop_text_versions(subject: SubjectRef) -> None:
    """The object is gone for good: so are its texts in other languages."""
    session.execute(
        delete(TextVersion).where(TextVersion.kind == subject.kind, TextVersion.object_id == subject.id)
    )


def forget_author(account_id: int) -> None:
    """The account is erased: its texts stay without a name."""
    session.execute(update(TextVersion).where(TextVersion.author_id == account_id).values(author_id=None))
