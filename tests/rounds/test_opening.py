"""Drafts, opening and the log: the rules behind the pages, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.i18n import use_language
from portal.core.mailsafe import BadAddress
from portal.core.site_settings import change
from portal.core.state import TransitionNotAllowed
from portal.notifications.models import MailMessage
from portal.proposals.errors import ProposalLocked
from portal.proposals.models import Proposal, Stage
from portal.proposals.operations import ensure_editable
from portal.rounds import errors
from portal.rounds.models import (
    RULES_FOR,
    TRANSITIONS,
    BallotKind,
    MajorityKind,
    RoundLogEntry,
    RoundState,
    Rule,
)
from portal.rounds.operations import drafting, keys, opening
from portal.rounds.operations import options as optioning
from portal.rounds.operations.logbook import append
from portal.rounds.operations.observing import commit_boxes
from portal.rounds.permissions import STATES
from portal.rounds.queries import logbook
from portal.rounds.queries.opening import gaps, overlaps, rules_document, rules_text, sha256
from portal.rounds.queries.options import options_of
from portal.rounds.queries.wording import rules_in_words, who_could_learn
from tests.rounds.openings import moderator, places
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_proposal
from tests.support.factories_rounds import add_proposal, get_round, make_round, open_now


def test_the_table_of_states_is_walked_from_everywhere_to_everywhere(app: Flask) -> None:
    round_id = make_round()
    people = {
        "moderator": moderator(),
        "resident": actor_of(make_resident()),
        "administrator": actor_of(make_staff("administrator")),
        "system": SYSTEM,
    }
    may = {"rounds.open": {"moderator"}, "rounds.void": {"moderator"}}
    may |= {"rounds.close": {"moderator", "system"}, "rounds.publish": {"moderator", "system"}}
    with transaction(write=False):
        vote = get_round(round_id)
        for source in RoundState:
            for target in RoundState:
                permission = TRANSITIONS.get((source, target))
                for name, actor in people.items():
                    if permission is None:
                        with pytest.raises(TransitionNotAllowed):
                            STATES.check(actor, vote, source, target)
                    elif name in may[permission]:
                        STATES.check(actor, vote, source, target)
                    else:
                        with pytest.raises(NotFound):
                            STATES.check(actor, vote, source, target)


def test_opening_freezes_hashes_logs_and_locks(both: Flask) -> None:
    round_id = make_round(proposals=1, is_running=False)
    with transaction(write=False):
        vote = get_round(round_id)
        assert vote.rules_json is not None
        assert vote.rules_sha256 == sha256(vote.rules_json)
        assert json.loads(vote.rules_json) == json.loads(logbook.canonical(rules_document(vote)))
        assert [entry.kind for entry in logbook.entries(vote)] == ["opened"]
        assert logbook.is_unbroken(vote)
        assert len(keys.load_key(vote)) == 32
        proposal = session.scalars(select(Proposal)).one()
        assert proposal.stage is Stage.IN_ROUND
        author = actor_of(make_resident())
        with pytest.raises((ProposalLocked, NotFound)):
            ensure_editable(proposal, actor=replace(author, account_id=proposal.author_id))


def test_the_same_rules_have_the_same_hash_on_both_databases(both: Flask) -> None:
    """JSON columns of PostgreSQL would sort keys in another way; the text is stored."""
    with time_machine.travel("2026-12-01T10:00:00Z", tick=False):
        vote_id = make_round(public_id="samesame", title="Gleich", state=RoundState.OPEN)
    with transaction(write=False):
        text = get_round(vote_id).rules_json or ""
    assert text.startswith('{"ballot":{"kind":"approval"')
    assert '"opens_at":"2026-12-01T09:00:00Z"' in text


def test_a_double_opening_is_one(both: Flask) -> None:
    actor = moderator()
    round_id = make_round(is_running=False)
    with transaction():
        assert opening.open_round(get_round(round_id), actor=actor) is False
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(RoundLogEntry)) == 1


GAPS: list[tuple[dict[str, Any], str]] = [
    ({"question": ""}, "words"),
    ({"intro_md": ""}, "words"),
    ({"budget_cents": None}, "counting"),
    ({"budget_cents": 100}, "options"),
    ({"lottery_source": ""}, "counting"),
    ({"opens_at": None}, "dates"),
]


@pytest.mark.parametrize(("columns", "step"), GAPS, ids=[str(next(iter(one))) for one, _step in GAPS])
def test_what_is_missing_is_named_and_stops_the_opening(
    app: Flask, columns: dict[str, Any], step: str
) -> None:
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT, is_running=False)
    with transaction():
        vote = get_round(round_id)
        for name, value in columns.items():
            setattr(vote, name, value)
    with transaction():
        assert {gap.step for gap in gaps(get_round(round_id))} == {step}
        with pytest.raises(errors.RoundNotReady):
            opening.open_round(get_round(round_id), actor=actor)


def test_other_things_that_are_missing(app: Flask) -> None:
    actor = moderator()
    with transaction():
        vote = get_round(make_round_draft(actor))
        add_proposal(vote, actor, stage=Stage.COLLECTING)
        with use_language("en"):
            said = {str(gap.words).split("”")[-1] for gap in gaps(vote)}
        assert said == {" is not examined, or not public any more."}
    with transaction():
        vote = get_round(make_round_draft(actor, lottery_on=clock.today()))
        assert [gap.step for gap in gaps(vote)] == ["counting"]
    with transaction():
        vote = get_round(make_round_draft(actor))
        vote.opens_at = clock.now() - timedelta(minutes=1)
        assert [gap.step for gap in gaps(vote)] == ["dates"]
        for option in options_of(vote):
            optioning.remove_option(vote, "1", actor=actor)
            assert option.round_id == vote.id
        assert [gap.step for gap in gaps(vote)] == ["options", "dates"]


def make_round_draft(actor: Actor, **columns: Any) -> int:
    # The factory has transactions of its own: the one around ends here.
    session.rollback()
    return make_round(state=RoundState.DRAFT, is_running=False, **columns)


def test_what_cannot_stand_on_a_ballot(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided, in another vote or hidden; and more options than anybody could read."""
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT, is_running=False, options=2)
    with transaction():
        hidden = make_proposal(stage=Stage.EXAMINED, hidden_at=clock.now())
        for wrong in (hidden, make_proposal(stage=Stage.IN_ROUND), make_proposal(stage=Stage.DECLINED)):
            with pytest.raises(errors.ProposalNotEligible):
                optioning.add_proposal(get_round(round_id), wrong, actor=actor)
    monkeypatch.setattr(optioning, "OPTION_LIMIT", 2)
    with transaction(), pytest.raises(errors.TooManyOptions):
        optioning.add_proposal(get_round(round_id), make_proposal(stage=Stage.EXAMINED), actor=actor)


