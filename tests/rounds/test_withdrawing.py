"""Options withdrawn and rounds declared void: who is told, who must agree, and what the log keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.notifications.models import Notice
from portal.proposals.models import Proposal, Stage
from portal.rounds import errors
from portal.rounds.errors.box import KeyGone
from portal.rounds.models import RoundState
from portal.rounds.operations import keys, voiding, withdrawing
from portal.rounds.queries import logbook
from portal.rounds.queries.options import options_of
from tests.rounds.openings import moderator, places
from tests.support.factories import make_resident
from tests.support.factories_rounds import get_round, make_round
from tests.support.people import deliver

pytestmark = pytest.mark.logic


def test_withdrawing_keeps_ballots_and_tells_everybody_who_could_vote(both: Flask) -> None:
    north, south = places()
    actor = moderator()
    at_home = [make_resident(district_id=north).id for _ in range(2)]
    make_resident(district_id=south)
    round_id = make_round(proposals=1, options=2, district_ids=(north,))
    with transaction():
        withdrawing.withdraw_option(get_round(round_id), "3", actor=actor, reason="Der Boden trägt nicht.")
    deliver()
    with transaction(write=False):
        vote = get_round(round_id)
        assert [o.code for o in options_of(vote) if o.is_withdrawn] == ["3"]
        assert [entry.kind for entry in logbook.entries(vote)][:2] == ["opened", "option_withdrawn"]
        assert session.scalars(select(Proposal.stage)).one() is Stage.EXAMINED
        told = select(Notice.account_id).where(Notice.kind == "rounds.option_withdrawn")
        # By district alone: nobody of them has even opened a ballot.
        assert sorted(session.scalars(told)) == at_home
    with transaction(), pytest.raises(errors.AlreadyWithdrawn):
        withdrawing.withdraw_option(get_round(round_id), "3", actor=actor, reason="Noch einmal")
    with transaction(), pytest.raises(errors.ReasonMissing):
        withdrawing.withdraw_option(get_round(round_id), "1", actor=actor, reason=" \n ")
    with transaction(), pytest.raises(errors.UnknownOption):
        withdrawing.withdraw_option(get_round(round_id), "77", actor=actor, reason="x")


def test_nothing_is_withdrawn_after_the_end(app: Flask) -> None:
    actor = moderator()
    round_id = make_round(lasts=timedelta(hours=2))
    with (
        time_machine.travel(clock.now() + timedelta(hours=1), tick=False),
        transaction(),
        pytest.raises(errors.RoundNotOpen),
    ):
        withdrawing.withdraw_option(get_round(round_id), "1", actor=actor, reason="x")


@pytest.mark.on_both
def test_voiding_needs_two_people_and_a_reason(both: Flask) -> None:
    first, second = moderator(), moderator()
    resident = make_resident().id
    round_id = make_round(proposals=1)
    with transaction(), pytest.raises(errors.ReasonMissing):
        voiding.ask_void(get_round(round_id), actor=first, reason="  ")
    with transaction(), pytest.raises(errors.NobodyAsked):
        voiding.confirm_void(get_round(round_id), actor=second)
    with transaction():
        voiding.ask_void(get_round(round_id), actor=first, reason="Ein falscher Betrag")
        voiding.ask_void(get_round(round_id), actor=first, reason="Doppelklick")
    with transaction(), pytest.raises(errors.SamePerson):
        voiding.confirm_void(get_round(round_id), actor=first)
    with transaction():
        assert voiding.confirm_void(get_round(round_id), actor=second) is True
        assert voiding.confirm_void(get_round(round_id), actor=second) is False
    deliver()
    with transaction(write=False):
        vote = get_round(round_id)
        assert (vote.state, vote.void_reason) == (RoundState.VOID, "Ein falscher Betrag")
        assert [e.kind for e in logbook.entries(vote)] == ["opened", "void", "key_destroyed"]
        assert session.scalars(select(Proposal.stage)).one() is Stage.EXAMINED
        told = select(Notice.account_id).where(Notice.kind == "rounds.voided")
        assert resident in set(session.scalars(told))
        with pytest.raises(KeyGone):
            keys.load_key(vote)
    with transaction(), pytest.raises(errors.RoundNotOpen):
        voiding.ask_void(get_round(round_id), actor=first, reason="Noch einmal")


def test_a_wish_to_void_can_be_taken_back_and_asked_again(both: Flask) -> None:
    first, second = moderator(), moderator()
    round_id = make_round()
    with transaction():
        voiding.ask_void(get_round(round_id), actor=first, reason="Ein Irrtum")
        assert voiding.take_back_void(get_round(round_id), actor=second) is True
        assert voiding.take_back_void(get_round(round_id), actor=second) is False
    with transaction(), pytest.raises(errors.NobodyAsked):
        voiding.confirm_void(get_round(round_id), actor=second)
    with transaction():
        voiding.ask_void(get_round(round_id), actor=second, reason="Doch")
