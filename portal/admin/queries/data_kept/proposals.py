"""Tables of proposals."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    EVERYBODY,
    NOBODY,
    OWNER,
    WITH_PROPOSAL,
    TableNote,
    personal,
    private,
    public,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_COUNT = technical(_l("A number counted once, so that lists are fast"))
_MONEY = public(_l("Costs"))

TABLES: dict[str, TableNote] = {
    "proposal": TableNote(
        _l("What people propose for the neighbourhood."),
        _l(
            "As long as the author wants; drafts, which only their authors see, until two years "
            "after the last word"
        ),
        EVERYBODY,
        {
            "draft_key": technical(_l("So that a double click is one draft")),
            "draft_reminded_at": technical(_l("When the author was told that a draft ends")),
            "draft_step": technical(_l("Where the author stopped writing")),
            "contact_account_id": personal(_l("The contact person at work")),
            "stage": public(_l("Where it stands")),
            "withdrawn_at": public(_l("Since when its author has taken it back")),
            "withdrawn_reason": public(_l("Why it was taken back")),
            "withdrawn_note": public(_l("Why it was taken back, in words")),
            "expired_at": public(_l("When the time for support was over")),
            "collecting_until_on": public(_l("Until when support is collected")),
            "answer_due_on": public(_l("By when the town answers")),
            "escalated_at": technical(_l("When staff were reminded")),
            "last_activity_at": public(_l("When something last happened")),
            "is_language_chosen": technical(_l("Whether the language was chosen or guessed")),
            "excerpt": public(_l("The first words, for lists")),
            "topic": public(_l("What it is about")),
            "lat": public(_l("Place on the map")),
            "lon": public(_l("Place on the map")),
            "cost_cents": _MONEY,
            "cost_currency": _MONEY,
            "substitute_account_id": personal(_l("Who stands in for the contact person")),
            **dict.fromkeys(("answer_count", "assessment_count", "source_count", "text_count"), _COUNT),
            "support_count": _COUNT,
            "follow_count": _COUNT,
            "comment_count": _COUNT,
            "coauthor_count": _COUNT,
            "picture_count": _COUNT,
            "video_count": _COUNT,
            "need_count": _COUNT,
            "version_count": _COUNT,
            "group_count": _COUNT,
            "asked_about_version": technical(_l("The version supporters were last asked about")),
            "imported_from": technical(_l("Which list it was imported from")),
            "import_key": technical(_l("So that nothing is imported twice")),
            "listed": technical(_l("Whether lists show it")),
            "shuffle": technical(_l("A random number for the random order")),
        },
    ),
    "proposal_version": TableNote(
        _l("The public text after each change."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "support_count": public(_l("How many supported it then")),
            "is_substance": public(_l("Whether the change was one of substance")),
        },
    ),
    "proposal_author": TableNote(_l("Co-authors."), WITH_PROPOSAL, EVERYBODY),
    "proposal_invitation": TableNote(
        _l("Invitations of co-authors, handed over as a link."), _l("30 days after they ended."), OWNER
    ),
    "proposal_support": TableNote(
        _l("Who is with a proposal; public only as a number."),
        _l("Until taken back; after deleting the account as the person chose."),
        OWNER,
        {"confirmed_version": private(_l("Which version the person agreed with"))},
    ),
    "proposal_follow": TableNote(
        _l("Who wants to hear what becomes of a proposal."), _l("Until switched off."), OWNER
    ),
    "proposal_seen_similar": TableNote(
        _l("Which similar proposals an author was shown, and what came of it."),
        WITH_PROPOSAL,
        NOBODY,
        {"outcome": technical(_l("What the author did"))},
    ),
    "proposal_need": TableNote(
        _l("What is still missing."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "words": public(_l("What is needed, in words")),
            "quantity": public(_l("How much is needed")),
            "pledged": _COUNT,
        },
    ),
    "proposal_pledge": TableNote(
        _l("What neighbours promise."),
        _l("Until taken back."),
        EVERYBODY,
        {
            "words": public(_l("What is promised, in words")),
            "quantity": public(_l("How much is promised")),
            "is_named": public(_l("Whether the person's name stands beside it")),
        },
    ),
    "proposal_assessment": TableNote(
        _l("What professionals think of a proposal."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "verdict": public(_l("The assessment in one word")),
            "cost_cents": _MONEY,
            "running_cost_cents": _MONEY,
            "who_would_do_it": public(_l("Who would do it")),
        },
    ),
    "proposal_answer": TableNote(
        _l("The town's answer."),
        WITH_PROPOSAL,
        EVERYBODY,
        {"decision": public(_l("What the town decided")), "version_count": _COUNT},
    ),
    "proposal_answer_version": TableNote(
        _l("The answer after each change."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "decision": public(_l("What the town decided")),
            "editor_role": public(_l("By which role it was written, never a name")),
        },
    ),
    "proposal_outcome": TableNote(
        _l("How far an accepted proposal is."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "accepted_at": public(_l("When the town said yes")),
            "news_at": public(_l("When something was last said")),
            "step_count": _COUNT,
            "done_count": _COUNT,
        },
    ),
    "proposal_milestone": TableNote(
        _l("The steps of an accepted proposal."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "due_on": public(_l("For which day it is planned")),
            "done_on": public(_l("On which day it was done")),
        },
    ),
    "proposal_news": TableNote(
        _l("News of those who carry out an accepted proposal."),
        WITH_PROPOSAL,
        EVERYBODY,
        {"picture_count": _COUNT},
    ),
    "proposal_merge": TableNote(
        _l("Wishes to put proposals together."),
        WITH_PROPOSAL,
        EVERYBODY,
        {
            "reason": public(_l("Why they belong together")),
            "undone_at": public(_l("When it was taken apart again")),
            "splits_id": technical(_l("Which putting together it takes apart")),
        },
    ),
    "proposal_contact_offer": TableNote(
        _l("Who offers to be the contact person."), WITH_PROPOSAL, _l("moderators, and who offers")
    ),
    "proposal_text_offer": TableNote(
        _l("Versions in another language that somebody offers to the authors."),
        WITH_PROPOSAL,
        _l("the authors, moderators, and who offers"),
        {
            "is_change": technical(_l("Whether it is another wording of the original")),
            "fields": private(_l("The words as typed")),
            "source_hash": technical(_l("To notice that the original changed")),
        },
    ),
    "proposal_text_wish": TableNote(
        _l("Who would like a version in another language; shown only as a number."), WITH_PROPOSAL, NOBODY
    ),
    "proposal_merge_source": TableNote(
        _l("Which proposals would go into another."), WITH_PROPOSAL, EVERYBODY
    ),
    "proposal_merge_consent": TableNote(
        _l("What the authors say about putting proposals together."), WITH_PROPOSAL, OWNER
    ),
    "proposal_carry_over": TableNote(
        _l("Whether support goes along when proposals are put together; each person is asked once."),
        WITH_PROPOSAL,
        OWNER,
    ),
}
