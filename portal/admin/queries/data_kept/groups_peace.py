"""Tables of conflict, and of groups that come together, part, or stand beside each other."""

from __future__ import annotations

from portal.admin.queries.data_kept.groups import MEMBERS, OF_GROUP, WITH_GROUP
from portal.admin.queries.data_kept.vocabulary import (
    EVERYBODY,
    NOBODY,
    TableNote,
    personal,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_DAY = technical(_l("The day it happened or ends; never the hour"))
_WHEN = technical(_l("When it happened"))
_STATE = technical(_l("Where it stands"))
_RULE = technical(_l("How the group works"))
_REF = secret(
    _l("A keyed hash of account and group: the portal finds its own member, the table alone lists nobody")
)
_REACH = private(_l("The account, encrypted, so that the person can be told that there is something new"))
_ALIAS = private(_l("The name the member had in the group, for when they leave; encrypted"))
_MEMBER = personal(_l("Which member of the group, under the name used there"))
_TALK = private(_l("Words of people who settle something, encrypted; only those who take part read them"))
_ANSWER = private(_l("What somebody said who takes part"))
_TALKERS = _l("only those who take part")
_NINETY = _l("90 days after the end.")
_WORDS = private(_l("Words of the group, encrypted; who reads them depends on its privacy"))
_COUNT = technical(_l("How many there are"))
_MOVE_KEPT = _l("30 days after it is done or called off.")

TABLES: dict[str, TableNote] = {
    "group_mediation": TableNote(
        _l("Talks with somebody who takes no side."),
        _NINETY,
        _TALKERS,
        {
            "group_id": OF_GROUP,
            "link_hash": secret(_l("Hash of the link one person hands to the other")),
            **dict.fromkeys(("subject_kind", "wanted", "agreement_version"), _STATE),
            **dict.fromkeys(("opening", "external", "place", "agreement"), _TALK),
            "meets_at": private(_l("When they talk")),
            **dict.fromkeys(("asked_on", "ended_on", "delete_on", "published_on"), _DAY),
        },
    ),
    "group_mediation_person": TableNote(
        _l("Who takes part in a talk, and what they agreed to."),
        _NINETY,
        _TALKERS,
        {
            "mediation_id": _STATE,
            "part": _STATE,
            "ref": _REF,
            "reach": _REACH,
            "alias": _ALIAS,
            **dict.fromkeys(("says_yes", "accepts_mediator", "agrees_to", "publishes"), _ANSWER),
        },
    ),
    "group_mediation_note": TableNote(
        _l("What people in a talk write to each other."),
        _NINETY,
        _TALKERS,
        {"mediation_id": _STATE, "person_id": _MEMBER, "on": _DAY, "words": _TALK},
    ),
    "group_mediation_fact": TableNote(
        _l("What stays of a talk: its kind, its outcome and the quarter."),
        _l("For good: it says nothing about anybody."),
        _l("nobody; figures only from a certain number on"),
        {"subject_kind": _STATE, "outcome": _STATE, "quarter": _DAY},
    ),
    "group_mediator": TableNote(
        _l("Who offers to help others talk."),
        _l("Until it is taken back, or the account is deleted."),
        _l("people who look for somebody who helps"),
        {
            "account_id": personal(_l("Who offers it")),
            "is_professional": technical(_l("Whether the person works for the town")),
            "about": private(_l("What the person says about themselves")),
            "languages": private(_l("Languages the person speaks")),
            "since_on": _DAY,
        },
    ),
    "group_review": TableNote(
        _l("That a group talks about a membership, as the last resort."),
        _NINETY,
        _l("the members, the person it is about, and somebody from outside whom that person asked"),
        {
            "group_id": OF_GROUP,
            **dict.fromkeys(("affected_id", "starter_id", "second_id"), _MEMBER),
            "alias": _ALIAS,
            **dict.fromkeys(
                ("topic", "measure", "statement", "helper", "appeal_words", "appeal_answer"), _WORDS
            ),
            **dict.fromkeys(
                ("measure_days", "exclusion_days", "round", "exclusion_possible", "result", "appeal"), _STATE
            ),
            **dict.fromkeys(
                ("begun_on", "decided_on", "effective_on", "until_on", "appeal_until", "delete_on"), _DAY
            ),
            **dict.fromkeys(("hearing_until", "closes_at"), _WHEN),
            "appeal_ref": _REF,
            "appeal_reach": _REACH,
            "appeal_name": _ALIAS,
        },
    ),
    "group_review_elector": TableNote(
        _l("Who may vote on a membership, and who has; never how."),
        _NINETY,
        NOBODY,
        {"review_id": _STATE, "ref": _REF, "voted": technical(_l("Whether this member has voted"))},
    ),
    "group_review_tally": TableNote(
        _l("How often what was voted, without names."),
        _NINETY,
        MEMBERS,
        {"review_id": _STATE, "round": _STATE, "choice": _STATE, "count": _COUNT},
    ),
    "group_move": TableNote(
        _l("The text on which groups decide that come together or part."),
        _MOVE_KEPT,
        MEMBERS,
        {
            **dict.fromkeys(("privacy", "target_id"), _RULE),
            **dict.fromkeys(("name", "aim", "charter"), _WORDS),
            "code_hash": secret(_l("Hash of the three words one group tells the other")),
            **dict.fromkeys(("created_on", "until_on", "delete_on"), _DAY),
        },
    ),
    "group_move_side": TableNote(
        _l("Which groups come together or part, and what each decided."),
        _MOVE_KEPT,
        MEMBERS,
        {"move_id": _STATE, "group_id": OF_GROUP, "decision_id": _RULE},
    ),
    "group_move_answer": TableNote(
        _l("What each member wants when groups come together or part."),
        _MOVE_KEPT,
        _l("the member themselves; others see the new group"),
        {"side_id": _STATE, "ref": _REF, "choice": private(_l("Whether the member comes or stays"))},
    ),
    "group_move_thing": TableNote(
        _l("Where the things of a group go when it parts."),
        _MOVE_KEPT,
        MEMBERS,
        {"move_id": _STATE, "number": _STATE, "words": _WORDS, "goes": _RULE},
    ),
    "group_relation": TableNote(
        _l("Which groups say that they belong together."),
        WITH_GROUP,
        _l("everybody who may know of both groups; of a discreet group only the members of the two"),
        {
            **dict.fromkeys(("low_id", "high_id", "low_discreet", "high_discreet", "asked_by_id"), OF_GROUP),
            "part_id": _RULE,
            **dict.fromkeys(("asked_on", "changed_on"), _DAY),
        },
    ),
    "proposal_group": TableNote(
        _l("Groups that stand behind a proposal, or are asked to."),
        _l("Until one side ends it, or the group becomes discreet or is erased."),
        EVERYBODY,
        {
            "group_id": public(_l("Which group stands behind it")),
            "is_discreet": technical(_l("Always no: the database refuses a discreet group here")),
            "part": public(_l("Whether it is an author, or carries the result out")),
            "group_answers": technical(_l("Which side was asked")),
            **dict.fromkeys(("asked_on", "agreed_on"), _DAY),
        },
    ),
}
