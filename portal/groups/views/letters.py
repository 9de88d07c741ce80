"""Letters to the contact people of groups, also of those nobody can see. Neither side is named."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.joining import AskForm, LetterBoxForm, LetterForm, ReplyForm
from portal.groups.models import Group, Topic
from portal.groups.models.labels import TOPIC_LABELS
from portal.groups.models.letters import GroupLetter
from portal.groups.operations import letters
from portal.groups.operations.pairs import start_together
from portal.groups.permissions.inside import Gone
from portal.groups.queries import letters as reading
from portal.groups.queries.parts import Part, Place, register_own_part, register_part
from portal.groups.views.framing import exit_url, group_page, neutral_title, private, register_tool
from portal.groups.views.section import InGroup, load_group, remember_deleted, section, was_just_deleted
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


def _quiet(template: str, form: Form | None = None, **context: Any) -> Response:
    """A page that gives nothing away to whoever looks over a shoulder."""
    page = render(
        template,
        status=form.status if form else 200,
        form=form,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
        **context,
    )
    return private(page)


# ---- writing


@section.route("/groups/letters/new", methods=["GET", "POST"])
@requires("groups.write_letter")
def ask() -> ResponseReturnValue:
    """Look for a group that is not in the list. The answer is the same whether there is one or not."""
    form = AskForm()
    letter = form.attempt(lambda: _ask(form)) if form.validate_on_submit() else None
    if letter is None:
        return _quiet("groups/letter_new.html", form, group=None)
    return _written(letter)


def _ask(form: AskForm) -> GroupLetter:
    return letters.write_letter(current_actor(), topic=Topic(form.topic.data), **_words(form))


def _words(form: LetterForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "text": form.text.data or "",
        "wants_notice": form.notice.data,
        "form_key": (form.key.data or "")[:40],
    }


def _written(letter: GroupLetter) -> ResponseReturnValue:
    flash_success(_("Your letter is on its way. Look here for an answer."))
    return redirect_to("groups.letter", lid=letter.public_id)


@section.route("/groups/<pid>/letter", methods=["GET", "POST"])
@requires("groups.write_to", on=load_group)
def write_to(group: Group) -> ResponseReturnValue:
    """Write to the contact people of a group that takes people in so."""
    form, actor = LetterForm(), current_actor()
    letter = (
        form.attempt(lambda: letters.write_letter(actor, group=group, **_words(form)))
        if form.validate_on_submit()
        else None
    )
    if letter is None:
        return _quiet("groups/letter_new.html", form, group=group)
    return _written(letter)


# ---- the writer's side


def load_letter(lid: str) -> GroupLetter | None:
    """The letter of the URL; the permission decides who gets it."""
    return reading.letter_by_public_id(lid)


@section.get("/groups/letters")
@requires("groups.write_letter")
def own_letters() -> ResponseReturnValue:
    """What one wrote, and where answers are."""
    found = [(one, reading.exchanges_of(one)[1]) for one in reading.letters_by(current_actor())]
    return _quiet("groups/letters_own.html", letters=found, topics=TOPIC_LABELS)


@section.get("/groups/letters/<lid>")
@requires("groups.own_letter", on=load_letter)
def letter(mine: GroupLetter) -> ResponseReturnValue:
    """One letter with everything that came back."""
    return _letter_page(mine, ReplyForm(formdata=None))


def _letter_page(mine: GroupLetter, form: ReplyForm) -> Response:
    first, exchanges = reading.exchanges_of(mine)
    return _quiet(
        "groups/letter.html", form, letter=mine, first=first, exchanges=exchanges, topics=TOPIC_LABELS
    )


@section.post("/groups/letters/<lid>")
@requires("groups.own_letter", on=load_letter)
def write_back(mine: GroupLetter) -> ResponseReturnValue:
    """Answer one of the groups that wrote."""
    form, thread, actor = ReplyForm(), request.form.get("thread", "")[:64], current_actor()
    words = form.text.data or ""
    if form.validate():
        form.attempt(lambda: letters.write_back(mine, thread, actor=actor, text=words))
    if form.status != 200:
        return _letter_page(mine, form)
    return redirect_to("groups.letter", lid=mine.public_id)


def load_letter_to_delete(lid: str) -> GroupLetter | Gone | None:
    """The letter, or that whoever asks has just deleted it."""
    return load_letter(lid) or (Gone(0, "") if was_just_deleted() else None)


@section.post("/groups/letters/<lid>/delete")
@requires("groups.throw_letter_away", on=load_letter_to_delete)
def delete_letter(mine: GroupLetter | Gone) -> ResponseReturnValue:
    """Nothing of it is kept, on either side."""
    if not isinstance(mine, Gone):
        letters.throw_away(mine, actor=current_actor())
        remember_deleted()
    flash_info(_("The letter and all answers are gone."))
    return redirect_to("groups.own_letters")


# ---- the group's side

_CONFIRM = _l("A second member has to confirm it.")


@section.get("/groups/<pid>/letters")
@requires("groups.read_letters", on=load_group)
def letter_box(group: Group) -> ResponseReturnValue:
    """What people outside wrote, and whether they may."""
    return _box_page(group, LetterBoxForm(formdata=None, data=_box_of(group)))


def _box_of(group: Group) -> dict[str, str]:
    return {"topic": group.topic if group.takes_letters else ""}


@section.post("/groups/<pid>/letters")
@requires("groups.answer_letters", on=load_group)
def set_letter_box(group: Group) -> ResponseReturnValue:
    """Who may write to the group."""
    form = LetterBoxForm(data=_box_of(group))
    if form.validate_on_submit():
        topic = Topic(form.topic.data) if form.topic.data else None
        letters.take_letters(group, actor=current_actor(), topic=topic)
        flash_success(_("Saved."))
        return redirect_to("groups.letter_box", pid=group.public_id)
    return _box_page(group, form)


def _box_page(group: Group, form: LetterBoxForm) -> Response:
    found = [(one, reading.texts_for(one, group)) for one in reading.letters_to(group)]
    return group_page(
        "groups/letter_box.html", group, status=form.status, tab="about", form=form, letters=found
    )


def load_letter_to(pid: str, lid: str) -> InGroup | None:
    """A letter this group may read."""
    group, found = load_group(pid), reading.letter_by_public_id(lid)
    return InGroup(group, found) if group and found and reading.is_to(found, group) else None


@section.route("/groups/<pid>/letters/<lid>", methods=["GET", "POST"])
@requires("groups.read_letters", on=load_letter_to)
def answer_letter(asked: InGroup) -> ResponseReturnValue:
    """Read it and answer in the group's name; where nobody holds the role, together with a second member."""
    form = ReplyForm()
    if form.validate_on_submit():
        is_sent = form.attempt(lambda: _answer(asked, form.text.data or ""))
        if is_sent is not None:
            flash_success(_("Sent. They do not see your name.") if is_sent else _CONFIRM)
            return redirect_to("groups.answer_letter", pid=asked.group.public_id, lid=asked.thing.public_id)
    return _answer_page(asked, form)


