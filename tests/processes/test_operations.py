"""Preparing a process: templates, copies, facts, publishing, archiving, languages, preview links."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask

from portal.accounts.events import AccountErased
from portal.content.errors import TextMissing
from portal.content.queries import version_states
from portal.core import audit, clock, search
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.events import emit
from portal.processes import operations
from portal.processes.errors import (
    AlreadyPublished,
    BudgetOutOfRange,
    NotYourDistricts,
    PhasesMissing,
    ProcessArchived,
    SummaryMissing,
    TextTooLong,
    TitleMissing,
    TooManyPhases,
    UnknownContact,
    UnknownDistrict,
)
from portal.processes.models import Influence, PhaseKind, Process, ProcessKind, ProcessState
from portal.processes.operations import PhaseFacts, ProcessFacts
from portal.processes.queries import (
    gaps_of,
    overlaps_of,
    phases_of,
    preview_by_token,
    process_texts,
    search_documents,
)
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district, make_organization
from tests.support.factories_processes import make_process

SPRING = date(2027, 3, 1)


def facts(**changed: object) -> ProcessFacts:
    given: dict[str, object] = {
        "kind": ProcessKind.BUDGET,
        "title": "Bürgerhaushalt 2027",
        "influence": Influence.DECISION,
        "summary": "Wofür soll die Stadt Geld ausgeben?",
    }
    return ProcessFacts(**(given | changed))  # type: ignore[arg-type]


def phases_in(process: Process) -> list[tuple[PhaseKind, date, date]]:
    """Kinds with their first and last day."""
    return [
        (one.kind, clock.local(one.starts_at).date(), clock.local(one.ends_at - timedelta(seconds=1)).date())
        for one in phases_of([process.id])[process.id]
    ]


@pytest.mark.parametrize("kind", ProcessKind)
def test_a_template_brings_its_usual_phases_without_gaps(both: Flask, kind: ProcessKind) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.create_process(actor, kind, title="Neu", starts_on=SPRING)
        phases = phases_of([process.id])[process.id]
        assert [one.kind for one in phases] == [kind_ for kind_, _days in operations.USUAL_PHASES[kind]]
        assert gaps_of(phases) == overlaps_of(phases) == []
        assert phases_in(process)[0][1] == SPRING
        assert process.state is ProcessState.DRAFT
        assert (process.starts_at, process.ends_at) == (phases[0].starts_at, phases[-1].ends_at)
        # Every phase begins at midnight, although clocks change on 28 March.
        assert {clock.local(one.starts_at).time() for one in phases} == {time(0)}


def test_a_copy_moves_the_dates_and_keeps_times_of_day(both: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        source = operations.new_process(actor, facts(body="Alles dazu.", budget_cents=20_000_00))
        operations.add_phase(
            source,
            PhaseFacts(
                PhaseKind.PROPOSALS,
                date(2026, 10, 1),
                date(2026, 10, 24),
                time(8),
                time(18),
                "Ideen",
                "Kurz.",
            ),
            actor=actor,
        )
        operations.add_phase(
            source, PhaseFacts(PhaseKind.VOTING, date(2026, 11, 2), date(2026, 11, 2)), actor=actor
        )
        copy = operations.copy_process(actor, source, title="Noch einmal", starts_on=date(2027, 3, 20))
        first, second = phases_of([copy.id])[copy.id]
        assert (copy.body_md, copy.budget_cents, copy.is_draft) == ("Alles dazu.", 20_000_00, True)
        assert clock.local(first.starts_at).isoformat()[:16] == "2027-03-20T08:00"
        assert clock.local(first.ends_at).isoformat()[:16] == "2027-04-12T18:00"
        assert (first.title, first.text_md) == ("Ideen", "Kurz.")
        assert phases_in(copy)[1] == (PhaseKind.VOTING, date(2027, 4, 21), date(2027, 4, 21))
        assert second.public_id != phases_of([source.id])[source.id][1].public_id


def test_only_moderators_prepare(app: Flask) -> None:
    for account in (make_resident(), make_staff(StaffRole.PLANNER), make_staff(StaffRole.ADMINISTRATOR)):
        with transaction(write=False), pytest.raises(NotFound):
            operations.new_process(actor_of(account), facts())


def test_a_moderator_of_one_district_prepares_for_it_or_for_the_town(app: Flask) -> None:
    with transaction():
        north, south = make_district("Nord"), make_district("Süd")
        ids = north.id, south.id
    actor = actor_of(make_staff(StaffRole.MODERATOR, district_id=ids[0]))
    with transaction():
        assert operations.new_process(actor, facts()).districts == []
        both_ = operations.new_process(actor, facts(district_ids=ids))
        assert [one.name for one in both_.districts] == ["Nord", "Süd"]
        with pytest.raises(NotYourDistricts):
            operations.new_process(actor, facts(district_ids=(ids[1],)))
        theirs = make_process(districts=(ids[1],))
        with pytest.raises(NotFound):
            operations.edit_process(theirs, facts(), actor=actor)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": " ‏ "}, TitleMissing),
        ({"title": "x" * 121}, TextTooLong),
        ({"summary": "x" * 401}, TextTooLong),
        ({"body": "x" * 20_001}, TextTooLong),
        ({"budget_cents": 0}, BudgetOutOfRange),
        ({"budget_cents": -5}, BudgetOutOfRange),
        ({"budget_cents": 10**15}, BudgetOutOfRange),
        ({"district_ids": (999,)}, UnknownDistrict),
        ({"contact_account_id": 999}, UnknownContact),
        ({"organization_id": 999}, UnknownContact),
    ],
)
def test_facts_that_do_not_hold(app: Flask, wrong: dict[str, object], error: type[Exception]) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction(write=False), pytest.raises(error):
        operations.new_process(actor, facts(**wrong))


def test_no_resident_is_named_as_contact_person(app: Flask) -> None:
    actor, resident = actor_of(make_staff(StaffRole.MODERATOR)), make_resident()
    with transaction(write=False), pytest.raises(UnknownContact):
        operations.new_process(actor, facts(contact_account_id=resident.id))


def test_publishing_needs_words_and_dates(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.new_process(actor, facts(summary=""))
        with pytest.raises(SummaryMissing):
            operations.publish_process(process, actor=actor)
        operations.edit_process(process, facts(), actor=actor)
        with pytest.raises(PhasesMissing):
            operations.publish_process(process, actor=actor)
        operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)
        operations.publish_process(process, actor=actor)
        first = process.published_at
        operations.publish_process(process, actor=actor)
        assert process.published_at == first
        with pytest.raises(AlreadyPublished):
            operations.delete_draft(process, actor=actor)


def test_an_archived_process_stays_as_it_is(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = make_process()
        operations.archive_process(process, actor=actor)
        phase = phases_of([process.id])[process.id][0]
        one_day = PhaseFacts(PhaseKind.VOTING, SPRING, SPRING)
        for change in (
            lambda: operations.edit_process(process, facts(), actor=actor),
            lambda: operations.add_phase(process, one_day, actor=actor),
            lambda: operations.change_phase(process, phase, one_day, actor=actor),
            lambda: operations.remove_phase(process, phase, actor=actor),
            lambda: operations.publish_process(process, actor=actor),
        ):
            with pytest.raises(ProcessArchived):
                change()
        operations.reopen_process(process, actor=actor)
        operations.edit_process(process, facts(title="Wieder offen"), actor=actor)
        assert process.title == "Wieder offen"


def test_dates_of_a_public_process_change_in_public(both: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.new_process(actor, facts())
        phase = operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)
        later = PhaseFacts(PhaseKind.VOTING, SPRING, SPRING + timedelta(days=3))
        operations.change_phase(process, phase, later, actor=actor)
        assert audit.entries_for("process", process.id) == []  # nobody plans by a draft
        operations.publish_process(process, actor=actor)
        operations.change_phase(process, phase, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)
        operations.change_phase(
            process, phase, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING, title="Die Wahl"), actor=actor
        )
        operations.remove_phase(process, phase, actor=actor)
        session.flush()
        names = [entry.name for entry in audit.entries_for("process", process.id)]
        assert names == ["processes.published", "processes.phase_moved", "processes.phase_removed"]
        moved = audit.entries_for("process", process.id)[1].data
        assert moved["was"][0] == moved["starts_at"] == "2027-02-28T23:00:00+00:00"
        assert moved["was"][1] != moved["ends_at"]
        assert process.starts_at is None


def test_at_most_twenty_phases(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction(write=False):
        process = operations.new_process(actor, facts())
        for number in range(20):
            day = SPRING + timedelta(days=number)
            operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, day, day), actor=actor)
        with pytest.raises(TooManyPhases):
            operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)


def test_other_languages_become_outdated_with_the_original(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    words = {"title": "Budget", "summary": "Where does the money go?", "body": ""}
    with transaction():
        process = operations.new_process(actor, facts())
        phase = operations.add_phase(
            process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING, title="Die Wahl"), actor=actor
        )
        with pytest.raises(TextMissing):
            operations.save_texts(process, "en", words, {}, actor=actor)
    with transaction():
        operations.save_texts(process, "en", words, {phase.public_id: {"title": "The vote"}}, actor=actor)
        assert process_texts([process], "en")[process.id].fields["title"] == "Budget"
        operations.edit_process(process, facts(title="Anders"), actor=actor)
        states = {one.language: one.state.value for one in version_states("process", process.id, "de")}
        assert states["en"] == "outdated"
        operations.publish_process(process, actor=actor)
        session.flush()
        assert search.find("money", ("process",), limit=5, offset=0).total == 1
        assert search.find("anders", ("process",), limit=5, offset=0).total == 1
        assert {one.language for one in search_documents(0, 10)} == {"de", "en"}


def test_search_finds_no_draft(both: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.new_process(actor, facts(title="Zwiebelmarkt"))
        operations.edit_process(process, facts(title="Zwiebelmarkt"), actor=actor)
        session.flush()
        assert search.find("zwiebelmarkt", ("process",), limit=5, offset=0).total == 0
        assert search_documents(0, 10) == []


def test_a_secret_link_lasts_until_it_is_ended(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.new_process(actor, facts())
        token = operations.make_preview(process, actor=actor)
        link = preview_by_token(token)
        assert link is not None
        assert token not in link.token_hash
        assert link.revoked_at is None
        operations.revoke_previews(process, actor=actor)
        session.refresh(link)
        assert link.revoked_at is not None
        again = preview_by_token(operations.make_preview(process, actor=actor))
        operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)
        operations.publish_process(process, actor=actor)
        session.refresh(again)
        assert again is not None
        assert again.revoked_at is not None


def test_an_erased_contact_person_is_no_longer_named(app: Flask) -> None:
    staff = make_staff(StaffRole.PROFESSIONAL)
    with transaction():
        process = make_process(contact_account_id=staff.id, created_by_id=staff.id)
        emit(AccountErased(staff.id, keep_proposals=True, keep_comments=True, keep_support=True))
        session.refresh(process)
        assert (process.contact_account_id, process.created_by_id) == (None, None)


def test_a_deleted_draft_is_gone_with_everything(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        body = make_organization()
        process = operations.create_process(actor, ProcessKind.SURVEY, title="Weg", starts_on=SPRING)
        operations.edit_process(process, facts(organization_id=body.id), actor=actor)
        token = operations.make_preview(process, actor=actor)
        operations.delete_draft(process, actor=actor)
        assert phases_of([process.id])[process.id] == []
        assert preview_by_token(token) is None


@time_machine.travel("2026-12-01T10:00:00Z", tick=False)
def test_the_span_follows_the_phases(app: Flask) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = operations.new_process(actor, facts())
        phase = operations.add_phase(process, PhaseFacts(PhaseKind.VOTING, SPRING, SPRING), actor=actor)
        operations.add_phase(
            process, PhaseFacts(PhaseKind.RESULT, SPRING, SPRING + timedelta(days=9)), actor=actor
        )
        assert clock.local(process.ends_at).date() == SPRING + timedelta(days=10)
        operations.change_phase(
            process,
            phase,
            PhaseFacts(PhaseKind.VOTING, SPRING - timedelta(days=1), SPRING),
            actor=actor,
        )
        assert clock.local(process.starts_at).date() == SPRING - timedelta(days=1)
