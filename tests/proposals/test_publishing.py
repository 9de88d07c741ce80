"""Publishing, changing and withdrawing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, search
from portal.core.actors import SYSTEM, Actor, ActorKind
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.site_settings import change
from portal.notifications.models import Notice
from portal.proposals import operations
from portal.proposals.errors import (
    PlaceOutsideTown,
    ProposalClosed,
    ProposalLocked,
    TitleMissing,
    UnknownDistrict,
    WhatMissing,
    WithdrawnNoteMissing,
)
from portal.proposals.models import Proposal, Stage, WithdrawnReason
from portal.proposals.operations import Texts
from portal.proposals.queries import relation_of, versions_of
from tests.support.factories import actor_of, make_resident
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_follow, make_proposal, make_support

TEXTS = Texts(
    title="Eine Bank am Markt",
    what="Eine Bank unter der Linde, damit man sich ausruhen kann.",
    why="",
    for_whom="",
    place_words="",
    language="de",
)


@pytest.fixture
def actor(app: Flask) -> Actor:
    return actor_of(make_resident())


def published_by(actor: Actor, supporters: int = 0, **columns: object) -> Proposal:
    """A public proposal of the actor's with so many supporters."""
    proposal = make_proposal(author=actor.account_id, title=TEXTS.title, what=TEXTS.what, **columns)
    for account in people[:supporters]:
        make_support(proposal, account)
    return proposal


people: list[int] = []


@pytest.fixture(autouse=True)
def _neighbours(app: Flask) -> None:
    people[:] = [make_resident().id for _ in range(6)]


def test_a_draft_becomes_public(actor: Actor) -> None:
    with transaction():
        change("proposals.collecting_days", 90, actor=SYSTEM)
        draft = operations.start_draft(actor, title="  Eine \u202e Bank  ")
        assert draft.title == "Eine Bank"
        with pytest.raises(WhatMissing):
            operations.publish_proposal(draft, actor=actor)
        operations.save_text(draft, actor=actor, field="what", source="Bitte **hier** <b>x</b>")
        operations.publish_proposal(draft, actor=actor)
        assert "<strong>hier</strong>" in draft.what_html
        assert "<b>" not in draft.what_html
        assert draft.collecting_until_on == clock.today() + timedelta(days=90)
        assert [hit.id for hit in search.find("bank", ("proposal",), 10, 0)] == [draft.id]
        told = session.scalars(select(Notice.account_id).where(Notice.kind == "proposals.published"))
        assert told.all() == [actor.account_id]


def test_a_town_may_check_first(actor: Actor) -> None:
    with transaction():
        change("proposals.check_first", True, actor=SYSTEM)
        draft = make_proposal(published=False, author=actor.account_id)
        assert operations.publish_proposal(draft, actor=actor).stage is Stage.SUBMITTED


def test_without_support_the_text_changes_freely(actor: Actor) -> None:
    with transaction():
        proposal = published_by(actor)
        texts = replace(TEXTS, what="Etwas ganz anderes: ein Brunnen.", title="Ein Brunnen")
        assert operations.edit_proposal(proposal, texts, actor=actor) == 1
        (only,) = versions_of(proposal)
        assert only.title == "Ein Brunnen"
        assert search.find("brunnen", ("proposal",), 10, 0)[0].id == proposal.id


def test_with_support_each_edit_is_a_version(actor: Actor) -> None:
    with transaction():
        proposal = published_by(actor, supporters=1)
        same = replace(TEXTS, topic=None)
        assert operations.edit_proposal(proposal, same, actor=actor) == 1
        wording = replace(TEXTS, what=TEXTS.what.replace("ausruhen kann.", "ausruhen kann!"))
        assert operations.edit_proposal(proposal, wording, actor=actor) == 2
        newest, first = versions_of(proposal)
        assert (newest.number, newest.is_substance, newest.support_count) == (2, False, 1)
        assert first.what_md == TEXTS.what


def test_a_change_of_substance_asks_each_supporter_once(actor: Actor) -> None:
    with transaction():
        proposal = published_by(actor, supporters=5)
        texts = replace(TEXTS, what="Ein Parkhaus mit vier Stockwerken anstelle des Marktes.")
        assert operations.edit_proposal(proposal, texts, actor=actor) == 2
        assert proposal.asked_about_version == 2
        asked = select(Notice.account_id).where(Notice.kind == "proposals.asked").order_by(Notice.account_id)
        assert session.scalars(asked).all() == sorted(people[:5])
        first = actor_of_id(people[0])
        assert relation_of(people[0], proposal).asked_version == 2
        assert operations.confirm_support(proposal, actor=first)
        assert relation_of(people[0], proposal).asked_version is None
        assert relation_of(people[1], proposal).asked_version == 2
        wording = replace(texts, why="Weil.")
        operations.edit_proposal(proposal, wording, actor=actor)
        assert session.scalars(asked).all() == sorted(people[:5])
        assert proposal.support_count == 5


