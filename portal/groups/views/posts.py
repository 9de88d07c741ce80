"""One post: other words, taking it back, its pictures, handing it to moderation."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core import limits
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.subjects import SubjectRef, resolve
from portal.core.text import excerpt, plain_text
from portal.groups.forms.board import AddPictureForm, ChangeForm, DescribeForm
from portal.groups.models import GroupFile, GroupPost
from portal.groups.operations import board, files, handing
from portal.groups.operations.pairs import start_together
from portal.groups.permissions.inside import Gone
from portal.groups.queries.board import thread_public_id
from portal.groups.queries.files import file_in_group, pictures_in
from portal.groups.views.board import load_post, to_post
from portal.groups.views.framing import group_page
from portal.groups.views.section import back_in, or_gone, remember_deleted, section
from portal.moderation import operations as moderation
from portal.moderation.forms import ReportForm
from portal.moderation.models import Category
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.responses import flash_success, redirect_to
from portal.web.uploads import accepts_upload

UPLOAD_MEGABYTES = 6
# So much of a post stands in the question to a second member.
WORDS_SHOWN = 120


@section.route("/groups/<pid>/board/<post>/edit", methods=["GET", "POST"])
@requires("groups.change_post", on=load_post)
def change_post(post: GroupPost) -> ResponseReturnValue:
    """Say it in other words."""
    form = ChangeForm(data={"title": post.title, "text": post.text})
    if form.validate_on_submit() and form.attempt(lambda: _change(post, form)):
        flash_success(_("Your post was changed."))
        return to_post(post)
    return _page("groups/post_edit.html", post, _("Change your post"), form)


def _page(
    template: str, post: GroupPost, subject: str, form: Form | None, **context: Any
) -> ResponseReturnValue:
    group = board.group_of(post)
    return group_page(
        template,
        group,
        tab="board",
        subject=subject,
        status=form.status if form else 200,
        form=form,
        post=post,
        thread_id=thread_public_id(post),
        **context,
    )


def _change(post: GroupPost, form: ChangeForm) -> bool:
    board.change_post(post, actor=current_actor(), text=form.text.data or "", title=form.title.data or "")
    return True


def load_post_to_remove(pid: str, post: str) -> GroupPost | Gone | None:
    """The post, or that it is gone."""
    return or_gone(pid, load_post(pid, post))


@section.route("/groups/<pid>/board/<post>/remove", methods=["GET", "POST"])
@requires("groups.remove_post", on=load_post_to_remove)
def remove_post(post: GroupPost | Gone) -> ResponseReturnValue:
    """Take words and pictures out, asked once."""
    if isinstance(post, Gone):
        flash_success(_("The post was taken out."))
        return back_in(post, "groups.board")
    if request.method != "POST":
        return _page("groups/post_remove.html", post, _("Take the post out"), None)
    return _remove(post)


def _remove(post: GroupPost) -> ResponseReturnValue:
    group, thread = board.group_of(post), thread_public_id(post)
    stays = post.thread_id is not None or post.answers > 0
    board.remove_post(post, actor=current_actor())
    remember_deleted()
    flash_success(_("The post was taken out."))
    if not stays:
        return redirect_to("groups.board", pid=group.public_id)
    return redirect_to("groups.thread", pid=group.public_id, post=thread)


@section.post("/groups/<pid>/board/<post>/take-out-together")
@requires("groups.take_out_together", on=load_post)
def take_out_together(post: GroupPost) -> ResponseReturnValue:
    """Without a leader: one member begins to take a post out, another confirms it."""
    group, words = board.group_of(post), excerpt(plain_text(post.text or ""), WORDS_SHOWN)
    started = start_together(group, "take_out", actor=current_actor(), post_id=post.id, words=words)
    done = started.confirmed_by_id is not None
    flash_success(_("The post was taken out.") if done else _("A second member has to confirm it."))
    return redirect_to("groups.together", pid=group.public_id)


@section.route("/groups/<pid>/board/<post>/pictures", methods=["GET", "POST"])
@requires("groups.change_post", on=load_post)
@accepts_upload(UPLOAD_MEGABYTES)
def post_pictures(post: GroupPost) -> ResponseReturnValue:
    """Add photos to one's own post, one at a time."""
    form = AddPictureForm()
    if form.validate_on_submit() and form.attempt(lambda: _add(post, form)):
        return redirect_to("groups.post_pictures", pid=board.group_of(post).public_id, post=post.public_id)
    pictures = pictures_in([post.id], post.author_id).get(post.id, [])
    return _page("groups/post_pictures.html", post, _("Pictures"), form, pictures=pictures)


