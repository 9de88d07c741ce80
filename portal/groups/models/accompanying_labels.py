"""What states, scopes and grants of accompaniment are called."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models.accompanying import AccompanimentState, Grant, Scope
from portal.groups.models.decisions import Status
from portal.groups.models.labels import Look

ACCOMPANIMENT_LOOKS: dict[AccompanimentState, Look] = {
    AccompanimentState.PROPOSED: Look(_pl("accompaniment", "Proposed"), "clock", "wait"),
    AccompanimentState.AGREED: Look(_pl("accompaniment", "Agreed"), "check", "good"),
    AccompanimentState.ENDING: Look(_pl("accompaniment", "Ends soon"), "clock", "wait"),
    AccompanimentState.ENDED: Look(_pl("accompaniment", "Over"), "book"),
    AccompanimentState.TERMINATED: Look(_pl("accompaniment", "Ended early"), "book"),
    AccompanimentState.DECLINED: Look(_pl("accompaniment", "Did not come about"), "info"),
}
SCOPE_LABELS: dict[Scope, LazyString] = {
    Scope.ROOM: _l("Finding a room"),
    Scope.FIRST_MEETINGS: _l("The first meetings"),
    Scope.PUBLICITY: _l("Becoming known"),
    Scope.CONFLICT: _l("A conflict"),
    Scope.MONEY: _l("Money"),
    Scope.LEGAL: _l("Legal questions"),
}
GRANT_LABELS: dict[Grant, LazyString] = {
    Grant.BOARD: _l("The board, minutes, tasks and files"),
    Grant.EVENTS: _l("The dates of meetings"),
    Grant.MEMBER_COUNT: _l("How many members there are"),
    Grant.ROOM_BOOKINGS: _l("Bookings of rooms, to prepare them"),
    Grant.ATTEND: _l("Coming to meetings, and what the group has decided"),
}
# What came of a decision, for somebody who was not there.
DECIDED_LABELS: dict[Status, LazyString] = {
    Status.ADOPTED: _pl("decision", "adopted"),
    Status.NOT_ADOPTED: _pl("decision", "not adopted"),
    Status.NO_QUORUM: _pl("decision", "too few took part"),
    Status.TIE: _pl("decision", "a tie"),
    Status.RUN_OFF: _pl("decision", "goes into a run-off"),
    Status.WITHDRAWN: _pl("decision", "withdrawn"),
    Status.CHANGED: _pl("decision", "changed later"),
}
