"""The file of a vote with few ballots: for nobody, until two people of staff open it for its observers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.core import clock
from portal.core.audit import entries_for
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.core.site_settings import change
from portal.notifications.models import MailMessage
from portal.rounds.errors import NoObservers, NoReleaseAsked, ObserversThemselves, SamePerson
from portal.rounds.models import FileRelease, Round
from portal.rounds.operations import releasing
from portal.rounds.queries import logbook
from portal.voting.recount import recount_file
from tests.rounds.test_closing import filled_round, published
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_rounds import get_round

ADDRESS = "Beobachterin@example.org"


def small_round(observers: str | None = ADDRESS) -> tuple[int, str]:
    """Six ballots, fifty would be needed; its id and its public id."""
    round_id = filled_round(file_threshold=50, observers=observers)
    return round_id, published(round_id)


def doing(round_id: int, work: Any, account: Account) -> Any:
    with transaction():
        return work(get_round(round_id), actor=actor_of(session.get_one(Account, account.id)))


def kinds(round_id: int) -> list[str]:
    with transaction(write=False):
        return [one.kind for one in logbook.entries(get_round(round_id))]


def opened_for(round_id: int) -> None:
    doing(round_id, releasing.ask_release, make_staff("moderator"))
    assert doing(round_id, releasing.approve_release, make_staff("moderator"))


def test_two_people_open_the_file_for_those_on_the_list(both: Flask, tmp_path: Path) -> None:
    round_id, public_id = small_round()
    first, second = make_staff("moderator"), make_staff("moderator")
    observer, other = make_resident(email=ADDRESS.lower()), make_resident()
    with pytest.raises(NoReleaseAsked):
        doing(round_id, releasing.approve_release, second)
    asked = doing(round_id, releasing.ask_release, first)
    assert doing(round_id, releasing.ask_release, second).asked_by_id == asked.asked_by_id
    with pytest.raises(SamePerson):
        doing(round_id, releasing.approve_release, first)
    with pytest.raises(NotFound):
        doing(round_id, releasing.read_file, observer)
    assert doing(round_id, releasing.approve_release, second)
    assert not doing(round_id, releasing.approve_release, second)
    for nobody in (other, first, second, make_staff("administrator")):
        with pytest.raises(NotFound):
            doing(round_id, releasing.read_file, nobody)
    target = tmp_path / "file.pb"
    target.write_bytes(doing(round_id, releasing.read_file, observer))
    assert recount_file(target).is_equal
    assert kinds(round_id)[-2:] == ["file_opened", "file_read"]
    with transaction(write=False):
        assert logbook.is_unbroken(get_round(round_id))
        told = select(MailMessage.recipient).where(MailMessage.kind == "rounds.file_opened")
        assert list(session.scalars(told)) == [ADDRESS.lower()]
        names = [one.name for one in entries_for("round", round_id, visibilities=("staff", "public"))]
        assert {"rounds.release_asked", "rounds.released", "rounds.read_by_observer"} <= set(names)
    assert public_id


def test_whoever_is_added_later_or_suspended_gets_nothing(app: Flask) -> None:
    round_id, _public_id = small_round()
    opened_for(round_id)
    late, observer = make_resident(email="spaeter@example.org"), make_resident(email=ADDRESS.lower())
    administrator = actor_of(make_staff("administrator"))
    with transaction():
        change("rounds.observers", "spaeter@example.org", actor=administrator)
    with pytest.raises(NotFound):
        doing(round_id, releasing.read_file, late)
    with transaction(write=False):
        vote, actor = get_round(round_id), actor_of(session.get_one(Account, observer.id))
        assert can(actor, "rounds.see_file_as_observer", vote)
        assert not can(replace(actor, suspended=True), "rounds.see_file_as_observer", vote)


def test_observers_do_not_decide_and_nobody_opens_it_for_nobody(app: Flask) -> None:
    staff = make_staff("moderator", email="hut@example.org")
    first, _ = small_round("hut@example.org")
    with pytest.raises(ObserversThemselves):
        doing(first, releasing.ask_release, staff)
    doing(first, releasing.ask_release, make_staff("moderator"))
    with pytest.raises(ObserversThemselves):
        doing(first, releasing.approve_release, staff)
    second, _ = small_round(None)
    with pytest.raises(NoObservers):
        doing(second, releasing.ask_release, staff)


def test_a_large_vote_needs_no_observers_and_a_wish_can_be_taken_back(app: Flask) -> None:
    moderator = make_staff("moderator")
    large = filled_round(file_threshold=5, observers=ADDRESS)
    published(large)
    with pytest.raises(NotFound):
        doing(large, releasing.ask_release, moderator)
    small, _ = small_round()
    assert not doing(small, releasing.take_back_release, moderator)
    doing(small, releasing.ask_release, moderator)
    assert doing(small, releasing.take_back_release, moderator)
    opened_for(small)
    assert not doing(small, releasing.take_back_release, moderator)
    assert "file_opened" in kinds(small)


def test_the_database_itself_wants_two_people(both: Flask) -> None:
    round_id, _ = small_round()
    staff = make_staff("moderator")
    now = clock.now()
    row = {"round_id": round_id, "observers": ADDRESS, "asked_by_id": staff.id, "asked_at": now}
    with pytest.raises(IntegrityError), transaction():
        session.execute(insert(FileRelease).values(**row, approved_by_id=staff.id, approved_at=now))


def test_the_pages(app: Flask) -> None:
    round_id, public_id = small_round()
    office, colleague, observer, visitor = (app.test_client() for _ in range(4))
    for browser, who in ((office, make_staff("moderator")), (colleague, make_staff("moderator"))):
        sign_in(browser, who)
    sign_in(observer, make_resident(email=ADDRESS.lower()))
    desk, page = f"/en/office/votes/{public_id}/observers", f"/en/votes/{public_id}/observed"
    result = f"/en/votes/{public_id}/result"
    assert "opened the file for the observers" not in visitor.get(result).text
    assert ADDRESS.lower() in office.get(desk).text
    assert office.post(f"{desk}/ask").status_code == 303
    assert "Open the file for the observers" not in office.get(desk).text
    assert "You asked for it yourself" in office.post(f"{desk}/approve").text
    assert observer.get(page).status_code == 404
    assert colleague.post(f"{desk}/approve").status_code == 303
    assert observer.get(page).status_code == 200
    assert observer.post(page).status_code == 422
    answer = observer.post(page, data={"promise": "y"})
    assert answer.data.startswith(b"META")
    assert answer.headers["Cache-Control"] == "no-store"
    told = visitor.get(result).text
    assert "Two people of staff have opened the file for the observers" in told
    assert "It was read 1 time." in told
    assert ADDRESS.lower() not in told + visitor.get(f"/en/votes/{public_id}/log.jsonl").text
    assert visitor.get(f"/en/votes/{public_id}/result/ballots.pb").status_code in {303, 404}
    with transaction(write=False):
        assert session.scalar(select(Round.id).where(Round.id == round_id))


def test_the_rules_say_it_before_the_vote_opens(app: Flask) -> None:
    round_id = filled_round()
    with transaction(write=False):
        public_id = get_round(round_id).public_id
    page = app.test_client().get(f"/en/votes/{public_id}").text
    assert "if two people of staff agree to it" in page
