"""Taking everything along: one file with pages for people, tables for programs, dates for calendars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from portal.core import clock, limits
from portal.core.csvsafe import Cell, csv_rows
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.settings import current_settings
from portal.groups.models import FileKind, Group, GroupFile
from portal.groups.models.labels import CHARTER_LABELS
from portal.groups.models.role_labels import role_name
from portal.groups.operations.board import acting_member
from portal.groups.operations.files import PDF_VARIANT
from portal.groups.queries.export import Everything, everything_of
from portal.groups.queries.files import variant_of
from portal.groups.queries.ics import calendar
from portal.groups.queries.meetings import OwnDate
from portal.groups.queries.result_words import option_text
from portal.groups.queries.roles import role_lines
from portal.groups.views.framing import group_page, neutral_title, register_tool
from portal.groups.views.section import load_group, section
from portal.groups.views.words import told
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.links import absolute_url
from portal.web.render import render

MOST_IN_MEMORY = 8 * 1024 * 1024
Rows = Iterable[Sequence[Cell]]


@section.get("/groups/<pid>/export")
@requires("groups.export", on=load_group)
def export(group: Group) -> ResponseReturnValue:
    """What the file will hold."""
    return group_page("groups/export.html", group, subject=_("Take everything with you"))


@section.post("/groups/<pid>/export")
@requires("groups.export", on=load_group)
def download_export(group: Group) -> ResponseReturnValue:
    """The file, made now and kept nowhere."""
    member = acting_member(group, current_actor())
    limits.hit("groups.export", member.ref)
    taken = everything_of(group, current_actor())
    packed = _place_for(taken)
    pack(packed, group, taken, key=member.ref)
    packed.seek(0)
    response = send_file(packed, mimetype="application/zip", as_attachment=True, download_name=_name(group))
    response.headers["Cache-Control"] = "no-store"
    return response


def _place_for(taken: Everything) -> IO[bytes]:
    """Memory; for much, the disk without a name: it is gone when it is sent, or when the server stops."""
    much = sum(file.bytes for file in taken.files) > MOST_IN_MEMORY
    return TemporaryFile() if much else BytesIO()


def _name(group: Group) -> str:
    """A name that does not say which group it is, for whoever finds the file."""
    return (
        f"export-{clock.today()}.zip" if group.is_discreet else f"group-{group.public_id}-{clock.today()}.zip"
    )


def pack(target: IO[bytes], group: Group, taken: Everything, *, key: str) -> None:
    """Write the ZIP: index.html, a table for each part, dates for calendars, and the files."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        names = {file.id: file_name(number, file) for number, file in enumerate(taken.files, 1)}
        archive.writestr("index.html", _page(group, taken, names))
        for name, (header, rows) in _tables(taken).items():
            archive.writestr(f"{name}.csv", "".join(csv_rows(header, rows)))
        archive.writestr("meetings.ics", _dates(group, taken, key))
        for file in taken.files:
            content = variant_of(file, PDF_VARIANT if file.kind is FileKind.PDF else _largest(file))
            if content is not None:
                archive.writestr(names[file.id], content, ZIP_STORED)


def file_name(number: int, file: GroupFile) -> str:
    """A name no program stumbles over; the name people gave it stands in the page."""
    return f"files/{number:03}.{'pdf' if file.kind is FileKind.PDF else 'jpg'}"


def _largest(file: GroupFile) -> str:
    return f"{max(one['width'] for one in file.widths)}.jpg"


def _page(group: Group, taken: Everything, names: dict[int, str]) -> bytes:
    roles = {line.role.key: role_name(line.role) for line in role_lines(group)}
    response: Response = render(
        "groups/export_file.html",
        group=group,
        taken=taken,
        names=names,
        labels=CHARTER_LABELS,
        option_text=option_text,
        history=[(row.on, told(row.name, row.data, roles)) for row in taken.history],
        title=neutral_title() if group.is_discreet else group.name,
    )
    return response.get_data()


def _tables(taken: Everything) -> dict[str, tuple[Sequence[str], Rows]]:
    tables: dict[str, tuple[Sequence[str], Rows]] = {
        "board": (
            ("conversation", "title", "author", "day", "text"),
            ((one.thread, one.title, one.author, one.written_on, one.text) for one in taken.posts),
        ),
        "minutes": (
            ("day", "title", "present", "text", "decisions"),
            (_minutes_row(one) for one in taken.minutes),
        ),
        "tasks": (("task", "who", "until", "state", "ended"), (_task_row(one) for one in taken.tasks)),
        "decisions": (
            (
                *("decision", "title", "question", "method", "options", "opened", "closed", "state"),
                *("result", "why", "answered", "numbers", "outcome"),
            ),
            (_decision_row(one) for one in taken.decisions),
        ),
        "counts": (
            ("decision", "title", "option", "words", "answer", "count"),
            (row for one in taken.decisions for row in _count_rows(one)),
        ),
        "meetings": (
            ("day", "begins", "title", "place", "cancelled", "took place"),
            (_meeting_row(one) for one in taken.meetings),
        ),
    }
    if taken.members:
        tables["members"] = (("name", "since"), ((one.alias, one.member_since) for one in taken.members))
    return tables


def _minutes_row(one: Any) -> Sequence[Cell]:
    sheet = one.sheet
    return (sheet.met_on, sheet.title, sheet.present, sheet.text, "\n".join(one.decisions))


def _task_row(one: Any) -> Sequence[Cell]:
    return (one.what, ", ".join(one.doers), one.due_on, str(one.state), one.ended_on)


def _decision_row(one: Any) -> Sequence[Cell]:
    decided, counted = one.decision, one.counted
    return (
        one.number,
        decided.title,
        decided.question,
        str(decided.method),
        "\n".join(option_text(option) for option in one.options),
        decided.opens_at,
        decided.closed_at,
        str(decided.state),
        str(decided.status or ""),
        " ".join([counted.told.headline, *counted.told.why]) if counted else "",
        counted.answered if counted else None,
        json.dumps(counted.facts, ensure_ascii=False) if counted else "",
        "\n".join(f"{outcome.statement} ({outcome.who})" for outcome in one.outcomes),
    )


def _count_rows(one: Any) -> Iterator[Sequence[Cell]]:
    """How often what was answered: enough to work the decision out again."""
    words = {option.number: option_text(option) for option in one.options}
    for line in one.counted.lines if one.counted else ():
        yield (one.number, one.decision.title, line.option, words.get(line.option), line.answer, line.count)


def _meeting_row(one: Any) -> Sequence[Cell]:
    return (one.on, one.starts, one.title, one.place, one.is_cancelled, str(one.held))


def _dates(group: Group, taken: Everything, key: str) -> bytes:
    entries = [OwnDate(line, group, None) for line in taken.meetings]
    host = urlsplit(current_settings().base_url).hostname or "localhost"
    name = neutral_title() if group.is_discreet else group.name
    return calendar(entries, name=name, key=key, host=host, link=_date_link)


def _date_link(entry: OwnDate) -> str:
    return absolute_url("groups.meeting_date", pid=entry.group.public_id, did=entry.line.public_id)


register_tool(
    "groups.export", _l("Take everything with you"), permission="groups.export", icon="download", order=90
)
