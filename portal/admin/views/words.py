"""Words for templates of administration."""

from __future__ import annotations

from flask import Flask

from portal.admin.queries.settings import pair_words, ratio_words
from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l

# What an audit name means to the person it concerns.
LOG_WORDS: dict[str, LazyString] = {
    "accounts.card_made": _l("A card to sign in was made"),
    "accounts.role_ended": _l("A role ended"),
    "accounts.role_granted": _l("A role began"),
    "accounts.role_proposed": _l("A role was proposed"),
    "accounts.second_factor_reset": _l("The second step was reset"),
    "accounts.second_factor_reset_asked": _l("A reset of the second step was asked for"),
    "accounts.suspended": _l("Writing was paused"),
    "accounts.unsuspended": _l("Writing was allowed again"),
    "content.page_published": _l("A page of the site was published"),
    "content.version_saved": _l("A version in another language was saved"),
    "discussions.thread_locked": _l("The conversation was closed"),
    "discussions.thread_unlocked": _l("The conversation was opened again"),
    "discussions.thread_slowed": _l("The conversation was slowed down"),
    "discussions.thread_unslowed": _l("The conversation runs freely again"),
    "moderation.decided": _l("Moderation decided about it"),
    "moderation.hidden_by_reports": _l("It was hidden until somebody has looked"),
    "moderation.hidden_by_pattern": _l("It was hidden until somebody has looked"),
    "moderation.objected": _l("Somebody objected to a decision"),
    "moderation.objection_answered": _l("An objection was answered"),
    "proposals.group_joined": _l("A group stands behind a proposal"),
    "proposals.group_left": _l("A group no longer stands behind a proposal"),
    "proposals.coauthor_joined": _l("A co-author joined"),
    "proposals.coauthor_left": _l("A co-author left"),
    "proposals.edited": _l("It was changed"),
    "proposals.erased_author": _l("It stays without its author's name"),
    "proposals.published": _l("It was published"),
    "proposals.stage_changed": _l("It moved to another stage"),
    "proposals.threshold_reached": _l("It has enough support for an answer"),
    "proposals.withdrawn": _l("It was taken back"),
    "rounds.created": _l("A vote was drafted"),
    "rounds.opened": _l("A vote was opened; its rules are final"),
    "rounds.option_withdrawn": _l("An option of a vote was withdrawn"),
    "rounds.release_asked": _l("Somebody wanted to open the file of a vote for its observers"),
    "rounds.release_taken_back": _l("The wish to open the file of a vote was taken back"),
    "rounds.released": _l("The file of a vote was opened for its observers by two people"),
    "rounds.read_by_observer": _l("An observer took the file of a vote"),
    "rounds.void_asked": _l("Somebody wanted to declare a vote void"),
    "rounds.void_taken_back": _l("The wish to declare a vote void was taken back"),
    "rounds.voided": _l("A vote was declared void by two people"),
}
CHANGE_WORDS: dict[str, LazyString] = {
    "new": _l("new"),
    "changed": _l("changed"),
    "same": _l("as before"),
    "retired": _l("no longer in the file: stays with what it has, but can no longer be chosen"),
}


def log_words(name: str) -> str:
    """What an audit name means; the name itself where nobody said."""
    return str(LOG_WORDS.get(name, name))


def change_words(change: str) -> str:
    """What a file would do to a district."""
    return str(CHANGE_WORDS[change])


def init_app(app: Flask) -> None:
    """Hand them to templates as filters."""
    for word in (log_words, change_words, pair_words, ratio_words):
        app.jinja_env.filters[word.__name__] = word
