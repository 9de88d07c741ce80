"""The ballot in the eyes of a browser without JavaScript: begin, choose, come back, check, cast, change."""

import re
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.rounds.models import Ballot, BallotKind, RoundOption, RoundState
from tests.rounds.ballots import begin, cast, choose, kept, last_page, stored, turnout_of, url
from tests.support.factories import sign_in, sign_out
from tests.support.factories_ballots import make_box, set_state


def test_from_the_first_page_to_the_receipt(client: FlaskClient, resident: Account) -> None:
    vote = make_box(BallotKind.BASKET)
    first = client.get(url(vote))
    assert "Begin" in first.text
    assert "Who could learn what" in first.text
    begin(client, vote)
    paper = client.get(url(vote, "?begun=1"))
    assert paper.text.count('type="checkbox"') == 5
    assert choose(client, vote, v1=1, v3=1).location.endswith("/ballot/check")
    assert kept() == 1
    page = client.get(url(vote, "/check")).text
    assert "Idee 1" in page
    assert "Idee 3" in page
    assert "Idee 2" not in page
    assert "3 other options" in page
    done = cast(client, vote)
    assert done.location.endswith("/ballot/receipt")
    assert kept() == 0
    receipt = client.get(done.location).text
    assert "Your ballot is counted" in receipt
    assert stored(vote, resident) == {"kind": "approval", "choices": ["1", "3"]}
    with transaction(write=False):
        code = session.scalars(select(Ballot.tracking)).one()
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in receipt
    printed = client.get(url(vote, "/receipt/print")).text
    assert code[:4] in printed
    assert "Idee" not in printed


@pytest.mark.parametrize(
    ("kind", "rules", "typed", "content"),
    [
        ("approval", {"max_choices": 2}, {"v2": 1, "v5": 1}, {"kind": "approval", "choices": ["2", "5"]}),
        ("points", {"points_total": 9}, {"v2": "٤", "v1": 5}, {"kind": "points", "points": {"1": 5, "2": 4}}),
        ("score", {"score_max": 5}, {"v1": 0, "v3": 5}, {"kind": "score", "points": {"1": 0, "3": 5}}),
        (
            "ranking",
            {},
            {"v1": 2, "v2": 2, "v3": 1, "v5": 7},
            {"kind": "ranking", "order": [["3"], ["1", "2"], ["5"]]},
        ),
        (
            "yes_no",
            {},
            {"v1": "yes", "v2": "no", "v3": "abstain"},
            {"kind": "yes_no", "answers": {"1": "yes", "2": "no", "3": "abstain"}},
        ),
    ],
)
def test_every_kind_of_ballot(
    client: FlaskClient,
    resident: Account,
    kind: str,
    rules: dict[str, Any],
    typed: dict[str, Any],
    content: dict[str, Any],
) -> None:
    vote = make_box(BallotKind(kind), **rules)
    begin(client, vote)
    assert client.get(url(vote, "?begun=1")).status_code == 200
    choose(client, vote, "stay", **typed)
    again = client.get(url(vote)).text
    assert again.count(" checked") + len(re.findall(r'id="o-\d"[^>]* value="[1-9]', again)) >= len(typed)
    cast(client, vote)
    assert stored(vote, resident) == content
    # Shown in words, and back into the same boxes for changing.
    assert client.get(url(vote, "/receipt")).status_code == 200
    client.post(url(vote, "/change"))
    cast(client, vote)
    assert stored(vote, resident) == content


@pytest.mark.parametrize(
    ("kind", "rules", "typed", "words"),
    [
        ("basket", {"budget_cents": 60_000}, {"v3": 1, "v4": 1}, "more than the budget"),
        ("approval", {"max_choices": 1}, {"v1": 1, "v2": 1}, "more options than allowed"),
        ("points", {"points_total": 5}, {"v1": 3, "v2": 3}, "more points than you have"),
        ("points", {"points_total": 9, "points_per_option_max": 2}, {"v1": 3}, "one option more points"),
        ("score", {"score_max": 5}, {"v1": 6}, "one option more points"),
        ("ranking", {"max_choices": 1}, {"v1": 1, "v2": 2}, "more options than allowed"),
        ("approval", {}, {"v1": None}, "ballot is blank"),
    ],
)
def test_a_ballot_that_breaks_a_rule_is_kept_and_not_counted(
    client: FlaskClient, kind: str, rules: dict[str, Any], typed: dict[str, Any], words: str
) -> None:
    vote = make_box(BallotKind(kind), **rules)
    begin(client, vote)
    choose(client, vote, **typed)
    fields = last_page(client, vote)
    # Somebody without the button sends the form all the same.
    fields.setdefault("seen", "0")
    answer = client.post(url(vote, "/cast"), data=fields)
    assert answer.status_code == 422
    page = client.get(url(vote, "/check")).text
    assert words in (answer.text + page)
    assert kept() == 1
    assert turnout_of(vote) == 0


