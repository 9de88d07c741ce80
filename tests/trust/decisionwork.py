"""A closed group that decides something in every state, with a canary wherever only they may read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Method, Objection, Privacy
from portal.groups.operations.deciding import answering, closing, collecting, drafting
from tests.support.factories_groups import get_group, group_pid, make_group, settled

if TYPE_CHECKING:
    from tests.trust.things import Builder

MEMBERS = ("AU", "CO")
WEEK = timedelta(days=7)


def fill_decisions(build: Builder) -> None:
    """The author leads, the co-author is a member; nobody else may know what they decide."""
    name = build.canaries.plant("name of a group that decides", set(build.people.accounts) | {"V"})
    people = [*(build.actor(one) for one in MEMBERS), settled()]
    group_id, _people = make_group(people=people, privacy=Privacy.CLOSED, name=name)
    build.put("deciding group", "closed", pid=group_pid(group_id), start="consent")
    for state, make in {
        "draft": _draft,
        "collecting": _collecting,
        "running": _running,
        "integrating": _integrating,
        "closed": _closed,
    }.items():
        title = build.canaries.plant(
            f"title of a decision, {state}", {"AU"} if state == "draft" else {*MEMBERS}
        )
        with transaction():
            made = make(build, group_id, title)
            build.put("group decision", state, pid=get_group(group_id).public_id, did=made.public_id)
            build.things["group decision"][state] |= {"step": "longer", "number": _objection(made)}


def _objection(decision: GroupDecision) -> int:
    return session.query(Objection.id).filter_by(decision_id=decision.id).scalar() or 10**6


def _written(build: Builder, group_id: int, title: str, method: Method, **given: Any) -> GroupDecision:
    wish = drafting.Wish(title=title, method=method, **given)
    return drafting.draft_decision(get_group(group_id), wish, actor=build.actor("AU"))


def _opened(build: Builder, group_id: int, title: str, method: Method, **given: Any) -> GroupDecision:
    made = _written(build, group_id, title, method, **given)
    ends = clock.now() + WEEK
    drafting.open_decision(made, group=get_group(group_id), actor=build.actor("AU"), closes_at=ends)
    return made


def _draft(build: Builder, group_id: int, title: str) -> GroupDecision:
    return _written(build, group_id, title, Method.MAJORITY)


def _collecting(build: Builder, group_id: int, title: str) -> GroupDecision:
    made = _written(build, group_id, title, Method.CHOICE, options=("Holz", "Metall"))
    collecting.begin_collecting(
        made,
        group=get_group(group_id),
        actor=build.actor("AU"),
        until=clock.now() + WEEK,
        closes_at=clock.now() + 2 * WEEK,
    )
    return made


def _running(build: Builder, group_id: int, title: str) -> GroupDecision:
    return _opened(build, group_id, title, Method.MAJORITY)


def _integrating(build: Builder, group_id: int, title: str) -> GroupDecision:
    made = _opened(build, group_id, title, Method.CONSENT)
    reason = build.canaries.plant("reason of an objection", {*MEMBERS})
    content = {"answers": {"1": "objection"}}
    answering.hand_in(made, content, group=get_group(group_id), actor=build.actor("CO"), reason=reason)
    _end(made)
    return made


def _closed(build: Builder, group_id: int, title: str) -> GroupDecision:
    word = build.canaries.plant("word for a lottery", {*MEMBERS})
    made = _opened(build, group_id, title, Method.LOTS, options=("Anna", "Berta"))
    answering.add_lot_word(made, word, group=get_group(group_id), actor=build.actor("CO"))
    _end(made)
    return made


def _end(decision: GroupDecision) -> None:
    session.flush()
    assert decision.closes_at is not None
    closing.close_decision(decision.id, now=decision.closes_at)
