"""The groups of the demo town: all kinds and states, every method, and one that nobody can see."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.core.db import session
from portal.groups.models import (
    DecisionOutcome,
    DecisionState,
    Group,
    GroupDecision,
    GroupKind,
    GroupState,
    Membership,
    Method,
    Privacy,
)
from portal.moderation.models import Decision, Measure
from tests.demo.test_town import built, lindental  # noqa: F401 - fixtures


def test_groups_of_all_kinds_and_states(lindental: Flask) -> None:  # noqa: F811
    groups = session.scalars(select(Group)).all()
    assert len(groups) == 12
    assert {one.kind for one in groups} == set(GroupKind)
    assert {one.privacy for one in groups} == set(Privacy)
    assert {one.state for one in groups} == set(GroupState)


def test_two_became_one(lindental: Flask) -> None:  # noqa: F811
    merged = session.scalars(select(Group).where(Group.state == GroupState.MERGED)).all()
    target = session.get_one(Group, merged[0].merged_into_id)
    assert [one.merged_into_id for one in merged] == [target.id] * 2
    assert target.state is GroupState.ACTIVE
    members = select(Membership.id).where(Membership.group_id == target.id)
    assert len(session.scalars(members).all()) == 8
    # Its old address forwards, and the page of what they decided together can be read.
    client = lindental.test_client()
    assert client.get(f"/de/groups/{merged[0].public_id}").location.endswith(target.public_id)
    assert target.name in client.get("/de/groups").get_data(as_text=True)


def test_two_moderators_stopped_one(lindental: Flask) -> None:  # noqa: F811
    stopped = session.scalars(select(Group).where(Group.state == GroupState.SUSPENDED)).one()
    decision = session.scalars(select(Decision).where(Decision.subject_kind == "group")).one()
    assert (decision.subject_id, decision.measure) == (stopped.id, Measure.STOP)
    page = lindental.test_client().get("/de/groups").get_data(as_text=True)
    assert stopped.name not in page


def test_every_method_was_used_and_told(lindental: Flask) -> None:  # noqa: F811
    decisions = session.scalars(select(GroupDecision)).all()
    assert {one.method for one in decisions} == set(Method)
    closed = {one.id for one in decisions if one.state is DecisionState.CLOSED}
    assert len(closed) == len(decisions) - 1
    assert set(session.scalars(select(DecisionOutcome.decision_id))) == closed


def test_the_discreet_group_names_nobody(lindental: Flask) -> None:  # noqa: F811
    group = session.scalars(select(Group).where(Group.privacy == Privacy.DISCREET)).one()
    rows = session.scalars(select(Membership).where(Membership.group_id == group.id)).all()
    assert len(rows) == 6
    assert {one.account_id for one in rows} == {None}
    client = lindental.test_client()
    for path in ("/de/", "/de/groups", "/de/search?q=Einander+zuhören"):
        assert group.name not in client.get(path, follow_redirects=True).get_data(as_text=True)
