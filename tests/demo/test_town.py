"""The demo town, built once: alive, believable in time, quiet in mails, and never in production."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from portal import cli
from portal.accounts.models import Account
from portal.accounts.operations import check_typed_factor
from portal.cli import demo as demo_command
from portal.content.models import Picture
from portal.content.queries import uploads_folder
from portal.core import clock, search
from portal.core.db import Base, db, session, transaction
from portal.core.jobs import Job
from portal.demo import cities, guide, people, standing, town
from portal.demo.diary import Diary
from portal.discussions.models import Comment
from portal.groups import jobs as groups
from portal.moderation.models import Appeal, Case, Decision
from portal.notifications.models import MailMessage, Notice, Preference
from portal.processes.models import PhaseKind
from portal.processes.queries import is_open, process_lists
from portal.proposals.models import Proposal, ProposalVersion, Stage
from portal.proposals.queries import ListFilter, find_proposals, newest_answers
from tests.conftest import make_settings, running_app
from tests.support.factories import make_resident, sign_in
from tests.support.made_once import made_once

FACTS = people.data("proposals.json")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal with the town in it."""
    return made_once(tmp_path_factory, "lindental", build)


def build(folder: Path) -> None:
    with running_app(make_settings(folder)):
        Base.metadata.create_all(db.engine)
        assert town.build() > 1_500
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def lindental(built: Path, tmp_path: Path) -> Iterator[Flask]:
    """A copy of the town for one test."""
    folder = tmp_path / "instance"
    shutil.copytree(built, folder)
    with running_app(make_settings(folder)) as app, transaction(write=False):
        yield app


