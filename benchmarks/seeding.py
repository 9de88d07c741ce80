"""A town to measure in: districts, proposals, people who are signed in, a conversation of fifty comments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask, current_app
from sqlalchemy import BigInteger, String, cast, insert, literal, select, update

from benchmarks.towns import seeder
from portal.accounts.models import Account, CodePurpose
from portal.accounts.operations import make_code, request_code
from portal.accounts.views.adapter import BROWSER
from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.core.search.documents import SearchDoc
from portal.core.search.order import LANGUAGE_BITS
from portal.core.site_settings import change
from portal.core.text import render_markdown
from portal.discussions.models import Comment, Thread
from portal.proposals.models import Proposal, ProposalVersion, Topic
from portal.proposals.models.proposal import SHUFFLE_FACTOR, SHUFFLE_SIZE
from portal.proposals.operations.importing import ImportedProposal, import_proposals
from tests.support.factories import make_resident, sign_in
from tests.support.factories_places import make_district
from tests.support.people import Person

BATCH, FIRST = 500, 1_000
PEOPLE, BROWSERS, COMMENTS = 40, 60, 50
THINGS = ["Bank", "Brunnen", "Spielplatz", "Radweg", "Laterne"]
PLACES = ["Marktplatz", "Bahnhof", "Lindenallee", "Schule", "Friedhof"]
WISHES = ["neue", "sichere", "hellere", "ruhige", "barrierefreie"]
REASONS = (
    "Viele ältere Leute finden hier keinen Platz zum Ausruhen.",
    "Der Weg zur Schule ist am Morgen gefährlich.",
    "Im Sommer fehlt Schatten, im Winter fehlt Licht.",
    "Die Nachbarschaft möchte selbst mit anpacken.",
    "Es gibt im Umkreis von einem Kilometer nichts dergleichen.",
    "Früher gab es das schon einmal, und es wurde gern genutzt.",
)


def proposals(count: int, district_ids: list[int]) -> Iterator[ImportedProposal]:
    """So many projects out of the same few hundred words, the same in every run."""
    chance, now = random.Random(2), clock.now()
    for number in range(count):
        thing, place, wish = chance.choice(THINGS), chance.choice(PLACES), chance.choice(WISHES)
        yield ImportedProposal(
            key=str(number),
            title=f"{wish.capitalize()} {thing} am {place} {number}",
            what=" ".join(chance.sample(REASONS, 4)),
            why=chance.choice(REASONS),
            place_words=f"Am {place}",
            topic=chance.choice(list(Topic)),
            district_id=chance.choice(district_ids),
            lat=50.0 + chance.random() * 0.01,
            lon=8.0 + chance.random() * 0.01,
            submitted_at=now - timedelta(seconds=60 * (count - number)),
        )


@seeder
def a_town(size: int) -> dict[str, Any]:
    """Districts and proposals: the first thousand as the importer writes them, then copies of these."""
    with transaction():
        change("discussions.per_hour", 1_000, actor=SYSTEM)  # the brake is not what is measured
        districts = [make_district().id for _ in range(8)]
    waiting = proposals(min(size, FIRST), districts)
    while rows := list(islice(waiting, BATCH)):
        with transaction():
            import_proposals("Bench", rows)
    until = clock.today() + timedelta(days=30)
    with transaction():
        session.execute(
            update(Proposal).values(collecting_until_on=until, support_count=Proposal.id % 80),
            execution_options={"synchronize_session": False},
        )
    for number in range(1, size // FIRST):
        with transaction():
            _copy(number * FIRST)
    newest = select(Proposal.public_id).order_by(Proposal.published_at.desc()).limit(FIRST)
    return {"proposals": list(session.scalars(newest))}


def _copy(distance: int) -> None:
    """The first thousand proposals once more, with everything below them, at ids so far away."""
    proposal, thread, version, doc = (
        model.__table__ for model in (Proposal, Thread, ProposalVersion, SearchDoc)
    )
    far = {"id": thread.c.id + distance, "subject_id": thread.c.subject_id + distance}
    _insert_again(thread, thread.c.id <= FIRST, {**far, "public_id": _named(thread.c.id, distance)})
    new_id = proposal.c.id + distance
    changed = {
        "id": new_id,
        "public_id": _named(proposal.c.id, distance),
        "import_key": cast(new_id, String),
        "thread_id": proposal.c.thread_id + distance,
        "shuffle": cast(new_id, BigInteger) * SHUFFLE_FACTOR % SHUFFLE_SIZE,
    }
    _insert_again(proposal, proposal.c.id <= FIRST, changed)
    moved = {"id": None, "proposal_id": version.c.proposal_id + distance}
    _insert_again(version, version.c.proposal_id <= FIRST, moved)
    moved = {"id": doc.c.id + (distance << LANGUAGE_BITS), "object_id": doc.c.object_id + distance}
    _insert_again(doc, (doc.c.kind == "proposal") & (doc.c.object_id <= FIRST), moved)


def _named(column: Any, distance: int) -> Any:
    return literal("b") + cast(column + distance, String)


def _insert_again(table: Any, which: Any, changed: dict[str, Any]) -> None:
    """INSERT ... SELECT with some columns changed; None leaves a column to the database."""
    columns = [one for one in table.c if one.computed is None and changed.get(one.name, one) is not None]
    values = [changed.get(one.name, one) for one in columns]
    session.execute(insert(table).from_select([one.name for one in columns], select(*values).where(which)))


@seeder
def people(size: int) -> dict[str, Any]:
    """Residents whose browsers are signed in, and browsers that wait for a code to be typed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    accounts = [make_resident(created_at=clock.now() - timedelta(days=30)) for _ in range(PEOPLE)]
    return {
        "people": [_signed_in(app, account) for account in accounts],
        "browsers": [_waiting(app, number) for number in range(BROWSERS)],
        "strangers": [_visitor(app) for _ in range(4)],
        **_conversation(accounts),
    }


