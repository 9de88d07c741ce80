"""Tables of groups: the group, its members, the roles they share, and what they decide."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    COUNT,
    EVERYBODY,
    NOBODY,
    OWNER,
    WHEN,
    TableNote,
    personal,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

ALIAS = private(_l("The name the member had in the group, for when they leave; encrypted"))
WITH_GROUP = _l("As long as the group; archived groups are erased after a year, discreet ones after 30 days.")
ANSWERS_KEPT = _l("Two years after the decision has ended; what came out stays as long as the group.")
MEMBERS = _l("the members of the group")
OF_GROUP = technical(_l("Which group it belongs to"))
SEALED_DAYS = private(_l("The days of a discreet group, encrypted; the columns beside it say nothing then"))
RULE = technical(_l("How the group works"))
WORDS = private(_l("Words of the group, encrypted; who reads them depends on its privacy"))
DAY = technical(_l("The day it happened or ends; never the hour"))
REF = secret(
    _l("A keyed hash of account and group: the portal finds its own member, the table alone lists nobody")
)
MEMBER = personal(_l("Which member of the group, under the name used there"))

ONCE = secret(_l("Hash of account and form, so that a double click is done once"))

_GROUP_RULES = (
    *("privacy", "is_discreet", "join_way", "preset", "member_rights", "languages", "topic", "capacity"),
    *("min_size", "meeting_interval_days", "default_method", "origin_kind", "origin_id", "state_before"),
    *("takes_letters",),
)
_GROUP_DAYS = (
    *("created_on", "founded_at", "last_sign_on", "checkin_sent_on", "checkins_unanswered", "purge_on"),
    *("leaderless_since", "loosened_on", "dormant_on", "pause_until", "suspended_until", "hidden_on"),
)
_DECISION_RULES = (
    *(
        "method",
        "target",
        "secret",
        "results_shown",
        "reasons",
        "electorate",
        "quorum_kind",
        "quorum",
        "majority",
    ),
    *("run_off_below_half", "lots_on_tie", "max_choices", "points_total", "points_each", "round"),
    *("reasons", "fallback_method", "opens_at", "closes_at", "extended", "reminded_at"),
)

_PEOPLE: dict[str, TableNote] = {
    "group_membership": TableNote(
        _l("How somebody stands to a group. In a discreet group the database refuses to hold the account."),
        _l("Until 60 days after leaving, a year after being removed; at once when the account is deleted."),
        _l("the members, by the name used in the group; in a discreet group nobody"),
        {
            "group_id": OF_GROUP,
            "is_discreet": RULE,
            "ref": REF,
            "reach": private(_l("The account, encrypted, of a member of a discreet group who wants notices")),
            "alias": private(_l("The name somebody uses in the group")),
            "alias_skeleton": secret(_l("Hash of that name, so that nobody uses one that looks the same")),
            "answers": private(_l("Answers to the group's questions, until the request is decided")),
            "asked_on": DAY,
            "decided_on": DAY,
            "reminded_on": DAY,
            "member_since": DAY,
            "paused_until": DAY,
            "barred_until": DAY,
            "charter_version": technical(_l("Which version of the charter the member agreed to")),
            "shown_publicly": technical(_l("Whether the member wants to be seen from outside")),
            "quiet": technical(_l("Whether notices from this group say nothing")),
            "waited": technical(_l("Whether somebody asked before joining")),
        },
    ),
    "group_role": TableNote(
        _l("Roles a group shares out."),
        WITH_GROUP,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "label": private(_l("What the group calls the role")),
            **dict.fromkeys(
                ("key", "rights", "how", "term_months", "max_holders", "is_required", "starts_decisions"),
                RULE,
            ),
        },
    ),
    "group_role_holder": TableNote(
        _l("Who holds a role until which day."),
        _l("Until the term ends."),
        MEMBERS,
        {
            **dict.fromkeys(("role_id", "how"), RULE),
            "membership_id": MEMBER,
            **dict.fromkeys(("from_on", "until_on", "reminded_on"), DAY),
        },
    ),
    "group_role_offer": TableNote(
        _l("That somebody is asked to take on a role."),
        _l("Until the answer, two weeks at most."),
        _l("the person asked"),
        {
            "role_id": RULE,
            **dict.fromkeys(("membership_id", "from_id"), MEMBER),
            "hands_over": RULE,
            "until_on": DAY,
        },
    ),
    "group_trust": TableNote(
        _l("Who trusts whom with a role."),
        _l("Until the term of the role ends."),
        _l("the one who gave it; the others see how many"),
        {
            **dict.fromkeys(("giver_id", "receiver_id"), MEMBER),
            "role_id": RULE,
            "giver_ref": REF,
            "on": DAY,
            "is_against": private(_l("Whether trust was given or taken back")),
        },
    ),
    "group_role_claim": TableNote(
        _l("That somebody wants to take on an empty role."),
        _l("30 days after it is decided."),
        MEMBERS,
        {
            "role_id": RULE,
            **dict.fromkeys(("membership_id", "confirmed_by_id", "objected_by_id"), MEMBER),
            "effective_on": DAY,
        },
    ),
    "group_pair_act": TableNote(
        _l("What one member started and a second confirms, in a group without a leader."),
        _l("30 days after it ends."),
        MEMBERS,
        {
            "group_id": OF_GROUP,
            **dict.fromkeys(("right", "act"), RULE),
            "data": WORDS,
            **dict.fromkeys(("started_by_id", "confirmed_by_id"), MEMBER),
        },
    ),
    "group_invite_code": TableNote(
        _l("Codes on paper that let somebody join."),
        _l("Until they are used up, void or 60 days old."),
        NOBODY,
        {
            "group_id": OF_GROUP,
            "code_hash": secret(_l("Hash of the three words; the words themselves are only on paper")),
            "made_by_id": MEMBER,
            "uses_left": COUNT,
            **dict.fromkeys(("expires_on", "revoked_on"), DAY),
        },
    ),
}

_DECISIONS: dict[str, TableNote] = {
    "group_decision": TableNote(
        _l("A question a group decides, and what came out."),
        WITH_GROUP,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "form_key": technical(_l("So that a double click is one draft")),
            "facilitator_id": MEMBER,
            **dict.fromkeys(_DECISION_RULES, RULE),
            **dict.fromkeys(("title", "question", "target_data", "result", "cancel_reason", "note"), WORDS),
            "carried_out_on": DAY,
            "undo_data": private(_l("What taking a decision back needs, for example the text before")),
            "undoes_id": technical(_l("Which decision this one takes back")),
            "lot_secret": secret(_l("What decides a lottery; its hash is shown before, itself afterwards")),
        },
    ),
    "group_decision_option": TableNote(
        _l("What can be chosen in a decision."),
        WITH_GROUP,
        MEMBERS,
        {
            "text": WORDS,
            **dict.fromkeys(("is_status_quo", "added_in_round", "dropped"), RULE),
            "starts": WORDS,
        },
    ),
    "group_asked": TableNote(
        _l("Whom somebody wants to ask, where not everybody in the group is."),
        _l("Until they are asked; the day somebody leaves."),
        MEMBERS,
        {"ref": REF},
    ),
    "group_lot_person": TableNote(
        _l("Which lot of a draw stands for whom, so that people can take themselves out."),
        WITH_GROUP,
        MEMBERS,
        {"option_id": RULE, "membership_id": MEMBER},
    ),
    "group_elector": TableNote(
        _l("Who may take part in a decision, and whether they did; never what they said."),
        ANSWERS_KEPT,
        NOBODY,
        {
            "ref": REF,
            "voted": technical(_l("Whether the person has taken part")),
            "asks_longer": technical(_l("Whether the person asked for more time")),
        },
    ),
    "group_ballot": TableNote(
        _l("What somebody said in a decision where names are visible."),
        ANSWERS_KEPT,
        MEMBERS,
        {
            "elector_id": MEMBER,
            **dict.fromkeys(("content", "reason"), WORDS),
            **dict.fromkeys(("is_draft", "round"), RULE),
        },
    ),
    "group_secret_tally": TableNote(
        _l("How often something was chosen in a secret decision. It says nothing about people."),
        WITH_GROUP,
        MEMBERS,
        {**dict.fromkeys(("round", "key"), RULE), "count": COUNT},
    ),
    "group_secret_reason": TableNote(
        _l("Reasons given in secret decisions, without a name and in no order."),
        ANSWERS_KEPT,
        MEMBERS,
        {"text": WORDS},
    ),
    "group_objection": TableNote(
        _l("Objections to what is to be decided."),
        ANSWERS_KEPT,
        MEMBERS,
        {"round": RULE, "elector_id": MEMBER, "text": WORDS},
    ),
    "group_lot_word": TableNote(
        _l("Words of members that go into a lottery, so that nobody can know its end."),
        ANSWERS_KEPT,
        MEMBERS,
        {"elector_id": MEMBER, "word": private(_l("A word by chance"))},
    ),
    "group_outcome": TableNote(
        _l("What a decision means: what is done, by whom, by when."),
        WITH_GROUP,
        MEMBERS,
        {
            **dict.fromkeys(("version", "review", "needs_confirmation", "role_key", "limit_cents"), RULE),
            **dict.fromkeys(("statement", "who"), WORDS),
            **dict.fromkeys(("review_on", "review_asked_on", "limit_on"), DAY),
            **dict.fromkeys(("written_by_id", "confirmed_by_id"), MEMBER),
        },
    ),
}

TABLES: dict[str, TableNote] = {
    "neighbour_group": TableNote(
        _l("A group of residents: what it is for and how it works. Its words stand encrypted."),
        WITH_GROUP,
        _l("depends on its privacy: everybody, its members, or nobody outside"),
        {
            **dict.fromkeys(("name", "aim", "contact_way", "plan"), WORDS),
            "form_key": ONCE,
            "questions": public(_l("What the group asks people who want to join")),
            **dict.fromkeys(_GROUP_RULES, RULE),
            **dict.fromkeys(_GROUP_DAYS, DAY),
        },
    ),
    "group_charter": TableNote(
        _l("What a group agreed on, version by version."),
        WITH_GROUP,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "version": technical(_l("Number of the version")),
            "texts": WORDS,
            "adopted_at": WHEN,
            "review_on": DAY,
        },
    ),
    "group_history": TableNote(
        _l("What happened in a group, in words of roles. It names nobody."),
        WITH_GROUP,
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "on": DAY,
            **dict.fromkeys(("seen", "who"), technical(_l("Who may read it, and which role did it"))),
            "name": technical(_l("What happened")),
            "data": technical(_l("Which version or role it was about")),
        },
    ),
    "group_purge": TableNote(
        _l("What remains of a group that was erased: its kind, how long, how many meetings."),
        _l("As long as the portal."),
        _l("nobody by itself; figures count only from ten on"),
        {
            "topic": technical(_l("What it was about, in one word")),
            **dict.fromkeys(("active_months", "meetings_count"), COUNT),
            "quarter": technical(_l("Which quarter of the year")),
        },
    ),
    "group_idea": TableNote(
        _l("A wish to do something together."),
        _l("Until its author or moderation takes it away."),
        EVERYBODY,
        {
            "text": public(_l("The text as it was written, and as it is shown")),
            "closed_on": DAY,
            "form_key": ONCE,
        },
    ),
    "group_me_too": TableNote(
        _l("That somebody would take part in something."),
        _l("Until it is taken back or the account is deleted."),
        OWNER,
        {"on": DAY},
    ),
    **_PEOPLE,
    **_DECISIONS,
}
