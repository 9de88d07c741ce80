"""What the pages of decisions show: one decision with everything the reader may do with it now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.i18n import LazyString
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.groups.models import (
    DecisionState,
    Group,
    GroupDecision,
    Membership,
    MemberState,
    Method,
    QuorumKind,
    ResultsShown,
    Status,
    Target,
)
from portal.groups.models.labels import Look
from portal.groups.operations.deciding import adopting, again, closing, collecting
from portal.groups.operations.deciding.drafting import lot_commitment
from portal.groups.operations.deciding.outcomes import WRITTEN_WITHIN, may_write_late
from portal.groups.permissions import membership_of
from portal.groups.permissions.deciding import ADD
from portal.groups.queries import decisions as queries
from portal.groups.queries.decisions import DecisionLine, Own
from portal.groups.queries.electors import asked_names, lots_of
from portal.groups.queries.finding import group_by_public_id
from portal.groups.queries.method_words import ANSWER_WORDS, DATE_WORDS, MAJORITY_WORDS, METHODS
from portal.groups.queries.result_words import Told, option_text, told
from portal.groups.views.decision_about import limits_words, target_of
from portal.groups.views.framing import group_page
from portal.web.context import current_actor
from portal.web.forms import Form

STATE_LOOKS: dict[DecisionState, Look] = {
    DecisionState.DRAFT: Look(_pl("decision", "Draft"), "edit"),
    DecisionState.COLLECTING: Look(_pl("decision", "Collecting suggestions"), "bulb", "info"),
    DecisionState.OPEN: Look(_pl("decision", "Open"), "clock", "info"),
    DecisionState.INTEGRATING: Look(_pl("decision", "Being rewritten"), "wrench", "wait"),
    DecisionState.CLOSED: Look(_pl("decision", "Ended"), "check"),
    DecisionState.CANCELLED: Look(_pl("decision", "Stopped"), "close"),
}
STATUS_LOOKS: dict[Status, Look] = {
    Status.ADOPTED: Look(_pl("decision", "Decided"), "check", "good"),
    Status.NOT_ADOPTED: Look(_pl("decision", "Not adopted"), "close"),
    Status.NO_QUORUM: Look(_pl("decision", "Too few took part"), "people", "wait"),
    Status.TIE: Look(_pl("decision", "Equal"), "pause", "wait"),
    Status.RUN_OFF: Look(_pl("decision", "Run-off"), "arrow", "wait"),
    Status.WITHDRAWN: Look(_pl("decision", "Taken back"), "close"),
    Status.CHANGED: Look(_pl("decision", "Changed"), "edit"),
}


def load_decision(pid: str, did: str, **_more: Any) -> GroupDecision | None:
    """The decision of the URL, if it belongs to the group of the URL; the permission decides who gets it."""
    group = group_by_public_id(pid)
    return queries.decision_by_public_id(group, did) if group else None


def group_of(decision: GroupDecision) -> Group:
    """The group that decides."""
    return queries.group_of(decision)


def own_membership(group: Group) -> Membership | None:
    """The reader's membership, None for somebody who only asked to join or has left."""
    found = membership_of(current_actor(), group)
    return found if found and found.state in (MemberState.MEMBER, MemberState.PAUSED) else None


def place(decision: GroupDecision) -> dict[str, Any]:
    """The values of its address."""
    return {"pid": group_of(decision).public_id, "did": decision.public_id}


def look_of(state: DecisionState, status: Status | None) -> Look:
    """The badge of a decision: what came out where something did."""
    return STATUS_LOOKS[status] if state is DecisionState.CLOSED and status else STATE_LOOKS[state]


@dataclass(frozen=True)
class Line:
    """A decision in a list, with words and address."""

    line: DecisionLine
    look: Look
    method: LazyString
    icon: str


def shown_lines(lines: list[DecisionLine]) -> list[Line]:
    """Lines with what stands beside their titles."""
    return [
        Line(one, look_of(one.state, one.status), METHODS[one.method].name, METHODS[one.method].icon)
        for one in lines
    ]


@dataclass(frozen=True)
class Desk:
    """One decision and one reader: what stands there, and what this reader may do now."""

    decision: GroupDecision
    group: Group
    membership: Membership | None
    own: Own

    @cached_property
    def turnout(self) -> tuple[int, int]:
        """(how many have answered, how many may)."""
        return queries.turnout_of(self.decision)

    @property
    def is_running(self) -> bool:
        """Answers are taken at this moment."""
        return self.decision.is_running(clock.now())

    @property
    def is_member(self) -> bool:
        """The reader belongs to the group."""
        states = (MemberState.MEMBER, MemberState.PAUSED)
        return self.membership is not None and self.membership.state in states

    @property
    def can_answer(self) -> bool:
        """An answer of the reader would count now."""
        final = self.decision.secret and self.own.has_answered
        asked = self.own.is_elector and self.is_running and not final
        return asked and can(current_actor(), "groups.answer", self.decision)

    @property
    def facilitates(self) -> bool:
        """The reader may lead it."""
        return can(current_actor(), "groups.facilitate", self.decision)


