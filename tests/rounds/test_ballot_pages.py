"""The ballot in the eyes of a browser without JavaScript: begin, choose, come back, check, cast, change."""

import logging
import re
from datetime import timedelta
from typing import Any

import brotli
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import db, session, transaction
from portal.core.events import emit
from portal.rounds.events import RoundClosed
from portal.rounds.models import Ballot, BallotDraft, BallotKind, Round, RoundOption, RoundState
from portal.rounds.operations import casting, drafts, keys
from portal.rounds.operations.eligibility import leave_the_roll
from portal.rounds.queries.box import own_ballot
from portal.rounds.queries.eligibility import entry_for
from tests.support.factories import actor_of, make_resident, make_staff, sign_in, sign_out
from tests.support.factories_ballots import enroll, make_box, set_state


def url(vote: Round, rest: str = "") -> str:
    return f"/en/votes/{vote.public_id}/ballot{rest}"


def choose(browser: FlaskClient, vote: Round, go: str = "check", rest: str = "", **values: object) -> Any:
    """Post a page of the ballot paper on which these options were shown, and no others."""
    data: dict[str, Any] = {"go": go, "shown": [name.removeprefix("v") for name in values]}
    data |= {f"v-{name.removeprefix('v')}": str(value) for name, value in values.items() if value is not None}
    return browser.post(url(vote) + rest, data=data)


def begin(browser: FlaskClient, vote: Round) -> None:
    assert browser.post(url(vote, "/begin")).location.endswith("/ballot?begun=1")


def last_page(browser: FlaskClient, vote: Round) -> dict[str, str]:
    """The hidden fields of the last page's form."""
    text = browser.get(url(vote, "/check")).text
    return dict(re.findall(r'name="(seen|ballot)" value="([^"]*)"', text))


def cast(browser: FlaskClient, vote: Round, **more: str) -> Any:
    return browser.post(url(vote, "/cast"), data={**last_page(browser, vote), **more})


def stored(vote: Round, who: Account) -> Any:
    actor = actor_of(who)
    with transaction(write=False):
        entry = entry_for(actor, vote).entry_id
        own = own_ballot(vote, entry) if entry is not None else None
        return own.content if own else None


def kept() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(BallotDraft)) or 0


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


def turnout_of(vote: Round) -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Ballot).where(Ballot.round_id == vote.id)) or 0


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


# ---- drafts


def test_pages_and_searching_lose_nothing(client: FlaskClient, resident: Account) -> None:
    vote = make_box(options=30)
    begin(client, vote)
    first = client.get(url(vote, "?begun=1")).text
    codes = re.findall(r'name="shown" value="(\d+)"', first)
    assert len(codes) == 12
    moved = choose(client, vote, "page:2", **{f"v{codes[0]}": 1})
    assert moved.location.endswith("?page=2")
    second = re.findall(r'name="shown" value="(\d+)"', client.get(moved.location).text)
    assert set(codes).isdisjoint(second)
    found = client.post(
        url(vote, "?page=2"),
        data={"go": "filter", "filter": "1", "q": "IDEE 17", "shown": second, f"v-{second[3]}": "1"},
    )
    assert found.location.endswith("q=IDEE+17")
    assert re.findall(r'name="shown" value="(\d+)"', client.get(found.location).text) == ["17"]
    choose(client, vote, "stay", "?q=IDEE+17", v17=1)
    only_mine = client.get(url(vote, "?mine=1")).text
    chosen = {codes[0], second[3], "17"}
    assert set(re.findall(r'name="shown" value="(\d+)"', only_mine)) == chosen
    cast(client, vote)
    assert set(stored(vote, resident)["choices"]) == chosen


def test_the_order_is_another_for_everybody_and_the_same_for_each(app: Flask, client: FlaskClient) -> None:
    vote = make_box(options=10)

    def order(browser: FlaskClient) -> list[str]:
        begin(browser, vote)
        return re.findall(r'name="shown" value="(\d+)"', browser.get(url(vote, "?begun=1")).text)

    mine, orders = order(client), set()
    assert order(client) == mine
    for _ in range(5):
        browser = app.test_client()
        sign_in(browser, make_resident())
        orders.add(tuple(order(browser)))
    assert len(orders) >= 4
    assert all(sorted(one) == sorted(mine) for one in orders)


def test_filled_in_first_signed_in_at_the_end(app: Flask, resident: Account) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    vote, browser = make_box(), app.test_client()
    start = browser.get(url(vote)).text
    assert "Please sign in first" in start
    begin(browser, vote)
    choose(browser, vote, v2=1)
    page = browser.get(url(vote, "/check")).text
    assert "One more step" in page
    assert f"/en/sign-in?next=/en/votes/{vote.public_id}/ballot/check" in page
    assert browser.post(url(vote, "/cast"), data={"ballot": "x"}).location.endswith("/ballot/check")
    assert turnout_of(vote) == 0
    sign_in(browser, resident)
    assert browser.post(url(vote, "/begin"), data={"next": "check"}).location.endswith("/check")
    cast(browser, vote)
    assert stored(vote, resident) == {"kind": "approval", "choices": ["2"]}
    assert kept() == 0


