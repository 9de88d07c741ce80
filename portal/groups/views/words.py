"""Words for templates: what members are told, lines of the history."""

from __future__ import annotations

from flask import Flask

from portal.core.i18n import LazyString
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models.role_labels import role_name
from portal.groups.operations.news import line_of

HISTORY: dict[str, LazyString] = {
    "begun": _l("The founding circle came together"),
    "founded": _l("The group was founded"),
    "joined": _l("Somebody joined"),
    "left": _l("Somebody left"),
    "removed": _l("Somebody is no longer a member"),
    "charter_written": _l("A new version of what the group agrees on"),
    "role_made": _l("A role was made: %(role)s"),
    "role_changed": _l("A role was changed: %(role)s"),
    "role_dropped": _l("A role was dropped"),
    "common_rights_changed": _l("What every member may do was changed"),
    "role_taken": _l("Somebody holds a role: %(role)s"),
    "role_laid_down": _l("Somebody laid a role down: %(role)s"),
    "role_ended": _l("Members took their trust back, and a role ended: %(role)s"),
    "role_term_over": _l("The term of a role was over: %(role)s"),
    "role_claimed": _l("Somebody wants to take on a role: %(role)s"),
    "claim_objected": _l("Somebody objected to a claim: %(role)s"),
    "leaderless": _l("Nobody holds an important role: two members together can act"),
    "has_leader": _l("Somebody holds the important roles again"),
    "done_together": _l("Two members did something together"),
    "asked_whether_it_goes_on": _l("The portal asked whether the group goes on"),
    "went_on": _l("A member said that the group goes on"),
    "agreement_published": _l("Two sides agreed after a talk, and let the group read it"),
    "review_begun": _l("The group talks about a membership"),
    "review_withdrawn": _l("The talk about a membership was taken back"),
    "review_second_round": _l("The vote about a membership goes into a second round"),
    "review_decided": _l("The group decided about a membership"),
    "review_in_force": _l("What was decided about a membership is in force"),
    "appeal_stands": _l("Somebody from outside looked at a decision: it was fair"),
    "appeal_anew": _l("Somebody from outside looked at a decision: it was not fair, and has ended"),
    "move_written": _l("A text about a new group was written"),
    "move_open": _l("A new group opened; each member chooses"),
    "move_done": _l("The new group is there, with those who chose it"),
    "move_off": _l("The new group did not come about"),
    "relation_accepted": _l("The group and another one belong together now"),
    "relation_ended": _l("The group and another one no longer say that they belong together"),
    "state_active": _l("The group is active"),
    "state_dormant": _l("The group rests"),
    "state_archived": _l("The group was archived"),
    "state_founding": _l("The founding circle was opened again"),
    "state_merged": _l("The group became part of another"),
    "card_hidden": _l("Moderation hid the page of the group"),
    "card_restored": _l("Moderation showed the page of the group again"),
    "state_suspended": _l("Moderation stopped the group"),
    "privacy_tightened": _l("The group is more private"),
    "privacy_loosened": _l("The group is less private, as all decided"),
    "profile_changed": _l("What others read about the group was changed"),
    "codes_revoked": _l("All invitation codes were made void"),
    "meeting_held": _l("A meeting took place"),
    "decision_opened": _l("A decision began"),
    "decision_closed": _l("A decision ended"),
}
_TOGETHER: dict[str, LazyString] = {
    "accept": _l("Two members took somebody in"),
    "decline": _l("Two members answered a request with no"),
    "contact": _l("Two members changed how people reach the group"),
    "aim": _l("Two members changed what the group is for"),
    "code": _l("Two members made an invitation"),
    "profile": _l("Two members changed what others read, or how people join"),
    "role": _l("Two members asked somebody to take on a role"),
    "take_out": _l("Two members took a post out"),
    "stop": _l("Two members ended the group"),
}
# What waits for a second person.
ACT_WORDS: dict[str, LazyString] = {
    "accept": _l("Take somebody in"),
    "decline": _l("Say no to somebody who asked"),
    "contact": _l("Other words for how people reach you"),
    "aim": _l("Other words for what the group is for"),
    "code": _l("Make an invitation"),
    "profile": _l("Change what others read, or how people join"),
    "role": _l("Ask somebody to take on a role"),
    "letter": _l("Answer a letter from outside"),
    "take_out": _l("Take a post out"),
    "stop": _l("End the group"),
}
_OTHER = _pl("history", "Something changed")


def group_news(what: str, title: str) -> str:
    """One line of what members are told, for mails."""
    return line_of({"what": what, "title": title})


def told(name: str, data: dict[str, object], roles: dict[str, str]) -> str:
    """A line of history in words. roles: key -> name of the roles there are."""
    words = _TOGETHER.get(str(data.get("act")), _OTHER) if name == "done_together" else HISTORY.get(name)
    role = roles.get(str(data.get("role", "")), _("a role that is no more"))
    return str(words or _OTHER) % {"role": role}


def register_history(words: dict[str, LazyString]) -> None:
    """Another part of groups says what its lines of history mean."""
    HISTORY.update(words)


def init_app(app: Flask) -> None:
    """What templates may say."""
    app.jinja_env.globals.update(group_news=group_news, role_name=role_name)