def test_removing_an_option_lets_the_others_move_up(both: Flask) -> None:
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT, options=4)
    with transaction():
        optioning.remove_option(get_round(round_id), "2", actor=actor)
    with transaction(write=False):
        assert [(o.code, o.title) for o in options_of(get_round(round_id))] == [
            ("1", "Option A"),
            ("2", "Option C"),
            ("3", "Option D"),
        ]


def test_a_copy_takes_rules_and_options_but_no_dates(both: Flask) -> None:
    actor = moderator()
    source = make_round(kind=BallotKind.POINTS, points_total=7, proposals=1)
    with transaction():
        copy = drafting.create_round(actor=actor, title="Noch einmal", copy_of=get_round(source))
        assert (copy.ballot_kind, copy.points_total, copy.state) == (BallotKind.POINTS, 7, RoundState.DRAFT)
        assert (copy.opens_at, copy.lottery_source, copy.rules_sha256) == (None, "", None)
        # The proposal is in the other vote.
        assert [o.title for o in options_of(copy)] == ["Option A", "Option B", "Option C"]


@pytest.mark.parametrize("template", sorted(drafting.TEMPLATES))
def test_every_template_begins_with_rules_that_fit(app: Flask, template: str) -> None:
    actor = moderator()
    with transaction():
        vote = drafting.create_round(actor=actor, title="Neu", template=template)
        assert vote.rule in RULES_FOR[vote.ballot_kind]
        assert rules_in_words(vote)


PAIRS = [(kind, rule) for kind, rules in RULES_FOR.items() for rule in rules]


@pytest.mark.parametrize(("kind", "rule"), PAIRS, ids=[f"{kind}-{rule}" for kind, rule in PAIRS])
def test_every_kind_and_rule_opens_and_is_said_in_words(app: Flask, kind: BallotKind, rule: Rule) -> None:
    round_id = make_round(kind=kind, rule=rule, quorum=5)
    with transaction(write=False):
        said = {one.name: one.sentences for one in rules_in_words(get_round(round_id))}
    assert ("ties" in said) is (rule is not Rule.MAJORITY)
    assert all(sentence for sentences in said.values() for sentence in sentences)
    assert "5" in said["count"][-1]


