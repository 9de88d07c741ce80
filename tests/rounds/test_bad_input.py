"""Bad input and load, item by item as the issue lists them; here what no other file tests.

ANSWERED names for each item the tests that show its answer; tests/trust/test_tables.py looks that they exist.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.rounds.errors import BudgetTooSmall, CostNeeded, CostsTooMuch
from portal.rounds.models import Ballot, BallotDraft, BallotKind, RoundState
from portal.rounds.operations import drafting
from portal.rounds.operations import options as optioning
from portal.rounds.queries.options import options_of
from tests.support.factories import actor_of, make_staff, sign_in
from tests.support.factories_ballots import make_box
from tests.support.factories_rounds import get_round, make_round

PAGES, DRAFTS, TIMES = (f"rounds/test_ballot_{one}.py" for one in ("pages", "drafts", "times"))
BOX, LETTERS = "rounds/test_box.py", "rounds/test_letters.py"
ANSWERED: dict[str, tuple[str, ...]] = {
    "over-spent baskets": (f"{PAGES}::test_a_ballot_that_breaks_a_rule_is_kept_and_not_counted",),
    "unknown options": (f"{PAGES}::test_options_of_other_votes_unknown_and_withdrawn_ones_never_get_in",),
    "withdrawn options": (
        f"{PAGES}::test_options_of_other_votes_unknown_and_withdrawn_ones_never_get_in",
        f"{PAGES}::test_an_option_that_is_withdrawn_meanwhile",
    ),
    "negative, huge and non-numeric points": (
        f"{PAGES}::test_what_is_no_whole_number_is_said_where_it_was_typed",
        f"{PAGES}::test_a_ballot_that_breaks_a_rule_is_kept_and_not_counted",
    ),
    "duplicate points": ("rounds/test_bad_input.py::test_two_numbers_for_one_option_are_none",),
    "other rounds' codes": (
        f"{LETTERS}::test_unknown_taken_back_and_of_another_vote_say_the_same",
        "rounds/test_roll_pages.py::test_wrong_codes_say_the_same_and_five_are_enough",
    ),
    "replays": (f"{PAGES}::test_a_request_that_was_caught_and_sent_again_changes_nothing",),
    "expired forms": (
        "rounds/test_bad_input.py::test_a_form_of_a_session_that_is_over_counts_nothing_and_loses_nothing",
        f"{DRAFTS}::test_an_ended_session_loses_nothing",
        f"{PAGES}::test_only_what_the_last_page_showed_is_cast",
    ),
    "double clicks": (
        f"{PAGES}::test_a_double_click_is_one_ballot_and_shows_its_code",
        f"{BOX}::test_the_same_click_twice_is_one_ballot_with_one_code",
    ),
    "guessing codes": (
        f"{LETTERS}::test_a_slip_is_no_guess_and_five_guesses_are_enough",
        f"{LETTERS}::test_the_brake_stops_a_flood_from_many_networks",
    ),
    "late casts to the second": (
        f"{BOX}::test_to_the_second",
        f"{TIMES}::test_too_late_by_a_second_keeps_the_draft_and_says_so",
    ),
    "clock changes": (f"{BOX}::test_one_clock_decides_for_all_machines",),
    "DST nights": (
        f"{BOX}::test_nights_in_which_clocks_are_changed",
        "rounds/test_pages.py::test_the_night_of_the_clock_change_is_refused",
    ),
    "1,000 voters within a minute, both databases, two processes": (
        # Thirty over sockets and two hundred straight into the box; all thousand, with the time of each,
        # in `make bench` (benchmarks/ballots.py).
        "rounds/test_many_voters.py::test_nothing_is_lost_and_nothing_doubled",
        "rounds/test_many_voters.py::test_two_hundred_in_two_processes_each_form_sent_twice",
    ),
    "options without a cost or above the budget": (
        "rounds/test_bad_input.py::test_a_cost_that_cannot_be_paid_is_said_where_it_is_typed",
        "rounds/test_bad_input.py::test_the_form_says_it_beside_the_cost",
        "rounds/test_importing.py::test_a_file_with_strange_costs_says_what_it_does",
    ),
}


def ballots() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Ballot)) or 0


@pytest.mark.parametrize("numbers", [("3", "5"), ("5", "3"), ("3", "")])
def test_two_numbers_for_one_option_are_none(app: Flask, resident: Account, numbers: tuple[str, str]) -> None:
    """No page of ours sends such a thing: it is said, and neither of them is taken."""
    vote, browser = make_box(BallotKind.POINTS, points_total=10), app.test_client()
    sign_in(browser, resident)
    paper = f"/en/votes/{vote.public_id}/ballot"
    browser.post(f"{paper}/begin")
    data = {"go": "check", "shown": ["1", "2"], "v-1": list(numbers), "v-2": "1"}
    answer = browser.post(paper, data=data)
    assert answer.status_code == 422
    assert "more than once" in answer.text
    kept = browser.get(paper).text
    assert re.search(r'id="o-2"[^>]* value="1"', kept)
    assert not re.search(r'id="o-1"[^>]* value="[35]"', kept)


def test_a_form_of_a_session_that_is_over_counts_nothing_and_loses_nothing(
    app: Flask, resident: Account
) -> None:
    """The last page lay open while its session ended: the token fits nothing any more."""
    app.config["WTF_CSRF_ENABLED"] = True
    vote, browser = make_box(), app.test_client()
    sign_in(browser, resident)
    paper = f"/en/votes/{vote.public_id}/ballot"

    def token(page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
        assert found is not None
        return found[1]

    browser.post(f"{paper}/begin", data={"csrf_token": token(paper)})
    data = {"csrf_token": token(f"{paper}?begun=1"), "go": "check", "shown": ["1"], "v-1": "1"}
    assert browser.post(paper, data=data).status_code == 303
    last = browser.get(f"{paper}/check").text
    fields = dict(re.findall(r'name="(seen|ballot|csrf_token)" value="([^"]*)"', last))
    assert len(fields) == 3
    browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    sign_in(browser, resident)
    answer = browser.post(f"{paper}/cast", data=fields)
    assert answer.status_code == 400
    assert ballots() == 0
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(BallotDraft)) == 1
    again = browser.get(f"{paper}/check").text
    fields = dict(re.findall(r'name="(seen|ballot|csrf_token)" value="([^"]*)"', again))
    assert browser.post(f"{paper}/cast", data=fields).status_code == 303
    assert ballots() == 1


def test_a_cost_that_cannot_be_paid_is_said_where_it_is_typed(app: Flask) -> None:
    """Nothing, or more than there is; unknown (None) is allowed in a draft. Other votes need no costs."""
    staff = make_staff(StaffRole.MODERATOR)
    actor = actor_of(staff)
    budget = make_round(state=RoundState.DRAFT, moderator=staff, options=2)
    for cost, problem in ((0, CostNeeded), (100_001, CostsTooMuch)):
        with transaction(), pytest.raises(problem):
            optioning.add_typed(get_round(budget), actor=actor, title="Turm", cost_cents=cost)
        with transaction(), pytest.raises(problem):
            optioning.change_option(get_round(budget), "1", actor=actor, cost_cents=cost)
    with transaction():
        optioning.add_typed(get_round(budget), actor=actor, title="Turm", cost_cents=None)
        optioning.change_option(get_round(budget), "1", actor=actor, cost_cents=100_000)
    with transaction(), pytest.raises(BudgetTooSmall):
        vote = get_round(budget)
        drafting.save_counting(vote, actor=actor, rule=vote.rule, budget_cents=99_999)
    with transaction(write=False):
        assert len(options_of(get_round(budget))) == 3
        assert get_round(budget).budget_cents == 100_000
    question = make_round(state=RoundState.DRAFT, kind=BallotKind.YES_NO, moderator=staff, options=1)
    with transaction():
        optioning.add_typed(get_round(question), actor=actor, title="Turm", cost_cents=0)


def test_the_form_says_it_beside_the_cost(app: Flask) -> None:
    staff, browser = make_staff(StaffRole.MODERATOR), app.test_client()
    sign_in(browser, staff)
    round_id = make_round(state=RoundState.DRAFT, moderator=staff, options=2)
    with transaction(write=False):
        path = f"/en/office/votes/{get_round(round_id).public_id}"
    for cost, words in (("0", "every option has a cost"), ("1000.01", "more than the whole budget")):
        answer = browser.post(f"{path}/options/new", data={"title": "Turm", "cost": cost, "district": "0"})
        assert answer.status_code == 422
        assert words in answer.text
