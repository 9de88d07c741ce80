"""From an idea to a running group, without anybody's approval."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import VISITOR, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.state import TransitionNotAllowed
from portal.groups.errors import (
    AimMissing,
    NameMissing,
    NoCharter,
    NoContactWay,
    TooFewFounders,
    TooLong,
    WrongHat,
)
from portal.groups.models import Group, GroupHistory, GroupKind, GroupState, Privacy
from portal.groups.operations import founding
from portal.groups.queries import current_charter, history_of
from tests.groups.conftest import Make, group, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic


def begin(**given: object) -> Group:
    words = {"name": "Nähcafé", "aim": "Zusammen nähen", "alias": "Nadel"}
    kinds = {"kind": GroupKind.INITIATIVE, "privacy": Privacy.CLOSED}
    return founding.begin_group(settled(), **{**words, **kinds, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [3, 4])
def test_the_founders_decide_themselves(make: Make, size: int) -> None:
    group_id, _people = make(size)
    with transaction(write=False):
        founded = group(group_id)
        assert founded.state is GroupState.ACTIVE
        assert founded.founded_at is not None
        charter = current_charter(founded)
        assert charter is not None
        assert (charter.version, charter.acknowledged) == (1, size)
        assert charter.adopted_at == founded.founded_at
        names = [line.name for line in reversed(history_of(founded, for_members=True))]
        assert names[0] == "begun"
        assert names[-1] == "founded"
        assert [line.name for line in history_of(founded, for_members=False)] == ["founded"]


def test_two_are_too_few_and_for_a_discreet_group_enough(make: Make) -> None:
    with pytest.raises(TooFewFounders):
        make(2)
    group_id, _ = make(2, privacy=Privacy.DISCREET)
    with transaction(write=False):
        assert group(group_id).state is GroupState.ACTIVE


@pytest.mark.on_both
def test_charter_and_contact_come_first(make: Make) -> None:
    group_id, people = make(3, founded=False)
    with transaction():
        circle = group(group_id)
        founding.set_contact_way(circle, actor=people[0], words="  ")
        assert founding.missing_to_found(circle) == ["contact"]
        with pytest.raises(NoContactWay):
            founding.found_group(circle, actor=people[0])
    with transaction():
        circle = group(group_id)
        founding.set_contact_way(circle, actor=people[0], words="Im Treff")
        # A new version has to be agreed to by everybody again.
        assert founding.write_charter(circle, actor=people[1], texts={"goal": "Stricken"}) == 2
        assert founding.missing_to_found(circle) == ["founders"]
        with pytest.raises(TooFewFounders):
            founding.found_group(circle, actor=people[0])
        for person in people:
            founding.acknowledge_charter(circle, actor=person)
        founding.found_group(circle, actor=people[2])
        assert circle.state is GroupState.ACTIVE


def test_founding_twice_is_refused(make: Make) -> None:
    group_id, people = make(3)
    with transaction(), pytest.raises(TransitionNotAllowed):
        founding.found_group(group(group_id), actor=people[0])


def test_only_members_found_and_no_professional_has_a_say(make: Make) -> None:
    group_id, _ = make(3, founded=False)
    professional = actor_of(make_staff(StaffRole.PROFESSIONAL))
    with transaction():
        circle = group(group_id)
        for outsider in (settled(), professional, actor_of(make_staff(StaffRole.ADMINISTRATOR))):
            with pytest.raises((NotFound, NotAllowed)):
                founding.found_group(circle, actor=outsider)
        with pytest.raises(SignInRequired):
            founding.found_group(circle, actor=VISITOR)
        with pytest.raises(WrongHat):
            begin_as = founding.begin_group
            begin_as(
                professional,
                name="Amt",
                aim="Amt",
                kind=GroupKind.PROJECT,
                privacy=Privacy.OPEN,
                alias="Amt",
            )


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "  \u200b "}, NameMissing),
        ({"name": "x" * 81}, TooLong),
        ({"aim": ""}, AimMissing),
        ({"aim": "x" * 201}, TooLong),
    ],
)
def test_words_that_do_not_fit(make: Make, given: dict[str, str], error: type[Exception]) -> None:
    with transaction():
        with pytest.raises(error):
            begin(**given)
        session.rollback()


def test_an_empty_goal_is_no_charter(make: Make) -> None:
    group_id, people = make(3, founded=False)
    with transaction():
        with pytest.raises(NoCharter):
            founding.write_charter(group(group_id), actor=people[0], texts={"goal": " "})
        with pytest.raises(TooLong) as caught:
            founding.write_charter(group(group_id), actor=people[0], texts={"goal": "a", "rules": "x" * 601})
        assert caught.value.field == "rules"


def test_history_names_nobody(make: Make) -> None:
    group_id, people = make(3)
    with transaction(write=False):
        lines = session.scalars(select(GroupHistory).where(GroupHistory.group_id == group_id)).all()
        told = " ".join(f"{line.who} {line.data}" for line in lines)
        assert lines[0].on == clock.today()
        for person in people:
            assert person.display_name not in told
            assert person.public_id not in told
