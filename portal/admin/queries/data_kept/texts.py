"""Tables of texts and pictures, places, discussions and the site's own pages."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    ADMINISTRATORS,
    EVERYBODY,
    FOR_GOOD,
    TableNote,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_FILE = technical(_l("What kind of file it is, how long it plays, whether it has a preview"))

TABLES: dict[str, TableNote] = {
    "picture": TableNote(
        _l("Photos of things in the portal: only pixels, no place and no device."),
        _l("As long as the thing they belong to; without one seven days."),
        _l("whoever may see the thing"),
        {
            "folder": technical(_l("Random name of the folder with the files")),
            "alt": public(_l("What is to be seen, in words")),
            "widths": technical(_l("Sizes of the files")),
            "color": technical(_l("Colour that fills the space until the photo is there")),
            "bytes": technical(_l("Size on disk, for the limit per person")),
            "sha256": technical(_l("To notice the same picture twice")),
        },
    ),
    "video": TableNote(
        _l("Videos in sign language, with their words."),
        _l("As long as the thing they belong to."),
        _l("whoever may see the thing"),
        {
            "page": technical(_l("Which page")),
            "folder": technical(_l("Random name of the folder with the files")),
            "extension": _FILE,
            "seconds": _FILE,
            "has_poster": _FILE,
            "bytes": technical(_l("Size on disk, for the limit per person")),
        },
    ),
    "text_version": TableNote(
        _l("Versions of texts in other languages and in plain language."),
        _l("As long as the thing they belong to."),
        EVERYBODY,
        {
            "fields": public(_l("The words as typed")),
            "html": public(_l("The words as shown")),
            "source_hash": technical(_l("To notice that the original changed")),
        },
    ),
    "site_page": TableNote(
        _l("Published versions of imprint, privacy and the other pages of the site."),
        FOR_GOOD,
        EVERYBODY,
        {
            "page": technical(_l("Which page")),
            "body": public(_l("The text")),
            "note": public(_l("What was changed, in a few words")),
        },
    ),
    "barrier_report": TableNote(
        _l("Reports that something cannot be used, to be answered within four weeks."),
        _l("The contact 90 days after the answer, the rest twelve months."),
        ADMINISTRATORS,
        {
            "page": technical(_l("Path of the page it is about")),
            "text": private(_l("What did not work")),
            "contact": secret(_l("Where to answer, if given; encrypted")),
            "answer": private(_l("What was answered")),
        },
    ),
    "thread": TableNote(
        _l("The conversation below a thing."),
        _l("As long as the thing it belongs to."),
        EVERYBODY,
        {
            "is_open": technical(_l("Whether new comments are possible")),
            "locked_at": technical(_l("Since when moderation has closed it")),
            "locked_until": technical(_l("Until when moderation has closed it")),
            "slow_until": technical(_l("How long everybody writes only once in a while")),
            "slow_at": technical(_l("Since when everybody writes only once in a while")),
        },
    ),
    "comment": TableNote(
        _l("Comments of neighbours and staff."),
        _l("As long as the author wants; the text goes, the place in the conversation stays."),
        EVERYBODY,
        {
            "form_key": technical(_l("So that a double click is one comment")),
            "stance": public(_l("In favour, against or a question, if said")),
        },
    ),
    "comment_version": TableNote(
        _l("What a comment said before it was changed."), _l("As long as the comment."), EVERYBODY
    ),
    "district": TableNote(
        _l("Parts of the town."),
        FOR_GOOD,
        EVERYBODY,
        {
            "slug": public(_l("The word in addresses")),
            "geometry": public(_l("The outline")),
            "label_lat": public(_l("Where the name stands on the map")),
            "label_lon": public(_l("Where the name stands on the map")),
        },
    ),
    "organization": TableNote(
        _l("Organisations that work in the town."),
        FOR_GOOD,
        EVERYBODY,
        {
            "description": public(_l("What it does")),
            "contact": public(_l("How to reach it")),
            "website": public(_l("Its own page")),
        },
    ),
}