def test_an_ended_session_loses_nothing(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, "stay", v1=1)
    sign_out(client)
    # The page is still open in the browser; what is ticked there is kept, for this browser.
    choose(client, vote, "stay", v3=1)
    sign_in(client, resident)
    page = client.get(url(vote)).text
    assert "before you said who you are" in page
    assert re.search(r'id="o-3"[^>]* checked', page)
    choose(client, vote, v5=1)
    cast(client, vote)
    assert "3" in stored(vote, resident)["choices"]
    assert "5" in stored(vote, resident)["choices"]


def test_two_people_at_one_phone_do_not_see_each_other(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, "stay", v1=1, v2=1)
    sign_in(client, make_resident())
    begin(client, vote)
    assert " checked" not in client.get(url(vote, "?begun=1")).text
    choose(client, vote, "stay", v5=1)
    client.post(url(vote, "/forget"))
    assert kept() == 1


def test_the_database_alone_shows_nothing_of_a_draft(app: Flask, client: FlaskClient) -> None:
    lengths = set()
    for number in (1, 40):
        vote = make_box(BallotKind.POINTS, options=40, points_total=1000)
        begin(client, vote)
        choose(client, vote, "stay", **{f"v{code}": 7 for code in range(1, number + 1)})
        with transaction(write=False):
            row = session.scalars(select(BallotDraft).where(BallotDraft.round_id == vote.id)).one()
        assert set(BallotDraft.__table__.columns.keys()) == {
            "key_hash",
            "round_id",
            "ciphertext",
            "expires_on",
        }
        assert b'"7"' not in row.ciphertext
        assert b":7" not in row.ciphertext
        lengths.add(len(row.ciphertext))
        cookie = client.get_cookie("ballot")
        assert cookie is not None
        assert cookie.value not in row.key_hash
        # Another browser, even of the same person, does not get at it.
        stranger = app.test_client()
        stranger.set_cookie("ballot", "A" * 43)
        seen = stranger.get(url(vote, "?begun=1")).text
        assert "7" not in re.findall(r'id="o-1"[^>]* value="(\d)"', seen)
    assert len(lengths) == 1, "the length tells how much was chosen"


def test_drafts_go_after_seven_days_and_at_the_end(client: FlaskClient) -> None:
    vote, other = make_box(lasts=timedelta(days=30)), make_box()
    for one in (vote, other):
        begin(client, one)
        choose(client, one, "stay", v1=1)
    assert kept() == 2
    with transaction():
        emit(RoundClosed(other.id))
    assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(days=6)), transaction():
        drafts.prune()
    assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(days=8)):
        with transaction():
            drafts.prune()
        assert kept() == 0


