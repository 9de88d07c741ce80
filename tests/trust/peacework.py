"""Talks, reviews, relations and moves of groups in their states, with canaries where only a few may read.

AU and CO have something to settle and PX helps them. RV is a member, too: reviews are about RV, and RV speaks
for the group next door; of a talk between the others RV must not learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock, limits
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import (
    Mediation,
    MediatorOffer,
    MembershipReview,
    Privacy,
    RelationKind,
    ReviewResult,
    TalkSubject,
    ThingGoes,
    WantedMediator,
)
from portal.groups.operations.peace import appealing, asking, choosing, reviewing, talking
from portal.groups.operations.together import moving, relating
from portal.proposals.models import Proposal, Stage
from portal.proposals.operations import grouping
from tests.support.factories_groups import get_group, group_pid, make_group, member_of, settled
from tests.support.factories_proposals import make_proposal

if TYPE_CHECKING:
    from tests.trust.things import Builder

PARTIES = ("AU", "CO")
MEMBERS = ("AU", "CO", "RV")
HELPER = "Ida Hilft"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Peace:
    """What the parts below share: the builder, people without a persona, and groups by state."""

    build: Builder
    crowd: Sequence[Actor]
    groups: dict[str, int] = field(default_factory=dict)

    def word(self, place: str, *readers: str) -> str:
        """A canary."""
        return self.build.canaries.plant(place, readers)

    def group(
        self, name: str, personas: Sequence[str], size: int, privacy: Privacy = Privacy.CLOSED
    ) -> tuple[int, list[Actor]]:
        """A group whose members have been there for a while; the first holds the role there is."""
        limits.start_over()  # nobody begins or joins as many groups on one day
        people = [*(self.build.actor(one) for one in personas), *self.crowd][:size]
        group_id, _people = make_group(people=people, name=name, privacy=privacy)
        with transaction():
            for person in people:
                member_of(group_id, person).member_since = clock.today() - 40 * DAY
        return group_id, people


def fill_peace(build: Builder) -> None:
    """Everything about conflicts and about groups beside groups."""
    peace = Peace(build, [settled() for _ in range(5)])
    hidden = peace.word("name of a discreet group that talks", *PARTIES)
    for state, name, personas, size, privacy in (
        ("closed", "Gruppe mit Streit", MEMBERS, 6, Privacy.CLOSED),
        ("discreet", hidden, PARTIES, 6, Privacy.DISCREET),
        ("neighbour", "Gruppe nebenan", ("RV",), 3, Privacy.CLOSED),
    ):
        peace.groups[state], _people = peace.group(name, personas, size, privacy)
        build.put("peace group", state, pid=group_pid(peace.groups[state]))
    _talks(peace)
    _reviews(peace)
    _relations(peace)
    _moves(peace)
    _behind_proposals(peace)


# ---------------------------------------------------------------- talks


def _talks(peace: Peace) -> None:
    """A proposed mediator learns of it once both want them; nobody else in the group ever does."""
    build = peace.build
    with transaction():
        about = peace.word("what a mediator says of themselves", *MEMBERS, "PX")
        offer = choosing.offer_to_mediate(actor=build.actor("PX"), about=about, languages=["de"])
        build.ids["mediator"] = offer.public_id
    for state, where in (
        ("asked", "discreet"),
        ("agreed", "closed"),
        ("accepted", "closed"),
        ("proposed", ""),
        ("external", ""),
        ("running", ""),
        ("linked", ""),
    ):
        limits.start_over()
        with transaction():
            talk = _asked(peace, state, where)
            _go_on(peace, talk, state)
            build.put("talk", state, tid=talk.public_id)
    with transaction():
        talk, token = _by_link(peace, "opened", peace.word("first words of a talk, opened", *PARTIES))
        asking.open_link(token, actor=build.actor("CO"))
        build.put("talk link", "opened", token=token)


def _readers(state: str) -> tuple[str, ...]:
    if state == "linked":
        return ("AU",)
    return (*PARTIES, "PX") if state in ("running", "agreed") else PARTIES


def _asked(peace: Peace, state: str, where: str) -> Mediation:
    author, other = (peace.build.actor(one) for one in PARTIES)
    words = peace.word(f"first words of a talk, {state}", *_readers(state))
    if where:
        return asking.ask_in_group(
            get_group(peace.groups[where]),
            actor=author,
            alias="Nadel 1",
            subject_kind=TalkSubject.RULES,
            wanted=WantedMediator.VOLUNTEER,
            words=words,
        )
    talk, token = _by_link(peace, state, words)
    if state == "linked":
        peace.build.put("talk link", "open", token=token)
    else:
        asking.open_link(token, actor=other)
    return talk


def _by_link(peace: Peace, state: str, words: str) -> tuple[Mediation, str]:
    limits.start_over()
    return asking.ask_by_link(
        actor=peace.build.actor("AU"),
        subject_kind=TalkSubject.BETWEEN_PEOPLE,
        wanted=WantedMediator.PROFESSIONAL,
        words=words,
    )


def _go_on(peace: Peace, talk: Mediation, state: str) -> None:
    author, other, helper = (peace.build.actor(one) for one in (*PARTIES, "PX"))
    if state in ("asked", "linked"):
        return
    asking.answer(talk, True, actor=other)
    talking.write_note(talk, peace.word(f"note in a talk, {state}", *_readers(state)), actor=other)
    if state == "external":
        outside = peace.word("who helps from outside", *PARTIES)
        choosing.propose_external(talk, outside, actor=author)
        choosing.accept_mediator(talk, True, actor=other)
    if state in ("proposed", "running", "agreed"):
        offer = session.query(MediatorOffer).filter_by(public_id=peace.build.ids["mediator"]).one()
        choosing.propose_mediator(talk, offer, actor=author, name=HELPER)
    if state in ("running", "agreed"):
        choosing.accept_mediator(talk, True, actor=other)
        choosing.answer_as_mediator(talk, True, actor=helper)
        place = peace.word(f"where a talk is, {state}", *_readers(state))
        talking.schedule(talk, actor=helper, meets_at=clock.now() + 3 * DAY, place=place)
        talking.begin_talk(talk, actor=helper)
        agreement = peace.word(f"agreement of a talk, {state}", *_readers(state))
        talking.write_agreement(talk, agreement, actor=helper)
    if state == "agreed":
        for one in (author, other):
            talking.agree(talk, 1, actor=one)


# ---------------------------------------------------------------- reviews


def _reviews(peace: Peace) -> None:
    """About RV, who is a member until one is in force; PX is asked to look at two of them."""
    # What is in force comes first: the dates of everything decided are looked at.
    for state, privacy in (
        ("looking", Privacy.DISCREET),
        ("proposed", Privacy.CLOSED),
        ("hearing", Privacy.CLOSED),
        ("voting", Privacy.DISCREET),
        ("decided", Privacy.CLOSED),
        ("appealed", Privacy.DISCREET),
    ):
        insiders = PARTIES if state == "looking" else MEMBERS
        name = "Gruppe im Gespräch"
        if privacy is Privacy.DISCREET:
            name = peace.word(f"name of a discreet group, review {state}", *insiders)
        group_id, people = peace.group(name, MEMBERS, 6, privacy)
        with transaction():
            review = _proposed(peace, group_id, state)
            _carry_on(peace, review, state, people)
            peace.build.put("review", state, rid=review.public_id)


def _review_readers(state: str) -> tuple[str, ...]:
    if state == "proposed":
        return PARTIES
    return (*MEMBERS, "PX") if state in ("appealed", "looking") else MEMBERS


def _proposed(peace: Peace, group_id: int, state: str) -> MembershipReview:
    readers = _review_readers(state)
    return reviewing.propose_review(
        get_group(group_id),
        actor=peace.build.actor("AU"),
        alias="Nadel 2",
        topic=peace.word(f"topic of a review, {state}", *readers),
        measure=peace.word(f"measure of a review, {state}", *readers),
        measure_days=28,
    )


def _carry_on(peace: Peace, review: MembershipReview, state: str, people: Sequence[Actor]) -> None:
    affected = peace.build.actor("RV")
    if state == "proposed":
        return
    reviewing.second_review(review, actor=people[3])
    words = peace.word(f"statement in a review, {state}", *_review_readers(state))
    reviewing.speak(review, actor=affected, statement=words)
    if state == "hearing":
        return
    review.hearing_until = clock.now() - HOUR
    reviewing.go_on_with_reviews(clock.today())
    if state == "voting":
        return
    for person in people:
        if person.account_id != affected.account_id:
            reviewing.vote(review, ReviewResult.EXCLUSION, actor=person)
    review.closes_at = clock.now()
    session.flush()
    reviewing.close_review(review.id)
    if state == "decided":
        return
    if state == "looking":
        appealing.take_effect(clock.today() + 3 * DAY)
    offer = session.query(MediatorOffer).filter_by(public_id=peace.build.ids["mediator"]).one()
    unfair = peace.word(f"what was not fair, {state}", "RV", "PX")
    appealing.ask_outside(review, offer, actor=affected, name=HELPER, words=unfair)
    if state == "looking":
        appealing.answer_appeal(review, True, actor=peace.build.actor("PX"))


# ---------------------------------------------------------------- beside and together


def _relations(peace: Peace) -> None:
    """The group next door asks; the discreet group shares a room with it, and its name stays hidden."""
    author, neighbour = peace.build.actor("AU"), peace.build.actor("RV")
    with transaction():
        closed, discreet, beside = (
            get_group(peace.groups[one]) for one in ("closed", "discreet", "neighbour")
        )
        made = {
            "asked": relating.ask_relation(beside, closed, RelationKind.SAME_TOPIC, actor=neighbour),
            "accepted": relating.ask_relation(closed, beside, RelationKind.SHARES_ROOM, actor=author),
            "hidden": relating.ask_relation(discreet, beside, RelationKind.SHARES_ROOM, actor=author),
        }
        for state in ("accepted", "hidden"):
            relating.accept_relation(made[state], actor=neighbour)
        for state, relation in made.items():
            peace.build.put("relation", state, rid=relation.public_id)


def _moves(peace: Peace) -> None:
    """A group decides whether it parts; two others, one of them discreet, have opened a new one."""
    author, neighbour = peace.build.actor("AU"), peace.build.actor("RV")
    parting, _people = peace.group("Gruppe, die sich teilt", PARTIES, 6)
    hidden = peace.word("name of a discreet group that merges", *PARTIES)
    one, _people = peace.group(hidden, PARTIES, 3, Privacy.DISCREET)
    other, _people = peace.group("Gruppe, die dazukommt", ("RV",), 3)
    limits.start_over()
    with transaction():
        text = _text(peace, "asked", *PARTIES)
        split = moving.write_split(get_group(parting), text, actor=author)
        peace.build.put("move", "asked", pid=get_group(parting).public_id, mid=split.public_id)
        text = _text(peace, "choosing", *MEMBERS)
        merge, words = moving.write_merge(get_group(one), text, actor=author)
        moving.join_merge(get_group(other), words, actor=neighbour)
        for side in (one, other):
            moving.side_decided(merge, get_group(side), True)
        for state, side in (("choosing", one), ("beside", other)):
            peace.build.put("move", state, pid=get_group(side).public_id, mid=merge.public_id)
        text = _text(peace, "drafted", *MEMBERS)
        beside = get_group(peace.groups["neighbour"])
        _drafted, peace.build.ids["merge words"] = moving.write_merge(beside, text, actor=neighbour)


def _text(peace: Peace, state: str, *readers: str) -> moving.MoveText:
    name, aim, goal, thing = (
        peace.word(f"{part} of a new group, {state}", *readers) for part in ("name", "aim", "goal", "key")
    )
    return moving.MoveText(name, aim, {"goal": goal}, ((thing, ThingGoes.STAYS),))


# ---------------------------------------------------------------- groups behind proposals


def _behind_proposals(peace: Peace) -> None:
    """The authors ask the group next door; it is named; it offers to carry a result out."""
    author, neighbour = peace.build.actor("AU"), peace.build.actor("RV")
    for state in ("asked", "named", "offered"):
        with transaction():
            proposal = _written(peace, Stage.ACCEPTED if state == "offered" else Stage.COLLECTING)
            group = get_group(peace.groups["neighbour"])
            if state == "offered":
                link = grouping.offer_to_carry(proposal, group, actor=neighbour)
            else:
                link = grouping.name_group(proposal, group, actor=author)
            if state == "named":
                grouping.answer_group(link, True, actor=neighbour)
            peace.build.put("group link", state, link=link.public_id)


def _written(peace: Peace, stage: Stage) -> Proposal:
    accounts: dict[str, Any] = peace.build.people.accounts
    return make_proposal(
        author=accounts["AU"].id,
        coauthors=(accounts["CO"].id,),
        district_id=accounts["AU"].district_id,
        stage=stage,
        with_thread=True,
    )
