"""What search finds of proposals: the original, and each version in another language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from portal.content.models import TextState, TextVersion
from portal.core.db import session
from portal.core.search import Document
from portal.core.text import plain_text
from portal.proposals.models import Proposal


def search_documents(after_id: int, limit: int) -> list[Document]:
    """Everything findable of the next `limit` listed proposals after this id, in the order of their ids."""
    query = select(Proposal).where(Proposal.listed, Proposal.id > after_id).order_by(Proposal.id).limit(limit)
    found = list(documents_of(list(session.scalars(query))))
    session.expunge_all()
    return found


def documents_of(proposals: Sequence[Proposal]) -> Iterator[Document]:
    """The documents of these proposals, one per language of each; one query for all versions."""
    query = select(TextVersion).where(
        TextVersion.kind == "proposal",
        TextVersion.object_id.in_([one.id for one in proposals]),
        TextVersion.state != TextState.MISSING,
    )
    versions: dict[int, list[TextVersion]] = {}
    for version in session.scalars(query.order_by(TextVersion.id)):
        versions.setdefault(version.object_id, []).append(version)
    for proposal in proposals:
        texts = (proposal.what_md, proposal.why_md, proposal.for_whom_md)
        body = _joined(*texts, proposal.place_words)
        yield Document(proposal.id, proposal.language, proposal.title, body, proposal.published_at)
        for version in versions.get(proposal.id, []):
            if version.language != proposal.language:
                yield _of_version(proposal, version)


def _of_version(proposal: Proposal, version: TextVersion) -> Document:
    fields = version.fields
    body = _joined(*(fields.get(name, "") for name in ("what", "why", "for_whom")), proposal.place_words)
    return Document(proposal.id, version.language, fields.get("title", ""), body, proposal.published_at)


def _joined(*texts: str) -> str:
    return "\n\n".join(plain_text(text) for text in texts if text)
