"""A small town in which every page has something to show, with the words for its addresses.

world = make_world()
path = "/de/proposals/{own}".format(**world.words)
"""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from PIL import Image

from portal.accounts.models import Account, EmailChange
from portal.accounts.queries import hash_token
from portal.content.operations import add_picture, publish_page, report_barrier
from portal.core import clock
from portal.core.actors import SYSTEM, VISITOR
from portal.core.db import session, transaction
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.moderation import operations as moderation
from portal.moderation.models import Case, Category, Measure
from portal.moderation.models import Decision as Ruled
from portal.moderation.operations import Ruling
from portal.notifications.queries import unsubscribe_token
from portal.processes.models import PhaseKind, ProcessState
from portal.processes.operations import make_preview
from portal.proposals import operations as office
from portal.proposals.models import Decision, NeedKind, Proposal, Stage, TextOffer, Topic, Verdict
from portal.proposals.operations import Judgement, Words, invite_coauthor
from portal.rounds.operations import closing, objecting, publishing, releasing
from tests.moderation.people import ruling
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district, make_organization, square
from tests.support.factories_processes import make_process, spans
from tests.support.factories_proposals import make_follow, make_proposal, make_support
from tests.support.factories_rounds import get_round, make_round
from tests.support.people import deliver
from tests.support.world_groups import fill_groups_of
from tests.support.world_roll import fill_roll
from tests.support.world_votes import fill_votes

LONG = (
    "Am Nordbahnhof steigen viele ältere Menschen um. Es gibt dort keinen Ort zum Sitzen.\n\n"
    "- eine Bank mit Lehne\n- ein Papierkorb\n\nMehr steht in der [Niederschrift](https://example.org/protokoll)."
)


@dataclass
class World:
    """Who lives there, and the ids that addresses need."""

    people: dict[str, Account] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def make_world() -> World:
    """Everything, in a few transactions."""
    world = World()
    _people(world)
    _proposals(world)
    _conversation(world)
    _moderation(world)
    _office(world)
    _processes(world)
    _results(world)
    _small_vote(world)
    _small_things(world)
    fill_votes(world)
    fill_roll(world)
    fill_groups_of(world)
    deliver()
    return world


def _people(world: World) -> None:
    long_ago = clock.now() - timedelta(days=30)
    with transaction():
        districts = [
            make_district(name, slug=slug, geometry=square(8.5 + east / 100, 50.5))
            for east, (name, slug) in enumerate((("Nordend", "nordend"), ("Hafenviertel", "hafen")))
        ]
        for number, district in enumerate(districts):
            district.label_lat, district.label_lon = 50.505, 8.505 + number / 100
        house = make_organization("Stadtteilhaus Nordend")
        north, house_id = districts[0].id, house.id
        world.words |= {"district": "nordend", "organization": house.public_id}
    world.people = {
        "author": make_resident(display_name="Blaue Amsel", created_at=long_ago, district_id=north),
        "neighbour": make_resident(display_name="Rote Weide", created_at=long_ago),
        "moderator": make_staff("moderator", north),
        "colleague": make_staff("moderator", north),
        "professional": make_staff("professional", north, organization_id=house_id),
        "planner": make_staff("planner"),
        "administrator": make_staff("administrator"),
        "second": make_staff("administrator"),
    }


def _proposals(world: World) -> None:
    author, neighbour = world.people["author"], world.people["neighbour"]
    place = {"district_id": author.district_id, "lat": 50.505, "lon": 8.505, "place_words": "Am Nordbahnhof"}
    with transaction():
        own = make_proposal(
            author=author,
            title="Bänke am Nordbahnhof",
            what=LONG,
            why="Weil der Weg weit ist.",
            for_whom="Für alle, die umsteigen.",
            topic=Topic.GREEN,
            indexed=True,
            with_thread=True,
            **place,
        )
        make_support(own, neighbour)
        make_follow(own, neighbour)
        other = make_proposal(
            author=neighbour, title="Licht im Hafenpark", with_thread=True, indexed=True, cost_cents=4_200_000
        )
        make_support(other, author)
        made = {
            "own": own,
            "other": other,
            "draft": make_proposal(author=author, published=False, title="Noch eine Bank am Haus", **place),
            "withdrawn": make_proposal(
                author=author, title="Ein Zaun", withdrawn_at=clock.now(), withdrawn_reason="started", **place
            ),
            "unkind": make_proposal(author=author, title="Zum Markt", what="Geht weg, ihr Idioten.", **place),
            "insult": make_proposal(author=author, title="Zum Hafen", what="Das ist ihr Idioten.", **place),
            "reported": make_proposal(author=neighbour, title="Alle Bäume weg", indexed=True, **place),
        }
        for number in range(24):
            make_proposal(author=neighbour, title=f"Noch eine Bank, Nummer {number}", indexed=True)
        for name in ("prepared", "answered"):
            made[name] = make_proposal(title=f"Fahrradständer {name}", stage=Stage.EXAMINED, **place)
        made["twin"] = make_proposal(author=neighbour, title="Bänke am Bahnhof", with_thread=True, **place)
        made["merged"] = make_proposal(author=neighbour, merged_into_id=own.id, **place)
        world.words |= {name: proposal.public_id for name, proposal in made.items()}
    actor = actor_of(author)
    with transaction():
        world.words["invitation"] = invite_coauthor(_proposal(world, "own"), actor=actor)
        for name in ("own", "draft"):
            proposal = _proposal(world, name)
            add_picture(actor, _photo(), "Der leere Platz", SubjectRef("proposal", proposal.id))


