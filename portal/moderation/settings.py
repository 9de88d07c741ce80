"""What administrators can set for moderation, the rules decisions point at, and the kinds of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.mailsafe import BadAddress, valid_address
from portal.core.site_settings import declare, site
from portal.core.text import clean_line, fold
from portal.moderation.models import Category, Measure
from portal.notifications.settings import notification_kind

GROUP = "moderation"


def _number(
    key: str, default: int, minimum: int, maximum: int, *, label: LazyString, help: LazyString | str = ""
) -> None:
    declare(
        key,
        kind="int",
        default=default,
        minimum=minimum,
        maximum=maximum,
        label=label,
        help=help,
        group=GROUP,
    )


def for_district(lines: str, name: str | None) -> list[str]:
    """What stands behind the colon of the lines for a district (None: of no district) and for the whole town.

    A line without a colon, or with * before it, is for the whole town.
    """
    here = {"", "*", fold(name)} if name else {"", "*"}
    parts = [line.rpartition(":") for line in lines.splitlines()]
    found = [words.strip() for where, _colon, words in parts if fold(clean_line(where)) in here]
    return [words for words in found if words]


def check_mailbox(lines: str) -> None:
    """Every line ends in an address. Raises BadAddress: a slip would mean that nobody reads the mails."""
    try:
        for line in lines.splitlines():
            if line.strip():
                valid_address(line.rpartition(":")[2])
    except BadAddress:
        raise BadAddress(field="moderation.mailbox") from None


_number(
    "moderation.reports_to_hide",
    3,
    2,
    20,
    label=_l("Reports that hide something until a person has looked"),
    help=_l("Only reports by accounts older than seven days count, one per account."),
)
declare(
    "moderation.on_duty",
    kind="text",
    default="",
    label=_l("Who is on duty for urgent reports"),
    help=_l(
        "One district a line, then names of moderators and social workers: “Nordend: Anna Berg, Ben Tal”. A"
        " line that begins with * counts for the whole town. These moderators are called first. Without an"
        " entry, or if no name fits, all moderators of the district are called. Social workers on duty are"
        " told when somebody may be in danger or needs help."
    ),
    group=GROUP,
)
declare(
    "moderation.mailbox",
    kind="text",
    default="",
    label=_l("Shared mailbox of the moderators"),
    help=_l(
        "One address a line; “Nordend: moderation@example.org” counts for one district only. It is told"
        " beside the moderators: urgent reports at once, everything else after a quarter of an hour, in one"
        " mail. The mails name nobody and quote nothing."
    ),
    group=GROUP,
    check=check_mailbox,
)
_number(
    "moderation.places_to_hide",
    3,
    2,
    20,
    label=_l("Places with the same text that hide it until a person has looked"),
    help=_l("Only texts of accounts younger than seven days count, within a day."),
)
_number(
    "moderation.auto_review_hours",
    24,
    1,
    72,
    label=_l("Hours until something hidden by reports must be looked at"),
)


def objectable_for() -> timedelta:
    """How long people can object to a decision."""
    return timedelta(days=31 * site("moderation.objection_months"))


_number(
    "moderation.objection_months",
    6,
    6,
    24,
    label=_l("Months in which people can object to a decision"),
    help=_l("The law asks for at least six."),
)
_number("moderation.objection_answer_days", 14, 1, 60, label=_l("Days until an objection must be answered"))
_number("moderation.pause_after", 20, 5, 100, label=_l("Severe items per day after which we suggest a break"))
declare(
    "moderation.court_note",
    kind="text",
    default="",
    label=_l("Further ways to object"),
    help=_l("For example the name of a dispute settlement body. Shown in every statement of reasons."),
    group=GROUP,
)
_number("moderation.reports_per_hour", 20, 3, 500, label=_l("Reports per hour from one account"))

# Hours until the first look, by urgency.
FIRST_LOOK_HOURS = {1: 1, 2: 12, 3: 72, 4: 72}

CATEGORY_LABELS: dict[Category, LazyString] = {
    Category.DANGER: _l("A child or somebody's life is in danger"),
    Category.HELP: _l("I need help myself"),
    Category.THREAT: _l("Threats or hatred"),
    Category.PRIVATE_DATA: _l("Private information about somebody (address, phone, picture)"),
    Category.INSULT: _l("Insults"),
    Category.ILLEGAL: _l("I think it is against the law"),
    Category.SPAM: _l("Advertising or spam"),
    Category.OTHER: _l("Something else"),
}

MEASURE_LABELS: dict[Measure, LazyString] = {
    Measure.NONE: _l("Leave it as it is"),
    Measure.HIDE: _l("Hide it"),
    Measure.RESTORE: _l("Show it again"),
    Measure.ASK_CHANGE: _l("Ask to change it"),
    Measure.WARN: _l("Send a warning"),
    Measure.LOCK: _l("Close the conversation for new comments"),
    Measure.UNLOCK: _l("Open the conversation again"),
    Measure.SLOW: _l("Slow the conversation down: everybody writes once in a while"),
    Measure.UNSLOW: _l("Let the conversation run freely again"),
    Measure.SUSPEND: _l("Let the account only read for some days"),
    Measure.UNSUSPEND: _l("Let the account write again"),
    Measure.STOP: _l("Stop the whole group for some days (a second moderator has to agree)"),
    Measure.GO_ON: _l("Let the group go on"),
}

# What a person reads: done to the text, the conversation or the account, never to "you".
SCOPES: dict[Measure, LazyString] = {
    Measure.NONE: _l("Nothing changes."),
    Measure.HIDE: _l("Your text cannot be seen by others. Your account is not restricted."),
    Measure.RESTORE: _l("Your text can be seen by everybody again."),
    Measure.ASK_CHANGE: _l("Your text stays visible. We ask you to change it."),
    Measure.WARN: _l("Nothing is hidden and nothing is closed. This is a reminder of the rules."),
    Measure.LOCK: _l("Nobody can write new comments in this conversation. Everything stays readable."),
    Measure.UNLOCK: _l("Everybody can write in this conversation again."),
    Measure.SLOW: _l("Everybody can write in this conversation, but only once in a while."),
    Measure.UNSLOW: _l("Everybody can write in this conversation as often as before."),
    Measure.SUSPEND: _l("Your account can read everything, but not write or support until the date below."),
    Measure.UNSUSPEND: _l("Your account can write and support again."),
    Measure.STOP: _l("Everything stands still until %(day)s. What was written stays readable for you."),
    Measure.GO_ON: _l("Everything goes on as before."),
}


@dataclass(frozen=True)
class Rule:
    """One of the rules of conduct: its number there and its sentence."""

    number: int
    sentence: LazyString


RULES = (
    Rule(1, _l("Write about things, not against people: no insults and no mockery.")),
    Rule(2, _l("No threats, no violence, no hatred against groups of people.")),
    Rule(3, _l("No private information about others without their consent.")),
    Rule(4, _l("No advertising and no messages sent again and again.")),
    Rule(5, _l("Stay with the subject of the page.")),
    Rule(6, _l("Do not pretend to be somebody else, and do not claim about people what is not true.")),
    Rule(7, _l("Nothing that is against the law.")),
    Rule(8, _l("Protect children: nothing that harms them or exposes them.")),
)
# Only these stop a whole group: danger (violence, children) and the law.
RULES_THAT_STOP = frozenset({2, 7, 8})
PROCEDURE_SENTENCE = _l(
    "When several people report the same thing independently, it is hidden until a person has looked at it."
)
PATTERN_SENTENCE = _l(
    "When new accounts write the same text in several places, it is hidden until a person has looked at it."
)


def rule_sentence(number: int) -> LazyString | None:
    """The sentence of a rule of conduct, or None for a number that does not exist."""
    return next((rule.sentence for rule in RULES if rule.number == number), None)


def _role_line(text: LazyString) -> Any:
    return lambda values: str(text)


notification_kind(
    "moderation.statement",
    label=_l("Decisions about what I wrote"),
    text=_role_line(_l("There is a decision about something you wrote. Read the reasons, or object.")),
    template="moderation/mail/statement",
    required=True,
)
notification_kind(
    "moderation.answer",
    label=_l("Answers to my reports"),
    text=_role_line(_l("There is an answer to your report.")),
    template="moderation/mail/answer",
)
notification_kind(
    "moderation.objection_answered",
    label=_l("Answers to my objections"),
    text=_role_line(_l("There is an answer to your objection.")),
    template="moderation/mail/objection_answered",
    required=True,
)
notification_kind(
    "moderation.urgent",
    label=_l("Urgent reports in my district"),
    text=_role_line(_l("There is an urgent report. Please look at it now.")),
    template="moderation/mail/urgent",
    staff=True,
)
notification_kind(
    "moderation.help_needed",
    label=_l("Somebody in my district may need help"),
    text=_role_line(_l("Somebody may be in danger or need help. Please look at it now.")),
    template="moderation/mail/help_needed",
    staff=True,
)
notification_kind(
    "moderation.waiting",
    label=_l("New reports and objections in my district"),
    text=_role_line(_l("There is something new to look at.")),
    template="moderation/mail/waiting",
    default_mail=False,
    grouped=True,
    staff=True,
)
notification_kind(
    "moderation.overdue",
    label=_l("Reports that wait too long"),
    text=_role_line(_l("Something in your district has waited too long for a first look.")),
    template="moderation/mail/overdue",
    staff=True,
)
