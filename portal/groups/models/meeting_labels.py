"""What rhythms, answers and readers of meetings are called."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models.labels import Look
from portal.groups.models.meetings import Answer, Held, MeetingSeen, Repeats

REPEATS_LABELS: dict[Repeats, LazyString] = {
    Repeats.ONCE: _pl("meeting", "Once"),
    Repeats.WEEKLY: _pl("meeting", "Every week"),
    Repeats.FORTNIGHTLY: _pl("meeting", "Every two weeks"),
    Repeats.MONTHLY_WEEKDAY: _l("Every month on this weekday, for example on the second Tuesday"),
    Repeats.MONTHLY_LAST: _l("Every month on the last such weekday"),
    Repeats.MONTHLY_DATE: _l("Every month on this date, for example on the 15th"),
}
SEEN_LABELS: dict[MeetingSeen, LazyString] = {
    MeetingSeen.MEMBERS: _l("Members only"),
    MeetingSeen.GUESTS: _l("Members, and people who asked for the dates"),
    MeetingSeen.EVERYBODY: _pl("meeting", "Everybody"),
}
ANSWER_LOOKS: dict[Answer, Look] = {
    Answer.YES: Look(_pl("attendance", "I come"), "check", "good"),
    Answer.MAYBE: Look(_pl("attendance", "Perhaps"), "help", "wait"),
    Answer.NO: Look(_pl("attendance", "I do not come"), "close", ""),
}
COMER_LABELS: dict[Answer, LazyString] = {
    Answer.YES: _pl("attendance", "Come"),
    Answer.MAYBE: _pl("attendance", "Come perhaps"),
    Answer.NO: _pl("attendance", "Do not come"),
}
HELD_LOOKS: dict[Held, Look] = {
    Held.HELD: Look(_pl("meeting", "Took place"), "check", "good"),
    Held.NOT_HELD: Look(_pl("meeting", "Did not take place"), "close", ""),
    Held.UNKNOWN: Look(_pl("meeting", "Not known"), "help", ""),
}
CANCELLED = Look(_pl("meeting", "Cancelled"), "close", "bad")
MOVED = Look(_pl("meeting", "Moved"), "alert", "wait")
