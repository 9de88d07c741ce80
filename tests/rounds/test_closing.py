"""Closing: by time, once, safe to kill anywhere; nothing is told before the result is public; publishing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.actors import SYSTEM, VISITOR
from portal.core.db import session, transaction
from portal.core.errors import NotFound, SignInRequired
from portal.core.public_id import new_id
from portal.proposals.models import Answer, Proposal, Stage
from portal.rounds.errors import (
    DrawDiffers,
    DrawNotNeeded,
    DrawTooEarly,
    FileChanged,
    NotOverYet,
    NotReadyToPublish,
)
from portal.rounds.errors.box import KeyGone
from portal.rounds.models import (
    Ballot,
    PaperBatch,
    PaperSheet,
    RollEntry,
    RoundFile,
    RoundResult,
    RoundState,
    SheetState,
)
from portal.rounds.operations import casting, closing, keys, publishing
from portal.rounds.operations.publishing import Typing
from portal.rounds.queries import logbook, resulting
from portal.voting.bundle import write_recount
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_rounds import get_round, make_round

CHOICES = (["1", "2"], ["1"], ["2", "3"], ["3"], ["1", "3"], [])


def filled_round(**given: Any) -> int:
    """A round that runs, with six ballots in the box."""
    given.setdefault("options", 3)
    round_id = make_round(file_threshold=given.pop("file_threshold", 5), **given)
    with transaction():
        entries = [RollEntry(round_id=round_id, person_hash=f"{n:064}", level=0) for n in range(len(CHOICES))]
        session.add_all(entries)
        session.flush()
        ids = [one.id for one in entries]
    for entry_id, choices in zip(ids, CHOICES, strict=True):
        with transaction():
            content = {"kind": "approval", "choices": choices}
            casting.cast(get_round(round_id), entry_id, content)
    return round_id


def after(round_id: int) -> Any:
    """A minute after the end."""
    with transaction(write=False):
        ends = get_round(round_id).closes_at
    assert ends is not None
    return time_machine.travel(ends + timedelta(minutes=1), tick=False)


def everything(round_id: int) -> tuple[str, str, list[tuple[str, str | None]], list[str]]:
    """What must be the same however often closing was interrupted."""
    with transaction(write=False):
        file = session.get_one(RoundFile, round_id)
        result = session.get_one(RoundResult, round_id)
        ballots = session.execute(
            select(Ballot.tracking, Ballot.content)
            .where(Ballot.round_id == round_id)
            .order_by(Ballot.tracking)
        ).all()
        kinds = [one.kind for one in logbook.entries(get_round(round_id))]
        return file.file_sha256, result.outcome_sha256, [tuple(row) for row in ballots], kinds


def test_it_does_not_close_before_its_end(app: Flask) -> None:
    round_id = filled_round()
    with transaction(), pytest.raises(NotOverYet):
        closing.begin(get_round(round_id))
    with transaction(write=False):
        assert get_round(round_id).state is RoundState.OPEN


def test_killed_between_every_two_steps_and_repeated_ends_the_same(
    both: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = filled_round()

    def killed(vote: Any) -> bool:
        raise KeyboardInterrupt

    with after(round_id):
        steps = closing.STEPS
        for number in range(len(steps)):
            # The process dies in step `number`, after everything the steps before it have committed.
            monkeypatch.setattr(closing, "STEPS", (*steps[:number], killed))
            with pytest.raises(KeyboardInterrupt):
                closing.close_round(round_id)
        monkeypatch.setattr(closing, "STEPS", steps)
        assert closing.close_round(round_id) is RoundState.CLOSED
        once = everything(round_id)
        assert closing.close_round(round_id) is RoundState.CLOSED
        assert everything(round_id) == once
    assert once[3] == ["opened", "closing", "sealed", "counted", "closed", "key_destroyed"]


def test_twelve_at_once_close_it_once(both: Flask) -> None:
    round_id = filled_round()
    states: list[RoundState] = []

    def close() -> None:
        with both.app_context():
            states.append(closing.close_round(round_id))

    with after(round_id):
        threads = [threading.Thread(target=close) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert RoundState.CLOSED in states
    assert everything(round_id)[3] == ["opened", "closing", "sealed", "counted", "closed", "key_destroyed"]


def test_another_box_than_the_sealed_one_is_an_alarm(app: Flask) -> None:
    round_id = filled_round()
    with after(round_id):
        for step in closing.STEPS[:2]:
            with transaction():
                step(get_round(round_id))
        with transaction():
            one = session.scalars(select(Ballot).where(Ballot.round_id == round_id)).first()
            assert one is not None
            one.content = '{"choices":["2"],"kind":"approval"}'
        with pytest.raises(FileChanged):
            closing.close_round(round_id)


def test_the_key_is_gone_and_the_rows_say_nothing(app: Flask) -> None:
    round_id = filled_round()
    with transaction(write=False):
        before = set(session.scalars(select(Ballot.ballot_key)))
        path = keys.key_path(get_round(round_id))
    assert path.exists()
    with after(round_id):
        closing.close_round(round_id)
    assert not path.exists()
    with transaction(write=False):
        assert not before & set(session.scalars(select(Ballot.ballot_key)))
        with pytest.raises(KeyGone):
            keys.load_key(get_round(round_id))


def test_the_job_closes_and_publishes_by_itself(app: Flask) -> None:
    round_id = filled_round(publish_after_hours=0)
    with after(round_id):
        for _ in range(4):
            jobs.run_due(50)
        with transaction():
            for other in publishing.due_to_publish():
                publishing.publish(get_round(other), actor=SYSTEM)
        while jobs.run_due(50):
            pass
    with transaction(write=False):
        vote = get_round(round_id)
        assert vote.state is RoundState.PUBLISHED
        found = resulting.found_of(vote)
        assert found is not None
        assert {one.reason for one in found.options} != {"pending"}


def test_paper_must_be_complete(app: Flask) -> None:
    round_id = filled_round()
    first, second = make_staff("professional"), make_staff("professional")
    with transaction():
        entry = RollEntry(round_id=round_id, person_hash="f" * 64, level=0)
        session.add(entry)
        session.flush()
        casting.take_paper(get_round(round_id), entry.id, first.id, second.id)
    with after(round_id):
        assert closing.close_round(round_id) is RoundState.CLOSING
        text = '{"choices":["1"],"kind":"approval"}'
        with transaction():
            batch = PaperBatch(
                public_id=new_id(),
                round_id=round_id,
                number=1,
                handed_out=1,
                size=1,
                opened_by_id=first.id,
                witness_id=second.id,
                opened_at=clock.now(),
                closed_at=clock.now(),
            )
            session.add(batch)
            session.flush()
            sheet = PaperSheet(
                batch_id=batch.id,
                serial=1,
                state=SheetState.AGREED,
                first_by_id=first.id,
                first_content=text,
                second_by_id=second.id,
                second_content=text,
            )
            session.add(sheet)
        assert closing.close_round(round_id) is RoundState.CLOSED
    with transaction(write=False):
        result = session.get_one(RoundResult, round_id)
        assert (result.turnout["online"], result.turnout["paper"]) == (6, 1)
        assert json.loads(result.outcome)["votes"]["1"] == 4


def published(round_id: int) -> str:
    """Closed and published; its public id."""
    with after(round_id):
        closing.close_round(round_id)
        with transaction():
            assert publishing.publish(get_round(round_id), actor=SYSTEM)
        with transaction():
            assert not publishing.publish(get_round(round_id), actor=SYSTEM)
            return get_round(round_id).public_id


def test_only_those_who_moderate_publish(app: Flask) -> None:
    round_id = filled_round()
    moderator = actor_of(make_staff("moderator"))
    others = [
        VISITOR,
        actor_of(make_staff("planner")),
        actor_of(make_resident()),
        replace(moderator, suspended=True),
    ]
    with after(round_id):
        closing.close_round(round_id)
        for who in others:
            with pytest.raises((NotFound, SignInRequired)), transaction():
                publishing.publish(get_round(round_id), actor=who)
        with transaction():
            assert publishing.publish(get_round(round_id), actor=moderator)


def test_anybody_recounts_the_published_file_with_the_log(app: Flask, tmp_path: Path) -> None:
    round_id = filled_round()
    public_id = published(round_id)
    browser = app.test_client()
    (tmp_path / "ballots.pb").write_bytes(browser.get(f"/de/votes/{public_id}/result/ballots.pb").data)
    (tmp_path / "log.jsonl").write_bytes(browser.get(f"/de/votes/{public_id}/log.jsonl").data)
    write_recount(tmp_path / "recount.pyz")
    command = [sys.executable, "recount.pyz", "ballots.pb", "--log", "log.jsonl", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    assert (done.returncode, said["equal"], said["findings"]) == (0, True, [])
    page = browser.get(f"/en/votes/{public_id}/result").text
    assert said["sha256"] in page
    forged = (tmp_path / "log.jsonl").read_text().replace('"online":6', '"online":7')
    (tmp_path / "log.jsonl").write_text(forged)
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_nobody_finds_a_result_before_it_is_public(app: Flask) -> None:
    round_id = filled_round()
    staff = [make_staff("moderator"), make_staff("administrator"), make_staff("planner")]
    for moment in ("running", "closed"):
        with after(round_id):
            if moment == "closed":
                closing.close_round(round_id)
            with transaction(write=False):
                public_id = get_round(round_id).public_id
            for account in (None, *staff):
                browser = app.test_client()
                if account is not None:
                    sign_in(browser, account)
                for page in ("result", "result/options/1", "result/ballots.pb"):
                    answer = browser.get(f"/de/votes/{public_id}/{page}")
                    assert answer.status_code in {303, 404}, (moment, page)
                check = browser.get(f"/en/office/votes/{public_id}/closing").text
                assert not re.search(r"Elected:|Effective support", check)


def test_staff_check_then_publish(app: Flask) -> None:
    round_id = filled_round()
    moderator = make_staff("moderator")
    browser = app.test_client()
    with after(round_id):
        sign_in(browser, moderator)
        with transaction(write=False):
            public_id = get_round(round_id).public_id
        closing.close_round(round_id)
        page = browser.get(f"/en/office/votes/{public_id}/closing").text
        assert "Publish the result" in page
        assert browser.post(f"/en/office/votes/{public_id}/publish").status_code == 303
        assert "6 people voted." in browser.get(f"/en/votes/{public_id}/result").text


def test_it_is_not_published_while_the_box_differs(app: Flask) -> None:
    round_id = filled_round()
    with after(round_id):
        closing.close_round(round_id)
        with transaction():
            one = session.scalars(select(Ballot).where(Ballot.round_id == round_id)).first()
            session.delete(one)
        with transaction(), pytest.raises(NotReadyToPublish):
            publishing.publish(get_round(round_id), actor=SYSTEM)


def test_the_draw_is_typed_by_two(app: Flask) -> None:
    round_id = make_round(options=2, costs=(60_000, 60_000), file_threshold=0, rule="greedy")
    first, second = actor_of(make_staff("moderator")), actor_of(make_staff("moderator"))
    with after(round_id):
        closing.close_round(round_id)
        # Whoever knew the numbers of another day could choose the winner.
        with transaction(), pytest.raises(DrawTooEarly):
            publishing.enter_draw(get_round(round_id), "3 11 19", actor=first)
    with time_machine.travel(clock.now() + timedelta(days=402), tick=False):
        with transaction():
            assert publishing.checks_of(get_round(round_id)).draw_needed
        with transaction(), pytest.raises(NotReadyToPublish):
            publishing.publish(get_round(round_id), actor=SYSTEM)
        # A slip of the first person is not the end: both are in the log, and the same words twice count.
        typings = (
            (first, "3 11 91", Typing.WAITS),
            (first, "3 11 91", Typing.WAITS),
            (second, "3 11 19", Typing.DIFFERS),
            (first, "3  11 19", Typing.COUNTS),
            (first, "3 11 19", Typing.COUNTS),
        )
        for actor, words, expected in typings:
            with transaction():
                assert publishing.enter_draw(get_round(round_id), words, actor=actor) is expected
        with transaction(), pytest.raises(DrawDiffers):
            publishing.enter_draw(get_round(round_id), "1 1 1", actor=second)
        with transaction(write=False):
            kinds = [one.kind for one in logbook.entries(get_round(round_id))]
            assert (kinds.count("draw_committed"), kinds.count("draw")) == (2, 1)
        with transaction():
            assert publishing.publish(get_round(round_id), actor=SYSTEM)


def test_nobody_draws_where_nothing_is_equal(app: Flask) -> None:
    round_id = filled_round()
    actor = actor_of(make_staff("moderator"))
    with after(round_id):
        closing.close_round(round_id)
        with transaction(), pytest.raises(DrawNotNeeded):
            publishing.enter_draw(get_round(round_id), "3 11 19", actor=actor)


def test_every_proposal_gets_its_answer_in_one_batch(app: Flask) -> None:
    round_id = make_round(options=0, proposals=3, budget_cents=100_000, file_threshold=0)
    with transaction():
        entry = RollEntry(round_id=round_id, person_hash="e" * 64, level=0)
        session.add(entry)
        session.flush()
        entry_id = entry.id
    with transaction():
        casting.cast(get_round(round_id), entry_id, {"kind": "approval", "choices": ["1", "2"]})
    public_id = published(round_id)
    browser = app.test_client()
    sign_in(browser, make_staff("moderator"))
    page = browser.get(f"/de/office/votes/{public_id}/answers").text
    chosen = re.findall(r'name="proposal" value="(\w+)"', page)
    assert len(chosen) == 3
    done = browser.post(f"/de/office/votes/{public_id}/answers", data={"proposal": chosen})
    assert done.status_code == 303
    with transaction(write=False):
        stages = [one.stage for one in session.scalars(select(Proposal).order_by(Proposal.id))]
        assert stages == [Stage.ACCEPTED, Stage.ACCEPTED, Stage.DECLINED]
        assert all(one.text_md for one in session.scalars(select(Answer)))
    assert not re.findall(r'name="proposal"', browser.get(f"/de/office/votes/{public_id}/answers").text)
