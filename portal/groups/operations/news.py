"""What members are told, in words. Each piece of news has a name; notices and mails say the same line."""

from __future__ import annotations

from typing import Any

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l

# The notice that says nothing: for discreet groups, and for members who want no group's name on a screen.
NEUTRAL = "portal.news"
_NEUTRAL_LINE = _l("There is something new for you.")

NEWS: dict[str, LazyString] = {
    # joining
    "request": _l("Somebody asks to join “%(title)s”. The group answers."),
    "request_waits": _l("Somebody has been waiting for two weeks for an answer of “%(title)s”."),
    "welcome": _l("You are a member of “%(title)s” now."),
    "declined": _l("“%(title)s” takes nobody in at the moment. There are other groups you can look at."),
    "no_answer": _l(
        "“%(title)s” has not answered you for four weeks. You can take back your request and look at others."
    ),
    "letter": _l("Somebody outside has written to “%(title)s”."),
    "circle": _l("A founding circle has begun: “%(title)s”. You said “me too”, so you can come in."),
    "circle_ended": _l(
        "The founding circle “%(title)s” has ended, because it was quiet for long. You can open it again."
    ),
    "circle_again": _l("The founding circle “%(title)s” is open again. You can take part."),
    # roles
    "role_taken": _l("You have a role in “%(title)s” from now on."),
    "role_offered": _l("In “%(title)s” somebody asks you to take on a role. You can say yes or no."),
    "role_claimed": _l("Somebody in “%(title)s” wants to take on a role. You can agree or object."),
    "role_ends": _l("Your role in “%(title)s” ends in 30 days. You can hand it over or be trusted again."),
    "trust_again": _l("A role in “%(title)s” ends in 30 days. Do you trust the person for another term?"),
    "leaderless": _l("Nobody holds an important role in “%(title)s”. Any two of you can do what it could."),
    "leaderless_long": _l(
        "“%(title)s” has had an empty role for a month. If you want, somebody can accompany the group."
    ),
    # two together
    "together": _l("In “%(title)s” something waits for a second person who agrees."),
    "review": _l("“%(title)s” talks about a membership. Please look at it: your voice counts."),
    "move": _l("“%(title)s” and another group come together, or it parts. You choose what you want."),
    "relation": _l("Another group asks “%(title)s” whether you belong together."),
    "proposal": _l("A proposal asks whether “%(title)s” wants to be named as author."),
    # charter and privacy
    "charter": _l("There is a new version of what “%(title)s” agrees on. Please read it."),
    "charter_review": _l("“%(title)s” wanted to look again at what it agrees on."),
    "privacy": _l("“%(title)s” is more private from now on."),
    "privacy_less": _l("“%(title)s” is less private from now on, as all decided. It holds for new things."),
    # life
    "founded": _l("“%(title)s” is a group now: you have decided it."),
    "check_in": _l("It has been quiet in “%(title)s”. Does it go on?"),
    "founding_quiet": _l("It has been quiet in “%(title)s”, which is being founded. Does it go on?"),
    "dormant": _l("“%(title)s” rests. Any member can wake it with one tap."),
    "active": _l("“%(title)s” goes on."),
    "archive_30": _l("“%(title)s” has rested for long. In 30 days it is archived, if nobody wakes it."),
    "archive_7": _l("“%(title)s” is archived in 7 days, if nobody wakes it."),
    "archived": _l("“%(title)s” is archived. You can still read everything and take it with you."),
    "moderated": _l("Moderation has decided something about “%(title)s”. Read the reasons, or object."),
    "merged": _l("“%(title)s” has become part of another group."),
    # the board, minutes and tasks
    "post": _l("There is something new on the board of “%(title)s”."),
    "answer_on_board": _l("Somebody has answered on the board of “%(title)s”, where you wrote too."),
    "minutes": _l("There are new minutes of “%(title)s”."),
    "task_due": _l("Something you said you would do for “%(title)s” is due soon."),
    # decisions
    "decision_opened": _l("“%(title)s” decides something. Your voice counts."),
    "decision_again": _l("A decision of “%(title)s” goes on. Your voice is asked again."),
    "decision_closed": _l("A decision of “%(title)s” has ended. The result is there."),
    # meetings
    "meeting_planned": _l("“%(title)s” has planned a meeting."),
    "meeting_moved": _l("“%(title)s” has moved a meeting. Please look at the new day and time."),
    "meeting_cancelled": _l("“%(title)s” has cancelled a meeting."),
    "meeting_restored": _l("A meeting of “%(title)s” takes place after all."),
    "meeting_tomorrow": _l("“%(title)s” meets tomorrow. You said that you come, or perhaps."),
    "meeting_asked": _l("Did the last meeting of “%(title)s” take place? One tap is enough."),
    "decision_suggest": _l("“%(title)s” collects suggestions before it decides. You can add yours."),
    "decision_missing": _l("A decision of “%(title)s” ends within a day. Your voice is missing."),
    "decision_objection": _l("There is an objection in “%(title)s”. Please write a text that takes it up."),
    "decision_cancelled": _l("A decision of “%(title)s” was stopped. The reason stands there."),
    "decision_outcome": _l("In “%(title)s” it stands now who does what by when."),
    "decision_review": _l("“%(title)s” wanted to look again at what it decided. Does it still hold?"),
    "decision_in_force": _l("Something “%(title)s” decided is in force now."),
    # accompaniment
    "accompany_proposed": _l("“%(title)s” asks you to accompany it for a time."),
    "accompany_offered": _l("Somebody offers to accompany “%(title)s” for a time. Your group decides."),
    "accompany_agreed": _l("You have agreed on accompaniment: “%(title)s”."),
    "accompany_next": _l("In two weeks the accompaniment of “%(title)s” ends. What comes next?"),
    "accompany_word": _l("There is a new message about the accompaniment of “%(title)s”."),
    "accompany_report": _l(
        "A closing report on the accompaniment of “%(title)s” is there. Please add yours."
    ),
    "accompany_note": _l("Whoever accompanies “%(title)s” has written a note about its founding."),
    "accompany_over": _l("The accompaniment of “%(title)s” is over."),
    "accompany_substitute": _l("Somebody shall stand in for a while at “%(title)s”. Your group decides."),
}


def line_of(values: dict[str, Any]) -> str:
    """One line in the reader's language. values: `what`, a name in NEWS, and `title`, the group's name."""
    words = NEWS.get(str(values.get("what", "")))
    return str(words) % values if words is not None else str(_NEUTRAL_LINE)


def neutral_line(values: dict[str, Any]) -> str:
    """The same words for whatever happened."""
    return str(_NEUTRAL_LINE)
