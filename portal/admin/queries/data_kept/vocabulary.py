"""Words that all tables share: classes of data, and columns that mean the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l


class Class(StrEnum):
    """How a column has to be handled."""

    TECHNICAL = "technical"
    PUBLIC = "public"
    PERSONAL = "personal"
    PRIVATE = "private"
    SECRET = "secret"  # noqa: S105  the name of a class of data


CLASS_WORDS: dict[Class, LazyString] = {
    Class.TECHNICAL: _l("technical: says nothing about a person"),
    Class.PUBLIC: _l("public: written to be read by everybody"),
    Class.PERSONAL: _l("personal: points at a person"),
    Class.PRIVATE: _l("private: only the person and those it was written for"),
    Class.SECRET: _l("secret: kept only as a hash or encrypted, shown to nobody"),
}


@dataclass(frozen=True)
class Note:
    """What a column is for, and how it has to be handled."""

    kind: Class
    purpose: LazyString


@dataclass(frozen=True)
class TableNote:
    """What a table is for, how long its rows stay, who sees them; columns that are its own."""

    purpose: LazyString
    kept: LazyString
    seen_by: LazyString
    columns: dict[str, Note] = field(default_factory=dict)


def technical(purpose: LazyString) -> Note:
    """Says nothing about a person."""
    return Note(Class.TECHNICAL, purpose)


def public(purpose: LazyString) -> Note:
    """Written to be read by everybody."""
    return Note(Class.PUBLIC, purpose)


def personal(purpose: LazyString) -> Note:
    """Points at a person."""
    return Note(Class.PERSONAL, purpose)


def private(purpose: LazyString) -> Note:
    """Only for the person and those it was written for."""
    return Note(Class.PRIVATE, purpose)


def secret(purpose: LazyString) -> Note:
    """Kept only as a hash or encrypted."""
    return Note(Class.SECRET, purpose)


EVERYBODY = _l("everybody")
NOBODY = _l("nobody")
OWNER = _l("the person it belongs to")
MODERATORS = _l("moderators of the district, the people concerned")
ADMINISTRATORS = _l("administrators")
WITH_PROPOSAL = _l("As long as the proposal.")
WITH_ACCOUNT = _l("Until the account is deleted.")
WITH_CASE = _l("Twelve months after the case ended.")
FOR_GOOD = _l("As long as the portal.")

_WHOSE = personal(_l("Which account it belongs to"))
_BY = personal(_l("Which account did it, for accountability"))
WHEN = technical(_l("When it happened"))
COUNT = technical(_l("How many there are"))
STATE = technical(_l("Where it stands"))
_LINK = technical(_l("Which row of another table it belongs to"))
_PLACE = technical(_l("Which part of the town it is about"))
_TEXT = public(_l("The text as it was written, and as it is shown"))

_MOMENTS = (
    *("at", "created_at", "updated_at", "changed_at", "edited_at", "written_at", "published_at"),
    *("answered_at", "asked_at", "opened_at", "closed_at", "decided_at", "claimed_at", "done_at"),
    *("read_at", "sent_at", "sending_at", "started_at", "joined_at", "prepared_at", "replaced_at"),
    *("requested_at", "confirmed_at", "proposed_at", "ended_at", "cancelled_at", "used_at"),
    *("finished_at", "first_look_at", "auto_hidden_at", "refused_at", "retired_at"),
    *("archived_at", "revoked_at"),
)
_LINKS = (
    *("proposal_id", "thread_id", "comment_id", "case_id", "decision_id", "merge_id", "target_id"),
    *("source_id", "need_id", "answer_id", "similar_id", "parent_id", "notice_id", "replaces_id"),
    *("new_decision_id", "merged_into_id", "object_id", "owner_id", "subject_id", "organization_id"),
    *("process_id",),
)
COMMON: dict[str, Note] = {
    "id": technical(_l("Number inside the database")),
    "public_id": technical(_l("Random id in addresses, so that rows cannot be counted")),
    "account_id": _WHOSE,
    "author_id": _WHOSE,
    "uploader_id": _WHOSE,
    "reporter_id": _WHOSE,
    "editor_id": _BY,
    "decided_by": _BY,
    "answered_by": _BY,
    "claimed_by": _BY,
    "proposed_by": _BY,
    "confirmed_by": _BY,
    "ended_by": _BY,
    "made_by": _BY,
    "requested_by": _BY,
    "changed_by": _BY,
    "prepared_by_id": _BY,
    "published_by_id": _BY,
    "started_by_id": _BY,
    "invited_by_id": _BY,
    "created_by_id": _BY,
    "assessor_id": _BY,
    **dict.fromkeys(_MOMENTS, WHEN),
    **dict.fromkeys(("due_at", "due_on", "review_due_at"), technical(_l("By when somebody has to act"))),
    **dict.fromkeys(("expires_at", "undo_until"), technical(_l("When it ends by itself"))),
    **dict.fromkeys(("starts_at", "ends_at"), public(_l("From when until when it is open"))),
    "hidden_at": technical(_l("Since when moderation has hidden it")),
    "deleted_at": technical(_l("Since when its content is gone")),
    **dict.fromkeys(_LINKS, _LINK),
    **dict.fromkeys(
        ("subject_kind", "owner_kind", "kind"), technical(_l("What kind of thing it is or belongs to"))
    ),
    "district_id": _PLACE,
    "language": technical(_l("Language of the text, for reading aloud and for versions")),
    "direction": technical(_l("Reading direction of the text")),
    "position": technical(_l("Order in the list")),
    "number": technical(_l("Number of the version")),
    "title": public(_l("Its title")),
    "name": public(_l("Its name")),
    **dict.fromkeys(
        (
            *("what_md", "what_html", "why_md", "why_html", "for_whom_md", "for_whom_html"),
            *("text_md", "text_html", "reason_md", "reason_html", "body_md", "body_html"),
        ),
        _TEXT,
    ),
    "place_words": public(_l("Where it is, in words")),
    "token_hash": secret(_l("Hash of a random token; the token itself is only with the person")),
    "state": technical(_l("How far it is")),
    "status": technical(_l("How far it is")),
}
