"""The public list, as cards or on the map, and the page of a person's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.core.i18n import LANGUAGES, current_language
from portal.core.i18n import gettext as _
from portal.core.text import clean_line
from portal.places.queries import district_by_slug, districts, map_picture
from portal.processes.queries import process_names
from portal.proposals import queries
from portal.proposals.forms import language_name
from portal.proposals.models import STAGE_LOOKS, TOPIC_LOOKS, Stage, Topic
from portal.proposals.queries import ListFilter, Sort
from portal.proposals.views.presenting import badge_of, cards, map_points
from portal.proposals.views.section import section
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.page_cache import keep_for_visitors
from portal.web.render import Page, page_number, render

LONGEST_QUERY = 80
MOST_VALUES = 20
NEWEST = 6
FILTERS = ("district", "topic", "stage", "language", "process")


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


@section.get("/proposals")
@requires("proposals.list")
def index() -> ResponseReturnValue:
    """All proposals, narrowed down by a plain GET form."""
    keep_for_visitors()
    wanted = wanted_from(request.args)
    found = queries.find_proposals(wanted)
    page = Page(wanted.page, queries.PER_PAGE, found.total)
    return render(
        "proposals/list.html",
        fragment="results",
        proposals=cards(found.rows),
        page=page,
        is_more=found.is_more,
        **filter_context(wanted),
    )


@section.get("/proposals/map")
@requires("proposals.list")
def on_map() -> ResponseReturnValue:
    """The same, on the map and as a list by district."""
    keep_for_visitors()
    wanted = wanted_from(request.args)
    pins = queries.map_pins(wanted)
    return render(
        "proposals/map.html",
        pins=map_points(pins),
        proposals=cards(pins),
        picture=map_picture(),
        district_links={card.id: _url(district=[card.slug]) for card in districts()},
        **filter_context(wanted),
    )


def filter_context(wanted: ListFilter) -> dict[str, Any]:
    """Everything the filter panel, the chips and the menu of orders need."""
    hidden = [("q", wanted.words)] if wanted.words else []
    is_default = wanted.sort is (Sort.RELEVANCE if wanted.words else Sort.NEWEST)
    kept = [] if is_default else [("sort", wanted.sort.value)]
    if wanted.sort is Sort.RANDOM:
        kept.append(("seed", str(wanted.seed)))
    address, values, groups = url_for(request.endpoint or "proposals.index"), _values(), _groups(wanted)
    return {
        "action": address,
        "q": wanted.words,
        "sort": wanted.sort.value,
        "sorts": _sorts(wanted),
        "groups": groups,
        "active": _active(wanted, groups),
        "hidden": (*hidden, *kept),
        "kept": kept + [(name, value) for name in FILTERS for value in request.args.getlist(name)[:20]],
        "reset_url": address,
        "propose_url": url_for("proposals.new"),
        "map_url": url_for("proposals.on_map", **values),
        "list_url": url_for("proposals.index", **values),
        "feed_url": url_for("opendata.feed", **values),
    }


def _values(**changed: Any) -> dict[str, Any]:
    """The known parameters of this address, some of them changed; the page begins anew."""
    names = ("q", "sort", "seed", *FILTERS)
    values: dict[str, Any] = {
        name: tuple(request.args.getlist(name)) for name in names if name in request.args
    }
    values.update(changed)
    return {name: value for name, value in values.items() if value not in (None, "", ())}


def _url(**changed: Any) -> str:
    return url_for(request.endpoint or "proposals.index", **_values(**changed))


def _sorts(wanted: ListFilter) -> list[tuple[str, str, bool]]:
    labels = sort_labels()
    if wanted.words:
        labels = {Sort.RELEVANCE: _("Best match"), **labels}
        del labels[Sort.RANDOM]
    seed = f"&seed={secrets.randbelow(10_000) + 1}"
    return [
        (
            label,
            _url(sort=sort.value, seed=None) + (seed if sort is Sort.RANDOM else ""),
            sort is wanted.sort,
        )
        for sort, label in labels.items()
    ]


@dataclass(frozen=True)
class FilterGroup:
    """One question of the filter panel; options are (value, words, whether it is chosen)."""

    name: str
    title: str
    options: tuple[tuple[str, str, bool], ...]
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


def _processes(wanted: ListFilter) -> tuple[tuple[str, str, bool], ...]:
    """The newest processes, and those that are chosen."""
    slug = current_language().slug
    names = list(process_names().values())
    shown = [one for number, one in enumerate(names) if number < NEWEST or one.id in wanted.process_ids]
    return tuple((one.public_id, one.in_language(slug)[0], one.id in wanted.process_ids) for one in shown)


def _active(wanted: ListFilter, groups: tuple[FilterGroup, ...]) -> list[tuple[str, str]]:
    active = [(_("“%(words)s”", words=wanted.words), _url(q=None))] if wanted.words else []
    for group in groups:
        for value, label, is_chosen in group.options:
            if is_chosen:
                others = tuple(one for one in request.args.getlist(group.name) if one != value)
                active.append((label, _url(**{group.name: others})))
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
