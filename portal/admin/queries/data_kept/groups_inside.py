"""Tables of what stands inside groups: the board, minutes, tasks, files."""

from __future__ import annotations

from portal.admin.queries.data_kept.groups import ALIAS, DAY, MEMBER, MEMBERS, OF_GROUP, SEALED_DAYS, WORDS
from portal.admin.queries.data_kept.vocabulary import (
    MODERATORS,
    STATE,
    TableNote,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_LANGUAGE = technical(_l("The language the words seem to be written in, for reading aloud"))
_ONCE = technical(_l("A random number of the form, so that sending it twice is one thing"))
_STATE = technical(_l("How it stands: open, closed, taken out, at the top"))
_PAPERS = _l("As long as the group, five years at most (a setting of the town).")

TABLES: dict[str, TableNote] = {
    "group_post": TableNote(
        _l("Posts on the board of a group."),
        _l("Two years after the last post of the conversation (a setting of the town), or until taken out."),
        _l("the members; of an open group everybody, without names that were not given out"),
        {
            "group_id": OF_GROUP,
            "author_id": MEMBER,
            "alias": ALIAS,
            **dict.fromkeys(("title", "text", "html"), WORDS),
            "language": _LANGUAGE,
            **dict.fromkeys(
                ("written_on", "edited_on", "hidden_on", "pinned_on", "last_on", "delete_on"), DAY
            ),
            **dict.fromkeys(("removed_by", "closed"), _STATE),
            **dict.fromkeys(("thread_id", "last_id", "answers"), STATE),
            "form_key": _ONCE,
        },
    ),
    "group_excerpt": TableNote(
        _l("The words of one post, as a member handed them to moderation."),
        _l("One year."),
        MODERATORS,
        {
            "post_id": technical(_l("Which post it was")),
            "text": WORDS,
            "language": _LANGUAGE,
            **dict.fromkeys(("handed_on", "delete_on"), DAY),
        },
    ),
    "group_minutes": TableNote(
        _l("Minutes of the meetings of a group."),
        _PAPERS,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "sealed": SEALED_DAYS,
            "written_by_id": MEMBER,
            **dict.fromkeys(("title", "present", "text", "html"), WORDS),
            "language": _LANGUAGE,
            **dict.fromkeys(("met_on", "written_on", "changed_on", "delete_on"), DAY),
            "version": STATE,
            "form_key": _ONCE,
        },
    ),
    "group_minutes_decision": TableNote(
        _l("Decisions as minutes note them."),
        _PAPERS,
        MEMBERS,
        {**dict.fromkeys(("minutes_id", "number", "decision_id"), STATE), "text": WORDS},
    ),
    "group_minutes_date": TableNote(
        _l("Which meeting minutes are of."),
        _l("As long as the minutes and the date."),
        MEMBERS,
        dict.fromkeys(("minutes_id", "date_id"), STATE),
    ),
    "group_task": TableNote(
        _l("What there is to do in a group."),
        _PAPERS,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "minutes_id": technical(_l("On which minutes it stands")),
            "what": WORDS,
            **dict.fromkeys(("due_on", "written_on", "ended_on", "reminded_on", "delete_on"), DAY),
            "state": _STATE,
            "form_key": _ONCE,
        },
    ),
    "group_task_doer": TableNote(
        _l("Who does a task."),
        _l("Until it is given back, the member leaves, or the task is erased."),
        MEMBERS,
        {"task_id": STATE, "membership_id": MEMBER, "group_id": OF_GROUP},
    ),
    "group_file": TableNote(
        _l("Pictures and PDFs of a group; on the disk each stands encrypted under a key of its own."),
        _l("Five years at most (a setting of the town); pictures in posts as long as the post."),
        _l("the members; pictures in posts like the post"),
        {
            "group_id": OF_GROUP,
            "post_id": technical(_l("The post it stands in")),
            "author_id": MEMBER,
            "alias": ALIAS,
            "kind": _STATE,
            **dict.fromkeys(("name", "alt"), WORDS),
            "folder": technical(_l("A random name of the folder on the disk")),
            "secret": secret(_l("The key of the file, encrypted: without this row nobody can read it")),
            **dict.fromkeys(("widths", "bytes"), technical(_l("How large it is"))),
            **dict.fromkeys(("added_on", "delete_on"), DAY),
            "form_key": _ONCE,
        },
    ),
}
