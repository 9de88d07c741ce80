"""Tables of votes: rounds, roll, box, paper, log and result."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    COUNT,
    EVERYBODY,
    FOR_GOOD,
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

_ROUND = technical(_l("Which vote it belongs to"))
_RULE = public(_l("The rules of the vote"))
_HASH = public(_l("A hash, so that everybody can see that nothing was changed"))
_STAFF = personal(_l("Which member of staff did it; four eyes are two different people"))
_OPTION = public(_l("What can be chosen, as it stood when the vote was opened"))
_NUMBER = technical(_l("A number that people can say aloud"))
_WITH_ROUND = _l("As long as the vote.")
_OFFICE = _l("moderators, and at a counter its staff")

_RULES = (
    *("question", "intro_md", "intro_html", "influence", "ballot_kind", "max_choices", "points_total"),
    *("points_per_option_max", "score_max", "rule", "threshold", "majority_kind", "quorum", "winners_count"),
    *("tie_order", "budget_cents", "currency", "lottery_source", "lottery_on", "lottery_draw", "receipts"),
    *("file_threshold", "level", "opens_at", "closes_at", "publish_after_hours", "rules_json"),
)
_OPTION_COLUMNS = (
    *("code", "summary", "plain_text", "cost_cents", "category", "latitude", "longitude", "is_status_quo"),
    *("exclusive_group", "proposal_version"),
)

TABLES: dict[str, TableNote] = {
    "voting_round": TableNote(
        _l("A vote: its question, its rules and its dates."),
        _l("For good once it was opened; a draft as long as its moderators want."),
        _l("everybody; drafts: the moderators"),
        {
            **dict.fromkeys(_RULES, _RULE),
            **dict.fromkeys(("rules_sha256", "file_sha256"), _HASH),
            "draft_key": technical(_l("So that a double click is one draft")),
            "contact_account_id": personal(_l("The contact person at work")),
            "observers": private(_l("Addresses of those who get the head of the log, to keep it elsewhere")),
            "void_reason": public(_l("Why it was declared void")),
            "voided_at": public(_l("When it was declared void")),
            "imported": public(_l("Whether it comes from a file of another town")),
        },
    ),
    "round_district": TableNote(
        _l("The districts whose people may take part."), _WITH_ROUND, EVERYBODY, {"round_id": _ROUND}
    ),
    "round_option": TableNote(
        _l("What can be chosen in a vote. The words of a proposal are copied and stay as they were."),
        _l("As long as the vote, also when the author of a proposal deletes the account."),
        EVERYBODY,
        {
            "round_id": _ROUND,
            **dict.fromkeys(_OPTION_COLUMNS, _OPTION),
            "picture_id": public(_l("Its picture; it can be taken away")),
            "withdrawn_at": public(_l("Since when it is impossible")),
            "withdrawn_reason": public(_l("Why it is impossible")),
        },
    ),
    "round_voiding": TableNote(
        _l("Who wanted to declare a vote void, and who confirmed it."),
        _WITH_ROUND,
        _l("the moderators; the reason is public once it is confirmed"),
        {
            "round_id": _ROUND,
            "asked_by_id": _STAFF,
            "confirmed_by_id": _STAFF,
            "reason": public(_l("Why it was declared void")),
            "taken_back_at": WHEN,
        },
    ),
    "round_log_entry": TableNote(
        _l("The chain of hashes that shows that a vote was not changed afterwards. It names nobody."),
        FOR_GOOD,
        EVERYBODY,
        {
            "round_id": _ROUND,
            "seq": technical(_l("Order in the list")),
            "body": public(_l("What happened, in numbers and hashes")),
            **dict.fromkeys(("prev", "hash"), _HASH),
        },
    ),
    "roll_entry": TableNote(
        _l("Rights to take part in a vote. It does not say whose they are, and not who has used them."),
        _WITH_ROUND,
        NOBODY,
        {
            "round_id": _ROUND,
            "person_hash": secret(
                _l("Hash of the account, other in each vote, so that nobody has two rights")
            ),
            "code_mac": secret(_l("Hash of the code in a letter")),
            "batch_id": technical(_l("Which letters it came with")),
            "letter_number": _NUMBER,
            "level": technical(_l("How well the portal knows the person")),
            "revoked_reason": technical(_l("Why it does not count any more")),
        },
    ),
    "letter_batch": TableNote(
        _l("Letters with codes: who asked for them, who approved and who printed them."),
        _l("As long as the vote; the plain codes until they are printed."),
        _l("those who print them"),
        {
            "round_id": _ROUND,
            "size": COUNT,
            **dict.fromkeys(("requested_by_id", "approved_by_id", "downloaded_by_id"), _STAFF),
            **dict.fromkeys(("replaces_number", "replaces_letter"), _NUMBER),
            **dict.fromkeys(("approved_at", "downloaded_at"), WHEN),
            "payload": secret(_l("The codes until they are printed")),
        },
    ),
    "town_identity": TableNote(
        _l("That an account was once confirmed by the town's sign-in."),
        _l("Until the account is deleted."),
        OWNER,
        {"subject_hash": secret(_l("Hash of the number the town gave, so that nobody has two accounts"))},
    ),
    "vouching": TableNote(
        _l("That somebody is known in person: to staff at a counter, or to two residents."),
        _l("Until the account is deleted or it is taken back."),
        _l("the person it belongs to, staff at a counter"),
        {
            "round_id": _ROUND,
            "level": technical(_l("How well the portal knows the person")),
            "by_kind": technical(_l("Whether staff or residents know the person")),
            "code_hash": secret(_l("Hash of the code one hands to the people one knows")),
            "counts_at": WHEN,
            **dict.fromkeys(("first_voucher_id", "second_voucher_id"), personal(_l("Who knows the person"))),
            "revoked_by_id": _STAFF,
        },
    ),
    "ballot": TableNote(
        _l("The box with the ballots: without a name, without a time, without an order."),
        _l("As long as the vote; after closing nobody can tell whose a ballot was."),
        _l("nobody until the result is public; then everybody, without names"),
        {
            "round_id": _ROUND,
            "ballot_key": secret(_l("So that everybody has one ballot; its key is destroyed at closing")),
            "tracking": private(_l("The code on the receipt")),
            "channel": technical(_l("Whether it came online or on paper")),
            "content": private(_l("What was chosen; nobody knows by whom")),
            "revision": technical(_l("How often it was changed")),
        },
    ),
    "ballot_box": TableNote(
        _l("What tells the right key of a ballot box from a wrong one."),
        _WITH_ROUND,
        NOBODY,
        {
            "round_id": _ROUND,
            "key_check": secret(_l("Computed from the key; the key cannot be computed from it")),
        },
    ),
    "ballot_draft": TableNote(
        _l("A ballot that is being filled in."),
        _l("Seven days at most; until it is cast or the vote ends."),
        _l("only the browser it was written in"),
        {
            "round_id": _ROUND,
            "key_hash": secret(_l("Hash of the key that only the browser has")),
            "ciphertext": private(_l("What was chosen so far, encrypted under that key")),
            "expires_on": technical(_l("When it ends by itself")),
        },
    ),
    "paper_batch": TableNote(
        _l("A bundle of paper ballots, with its protocol."),
        _WITH_ROUND,
        _OFFICE,
        {
            "round_id": _ROUND,
            **dict.fromkeys(("size", "handed_out"), COUNT),
            **dict.fromkeys(("opened_by_id", "witness_id"), _STAFF),
            "confirmed_until": technical(_l("When it ends by itself")),
            "place": public(_l("Where it is, in words")),
            "remarks": technical(_l("What was noticed when the urn was opened")),
        },
    ),
    "paper_sheet": TableNote(
        _l("A paper ballot, typed in by two people. No name stands on it."),
        _WITH_ROUND,
        _l("those who type it in"),
        {
            "batch_id": technical(_l("Which bundle it lies in")),
            "serial": _NUMBER,
            **dict.fromkeys(("first_by_id", "second_by_id", "third_by_id"), _STAFF),
            **dict.fromkeys(
                ("first_content", "second_content", "third_content"),
                private(_l("What was chosen; nobody knows by whom")),
            ),
        },
    ),
    "assisted_session": TableNote(
        _l("That somebody was helped to vote on a tablet of a helper. It does not say who was helped."),
        _l("90 days."),
        _OFFICE,
        {
            "round_id": _ROUND,
            **dict.fromkeys(("helper_id", "second_helper_id"), _STAFF),
            "consent_at": WHEN,
            **dict.fromkeys(("is_closed", "is_used"), technical(_l("How far it is"))),
        },
    ),
    "round_file": TableNote(
        _l("The file with all ballots, from which everybody can recount."),
        FOR_GOOD,
        _l("nobody until the result is public; then everybody, without names"),
        {
            "round_id": _ROUND,
            "content": private(_l("What was chosen; nobody knows by whom")),
            "file_sha256": _HASH,
        },
    ),
    "round_file_release": TableNote(
        _l("Who opened the file of a vote with few ballots for its observers, and for whom."),
        _WITH_ROUND,
        _l("the moderators; everybody sees when it was opened and for how many"),
        {
            "round_id": _ROUND,
            "observers": private(_l("Addresses of those who may read the file")),
            "approved_at": WHEN,
            "asked_by_id": _STAFF,
            "approved_by_id": _STAFF,
        },
    ),
    "round_result": TableNote(
        _l("The result of a vote."),
        FOR_GOOD,
        _l("everybody, once it is published"),
        {
            "round_id": _ROUND,
            "engine": technical(_l("The program that counted, and its version")),
            "outcome": public(_l("What won, and what each option got")),
            **dict.fromkeys(("file_sha256", "outcome_sha256"), _HASH),
            "turnout": public(_l("How many took part, by channel")),
        },
    ),
    "round_explanation": TableNote(
        _l("Why each option won or lost."),
        FOR_GOOD,
        _l("everybody, once it is published"),
        {"round_id": _ROUND, "content": public(_l("What won, and what each option got"))},
    ),
    "result_objection": TableNote(
        _l("Objections to a result and their answers."),
        _WITH_ROUND,
        EVERYBODY,
        {
            "round_id": _ROUND,
            "words": public(_l("The text as it was written, and as it is shown")),
            "answer": public(_l("The text as it was written, and as it is shown")),
            "answered_by_id": _STAFF,
        },
    ),
}
