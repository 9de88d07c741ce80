"""Handing out files of groups: decrypted on the way, kept by nobody, run by nobody."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.groups.models import FileKind, Group, GroupFile
from portal.groups.operations.board import group_of
from portal.groups.operations.files import PDF_VARIANT
from portal.groups.queries.files import EXTENSIONS, file_in_group, has_picture, variant_of
from portal.groups.views.section import section
from portal.web.access import requires

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
PLAIN_NAME = "document.pdf"
SANDBOX = "default-src 'none'; sandbox"


def load_picture(pid: str, file: str, width: int, extension: str) -> Wanted | None:
    """The picture of the address in this width, or None for one that is not there."""
    found = file_in_group(pid, file)
    if found is None or extension not in EXTENSIONS or not has_picture(found, width):
        return None
    return Wanted(found, f"{width}.{extension}")


class Wanted:
    """A file in one of its variants; permissions ask the file."""

    def __init__(self, file: GroupFile, variant: str) -> None:
        self.file, self.variant = file, variant

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


@section.get("/groups/<pid>/files/<file>/<int:width>.<extension>")
@requires("groups.see_file", on=load_picture)
def picture(wanted: Wanted) -> ResponseReturnValue:
    """One size of a picture."""
    response = _answer(wanted, TYPES[wanted.variant.rpartition(".")[2]])
    response.headers["Content-Disposition"] = "inline"
    return response


def load_pdf(pid: str, file: str) -> Wanted | None:
    """The PDF of the address, None for pictures."""
    found = file_in_group(pid, file)
    return Wanted(found, PDF_VARIANT) if found is not None and found.kind is FileKind.PDF else None


@section.get("/groups/<pid>/files/<file>/download")
@requires("groups.see_file", on=load_pdf)
def download(wanted: Wanted) -> ResponseReturnValue:
    """A PDF, always as a download: nothing in it runs in our pages."""
    response = _answer(wanted, "application/pdf")
    group = group_of(wanted.file)
    response.headers["Content-Disposition"] = _attachment(download_name(group, wanted.file))
    return response


def _attachment(name: str) -> str:
    """The name in whatever script (RFC 6266), with one in ASCII for old phones."""
    if name.isascii() and '"' not in name and "\\" not in name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{PLAIN_NAME}\"; filename*=UTF-8''{quote(name, safe='')}"


def download_name(group: Group, file: GroupFile) -> str:
    """The file's own name; of a discreet group one that says nothing to whoever finds it on the device."""
    if group.is_discreet or not file.name:
        return PLAIN_NAME
    return file.name if file.name.lower().endswith(".pdf") else f"{file.name}.pdf"


def _answer(wanted: Wanted, mimetype: str) -> Response:
    content = variant_of(wanted.file, wanted.variant)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
