"""The public proposals as CSV and JSON, streamed; and the page with licence and description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from flask import Response, stream_with_context

from portal.core import clock
from portal.core.csvsafe import csv_rows
from portal.core.i18n import format_date
from portal.opendata.queries import FIELDS, DataState, Value, data_state, public_rows
from portal.opendata.settings import attribution, licence
from portal.opendata.views.section import is_known, open_to_all, section
from portal.proposals.models import STAGE_LOOKS, TOPIC_LOOKS
from portal.web.access import public
from portal.web.links import absolute_url
from portal.web.render import render

PIECES = 200


@section.get("/open-data")
@public
def page() -> Response:
    """What there is, in which form, and what may be done with it."""
    identifier, address = licence()
    return render(
        "opendata/page.html",
        fields=FIELDS,
        stages=STAGE_LOOKS,
        topics=TOPIC_LOOKS,
        licence=identifier,
        licence_url=address,
        attribution=attribution(),
        today=format_date(clock.today()),
    )


@section.get("/open-data/proposals.csv")
@public
def csv() -> Response:
    """All public proposals as a table."""
    return _streamed("text/csv", "proposals.csv", csv_pieces)


@section.get("/open-data/proposals.json")
@public
def json_file() -> Response:
    """All public proposals as JSON, with licence and source."""
    return _streamed("application/json", "proposals.json", json_pieces)


def _streamed(mimetype: str, name: str, pieces: Callable[[DataState], Iterator[str]]) -> Response:
    """The file row by row, or 304 when the reader has this state already."""
    state = data_state()
    etag = f"{state.fingerprint}-{name}"
    response = Response(status=304)
    if not is_known(etag):
        response = Response(stream_with_context(pieces(state)), mimetype=mimetype)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return open_to_all(response, etag, state.changed_at)


def csv_pieces(state: DataState) -> Iterator[str]:
    """The table: UTF-8 with BOM, no cell that a spreadsheet would run as a formula."""
    rows = ([row[name] for name in FIELDS] for row in _with_addresses())
    return csv_rows(list(FIELDS), rows)


def json_pieces(state: DataState) -> Iterator[str]:
    """One object: facts about the data first, then the list `proposals`."""
    identifier, address = licence()
    facts = {
        "licence": identifier,
        "licence_url": address,
        "attribution": attribution(),
        "documentation": absolute_url("opendata.page"),
        "changed_at": state.changed_at,
    }
    yield json.dumps(facts, ensure_ascii=False, default=_as_text)[:-1] + ', "proposals": ['
    piece, is_first = [], True
    for row in _with_addresses():
        piece.append(("" if is_first else ",") + "\n" + json.dumps(row, ensure_ascii=False, default=_as_text))
        is_first = False
        if len(piece) == PIECES:
            yield "".join(piece)
            piece = []
    yield "".join(piece) + "\n]}\n"


def _with_addresses() -> Iterator[dict[str, Value]]:
    # One address as a pattern: building 100,000 of them takes longer than reading the rows.
    before, _mark, after = absolute_url("proposals.detail", pid="PID").rpartition("PID")
    for row in public_rows():
        yield {"id": row["id"], "url": f"{before}{row['id']}{after}", **row}


def _as_text(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
