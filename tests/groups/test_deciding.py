"""A group decides: opened, answered, closed, counted once; scenarios 4 and 5 of the neighbourhood."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import (
    AnswerWrong,
    DecisionLocked,
    NeedsTwo,
    NotAnElector,
    OptionsMissing,
    QuestionMissing,
    ReasonMissing,
    TimesWrong,
    TooFewForSecret,
    TooLate,
    VotedAlready,
)
from portal.groups.errors.deciding import DatesMissing
from portal.groups.models import (
    DecisionOption,
    DecisionState,
    Elector,
    GroupDecision,
    Method,
    NamedBallot,
    QuorumKind,
    SecretTally,
    Status,
)
from portal.groups.operations import joining, leaving
from portal.groups.operations.deciding import answering, closing, collecting, drafting, outcomes
from tests.groups.conftest import Make, group, settled
from tests.groups.deciding import WEEK, ask, close, loaded, say, word
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic


@pytest.mark.on_both
def test_a_secret_vote_with_a_quorum(make: Make) -> None:
    """Scenario 5: nine may, half must; one comes late; 4 vote, extended once; the fifth makes it valid."""
    group_id, people = make(9)
    asked = ask(group_id, people[0], Method.MAJORITY, secret=True, quorum_kind=QuorumKind.PERCENT, quorum=50)
    late = settled()
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0])
        joining.join_by_code(code, actor=late, alias="Spät")
    with pytest.raises(NotAnElector):
        say(group_id, asked, late, word("yes"))
    for person in people[:4]:
        say(group_id, asked, person, word("yes" if person is not people[3] else "no"))
    with pytest.raises(VotedAlready):
        say(group_id, asked, people[0], word("no"))
    extended = close(asked)
    assert (extended.state, extended.extended, extended.result) == (DecisionState.OPEN, True, None)
    say(group_id, asked, people[4], word("no"))
    done = close(asked, after=2 * WEEK)
    assert (done.state, done.status) == (DecisionState.CLOSED, Status.ADOPTED)
    with transaction(write=False):
        assert session.scalar(select(func.count(NamedBallot.id))) == 0
        columns = {row[0] for row in session.execute(text("SELECT key FROM group_secret_tally"))}
        assert columns == {"1=yes", "1=no", "1=abstain"}
        counts = dict(session.execute(select(SecretTally.key, SecretTally.count)).all())
        assert counts == {"1=yes": 3, "1=no": 2, "1=abstain": 0}


def test_without_a_quorum_nothing_is_adopted(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.MAJORITY, quorum_kind=QuorumKind.PEOPLE, quorum=3)
    for person in people[:2]:
        say(group_id, asked, person, word("yes"))
    assert close(asked).state is DecisionState.OPEN
    done = close(asked, after=2 * WEEK)
    assert (done.status, done.state) == (Status.NO_QUORUM, DecisionState.CLOSED)


@pytest.mark.parametrize(("percent", "electors", "needed"), [(50, 9, 5), (50, 8, 4), (0, 9, 0), (67, 3, 3)])
def test_quorum_is_rounded_up(percent: int, electors: int, needed: int) -> None:
    kind = QuorumKind.PERCENT if percent else QuorumKind.NONE
    assert closing.quorum_needed(GroupDecision(quorum_kind=kind, quorum=percent), electors) == needed


def test_few_or_unanimous_secret_votes_show_only_the_outcome(make: Make) -> None:
    group_id, people = make(6)
    alike = ask(group_id, people[0], Method.MAJORITY, secret=True)
    few = ask(group_id, people[0], Method.MAJORITY, secret=True)
    for person in people:
        say(group_id, alike, person, word("yes"))
    for person in people[:4]:
        say(group_id, few, person, word("yes" if person is people[0] else "no"))
    for asked, status in ((alike, "adopted"), (few, "not_adopted")):
        result = close(asked).result or ""
        assert '"veiled": true' in result
        assert f'"status": "{status}"' in result
        assert '"no"' not in result


def test_a_secret_needs_five(make: Make) -> None:
    group_id, people = make(4)
    with pytest.raises(TooFewForSecret):
        ask(group_id, people[0], Method.MAJORITY, secret=True)


@pytest.mark.on_both
def test_a_late_option_of_resistance_begins_a_new_round(make: Make) -> None:
    """Scenario 4: drafts are kept, nothing counts until it is handed in again."""
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.RESISTANCE, options=("Neu", "Gebraucht"))
    with transaction(write=False):
        assert [o.is_status_quo for o in loaded(asked).options] == [False, False, True]
    for person in people[:2]:
        say(group_id, asked, person, {"points": {"1": 2, "2": 5, "3": 7}})
    with pytest.raises(AnswerWrong):
        say(group_id, asked, people[2], {"points": {"1": 2, "2": 5}})
    with transaction():
        collecting.add_option_late(loaded(asked), "Leihen", group=group(group_id), actor=people[3])
    with transaction(write=False):
        assert loaded(asked).round == 2
        assert session.scalars(select(NamedBallot.is_draft)).all() == [True, True]
        assert session.scalar(select(func.count()).where(Elector.voted)) == 0
    for person in people:
        say(group_id, asked, person, {"points": {"1": 2, "2": 5, "3": 7, "4": 1}})
    done = close(asked)
    assert '"winners": [4]' in (done.result or "")
    assert '"acceptance_percent": {"1": 80, "2": 50, "3": 30, "4": 90}' in (done.result or "")


def test_more_dates_keep_what_was_answered(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.DATE, local_starts=("2026-12-01T18:00", "2026-12-02T18:00"))
    say(group_id, asked, people[0], {"points": {"1": 2, "2": 0}})
    with transaction():
        collecting.add_option_late(
            loaded(asked), "", group=group(group_id), actor=people[1], local_start="2026-12-03T18:00"
        )
    done = close(asked)
    assert '"unanswered": {"1": 0, "2": 0, "3": 1}' in (done.result or "")


def test_lots_can_be_worked_out_again(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.LOTS, options=("Amira", "Berta", "Chris"))
    with transaction():
        shown = drafting.lot_commitment(loaded(asked))
        for person, said in zip(people, ("Regen", "أمل", "Fluss"), strict=True):
            answering.add_lot_word(loaded(asked), said, group=group(group_id), actor=person)
    facts = json.loads(close(asked).result or "")
    secret = facts["facts"]["secret"]
    assert hashlib.sha256(secret.encode()).hexdigest() == shown
    words = "\n".join(sorted(("Regen", "أمل", "Fluss")))
    order = sorted(
        (1, 2, 3),
        key=lambda n: hmac.new(bytes.fromhex(secret), f"{words}‖{n}".encode(), hashlib.sha256).hexdigest(),
    )
    assert facts["order"] == order


def test_to_the_closing_second(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    with transaction(write=False):
        closes = loaded(asked).closes_at
    assert closes is not None
    with time_machine.travel(closes - timedelta(seconds=1), tick=False):
        say(group_id, asked, people[0], word("yes"))
    with time_machine.travel(closes, tick=False), pytest.raises(TooLate):
        say(group_id, asked, people[1], word("yes"))


def test_named_answers_change_until_the_end_and_drafts_do_not_count(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.MAJORITY)
    say(group_id, asked, people[0], word("no"))
    say(group_id, asked, people[0], word("yes"))
    with transaction():
        answering.save_draft(loaded(asked), word("no"), group=group(group_id), actor=people[1])
        # What is handed in is not overwritten by a later draft of an old page.
        answering.save_draft(loaded(asked), word("no"), group=group(group_id), actor=people[0])
    done = close(asked)
    assert '"yes": 1, "no": 0' in (done.result or "")


def test_who_leaves_takes_a_named_answer_along_and_leaves_a_secret_one(make: Make) -> None:
    group_id, people = make(6)
    named = ask(group_id, people[0], Method.MAJORITY)
    secret = ask(group_id, people[0], Method.MAJORITY, secret=True)
    for person in people[:5]:
        say(group_id, named, person, word("yes"))
        say(group_id, secret, person, word("yes" if person is not people[1] else "no"))
    with transaction():
        leaving.leave(group(group_id), actor=people[1])
    assert '"yes": 4' in (close(named).result or "")
    assert '"yes": 4, "no": 1' in (close(secret).result or "")
    with transaction(write=False):
        assert closing.turnout(loaded(named)) == (4, 5)
        assert closing.turnout(loaded(secret)) == (5, 6)


@pytest.mark.parametrize(
    ("method", "wish", "content"),
    [
        (Method.MAJORITY, {}, {"answers": {"1": "maybe"}}),
        (Method.MAJORITY, {}, {}),
        (Method.CHOICE, {"options": ("a", "b")}, {"choices": ["9"]}),
        (Method.CHOICE, {"options": ("a", "b")}, {"choices": ["1", "2"]}),
        (Method.DOTS, {"options": ("a", "b"), "points_total": 5}, {"points": {"1": 6}}),
        (Method.DOTS, {"options": ("a", "b"), "points_total": 5}, {"points": {"1": -1, "2": 6}}),
        (Method.SCORE, {"options": ("a", "b")}, {"points": {"1": 6}}),
        (Method.SCORE, {"options": ("a", "b")}, {"points": {"1": "٣x"}}),
        (Method.RANKING, {"options": ("a", "b")}, {"order": [["1"], ["1"]]}),
        (Method.RANKING, {"options": ("a", "b")}, {"order": []}),
        (Method.RESISTANCE, {"options": ("a", "b")}, {"points": {"1": 11, "2": 0, "3": 0}}),
        (Method.RESISTANCE, {"options": ("a", "b")}, {"points": {"1": 10**20, "2": 0, "3": 0}}),
    ],
)
def test_answers_that_do_not_fit(
    make: Make, method: Method, wish: dict[str, Any], content: dict[str, Any]
) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], method, **wish)
    with pytest.raises(AnswerWrong):
        say(group_id, asked, people[0], content)
    with transaction(write=False):
        assert session.scalar(select(func.count()).where(Elector.voted)) == 0


def test_locked_once_people_are_asked(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.CHOICE, options=("a", "b"))
    with transaction():
        other = drafting.Wish(title="Anders", method=Method.CHOICE, options=("c", "d"))
        with pytest.raises(DecisionLocked):
            drafting.redraft(loaded(asked), other, group=group(group_id), actor=people[0])
        with pytest.raises(DecisionLocked):
            drafting.open_decision(
                loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now() + WEEK
            )
        with pytest.raises(DecisionLocked):
            collecting.add_option_late(loaded(asked), "c", group=group(group_id), actor=people[1])


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"title": " ", "method": Method.MAJORITY}, QuestionMissing),
        ({"title": "Was?", "method": Method.CHOICE, "options": ("a",)}, OptionsMissing),
        ({"title": "Was?", "method": Method.CHOICE, "options": ("a", "a ")}, OptionsMissing),
        ({"title": "Was?", "method": Method.DATE}, DatesMissing),
    ],
)
def test_drafts_that_ask_nothing(make: Make, wish: dict[str, Any], error: type[Exception]) -> None:
    group_id, people = make(3)
    with pytest.raises(error), transaction():
        drafting.draft_decision(group(group_id), drafting.Wish(**wish), actor=people[0])
    with pytest.raises(TimesWrong):
        ask(group_id, people[0], Method.MAJORITY, last=timedelta(minutes=5))


def test_sent_twice_is_one_decision(make: Make) -> None:
    group_id, people = make(3)
    wish = drafting.Wish(title="Tische?", method=Method.MAJORITY, form_key="k1")
    for _ in range(2):
        with transaction():
            drafting.draft_decision(group(group_id), wish, actor=people[0])
    with transaction(write=False):
        assert session.scalar(select(func.count(GroupDecision.id))) == 1
        assert session.scalar(select(func.count(DecisionOption.id))) == 1


def test_nobody_else_asks_answers_or_stops(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    others = [settled(), *[actor_of(make_staff(role)) for role in StaffRole]]
    for outsider in others:
        with pytest.raises(NotFound):
            ask(group_id, outsider, Method.MAJORITY)
        with pytest.raises(NotFound):
            say(group_id, asked, outsider, word("yes"))
        with pytest.raises(NotFound), transaction():
            closing.cancel(loaded(asked), group=group(group_id), actor=outsider, reason="Weil")


def test_cancelled_with_a_reason(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    with transaction():
        with pytest.raises(ReasonMissing):
            closing.cancel(loaded(asked), group=group(group_id), actor=people[0], reason=" ")
        closing.cancel(loaded(asked), group=group(group_id), actor=people[0], reason="Doppelt")
        draft = drafting.Wish(title="Später", method=Method.MAJORITY)
        unasked = drafting.draft_decision(group(group_id), draft, actor=people[0])
        with pytest.raises(DecisionLocked):
            closing.cancel(unasked, group=group(group_id), actor=people[0], reason="Doppelt")
    with pytest.raises(TooLate):
        say(group_id, asked, people[0], word("yes"))
    assert close(asked).state is DecisionState.CANCELLED


def test_early_only_when_all_have_answered(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    for person in people[:2]:
        say(group_id, asked, person, word("yes"))
    with transaction(), pytest.raises(TooLate):
        closing.close_early(loaded(asked), group=group(group_id), actor=people[0])
    say(group_id, asked, people[2], word("yes"))
    with transaction():
        closing.close_early(loaded(asked), group=group(group_id), actor=people[0])
        assert loaded(asked).status is Status.ADOPTED


def test_an_overdue_outcome_needs_two_members(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    say(group_id, asked, people[0], word("yes"))
    close(asked)
    agreed = outcomes.Agreed("Wir kaufen Tische.", "Nadel 1", clock.today())
    before = clock.now() + WEEK + timedelta(days=6)
    with time_machine.travel(before), transaction(), pytest.raises(NotFound):
        outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[1])
    with time_machine.travel(clock.now() + 2 * WEEK + timedelta(hours=1)), transaction():
        made = outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[1])
        assert made.published_at is None
        with pytest.raises(NeedsTwo):
            outcomes.confirm_outcome(made, group=group(group_id), actor=people[1])
        outcomes.confirm_outcome(made, group=group(group_id), actor=people[2])
        assert made.published_at is not None


@pytest.mark.on_both
def test_the_database_keeps_secret_methods_apart(make: Make) -> None:
    group_id, people = make(5)
    asked = ask(group_id, people[0], Method.CONSENT)
    with pytest.raises(IntegrityError), transaction():
        loaded(asked).secret = True
        session.flush()
