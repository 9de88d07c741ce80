"""Assessments, contact persons, pledges, texts in other languages, and the clock's reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.content.models import TextState, TextVersion
from portal.content.queries import version_of
from portal.core import audit, clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.site_settings import change
from portal.proposals import operations
from portal.proposals.errors import (
    AmountNotPositive,
    ChangedMeanwhile,
    NotAContact,
    NotPledgeable,
    NotSupportable,
    OfferOver,
    ReasonMissing,
    SameContact,
    StillSomethingMissing,
    TooMuchPledged,
)
from portal.proposals.models import (
    PLEDGEABLE,
    Assessment,
    ConsentState,
    NeedKind,
    Pledge,
    ProposalNeed,
    Stage,
    TextOffer,
    TextWish,
    Verdict,
)
from portal.proposals.operations import Judgement, mark_of
from portal.proposals.queries import (
    assessments_of,
    contact_candidates,
    current_assessment,
    draft_assessment,
    export_of_help,
    is_complete,
    open_offers,
    open_wishes,
    public_pledges,
)
from tests.proposals.office import Office, get, make_office, publish, told
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_follow


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def persons(office: Office, author: Actor) -> dict[str, Actor]:
    """Everybody who could try something."""
    return {
        "moderator": office.moderating,
        "professional": office.accompanying,
        "planner": office.planning,
        "moderator elsewhere": actor_of(office.elsewhere),
        "administrator": actor_of(make_staff("administrator")),
        "author": author,
        "resident": actor_of(make_resident()),
        "suspended": actor_of(make_resident(suspended_until=clock.now() + timedelta(days=1))),
    }


def assess(office: Office, pid: int, verdict: Verdict, reason: str = "", **more: object) -> None:
    with transaction():
        seen = mark_of(draft_assessment(get(pid)))
        judgement = Judgement(verdict, reason, "de", seen=seen, **more)  # type: ignore[arg-type]
        operations.prepare_assessment(get(pid), judgement, actor=office.accompanying)


def test_an_assessment_is_kept_published_and_replaced(both: Flask) -> None:
    office = make_office()
    pid, fan = publish(office), make_resident()
    with transaction():
        make_follow(get(pid), fan)
    assess(
        office, pid, Verdict.FEASIBLE, cost_cents=120_000, running_cost_cents=3_000, who_would_do_it="Bauhof"
    )
    with transaction(write=False):
        assert current_assessment(get(pid)) is None
        assert told("proposals.assessed") == []
    for expected in (True, False):
        with transaction():
            assert operations.publish_assessment(get(pid), actor=office.accompanying) is expected
    with transaction(write=False):
        author_id = get(pid).author_id
        current = current_assessment(get(pid))
        assert current is not None
        assert (current.cost_cents, current.running_cost_cents) == (120_000, 3_000)
    assert told("proposals.assessed") == sorted([author_id, fan.id])  # type: ignore[type-var]
    assess(office, pid, Verdict.NOT_FEASIBLE, "Unter der Wiese liegt eine Leitung.")
    with transaction():
        operations.publish_assessment(get(pid), actor=office.accompanying)
    with transaction(write=False):
        found = assessments_of(get(pid))
        assert [one.verdict for one in found] == [Verdict.NOT_FEASIBLE, Verdict.FEASIBLE]
        assert [one.replaced_at is None for one in found] == [True, False]
        assert get(pid).assessment_count == 2


def test_what_an_assessment_must_say(office: Office) -> None:
    pid = publish(office)
    with pytest.raises(ReasonMissing):
        assess(office, pid, Verdict.NOT_FEASIBLE, "  ")
    with pytest.raises(AmountNotPositive):
        assess(office, pid, Verdict.FEASIBLE, cost_cents=-1)
    assess(office, pid, Verdict.NEEDS_CHANGE)
    with pytest.raises(ChangedMeanwhile), transaction():
        operations.prepare_assessment(
            get(pid), Judgement(Verdict.FEASIBLE, "", "de"), actor=office.accompanying
        )
    with transaction():
        assert operations.discard_assessment(get(pid), actor=office.accompanying)
        assert not operations.discard_assessment(get(pid), actor=office.accompanying)


def test_the_database_allows_one_current_and_one_draft(both: Flask) -> None:
    office = make_office()
    pid = publish(office)
    for published in (None, clock.now()):
        row = {"proposal_id": pid, "assessor_id": 1, "verdict": Verdict.FEASIBLE, "created_at": clock.now()}
        with transaction():
            session.add(Assessment(**row, published_at=published))
        with pytest.raises(Exception, match=r"(?i)unique"), transaction():
            session.add(Assessment(**row, published_at=published))


def test_only_professionals_of_the_district_assess(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        judgement = Judgement(Verdict.FEASIBLE, "", "de")
        with transaction():
            session.execute(Assessment.__table__.delete())  # type: ignore[attr-defined]
        if name == "professional":
            with transaction():
                operations.prepare_assessment(get(pid), judgement, actor=actor)
            continue
        with pytest.raises(NotFound), transaction():
            operations.prepare_assessment(get(pid), judgement, actor=actor)


def test_a_contact_person_and_a_substitute(office: Office) -> None:
    volunteer, author = make_resident(), make_resident()
    pid = publish(office, author=author)
    helper = actor_of(volunteer)
    with pytest.raises(NotAContact), transaction():
        operations.set_contact(get(pid), actor=office.moderating, contact_id=volunteer.id)
    for expected in (True, False):
        with transaction():
            assert operations.offer_contact(get(pid), actor=helper) is expected
    assert told("proposals.contact_offered") == [office.moderator.id]
    with transaction(write=False):
        names = [one.account_id for one in contact_candidates(get(pid))]
    assert names[0] == volunteer.id
    assert set(names[1:]) == {office.moderator.id, office.professional.id}
    with pytest.raises(SameContact), transaction():
        operations.set_contact(
            get(pid), actor=office.moderating, contact_id=volunteer.id, substitute_id=volunteer.id
        )
    for expected in (True, False):
        with transaction():
            assert expected is operations.set_contact(
                get(pid),
                actor=office.moderating,
                contact_id=volunteer.id,
                substitute_id=office.professional.id,
            )
    assert told("proposals.made_contact") == sorted([volunteer.id, office.professional.id])
    assert told("proposals.contact_set") == [author.id]
    with transaction():
        operations.step_back(get(pid), actor=helper)
    with transaction(write=False):
        assert get(pid).contact_account_id == office.professional.id
        assert get(pid).substitute_account_id is None
    with pytest.raises(NotFound), transaction():
        operations.step_back(get(pid), actor=helper)


def test_a_refused_offer_is_no_candidate(office: Office) -> None:
    pid, volunteer = publish(office), make_resident()
    with transaction(write=False):
        pass
    helper = actor_of(volunteer)
    with transaction():
        operations.offer_contact(get(pid), actor=helper)
        assert operations.refuse_offer(get(pid), actor=office.moderating, account_id=volunteer.id)
    with pytest.raises(NotAContact), transaction():
        operations.set_contact(get(pid), actor=office.moderating, contact_id=volunteer.id)


def test_only_moderators_of_the_district_set_contacts(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        if name == "moderator":
            continue
        with pytest.raises(NotFound), transaction():
            operations.set_contact(get(pid), actor=actor, contact_id=office.professional.id)


def test_whoever_leaves_the_portal_is_nobodys_contact(office: Office) -> None:
    pid = publish(
        office, contact_account_id=office.professional.id, substitute_account_id=office.moderator.id
    )
    with transaction():
        operations.forget_contact(office.professional.id)
    with transaction(write=False):
        assert get(pid).contact_account_id == office.moderator.id


def need(pid: int, office: Office, author: Actor, kind: NeedKind, quantity: int) -> int:
    with transaction():
        return operations.list_need(get(pid), actor=author, kind=kind, words="", quantity=quantity).id


def pledge(pid: int, need_id: int, actor: Actor, quantity: int, **more: object) -> None:
    with transaction():
        row = session.get_one(ProposalNeed, need_id)
        operations.pledge(get(pid), row, actor=actor, quantity=quantity, **more)  # type: ignore[arg-type]


def amounts(need_id: int) -> tuple[int, int]:
    """(stored, summed)"""
    with transaction(write=False):
        row = session.get_one(ProposalNeed, need_id, populate_existing=True)
        total = session.scalar(select(func.sum(Pledge.quantity)).where(Pledge.need_id == need_id))
        return row.pledged, int(total or 0)


def test_neighbours_pledge_until_nothing_is_missing(both: Flask) -> None:
    office = make_office()
    author = make_resident()
    writer, one, two = (
        actor_of(author),
        actor_of(make_resident()),
        actor_of(make_resident(display_name="Ayla Nord")),
    )
    pid = publish(office, author=author)
    hands, money = (
        need(pid, office, writer, NeedKind.HANDS, 3),
        need(pid, office, writer, NeedKind.MONEY, 10_000),
    )
    pledge(pid, hands, one, 1)
    pledge(pid, hands, one, 2)
    assert amounts(hands) == (2, 2)
    pledge(pid, hands, two, 1, is_named=True, words="Samstags")
    with transaction(write=False):
        seen = public_pledges(get(pid), one.account_id)[hands]
        assert (seen.count, seen.names, seen.mine) == (2, ("Ayla Nord",), 2)
        assert not is_complete(get(pid))
    with pytest.raises(StillSomethingMissing), transaction():
        operations.begin_without_vote(get(pid), actor=writer)
    assert told("proposals.needs_complete") == []
    pledge(pid, money, two, 10_000)
    assert told("proposals.needs_complete") == [author.id]
    for expected in (True, False):
        with transaction():
            assert operations.begin_without_vote(get(pid), actor=writer) is expected
    with transaction(write=False):
        assert get(pid).stage is Stage.UNDER_WAY
    with transaction():
        row = session.get_one(ProposalNeed, hands)
        assert operations.withdraw_pledge(row, actor=one)
        assert not operations.withdraw_pledge(row, actor=one)
    assert amounts(hands) == (1, 1)


@pytest.mark.parametrize("stage", list(Stage))
def test_pledges_in_every_stage(office: Office, stage: Stage) -> None:
    author = make_resident()
    writer, helper = actor_of(author), actor_of(make_resident())
    pid = publish(office, author=author)
    tools = need(pid, office, writer, NeedKind.TOOLS, 2)
    with transaction():
        get(pid).stage = stage
    if stage in PLEDGEABLE:
        pledge(pid, tools, helper, 1)
        assert amounts(tools) == (1, 1)
        return
    with pytest.raises(NotPledgeable):
        pledge(pid, tools, helper, 1)
    with pytest.raises(NotPledgeable):
        need(pid, office, writer, NeedKind.TOOLS, 2)


def test_who_pledges_and_how_much(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    tools = need(pid, office, actor_of(author), NeedKind.TOOLS, 2)
    for name, actor in persons(office, actor_of(author)).items():
        if name in {"author", "resident"}:
            pledge(pid, tools, actor, 1)
        else:
            with pytest.raises(NotAllowed):
                pledge(pid, tools, actor, 1)
    with pytest.raises(SignInRequired):
        pledge(pid, tools, VISITOR, 1)
    with pytest.raises(TooMuchPledged):
        pledge(pid, tools, actor_of(make_resident()), 3)


def test_dropping_a_need_tells_those_who_pledged(office: Office) -> None:
    author = make_resident()
    writer, helper = actor_of(author), make_resident()
    pid = publish(office, author=author)
    tools = need(pid, office, writer, NeedKind.TOOLS, 2)
    pledge(pid, tools, actor_of(helper), 1)
    with transaction(write=False):
        public_id = session.get_one(ProposalNeed, tools).public_id
    with pytest.raises(NotFound), transaction():
        operations.drop_need(get(pid), actor=office.moderating, public_id=public_id)
    for expected in (True, False):
        with transaction():
            assert operations.drop_need(get(pid), actor=writer, public_id=public_id) is expected
    assert told("proposals.moved_on") == [helper.id]
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Pledge)) == 0
        assert get(pid).need_count == 0


WORDS = {"title": "A bench", "what": "A **bench** under the tree."}


def test_an_offered_translation_waits_for_a_yes(office: Office) -> None:
    author, translator, reader = make_resident(), make_resident(), make_resident()
    writer, helper, wisher = actor_of(author), actor_of(translator), actor_of(reader)
    pid = publish(office, author=author)
    for expected in (True, False):
        with transaction():
            assert operations.wish_for_text(get(pid), "en", actor=wisher) is expected
    for _ in range(2):
        with transaction():
            assert not operations.write_text(get(pid), "en", WORDS, actor=helper)
    assert told("proposals.text_offered") == [author.id]
    with transaction(write=False):
        assert version_of("proposal", pid, "en").state == TextState.MISSING  # type: ignore[union-attr]
        assert [p.id for _, p in open_offers(None)] == [pid]
        assert [(row.proposal.id, row.language, row.count) for row in open_wishes(None)] == [(pid, "en", 1)]
    for expected in (True, False):
        with transaction():
            offer = session.scalar(select(TextOffer))
            assert offer is not None
            assert operations.judge_offer(offer, get(pid), actor=writer, accept=True) is expected
    assert told("proposals.text_there") == [reader.id]
    with transaction(write=False):
        row = version_of("proposal", pid, "en")
        assert row is not None
        assert (row.state, row.author_id) == (TextState.CURRENT, translator.id)
        assert open_wishes(None) == []
        assert get(pid).text_count == 1
    with pytest.raises(OfferOver), transaction():
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        operations.judge_offer(offer, get(pid), actor=writer, accept=False)


def test_an_accepted_text_of_an_older_original_is_outdated(office: Office) -> None:
    author = make_resident()
    writer, helper = actor_of(author), actor_of(make_resident())
    pid = publish(office, author=author)
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
    with transaction():
        get(pid).title = "Zwei Bänke"
    with transaction():
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        operations.judge_offer(offer, get(pid), actor=writer, accept=True)
    with transaction(write=False):
        assert version_of("proposal", pid, "en").state == TextState.OUTDATED  # type: ignore[union-attr]


def test_whose_text_is_shown_at_once(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        with transaction():
            session.execute(TextVersion.__table__.delete())  # type: ignore[attr-defined]
        if name in {"author", "moderator", "professional"}:
            with transaction():
                assert operations.write_text(get(pid), "en", WORDS, actor=actor)
        elif name in {"resident", "moderator elsewhere"}:
            with transaction():
                assert not operations.write_text(get(pid), "en", WORDS, actor=actor)
        else:
            with pytest.raises(NotAllowed), transaction():
                operations.write_text(get(pid), "en", WORDS, actor=actor)


def test_a_refused_translation_stays_away(office: Office) -> None:
    author = make_resident()
    writer, translator = actor_of(author), make_resident()
    helper = actor_of(translator)
    pid = publish(office, author=author)
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        with pytest.raises(NotFound):
            operations.judge_offer(offer, get(pid), actor=helper, accept=True)
        operations.judge_offer(offer, get(pid), actor=writer, accept=False)
        assert not operations.take_back_text(offer, actor=helper)
    with transaction(write=False):
        assert version_of("proposal", pid, "en") is None
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        assert offer.state is ConsentState.ASKED
        assert operations.take_back_text(offer, actor=helper)
        operations.wish_for_text(get(pid), "tr", actor=helper)
        operations.forget_translator(translator.id)
        assert session.scalar(select(func.count()).select_from(TextWish)) == 0


def test_reminders_and_the_substitute(office: Office) -> None:
    day = clock.today() + timedelta(days=20)
    substitute = make_resident()
    pid = publish(
        office,
        stage=Stage.EXAMINED,
        answer_due_on=day,
        contact_account_id=office.moderator.id,
        substitute_account_id=substitute.id,
    )
    publish(office, stage=Stage.EXAMINED, answer_due_on=day, answered_at=clock.now())
    start = clock.now()

    def tick(days: int) -> None:
        with time_machine.travel(start + timedelta(days=days), tick=False):
            for _ in range(2):
                with transaction():
                    operations.remind_of_answers()

    tick(1)
    assert told("proposals.answer_due") == []
    tick(8)
    tick(20)
    assert told("proposals.answer_due", pid) == sorted([office.moderator.id, office.planner.id])
    assert told("proposals.answer_overdue") == []
    tick(21)
    assert told("proposals.answer_overdue", pid) == [office.moderator.id]
    tick(27)
    tick(40)
    everyone = [office.moderator.id, office.moderator.id, office.planner.id, substitute.id]
    assert told("proposals.answer_overdue", pid) == sorted(everyone)
    assert [entry.name for entry in audit.entries_for("proposal", pid)] == ["proposals.answer_overdue"]


def test_overdue_is_true_without_any_job(office: Office) -> None:
    pid = publish(office, stage=Stage.EXAMINED, answer_due_on=clock.today())
    with transaction(write=False):
        assert not get(pid).is_answer_overdue
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False), transaction(write=False):
        assert get(pid).is_answer_overdue


def test_the_time_to_collect_support_ends(office: Office) -> None:
    with transaction():
        change("proposals.collecting_days", 10, actor=office.moderating)
    author = make_resident()
    pid = publish(office, author=author, collecting_until_on=clock.today() + timedelta(days=10))
    other = publish(office)
    neighbour = actor_of(make_resident())
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        # At once, before any job has run.
        with pytest.raises(NotSupportable), transaction():
            operations.support_proposal(get(pid), actor=neighbour)
        for _ in range(2):
            with transaction():
                operations.expire_proposal(get(pid))
                assert not operations.expire_proposal(get(other))
        with transaction(write=False):
            assert get(pid).expired_at is not None
            assert get(other).expired_at is None
            assert [entry.name for entry in audit.entries_for("proposal", pid)] == ["proposals.expired"]
    assert told("proposals.moved_on") == [author.id]


def test_the_export_holds_what_somebody_offered(office: Office) -> None:
    helper, other = make_resident(), make_resident()
    pid = publish(office, title="Bank am Tor")
    for person, title in ((actor_of(helper), "A bench"), (actor_of(other), "Somebody else's")):
        with transaction():
            operations.offer_contact(get(pid), actor=person)
            operations.wish_for_text(get(pid), "tr", actor=person)
            operations.write_text(get(pid), "en", {**WORDS, "title": title}, actor=person)
    with transaction(write=False):
        rows = export_of_help(helper.id)
    assert [row["kind"] for row in rows] == ["contact offer", "wish for a text", "translation"]
    assert "Somebody" not in str(rows)
    assert rows[2]["texts"]["title"] == "A bench"