def actor_of_id(account_id: int) -> Actor:
    """A resident as an actor, without asking the database inside a transaction."""
    return Actor(kind=ActorKind.RESIDENT, account_id=account_id)


def test_few_supporters_are_not_asked(actor: Actor) -> None:
    with transaction():
        proposal = published_by(actor, supporters=4)
        texts = replace(TEXTS, what="Ein Parkhaus mit vier Stockwerken.")
        operations.edit_proposal(proposal, texts, actor=actor)
        assert proposal.asked_about_version is None
        assert versions_of(proposal)[0].is_substance is True


def test_the_author_can_say_that_the_idea_changed(actor: Actor) -> None:
    with transaction():
        proposal = published_by(actor, supporters=5)
        texts = replace(TEXTS, what=TEXTS.what + " Danke.")
        operations.edit_proposal(proposal, texts, actor=actor, is_new_idea=True)
        assert proposal.asked_about_version == 2


def test_locked_during_a_round_closed_after_a_decision(actor: Actor) -> None:
    with transaction():
        for stage in (Stage.IN_ROUND,):
            with pytest.raises(ProposalLocked):
                operations.edit_proposal(published_by(actor, stage=stage), TEXTS, actor=actor)
            with pytest.raises(ProposalLocked):
                operations.withdraw_proposal(
                    published_by(actor, stage=stage), actor=actor, reason=WithdrawnReason.STARTED
                )
        for stage in (Stage.ACCEPTED, Stage.DECLINED, Stage.UNDER_WAY, Stage.DONE):
            with pytest.raises(ProposalClosed):
                operations.edit_proposal(published_by(actor, stage=stage), TEXTS, actor=actor)
        with pytest.raises(ProposalClosed):
            operations.edit_proposal(published_by(actor, expired_at=clock.now()), TEXTS, actor=actor)


def test_nobody_else_can_edit_or_withdraw(actor: Actor) -> None:
    stranger = actor_of(make_resident())
    with transaction():
        proposal = published_by(actor)
        with pytest.raises(NotFound):
            operations.edit_proposal(proposal, TEXTS, actor=stranger)
        with pytest.raises(NotFound):
            operations.withdraw_proposal(proposal, actor=stranger, reason=WithdrawnReason.STARTED)


@pytest.mark.parametrize(
    ("changed", "error"), [({"title": " "}, TitleMissing), ({"what": " \n"}, WhatMissing)]
)
def test_a_public_text_keeps_its_core(actor: Actor, changed: dict[str, str], error: type[Exception]) -> None:
    with transaction():
        proposal = published_by(actor)
        with pytest.raises(error):
            operations.edit_proposal(proposal, replace(TEXTS, **changed), actor=actor)


def test_places_are_inside_the_town(actor: Actor) -> None:
    with transaction():
        district = make_district("Nord")
        draft = make_proposal(published=False, author=actor.account_id)
        point = {"lat": district.label_lat, "lon": district.label_lon}
        operations.save_place(draft, actor=actor, district_id=None, place_words="Am Markt", **point)
        assert draft.district_id == district.id
        with pytest.raises(PlaceOutsideTown):
            operations.save_place(draft, actor=actor, district_id=None, place_words="", lat=1.0, lon=1.0)
        with pytest.raises(UnknownDistrict):
            operations.save_place(draft, actor=actor, district_id=999, place_words="")


def test_withdrawing_with_a_reason(actor: Actor) -> None:
    with transaction():
        make_proposal(title="Eine andere Bank am Markt", indexed=True)
        proposal = published_by(actor, supporters=2, indexed=True)
        make_follow(proposal, people[5])
        with pytest.raises(WithdrawnNoteMissing):
            operations.withdraw_proposal(proposal, actor=actor, reason=WithdrawnReason.OTHER)
        for _ in range(2):
            operations.withdraw_proposal(proposal, actor=actor, reason=WithdrawnReason.STARTED)
        assert len(search.find("bank", ("proposal",), 10, 0)) == 1
        assert proposal.is_open is False
        told = (
            select(Notice.account_id).where(Notice.kind == "proposals.moved_on").order_by(Notice.account_id)
        )
        assert session.scalars(told).all() == sorted([*people[:2], people[5]])