@pytest.mark.parametrize("typed", ["-1", "1.5", "abc", "1" + "0" * 20, "²", "1e3", "0x1", "٫"])
def test_what_is_no_whole_number_is_said_where_it_was_typed(client: FlaskClient, typed: str) -> None:
    vote = make_box(BallotKind.POINTS, points_total=10)
    begin(client, vote)
    choose(client, vote, "stay", v2=4)
    answer = choose(client, vote, "check", v1=typed, v3=2)
    assert answer.status_code == 422
    assert "whole numbers only" in answer.text
    assert f'value="{typed[:20]}"' in answer.text
    # The right ones of the page, and those of other pages, are kept.
    page = client.get(url(vote)).text
    assert re.search(r'id="o-2"[^>]* value="4"', page)
    assert re.search(r'id="o-3"[^>]* value="2"', page)


def test_options_of_other_votes_unknown_and_withdrawn_ones_never_get_in(
    client: FlaskClient, resident: Account
) -> None:
    vote = make_box(BallotKind.APPROVAL, withdrawn=("4",))
    make_box(options=9)
    begin(client, vote)
    assert "nobody can choose it any more" in client.get(url(vote, "?begun=1")).text
    choose(client, vote, v1=1, v4=1, v9=1, vx=1, **{"v' OR 1=1 --": 1})
    cast(client, vote)
    assert stored(vote, resident) == {"kind": "approval", "choices": ["1"]}


def test_an_option_that_is_withdrawn_meanwhile(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1, v2=1)
    cast(client, vote)
    with transaction():
        option = session.scalars(
            select(RoundOption).where(RoundOption.round_id == vote.id, RoundOption.code == "2")
        ).one()
        option.withdrawn_at, option.withdrawn_reason = clock.now(), "Das Haus ist abgebrannt."
    # The counted ballot stays as it is, and says so; a new one has to do without.
    assert "withdrawn" in client.get(url(vote, "/receipt")).text
    client.post(url(vote, "/change"))
    assert "was withdrawn meanwhile" in client.get(url(vote, "/check")).text
    assert cast(client, vote, ballot="x", seen="1").status_code == 422
    assert stored(vote, resident) == {"kind": "approval", "choices": ["1", "2"]}


def test_a_blank_ballot_is_asked_for(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=None)
    assert "cast a blank ballot" in client.get(url(vote, "/check")).text
    assert cast(client, vote).status_code == 422
    cast(client, vote, blank="1")
    assert stored(vote, resident) == {"kind": "approval", "choices": []}


def test_only_what_the_last_page_showed_is_cast(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    shown = last_page(client, vote)
    choose(client, vote, v1=None, v2=1)
    answer = client.post(url(vote, "/cast"), data=shown)
    assert answer.status_code == 422
    assert "changed in another window" in answer.text
    assert stored(vote, resident) is None


def test_a_double_click_is_one_ballot_and_shows_its_code(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    first, second = (client.post(url(vote, "/cast"), data=fields) for _ in range(2))
    assert first.location == second.location
    with transaction(write=False):
        assert session.execute(select(Ballot.revision)).all() == [(1,)]


def test_a_request_that_was_caught_and_sent_again_changes_nothing(
    app: Flask, client: FlaskClient, resident: Account
) -> None:
    """After casting anew, after signing out, after the end; and with a body that is no form."""
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    caught = last_page(client, vote)
    client.post(url(vote, "/cast"), data=caught)
    client.post(url(vote, "/change"))
    choose(client, vote, v1=None, v2=1)
    cast(client, vote)
    right = {"kind": "approval", "choices": ["2"]}
    assert client.post(url(vote, "/cast"), data=caught).status_code == 303
    assert stored(vote, resident) == right
    assert client.post(url(vote, "/cast"), json=caught).status_code == 303
    sign_out(client)
    assert client.post(url(vote, "/cast"), data=caught).location.endswith("/check")
    sign_in(client, resident)
    choose(client, vote, v1=1, v2=None)
    assert client.post(url(vote, "/cast"), data={**caught, "ballot": ["a", "b"]}).status_code == 422
    assert stored(vote, resident) == right
    set_state(vote, RoundState.CLOSING)
    assert client.post(url(vote, "/cast"), data={**caught, "seen": "2"}).status_code in {409, 422}
    assert stored(vote, resident) == right


def test_220_options_stay_light(client: FlaskClient) -> None:
    vote = make_box(BallotKind.BASKET, options=220, budget_cents=10**9)
    begin(client, vote)
    for page in ("?begun=1", "?begun=1&page=19"):
        answer = client.get(url(vote, page))
        assert answer.status_code == 200
        assert len(brotli.compress(answer.data, quality=5)) <= 14 * 1024
    assert len(re.findall(r'name="shown"', client.get(url(vote, "?begun=1&page=19")).text)) == 4