def count(model: type[Base], *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def test_every_proposal_stands_where_the_data_says(lindental: Flask) -> None:
    stages = dict(session.execute(select(Proposal.title, Proposal.stage)).all())
    drafts = {title for _key, _days, title, _what in town.DRAFTS}
    assert set(stages) == {facts["title"] for facts in FACTS} | drafts
    assert {facts["title"]: stages[facts["title"]].value for facts in FACTS} == {
        facts["title"]: facts["stage"] for facts in FACTS
    }


def test_numbers_are_counted_not_invented(lindental: Flask) -> None:
    rows = session.execute(select(Proposal.title, Proposal.support_count, Proposal.need_count)).all()
    wanted = {facts["title"]: (facts["support"], len(facts["needs"])) for facts in FACTS}
    assert {title: (supports, needs) for title, supports, needs in rows if title in wanted} == wanted


def test_time_goes_forward(lindental: Flask) -> None:
    now = clock.now()
    for proposal in session.scalars(select(Proposal).where(Proposal.published_at.is_not(None))):
        assert proposal.published_at is not None
        assert proposal.published_at <= proposal.last_activity_at <= now
        for comment in session.scalars(select(Comment).where(Comment.thread_id == proposal.thread_id)):
            assert proposal.published_at < comment.created_at <= now
    ages = {facts["title"]: facts["days_ago"] for facts in FACTS}
    for title, at in session.execute(select(Proposal.title, Proposal.published_at)):
        if title in ages:
            assert abs((now - at) - timedelta(days=ages[title])) < timedelta(hours=1)
    assert count(Account, Account.created_at > now - timedelta(days=300)) == 0


def test_the_answer_clock_runs_where_enough_are_with_it(lindental: Flask) -> None:
    examined = session.scalars(select(Proposal).where(Proposal.stage == Stage.EXAMINED)).all()
    assert len(examined) == 4
    assert all(one.answer_due_on is not None and one.support_count >= 50 for one in examined)
    assert len(newest_answers(20)) == 10


def test_conversations_translations_pictures_and_versions(lindental: Flask) -> None:
    comments = sum(1 + len(one["replies"]) for facts in FACTS for one in facts["comments"])
    assert count(Comment) == comments + 2
    assert count(Picture) == 9
    assert count(ProposalVersion) == len(FACTS) + 1
    assert search.find("kreşinin", ("proposal",)).total == 1
    assert find_proposals(ListFilter(words="zebrastreifen")).total >= 1


def test_moderators_have_had_something_to_do(lindental: Flask) -> None:
    assert (count(Decision), count(Appeal), count(Comment, Comment.hidden_at.is_not(None))) == (2, 1, 1)
    assert count(Case, Case.closed_at.is_(None)) == 2


def test_no_mail_about_the_past_and_nothing_left_to_do(lindental: Flask) -> None:
    assert (count(MailMessage), count(Preference), count(Job, Job.done_at.is_(None))) == (0, 0, 0)
    for tick in (groups.tick, groups.meetings, groups.decisions, groups.accompaniment):
        tick()
    told = count(MailMessage), count(Job, Job.done_at.is_(None))
    session.rollback()
    assert told == (0, 0), "the first minute of a new town brings a heap of mails"
    assert not (Path(lindental.instance_path) / "mail").exists()
    assert count(Notice) > 100
    unread = count(Notice, Notice.read_at.is_(None))
    assert 0 < unread < count(Notice) / 2


def test_the_budget_runs_and_has_proposals(lindental: Flask) -> None:
    lists = process_lists()
    assert [one.process.title for one in lists.running] == ["Bürgerhaushalt Lindental"]
    assert len(lists.coming) == len(lists.past) == 1
    budget = lists.running[0].process
    assert is_open(budget, PhaseKind.PROPOSALS)
    assert find_proposals(ListFilter(process_ids=(budget.id,))).total == 7


def test_every_page_a_newcomer_opens(lindental: Flask) -> None:
    client = lindental.test_client()
    for language in ("de", "ar"):
        for path in ("", "proposals", "proposals/map", "districts", "organizations", "team", "open-data"):
            assert client.get(f"/{language}/{path}").status_code == 200, path
    for proposal in session.scalars(select(Proposal).where(Proposal.listed)):
        assert client.get(f"/de/proposals/{proposal.public_id}").status_code == 200, proposal.title


def test_the_guide_names_people_who_can_sign_in(lindental: Flask) -> None:
    text = "\n".join(guide.lines(make_settings(Path(lindental.instance_path))))
    emails = set(session.scalars(select(Account.email).where(Account.email.is_not(None))))
    named = {word for word in text.split() if word.endswith(".example")}
    assert named <= emails
    assert len(named) >= 12


def test_the_second_step_of_staff(lindental: Flask) -> None:
    email = "kettler@rathaus.lindental.example"
    digits = people.second_factor_code(email)
    assert digits is not None
    assert people.second_factor_code("ruth@lindental.example") is None
    account = session.scalar(select(Account).where(Account.display_name == "Sabine Kettler"))
    assert account is not None
    # The code of the half minute in which the town was built is used up; the next one works.
    with clock.pretend(clock.now() + timedelta(seconds=31)):
        later = people.second_factor_code(email) or ""
        assert check_typed_factor(account.id, later)


def test_the_home_page_greets_ruth_with_her_draft(lindental: Flask) -> None:
    ruth = session.scalar(select(Account).where(Account.display_name == "Oma Ruth"))
    assert ruth is not None
    client = lindental.test_client()
    sign_in(client, ruth)
    assert town.DRAFTS[0][2] in client.get("/de/").text


@pytest.fixture
def command(lindental: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The commands work on this town."""
    session.rollback()
    monkeypatch.setattr(demo_command, "open_app", lambda: lindental)
    monkeypatch.setattr(demo_command.migrate, "upgrade", lambda: None)
    return lindental


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, list(words))
    return result.exit_code, result.output


def test_a_second_time_everything_stays(command: Flask) -> None:
    before = count(Proposal)
    code, text = run("demo")
    assert (code, count(Proposal)) == (0, before)
    assert "There is data already; it stays." in text
    assert "kettler@rathaus.lindental.example" in text


def test_the_command_shows_the_second_step(command: Flask) -> None:
    code, text = run("demo", "code", "kettler@rathaus.lindental.example")
    assert code == 0
    assert text.strip().isdigit()
    assert run("demo", "code", "ruth@lindental.example")[0] == 1


def test_never_in_production(command: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    live = make_settings(Path(command.instance_path))
    object.__setattr__(live, "production", True)
    monkeypatch.setattr(demo_command, "current_settings", lambda: live)
    for words in (("demo",), ("demo", "--fresh"), ("demo", "code", "kettler@rathaus.lindental.example")):
        code, text = run(*words)
        assert code == 1
        assert "production" in text


def test_real_data_is_never_thrown_away(app: Flask) -> None:
    make_resident()
    with pytest.raises(standing.NotADemo):
        town.wipe()
    with transaction(write=False):
        assert count(Account) == 1


def test_a_fresh_town_takes_the_place_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town, "_plan", lambda people, diary: None)
    monkeypatch.delenv(cities.FOLDER, raising=False)
    with running_app(make_settings(tmp_path / "instance")) as app:
        monkeypatch.setattr(demo_command, "open_app", lambda: app)
        assert run("demo")[0] == 0
        with transaction():
            first = session.scalar(select(func.max(Account.public_id)))
        (uploads_folder() / "aa").mkdir(parents=True)
        assert run("demo", "--fresh")[0] == 0
        with transaction(write=False):
            assert standing.is_demo()
            assert session.scalar(select(Account.id).where(Account.public_id == first)) is None
            assert count(Account) == 80
        assert not uploads_folder().exists()


def test_a_diary_is_lived_in_its_order() -> None:
    today = clock.now()
    diary, lived = Diary(today), []
    for days_ago, name in ((1.0, "third"), (3.0, "first"), (2.0, "second"), (1.0, "fourth"), (-5.0, "now")):
        diary.note(days_ago, lambda name=name: lived.append((name, clock.now())))  # type: ignore[misc]
    steps: list[int] = []
    diary.live(steps.append)
    assert [name for name, _at in lived] == ["first", "second", "third", "fourth", "now"]
    assert [at for _name, at in lived] == sorted(at for _name, at in lived)
    assert lived[-1][1] == today
    assert sum(steps) == len(diary) == 5
    assert clock.now() > today


def test_cities_only_where_their_files_are(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(cities.FOLDER, raising=False)
    assert list(cities.import_cities()) == []
    (tmp_path / "pb").mkdir()
    text = "META\nkey;value\nunit;Assen\ncurrency;EUR\nlanguage;nl\n"
    text += "PROJECTS\nproject_id;cost;name\n1;5;Bloemen\n"
    (tmp_path / "pb" / cities.FILES[0]).write_text(text, encoding="utf-8")
    monkeypatch.setenv(cities.FOLDER, str(tmp_path))
    assert list(cities.import_cities()) == [("Netherlands Assen 2024", 1)]
    assert Counter(session.scalars(select(Proposal.language))) == {"nl": 1}
