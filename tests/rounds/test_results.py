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
from portal.rounds.models import BallotKind, MajorityKind, ResultObjection, RollEntry, RoundState
from portal.rounds.operations import casting, closing, objecting, publishing
from portal.rounds.operations.counting import explanation_of, keep_explanation
from portal.rounds.queries import logbook, resulting
from portal.voting.recount import recount_file
from tests.rounds.test_closing import after, filled_round, published
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_rounds import get_round, make_round, open_now
from tests.support.queries import counted_queries
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
    votes_in(round_id, [{"kind": KIND_WORDS.get(kind, kind.value), **one} for one in BALLOTS[kind]])
    return round_id


def votes_in(round_id: int, contents: list[dict[str, Any]]) -> None:
    """So many people vote."""
    with transaction():
        entries = [
            RollEntry(round_id=round_id, person_hash=f"{n:064}", level=0) for n in range(len(contents))
        ]
        session.add_all(entries)
        session.flush()
        ids = [one.id for one in entries]
    for entry_id, content in zip(ids, contents, strict=True):
        with transaction():
            casting.cast(get_round(round_id), entry_id, content)


def rows_of(page: str, section: str) -> list[list[str]]:
    """The cells of the table in this section, as words."""
    table = page.split(f'id="{section}"')[1].split("</section>")[0]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row) for row in table.split("<tr>")[2:]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


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


@pytest.mark.parametrize(
    ("kind", "says", "is_accepted"),
    [
        (MajorityKind.SIMPLE, "yyn ", True),
        (MajorityKind.ABSOLUTE, "yyn ", False),
        (MajorityKind.ABSOLUTE, "yyyn ", True),
        (MajorityKind.TWO_THIRDS, "yyyynn ", True),
        (MajorityKind.TWO_THIRDS, "yyynn", False),
    ],
)
def test_majorities_are_counted_as_the_rules_say(
    app: Flask, tmp_path: Path, kind: MajorityKind, says: str, is_accepted: bool
) -> None:
    """A blank ballot is a ballot: "more than half of all ballots". The file recounts to the same."""
    round_id = make_round(kind=BallotKind.YES_NO, options=1, file_threshold=0, majority_kind=kind)
    answers: dict[str, dict[str, str]] = {"y": {"1": "yes"}, "n": {"1": "no"}, " ": {}}
    votes_in(round_id, [{"kind": "yes_no", "answers": answers[one]} for one in says])
    public_id = published(round_id)
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    assert ("Accepted:" in page) is is_accepted
    assert ("had to say yes" in page) is (not is_accepted)
    (tmp_path / "vote.pb").write_bytes(app.test_client().get(f"/de/votes/{public_id}/result/ballots.pb").data)
    counted = recount_file(tmp_path / "vote.pb").to_json()
    assert (counted["winners"], counted["equal"]) == (["1"] if is_accepted else [], True)


def test_a_ranking_shows_who_was_before_whom(app: Flask) -> None:
    public_id = published(voted_round(BallotKind.RANKING))
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    assert rows_of(page, "duels") == [
        ["Option A", "Option B", "2 to 1"],
        ["Option A", "Option C", "3 to 0"],
        ["Option B", "Option C", "2 to 1"],
    ]
    told = page.split('id="duels"')[1].split("<table")[0]
    assert "compared with each other option, more people prefer this one" in told
    assert [row[1] for row in rows_of(page, "options")] == ["2", "1", "0"], (
        "comparisons won, no sums of places"
    )
    last = app.test_client().get(f"/en/votes/{public_id}/result/options/3").text
    assert rows_of(last, "duels") == [["Option A", "Option C", "3 to 0"], ["Option B", "Option C", "2 to 1"]]
    assert "Points" not in last


def test_a_long_ranking_shows_the_duels_of_the_winner_and_no_winner_of_all_is_said(app: Flask) -> None:
    round_id = make_round(kind=BallotKind.RANKING, options=8, file_threshold=0)
    orders = ("1 2 3", "2 3 1", "3 1 2", "1 2 3", "4")
    votes_in(round_id, [{"kind": "ranking", "order": [[one] for one in says.split()]} for says in orders])
    page = app.test_client().get(f"/en/votes/{published(round_id)}/result").text
    assert len(rows_of(page, "duels")) == 7
    assert "no option beats all others" in page.split('id="duels"')[1].split("<table")[0]


