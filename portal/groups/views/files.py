"""Files of a group: the list, and adding one."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.papers import FileForm
from portal.groups.models import MOST_GROUP_BYTES, Group, GroupFile
from portal.groups.operations import files as operations
from portal.groups.queries import files as queries
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.posts import UPLOAD_MEGABYTES
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to
from portal.web.uploads import accepts_upload


@section.get("/groups/<pid>/files")
@requires("groups.read_papers", on=load_group)
def files(group: Group) -> ResponseReturnValue:
    """The group's pictures and PDFs, and the room that is left."""
    actor = current_actor()
    used = queries.bytes_used(group)
    return group_page(
        "groups/files.html",
        group,
        subject=_("Files"),
        files=queries.files_for(group, actor),
        free_megabytes=max(0, MOST_GROUP_BYTES - used) // (1024 * 1024),
        acts=can(actor, "groups.take_part", group),
        moderates=can(actor, "groups.moderate", group),
    )


@section.route("/groups/<pid>/files/new", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group)
@accepts_upload(UPLOAD_MEGABYTES)
def add_file(group: Group) -> ResponseReturnValue:
    """Keep a picture or a PDF for the members."""
    form = FileForm()
    kept = form.attempt(lambda: _add(group, form)) if form.validate_on_submit() else None
    if kept is None:
        subject = _("Add a file")
        return group_page("groups/file_new.html", group, subject=subject, status=form.status, form=form)
    flash_success(_("The file is there."))
    if kept.is_pending:
        return redirect_to("groups.describe_file", pid=group.public_id, file=kept.public_id)
    return redirect_to("groups.files", pid=group.public_id)


def _add(group: Group, form: FileForm) -> GroupFile:
    upload = form.file.data
    return operations.add_file(
        group,
        actor=current_actor(),
        data=upload.read() if upload else b"",
        name=form.name.data or (upload.filename if upload else "") or "",
        alt=form.alt.data or "",
        form_key=form.form_key.data or "",
    )


register_tool("groups.files", _l("Files"), permission="groups.read_papers", icon="photo", order=30)
