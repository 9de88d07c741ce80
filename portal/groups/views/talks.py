"""Mediation: one's own talks, asking for one, everything that happens in it, offering to mediate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from portal.accounts.queries import account_names
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.settings import current_settings
from portal.groups.forms.peace import (
    AgreementForm,
    MediatorForm,
    MeetingForm,
    NoteForm,
    OfferForm,
    TalkForm,
    talk_form,
)
from portal.groups.models import Group, Mediation, MediationState, TalkPart, TalkSubject, WantedMediator
from portal.groups.operations.peace import asking, choosing, talking
from portal.groups.operations.peace.rows import all_accept, has_mediator, mediator_of, parties_of
from portal.groups.permissions.peace import leads_talk, talker
from portal.groups.queries import member_lines
from portal.groups.queries.peace import (
    appeals_for,
    mediation_by_public_id,
    mediation_by_token,
    mediations_of,
    mediator_by_public_id,
    mediator_offer_of,
    mediators,
    notes_of,
)
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.quiet import quiet_page
from portal.groups.views.section import load_group, section
from portal.groups.views.talk_words import STANDS, SUBJECT_WORDS, where_it_stands
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.responses import flash_info, flash_success, redirect_to

register_tool(
    "groups.ask_talk", _l("Talk something over with somebody who helps"), permission="groups.leave",
    icon="comment", order=70,
)  # fmt: skip

register_nav("groups.talks", _l("Talks"), icon="comment", order=27, area="account")


def load_talk(tid: str) -> Mediation | None:
    """The mediation of the URL, in whatever state; the permission decides who gets it."""
    return mediation_by_public_id(tid)


def _there(mediation: Mediation) -> ResponseReturnValue:
    return redirect_to("groups.talk", tid=mediation.public_id)


@section.get("/groups/talks")
@own
def talks() -> ResponseReturnValue:
    """What the person takes part in, and what they are asked to look at."""
    actor = current_actor()
    return quiet_page(
        "groups/peace/talks.html",
        talks=[(one, SUBJECT_WORDS[one.subject_kind], STANDS[one.state]) for one in mediations_of(actor)],
        appeals=appeals_for(actor),
        offer=mediator_offer_of(actor),
    )


@section.route("/groups/talks/new", methods=["GET", "POST"])
@requires("groups.mediate")
def new_talk() -> ResponseReturnValue:
    """Ask somebody with whom one is in no group: a link to hand over, shown this once."""
    form = TalkForm()
    made = form.attempt(lambda: _ask_by_link(form)) if form.validate_on_submit() else None
    if made is None:
        return quiet_page("groups/peace/ask.html", status=form.status, form=form, group=None)
    link = current_settings().base_url + url_for("groups.talk_link", token=made[1])
    return quiet_page("groups/peace/link.html", link=link, talk=made[0])


def _ask_by_link(form: TalkForm) -> tuple[Mediation, str]:
    return asking.ask_by_link(actor=current_actor(), **_asked(form))


def _asked(form: TalkForm) -> dict[str, Any]:
    return {
        "subject_kind": TalkSubject(form.subject_kind.data),
        "wanted": WantedMediator(form.wanted.data),
        "words": form.words.data or "",
    }


@section.route("/groups/<pid>/talk", methods=["GET", "POST"])
@requires("groups.leave", on=load_group)
def ask_talk(group: Group) -> ResponseReturnValue:
    """Ask another member. Nobody else in the group learns of it."""
    form = talk_form(_names(group))
    made = form.attempt(lambda: _ask_in_group(form, group)) if form.validate_on_submit() else None
    if made is None:
        return group_page("groups/peace/ask_in_group.html", group, status=form.status, form=form)
    flash_success(_("Asked. Only you two know of it."))
    return _there(made)


def _names(group: Group) -> list[str]:
    """The other members, where the group has a list."""
    return [one.alias for one in member_lines(group)]


def _ask_in_group(form: Any, group: Group) -> Mediation:
    return asking.ask_in_group(group, actor=current_actor(), alias=form.alias.data or "", **_asked(form))


@section.route("/groups/talks/link/<token>", methods=["GET", "POST"])
@requires("groups.mediate")
def talk_link(token: str) -> ResponseReturnValue:
    """What a link leads to: one button, nothing changes by looking."""
    if request.method == "POST":
        return _there(asking.open_link(token, actor=current_actor()))
    found = mediation_by_token(token)
    is_open = found is not None and found.state is MediationState.ASKED
    return quiet_page("groups/peace/opened.html", token=token, is_open=is_open)


@section.get("/groups/talks/<tid>")
@requires("groups.talk", on=load_talk)
def talk(mediation: Mediation) -> ResponseReturnValue:
    """Where a talk stands, what was written, and what one can do now."""
    return _talk_page(mediation, NoteForm(formdata=None))


def _talk_page(mediation: Mediation, form: NoteForm) -> ResponseReturnValue:
    actor = current_actor()
    me = talker(actor, mediation)
    names = {one.id: one.alias for one in mediation.people}
    return quiet_page(
        "groups/peace/talk.html",
        status=form.status,
        form=form,
        talk=mediation,
        me=me,
        is_party=me is not None and me.part is not TalkPart.MEDIATOR,
        others=[one for one in parties_of(mediation) if me is None or one.id != me.id],
        mediator=mediator_of(mediation),
        all_accept=all_accept(mediation),
        has_mediator=has_mediator(mediation),
        leads=leads_talk(actor, mediation),
        subject=SUBJECT_WORDS[mediation.subject_kind],
        stands=STANDS[mediation.state],
        sentence=where_it_stands(mediation),
        notes=[(names.get(one.person_id or 0, _("Somebody")), one) for one in notes_of(mediation)],
    )


@section.post("/groups/talks/<tid>/words")
@requires("groups.talk", on=load_talk)
def talk_words(mediation: Mediation) -> ResponseReturnValue:
    """Write to the others."""
    form = NoteForm()
    words = form.words.data or ""
    if form.validate_on_submit() and form.attempt(
        lambda: talking.write_note(mediation, words, actor=current_actor())
    ):
        flash_success(_("Written. The others are told."))
        return _there(mediation)
    return _talk_page(mediation, form)


STEPS: dict[str, Callable[[Mediation], Any]] = {
    "yes": lambda talk: asking.answer(talk, True, actor=current_actor()),
    "no": lambda talk: asking.answer(talk, False, actor=current_actor()),
    "accept": lambda talk: choosing.accept_mediator(talk, True, actor=current_actor()),
    "refuse": lambda talk: choosing.accept_mediator(talk, False, actor=current_actor()),
    "help": lambda talk: choosing.answer_as_mediator(talk, True, actor=current_actor()),
    "help_not": lambda talk: choosing.answer_as_mediator(talk, False, actor=current_actor()),
    "begin": lambda talk: talking.begin_talk(talk, actor=current_actor()),
    "none": lambda talk: talking.end_without(talk, actor=current_actor()),
    "withdraw": lambda talk: talking.withdraw(talk, actor=current_actor()),
    "publish": lambda talk: talking.publish(talk, actor=current_actor()),
    "unpublish": lambda talk: talking.take_publication_back(talk, actor=current_actor()),
}


@section.post("/groups/talks/<tid>/step")
@requires("groups.talk", on=load_talk)
def talk_step(mediation: Mediation) -> ResponseReturnValue:
    """One tap: yes, no, begin, end. The operation knows who may do which."""
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        flash_info(_("Nothing was changed."))
        return _there(mediation)
    step(mediation)
    flash_success(_("Saved."))
    # Whoever was asked to help and says no has nothing to look at any more.
    return _there(mediation) if talker(current_actor(), mediation) else redirect_to("groups.talks")


@section.post("/groups/talks/<tid>/agree")
@requires("groups.talk_as_party", on=load_talk)
def talk_agree(mediation: Mediation) -> ResponseReturnValue:
    """Agree to the text one has read: its version travels with the button."""
    version = request.form.get("version", "", str)
    done = talking.agree(mediation, int(version) if version.isdecimal() else 0, actor=current_actor())
    flash_success(_("You have agreed with each other.") if done else _("Saved. The other side is asked."))
    return _there(mediation)


@section.route("/groups/talks/<tid>/mediator", methods=["GET", "POST"])
@requires("groups.talk_as_party", on=load_talk)
def talk_mediator(mediation: Mediation) -> ResponseReturnValue:
    """Propose somebody who helps."""
    form, cards = MediatorForm(), mediators()
    form.mediator.choices = [SelectChoice(one.public_id, one.name) for one in cards]
    if form.validate_on_submit() and form.attempt(lambda: _propose(form, mediation)):
        flash_success(_("Proposed. Now the other side is asked."))
        return _there(mediation)
    return quiet_page(
        "groups/peace/mediator.html", status=form.status, form=form, talk=mediation, cards=cards
    )


def _propose(form: MediatorForm, mediation: Mediation) -> bool:
    offer = mediator_by_public_id(form.mediator.data or "")
    if offer is None:
        choosing.propose_external(mediation, form.external.data or "", actor=current_actor())
        return True
    name = account_names([offer.account_id])[offer.account_id].name
    choosing.propose_mediator(mediation, offer, actor=current_actor(), name=name)
    return True


@section.route("/groups/talks/<tid>/date", methods=["GET", "POST"])
@requires("groups.lead_talk", on=load_talk)
def talk_date(mediation: Mediation) -> ResponseReturnValue:
    """When and where."""
    form = MeetingForm()
    if form.validate_on_submit() and form.attempt(lambda: _schedule(form, mediation)):
        flash_success(_("Saved. Everybody who takes part is told."))
        return _there(mediation)
    return quiet_page("groups/peace/date.html", status=form.status, form=form, talk=mediation)


def _schedule(form: MeetingForm, mediation: Mediation) -> bool:
    assert form.day.data is not None
    assert form.time.data is not None
    meets_at = clock.at_local(form.day.data, form.time.data)
    talking.schedule(mediation, actor=current_actor(), meets_at=meets_at, place=form.place.data or "")
    return True


@section.route("/groups/talks/<tid>/agreement", methods=["GET", "POST"])
@requires("groups.talk", on=load_talk)
def talk_agreement(mediation: Mediation) -> ResponseReturnValue:
    """Write down what they agree on; each side then agrees to exactly this text."""
    form = AgreementForm(agreement=mediation.agreement)
    words = form.agreement.data or ""
    if form.validate_on_submit() and form.attempt(
        lambda: talking.write_agreement(mediation, words, actor=current_actor())
    ):
        flash_success(_("Saved. Each side is asked whether it agrees."))
        return _there(mediation)
    return quiet_page("groups/peace/agreement.html", status=form.status, form=form, talk=mediation)


@section.route("/groups/mediators/me", methods=["GET", "POST"])
@requires("groups.mediate")
def mediate() -> ResponseReturnValue:
    """Offer to help others talk, change it, or take it back."""
    offer = mediator_offer_of(current_actor())
    if request.method == "POST" and request.form.get("end"):
        choosing.take_offer_back(actor=current_actor())
        flash_success(_("Your offer is taken back. What you have begun goes on."))
        return redirect_to("groups.talks")
    form = (
        OfferForm(obj=None, about=offer.about, languages=", ".join(offer.languages)) if offer else OfferForm()
    )
    if form.validate_on_submit() and form.attempt(lambda: _offer(form)):
        flash_success(_("Thank you. People who look for help can find you now."))
        return redirect_to("groups.talks")
    return quiet_page("groups/peace/offer.html", status=form.status, form=form, offer=offer)


def _offer(form: OfferForm) -> Any:
    spoken = [one.strip() for one in (form.languages.data or "").split(",") if one.strip()]
    return choosing.offer_to_mediate(actor=current_actor(), about=form.about.data or "", languages=spoken)