def test_money_by_district_also_for_options_that_only_have_a_place(app: Flask) -> None:
    """Its own district, the one its place lies in, none; in a vote without any the page says so."""
    moderator = make_staff("moderator")
    with transaction():
        north, south = make_district("Nord"), make_district("Süd")
        own = {"district_id": north.id}
        place = {"latitude": south.label_lat, "longitude": south.label_lon}
    pages = []
    none: dict[str, Any] = {}
    for places in ((own, place, none), (none, none, none)):
        round_id = make_round(state=RoundState.DRAFT, moderator=moderator, file_threshold=0)
        with transaction():
            for option, columns in zip(resulting.options_of(get_round(round_id)), places, strict=True):
                for name, value in columns.items():
                    setattr(option, name, value)
        open_now(round_id, actor_of(moderator))
        votes_in(round_id, [{"kind": "approval", "choices": ["1", "2", "3"]}] * 2)
        pages.append(app.test_client().get(f"/en/votes/{published(round_id)}/result").text)
    assert sorted(row[0] for row in rows_of(pages[0], "areas")) == ["Nord", "Süd", "The whole town"]
    assert "No option of this vote names a district" not in pages[0]
    assert "No option of this vote names a district" in pages[1]


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


def test_effective_support_is_shown_for_every_option_of_equal_shares(app: Flask) -> None:
    """Winners, losers and what was excluded; only what was withdrawn has none."""
    round_id = voted_round(BallotKind.BASKET)
    public_id = published(round_id)
    with transaction(write=False):
        found = resulting.found_of(get_round(round_id))
        assert found is not None
        supports = {one.option.code: one.support for one in found.options}
        assert {one.is_winner for one in found.options} == {True, False}
    assert None not in supports.values()
    browser = app.test_client()
    page = browser.get(f"/en/votes/{public_id}/result").text
    for code, percent in supports.items():
        assert f"Effective support: {percent} percent" in page
        assert (
            f"Effective support: {percent} percent"
            in browser.get(f"/en/votes/{public_id}/result/options/{code}").text
        )


def test_greedy_shows_what_equal_shares_would_have_said(app: Flask) -> None:
    """Its figures come with the what-ifs; the order stays that of the votes."""
    costs = (90_000, 90_000, 15_000)
    round_id = make_round(
        rule="greedy_no_skip", options=3, costs=costs, budget_cents=100_000, threshold=1, file_threshold=0
    )
    votes_in(round_id, [{"kind": "approval", "choices": [one]} for one in "111122233"])
    public_id = published(round_id)
    with transaction():
        content = explanation_of(round_id, what_ifs=True)
        assert content is not None
        keep_explanation(round_id, content)
    with transaction(write=False):
        found = resulting.found_of(get_round(round_id))
        assert found is not None
        supports = {one.option.code: one.support for one in found.options}
        assert [one.option.code for one in found.options] == ["1", "2", "3"]
    assert supports == {"1": 49, "2": 37, "3": 100}
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    assert "This vote was counted with “most votes first”. Effective support says" in page
    assert all(f"Effective support with equal shares: {one} percent" in page for one in supports.values())


def test_both_shares_of_a_voter_are_shown(app: Flask) -> None:
    """What the budget gives each, and what Add1 made of it."""
    round_id = make_round(rule="equal_shares_add1", options=3, file_threshold=0)
    votes_in(round_id, [{"kind": "approval", "choices": one} for one in (["1", "2"], ["1"], ["3"])])
    public_id = published(round_id)
    page = app.test_client().get(f"/en/votes/{public_id}/result").text
    with transaction(write=False):
        found = resulting.found_of(get_round(round_id))
        assert found is not None
        assert found.outcome["first_share_cents"] != found.outcome["final_share_cents"]
    assert "Share of each voter at first" in page
