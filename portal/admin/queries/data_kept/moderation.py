"""Tables of moderation."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    MODERATORS,
    WITH_CASE,
    TableNote,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

TABLES: dict[str, TableNote] = {
    "moderation_case": TableNote(
        _l("One thing that was reported, until it is decided."),
        WITH_CASE,
        MODERATORS,
        {
            "reason": technical(_l("Why it is in the queue")),
            "first_decider_id": private(_l("Who found a danger harmless first, before a second look")),
            "urgency": technical(_l("How urgent it is, 1 to 4")),
            "title": private(_l("Its title at that time; encrypted")),
            "excerpt": private(_l("The text at that time, as evidence; encrypted")),
        },
    ),
    "report": TableNote(
        _l("What somebody reported, with or without an account."),
        WITH_CASE,
        _l("moderators; who reported is seen by nobody"),
        {
            "code_hash": secret(_l("Hash of the number with which the reporter asks how it stands")),
            "category": private(_l("What the reporter says it is about")),
            "words": private(_l("What the reporter wrote; encrypted")),
            "excerpt": private(_l("The passage it is about; encrypted")),
            "email": secret(_l("Where to answer, if given; encrypted")),
            "name": private(_l("A name, if the reporter wanted to give one; encrypted")),
            "counts": technical(_l("Whether it counts towards hiding until somebody has looked")),
        },
    ),
    "decision": TableNote(
        _l("Decisions of moderation with their reasons (Art. 17 DSA)."),
        WITH_CASE,
        MODERATORS,
        {
            "measure": private(_l("What was decided")),
            "scope": private(_l("What it covers")),
            "until": private(_l("How long it lasts")),
            "ground_kind": private(_l("Law or rule of the portal")),
            "ground": private(_l("Which law or rule")),
            "ground_text": private(_l("Its words at that time")),
            "passage": private(_l("The passage it is about; encrypted")),
            "facts": private(_l("Why the rule fits; encrypted")),
            "source": private(_l("Reported or found by staff")),
            "is_automated": private(_l("Whether a rule decided by itself")),
            "redress": private(_l("How to object")),
            "role_name": public(_l("The role that decided, never a name")),
        },
    ),
    "appeal": TableNote(
        _l("Objections and their answers (Art. 20 DSA)."),
        WITH_CASE,
        MODERATORS,
        {
            "first_decider_id": technical(_l("So that somebody else answers")),
            "words": private(_l("What the person objects; encrypted")),
            "outcome": private(_l("How it ended")),
            "reply": private(_l("The answer; encrypted")),
            "role_name": public(_l("The role that answered, never a name")),
        },
    ),
    "moderation_stop": TableNote(
        _l("That one moderator proposed to stop a group, and what the second one answered."),
        WITH_CASE,
        MODERATORS,
        {
            "proposed_at": private(_l("When it was proposed")),
            "ground_kind": private(_l("Law or rule of the portal")),
            "ground": private(_l("Which law or rule")),
            "passage": private(_l("The passage it is about; encrypted")),
            "facts": private(_l("Why the rule fits; encrypted")),
            "days": private(_l("How long it lasts")),
            "proposed_by": private(_l("Who proposed it: somebody else has to agree")),
            "answered_by": private(_l("Who agreed, or did not")),
        },
    ),
    "moderation_look": TableNote(
        _l("That a moderator looked at a case, for the hint to take a break."),
        _l("14 days."),
        _l("the moderator"),
        {
            "is_severe": technical(_l("Whether the case weighs on those who read it")),
            "is_skip": technical(_l("Whether it was put aside")),
        },
    ),
    "moderation_note": TableNote(
        _l("What moderators tell each other about a case."),
        _l("14 days."),
        _l("moderators of the district"),
        {"words": private(_l("The note; encrypted"))},
    ),
}