def test_majorities_are_said_apart(app: Flask) -> None:
    said = set()
    for one in MajorityKind:
        round_id = make_round(kind=BallotKind.YES_NO, options=1, majority_kind=one)
        with transaction(write=False):
            said.add(rules_in_words(get_round(round_id))[3].sentences[0])
    assert len(said) == 3


def test_a_rule_that_does_not_fit_the_ballot_is_refused(app: Flask) -> None:
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT)
    with transaction(), pytest.raises(errors.RuleDoesNotFit):
        drafting.save_counting(get_round(round_id), actor=actor, rule=Rule.SCHULZE)


def test_rounds_of_the_same_people_at_the_same_time_are_named(app: Flask) -> None:
    north, south = places()
    town = make_round()
    there = make_round(district_ids=(south,))
    here = make_round(state=RoundState.DRAFT, district_ids=(north,))
    later = make_round(state=RoundState.DRAFT, begins=timedelta(days=60))
    with transaction(write=False):
        assert [one.id for one in overlaps(get_round(here))] == [town]
        assert [one.id for one in overlaps(get_round(town))] == [there, here]
        assert overlaps(get_round(later)) == []


def test_moderators_of_another_district_do_not_see_a_draft(app: Flask) -> None:
    north, south = places()
    round_id = make_round(state=RoundState.DRAFT, district_ids=(north,))
    for actor in (moderator(south), actor_of(make_staff("administrator")), actor_of(make_staff("planner"))):
        with transaction(), pytest.raises(NotFound):
            drafting.ensure_draft(get_round(round_id), actor)
    with transaction():
        drafting.ensure_draft(get_round(round_id), moderator(north))


def test_the_log_is_a_chain_that_shows_every_change(both: Flask) -> None:
    round_id = make_round()
    with transaction():
        vote = get_round(round_id)
        append(vote, "box_commit", {"number": 3, "box_sha256": "x", "ü": "–"})
    with transaction(write=False):
        vote = get_round(round_id)
        assert logbook.is_unbroken(vote)
        lines = [json.loads(line) for line in logbook.export_jsonl(vote).splitlines()]
        assert [line["seq"] for line in lines] == [1, 2]
        assert lines[1]["prev"] == lines[0]["hash"]
        assert lines[1]["body"]["ü"] == "–"
        first = logbook.entries(vote)[0]
        body = logbook.canonical(lines[0]["body"])
        assert logbook.entry_hash("0" * 64, vote.public_id, 1, "opened", body) == first.hash


def test_the_box_is_committed_once_a_day_and_observers_get_the_head(app: Flask) -> None:
    administrator = actor_of(make_staff("administrator"))
    with transaction():
        change("rounds.observers", "alle@example.org\nALLE@example.org", actor=administrator)
    running = make_round(observers="eine@example.org")
    coming = make_round(is_running=False)
    with transaction():
        assert commit_boxes() == 1
        assert commit_boxes() == 0
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False), transaction():
        assert commit_boxes() == 2
    with transaction(write=False):
        kinds = [entry.kind for entry in logbook.entries(get_round(running))]
        assert kinds == ["opened", "box_commit", "box_commit"]
        assert len(logbook.entries(get_round(coming))) == 2
        heads = list(session.scalars(select(MailMessage.recipient).where(MailMessage.kind == "rounds.head")))
        # Opened twice, committed three times; the second address belongs to the first round alone.
        assert sorted(heads) == ["alle@example.org"] * 5 + ["eine@example.org"] * 3


def test_the_truth_about_operators_names_every_case(app: Flask) -> None:
    assert len(who_could_learn()) == 8


def test_a_wrong_address_of_an_observer_is_refused(app: Flask) -> None:
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT)
    given = {"level": 0, "district_ids": (), "receipts": True, "file_threshold": 50}
    with transaction(), pytest.raises(BadAddress):
        drafting.save_voters(get_round(round_id), actor=actor, observers="a@b@c\nx", **given)  # type: ignore[arg-type]
    with transaction(), pytest.raises(errors.UnknownDistrictOfRound):
        drafting.save_voters(get_round(round_id), actor=actor, **{**given, "district_ids": (99,)})  # type: ignore[arg-type]


def test_rules_of_a_draft_are_what_they_would_be(app: Flask) -> None:
    actor = moderator()
    round_id = make_round(state=RoundState.DRAFT, proposals=1, is_running=False)
    with transaction(write=False):
        before = rules_text(get_round(round_id))
    open_now(round_id, actor)
    with transaction(write=False):
        assert get_round(round_id).rules_json == before
