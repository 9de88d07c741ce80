"""Relations to other groups, coming together, parting."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can, ensure
from portal.groups.forms.together import (
    RELATIONS,
    ChoiceForm,
    MergeCodeForm,
    MoveForm,
    RelationForm,
    SplitForm,
)
from portal.groups.models import (
    Group,
    GroupMove,
    GroupRelation,
    MoveChoice,
    MoveKind,
    MoveState,
    RelationKind,
    ThingGoes,
)
from portal.groups.models.labels import Look
from portal.groups.operations.together import deciding, moving, relating
from portal.groups.permissions import is_member, membership_of
from portal.groups.queries import require_group
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.queries.together import (
    answer_in,
    groups_to_ask,
    how_many_come,
    move_by_public_id,
    moves_of,
    relation_by_public_id,
    relations_of,
    source_groups,
    target_of,
)
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

register_tool(
    "groups.relations", _l("Other groups we belong to"), permission="groups.relate", icon="share", order=60
)
register_tool("groups.moves", _l("Come together or part"), permission="groups.leave", icon="merge", order=90)

MOVE_LOOKS: dict[MoveState, Look] = {
    MoveState.DRAFTED: Look(_pl("move", "The other group is asked"), "clock", "wait"),
    MoveState.ASKED: Look(_pl("move", "To be decided"), "clock", "wait"),
    MoveState.OPEN: Look(_pl("move", "Members choose"), "people", "info"),
    MoveState.DONE: Look(_pl("move", "Done"), "check", "good"),
    MoveState.OFF: Look(_pl("move", "Did not come about"), "close"),
}
GOES_WORDS = {
    ThingGoes.STAYS: _l("stays here"),
    ThingGoes.GOES: _l("goes with the new group"),
    ThingGoes.SHARED: _l("is used by both"),
}


# ---- relations


@section.route("/groups/<pid>/relations", methods=["GET", "POST"])
@requires("groups.relate", on=load_group)
def relations(group: Group) -> ResponseReturnValue:
    """Ask another group; answer; end."""
    form = RelationForm(groups_to_ask(group))
    if form.validate_on_submit() and form.attempt(lambda: _ask(form, group)):
        flash_success(_("Asked. It is shown once the other group agrees."))
        return redirect_to("groups.relations", pid=group.public_id)
    return group_page(
        "groups/together/relations.html",
        group,
        status=form.status,
        form=form,
        lines=_lines(group),
    )


def _ask(form: RelationForm, group: Group) -> GroupRelation:
    other, kind = require_group(form.other.data or ""), RelationKind(form.kind.data)
    return relating.ask_relation(group, other, kind, actor=current_actor())


def _lines(group: Group) -> list[tuple[Any, Any]]:
    return [(line, RELATIONS[line.relation.kind]) for line in relations_of(group, current_actor())]


def load_relation(rid: str) -> GroupRelation | None:
    """The relation of the URL; the permission decides who may change it."""
    return relation_by_public_id(rid)


@section.post("/groups/relations/<rid>")
@requires("groups.change_relation", on=load_relation)
def change_relation(relation: GroupRelation) -> ResponseReturnValue:
    """Agree, or end it; back to the page of the actor's own group."""
    if request.form.get("step") == "accept":
        relating.accept_relation(relation, actor=current_actor())
    else:
        relating.end_relation(relation, actor=current_actor())
    flash_success(_("Saved."))
    own = next(one for one in source_groups([relation.low_id, relation.high_id]) if _mine(one))
    return redirect_to("groups.relations", pid=own.public_id)


def _mine(group: Group) -> bool:
    return can(current_actor(), "groups.relate", group)


def beside_us(group: Group, actor: Any) -> Part | None:
    """Groups that said they belong together, for everybody who may know of both."""
    lines = [one for one in _lines(group) if one[0].name and one[0].relation.state == "accepted"]
    if not lines:
        return None
    return Part(_("Groups beside us"), "groups/together/_beside.html", {"lines": lines})


register_part(Place.OVERVIEW, "beside", beside_us, order=90)


# ---- merge and split


@section.get("/groups/<pid>/moves")
@requires("groups.leave", on=load_group)
def moves(group: Group) -> ResponseReturnValue:
    """How groups come together or part, and what runs."""
    return group_page(
        "groups/together/moves.html",
        group,
        moves=[(one, MOVE_LOOKS[one.state]) for one in moves_of(group)],
        may_begin=can(current_actor(), "groups.take_part", group),
        form=MergeCodeForm(formdata=None),
    )


@section.route("/groups/<pid>/moves/split", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group)
def split_group(group: Group) -> ResponseReturnValue:
    """Write how the group could part."""
    form = SplitForm()
    text = _text(form, form.things())
    made = (
        form.attempt(lambda: moving.write_split(group, text, actor=current_actor()))
        if form.validate_on_submit()
        else None
    )
    if made is not None:
        flash_success(_("Written. Now the group decides."))
        return redirect_to("groups.move", pid=group.public_id, mid=made.public_id)
    return group_page("groups/together/write.html", group, status=form.status, form=form, is_split=True)


