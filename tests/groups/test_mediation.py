"""Mediation: only those who take part learn of it, both sides accept the mediator, and it is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Column, MetaData, Table, func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.db import Base, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.errors.peace import (
    AskedBefore,
    LinkOver,
    NobodyByThisName,
    NotNow,
    NotWithYourself,
    TakesASide,
    WordsMissing,
)
from portal.groups.events import MediationMoved, MediatorAsked
from portal.groups.models import (
    Accompaniment,
    CompanionKind,
    Mediation,
    MediationFact,
    MediationPerson,
    MediationState,
    MediatorOffer,
    Privacy,
    Side,
    TalkPart,
    TalkSubject,
    WantedMediator,
)
from portal.groups.operations.peace import asking, choosing, talking
from portal.groups.operations.peace.rows import mediator_of
from portal.groups.permissions.accompanying import companion_ref
from portal.groups.queries.peace import mediations_of, mediators, published_agreements
from tests.groups.conftest import Make, group, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic

TABLES = tuple(
    Table(name, MetaData(), *[Column(column.key) for column in Base.metadata.tables[name].columns])
    for name in ("group_mediation", "group_mediation_person", "group_mediation_note")
)


def asked(group_id: int, asker: Actor, alias: str = "Nadel 1") -> int:
    with transaction():
        made = asking.ask_in_group(
            group(group_id),
            actor=asker,
            alias=alias,
            subject_kind=TalkSubject.BETWEEN_PEOPLE,
            wanted=WantedMediator.VOLUNTEER,
            words="Wir reden seit Wochen nicht mehr. Kanarienvogel.",
        )
        return made.id


def talk(mediation_id: int) -> Mediation:
    found = session.get(Mediation, mediation_id, populate_existing=True)
    assert found is not None
    return found


def helper(actor: Actor | None = None) -> tuple[Actor, str]:
    """Somebody who offers to mediate, and the public id of the offer."""
    person = actor or settled()
    with transaction():
        made = choosing.offer_to_mediate(actor=person, about="Ich höre zu.", languages=["de", "tr"])
        return person, made.public_id


def offer(actor: Actor) -> MediatorOffer:
    found = session.get(MediatorOffer, actor.account_id)
    assert found is not None
    return found


def running(group_id: int, people: list[Actor]) -> tuple[int, Actor]:
    """A mediation in which the talk has begun."""
    mediation_id = asked(group_id, people[0])
    person, _ = helper()
    with transaction():
        asking.answer(talk(mediation_id), True, actor=people[1])
        choosing.propose_mediator(talk(mediation_id), offer(person), actor=people[0], name="Ida")
        choosing.accept_mediator(talk(mediation_id), True, actor=people[1])
        choosing.answer_as_mediator(talk(mediation_id), True, actor=person)
        later = clock.now() + timedelta(days=3)
        talking.schedule(talk(mediation_id), actor=person, meets_at=later, place="Im Treff")
        talking.begin_talk(talk(mediation_id), actor=person)
    return mediation_id, person


@pytest.mark.parametrize("privacy", [Privacy.OPEN, Privacy.DISCREET])
def test_from_the_question_to_the_agreement_and_then_forgotten(make: Make, privacy: Privacy) -> None:
    group_id, people = make(3, privacy=privacy)
    mediation_id, person = running(group_id, people)
    with transaction():
        talking.write_note(talk(mediation_id), "Mir war das zu laut.", actor=people[1])
        assert talking.write_agreement(talk(mediation_id), "Um acht ist Schluss.", actor=person) == 1
        assert not talking.agree(talk(mediation_id), 1, actor=people[0])
        assert talking.write_agreement(talk(mediation_id), "Um neun ist Schluss.", actor=people[1]) == 2
        with pytest.raises(NotNow):
            talking.agree(talk(mediation_id), 1, actor=people[1])
        assert not talking.agree(talk(mediation_id), 2, actor=people[1])
        assert talking.agree(talk(mediation_id), 2, actor=people[0])
        assert talk(mediation_id).state is MediationState.AGREED
        assert talk(mediation_id).delete_on == clock.today() + timedelta(days=90)
        assert talking.forget_due(clock.today() + timedelta(days=89)) == 0
        assert talking.forget_due(clock.today() + timedelta(days=90)) == 1
    with transaction(write=False):
        for table in TABLES:
            assert session.scalar(select(func.count()).select_from(table)) == 0
        (fact,) = session.scalars(select(MediationFact)).all()
        assert (fact.subject_kind, fact.outcome) == (TalkSubject.BETWEEN_PEOPLE, MediationState.AGREED)


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_nobody_else_learns_of_it(make: Make, privacy: Privacy) -> None:
    group_id, people = make(3, privacy=privacy)
    mediation_id = asked(group_id, people[0])
    others = [VISITOR, people[2], settled(), *[actor_of(make_staff(role)) for role in StaffRole]]
    with transaction(write=False):
        for person in people[:2]:
            assert can(person, "groups.talk", talk(mediation_id))
            assert [one.id for one in mediations_of(person)] == [mediation_id]
        for person in others:
            assert not can(person, "groups.talk", talk(mediation_id))
            assert mediations_of(person) == []


def test_the_tables_name_nobody(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    mediation_id, person = running(group_id, people)
    with transaction():
        talking.write_note(talk(mediation_id), "Kanarienvogel", actor=people[0])
    with transaction(write=False):
        rows = [tuple(row) for table in TABLES for row in session.execute(select(table))]
        dump = " ".join(map(str, rows))
        for secret in ("Kanarienvogel", "Nadel", "Ida", "Treff", person.public_id):
            assert secret not in dump
        reach = session.scalars(select(TABLES[1].c.reach)).all()
        assert not {str(one.account_id) for one in (*people, person)} & set(reach)


def test_who_can_be_asked(make: Make) -> None:
    group_id, people = make(3)
    stranger = settled()
    with pytest.raises(NobodyByThisName):
        asked(group_id, people[0], "Niemand")
    with pytest.raises(NotWithYourself):
        asked(group_id, people[0], "Nadel 0")
    with pytest.raises(NotFound):
        asked(group_id, stranger)
    with pytest.raises(WordsMissing), transaction():
        asking.ask_in_group(
            group(group_id),
            actor=people[0],
            alias="Nadel 1",
            subject_kind=TalkSubject.RULES,
            wanted=WantedMediator.EXTERNAL,
            words="  ",
        )
    asked(group_id, people[0])
    for asker, alias in ((people[0], "Nadel 1"), (people[1], "Nadel 0")):
        with pytest.raises(AskedBefore):
            asked(group_id, asker, alias)


def test_a_no_needs_no_reason_and_rests(make: Make) -> None:
    group_id, people = make(3)
    mediation_id = asked(group_id, people[0])
    with transaction():
        asking.answer(talk(mediation_id), False, actor=people[1])
        asking.answer(talk(mediation_id), False, actor=people[1])
        assert talk(mediation_id).state is MediationState.DECLINED
        with pytest.raises(NotNow):
            asking.answer(talk(mediation_id), True, actor=people[1])
    with pytest.raises(AskedBefore):
        asked(group_id, people[0])
    assert asked(group_id, people[0], "Nadel 2")


@pytest.mark.on_both
def test_both_sides_accept_the_mediator_who_learns_of_it_only_then(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(choosing, "emit", told.append)
    group_id, people = make(3)
    mediation_id = asked(group_id, people[0])
    (first, _), (second, _) = helper(), helper()
    with transaction():
        with pytest.raises(NotNow):
            choosing.propose_mediator(talk(mediation_id), offer(first), actor=people[0], name="Ida")
        asking.answer(talk(mediation_id), True, actor=people[1])
        choosing.propose_mediator(talk(mediation_id), offer(first), actor=people[0], name="Ida")
        assert not can(first, "groups.talk", talk(mediation_id))
        choosing.accept_mediator(talk(mediation_id), False, actor=people[1])
        assert mediator_of(talk(mediation_id)) is None
        assert told == []
        choosing.propose_mediator(talk(mediation_id), offer(second), actor=people[1], name="Ole")
        assert not can(second, "groups.talk", talk(mediation_id))
        choosing.accept_mediator(talk(mediation_id), True, actor=people[0])
        assert told == [MediatorAsked(second.account_id or 0)]
        assert can(second, "groups.talk", talk(mediation_id))
        with pytest.raises(NotNow):
            talking.schedule(
                talk(mediation_id), actor=second, meets_at=clock.now() + timedelta(days=1), place=""
            )
        choosing.answer_as_mediator(talk(mediation_id), False, actor=second)
        assert not can(second, "groups.talk", talk(mediation_id))


def accompanied(group_id: int, companion: Actor) -> None:
    """The professional accompanies the group."""
    session.add(
        Accompaniment(
            group_id=group_id,
            kind=CompanionKind.PROFESSIONAL,
            asked_by=Side.GROUP,
            ref=companion_ref(companion.account_id or 0, group_id),
            goal="Ein Raum",
            days=90,
        )
    )


def test_nobody_from_inside_mediates(make: Make) -> None:
    group_id, people = make(3)
    mediation_id = asked(group_id, people[0])
    companion = actor_of(make_staff(StaffRole.PROFESSIONAL))
    for inside in (people[1], people[2], companion):
        helper(inside)
    with transaction():
        accompanied(group_id, companion)
    with transaction():
        asking.answer(talk(mediation_id), True, actor=people[1])
        for inside in (people[1], people[2], companion):
            with pytest.raises(TakesASide):
                choosing.propose_mediator(talk(mediation_id), offer(inside), actor=people[0], name="Nah")


@pytest.mark.on_both
def test_the_database_takes_one_mediator_and_no_end_without_a_day(make: Make) -> None:
    group_id, people = make(3)
    mediation_id, _ = running(group_id, people)
    with pytest.raises(IntegrityError), transaction():
        session.add(
            MediationPerson(mediation_id=mediation_id, part=TalkPart.MEDIATOR, ref="f" * 64, alias="Zwei")
        )
    with pytest.raises(IntegrityError), transaction():
        talk(mediation_id).state = MediationState.WITHDRAWN
    with pytest.raises(IntegrityError), transaction():
        talk(mediation_id).published_on = clock.today()


def test_a_link_is_for_one_other_person(make: Make) -> None:
    one, other, third = settled(), actor_of(make_staff(StaffRole.PROFESSIONAL)), settled()
    with transaction():
        made, token = asking.ask_by_link(
            actor=one,
            subject_kind=TalkSubject.WITH_PROFESSIONAL,
            wanted=WantedMediator.EXTERNAL,
            words="Über den letzten Termin.",
        )
        mediation_id = made.id
    with transaction():
        assert asking.open_link(token, actor=other).id == mediation_id
        assert asking.open_link(token, actor=other).id == mediation_id
        assert asking.open_link(token, actor=one).id == mediation_id
        with pytest.raises(LinkOver):
            asking.open_link(token, actor=third)
        with pytest.raises(LinkOver):
            asking.open_link("geraten", actor=third)
        asking.answer(talk(mediation_id), True, actor=other)
        choosing.propose_external(talk(mediation_id), "Frau Beispiel, Beratungsstelle", actor=one)
        choosing.accept_mediator(talk(mediation_id), True, actor=other)
        talking.begin_talk(talk(mediation_id), actor=other)
        assert [one.id for one in mediations_of(other)] == [mediation_id]


def test_the_group_reads_it_only_when_all_want_that(make: Make) -> None:
    group_id, people = make(3)
    mediation_id, person = running(group_id, people)
    with transaction():
        talking.write_agreement(talk(mediation_id), "Um neun ist Schluss.", actor=person)
        for party in people[:2]:
            talking.agree(talk(mediation_id), 1, actor=party)
        assert not talking.publish(talk(mediation_id), actor=people[0])
        assert published_agreements(group(group_id)) == []
        with pytest.raises(NotFound):
            talking.publish(talk(mediation_id), actor=person)
        assert talking.publish(talk(mediation_id), actor=people[1])
        assert [one.id for one in published_agreements(group(group_id))] == [mediation_id]
        talking.take_publication_back(talk(mediation_id), actor=people[0])
        session.flush()
        assert published_agreements(group(group_id)) == []


def test_anybody_stops_at_any_time(make: Make) -> None:
    group_id, people = make(3)
    mediation_id, person = running(group_id, people)
    with transaction():
        talking.withdraw(talk(mediation_id), actor=person)
        assert talk(mediation_id).state is MediationState.ACCEPTED
        assert not can(person, "groups.talk", talk(mediation_id))
        talking.withdraw(talk(mediation_id), actor=people[1])
        talking.withdraw(talk(mediation_id), actor=people[0])
        assert talk(mediation_id).state is MediationState.WITHDRAWN
        assert session.scalar(select(func.count()).select_from(MediationFact)) == 1


def test_an_erased_account_takes_part_no_more(make: Make) -> None:
    group_id, people = make(3)
    mediation_id, _ = running(group_id, people)
    with transaction():
        talking.forget_talker(people[1].account_id or 0)
        assert talk(mediation_id).state is MediationState.WITHDRAWN
        reach = {one.ref: one.reach for one in talk(mediation_id).people}
        assert list(reach.values()).count(None) == 1


def test_only_the_others_are_told(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[MediationMoved] = []
    monkeypatch.setattr("portal.groups.operations.peace.rows.emit", told.append)
    group_id, people = make(3)
    mediation_id = asked(group_id, people[0])
    assert told == [MediationMoved(mediation_id, (people[1].account_id or 0,))]
    discreet_id, members = make(2, privacy=Privacy.DISCREET)
    asked(discreet_id, members[0])
    # In a discreet group only who switched notices on can be reached.
    assert told[-1].reach == ()


def test_the_list_of_mediators(make: Make) -> None:
    helper()
    helper(actor_of(make_staff(StaffRole.PROFESSIONAL, display_name="Frau Amt")))
    with transaction():
        assert [card.name for card in mediators(professional=True)] == ["Frau Amt"]
        assert len(mediators()) == 2
        assert mediators(professional=False)[0].languages == ("de", "tr")
