"""What search knows of groups: those everybody may know of, in every language they speak. Nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from portal.core import search
from portal.core.db import session
from portal.core.search import Document
from portal.groups.models import Group, GroupText
from portal.groups.queries.finding import is_listed, listed_condition

KIND = "group"


def reindex(group_id: int) -> None:
    """Put the group into search as it is now, or take it out."""
    search.drop(KIND, group_id)
    group = session.get(Group, group_id)
    if group is not None and is_listed(group):
        session.flush()
        for one in _documents([group]):
            search.put(KIND, one.id, one.language, one.title, one.body)


def documents(after: int, limit: int) -> Sequence[Document]:
    """The next listed groups, for making the index anew."""
    query = select(Group).where(Group.id > after, listed_condition()).order_by(Group.id).limit(limit)
    return _documents(list(session.scalars(query)))


def _documents(groups: list[Group]) -> list[Document]:
    query = select(GroupText).where(GroupText.group_id.in_([group.id for group in groups]))
    texts: dict[int, list[GroupText]] = {}
    for row in session.scalars(query.order_by(GroupText.language)):
        texts.setdefault(row.group_id, []).append(row)
    found = []
    for group in groups:
        found.append(Document(group.id, group.language, group.name, group.aim))
        for row in texts.get(group.id, ()):
            words = json.loads(row.texts)
            body = " ".join(filter(None, (words.get("aim", ""), words.get("welcome", ""))))
            if row.language != group.language:
                found.append(Document(group.id, row.language, words.get("name") or group.name, body))
    return found