def _answer(asked: InGroup, text: str) -> bool:
    """Whether it is on its way already."""
    letter, group, actor = asked.thing, asked.group, current_actor()
    if can(actor, "groups.answer_letters", group):
        letters.answer_letter(letter, group=group, actor=actor, text=text)
        return True
    words = letters.checked_text(text)
    started = start_together(group, "letter", actor=actor, letter=letter.public_id, words=words)
    return started.confirmed_by_id is not None


def _answer_page(asked: InGroup, form: ReplyForm) -> Response:
    group, found = asked.group, asked.thing
    lines = reading.texts_for(found, group)
    return group_page(
        "groups/letter_answer.html",
        group,
        status=form.status,
        tab="about",
        form=form,
        letter=found,
        lines=lines,
        alone=can(current_actor(), "groups.answer_letters", group),
    )


def letters_part(group: Group, actor: Actor) -> Part | None:
    """Letters wait for an answer: said on the overview to those who may give it."""
    if not can(actor, "groups.read_letters", group):
        return None
    waiting = reading.unanswered(group)
    if not waiting:
        return None
    context = {"count": waiting, "url": url_for("groups.letter_box", pid=group.public_id)}
    return Part(_("Somebody has written to you"), "groups/_letters_part.html", context, urgent=True)


def own_letters_part(actor: Actor) -> Part | None:
    """The way to one's own letters, for those who wrote any."""
    many = len(reading.letters_by(actor))
    return Part(_("My letters"), "groups/_own_letters_part.html", {"count": many}) if many else None


register_part(Place.OVERVIEW, "letters", letters_part, order=12)
register_own_part("letters", own_letters_part, order=90)
register_tool(
    "groups.letter_box", _l("Letters from outside"), permission="groups.read_letters", icon="mail", order=30
)
