"""A group in the languages it speaks."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import session
from portal.groups.models import Group, GroupText


@dataclass(frozen=True)
class GroupWords:
    """What the page of a group says in one language; what was not translated stands in the group's own."""

    name: str
    aim: str
    welcome: str
    contact_way: str


def texts_of(group: Group) -> dict[str, GroupWords]:
    """By language, the group's own first. One question."""
    rows = session.scalars(
        select(GroupText).where(GroupText.group_id == group.id).order_by(GroupText.language)
    )
    stored = {row.language: json.loads(row.texts) for row in rows}
    welcome = stored.pop(group.language, {}).get("welcome", "")
    own = GroupWords(group.name, group.aim, welcome, group.contact_way)
    found = {group.language: own}
    for language, words in stored.items():
        found[language] = GroupWords(
            words.get("name") or own.name,
            words.get("aim") or own.aim,
            words.get("welcome") or "",
            words.get("contact_way") or own.contact_way,
        )
    return found


def text_in(group: Group, language: str) -> dict[str, str]:
    """What is stored for one language, as it was typed; empty where nothing is."""
    row = session.get(GroupText, (group.id, language))
    words: dict[str, str] = json.loads(row.texts) if row else {}
    return words
