"""Processes as pages show them: words, icons and links instead of codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.accounts.queries import AuthorCard, account_names
from portal.content.queries import TextView, html_language
from portal.core import audit, clock
from portal.core.i18n import LANGUAGES, current_language, pgettext
from portal.core.i18n import gettext as _
from portal.processes.models import (
    INFLUENCE_LOOKS,
    KIND_LOOKS,
    LEVEL_WORDS,
    PHASE_LOOKS,
    Phase,
    PhaseKind,
    Process,
)
from portal.processes.queries import (
    Listed,
    Standing,
    phase_texts,
    process_texts,
    standing_of,
    window_of,
)
from portal.processes.queries.words import (
    closed_words,
    name_of,
    next_words,
    now_words,
    span_words,
)
from portal.web.badges import Badge


@dataclass(frozen=True)
class Card:
    """A process in a list."""

    title: str
    url: str
    language: str
    summary: str
    kind: str
    icon: str
    badge: Badge
    now: tuple[str, ...]
    next: str | None


@dataclass(frozen=True)
class TimelineRow:
    """A phase of the timeline. state: past, now or ahead."""

    title: str
    language: str | None
    icon: str
    span: str
    starts_at: datetime
    ends_at: datetime
    state: str
    open: str
    html: str


@dataclass(frozen=True)
class Happened:
    """One line of the history."""

    text: str
    when: datetime
    note: str = ""
    state: str = ""


def badge_of(process: Process, standing: Standing) -> Badge:
    """Draft, archived, or what the dates say at this moment."""
    if process.is_draft:
        return Badge(pgettext("process", "Draft"), "edit", "")
    if process.is_archived:
        return Badge(pgettext("process", "Archived"), "pause", "")
    if standing.current:
        return Badge(pgettext("process", "Running"), "check", "good")
    if standing.next is None:
        return Badge(pgettext("process", "Over"), "check", "")
    if standing.last is None:
        return Badge(pgettext("process", "Coming"), "clock", "info")
    return Badge(pgettext("process", "Pause"), "pause", "wait")


def cards(listed: Sequence[Listed], endpoint: str = "processes.detail") -> list[Card]:
    """Rows of a list in the reader's language. At most two queries, for words in other languages."""
    slug = current_language().slug
    texts = process_texts([one.process for one in listed], slug)
    phases = [phase for one in listed for phase in one.phases]
    spoken = phase_texts(phases, {one.process.id: one.process.language for one in listed}, slug)
    names = phase_names(phases, spoken)
    return [_card(one, texts.get(one.process.id), names, endpoint) for one in listed]


def phase_names(phases: Sequence[Phase], texts: dict[int, TextView]) -> dict[int, str]:
    """What each phase is called for this reader."""
    return {
        one.id: name_of(one, texts[one.id].fields.get("title") if one.id in texts else None) for one in phases
    }


def _card(listed: Listed, text: TextView | None, names: dict[int, str], endpoint: str) -> Card:
    process, standing = listed.process, standing_of(listed.phases)
    look = KIND_LOOKS[process.kind]
    is_moving = not process.is_archived
    return Card(
        title=text.fields["title"] if text else process.title,
        url=url_for(endpoint, pid=process.public_id),
        language=text.html_lang if text else html_language(process.language),
        summary=text.fields.get("summary", "") if text else process.summary,
        kind=str(look.label),
        icon=look.icon,
        badge=badge_of(process, standing),
        now=tuple(now_words(standing, names)) if is_moving else (),
        next=next_words(standing, names) if is_moving else None,
    )


def timeline(
    phases: Sequence[Phase], texts: dict[int, TextView], language: str, *, is_archived: bool = False
) -> list[TimelineRow]:
    """All phases in the order of their dates, each with where it stands at this moment."""
    now = clock.now()
    rows = []
    for one in phases:
        text, look = texts.get(one.id), PHASE_LOOKS[one.kind]
        spoken = text.html_lang if text else html_language(language)
        state = "now" if one.runs(now) else "past" if one.ends_at <= now else "ahead"
        rows.append(
            TimelineRow(
                title=name_of(one, text.fields.get("title") if text else None),
                language=spoken if one.title else None,
                icon=look.icon,
                span=span_words(one.starts_at, one.ends_at),
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                state="past" if is_archived and state == "now" else state,
                open=str(look.open),
                html=text.html.get("text", "") if text else one.text_html,
            )
        )
    return rows


