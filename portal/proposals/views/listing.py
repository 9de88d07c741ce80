"""The public list, as cards or on the map, and the page of a person's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.core import clock
from portal.core.i18n import LANGUAGES, current_language
from portal.core.i18n import gettext as _
from portal.core.site_settings import site
from portal.core.text import clean_line
from portal.places.queries import district_by_slug, districts, districts_version, map_picture
from portal.processes.queries import process_names
from portal.proposals import queries
from portal.proposals.forms import language_name
from portal.proposals.models import STAGE_LOOKS, TOPIC_LOOKS, Stage, Topic
from portal.proposals.queries import ListFilter, Sort
from portal.proposals.views.presenting import (
    Card,
    CardFacts,
    badge_of,
    card_facts,
    cards,
    cards_of,
    map_points,
)
from portal.proposals.views.section import section
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.page_cache import keep_for_visitors
from portal.web.render import Page, page_number, render

LONGEST_QUERY = 80
MOST_VALUES = 20
NEWEST = 6
FILTERS = ("district", "topic", "stage", "language", "process")
Options = tuple[tuple[str, str, bool], ...]


def sort_labels() -> dict[Sort, str]:
    """The orders people can choose, in words."""
    return {
        Sort.NEWEST: _("Newest first"),
        Sort.SUPPORTED: _("Most supported"),
        Sort.ACTIVE: _("Recently active"),
        Sort.ENDING: _("Ending soon"),
        Sort.RANDOM: _("Shuffled"),
    }


def wanted_from(args: MultiDict[str, str]) -> ListFilter:
    """What the address asks for; unknown names and values ask for nothing."""
    words = clean_line(args.get("q", ""))[:LONGEST_QUERY]
    sort = args.get("sort", "")
    known = {one.value for one in Sort} - ({Sort.RELEVANCE.value} if not words else set())
    default = Sort.RELEVANCE if words else Sort.NEWEST
    chosen = {name: args.getlist(name)[:MOST_VALUES] for name in FILTERS}
    found = [district_by_slug(slug) for slug in chosen["district"]]
    seed = args.get("seed", "")
    processes = {one.public_id: one.id for one in process_names().values()} if chosen["process"] else {}
    return ListFilter(
        words=words,
        district_ids=tuple(card.id for card in found if card),
        topics=tuple(Topic(one) for one in chosen["topic"] if one in set(Topic)),
        stages=tuple(Stage(one) for one in chosen["stage"] if one in set(Stage)),
        languages=tuple(one for one in chosen["language"] if one.isalpha() and len(one) <= 12),
        process_ids=tuple(processes[one] for one in chosen["process"] if one in processes),
        without_authors=tuple(sorted(current_actor().blocked)),
        sort=Sort(sort) if sort in known else default,
        seed=int(seed) if seed.isascii() and seed.isdigit() and len(seed) < 10 else 1,
        page=page_number(),
    )


@dataclass(frozen=True)
class ListLook:
    """The list as this reader gets it.

    By its fields (and the language) a drawn list is known, so they are all that it depends on. What they mean
    is worked out when it is drawn, and not for a list that is as it was.
    """

    asked: Asked
    wanted: ListFilter
    facts: CardFacts
    total: int
    is_more: bool
    processes: Options
    districts: int
    goal: int
    minute: int

    @cached_property
    def filters(self) -> dict[str, Any]:
        """What the filter panel, the chips and the menu of orders show."""
        return filter_context(self.wanted, self.asked)

    @cached_property
    def cards(self) -> list[Card]:
        """The proposals."""
        return cards_of(self.facts)

    @cached_property
    def page(self) -> Page:
        """Where this page stands among the others."""
        return Page(self.wanted.page, queries.PER_PAGE, self.total, first=self.asked.url())


def look_of(found: queries.ListPage, wanted: ListFilter) -> ListLook:
    """What was found, with everything else that the page depends on."""
    return ListLook(
        asked=asked_for(),
        wanted=wanted,
        facts=card_facts(found.rows),
        total=found.total,
        is_more=found.is_more,
        processes=_processes(wanted),
        districts=districts_version(),
        goal=int(site("proposals.support_threshold")),
        # Days that are left change with it, and where a shuffled list begins.
        minute=int(clock.now().timestamp() // 60),
    )


@section.get("/proposals")
@requires("proposals.list")
def index() -> ResponseReturnValue:
    """All proposals, narrowed down by a plain GET form."""
    keep_for_visitors()
    wanted = wanted_from(request.args)
    look = look_of(queries.find_proposals(wanted), wanted)
    feed_url = look.asked.url("opendata.feed")
    return render("proposals/list.html", fragment="results", look=look, feed_url=feed_url)


@section.get("/proposals/map")
@requires("proposals.list")
def on_map() -> ResponseReturnValue:
    """The same, on the map and as a list by district."""
    keep_for_visitors()
    wanted, asked = wanted_from(request.args), asked_for()
    pins = queries.map_pins(wanted)
    return render(
        "proposals/map.html",
        pins=map_points(pins),
        proposals=cards(pins),
        picture=map_picture(),
        district_links={card.id: asked.url(district=[card.slug]) for card in districts()},
        **filter_context(wanted, asked),
    )


@dataclass(frozen=True)
class Asked:
    """The page that was asked for: its endpoint and the parameters it knows, as they were typed."""

    endpoint: str
    root: str
    values: tuple[tuple[str, tuple[str, ...]], ...]

    def url(self, endpoint: str = "", /, **changed: Any) -> str:
        """This address, some parameters changed; the page begins anew."""
        values = {**dict(self.values), **changed}
        known = {name: value for name, value in values.items() if value not in (None, "", ())}
        return url_for(endpoint or self.endpoint, **known)


def asked_for() -> Asked:
    """What this request asks for."""
    args = request.args
    names = ("q", "sort", "seed", *FILTERS)
    values = tuple((name, tuple(args.getlist(name))) for name in names if name in args) if args else ()
    return Asked(request.endpoint or "proposals.index", request.script_root, values)


def filter_context(wanted: ListFilter, asked: Asked) -> dict[str, Any]:
    """Everything the filter panel, the chips and the menu of orders need."""
    hidden = [("q", wanted.words)] if wanted.words else []
    is_default = wanted.sort is (Sort.RELEVANCE if wanted.words else Sort.NEWEST)
    kept = [] if is_default else [("sort", wanted.sort.value)]
    if wanted.sort is Sort.RANDOM:
        kept.append(("seed", str(wanted.seed)))
    address, groups = url_for(asked.endpoint), _groups(wanted)
    chosen = [(name, one) for name, values in asked.values if name in FILTERS for one in values[:20]]
    return {
        "action": address,
        "q": wanted.words,
        "sort": wanted.sort.value,
        "sorts": _sorts(wanted, asked),
        "groups": groups,
        "active": _active(wanted, groups, asked),
        "hidden": (*hidden, *kept),
        "kept": kept + chosen,
        "reset_url": address,
        "propose_url": url_for("proposals.new"),
        "map_url": asked.url("proposals.on_map"),
        "list_url": asked.url("proposals.index"),
    }


def _sorts(wanted: ListFilter, asked: Asked) -> list[tuple[str, str, bool]]:
    labels = sort_labels()
    if wanted.words:
        labels = {Sort.RELEVANCE: _("Best match"), **labels}
        del labels[Sort.RANDOM]
    seed = f"&seed={secrets.randbelow(10_000) + 1}"
    return [
        (
            label,
            asked.url(sort=sort.value, seed=None) + (seed if sort is Sort.RANDOM else ""),
            sort is wanted.sort,
        )
        for sort, label in labels.items()
    ]


@dataclass(frozen=True)
class FilterGroup:
    """One question of the filter panel; options are (value, words, whether it is chosen)."""

    name: str
    title: str
    options: Options
    many: bool = True


def _groups(wanted: ListFilter) -> tuple[FilterGroup, ...]:
    languages = dict.fromkeys([current_language().slug, *LANGUAGES, *wanted.languages])
    topics, stages = TOPIC_LOOKS.items(), STAGE_LOOKS.items()
    groups = (
        FilterGroup(
            "district",
            _("District"),
            tuple((card.slug, card.name, card.id in wanted.district_ids) for card in districts()),
        ),
        FilterGroup(
            "topic",
            _("Topic"),
            tuple((topic.value, str(look.label), topic in wanted.topics) for topic, look in topics),
        ),
        FilterGroup(
            "stage",
            _("Where it stands"),
            tuple((stage.value, str(look.label), stage in wanted.stages) for stage, look in stages),
        ),
        FilterGroup(
            "language",
            _("Language of the text"),
            tuple((code, language_name(code), code in wanted.languages) for code in languages),
        ),
        FilterGroup("process", _("Proposed for"), _processes(wanted)),
    )
    return tuple(group for group in groups if group.options)


def _processes(wanted: ListFilter) -> Options:
    """The newest processes, and those that are chosen."""
    slug = current_language().slug
    names = list(process_names().values())
    shown = [one for number, one in enumerate(names) if number < NEWEST or one.id in wanted.process_ids]
    return tuple((one.public_id, one.in_language(slug)[0], one.id in wanted.process_ids) for one in shown)


def _active(wanted: ListFilter, groups: tuple[FilterGroup, ...], asked: Asked) -> list[tuple[str, str]]:
    active = [(_("“%(words)s”", words=wanted.words), asked.url(q=None))] if wanted.words else []
    chosen = dict(asked.values)
    for group in groups:
        for value, label, is_chosen in group.options:
            if is_chosen:
                others = tuple(one for one in chosen.get(group.name, ()) if one != value)
                active.append((label, asked.url(**{group.name: others})))
    return active


@section.get("/account/proposals")
@own
def mine() -> ResponseReturnValue:
    """A person's drafts and proposals, and what they support and follow."""
    account_id, blocked = current_actor().account_id or 0, current_actor().blocked
    return render(
        "proposals/mine.html",
        drafts=queries.drafts_of(account_id),
        published=[(one, badge_of(one)) for one in queries.published_of(account_id)],
        supported=cards(queries.not_by(queries.supported_by(account_id), blocked)),
        followed=cards(queries.not_by(queries.followed_by(account_id), blocked)),
    )
