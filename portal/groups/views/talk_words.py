"""Mediations and reviews in words."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models import (
    Mediation,
    MediationState,
    MembershipReview,
    ReviewResult,
    ReviewState,
    TalkSubject,
)
from portal.groups.models.labels import Look
from portal.groups.operations.peace.rows import has_mediator

SUBJECT_WORDS: dict[TalkSubject, LazyString] = {
    TalkSubject.BETWEEN_PEOPLE: _l("Something between people"),
    TalkSubject.RULES: _l("Rules of the group"),
    TalkSubject.HOW_WE_WORK: _l("How we work together"),
    TalkSubject.WITH_PROFESSIONAL: _l("Something with a professional"),
}
STANDS: dict[MediationState, Look] = {
    MediationState.ASKED: Look(_pl("talk", "The link waits"), "clock", "wait"),
    MediationState.PARTIES_ASKED: Look(_pl("talk", "Asked"), "clock", "wait"),
    MediationState.ACCEPTED: Look(_pl("talk", "Both want to talk"), "check", "info"),
    MediationState.SCHEDULED: Look(_pl("talk", "There is a date"), "calendar", "info"),
    MediationState.RUNNING: Look(_pl("talk", "You are talking"), "comment", "info"),
    MediationState.DECLINED: Look(_pl("talk", "Not wanted"), "close"),
    MediationState.AGREED: Look(_pl("talk", "Agreed"), "check", "good"),
    MediationState.NO_AGREEMENT: Look(_pl("talk", "No agreement"), "minus"),
    MediationState.WITHDRAWN: Look(_pl("talk", "Ended"), "close"),
}
REVIEW_STANDS: dict[ReviewState, Look] = {
    ReviewState.PROPOSED: Look(_pl("review", "A second person has to join"), "clock", "wait"),
    ReviewState.HEARING: Look(_pl("review", "The person is heard"), "comment", "info"),
    ReviewState.VOTING: Look(_pl("review", "Secret vote"), "check", "info"),
    ReviewState.DECIDED: Look(_pl("review", "Decided"), "check", "wait"),
    ReviewState.IN_FORCE: Look(_pl("review", "In force"), "check"),
    ReviewState.OVER: Look(_pl("review", "Over"), "check"),
}
RESULT_WORDS: dict[ReviewResult, LazyString] = {
    ReviewResult.NO_CHANGE: _l("Nothing changes."),
    ReviewResult.MEASURE: _l("A measure was decided."),
    ReviewResult.EXCLUSION: _l("The person is excluded for a time."),
    ReviewResult.NO_QUORUM: _l("Too few took part, twice. Nothing changes."),
    ReviewResult.LEFT: _l("The person has left the group. Nothing more is decided."),
    ReviewResult.WITHDRAWN: _l("It was taken back."),
}


def where_it_stands(mediation: Mediation) -> str:
    """One sentence: what happens next."""
    if mediation.state is MediationState.ACCEPTED:
        if has_mediator(mediation):
            return _("You have somebody who helps. The next step is a date.")
        return _("Now you look for somebody who helps and whom both sides accept.")
    return _NEXT[mediation.state].__str__()


_NEXT: dict[MediationState, LazyString] = {
    MediationState.ASKED: _l("Hand the link over. Whoever opens it is asked whether they want to talk."),
    MediationState.PARTIES_ASKED: _l("The other person can say yes or no. No reason is needed."),
    MediationState.SCHEDULED: _l("You meet. Whoever helps says here when the talk begins."),
    MediationState.RUNNING: _l("When you have found something, write it down here. Each side agrees to it."),
    MediationState.DECLINED: _l("One side did not want this. In sixty days you can ask again."),
    MediationState.AGREED: _l("All have agreed. Your words are deleted after ninety days."),
    MediationState.NO_AGREEMENT: _l("This time it did not work. Nobody is to blame. You can try it again."),
    MediationState.WITHDRAWN: _l("One side did not go on. Your words are deleted after ninety days."),
}


def choice_words(review: MembershipReview, choice: ReviewResult) -> str:
    """What somebody votes for, in words."""
    if choice is ReviewResult.NO_CHANGE:
        return _("No change")
    if choice is ReviewResult.MEASURE:
        return review.measure
    months = max(1, round(review.exclusion_days / 30.5))
    return _("Exclusion for %(months)s months", months=months)
