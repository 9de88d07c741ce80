"""The groups of the demo town: all kinds, most states, every method, and one that nobody can see."""

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
from tests.demo.test_town import built, lindental  # noqa: F401 - fixtures


def test_eight_groups_of_all_kinds(lindental: Flask) -> None:  # noqa: F811
    groups = session.scalars(select(Group)).all()
    assert len(groups) == 8
    assert {one.kind for one in groups} == set(GroupKind)
    assert {one.privacy for one in groups} == set(Privacy)
    living = {GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT, GroupState.ARCHIVED}
    assert {one.state for one in groups} >= living


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
