"""Tables of a group's words in several languages, and of letters to its contact people."""

from __future__ import annotations

from portal.admin.queries.data_kept.groups import DAY, OF_GROUP, WITH_GROUP
from portal.admin.queries.data_kept.vocabulary import TableNote, private, secret, technical
from portal.core.i18n import lazy_gettext as _l

_LETTER = technical(_l("Which letter it belongs to"))

TABLES: dict[str, TableNote] = {
    "group_text": TableNote(
        _l("How a group describes itself in one more language."),
        WITH_GROUP,
        _l("depends on its privacy: everybody, its members, or nobody outside"),
        {
            "group_id": OF_GROUP,
            "texts": private(_l("Words of the group, encrypted; who reads them depends on its privacy")),
            "changed_on": DAY,
        },
    ),
    "group_letter": TableNote(
        _l("Somebody outside writes to the contact people of a group, or to all groups about a topic."),
        _l("60 days after the last word; at once when its writer deletes it or the account."),
        _l("its writer, and the contact people of the groups it reaches"),
        {
            "group_id": OF_GROUP,
            "writer_ref": secret(_l("A keyed hash of the account: its owner finds the letter, nobody else")),
            "reach": private(_l("The account, encrypted, of somebody who wants to hear of an answer")),
            "topic": private(_l("What somebody looks for, as a coarse topic")),
            "name": private(_l("The name chosen for the letter")),
            "form_key": secret(_l("Hash of account and form, so that a double click is one letter")),
            **dict.fromkeys(("begun_on", "delete_on"), DAY),
        },
    ),
    "group_letter_text": TableNote(
        _l("One text of such a letter."),
        _l("With the letter."),
        _l("its writer, and the contact people of the group"),
        {
            "letter_id": _LETTER,
            "group_id": OF_GROUP,
            "thread": technical(_l("Stands for the group in the pages of the writer")),
            "from_group": technical(_l("Which side wrote it")),
            "text": private(_l("The text, encrypted")),
            "on": DAY,
        },
    ),
}
