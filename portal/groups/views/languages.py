"""A group writes its own page, in the languages of its members."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.i18n import LANGUAGES
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.groups.forms.languages import SpokenForm, WordsForm
from portal.groups.models import Group
from portal.groups.operations import wording
from portal.groups.queries.languages import text_in, texts_of
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.section import InGroup, load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to


@section.route("/groups/<pid>/languages", methods=["GET", "POST"])
@requires("groups.edit_profile", on=load_group)
def languages(group: Group) -> ResponseReturnValue:
    """Which languages are spoken, and in which of them the page is written."""
    form = SpokenForm(data={"languages": list(group.languages)})
    if form.validate_on_submit():
        wording.set_languages(group, actor=current_actor(), languages=form.languages.data or [])
        flash_success(_("Saved."))
        return redirect_to("groups.languages", pid=group.public_id)
    lines = _lines(group)
    return group_page("groups/languages.html", group, status=form.status, tab="about", form=form, lines=lines)


@dataclass(frozen=True)
class Line:
    """A language, and whether the page is written in it."""

    slug: str
    name: str
    html_lang: str
    is_written: bool


def _lines(group: Group) -> list[Line]:
    written = texts_of(group)
    slugs = dict.fromkeys([group.language, *group.languages, *LANGUAGES])
    return [
        Line(slug, LANGUAGES[slug].name, html_language(slug), slug in written)
        for slug in slugs
        if slug in LANGUAGES
    ]


def load_language(pid: str, slug: str) -> InGroup | None:
    """Group and language of the URL."""
    group = load_group(pid)
    return InGroup(group, slug) if group and slug in LANGUAGES else None


@section.route("/groups/<pid>/languages/<slug>", methods=["GET", "POST"])
@requires("groups.edit_profile", on=load_language)
def write_words(chosen: InGroup) -> ResponseReturnValue:
    """The page in one language. What is left empty stands in the group's own."""
    group, slug = chosen.group, chosen.thing
    form = WordsForm(data=_stored(group, slug))
    if form.validate_on_submit():
        form.attempt(lambda: _save(group, slug, form))
        if form.status == 200:
            flash_success(_("Saved."))
            return redirect_to("groups.languages", pid=group.public_id)
    return _words_page(group, slug, form)


def _words_page(group: Group, slug: str, form: WordsForm) -> ResponseReturnValue:
    return group_page(
        "groups/write_words.html",
        group,
        status=form.status,
        tab="about",
        form=form,
        language_name=LANGUAGES[slug].name,
        slug=slug,
        own=None if slug == group.language else texts_of(group)[group.language],
    )


def _stored(group: Group, slug: str) -> dict[str, str]:
    stored = text_in(group, slug)
    if slug != group.language:
        return stored
    return {**stored, "name": group.name, "aim": group.aim, "contact_way": group.contact_way}


def _save(group: Group, slug: str, form: WordsForm) -> None:
    words = {name: form[name].data or "" for name in ("name", "aim", "welcome", "contact_way")}
    wording.write_text(group, slug, actor=current_actor(), words=words)


register_tool(
    "groups.languages",
    _l("Our page, in our languages"),
    permission="groups.edit_profile",
    icon="globe",
    order=20,
)
