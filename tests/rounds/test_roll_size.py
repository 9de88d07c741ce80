"""How many could take part stands in the log from its first entry on, and nobody can add ballots past it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.rounds.models import LetterBatch, RollEntry, TownIdentity
from portal.rounds.operations import letters
from portal.rounds.operations.observing import commit_boxes
from portal.rounds.queries import logbook
from portal.rounds.queries.eligibility import entry_for
from portal.rounds.queries.roll import could_take_part
from portal.voting.recount import main
from tests.rounds.rolls import known_to_staff
from tests.rounds.test_closing import filled_round, published
from tests.rounds.test_letters import approve, ask, doing
from tests.support.factories import make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_rounds import get_round, make_round


def bodies(round_id: int, kind: str) -> list[dict[str, Any]]:
    with transaction(write=False):
        return [json.loads(one.body) for one in logbook.entries(get_round(round_id)) if one.kind == kind]


def many_people() -> tuple[int, int]:
    """Residents in all states that matter, in two districts; the districts."""
    with transaction():
        here, there = make_district("Nordend").id, make_district("Südend").id
    staff = make_staff("moderator")
    people = [make_resident() for _ in range(9)]
    for number in (0, 1, 2, 6):
        known_to_staff(people[number], staff)
    with transaction():
        rows = [session.get_one(Account, one.id) for one in people]
        for row, district in zip(rows, (here, there, None, here, there, here, here, None, here), strict=True):
            row.district_id = district
        rows[5].suspended_until = clock.now() + timedelta(days=1)
        rows[8].suspended_until = clock.now() - timedelta(days=1)
        rows[6].email = rows[6].email_hash = None
        rows[6].deleted_at = clock.now()
        # The town's word about where somebody lives, with and without a district.
        for number, district in ((3, there), (4, None), (7, here)):
            session.add(
                TownIdentity(account_id=people[number].id, subject_hash=f"{number:064}", at=clock.now())
            )
            session.flush()
            session.get_one(TownIdentity, people[number].id).district_id = district
    return here, there


@pytest.mark.parametrize("level", [0, 1, 3])
def test_the_size_is_the_number_of_those_who_would_be_let_in(both: Flask, level: int) -> None:
    here, there = many_people()
    sizes = []
    for districts in ((), (here,), (there,), (here, there)):
        round_id = make_round(level=level, district_ids=districts)
        with transaction(write=False):
            vote = get_round(round_id)
            everybody = [one for one in session.scalars(select(Account)) if one.deleted_at is None]
            let_in = sum(entry_for(actor_for(one), vote).may_vote for one in everybody)
            assert could_take_part(vote) == let_in
            sizes.append(let_in)
        said = {"by": "accounts", "entries": 0, "could_take_part": let_in}
        assert [one["roll"] for one in bodies(round_id, "opened")] == [said]
    assert len(set(sizes)) > 1


def test_every_batch_of_letters_is_in_the_log(both: Flask) -> None:
    ann, ben = make_staff(StaffRole.ADMINISTRATOR), make_staff(StaffRole.ADMINISTRATOR)
    round_id = make_round(level=2)
    first, second = ask(ann, round_id, size=3), ask(ann, round_id, size=2)
    approve(ben, round_id, first)
    approve(ben, round_id, second)
    doing(ben, round_id, lambda a, _row: letters.drop_batch(a, session.get_one(LetterBatch, second)))
    assert [one["roll"] for one in bodies(round_id, "opened")] == [
        {"by": "letters", "entries": 0, "could_take_part": 0}
    ]
    assert [(one["batch"], one["entries"]) for one in bodies(round_id, "roll")] == [(1, 3), (2, 5), (2, 3)]
    with transaction():
        commit_boxes()
    assert bodies(round_id, "box_commit")[0]["roll"] == {"entries": 3}


def test_the_pages_and_the_recount_say_the_size(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_resident()
    round_id = filled_round()
    public_id = published(round_id)
    browser = app.test_client()
    page = browser.get(f"/en/votes/{public_id}/result").text
    assert "<dt>Could take part when it was opened</dt><dd>1</dd>" in page
    assert "more ballots than people" not in page
    assert "when this vote was opened: 1." in browser.get(f"/en/votes/{public_id}/log").text
    assert recounted(app, public_id, tmp_path) == 0
    assert "6 entries in the roll at the end, 6 ballots" in capsys.readouterr().out


def test_ballots_put_in_past_the_roll_are_noticed_by_everybody(app: Flask, tmp_path: Path) -> None:
    """Somebody with the database in hand adds a ballot for nobody."""
    round_id = filled_round()
    with transaction():
        one = session.scalars(select(RollEntry.id).where(RollEntry.round_id == round_id)).first()
        session.execute(delete(RollEntry).where(RollEntry.id == one))
    public_id = published(round_id)
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    assert "there may be more ballots than people who could vote" in page
    assert recounted(app, public_id, tmp_path) == 1


def recounted(app: Flask, public_id: str, folder: Path) -> int:
    """The command over the file and the log as anybody downloads them."""
    browser, file, log = app.test_client(), folder / "file.pb", folder / "log.jsonl"
    file.write_bytes(browser.get(f"/en/votes/{public_id}/result/ballots.pb").data)
    log.write_bytes(browser.get(f"/en/votes/{public_id}/log.jsonl").data)
    return main([str(file), "--log", str(log)])
