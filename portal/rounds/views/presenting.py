"""Rounds as pages show them: words, icons and links instead of codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from portal.accounts.queries import account_names
from portal.content.queries import html_language
from portal.core import clock
from portal.core.i18n import format_datetime, format_relative, pgettext
from portal.core.i18n import gettext as _
from portal.places.queries import district_names
from portal.processes.models import INFLUENCE_LOOKS
from portal.processes.queries import process_by_id
from portal.rounds.models import Round, RoundOption, RoundState
from portal.rounds.queries.eligibility import entry_for
from portal.rounds.queries.logbook import head
from portal.rounds.queries.options import OptionWords, current_words, options_of
from portal.rounds.queries.showing import ShownOption, shown_options
from portal.rounds.queries.wording import rules_in_words, secrecy_promise, who_could_learn
from portal.rounds.views.section import link
from portal.web.badges import Badge
from portal.web.context import current_actor
from portal.web.page_cache import LIFETIME_SECONDS, keep_for_visitors


@dataclass(frozen=True)
class Card:
    """A round in a list."""

    title: str
    url: str
    language: str
    question: str
    badge: Badge
    when: str
    where: str


def badge_of(vote: Round) -> Badge:
    """What the state and the clock say at this moment."""
    if vote.is_draft:
        return Badge(pgettext("vote", "Draft"), "edit", "")
    if vote.is_void:
        return Badge(pgettext("vote", "Void"), "alert", "bad")
    if vote.is_coming:
        return Badge(pgettext("vote", "Coming"), "clock", "info")
    if vote.is_running:
        return Badge(pgettext("vote", "Running"), "check", "good")
    if vote.state is RoundState.PUBLISHED:
        return Badge(pgettext("vote", "Result is there"), "flag", "")
    return Badge(pgettext("vote", "Is being counted"), "clock", "wait")


def when_words(vote: Round) -> str:
    """The one date that matters now."""
    if vote.opens_at is None or vote.closes_at is None:
        return _("No dates yet")
    if vote.is_coming or vote.is_draft:
        return _("Begins on %(when)s", when=format_datetime(vote.opens_at))
    if vote.voided_at is not None:
        return _("Declared void on %(when)s", when=format_datetime(vote.voided_at))
    if vote.is_running:
        return _("Until %(when)s", when=format_datetime(vote.closes_at))
    return _("Ended on %(when)s", when=format_datetime(vote.closes_at))


def where_words(vote: Round) -> str:
    """The districts, or the whole town."""
    names = district_names()
    return ", ".join(names[one] for one in vote.district_ids if one in names) or _("The whole town")


def cards(votes: Sequence[Round], endpoint: str = "rounds.detail") -> list[Card]:
    """Rows of a list; no query."""
    return [
        Card(
            title=vote.title,
            url=url_for(endpoint, pid=vote.public_id),
            language=html_language(vote.language),
            question=vote.question,
            badge=badge_of(vote),
            when=when_words(vote),
            where=where_words(vote),
        )
        for vote in votes
    ]


def keep_unless_it_changes(votes: Sequence[Round]) -> None:
    """A page that is kept for some seconds must not say "running" when it is not any more."""
    now, soon = clock.now(), clock.now() + timedelta(seconds=LIFETIME_SECONDS)
    edges = [edge for vote in votes for edge in (vote.opens_at, vote.closes_at) if edge is not None]
    if not any(now <= edge <= soon for edge in edges):
        keep_for_visitors()


@dataclass(frozen=True)
class OptionCard:
    """An option as its page shows it."""

    code: str
    title: str
    html_lang: str
    summary: str
    text_html: str
    plain_text: str | None
    cost_cents: int | None
    place: str
    picture: Any
    proposal_url: str | None
    withdrawn_at: Any
    withdrawn_reason: str | None
    is_hidden: bool
    is_status_quo: bool
    exclusive_group: str | None


def option_cards(vote: Round) -> list[OptionCard]:
    """Every option with its picture, in three queries. Of a draft: with the words proposals have now."""
    options = options_of(vote)
    fresh, names = current_words(vote, options), district_names()
    return [
        _option_card(one, fresh.get(one.option.proposal_id or 0) or one.option, names)
        for one in shown_options(options)
    ]


def _option_card(shown: ShownOption, words: OptionWords | RoundOption, names: dict[int, str]) -> OptionCard:
    option, public_id, is_hidden = shown.option, shown.proposal_public_id, shown.is_hidden
    places = [words.place_words, names.get(words.district_id or 0, "")]
    return OptionCard(
        code=option.code,
        title=_("This text is hidden at the moment.") if is_hidden else words.title,
        html_lang=html_language(words.language),
        summary="" if is_hidden else words.summary,
        text_html="" if is_hidden else words.text_html,
        plain_text=None if is_hidden else words.plain_text,
        cost_cents=option.cost_cents,
        place=", ".join(one for one in places if one),
        picture=shown.picture,
        proposal_url=url_for("proposals.detail", pid=public_id) if public_id else None,
        withdrawn_at=option.withdrawn_at,
        withdrawn_reason=option.withdrawn_reason,
        is_hidden=is_hidden,
        is_status_quo=option.is_status_quo,
        exclusive_group=option.exclusive_group,
    )


def rules_context(vote: Round) -> dict[str, Any]:
    """What macros/round.html needs to say the rules: the check page, the page, the ballot, the result."""
    return {
        "rules": rules_in_words(vote),
        "promise": secrecy_promise(),
        "learners": who_could_learn(),
        "rules_sha256": vote.rules_sha256,
        "rules_url": url_for("rounds.rules_file", pid=vote.public_id),
    }


def page_context(vote: Round) -> dict[str, Any]:
    """Everything the public page shows."""
    newest = head(vote)
    options = option_cards(vote)
    return {
        "vote": vote,
        "html_lang": html_language(vote.language),
        "badge": badge_of(vote),
        "when": when_words(vote),
        "left": format_relative(vote.closes_at) if vote.is_running and vote.closes_at else None,
        "where": where_words(vote),
        "influence": INFLUENCE_LOOKS[vote.influence],
        "contact": _contact(vote),
        "process": _process(vote),
        "options": options,
        "withdrawn": [one for one in options if one.withdrawn_at],
        "head": newest,
        "log_url": url_for("rounds.log", pid=vote.public_id),
        **take_part(vote),
        **rules_context(vote),
    }


def _contact(vote: Round) -> Any:
    contact = vote.contact_account_id
    return account_names([contact])[contact] if contact is not None else None


def _process(vote: Round) -> tuple[str, str, str] | None:
    """(title, language, address) of the public process it belongs to."""
    process = process_by_id(vote.process_id) if vote.process_id else None
    if process is None or process.is_draft:
        return None
    return process.title, html_language(process.language), url_for("processes.detail", pid=process.public_id)


def take_part(vote: Round) -> dict[str, Any]:
    """The way to the ballot and to the result, and whether this reader may vote."""
    actor = current_actor()
    pid = vote.public_id
    may = entry_for(actor, vote) if vote.is_running else None
    step = may.step if may else None
    where = (link(step.endpoint, pid=pid) if step.for_round else link(step.endpoint)) if step else None
    return {
        "may": may,
        "step": (step.label, where) if step and where else None,
        "ballot_url": link("rounds.ballot", pid=pid) if vote.is_running else None,
        "result_url": link("rounds.result", pid=pid) if vote.state is RoundState.PUBLISHED else None,
    }
