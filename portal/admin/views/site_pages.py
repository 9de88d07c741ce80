"""The site's own pages: what is missing, writing, looking, publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from portal.admin.forms import PageForm
from portal.admin.queries.site_pages import draft_text, latest_version_id, page_overview
from portal.admin.views.section import section
from portal.content.forms import VideoForm
from portal.content.models import SitePage, Video
from portal.content.operations import Place, publish_page, remove_video, save_video
from portal.content.queries import PageText, is_page, page_text, video_of_page
from portal.content.settings import FACTS, FILMED, HOME, MOST_VIDEO_MEGABYTES, OWN_FACTS, PAGES
from portal.core.i18n import LANGUAGES, Language, current_language, use_language
from portal.core.i18n import gettext as _
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to
from portal.web.uploads import accepts_upload


@dataclass(frozen=True)
class Editing:
    """Which page in which language."""

    page: str
    language: Language

    @property
    def label(self) -> str:
        """What the page is called where people choose it."""
        return str(PAGES[self.page])

    def text(self) -> PageText:
        """The text as it stands now."""
        with use_language(self.language.slug):
            return page_text(self.page, self.language.slug)


def editing(page: str, slug: str) -> Editing | None:
    """The page and language of an address, or None."""
    return Editing(page, LANGUAGES[slug]) if is_page(page) and slug in LANGUAGES else None


@section.get("/staff/pages")
@requires("content.publish_pages")
def site_pages() -> Response:
    """Every page in every language: which text it has, which is missing or behind."""
    return render("admin/site_pages.html", rows=page_overview())


def _page(edited: Editing, form: PageForm, draft: PageText | None = None) -> Response:
    return render(
        "admin/site_page.html",
        status=form.status,
        edited=edited,
        form=form,
        draft=draft,
        facts=sorted({*FACTS, *OWN_FACTS}),
    )


@section.get("/staff/pages/<page>/<slug>")
@requires("content.publish_pages", on=editing)
def edit_page(edited: Editing) -> Response:
    """The text as it stands, to be changed."""
    text = edited.text()
    seen = latest_version_id(edited.page, edited.language.slug)
    return _page(edited, PageForm(formdata=None, title=text.title, body=text.body, seen=str(seen or "")))


@section.post("/staff/pages/<page>/<slug>/preview")
@requires("content.publish_pages", on=editing)
def preview_page(edited: Editing) -> Response:
    """How it would look; nothing is saved."""
    form = PageForm()
    if not form.validate_on_submit():
        return _page(edited, form)
    with use_language(edited.language.slug):
        draft = draft_text(edited.page, edited.language.slug, str(form.title.data), str(form.body.data))
    return _page(edited, form, draft)


@section.post("/staff/pages/<page>/<slug>")
@requires("content.publish_pages", on=editing)
def publish(edited: Editing) -> ResponseReturnValue:
    """A new version; the earlier ones stay readable."""
    form = PageForm()
    if form.validate_on_submit() and form.attempt(lambda: _publish(edited, form)):
        flash_success(_("Published. Everybody sees the new version now."))
        return redirect_to("admin.site_pages")
    return _page(edited, form)


def _publish(edited: Editing, form: PageForm) -> SitePage:
    return publish_page(
        current_actor(),
        edited.page,
        edited.language.slug,
        title=str(form.title.data),
        body=str(form.body.data),
        note=form.note.data or "",
        seen_version_id=form.seen_version_id,
    )


def filmed(page: str) -> str | None:
    """The page of an address, the home page too, or None."""
    return page if page in FILMED else None


@section.route("/staff/pages/<page>/video", methods=["GET", "POST"])
@requires("content.publish_pages", on=filmed)
@accepts_upload(MOST_VIDEO_MEGABYTES + 6)
def page_video(page: str) -> ResponseReturnValue:
    """The page's video in sign language: send one, or change its words."""
    known = video_of_page(page, with_pending=True)
    form = VideoForm(data={"words": known.text_md if known else ""})
    saved = form.attempt(lambda: _save_video(page, form)) if form.validate_on_submit() else None
    if saved is None:
        return render("admin/page_video.html", status=form.status, form=form, video=known, **_named(page))
    if saved.is_pending:
        return redirect_to("admin.page_video", page=page)
    flash_success(_("The video can be seen now."))
    return redirect_to("admin.site_pages")


def _named(page: str) -> dict[str, Any]:
    return {"page": page, "label": FILMED[page], "is_home": page == HOME}


def _save_video(page: str, form: VideoForm) -> Video:
    file, poster = form.files()
    words, slug = form.words.data or "", current_language().slug
    return save_video(current_actor(), Place(page=page), file=file, poster=poster, words=words, language=slug)


@section.post("/staff/pages/<page>/video/remove")
@requires("content.publish_pages", on=filmed)
def remove_page_video(page: str) -> ResponseReturnValue:
    """Take it away; without one nothing happens."""
    video = video_of_page(page, with_pending=True)
    if video is not None:
        remove_video(video)
    flash_info(_("The video is deleted."))
    return redirect_to("admin.site_pages")