def test_nonsense_in_the_cookie_is_no_key(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    for nonsense in ("", "x", "%00" * 20, "A" * 3000, "é" * 43):
        client.set_cookie("ballot", nonsense)
        assert client.get(url(vote, "?begun=1")).status_code == 200
        assert choose(client, vote, "stay", v1=1).status_code == 303


# ---- when and who


def test_too_late_by_a_second_keeps_the_draft_and_says_so(client: FlaskClient) -> None:
    vote = make_box(lasts=timedelta(hours=1))
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    with time_machine.travel(vote.closes_at, tick=False):
        answer = client.post(url(vote, "/cast"), data=fields)
        assert answer.status_code == 409
        assert "came too late" in answer.text
        for page in ("", "/check", "/receipt", "/option?code=1"):
            assert client.get(url(vote, page)).location.endswith(f"/votes/{vote.public_id}")
    assert turnout_of(vote) == 0


def test_before_it_begins(client: FlaskClient) -> None:
    vote = make_box(opens_at=clock.now() + timedelta(days=1))
    for answer in (client.get(url(vote)), client.post(url(vote, "/begin")), choose(client, vote, v1=1)):
        assert answer.location.endswith(f"/votes/{vote.public_id}")
    assert kept() == 0


@pytest.mark.parametrize("role", ["moderator", "administrator", "planner", "professional"])
def test_people_at_work_never_vote(app: Flask, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    vote, browser = make_box(), app.test_client()
    sign_in(browser, make_staff(role))
    assert "Votes belong to residents" in browser.get(url(vote)).text
    assert browser.post(url(vote, "/begin")).status_code == 404
    assert choose(browser, vote, v1=1).status_code == 404
    assert browser.post(url(vote, "/cast")).status_code == 404
    assert browser.get(url(vote, "/receipt")).status_code == 404
    assert (kept(), turnout_of(vote)) == (0, 0)


def test_a_right_that_was_taken_back_while_choosing(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    actor = actor_of(resident)
    with transaction():
        entry = entry_for(actor, vote).entry_id
        assert entry is not None
        leave_the_roll(entry)
    assert client.post(url(vote, "/cast"), data=fields).status_code == 409
    assert turnout_of(vote) == 0


def test_who_took_a_paper_ballot_is_told_online(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    actor = actor_of(resident)
    with transaction():
        entry = entry_for(actor, vote).entry_id
        assert entry is not None
        casting.take_paper(vote, entry, 1, 2)
    answer = client.post(url(vote, "/cast"), data=fields)
    assert answer.status_code == 409
    assert "paper ballot" in answer.text
    assert "took a paper ballot" in client.get(url(vote, "/check")).text
    assert "You vote on paper" in client.get(url(vote, "/receipt")).text


def test_shown_and_changed_on_another_device(app: Flask, client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    cast(client, vote)
    phone = app.test_client()
    sign_in(phone, resident)
    assert phone.get(url(vote)).location.endswith("/receipt")
    assert "Idee 1" in phone.get(url(vote, "/receipt")).text
    phone.post(url(vote, "/change"))
    assert re.search(r'id="o-1"[^>]* checked', phone.get(url(vote)).text)
    choose(phone, vote, v1=None, v2=1)
    assert "it replaces the other one" in phone.get(url(vote, "/check")).text
    cast(phone, vote)
    assert stored(vote, resident) == {"kind": "approval", "choices": ["2"]}


def test_without_receipts_no_code_is_shown(client: FlaskClient) -> None:
    vote = make_box(receipts=False)
    begin(client, vote)
    choose(client, vote, v1=1)
    page = client.get(cast(client, vote).location).text
    with transaction(write=False):
        code = session.scalars(select(Ballot.tracking)).one()
    assert code[:4] not in page
    assert "no receipts" in page
    assert client.get(url(vote, "/receipt/print")).status_code == 303


def test_without_its_key_nothing_is_counted_and_the_draft_stays(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    path = keys.key_path(vote)
    key = path.read_bytes()
    path.unlink()
    assert client.post(url(vote, "/cast"), data=fields).status_code == 409
    assert (kept(), turnout_of(vote)) == (1, 0)
    path.write_bytes(key)
    assert client.post(url(vote, "/cast"), data=fields).status_code == 303


# ---- nothing but the ballot, over the wire


def test_the_casting_request_writes_one_row_and_no_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    heard: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        heard.append(" ".join(statement.split()[:4]))

    def committed(connection: object) -> None:
        heard.append("commit")

    event.listen(db.engine, "before_cursor_execute", hear)
    event.listen(db.engine, "commit", committed)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    try:
        client.post(url(vote, "/cast"), data=fields)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
        event.remove(db.engine, "commit", committed)
    written = [one for one in heard if one.startswith(("INSERT", "UPDATE", "DELETE", "commit"))]
    # The ballot alone in its transaction; the draft (nobody's, and unreadable) goes after it in another.
    assert written[:2] == ["INSERT INTO ballot (round_id,", "commit"]
    assert set(written[2:]) == {"DELETE FROM ballot_draft WHERE", "commit"}
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("portal")]
    assert lines == []


def test_every_other_page_of_a_ballot_logs_its_route_and_nobody(
    client: FlaskClient, resident: Account, caplog: pytest.LogCaptureFixture
) -> None:
    vote = make_box()
    caplog.set_level(logging.INFO)
    begin(client, vote)
    choose(client, vote, v1=1)
    client.get(url(vote, "/check"))
    words = " ".join(record.getMessage() for record in caplog.records if record.name == "portal.access")
    assert "rounds.save" in words
    for secret in (vote.public_id, resident.public_id, resident.display_name, "v-1"):
        assert secret not in words


def test_nobody_sees_totals_before_the_end(app: Flask, client: FlaskClient) -> None:
    """No page says how often an option was chosen, whatever is asked; and nothing is exported."""
    vote = make_box()
    for entry in enroll(vote, 7):
        with transaction():
            casting.cast(vote, entry, {"kind": "approval", "choices": ["3"]})
    begin(client, vote)
    for page in ("", "?begun=1", "?mine=1", "?q=Idee+3", "/option?code=3"):
        text = client.get(url(vote, page)).text
        assert ">7<" not in text
        assert " 7 " not in re.sub(r"<[^>]+>", " ", text.split("<main", 1)[-1])


# ---- size


def test_220_options_stay_light(client: FlaskClient) -> None:
    vote = make_box(BallotKind.BASKET, options=220, budget_cents=10**9)
    begin(client, vote)
    for page in ("?begun=1", "?begun=1&page=19"):
        answer = client.get(url(vote, page))
        assert answer.status_code == 200
        assert len(brotli.compress(answer.data, quality=5)) <= 14 * 1024
    assert len(re.findall(r'name="shown"', client.get(url(vote, "?begun=1&page=19")).text)) == 4


def test_closed_is_closed_for_the_pages_too(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    cast(client, vote)
    set_state(vote, RoundState.CLOSING)
    assert client.get(url(vote, "/receipt")).status_code == 303
    assert client.post(url(vote, "/change")).status_code == 303