def page_context(process: Process) -> dict[str, Any]:
    """Everything the page of a process shows besides the parts of other packages."""
    slug = current_language().slug
    phases = process.phases
    text = process_texts([process], slug).get(process.id)
    spoken = phase_texts(phases, {process.id: process.language}, slug)
    standing, names = standing_of(phases), phase_names(phases, spoken)
    return {
        "process": process,
        "title": text.fields["title"] if text else process.title,
        "summary": text.fields.get("summary", "") if text else process.summary,
        "body_html": text.html.get("body", "") if text else process.body_html,
        "html_lang": text.html_lang if text else html_language(process.language),
        "is_translated": text is not None,
        "original_name": LANGUAGES[process.language].name if process.language in LANGUAGES else "",
        "kind": KIND_LOOKS[process.kind],
        "influence": INFLUENCE_LOOKS[process.influence],
        "who": LEVEL_WORDS[process.level],
        "has_vote": any(one.kind is PhaseKind.VOTING for one in phases),
        "badge": badge_of(process, standing),
        "places": [one.name for one in process.districts],
        "contact": contact_of(process),
        "organization": process.organization,
        "standing": standing_context(process, phases, standing, names),
        "timeline": timeline(phases, spoken, process.language, is_archived=process.is_archived),
        "history": history_of(process),
    }


def contact_of(process: Process) -> AuthorCard | None:
    """The contact person by name and hat."""
    contact = process.contact_account_id
    return account_names([contact])[contact] if contact is not None else None


def standing_context(
    process: Process, phases: Sequence[Phase], standing: Standing, names: dict[int, str]
) -> dict[str, Any]:
    """ "Now: ...; next: ... from ...", and what is closed at this moment, in sentences."""
    if process.is_archived:
        return {"now": [], "next": None, "open": [], "closed": [_("The town has closed this process.")]}
    closed = [closed_words(kind, window_of(phases, kind)) for kind in (PhaseKind.PROPOSALS, PhaseKind.VOTING)]
    return {
        "now": now_words(standing, names),
        "next": next_words(standing, names),
        "open": list(dict.fromkeys(str(PHASE_LOOKS[one.kind].open) for one in standing.current)),
        "closed": [words for words in closed if words],
    }


def history_of(process: Process) -> list[Happened]:
    """Everything public that happened, newest first. One query."""
    lines = [
        _sentence(entry.name, entry.data, entry.at)
        for entry in reversed(audit.entries_for("process", process.id))
    ]
    return [line for line in lines if line is not None]


def _sentence(name: str, data: dict[str, Any], at: datetime) -> Happened | None:
    plain = {
        "processes.published": lambda: _("Published"),
        "processes.archived": lambda: _("Closed by the town"),
        "processes.reopened": lambda: _("Opened again"),
    }
    if name in plain:
        return Happened(plain[name](), at)
    if not name.startswith("processes.phase_"):
        return None
    phase = str(PHASE_LOOKS[PhaseKind(data["kind"])].label)
    span = _span(data["starts_at"], data["ends_at"])
    if name == "processes.phase_moved":
        text = _("Other dates for “%(phase)s”: %(span)s", phase=phase, span=span)
        return Happened(text, at, note=_("Before: %(span)s", span=_span(*data["was"])))
    if name == "processes.phase_added":
        return Happened(_("Added: “%(phase)s”, %(span)s", phase=phase, span=span), at)
    return Happened(_("Taken away: “%(phase)s”, %(span)s", phase=phase, span=span), at)


def _span(start: str, end: str) -> str:
    return span_words(datetime.fromisoformat(start), datetime.fromisoformat(end))
