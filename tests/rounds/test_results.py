"""Results of every kind of ballot, objections, and the file in the eyes of somebody else's checker."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.accounts.operations import erase
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.rounds.errors import ObjectionsOver
from portal.rounds.models import BallotKind, ResultObjection, RollEntry
from portal.rounds.operations import casting, closing, objecting, publishing
from portal.rounds.queries import logbook, resulting
from tests.proposals.helpers import counted_queries
from tests.rounds.test_closing import after, filled_round, published
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_rounds import get_round, make_round
from tests.voting.test_oracles import errors_of, needs_checker

BALLOTS: dict[BallotKind, list[dict[str, Any]]] = {
    BallotKind.YES_NO: [{"answers": {"1": "yes"}}, {"answers": {"1": "yes"}}, {"answers": {"1": "no"}}],
    BallotKind.SCORE: [{"points": {"1": 5, "2": 1}}, {"points": {"2": 2}}, {"points": {"1": 3, "3": 4}}],
    BallotKind.RANKING: [
        {"order": [["1"], ["2"], ["3"]]},
        {"order": [["1"], ["3"]]},
        {"order": [["2"], ["1"]]},
    ],
    BallotKind.POINTS: [{"points": {"1": 6, "2": 4}}, {"points": {"1": 10}}, {"points": {"3": 10}}],
    BallotKind.BASKET: [{"choices": ["1", "2"]}, {"choices": ["1"]}, {"choices": ["2"]}],
}
KIND_WORDS = {BallotKind.BASKET: "approval"}


def voted_round(kind: BallotKind) -> int:
    """A round of this kind with three ballots."""
    round_id = make_round(kind=kind, options=1 if kind is BallotKind.YES_NO else 3, file_threshold=0)
    with transaction():
        entries = [RollEntry(round_id=round_id, person_hash=f"{n:064}", level=0) for n in range(3)]
        session.add_all(entries)
        session.flush()
        ids = [one.id for one in entries]
    for entry_id, content in zip(ids, BALLOTS[kind], strict=True):
        with transaction():
            whole = {"kind": KIND_WORDS.get(kind, kind.value), **content}
            casting.cast(get_round(round_id), entry_id, whole)
    return round_id


@pytest.mark.parametrize("kind", list(BALLOTS))
def test_every_kind_of_ballot_has_its_result_and_its_reasons(app: Flask, kind: BallotKind) -> None:
    round_id = voted_round(kind)
    public_id = published(round_id)
    with transaction(write=False):
        found = resulting.found_of(get_round(round_id))
        assert found is not None
        assert [one.option.code for one in found.winners][:1] == ["1"]
        assert all(one.reason != "pending" for one in found.options)
    browser = app.test_client()
    page = browser.get(f"/en/votes/{public_id}/result").text
    assert "3 people voted." in page
    assert "The reason is being worked out" not in page
    for code in ("1",) if kind is BallotKind.YES_NO else ("1", "2", "3"):
        assert browser.get(f"/ar/votes/{public_id}/result/options/{code}").status_code == 200


def test_the_page_asks_as_many_queries_for_three_options_as_for_thirty(app: Flask) -> None:
    numbers = []
    for options in (3, 3, 30):
        public_id = published(filled_round(options=options, file_threshold=0))
        with counted_queries() as statements:
            assert app.test_client().get(f"/de/votes/{public_id}/result").status_code == 200
        numbers.append(len(statements))
    assert numbers[1] == numbers[2], "the first only warms what is kept in memory"


def test_an_objection_is_public_is_answered_and_only_adds_to_the_log(app: Flask) -> None:
    round_id = filled_round()
    public_id = published(round_id)
    resident, moderator = make_resident(), make_staff("moderator")
    with transaction(write=False):
        before = [(one.kind, one.hash) for one in logbook.entries(get_round(round_id))]
    browser, office = app.test_client(), app.test_client()
    sign_in(browser, resident)
    sign_in(office, moderator)
    assert browser.post(f"/en/votes/{public_id}/object", data={"words": " "}).status_code == 422
    assert (
        browser.post(f"/en/votes/{public_id}/object", data={"words": "Meine Stimme fehlt."}).status_code
        == 303
    )
    oid = re.search(r'id="o-(\w+)"', app.test_client().get(f"/en/votes/{public_id}/result?a").text)
    assert oid is not None
    url = f"/en/office/votes/{public_id}/objections/{oid[1]}"
    assert browser.post(url, data={"answer": "Nein."}).status_code == 404
    assert office.post(url, data={"answer": "Sie steht in Zeile drei."}).status_code == 303
    page = app.test_client().get(f"/en/votes/{public_id}/result?b").text
    assert "Meine Stimme fehlt." in page
    assert "Sie steht in Zeile drei." in page
    assert resident.display_name not in page
    with transaction(write=False):
        entries = logbook.entries(get_round(round_id))
        assert [(one.kind, one.hash) for one in entries][: len(before)] == before
        assert [one.kind for one in entries][len(before) :] == ["objection", "objection_answered"]
        assert logbook.is_unbroken(get_round(round_id))


def test_objections_end_with_their_days_and_outlive_the_account(app: Flask) -> None:
    round_id = filled_round()
    published(round_id)
    resident = make_resident()
    actor = actor_of(resident)
    with after(round_id), transaction():
        objecting.object_to_result(get_round(round_id), "Falsch gezählt.", actor=actor, language="de")
    with transaction(write=False):
        late = get_round(round_id).published_at
    assert late is not None
    too_late = time_machine.travel(late + timedelta(days=15), tick=False)
    with too_late, transaction(), pytest.raises(ObjectionsOver):
        objecting.object_to_result(get_round(round_id), "Doch.", actor=actor, language="de")
    with transaction():
        erase(session.merge(resident))
    with transaction(write=False):
        row = session.query(ResultObjection).one()
        assert (row.author_id, row.words) == (None, "Falsch gezählt.")


@needs_checker
def test_the_published_file_passes_the_checker_of_others(app: Flask, tmp_path: Path) -> None:
    public_id = published(filled_round(budget_cents=60_000))
    data = app.test_client().get(f"/de/votes/{public_id}/result/ballots.pb").data
    (tmp_path / "ballots.pb").write_bytes(data)
    assert errors_of(tmp_path / "ballots.pb") == {}


def test_a_round_nobody_voted_in_ends_well(app: Flask) -> None:
    round_id = make_round(file_threshold=0)
    with after(round_id):
        closing.close_round(round_id)
        with transaction():
            assert publishing.publish(get_round(round_id), actor=SYSTEM)
            public_id = get_round(round_id).public_id
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    assert "0 people voted." in page
    assert "No option was elected." in page
