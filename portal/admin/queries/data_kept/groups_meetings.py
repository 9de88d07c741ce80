"""Tables of meetings and of accompaniment."""

from __future__ import annotations

from portal.admin.queries.data_kept.groups import DAY, MEMBER, MEMBERS, OF_GROUP, RULE, SEALED_DAYS, WORDS
from portal.admin.queries.data_kept.vocabulary import (
    NOBODY,
    OWNER,
    STATE,
    TableNote,
    personal,
    private,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

_DATE = technical(_l("Which date it belongs to"))
_COMPANION = secret(_l("A keyed hash of the account that accompanies the group; the table names nobody"))
_NAME = private(_l("The name of the one who accompanies the group, encrypted"))
_REACH = private(_l("The account of the one who accompanies the group, encrypted, to tell them something"))
_AGREEMENT = technical(_l("Which agreement it belongs to"))
_A_YEAR = _l("About a year after the date; in discreet groups two months.")
_BOTH_SIDES = _l("the members of the group, and the one who accompanies it")

TABLES: dict[str, TableNote] = {
    "group_meeting": TableNote(
        _l("A meeting of a group as it was planned, once or coming back."),
        _A_YEAR,
        _l("the members; others as far as the group wants, and never of a discreet group"),
        {
            "group_id": OF_GROUP,
            "sealed": SEALED_DAYS,
            "form_key": technical(_l("So that a double click is one meeting")),
            "follows_id": technical(_l("Which meeting it goes on from")),
            **dict.fromkeys(("first_on", "until_on", "made_until", "changed_on"), DAY),
            **dict.fromkeys(("repeats", "seen", "minutes", "called_off", "sequence"), RULE),
            **dict.fromkeys(("starts", "title", "place", "note"), WORDS),
        },
    ),
    "group_meeting_date": TableNote(
        _l("One date of a meeting, and what differs from the plan."),
        _A_YEAR,
        _l("the members; others as far as the group wants, and never of a discreet group"),
        {
            "group_id": OF_GROUP,
            "sealed": SEALED_DAYS,
            "meeting_id": technical(_l("Which meeting it belongs to")),
            **dict.fromkeys(("original_on", "on", "asked_on", "reminded_on", "changed_on"), DAY),
            **dict.fromkeys(("starts", "place", "note", "reason"), WORDS),
            **dict.fromkeys(("minutes", "sequence"), RULE),
            **dict.fromkeys(("status", "held"), STATE),
            "people": technical(_l("How many people came, if the group counted; never in a discreet group")),
        },
    ),
    "group_attendance": TableNote(
        _l("Who said that they come. Nobody is asked in discreet groups."),
        _l("30 days after the date; what somebody needs a week."),
        MEMBERS,
        {
            "date_id": _DATE,
            "membership_id": MEMBER,
            "answer": personal(_l("Whether somebody comes")),
            "people": personal(_l("With how many")),
            "needs": private(_l("What somebody needs to be able to come, encrypted")),
        },
    ),
    "group_date_wish": TableNote(
        _l("That somebody who is no member wants to be told the dates. Not possible for discreet groups."),
        _l("Until they stop it or become a member."),
        OWNER,
        {"membership_id": MEMBER, "asked_on": DAY},
    ),
    "group_calendar_address": TableNote(
        _l("The secret address a phone fetches dates from. The row of an account names no group."),
        _l("Until it is ended, the person leaves the group, or the account is deleted."),
        NOBODY,
        {
            "membership_id": MEMBER,
            "token_hash": secret(_l("Hash of the address")),
            "made_on": DAY,
        },
    ),
    "group_accompaniment": TableNote(
        _l("What a group and somebody who accompanies it have agreed on, for at most six months."),
        _l("Its words 90 days after the end, the rest about a year."),
        _BOTH_SIDES,
        {
            "group_id": OF_GROUP,
            "ref": _COMPANION,
            "reach": _REACH,
            "name": _NAME,
            "code_hash": secret(_l("Hash of the three words on paper, until they are used")),
            **dict.fromkeys(("kind", "state", "asked_by", "ended_by", "renewal_of_id"), STATE),
            **dict.fromkeys(("goal", "group_word"), WORDS),
            **dict.fromkeys(("scope", "grants", "meetings", "days"), RULE),
            **dict.fromkeys(
                (
                    *("from_on", "proposed_on", "signed_by_group_on", "signed_by_companion_on"),
                    *("asked_on", "ended_on"),
                ),
                DAY,
            ),
            "first_signer_id": MEMBER,
        },
    ),
    "group_accompaniment_substitute": TableNote(
        _l("Who stands in for the one who accompanies a group, when the group has accepted it."),
        _l("As long as the agreement."),
        _BOTH_SIDES,
        {
            "accompaniment_id": _AGREEMENT,
            "ref": _COMPANION,
            "reach": _REACH,
            "name": _NAME,
            **dict.fromkeys(("from_on", "until_on", "accepted_on"), DAY),
        },
    ),
    "group_companion_word": TableNote(
        _l("What a group and the one who accompanies it write to each other."),
        _l("90 days after the end."),
        _BOTH_SIDES,
        {
            "accompaniment_id": _AGREEMENT,
            "on": DAY,
            "side": technical(_l("Which of the two wrote it")),
            "text": private(_l("What was written, encrypted")),
        },
    ),
    "group_accompaniment_met": TableNote(
        _l("How often a group and the one who accompanies it have met."),
        _l("As long as the agreement."),
        _BOTH_SIDES,
        {
            "accompaniment_id": _AGREEMENT,
            "day_key": secret(_l("A keyed hash of the day, so that a second tap counts once")),
        },
    ),
    "group_accompaniment_report": TableNote(
        _l("What both sides say at the end of an accompaniment."),
        _l("As long as the agreement; of discreet groups 90 days after the end."),
        _BOTH_SIDES,
        {
            "accompaniment_id": _AGREEMENT,
            "on": DAY,
            "side": technical(_l("Which of the two wrote it")),
            "text": private(_l("What was written, encrypted")),
        },
    ),
    "group_founding_note": TableNote(
        _l("What a professional who accompanies a founding circle says to everybody."),
        _l("Half a year; it is shown as long as the agreement runs."),
        _l("whoever sees the page of the group"),
        {
            "accompaniment_id": _AGREEMENT,
            "on": DAY,
            "text": private(_l("What was written, encrypted")),
        },
    ),
    "group_look": TableNote(
        _l("Who from outside has looked inside a group, by the day."),
        _l("About a year."),
        MEMBERS,
        {
            "group_id": OF_GROUP,
            "accompaniment_id": _AGREEMENT,
            "ref": _COMPANION,
            "name": _NAME,
            "on": DAY,
            "what": technical(_l("Which part was opened")),
        },
    ),
}
