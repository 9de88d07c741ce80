"""Pages and fragments of conversations; the pages that hold a thread include discussions/thread.html."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import format_relative
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.core.text import render_markdown
from portal.discussions import operations, queries
from portal.discussions.forms import CommentForm, DeleteCommentForm, EditCommentForm
from portal.discussions.models import Comment, Thread
from portal.web.access import requires
from portal.web.blueprints import Section
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render
from portal.web.responses import flash_info, flash_success, fragment_or_redirect, redirect_to

section = Section("discussions", __name__)


def conversation(thread_id: int, *, also_named: Iterable[int] = ()) -> dict[str, Any]:
    """What discussions/thread.html needs, for `render(..., **conversation(thread_id))`.

    also_named: accounts the page names besides; their cards are in `thread.names`.
    """
    view = queries.thread_view(
        thread_id,
        current_actor(),
        page=page_number(),
        sort=request.args.get("sort", "oldest"),
        also_named=also_named,
    )
    return {
        "thread": view,
        "thread_page": Page(view.page, queries.PER_PAGE, view.total),
        # The words for its moments, by which a comment drawn before notices that time goes on.
        "ages": tuple(map(format_relative, view.talk.moments)),
        # A form sets a cookie, so only those who may write get one.
        "comment_form": CommentForm(formdata=None) if view.may_write else None,
    }


def load_thread(tid: str) -> Thread | None:
    """The thread of the URL."""
    return queries.thread_by_public_id(tid)


def load_comment(pid: str) -> Comment | None:
    """The comment of the URL."""
    return queries.comment_by_public_id(pid)


@section.get("/threads/<tid>/comments/new")
@requires("discussions.comment", on=load_thread)
def write(thread: Thread) -> ResponseReturnValue:
    """The form alone: an answer's slot with scripts, a page without."""
    form = CommentForm(formdata=None, reply_to=request.args.get("reply_to"))
    return _form_page(thread, form)


@section.post("/threads/<tid>/comments")
@requires("discussions.comment", on=load_thread)
def add(thread: Thread) -> ResponseReturnValue:
    """Write a comment: appended with scripts, shown in its place without."""
    form = CommentForm()
    comment = _send(thread, form) if form.validate_on_submit() else None
    return _form_page(thread, form) if comment is None else _written(comment, form)


def _written(comment: Comment, form: CommentForm) -> ResponseReturnValue:
    return fragment_or_redirect(
        "discussions/write.html",
        "write",
        lambda: _place(comment),
        lambda: {
            "thread_id": comment.thread.public_id,
            "place": form.place,
            "form": None if comment.parent_id else CommentForm(formdata=None),
            "added": queries.single_view(comment, current_actor()),
            "is_alone": queries.is_alone(comment),
        },
    )


def _send(thread: Thread, form: CommentForm) -> Comment | None:
    return form.attempt(
        lambda: operations.add_comment(
            thread,
            actor=current_actor(),
            body=form.body.data or "",
            stance=form.stance.data or None,
            reply_to=form.reply_to.data or None,
            form_key=(form.form_key.data or "")[:32] or None,
        )
    )


def _form_page(thread: Thread, form: CommentForm) -> ResponseReturnValue:
    answered = queries.answered_view(thread, form.reply_to.data, current_actor())
    if form.reply_to.data and answered is None and form.status == 200:
        raise NotFound
    return render(
        "discussions/write.html",
        fragment="write",
        status=form.status,
        form=form,
        place=form.place,
        thread_id=thread.public_id,
        answered=answered,
        subject=_subject_of(thread),
    )


@section.get("/comments/<pid>")
@requires("discussions.read_comment", on=load_comment)
def comment(found: Comment) -> ResponseReturnValue:
    """One comment with all answers: where links from notices and mails lead."""
    return render(
        "discussions/comment.html",
        item=queries.comment_view(found, current_actor()),
        thread=found.thread,
        may_write=found.thread.accepts_comments and can(current_actor(), "discussions.comment", found.thread),
        subject=_subject_of(found.thread),
    )


@section.get("/comments/<pid>/versions")
@requires("discussions.read_comment", on=load_comment)
def versions(found: Comment) -> ResponseReturnValue:
    """What was changed, version by version, latest first."""
    return render(
        "discussions/versions.html",
        item=found,
        changes=queries.changes(found),
        subject=_subject_of(found.thread),
    )


@section.route("/comments/<pid>/edit", methods=["GET", "POST"])
@requires("discussions.edit_comment", on=load_comment)
def edit(found: Comment) -> ResponseReturnValue:
    """Change one's own comment."""
    form = EditCommentForm(found)
    if form.validate_on_submit() and _change(found, form) is not None:
        if found.hidden_at is not None:
            flash_info(_("Thank you. We look at your new text and show it again if it is fine."))
            return _to_subject(found.thread)
        flash_success(_("Your comment has been changed."))
        return _to_place(found)
    return render("discussions/edit.html", status=form.status, form=form, item=found)


def _change(found: Comment, form: EditCommentForm) -> Comment | None:
    return form.attempt(
        lambda: operations.edit_comment(
            found,
            actor=current_actor(),
            body=form.body.data or "",
            stance=form.stance.data or None,
            language=form.language.data or None,
        )
    )


@section.route("/comments/<pid>/delete", methods=["GET", "POST"])
@requires("discussions.delete_comment", on=load_comment)
def delete(found: Comment) -> ResponseReturnValue:
    """Take one's own comment back, after one question."""
    form = DeleteCommentForm()
    if form.validate_on_submit():
        operations.delete_comment(found, actor=current_actor())
        flash_success(_("Your comment has been deleted."))
        return _to_subject(found.thread)
    html = render_markdown(found.body_md)
    return render("discussions/delete.html", status=form.status, form=form, item=found, html=html)


def _subject_of(thread: Thread) -> Subject:
    subject = resolve(SubjectRef(thread.subject_kind, thread.subject_id))
    if subject is None:
        raise NotFound
    return subject


def _place(found: Comment) -> tuple[str, dict[str, Any]]:
    """Where a comment stands: the page of its subject, the page of the thread, the place on it."""
    endpoint, values = _subject_of(found.thread).endpoint
    page = queries.page_of(found)
    return endpoint, {**values, **({"page": page} if page > 1 else {}), "_anchor": f"c-{found.public_id}"}


def _to_place(found: Comment) -> ResponseReturnValue:
    endpoint, values = _place(found)
    return redirect_to(endpoint, anchor=values.pop("_anchor"), **values)


def _to_subject(thread: Thread) -> ResponseReturnValue:
    endpoint, values = _subject_of(thread).endpoint
    return redirect_to(endpoint, anchor="discussion", **values)