def _signed_in(app: Flask, account: Account) -> dict[str, str]:
    person = Person(app)
    with app.app_context():  # one of its own for each browser: it remembers the token of the last one
        sign_in(person.client, account)
        token = person.token("/de/account")
    return {"cookie": person.jar(), "token": token}


def _visitor(app: Flask) -> dict[str, str]:
    person = Person(app)
    with app.app_context():
        token = person.token("/de/sign-in")
    return {"cookie": person.jar(), "token": token}


def _waiting(app: Flask, number: int) -> dict[str, str]:
    person = Person(app)
    with app.app_context():
        token = person.token("/de/sign-in")
    browser = f"browser-{number}"
    with person.client.session_transaction() as cookie:
        cookie[BROWSER] = browser
    with transaction():
        asked = request_code(
            typed=f"somebody{number}@example.org", browser=browser, language="de", purpose=CodePurpose.SIGN_IN
        )
        make_code(asked.id)
    return {"cookie": person.jar(), "token": token}


def _conversation(accounts: list[Account]) -> dict[str, Any]:
    with transaction():
        proposal = session.scalars(select(Proposal).order_by(Proposal.id).limit(1)).one()
        now, text = clock.now(), " ".join(REASONS[:3])
        session.execute(
            insert(Comment),
            [
                {
                    "public_id": f"comment{number}",
                    "thread_id": proposal.thread_id,
                    "author_id": accounts[number % PEOPLE].id,
                    "body_md": text,
                    "body_html": render_markdown(text),
                    "language": "de",
                    "direction": "ltr",
                    "stance": ("for", "question", None)[number % 3],
                    "created_at": now - timedelta(minutes=COMMENTS - number),
                }
                for number in range(COMMENTS)
            ],
        )
        proposal.comment_count = COMMENTS
        thread = session.get_one(Thread, proposal.thread_id)
        return {"discussed": proposal.public_id, "thread": thread.public_id}