def _proposal(world: World, name: str) -> Proposal:
    return session.query(Proposal).filter_by(public_id=world.words[name]).one()


def _photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 140, 110)).save(target, "JPEG")
    return target.getvalue()


def _conversation(world: World) -> None:
    author, neighbour = actor_of(world.people["author"]), actor_of(world.people["neighbour"])
    with transaction():
        thread = session.get_one(Thread, _proposal(world, "own").thread_id)
        first = add_comment(thread, actor=neighbour, body="Gute Idee. Wer pflegt sie?", stance="for")
        mine = add_comment(thread, actor=author, body="Wir Nachbarn.", reply_to=first.public_id)
        world.words |= {"thread": thread.public_id, "comment": first.public_id, "own_comment": mine.public_id}


def _subject(world: World, name: str) -> Subject:
    found = resolve(SubjectRef("proposal", _proposal(world, name).id))
    assert found is not None
    return found


def _report(world: World, name: str) -> tuple[str, str]:
    neighbour = actor_of(world.people["author" if name == "reported" else "neighbour"])
    with transaction():
        made = moderation.report_subject(
            _subject(world, name),
            actor=neighbour,
            category=Category.INSULT,
            language="de",
            words="Bitte",
        )
        return made.code, made.report.public_id


def _decide(world: World, name: str, rule: Ruling) -> str:
    moderator = actor_of(world.people["moderator"])
    with transaction():
        case = session.query(Case).filter_by(subject_id=_proposal(world, name).id).one()
        return moderation.decide_case(case, actor=moderator, ruling=rule).public_id


def _moderation(world: World) -> None:
    """One case waits; two things are hidden, and the author has objected to one decision."""
    world.words["receipt"], world.words["report"] = _report(world, "reported")
    _report(world, "insult")
    world.words["decision"] = _decide(world, "insult", ruling(Measure.HIDE))
    author = actor_of(world.people["author"])
    with transaction():
        world.words["case"] = (
            session.query(Case).filter_by(subject_id=_proposal(world, "reported").id).one().public_id
        )
        decision = session.query(Ruled).filter_by(public_id=world.words["decision"]).one()
        appeal = moderation.object_to(decision, actor=author, words="Das war ein Zitat.")
        world.words["appeal"] = appeal.public_id
    with transaction():
        moderation.report_subject(
            _subject(world, "unkind"), actor=VISITOR, category=Category.INSULT, language="de"
        )
    world.words["fresh_decision"] = _decide(world, "unkind", ruling(Measure.HIDE))


def _office(world: World) -> None:
    """Answers prepared and public, an assessment, a need, a merge that is asked for, a text that waits."""
    actors = {name: actor_of(account) for name, account in world.people.items()}
    with transaction():
        own = _proposal(world, "own")
        need = office.add_need(own, actor=actors["author"], kind=NeedKind.HANDS, words="Zwei, die streichen")
        world.words["need"] = need.public_id
        for name in ("prepared", "answered"):
            words = Words(Decision.ACCEPTED, "Das machen wir im **Mai**.", "de")
            office.prepare_answer(_proposal(world, name), words, actor=actors["planner"])
        office.publish_answer(_proposal(world, "answered"), actor=actors["planner"])
        judgement = Judgement(Verdict.FEASIBLE, "Der Boden trägt es.", "de", cost_cents=120_000)
        office.prepare_assessment(own, judgement, actor=actors["professional"])
        office.publish_assessment(own, actor=actors["professional"])
        words = {"title": "مقاعد", "what": "مقاعد", "why": "مقاعد", "for_whom": "مقاعد"}
        office.write_text(own, "ar", words, actor=actors["neighbour"])
        office.wish_for_text(own, "tr", actor=actors["neighbour"])
        words = {"title": own.title, "what": f"{own.what_md} Und ein Tisch.", "why": "Zum Essen."}
        change = office.suggest_change(own, words | {"for_whom": "Alle"}, actor=actors["neighbour"])
        world.words |= {"change": change.public_id, "neighbour_person": world.people["neighbour"].public_id}
        twin = _proposal(world, "twin")
        case = office.ask_merge(twin, own, actor=actors["moderator"], reason="Beide meinen dasselbe.")
        world.words |= {
            "merge": case.merge.public_id,
            "offer": session.query(TextOffer).filter_by(is_change=False).one().public_id,
        }


