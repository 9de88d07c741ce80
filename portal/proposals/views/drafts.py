"""Writing a proposal: one thing per page, each saved at once, back and forth, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.content.models import Picture
from portal.content.queries import html_language, pictures_of
from portal.core.i18n import gettext as _
from portal.core.subjects import SubjectRef
from portal.places.queries import DistrictCard, district, district_picture, picked_place
from portal.proposals import operations, queries
from portal.proposals.forms import (
    ForWhomForm,
    LanguageForm,
    NeedForm,
    PictureForm,
    TitleForm,
    WhatForm,
    WhereForm,
    WhyForm,
    language_name,
    place_data,
)
from portal.proposals.models import Proposal
from portal.proposals.queries import ProposalRow
from portal.proposals.views.beside import need_view, sections_of
from portal.proposals.views.presenting import cards, place_of
from portal.proposals.views.purpose import (
    asked_process,
    process_choices,
    purpose_now,
    purpose_of_draft,
)
from portal.proposals.views.section import load_draft, load_proposal, section
from portal.proposals.views.wizard import go_on, step_url, wizard_page
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, go_to, redirect_to
from portal.web.uploads import accepts_upload

LONGEST_QUERY = 200
MAP_X, MAP_Y = "map.x", "map.y"
PICTURE_MEGABYTES = 6


@section.route("/proposals/new", methods=["GET", "POST"])
@requires("proposals.create")
def new() -> ResponseReturnValue:
    """The first page: a title, and while it is typed what is there already."""
    asked = asked_process(request.args.get("process", ""))
    purpose = purpose_now(asked) if asked else None
    form = TitleForm(process_choices(purpose), data={"purpose": purpose.public_id if purpose else ""})
    draft = _begin(form) if form.validate_on_submit() else None
    if draft is None:
        return wizard_page("title", "title", None, form=form, similar=[], purpose=purpose)
    return _after_title(draft)


def _begin(form: TitleForm) -> Proposal | None:
    key = (form.draft_key.data or "")[:40] or None
    process, title = asked_process(form.purpose.data or ""), form.title.data or ""
    return form.attempt(
        lambda: operations.start_draft(current_actor(), title=title, draft_key=key, process=process)
    )


def _after_title(draft: Proposal) -> ResponseReturnValue:
    """A similar proposal chosen on the title page is taken at once; others are shown first."""
    if not draft.is_draft:
        return redirect_to("proposals.detail", pid=draft.public_id)
    return _choose(draft) or go_on(draft, "title" if _similar_to(draft) else "similar")


@section.route("/proposals/drafts/<pid>/title", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_title(draft: Proposal) -> ResponseReturnValue:
    """Change the title, or what it is for."""
    chosen = purpose_of_draft(draft)
    data = {"title": draft.title, "purpose": chosen.public_id if chosen else ""}
    form = TitleForm(process_choices(chosen), data=data)
    if form.validate_on_submit():
        form.attempt(lambda: _save_title(draft, form))
    if form.is_submitted() and form.status == 200:
        return _after_title(draft)
    return wizard_page("title", "title", draft, form=form, similar=[])


def _save_title(draft: Proposal, form: TitleForm) -> None:
    actor = current_actor()
    operations.save_title(draft, actor=actor, title=form.title.data or "")
    if "purpose" in request.form:
        operations.choose_process(draft, asked_process(form.purpose.data or ""), actor=actor)


@section.get("/proposals/similar")
@requires("proposals.list")
def similar() -> ResponseReturnValue:
    """What is there already for these words; asked while a title is typed."""
    found = queries.similar_proposals(request.args.get("title", "")[:LONGEST_QUERY])
    found = queries.not_by(found, current_actor().blocked)
    return render("proposals/similar.html", fragment="similar", similar=cards(found))


@section.get("/proposals/drafts/<pid>/similar")
@requires("proposals.edit_draft", on=load_draft)
def draft_similar(draft: Proposal) -> ResponseReturnValue:
    """What is there already; without anything straight on."""
    found = _similar_to(draft)
    if not found:
        return redirect_to("proposals.draft_what", pid=draft.public_id)
    return wizard_page("similar", "similar", draft, similar=cards(found))


@section.post("/proposals/drafts/<pid>/similar")
@requires("proposals.edit_draft", on=load_draft)
def decide_similar(draft: Proposal) -> ResponseReturnValue:
    """Support or follow one of them, or say that this one is different."""
    chosen = _choose(draft)
    if chosen is not None:
        return chosen
    ids = [row.id for row in _similar_to(draft)]
    operations.ignore_similar(draft, actor=current_actor(), similar_ids=ids)
    return go_on(draft, "similar")


def _similar_to(draft: Proposal) -> list[ProposalRow]:
    decided = queries.decided_similar_ids(draft)
    found = queries.similar_proposals(draft.title, exclude=(draft.id, *decided))
    return queries.not_by(found, current_actor().blocked)


def _choose(draft: Proposal) -> ResponseReturnValue | None:
    """The similar proposal a button names, supported or followed; None when no button was pressed."""
    support = "support" in request.form
    similar_id = request.form.get("support") or request.form.get("follow") or ""
    found = queries.proposal_by_public_id(similar_id) if similar_id else None
    if found is None or found.is_draft:
        return None
    operations.choose_similar(draft, found, actor=current_actor(), support=support)
    flash_success(
        _("You support this proposal now. Your draft is kept.")
        if support
        else _("You follow this proposal now. Your draft is kept.")
    )
    return redirect_to("proposals.detail", pid=found.public_id)


def _text_page(draft: Proposal, field: str, form_class: Callable[..., Form]) -> ResponseReturnValue:
    """A page with one text. What was typed is saved first, and looked at afterwards."""
    form = form_class(data={"text": getattr(draft, f"{field}_md")})
    if form.is_submitted():
        source = form.text.data or ""
        operations.save_text(draft, actor=current_actor(), field=field, source=source)
    if form.validate_on_submit():
        return go_on(draft, field)
    return wizard_page("text", field, draft, form=form)


@section.route("/proposals/drafts/<pid>/what", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_what(draft: Proposal) -> ResponseReturnValue:
    """What should happen."""
    return _text_page(draft, "what", WhatForm)


@section.route("/proposals/drafts/<pid>/why", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_why(draft: Proposal) -> ResponseReturnValue:
    """Why it matters."""
    return _text_page(draft, "why", WhyForm)


@section.route("/proposals/drafts/<pid>/for-whom", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_for_whom(draft: Proposal) -> ResponseReturnValue:
    """Who has something of it."""
    return _text_page(draft, "for_whom", ForWhomForm)


@section.route("/proposals/drafts/<pid>/where", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_where(draft: Proposal) -> ResponseReturnValue:
    """Where it is, by words, district or a point on the map, and what it is about."""
    form = WhereForm(data=place_data(draft))
    if form.validate_on_submit():
        _save_place(draft, form)
    if form.is_submitted() and form.status == 200:
        if MAP_X in request.form or "show_map" in request.form:
            return redirect_to("proposals.draft_where", pid=draft.public_id, anchor="map")
        return go_on(draft, "where")
    return wizard_page("where", "where", draft, form=form, **_picker(draft))


def _save_place(draft: Proposal, form: WhereForm) -> None:
    """A press on the picture of the district becomes a point; in another district the old point goes."""
    values = form.place_values()
    chosen = district(values["district_id"])
    point = _pressed(chosen) if chosen else None
    if point:
        values["lat"], values["lon"] = point
    elif chosen and values["district_id"] != draft.district_id:
        values["lat"] = values["lon"] = None
    form.attempt(lambda: operations.save_place(draft, actor=current_actor(), **values))


def _pressed(chosen: DistrictCard) -> tuple[float, float] | None:
    pixels = [request.form.get(name, "") for name in (MAP_X, MAP_Y)]
    if not all(one.isascii() and one.isdigit() and len(one) < 5 for one in pixels):
        return None
    return picked_place(chosen, int(pixels[0]), int(pixels[1]))


def _picker(draft: Proposal) -> dict[str, Any]:
    """The picture of the draft's district to point at, with the point chosen before."""
    chosen = district(draft.district_id)
    if chosen is None:
        return {"district": None}
    picture = district_picture(chosen)
    point = None
    if draft.lat is not None and draft.lon is not None:
        point = picture.at(draft.lat, draft.lon)
    return {
        "district": chosen,
        "size": (picture.width, picture.height),
        "point": (round(point[0]), round(point[1])) if point else None,
    }