def desk_of(decision: GroupDecision) -> Desk:
    """How the reader stands to a decision."""
    group = group_of(decision)
    membership = membership_of(current_actor(), group)
    return Desk(decision, group, membership, queries.own_standing(decision, membership))


def page_of(desk: Desk) -> dict[str, Any]:
    """The page of one decision."""
    decision = desk.decision
    return {
        "desk": desk,
        "decision": decision,
        "look": look_of(decision.state, decision.status),
        "method": METHODS[decision.method],
        "rules": rules_words(decision, shows_size=not desk.group.is_discreet, electors=desk.turnout[1]),
        "turnout": _turnout(desk),
        "options": [one for one in decision.options if not one.dropped],
        "option_text": option_text,
        "about": target_of(desk.group, decision),
        "told": result_of(desk),
        "objections": queries.objections_of(decision) if desk.is_member else [],
        "said": _said(desk),
        "notes": queries.unsigned_reasons(decision) if desk.is_member else [],
        "commitment": lot_commitment(decision) if decision.lot_secret else "",
        "steps": steps_of(desk),
        "asked": names_asked(decision, desk.group),
        "limits_words": limits_words,
        **_outcomes(desk),
    }


def names_asked(decision: GroupDecision, group: Group) -> list[str]:
    """Whom it asks where not everybody is, for members."""
    membership = own_membership(group)
    return asked_names(decision, group, membership) if membership else []


def rules_words(decision: GroupDecision, *, shows_size: bool, electors: int = 0) -> list[str]:
    """The rules that hold for this decision, in sentences."""
    words = [str(METHODS[decision.method].rule)]
    if decision.method is Method.MAJORITY:
        words.append(f"{MAJORITY_WORDS[decision.majority]}.")
    return words + _quorum_words(decision, shows_size, electors)


def _quorum_words(decision: GroupDecision, shows_size: bool, electors: int) -> list[str]:
    from_all = closing.quorum_needed(decision, electors)
    if decision.quorum_kind is QuorumKind.NONE:
        return []
    if decision.quorum_kind is QuorumKind.PERCENT:
        words = _("At least %(num)s percent of you have to take part.", num=decision.quorum)
        known = shows_size and decision.state not in (DecisionState.DRAFT, DecisionState.COLLECTING)
        return [words, _("That is %(num)s.", num=from_all)] if known else [words]
    return [_("At least %(num)s of you have to take part.", num=decision.quorum)]


def _turnout(desk: Desk) -> dict[str, Any] | None:
    """How many have answered. How many may answer is not said in a discreet group: nobody learns its size."""
    if desk.decision.state in (DecisionState.DRAFT, DecisionState.COLLECTING):
        return None
    answered, electors = desk.turnout
    if not electors:  # Long over: who was asked has been forgotten.
        return None
    return {"answered": answered, "of": None if desk.group.is_discreet else electors}


def result_of(desk: Desk) -> Told | None:
    """The result, or what it would be now where the group wants to see that before the end."""
    decision, size = desk.decision, not desk.group.is_discreet
    if decision.state is DecisionState.CLOSED and decision.result:
        return told(decision, json.loads(decision.result), shows_size=size)
    if decision.secret or not shows_answers(desk) or decision.state is not DecisionState.OPEN:
        return None
    now = closing.interim(decision)
    return told(decision, now, shows_size=size) if now else None


def shows_answers(desk: Desk) -> bool:
    """Whether answers may be seen by this reader now. Names are for members only."""
    decision = desk.decision
    if decision.secret or not desk.is_member:
        return False
    if decision.state is DecisionState.CLOSED or decision.results_shown is ResultsShown.LIVE:
        return True
    return decision.results_shown is ResultsShown.AFTER_OWN and desk.own.has_answered


def _said(desk: Desk) -> list[tuple[str, str, str]]:
    """(alias, answer in words, reason) of everybody, where that may be seen."""
    if not shows_answers(desk) or desk.decision.method is Method.LOTS:
        return []
    return [
        (one.alias, " · ".join(answer_words(desk.decision, one.content)), one.reason)
        for one in queries.answers_by_name(desk.decision)
    ]