def _results(world: World) -> None:
    """A vote of the town that is over and public, with an objection that waits for an answer."""
    moderator, author = world.people["moderator"], actor_of(world.people["author"])
    ended = {"begins": timedelta(days=-5), "lasts": timedelta(days=2)}
    district = moderator_district(moderator)
    round_id = make_round(moderator=moderator, district_ids=(district,), file_threshold=0, **ended)
    closing.close_round(round_id)
    with transaction():
        vote = get_round(round_id)
        publishing.publish(vote, actor=SYSTEM)
        made = objecting.object_to_result(vote, "Meine Stimme fehlt.", actor=author, language="de")
        world.words |= {"result": vote.public_id, "objection": made.public_id}


def _small_vote(world: World) -> None:
    """A vote with few ballots, its file open for an observer."""
    moderator, observer = world.people["moderator"], world.people["neighbour"]
    ended = {"begins": timedelta(days=-5), "lasts": timedelta(days=2)}
    district = moderator_district(moderator)
    round_id = make_round(moderator=moderator, district_ids=(district,), observers=observer.email, **ended)
    closing.close_round(round_id)
    with transaction():
        vote = get_round(round_id)
        publishing.publish(vote, actor=SYSTEM)
        world.words |= {"small_vote": vote.public_id}
    for name, step in (("moderator", releasing.ask_release), ("colleague", releasing.approve_release)):
        actor = actor_of(world.people[name])
        with transaction():
            step(get_round(round_id), actor=actor)


def moderator_district(moderator: Account) -> int:
    """The district of the moderator's hat."""
    found = next(one.district_id for one in actor_of(moderator).roles)
    assert found is not None
    return found


def _processes(world: World) -> None:
    """One that runs, with a proposal; one to come; a draft with a secret link."""
    actor = actor_of(world.people["moderator"])
    with transaction():
        contact = world.people["moderator"].id
        runs = make_process(
            title="Bürgerhaushalt 2026",
            phases=spans(*PhaseKind, days=12, offset=-20),
            contact_account_id=contact,
            budget_cents=60_000_00,
            body=LONG,
            level=2,
        )
        make_proposal(process_id=runs.id, title="Eine Bank aus dem Bürgerhaushalt")
        coming = make_process(title="Welcher Name passt?", phases=spans(PhaseKind.VOTING, offset=9))
        draft = make_process(
            title="Noch geheim", state=ProcessState.DRAFT, phases=spans(*PhaseKind, days=9, offset=3)
        )
        world.words |= {
            "process": runs.public_id,
            "coming": coming.public_id,
            "draft_process": draft.public_id,
            "phase": runs.phases[0].public_id,
            "preview": make_preview(draft, actor=actor),
        }


def _small_things(world: World) -> None:
    author, admin = world.people["author"], actor_of(world.people["administrator"])
    undo = secrets.token_urlsafe(24)
    with transaction():
        barrier = report_barrier(page="/de/proposals", text="Ich komme mit der Tastatur nicht weiter.")
        for language in ("de", "ar"):
            page = publish_page(admin, "imprint", language, title="Impressum", body="Stadt, Rathausplatz 1")
            world.words[f"version_{language}"] = str(page.id)
        session.add(
            EmailChange(
                account_id=author.id,
                old_email="alt@example.org",
                token_hash=hash_token(undo),
                changed_at=clock.now(),
                undo_until=clock.now() + timedelta(days=7),
            )
        )
        world.words |= {
            "barrier": barrier.public_id,
            "undo": undo,
            "unsubscribe": unsubscribe_token(author.public_id, "proposals.answered"),
        }