@section.route("/proposals/drafts/<pid>/needs", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_needs(draft: Proposal) -> ResponseReturnValue:
    """What is missing: add one, take one away, go on. What was typed is added by going on, too."""
    if "remove" in request.form:
        operations.remove_need(draft, actor=current_actor(), public_id=request.form["remove"])
        return redirect_to("proposals.draft_needs", pid=draft.public_id)
    form, stays = NeedForm(), "add" in request.form
    if form.is_submitted() and not (form.words.data or stays):
        return go_on(draft, "needs")
    if form.validate_on_submit() and _add_need(draft, form):
        return _stay("needs", draft) if stays else go_on(draft, "needs")
    needs = [need_view(need) for need in queries.needs_of(draft)]
    return wizard_page("needs", "needs", draft, form=form, needs=needs)


def _stay(step: str, draft: Proposal) -> ResponseReturnValue:
    return redirect_to(f"proposals.draft_{step}", pid=draft.public_id)


def _add_need(draft: Proposal, form: NeedForm) -> object:
    values = form.need_values()
    return form.attempt(lambda: operations.add_need(draft, actor=current_actor(), **values))


@section.route("/proposals/drafts/<pid>/photos", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
@accepts_upload(PICTURE_MEGABYTES, photos=True)
def draft_pictures(draft: Proposal) -> ResponseReturnValue:
    """Photos: add one with its description, take one away, go on. A chosen one is added by going on, too."""
    if "remove" in request.form:
        operations.remove_photo(draft, actor=current_actor(), public_id=request.form["remove"])
        return redirect_to("proposals.draft_pictures", pid=draft.public_id)
    form, stays = PictureForm(), "add" in request.form
    if form.is_submitted() and not (form.picture.data or stays):
        return go_on(draft, "pictures")
    if form.is_submitted() and _add_photo(draft, form):
        waits = stays or not form.alt.data  # for its description
        return _stay("pictures", draft) if waits else go_on(draft, "pictures")
    return wizard_page("pictures", "pictures", draft, form=form, pictures=_photos(draft))


def _add_photo(draft: Proposal, form: PictureForm) -> bool:
    """Keep the upload even when its description is missing: then it waits for one."""
    if not form.picture.data:
        form.add_error("picture", _("Please choose a picture."))
        return False
    data, alt = form.picture.data.read(), form.alt.data or ""
    done = form.attempt(lambda: operations.add_photo(draft, actor=current_actor(), data=data, alt=alt))
    return done is not None


def _photos(draft: Proposal) -> list[Picture]:
    """All photos, those that wait for a description too."""
    return pictures_of(SubjectRef("proposal", draft.id), with_pending=True)


@section.post("/proposals/drafts/<pid>/photos/describe")
@requires("proposals.edit_draft", on=load_draft)
def describe_picture(draft: Proposal) -> ResponseReturnValue:
    """Say what can be seen in a photo that is there already."""
    picture_id, alt = request.form.get("picture", ""), request.form.get("alt", "")
    operations.describe_photo(draft, actor=current_actor(), public_id=picture_id, alt=alt)
    return redirect_to("proposals.draft_pictures", pid=draft.public_id)


@section.route("/proposals/drafts/<pid>/language", methods=["GET", "POST"])
@requires("proposals.edit_draft", on=load_draft)
def draft_language(draft: Proposal) -> ResponseReturnValue:
    """The language we guessed, to be corrected."""
    form = LanguageForm(data={"language": draft.language})
    if form.validate_on_submit():
        operations.save_language(draft, actor=current_actor(), language=form.language.data)
        return go_on(draft, "language")
    return wizard_page("language", "language", draft, form=form, guessed=language_name(draft.language))


@section.get("/proposals/drafts/<pid>/preview")
@requires("proposals.edit_draft", on=load_draft)
def preview(draft: Proposal) -> ResponseReturnValue:
    """Everything as others will see it."""
    return _preview_page(draft)


def _preview_page(draft: Proposal, form: Form | None = None) -> ResponseReturnValue:
    return wizard_page(
        "preview",
        "preview",
        draft,
        form=form,
        html_lang=html_language(draft.language),
        place=place_of(draft),
        sections=sections_of(draft),
        needs=[need_view(need) for need in queries.needs_of(draft)],
        pictures=_photos(draft),
        language_words=language_name(draft.language),
    )


@section.post("/proposals/drafts/<pid>/publish")
@requires("proposals.publish", on=load_proposal)
def publish(draft: Proposal) -> ResponseReturnValue:
    """Make it public; a second click shows the same page. Too late for its process: the draft is kept."""
    form = Form()
    if form.attempt(lambda: operations.publish_proposal(draft, actor=current_actor())):
        flash_success(_("Your proposal is public. Tell your neighbours about it."))
        return redirect_to("proposals.detail", pid=draft.public_id)
    if draft.title and draft.what_md:
        return _preview_page(draft, form)
    flash_info(form.form_errors[0])
    return redirect_to(f"proposals.draft_{'what' if draft.title else 'title'}", pid=draft.public_id)


@section.post("/proposals/drafts/<pid>/without-process")
@requires("proposals.edit_draft", on=load_draft)
def leave_process(draft: Proposal) -> ResponseReturnValue:
    """It is simply for the neighbourhood from now on."""
    operations.choose_process(draft, None, actor=current_actor())
    return redirect_to("proposals.preview", pid=draft.public_id)


@section.get("/proposals/drafts/<pid>")
@requires("proposals.edit_draft", on=load_draft)
def resume(draft: Proposal) -> ResponseReturnValue:
    """Go on where the person stopped."""
    return go_to(step_url(draft, draft.draft_step))


@section.get("/proposals/drafts/<pid>/delete")
@requires("proposals.delete_draft", on=load_proposal)
def ask_delete(draft: Proposal) -> ResponseReturnValue:
    """Really?"""
    return render("proposals/draft/delete.html", draft=draft)


@section.post("/proposals/drafts/<pid>/delete")
@requires("proposals.delete_draft", on=load_proposal)
def delete(draft: Proposal) -> ResponseReturnValue:
    """Throw the draft away."""
    operations.delete_draft(draft, actor=current_actor())
    flash_info(_("The draft is deleted."))
    return redirect_to("proposals.mine")
