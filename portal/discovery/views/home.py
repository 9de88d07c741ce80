"""The home page: in ten seconds what this is, what is going on, and what I can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from flask import Response, request, url_for

from portal.content.queries import TextView, home_video, html_language
from portal.core.actors import Actor
from portal.core.i18n import format_number, ngettext
from portal.core.i18n import gettext as _
from portal.core.text import excerpt, plain_text
from portal.discovery.views.section import section
from portal.places.queries import MapPicture, districts, districts_version, map_picture
from portal.processes.queries import Listed, process_names, running_processes
from portal.processes.views.presenting import cards as cards_of_processes
from portal.proposals import queries
from portal.proposals.models import Decision
from portal.proposals.queries import Overview, PublishedAnswer
from portal.proposals.views.presenting import Card, cards, in_readers_language
from portal.rounds.queries.showing import running_rounds
from portal.rounds.views.presenting import cards as cards_of_rounds
from portal.web.access import public
from portal.web.context import current_actor
from portal.web.page_cache import keep_for_visitors
from portal.web.render import render

# The home page is the first thing somebody with a slow line loads: no more than three lines each.
EXCERPT_LENGTH, ANSWER_LENGTH, MOST_VOTES = 110, 150, 3
MOST_PROCESSES = 2


@dataclass(frozen=True)
class AnswerRow:
    """An answer of the town as the home page shows it."""

    title: str
    title_language: str
    url: str
    accepted: bool
    text: str
    language: str
    when: datetime


@section.get("/")
@public
def home() -> Response:
    """What is going on in the neighbourhood."""
    keep_for_visitors()
    numbers = queries.overview()
    return render(
        "discovery/home.html",
        offline=True,
        own=own_things(current_actor()),
        votes=cards_of_rounds(running_rounds(limit=MOST_VOTES)),
        processes=cards_of_processes(running_now()),
        **going_on(),
        **about_the_site(numbers),
        town=TownLook(districts_version(), request.script_root, tuple(numbers.by_district.items())),
    )


def about_the_site(numbers: Overview) -> dict[str, Any]:
    """The town in numbers, and what this is in sign language."""
    return {"figures": figures(numbers), "video": home_video()}


def running_now() -> list[Listed]:
    """What the town asks at the moment; a town that never asked anything costs no query."""
    return running_processes(limit=MOST_PROCESSES) if process_names() else []


@section.get("/offline")
@public
def offline() -> Response:
    """What the service worker shows when there is no connection and the page was never visited."""
    keep_for_visitors()
    return render("errors/offline.html", offline=True)


def figures(numbers: Overview) -> list[tuple[str, str]]:
    """The town in numbers; a town that has just begun shows none."""
    if not numbers.proposals:
        return []
    return [
        (format_number(numbers.proposals), ngettext("proposal", "proposals", numbers.proposals)),
        (format_number(numbers.supports), ngettext("time supported", "times supported", numbers.supports)),
        (
            format_number(numbers.answered),
            ngettext("answer of the town", "answers of the town", numbers.answered),
        ),
        (format_number(numbers.made_real), _("under way or done")),
    ]


def going_on() -> dict[str, Any]:
    """Lively proposals and the newest answers, in the reader's language where there are versions."""
    rows, answers = queries.lively_proposals(), queries.newest_answers()
    rows = queries.not_by(rows, current_actor().blocked)
    sources = {row.id: row.language for row in rows}
    versions = in_readers_language({one.proposal_id: one.title_language for one in answers} | sources)
    return {
        "proposals": [_shortened(card) for card in cards(rows, versions)],
        "answers": answer_rows(answers, versions),
    }


@lru_cache(maxsize=200)
def _shortened(card: Card) -> Card:
    return replace(card, excerpt=excerpt(card.excerpt, EXCERPT_LENGTH))


def answer_rows(answers: list[PublishedAnswer], versions: Mapping[int, TextView]) -> list[AnswerRow]:
    """The answers with links and in short."""
    rows = []
    for one in answers:
        version = versions.get(one.proposal_id)
        rows.append(
            AnswerRow(
                title=version.fields["title"] if version else one.title,
                title_language=version.html_lang if version else html_language(one.title_language),
                url=url_for("proposals.detail", pid=one.public_id, _anchor="answer"),
                accepted=one.decision is Decision.ACCEPTED,
                text=excerpt(plain_text(one.text_md), ANSWER_LENGTH),
                language=html_language(one.language),
                when=one.published_at,
            )
        )
    return rows


@dataclass(frozen=True)
class TownLook:
    """The districts with the number of their proposals; each leads to the list of its own. By these values a
    drawn map is known."""

    districts: int
    root: str
    counts: tuple[tuple[int, int], ...]

    @cached_property
    def picture(self) -> MapPicture | None:
        """None where there are no districts."""
        return map_picture()

    @cached_property
    def links(self) -> dict[int, str]:
        """Where each district leads."""
        return {card.id: url_for("proposals.index", district=card.slug) for card in districts()}

    @cached_property
    def notes(self) -> dict[int, str]:
        """The number of its proposals in words."""
        counts = dict(self.counts)
        numbers = {card.id: counts.get(card.id, 0) for card in districts()}
        return {
            one: ngettext("%(num)s proposal", "%(num)s proposals", count) for one, count in numbers.items()
        }


def own_things(actor: Actor) -> dict[str, Any] | None:
    """What waits for somebody who is signed in; None when nothing does."""
    if actor.account_id is None:
        return None
    if actor.is_staff:
        due, late = queries.due_answers()
        return {"due": due, "late": late} if due else None
    waiting = queries.waiting_for(actor.account_id)
    if not (waiting.drafts or waiting.asked):
        return None
    return {
        "drafts": [(title, url_for("proposals.resume", pid=pid)) for pid, title in waiting.drafts],
        "asked": [(title, url_for("proposals.detail", pid=pid)) for pid, title in waiting.asked],
    }
