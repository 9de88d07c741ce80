"""Decisions of some members, begun by a role, with or without reasons, and tasks left to a role."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.errors import NotAnElector, QuorumTooHigh, ReasonMissing, TooFewForSecret
from portal.groups.errors.deciding import LimitWithoutRole, NobodyAsked, OthersBegin, RoleMissing
from portal.groups.models import (
    Asked,
    Elector,
    Electorate,
    GroupDecision,
    GroupRole,
    Method,
    NamedBallot,
    Preset,
    Privacy,
    QuorumKind,
    Reasons,
    RoleHolder,
    Status,
    Target,
)
from portal.groups.operations import board, leaving
from portal.groups.operations.deciding import adopting, asking, closing, collecting, drafting, outcomes
from portal.groups.queries.decisions import voices_missing
from portal.groups.queries.electors import asked_names, candidates
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member
from tests.groups.deciding import WEEK, ask, close, loaded, say, word

pytestmark = pytest.mark.logic


def drafted(group_id: int, actor: Actor, method: Method = Method.MAJORITY, **wish: Any) -> int:
    with transaction():
        wanted = drafting.Wish(title="Neue Tische?", method=method, **wish)
        return drafting.draft_decision(group(group_id), wanted, actor=actor).id


def name(group_id: int, decision_id: int, actor: Actor, *names: str) -> None:
    """Choose whom to ask by the names the page shows."""
    with transaction():
        found = candidates(group(group_id), member(group_id, actor))
        keys = [one.key for one in found if one.name in names]
        asking.name_asked(loaded(decision_id), keys, group=group(group_id), actor=actor)


def opened(group_id: int, decision_id: int, actor: Actor) -> None:
    with transaction():
        ends = clock.now() + WEEK
        drafting.open_decision(loaded(decision_id), group=group(group_id), actor=actor, closes_at=ends)


SOME: dict[str, Any] = {"electorate": Electorate.NAMED_LIST}


# ---- whom it asks


@pytest.mark.on_both
def test_only_who_is_named_is_asked_told_and_counted(make: Make) -> None:
    group_id, people = make(5)
    asked = drafted(group_id, people[0], **SOME, quorum_kind=QuorumKind.PERCENT, quorum=60)
    with pytest.raises(NobodyAsked):
        opened(group_id, asked, people[0])
    with transaction(), pytest.raises(NobodyAsked):
        asking.name_asked(loaded(asked), ["unknown"], group=group(group_id), actor=people[0])
    name(group_id, asked, people[0], "Nadel 4")
    name(group_id, asked, people[0], "Nadel 1", "Nadel 2", "Nadel 3")
    with transaction():
        leaving.leave(group(group_id), actor=people[3])
        assert session.query(Asked).count() == 2
        session.query(Notice).delete()
    opened(group_id, asked, people[0])
    with transaction(write=False):
        told = set(session.scalars(select(Notice.account_id)))
        assert told == {people[1].account_id, people[2].account_id}
        assert session.scalars(select(Asked)).all() == []
        assert session.query(Elector).count() == 2
        assert [line.public_id for _group, line in voices_missing(people[0])] == []
        assert [line.mine for _group, line in voices_missing(people[1])] == ["missing"]
        assert asked_names(loaded(asked), group(group_id), member(group_id, people[4])) == [
            "Nadel 1",
            "Nadel 2",
        ]
    for outsider in (people[0], people[4]):
        with pytest.raises(NotAnElector):
            say(group_id, asked, outsider, word("no"))
    say(group_id, asked, people[1], word("yes"))
    # 60 percent of the two who are asked are both of them; one is too few.
    assert close(asked).extended
    say(group_id, asked, people[2], word("yes"))
    assert close(asked, after=3 * WEEK).status is Status.ADOPTED


def test_the_list_is_long_enough_for_its_rules(make: Make) -> None:
    group_id, people = make(6)
    secret = drafted(group_id, people[0], **SOME, secret=True)
    name(group_id, secret, people[0], *(f"Nadel {number}" for number in range(4)))
    with pytest.raises(TooFewForSecret):
        opened(group_id, secret, people[0])
    name(group_id, secret, people[0], *(f"Nadel {number}" for number in range(5)))
    opened(group_id, secret, people[0])
    quorum = drafted(group_id, people[0], **SOME, quorum_kind=QuorumKind.PEOPLE, quorum=3)
    name(group_id, quorum, people[0], "Nadel 1", "Nadel 2")
    with pytest.raises(QuorumTooHigh):
        opened(group_id, quorum, people[0])


@pytest.mark.on_both
def test_what_changes_the_group_asks_everybody(make: Make) -> None:
    group_id, people = make(3)
    asked = drafted(group_id, people[0], Method.CONSENT, **SOME, target=Target.CHARTER)
    with transaction(write=False):
        assert loaded(asked).electorate is Electorate.AT_OPENING
    free = drafted(group_id, people[0], Method.CONSENT, **SOME)
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(GroupDecision).where(GroupDecision.id == free).values(target="charter"))


def test_who_is_not_asked_adds_nothing_late(make: Make) -> None:
    group_id, people = make(4)
    options = {"options": ("Holz", "Metall")}
    asked = drafted(group_id, people[0], Method.RESISTANCE, **SOME, **options)
    name(group_id, asked, people[0], "Nadel 1", "Nadel 2")
    opened(group_id, asked, people[0])
    with transaction(), pytest.raises(NotAnElector):
        collecting.add_option_late(loaded(asked), "Glas", group=group(group_id), actor=people[3])


def test_a_discreet_group_names_only_who_wrote_on_the_board(make: Make) -> None:
    group_id, people = make(4, privacy=Privacy.DISCREET)
    with transaction():
        board.begin_thread(group(group_id), actor=people[2], title="Hallo", text="Ich bin da.")
        gone = board.begin_thread(group(group_id), actor=people[3], title="Weg", text="Bald weg.")
        board.remove_post(gone, actor=people[3])
        hidden = board.begin_thread(group(group_id), actor=people[0], title="Laut", text="Zu laut.")
        hidden.hidden_on = clock.today()
    asked = drafted(group_id, people[1], **SOME)
    with transaction(write=False):
        names = [one.name for one in candidates(group(group_id), member(group_id, people[1]))]
        assert names == ["Nadel 1", "Nadel 2"]
    name(group_id, asked, people[1], "Nadel 0", "Nadel 1", "Nadel 2", "Nadel 3")
    opened(group_id, asked, people[1])
    with transaction(write=False):
        assert session.query(Elector).count() == 2
        # Who asked without ever writing is asked, too, and stands in nobody else's list.
        assert asked_names(loaded(asked), group(group_id), member(group_id, people[3])) == ["Nadel 2"]


# ---- who begins


def decided(group_id: int, people: list[Actor], **wish: Any) -> int:
    """All agree, and it is in force."""
    asked = ask(group_id, people[0], Method.CONSENT, **wish)
    for person in people:
        say(group_id, asked, person, word("consent"))
    assert close(asked).status is Status.ADOPTED
    with transaction():
        adopting.carry_out(loaded(asked), group=group(group_id), actor=people[0])
    return asked


def limit(group_id: int, people: list[Actor], role: str) -> int:
    """The group decides that this role begins decisions; "" is everybody."""
    return decided(group_id, people, target=Target.STARTERS, target_data={"role": role})


def test_a_group_leaves_it_to_a_role_to_begin(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    first = limit(group_id, people, "contact")
    with pytest.raises(OthersBegin):
        drafted(group_id, people[1])
    drafted(group_id, people[0])
    # Deciding anew who begins stays everybody's.
    drafted(group_id, people[1], Method.CONSENT, target=Target.STARTERS, target_data={"role": ""})
    with transaction():
        undo = adopting.take_back(loaded(first), group=group(group_id), actor=people[1], title="Zurück")
        assert undo.undoes_id == first
    limit(group_id, people, "")
    drafted(group_id, people[1])


def test_what_is_in_force_is_taken_back_by_anybody(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    texts = {"texts": {"goal": "Weben"}}
    charter = decided(group_id, people, target=Target.CHARTER, target_data=texts)
    decided(group_id, people, target=Target.STARTERS, target_data={"role": "contact"})
    with transaction():
        again = adopting.take_back(loaded(charter), group=group(group_id), actor=people[1], title="Zurück")
        assert again.undoes_id == charter


def test_an_empty_role_keeps_nobody_from_beginning(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    limit(group_id, people, "contact")
    with transaction():
        session.query(RoleHolder).delete()
    drafted(group_id, people[1])


@pytest.mark.on_both
def test_one_role_begins_decisions(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    limit(group_id, people, "contact")
    with pytest.raises(IntegrityError), transaction():
        session.add(GroupRole(group_id=group_id, key="b", label="Kreis", starts_decisions=True))


# ---- reasons


@pytest.mark.parametrize(
    ("method", "reasons", "said", "kept"),
    [
        (Method.MAJORITY, Reasons.OPTIONAL, "yes", "Weil."),
        (Method.MAJORITY, Reasons.OFF, "yes", ""),
        (Method.CONSENT, Reasons.OPTIONAL, "concern", "Weil."),
        (Method.CONSENT, Reasons.FOR_OBJECTION, "concern", ""),
        (Method.CONSENSUS, Reasons.FOR_OBJECTION, "block", "Weil."),
    ],
)
def test_reasons_are_a_switch(make: Make, method: Method, reasons: Reasons, said: str, kept: str) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], method, reasons=reasons)
    say(group_id, asked, people[1], word(said), reason="Weil.")
    with transaction(write=False):
        assert session.scalars(select(NamedBallot.reason)).all() == [kept]


@pytest.mark.on_both
def test_whoever_objects_says_why_whatever_the_switch(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.CONSENT, reasons=Reasons.OFF, fallback_method=Method.MAJORITY)
    with transaction(write=False):
        assert loaded(asked).reasons is Reasons.OPTIONAL
    with pytest.raises(ReasonMissing):
        say(group_id, asked, people[1], word("objection"))
    for wrong in ("off", "for_objection"):
        method = "consent" if wrong == "off" else "majority"
        with pytest.raises(IntegrityError), transaction():
            values = {"reasons": wrong, "method": method}
            session.execute(update(GroupDecision).where(GroupDecision.id == asked).values(values))


def test_three_rounds_of_objections_and_then_no_reasons(make: Make) -> None:
    group_id, people = make(3)
    rules = {"reasons": Reasons.FOR_OBJECTION, "fallback_method": Method.MAJORITY}
    asked = ask(group_id, people[0], Method.CONSENT, **rules)
    with transaction():
        loaded(asked).round = 3
    say(group_id, asked, people[1], word("objection"), reason="Nein.")
    with transaction():
        loaded(asked).closes_at = clock.now()
    with transaction():
        closing.close_due(clock.now())
    with transaction(write=False):
        assert (loaded(asked).method, loaded(asked).reasons) == (Method.MAJORITY, Reasons.OFF)


# ---- handed to a role, with limits


@pytest.mark.on_both
def test_a_role_gets_the_task_within_limits(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    asked = ask(group_id, people[0], Method.MAJORITY)
    say(group_id, asked, people[0], word("yes"))
    close(asked)
    today = clock.today()

    def write(**more: Any) -> int:
        with transaction():
            agreed = outcomes.Agreed("Wir kaufen Tische.", "Nadel 0", today, **more)
            made = outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[0])
            return made.version

    for wrong, error in (
        ({"limit_cents": 20_000}, LimitWithoutRole),
        ({"limit_on": today}, LimitWithoutRole),
        ({"role_key": "none"}, RoleMissing),
    ):
        with pytest.raises(error):
            write(**wrong)
    with pytest.raises(IntegrityError):
        write(role_key="contact", limit_cents=-1)
    limits = {"role_key": "contact", "limit_cents": 20_000, "limit_on": today}
    assert [write(**limits), write(**limits), write(role_key="contact")] == [1, 1, 2]
