"""The board: the list of conversations, one conversation, writing."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.groups.forms.board import AnswerForm, ThreadForm
from portal.groups.models import Group, GroupExcerpt, GroupPost
from portal.groups.operations import board as operations
from portal.groups.operations.pairs import can_be_done_together
from portal.groups.queries import board as queries
from portal.groups.queries import excerpts
from portal.groups.views.framing import group_page
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number
from portal.web.responses import flash_success, redirect_to

THREADS_PER_PAGE = 20
POSTS_PER_PAGE = 30


@section.get("/groups/<pid>/board")
@requires("groups.read_board", on=load_group)
def board(group: Group) -> ResponseReturnValue:
    """Conversations: what is pinned first, then the newest."""
    page = Page(page_number(), THREADS_PER_PAGE, queries.thread_count(group, current_actor()))
    threads = queries.thread_lines(group, current_actor(), offset=page.offset, limit=THREADS_PER_PAGE)
    writes = can(current_actor(), "groups.take_part", group)
    return group_page("groups/board.html", group, tab="board", threads=threads, page=page, writes=writes)


@section.route("/groups/<pid>/board/new", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group)
def begin_thread(group: Group) -> ResponseReturnValue:
    """Begin a conversation."""
    form = ThreadForm()
    post = form.attempt(lambda: _begin(group, form)) if form.validate_on_submit() else None
    if post is not None:
        flash_success(_("Your post is on the board."))
        return redirect_to("groups.thread", pid=group.public_id, post=post.public_id)
    subject = _("New conversation")
    return group_page(
        "groups/board_new.html", group, tab="board", subject=subject, status=form.status, form=form
    )


def _begin(group: Group, form: ThreadForm) -> GroupPost:
    title, text, key = form.title.data or "", form.text.data or "", form.form_key.data or ""
    return operations.begin_thread(group, actor=current_actor(), title=title, text=text, form_key=key)


def load_post(pid: str, post: str) -> GroupPost | None:
    """The post of the address, if it stands in the group of the address."""
    return queries.post_in_group(pid, post)


def load_thread(pid: str, post: str) -> GroupPost | None:
    """The beginning of a conversation; an answer's own id opens nothing here."""
    return queries.thread_in_group(pid, post)


@section.get("/groups/<pid>/board/<post>")
@requires("groups.read_post", on=load_thread)
def thread(post: GroupPost) -> ResponseReturnValue:
    """One conversation, with a form to answer for those who may."""
    return thread_page(post, AnswerForm())


@section.post("/groups/<pid>/board/<post>/answers")
@requires("groups.answer_post", on=load_thread)
def answer(post: GroupPost) -> ResponseReturnValue:
    """Write into a conversation."""
    form = AnswerForm()
    written = form.attempt(lambda: _answer(post, form)) if form.validate_on_submit() else None
    if written is None:
        return thread_page(post, form)
    flash_success(_("Your answer is on the board."))
    return to_post(written)


def _answer(post: GroupPost, form: AnswerForm) -> GroupPost:
    text, key = form.text.data or "", form.form_key.data or ""
    return operations.answer(post, actor=current_actor(), text=text, form_key=key)


def thread_page(post: GroupPost, form: AnswerForm) -> ResponseReturnValue:
    """The page of a conversation, with what somebody has typed already."""
    group, actor = operations.group_of(post), current_actor()
    page = Page(page_number(), POSTS_PER_PAGE, queries.post_count(post))
    return group_page(
        "groups/thread.html",
        group,
        tab="board",
        subject=(post.title or "") if post.is_readable else "",
        status=form.status,
        form=form,
        thread=post,
        posts=queries.thread_posts(post, group, actor, offset=page.offset, limit=POSTS_PER_PAGE),
        page=page,
        writes=can(actor, "groups.answer_post", post) and not post.closed,
        writes_own=can(actor, "groups.take_part", group),
        moderates=can(actor, "groups.moderate_post", post),
        by_two=can(actor, "groups.take_part", group) and can_be_done_together(group, "take_out"),
    )


def to_post(post: GroupPost) -> ResponseReturnValue:
    """The conversation a post stands in, at the page and the place where it stands."""
    group = operations.group_of(post)
    place = queries.place_in_thread(post)
    number = place // POSTS_PER_PAGE + 1
    return redirect_to(
        "groups.thread",
        anchor=f"p-{post.public_id}",
        pid=group.public_id,
        post=queries.thread_public_id(post),
        page=number if number > 1 else None,
    )


@section.get("/groups/<pid>/board/<post>/place")
@requires("groups.read_post", on=load_post)
def place(post: GroupPost) -> ResponseReturnValue:
    """Where notices lead: to the post in its conversation, on whatever page it stands by now."""
    return to_post(post)


@section.get("/groups/handed-over/<excerpt>")
@requires("groups.see_excerpt", on=lambda excerpt: excerpts.excerpt_by_public_id(excerpt))
def handed_over(excerpt: GroupExcerpt) -> ResponseReturnValue:
    """The post that moderation decided about, for those who read the board."""
    post = excerpts.post_of(excerpt)
    if post is None:
        raise NotFound
    return to_post(post)


@section.post("/groups/<pid>/board/<post>/order")
@requires("groups.moderate_post", on=load_thread)
def order_thread(post: GroupPost) -> ResponseReturnValue:
    """Put it at the top or take it down, close it or open it."""
    acts = {
        "pin": operations.pin,
        "unpin": operations.unpin,
        "close": operations.close_thread,
        "open": operations.open_thread,
    }
    act = acts.get(request.form.get("act", ""))
    if act is None:
        raise NotFound
    act(post, actor=current_actor())
    return to_post(post)
