"""A group says what it is in the languages of its members."""

from __future__ import annotations

import json

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.i18n import LANGUAGES
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import TooLong
from portal.groups.events import GroupProfileChanged
from portal.groups.models import AIM_LENGTH, CHARTER_FIELD_LENGTH, NAME_LENGTH, Group, GroupText
from portal.groups.operations.founding import checked_aim, checked_name

WELCOME_LENGTH = 2000
_LONGEST = {
    "name": NAME_LENGTH,
    "aim": AIM_LENGTH,
    "welcome": WELCOME_LENGTH,
    "contact_way": CHARTER_FIELD_LENGTH,
}


def write_text(group: Group, language: str, *, actor: Actor, words: dict[str, str]) -> None:
    """The group's words in one language: name, aim, welcome, contact way. Empty ones fall back to its own.

    In the group's own language name, aim and contact way are the group's. Raises TooLong, NameMissing,
    AimMissing.
    """
    ensure(actor, "groups.edit_profile", group)
    cleaned = {
        name: (clean_line if name in ("name", "aim") else clean_text)(words.get(name, "")).strip()
        for name in _LONGEST
    }
    for name, longest in _LONGEST.items():
        if len(cleaned[name]) > longest:
            raise TooLong(field=name)
    if language == group.language:
        group.name, group.aim = checked_name(cleaned["name"]), checked_aim(cleaned["aim"])
        group.contact_way = cleaned["contact_way"]
    _store(group, language, cleaned)
    emit(GroupProfileChanged(group.id))


def _store(group: Group, language: str, words: dict[str, str]) -> None:
    row = {
        "group_id": group.id,
        "language": language,
        "texts": json.dumps(words, ensure_ascii=False),
        "changed_on": clock.today(),
    }
    session.flush()
    statement = upsert(GroupText).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["group_id", "language"],
            set_={"texts": statement.excluded.texts, "changed_on": statement.excluded.changed_on},
        )
    )
    kept = session.identity_map.get(session.identity_key(GroupText, (group.id, language)))
    if kept is not None:
        session.expire(kept)


def set_languages(group: Group, *, actor: Actor, languages: list[str]) -> None:
    """Which languages are spoken in the group; its own is always among them."""
    ensure(actor, "groups.edit_profile", group)
    wanted = [slug for slug in LANGUAGES if slug in languages or slug == group.language]
    group.languages = wanted
    emit(GroupProfileChanged(group.id))