def _add(post: GroupPost, form: AddPictureForm) -> GroupFile:
    data = form.file.data.read() if form.file.data else b""
    alt, key = form.alt.data or "", form.form_key.data or ""
    return files.add_picture(post, actor=current_actor(), data=data, alt=alt, form_key=key)


def load_file(pid: str, file: str) -> GroupFile | None:
    """The file of the address, if it belongs to the group of the address."""
    return file_in_group(pid, file)


def load_file_to_remove(pid: str, file: str) -> GroupFile | Gone | None:
    """The same, or that it is gone."""
    return or_gone(pid, load_file(pid, file))


@section.route("/groups/<pid>/files/<file>/describe", methods=["GET", "POST"])
@requires("groups.describe_file", on=load_file)
def describe_file(file: GroupFile) -> ResponseReturnValue:
    """Say what is to be seen, so that everybody gets it."""
    form, group = DescribeForm(data={"alt": file.alt}), board.group_of(file)
    if form.validate_on_submit() and form.attempt(lambda: _describe(file, form)):
        flash_success(_("Thank you. Everybody who may see the picture gets your words, too."))
        return _back_from(file)
    subject = _("What is to be seen?")
    return group_page(
        "groups/file_describe.html", group, subject=subject, status=form.status, form=form, file=file
    )


def _describe(file: GroupFile, form: DescribeForm) -> bool:
    files.describe_file(file, actor=current_actor(), alt=form.alt.data or "")
    return True


def _back_from(file: GroupFile) -> ResponseReturnValue:
    """Where a file is shown: in its post, else among the group's files."""
    post = board.post_by_id(file.post_id) if file.post_id is not None else None
    if post is not None:
        return to_post(post)
    return redirect_to("groups.files", pid=board.group_of(file).public_id)


@section.post("/groups/<pid>/files/<file>/remove")
@requires("groups.remove_file", on=load_file_to_remove)
def remove_file(file: GroupFile | Gone) -> ResponseReturnValue:
    """Delete a file or a picture."""
    if isinstance(file, Gone):
        flash_success(_("It was deleted."))
        return back_in(file, "groups.files")
    back = _back_from(file)
    files.remove_file(file, actor=current_actor())
    remember_deleted()
    flash_success(_("It was deleted."))
    return back


@section.route("/groups/<pid>/board/<post>/report", methods=["GET", "POST"])
@requires("groups.report_post", on=load_post)
def report_post(post: GroupPost) -> ResponseReturnValue:
    """Hand this one post to moderation: nothing else of the group reaches it."""
    form = ReportForm()
    receipt = form.attempt(lambda: _report(post, form)) if form.validate_on_submit() else None
    if receipt is not None:
        return redirect_to("moderation.receipt", code=receipt.code)
    return _page("groups/post_report.html", post, _("Report this post"), form)


def _report(post: GroupPost, form: ReportForm) -> moderation.Receipt:
    actor = current_actor()
    if actor.is_visitor:
        limits.hit("moderation.report", limits.network_key(request.remote_addr))
    else:
        limits.hit("groups.report", str(actor.account_id))
    subject = resolve(SubjectRef("group_post", handing.hand_over_post(post, actor=actor).id))
    if subject is None:
        raise NotFound
    return moderation.report_subject(
        subject,
        actor=actor,
        category=Category(form.category.data),
        words=form.words.data or "",
        email=form.email.data or None,
        language=current_language().slug,
        code=form.code.data,
    )