@section.route("/groups/<pid>/moves/merge", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group)
def merge_group(group: Group) -> ResponseReturnValue:
    """Write how the group could come together with another; three words to hand over, shown this once."""
    form = MoveForm()
    made = (
        form.attempt(lambda: moving.write_merge(group, _text(form, []), actor=current_actor()))
        if form.validate_on_submit()
        else None
    )
    if made is not None:
        return group_page("groups/together/words.html", group, move=made[0], words=made[1])
    return group_page("groups/together/write.html", group, status=form.status, form=form, is_split=False)


def _text(form: MoveForm, things: Any) -> moving.MoveText:
    goal = {"goal": form.goal.data or ""}
    return moving.MoveText(form.name.data or "", form.aim.data or "", goal, tuple(things))


@section.post("/groups/<pid>/moves/join")
@requires("groups.take_part", on=load_group)
def join_move(group: Group) -> ResponseReturnValue:
    """Type the three words of the other group."""
    form = MergeCodeForm()
    made = form.attempt(lambda: _joined(group, form)) if form.validate_on_submit() else None
    if made is not None:
        flash_success(_("Here is the text. Now both groups decide on it."))
        return redirect_to("groups.move", pid=group.public_id, mid=made.public_id)
    return group_page(
        "groups/together/moves.html", group, status=form.status, moves=[], may_begin=True, form=form
    )


def _joined(group: Group, form: MergeCodeForm) -> GroupMove:
    return moving.join_merge(group, form.code.data or "", actor=current_actor())


def load_side(pid: str, mid: str) -> GroupMove | None:
    """The move of an address that names one of its groups, too."""
    group, move = load_group(pid), move_by_public_id(mid)
    if group is None or move is None or all(side.group_id != group.id for side in move.sides):
        return None
    return move


def _own_side() -> Group:
    """The group of the address: one's own, never the other side, which may be discreet."""
    group = require_group(str((request.view_args or {})["pid"]))
    ensure(current_actor(), "groups.leave", group)
    return group


@section.get("/groups/<pid>/moves/<mid>")
@requires("groups.see_move", on=load_side)
def move(move: GroupMove) -> ResponseReturnValue:
    """The text, where it stands, and one's own choice."""
    return _move_page(move, ChoiceForm(move.kind, formdata=None))


def _move_page(move: GroupMove, form: ChoiceForm) -> ResponseReturnValue:
    actor, group, target = current_actor(), _own_side(), target_of(move)
    own = membership_of(actor, group)
    side = next(one for one in move.sides if one.group_id == group.id)
    mine = answer_in(side, own.ref) if own is not None else None
    return group_page(
        "groups/together/move.html",
        group,
        status=form.status,
        move=move,
        goal=moving.goal_of(move),
        stands=MOVE_LOOKS[move.state],
        things=[(one.words, GOES_WORDS[one.goes]) for one in move.things],
        side=side,
        mine=mine.choice if mine else None,
        form=form if move.state is MoveState.OPEN and own is not None else None,
        come=how_many_come(move) if not group.is_discreet else None,
        target=target if target is not None and can(actor, "groups.see", target) else None,
        may_decide=move.state is MoveState.ASKED and can(actor, "groups.take_part", group),
    )


@section.post("/groups/<pid>/moves/<mid>/choose")
@requires("groups.choose_in_move", on=load_side)
def choose_in_move(move: GroupMove) -> ResponseReturnValue:
    """A member says what they want."""
    form = ChoiceForm(move.kind)
    if form.validate_on_submit():
        moving.choose(move, _own_side(), MoveChoice(form.choice.data), actor=current_actor())
        flash_success(_("Saved. You can change it until the last day."))
        return redirect_to("groups.move", pid=_own_side().public_id, mid=move.public_id)
    return _move_page(move, form)


@section.post("/groups/<pid>/moves/<mid>/decide")
@requires("groups.choose_in_move", on=load_side)
def decide_move(move: GroupMove) -> ResponseReturnValue:
    """The decision about it, as a draft that a member opens."""
    group = _own_side()
    split = move.kind is MoveKind.SPLIT
    title = (
        _("Shall we part into two groups?") if split else _("Shall we come together with the other group?")
    )
    made = deciding.draft_move_decision(move, group, actor=current_actor(), title=title)
    return redirect_to("groups.decision", pid=group.public_id, did=made.public_id)


def running_here(group: Group, actor: Any) -> Part | None:
    """A move is open: members choose."""
    if not is_member(actor, group):
        return None
    open_ones = [one for one in moves_of(group) if one.state is MoveState.OPEN]
    if not open_ones:
        return None
    context = {"moves": open_ones, "pid": group.public_id}
    return Part(
        _("A new group has opened. What do you want?"), "groups/together/_open.html", context, urgent=True
    )


register_part(Place.OVERVIEW, "move", running_here, order=6)