def answer_words(decision: GroupDecision, content: dict[str, Any]) -> list[str]:
    """An answer in words, one line per option that got something."""
    texts = {str(option.number): option_text(option) for option in decision.options}
    if "answers" in content:
        return [str(ANSWER_WORDS.get(decision.method, {}).get(content["answers"].get("1", ""), ""))]
    if "choices" in content:
        return [texts.get(number, "?") for number in content["choices"]]
    if "order" in content:
        return [
            f"{at}. " + ", ".join(texts.get(number, "?") for number in level)
            for at, level in enumerate(content["order"], 1)
        ]
    points = content.get("points", {}).items()
    if decision.method is Method.DATE:
        return [f"{texts.get(number, '?')}: {DATE_WORDS.get(value, '')}" for number, value in points]
    return [f"{texts.get(number, '?')}: {value}" for number, value in points]


@dataclass(frozen=True)
class Steps:
    """What this reader may do with the decision now; pages show a button for each."""

    longer: bool = False
    suggest: bool = False
    edit: bool = False
    close: bool = False
    cancel: bool = False
    note: bool = False
    next_version: bool = False
    reopen: bool = False
    run_off: bool = False
    carry_out: bool = False
    take_back: bool = False
    outcome: bool = False
    step_out: bool = False
    drop_date: bool = False


# Besides a running one: what is stopped instead of ending by itself.
_STOPPED_BEFORE = (DecisionState.DRAFT, DecisionState.COLLECTING, DecisionState.INTEGRATING)


def steps_of(desk: Desk) -> Steps:
    """Which buttons the reader gets."""
    decision, leads, state = desk.decision, desk.facilitates, desk.decision.state
    adds = can(current_actor(), ADD, decision)
    late = decision.method in (Method.DATE, Method.RESISTANCE) and not decision.secret and desk.own.is_elector
    answered, electors = desk.turnout
    votes = can(current_actor(), "groups.answer", decision)
    return Steps(
        longer=desk.can_answer and not decision.extended and not desk.own.asks_longer,
        suggest=adds and (_collects(decision) or (late and desk.is_running and votes)),
        edit=leads and state is DecisionState.DRAFT,
        close=leads and desk.is_running and electors > 0 and answered == electors,
        cancel=leads and (desk.is_running or state in _STOPPED_BEFORE),
        note=leads and state in (DecisionState.COLLECTING, DecisionState.OPEN, DecisionState.INTEGRATING),
        next_version=leads and state is DecisionState.INTEGRATING,
        reopen=leads and again.can_reopen(decision),
        run_off=leads and state is DecisionState.CLOSED and decision.status is Status.RUN_OFF,
        carry_out=leads and adopting.can_carry_out(decision) and _may_carry_out(desk),
        take_back=adds and adopting.can_take_back(decision),
        outcome=state is DecisionState.CLOSED and adds and (leads or _writes_late(desk)),
        step_out=_before_the_end(desk) and votes and bool(lots_of(decision, desk.membership)),
        drop_date=leads and decision.method is Method.DATE and _before_the_end(desk),
    )


def _before_the_end(desk: Desk) -> bool:
    return desk.is_running or desk.decision.state is DecisionState.COLLECTING


def _may_carry_out(desk: Desk) -> bool:
    """A date goes into the calendar: who carries it out may plan meetings."""
    if desk.decision.target is not Target.DATE:
        return True
    return can(current_actor(), "groups.plan_meeting", desk.group)


def _collects(decision: GroupDecision) -> bool:
    return (
        decision.state is DecisionState.COLLECTING
        and decision.method in collecting.COLLECTED
        and decision.opens_at is not None
        and clock.now() < decision.opens_at
    )


def _writes_late(desk: Desk) -> bool:
    ended = desk.decision.closed_at
    overdue = ended is not None and clock.now() >= ended + WRITTEN_WITHIN
    return overdue and desk.membership is not None and may_write_late(desk.decision, desk.membership)


def _outcomes(desk: Desk) -> dict[str, Any]:
    """What came of it: the published one first, one that waits for a second member, older ones."""
    every = queries.outcomes_of(desk.decision)
    published = [one for one in every if one.published_at is not None]
    waiting = [one for one in every if one.published_at is None] if desk.is_member else []
    mine = desk.membership.id if desk.membership else None
    return {
        "outcome": published[0] if published else None,
        "waiting": waiting[0] if waiting else None,
        "may_confirm": bool(
            waiting and waiting[0].written_by_id != mine and can(current_actor(), ADD, desk.decision)
        ),
        "asked_to_review": bool(published and published[0].review_asked_on and desk.is_member),
    }


def form_page(
    decision: GroupDecision, form: Form, heading: str, submit: str, **more: Any
) -> ResponseReturnValue:
    """A page with one form about one decision."""
    return group_page(
        "groups/decisions/form.html",
        group_of(decision),
        tab="decisions",
        subject=decision.title,
        status=form.status,
        form=form,
        decision=decision,
        heading=heading,
        submit=submit,
        **more,
    )
