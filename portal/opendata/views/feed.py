"""Atom feeds (RFC 4287): the list of proposals with its filters, for feed readers. Pages as in RFC 5005."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import Response, request

from portal.content.queries import html_language
from portal.core.i18n import DEFAULT_LANGUAGE, current_language
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.core.site_settings import site
from portal.opendata.queries import FeedDetail, feed_details
from portal.opendata.settings import licence
from portal.opendata.views.section import is_known, open_to_all, section
from portal.places.queries import district_names
from portal.proposals.models import STAGE_LOOKS, TOPIC_LOOKS
from portal.proposals.queries import ProposalRow, find_proposals
from portal.proposals.views.listing import FILTERS, wanted_from
from portal.web.access import public
from portal.web.links import absolute_url

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRIES = 50
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PARAMETERS = ("q", "sort", "seed", *FILTERS)
# What XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

register_namespace("", ATOM)


@dataclass(frozen=True)
class Entry:
    """A proposal with its text and the last time something new was to be read."""

    row: ProposalRow
    detail: FeedDetail

    @property
    def updated_at(self) -> datetime:
        """Publication, change of the text or answer, whichever came last. Support is no news to readers."""
        times = (self.row.published_at, self.detail.edited_at, self.detail.answered_at)
        return max(time for time in times if time is not None)


@section.get("/proposals.atom")
@public
def feed() -> Response:
    """What a list with these parameters would show, fifty at a time; unknown ones ask for nothing."""
    wanted = wanted_from(request.args)
    found = find_proposals(wanted, per_page=ENTRIES)
    details = feed_details([row.id for row in found.rows])
    entries = [Entry(row, details[row.id]) for row in found.rows if row.id in details]
    document = written(entries, page=wanted.page, has_more=found.total > wanted.page * ENTRIES)
    etag = hashlib.sha256(document).hexdigest()[:20]
    body, status = (b"", 304) if is_known(etag) else (document, 200)
    response = Response(body, status, content_type="application/atom+xml; charset=utf-8")
    return open_to_all(response, etag, max((one.updated_at for one in entries), default=None))


def written(entries: Sequence[Entry], *, page: int, has_more: bool) -> bytes:
    """The feed as a document. What it is called and whom it is by are the town's, never a resident's."""
    name = ", ".join(str(site(key)) for key in ("site.name", "site.tagline") if site(key))
    root = Element(f"{{{ATOM}}}feed", {XML_LANG: current_language().html_lang})
    _add(root, "id", absolute_url("opendata.feed", DEFAULT_LANGUAGE, **_asked()))
    _add(root, "title", " · ".join([_("Proposals"), name]))
    _add(root, "updated", _time(max((one.updated_at for one in entries), default=BEGINNING)))
    _add(root, "generator", "Nachbarnetz")
    _add(root, "icon", absolute_url("app_icon", size=192))
    _add(SubElement(root, f"{{{ATOM}}}author"), "name", name)
    _add(root, "rights", licence()[0])
    _link(root, "license", licence()[1])
    _link(root, "self", absolute_url("opendata.feed", **_asked(page)), "application/atom+xml")
    _link(root, "alternate", absolute_url("proposals.index", **_asked(page)), "text/html")
    if page > 1:
        _link(root, "previous", absolute_url("opendata.feed", **_asked(page - 1)), "application/atom+xml")
    if has_more:
        _link(root, "next", absolute_url("opendata.feed", **_asked(page + 1)), "application/atom+xml")
    names = district_names()
    for one in entries:
        _write_entry(root, one, names.get(one.row.district_id or 0))
    return cast(bytes, tostring(root, encoding="utf-8", xml_declaration=True))


def _write_entry(root: Element, one: Entry, district: str | None) -> None:
    row = one.row
    entry = SubElement(root, f"{{{ATOM}}}entry", {XML_LANG: html_language(row.language)})
    # Stable whatever the language, the host's port or the scheme: RFC 4151.
    host = urlsplit(current_settings().base_url).hostname
    _add(entry, "id", f"tag:{host},{row.published_at:%Y-%m-%d}:proposals/{row.public_id}")
    _add(entry, "title", row.title)
    _add(entry, "published", _time(row.published_at))
    _add(entry, "updated", _time(one.updated_at))
    _link(entry, "alternate", absolute_url("proposals.detail", pid=row.public_id), "text/html")
    labels = {"stage": str(STAGE_LOOKS[row.stage].label), "district": district}
    labels["topic"] = str(TOPIC_LOOKS[row.topic].label) if row.topic else None
    for scheme, label in labels.items():
        if label:
            term = {"term": _fit(label), "scheme": absolute_url("opendata.page") + f"#{scheme}"}
            SubElement(entry, f"{{{ATOM}}}category", term)
    _add(entry, "summary", row.excerpt)
    _add(entry, "content", one.detail.what_html, type="html")


def _asked(page: int = 1) -> dict[str, Any]:
    """The known parameters of this request; the first page needs no number."""
    values: dict[str, Any] = {
        name: [_fit(one) for one in request.args.getlist(name)[:20]]
        for name in PARAMETERS
        if name in request.args
    }
    return values if page == 1 else {**values, "page": page}


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _fit(text)


def _link(parent: Element, relation: str, url: str, kind: str = "") -> None:
    attributes = {"rel": relation, "href": _fit(url), **({"type": kind} if kind else {})}
    SubElement(parent, f"{{{ATOM}}}link", attributes)


def _fit(text: str) -> str:
    return NOT_XML.sub("", text)


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
