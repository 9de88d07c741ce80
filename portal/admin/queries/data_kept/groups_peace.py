"""Tables of conflict, and of groups that come together, part, or stand beside each other."""

from __future__ import annotations

from portal.admin.queries.data_kept.groups import (
    ALIAS,
    DAY,
    MEMBER,
    MEMBERS,
    OF_GROUP,
    REF,
    RULE,
    WITH_GROUP,
    WORDS,
)
from portal.admin.queries.data_kept.vocabulary import (
    COUNT,
    EVERYBODY,
    NOBODY,
    STATE,
    WHEN,
    TableNote,
    personal,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_REACH = private(_l("The account, encrypted, so that the person can be told that there is something new"))
_TALK = private(_l("Words of people who settle something, encrypted; only those who take part read them"))
_ANSWER = private(_l("What somebody said who takes part"))
_TALKERS = _l("only those who take part")
_NINETY = _l("90 days after the end.")
_MOVE_KEPT = _l("30 days after it is done or called off.")

TABLES: dict[str, TableNote] = {
    "group_mediation": TableNote(
        _l("Talks with somebody who takes no side."),
        _NINETY,
        _TALKERS,
        {
            "group_id": OF_GROUP,
            "link_hash": secret(_l("Hash of the link one person hands to the other")),
            **dict.fromkeys(("subject_kind", "wanted", "agreement_version"), STATE),
            **dict.fromkeys(("opening", "external", "place", "agreement"), _TALK),
            "meets_at": private(_l("When they talk")),
            **dict.fromkeys(("asked_on", "ended_on", "delete_on", "published_on"), DAY),
        },
    ),
    "group_mediation_person": TableNote(
        _l("Who takes part in a talk, and what they agreed to."),
        _NINETY,
        _TALKERS,
        {
            "mediation_id": STATE,
            "part": STATE,
            "ref": REF,
            "reach": _REACH,
            "alias": ALIAS,
            **dict.fromkeys(("says_yes", "accepts_mediator", "agrees_to", "publishes"), _ANSWER),
        },
    ),
    "group_mediation_note": TableNote(
        _l("What people in a talk write to each other."),
        _NINETY,
        _TALKERS,
        {"mediation_id": STATE, "person_id": MEMBER, "on": DAY, "words": _TALK},
    ),
    "group_mediation_fact": TableNote(
        _l("What stays of a talk: its kind, its outcome and the quarter."),
        _l("For good: it says nothing about anybody."),
        _l("nobody; figures only from a certain number on"),
        {"subject_kind": STATE, "outcome": STATE, "quarter": DAY},
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
            "since_on": DAY,
        },
    ),
    "group_review": TableNote(
        _l("That a group talks about a membership, as the last resort."),
        _NINETY,
        _l("the members, the person it is about, and somebody from outside whom that person asked"),
        {
            "group_id": OF_GROUP,
            **dict.fromkeys(("affected_id", "starter_id", "second_id"), MEMBER),
            "alias": ALIAS,
            **dict.fromkeys(
                ("topic", "measure", "statement", "helper", "appeal_words", "appeal_answer"), WORDS
            ),
            **dict.fromkeys(
                ("measure_days", "exclusion_days", "round", "exclusion_possible", "result", "appeal"), STATE
            ),
            **dict.fromkeys(
                ("begun_on", "decided_on", "effective_on", "until_on", "appeal_until", "delete_on"), DAY
            ),
            **dict.fromkeys(("hearing_until", "closes_at"), WHEN),
            "appeal_ref": REF,
            "appeal_reach": _REACH,
            "appeal_name": ALIAS,
        },
    ),
    "group_review_elector": TableNote(
        _l("Who may vote on a membership, and who has; never how."),
        _NINETY,
        NOBODY,
        {"review_id": STATE, "ref": REF, "voted": technical(_l("Whether this member has voted"))},
    ),
    "group_review_tally": TableNote(
        _l("How often what was voted, without names."),
        _NINETY,
        MEMBERS,
        {"review_id": STATE, "round": STATE, "choice": STATE, "count": COUNT},
    ),
    "group_move": TableNote(
        _l("The text on which groups decide that come together or part."),
        _MOVE_KEPT,
        MEMBERS,
        {
            **dict.fromkeys(("privacy", "target_id"), RULE),
            **dict.fromkeys(("name", "aim", "charter"), WORDS),
            "code_hash": secret(_l("Hash of the three words one group tells the other")),
            **dict.fromkeys(("created_on", "until_on", "delete_on"), DAY),
        },
    ),
    "group_move_side": TableNote(
        _l("Which groups come together or part, and what each decided."),
        _MOVE_KEPT,
        MEMBERS,
        {"move_id": STATE, "group_id": OF_GROUP, "decision_id": RULE},
    ),
    "group_move_answer": TableNote(
        _l("What each member wants when groups come together or part."),
        _MOVE_KEPT,
        _l("the member themselves; others see the new group"),
        {"side_id": STATE, "ref": REF, "choice": private(_l("Whether the member comes or stays"))},
    ),
    "group_move_thing": TableNote(
        _l("Where the things of a group go when it parts."),
        _MOVE_KEPT,
        MEMBERS,
        {"move_id": STATE, "number": STATE, "words": WORDS, "goes": RULE},
    ),
    "group_relation": TableNote(
        _l("Which groups say that they belong together."),
        WITH_GROUP,
        _l("everybody who may know of both groups; of a discreet group only the members of the two"),
        {
            **dict.fromkeys(("low_id", "high_id", "low_discreet", "high_discreet", "asked_by_id"), OF_GROUP),
            "part_id": RULE,
            **dict.fromkeys(("asked_on", "changed_on"), DAY),
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
            **dict.fromkeys(("asked_on", "agreed_on"), DAY),
        },
    ),
}
