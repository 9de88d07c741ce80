"""A4, A8: no planted word comes out where it must not: search, fragments, links, mails, logs, the file."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest

from portal.core import jobs
from portal.core.db import session
from portal.web.logs import Lines
from tests.support.mail import mail_files
from tests.support.whole import WHOLE
from tests.trust.choosing import by_day, visits
from tests.trust.expectations import cells
from tests.trust.forms import begun
from tests.trust.walk import face_of, path_of, text_of
from tests.trust.world import World

OUTSIDERS = ("V", "R", "PX", "MX", "PL", "AD")
ASKING = (
    "/de/search?q={}",
    "/de/proposals?q={}",
    "/de/proposals/similar?title={}",
    "/de/proposals.atom?q={}",
    "/de/open-data/proposals.json?q={}",
)
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
MOST_PAGES = 150
# What an administrator may come across: the own address, and what only administrators handle.
ADMINISTRATORS_OWN = {
    "e-mail address of AD",
    "address of a new colleague",
    "report of a barrier",
    "contact of a barrier's reporter",
}


def test_search_answers_as_if_the_words_were_nowhere(world: World) -> None:
    """Hidden and private words cannot even be asked for.

    By day each word is asked for in every way, each time by somebody else; with WHOLE=1 by all of them.
    """
    nowhere = "zq" + "y" * 18
    told = []
    for persona in OUTSIDERS:
        for way, asking in enumerate(ASKING):
            miss = face_of(world.ask(persona, "GET", asking.format(nowhere)), nowhere)
            for turn, (word, (place, allowed)) in enumerate(world.canaries.places.items()):
                outsiders = [one for one in OUTSIDERS if one not in allowed]
                is_in_turn = outsiders and outsiders[(turn + way) % len(outsiders)] == persona
                if persona in allowed or not (WHOLE or is_in_turn):
                    continue
                found = face_of(world.ask(persona, "GET", asking.format(word)), word)
                if stable(found) != stable(miss):
                    told.append(f"{asking} as {persona}: {place}")
    assert told == []


def stable(face: object) -> str:
    """Without what changes by the second: etags and times."""
    return re.sub(
        r"'(ETag|Last-Modified|Content-Disposition)', '[^']*'|\d{4}-\d\d-\d\dT[\d:.+Z]*", "", str(face)
    )


def test_fragments_keep_the_secrets_too(world: World) -> None:
    """The same addresses, asked for by htmx: by day those of choosing.py."""
    leaks, asked = [], 0
    every = visits([cell for cell in cells() if cell.method == "GET"], world.things, OUTSIDERS)
    chosen = by_day(every)
    for visit in every:
        if not WHOLE and visit.name not in chosen:
            continue
        path = path_of(visit.cell.route, world.things[visit.cell.on][visit.state])
        answer = world.ask(visit.persona, "GET", path, headers={"HX-Request": "true"})
        leaks += [f"{path} as {visit.persona}: {one}" for one in leaks_of(world, answer, visit.persona)]
        asked += 1
    assert asked > 1000
    assert leaks == []


def leaks_of(world: World, answer, persona: str) -> list[str]:  # type: ignore[no-untyped-def]
    """What an answer tells this persona that it must not."""
    return world.canaries.leaks(f"{answer.headers}\n{text_of(answer)}", persona)


@pytest.mark.parametrize("persona", OUTSIDERS)
def test_whatever_links_lead_to(world: World, persona: str) -> None:
    """From the home page along every link, with its filters and pages."""
    waiting, seen, leaks, kinds = ["/de/"], {"/de/"}, [], set()
    while waiting and len(seen) < MOST_PAGES * 20:
        path = waiting.pop(0)
        answer = world.ask(persona, "GET", path)
        leaks += [f"{path}: {one}" for one in leaks_of(world, answer, persona)]
        for found in LINK.findall(text_of(answer)) if answer.mimetype in {"text/html"} else ():
            link = unescape(found)
            # One of each shape is enough: /de/proposals/x and /de/proposals/y are the same page.
            shape = re.sub(r"=[^&]*|/[0-9a-z]{8,}(?=/|$)", "=", link)
            if link in seen or not link.startswith("/de/") or (shape in kinds and len(seen) > MOST_PAGES):
                continue
            seen.add(link)
            kinds.add(shape)
            if len(seen) <= MOST_PAGES:
                waiting.append(link)
    assert len(seen) > 20
    assert leaks == []


def test_an_administrator_is_blind_to_content(world: World) -> None:
    """A8: of everything private an administrator may meet only what is an administrator's to handle."""
    allowed = {place for place, who in world.canaries.places.values() if "AD" in who and "V" not in who}
    assert allowed == ADMINISTRATORS_OWN


def test_mails_reach_only_those_they_are_for(world: World) -> None:
    """All waiting mails are sent: each holds what its reader may know, its subject what everybody may."""
    while jobs.run_due(limit=100):
        pass
    session.rollback()
    mails = mail_files(world.path.parent)
    assert len(mails) > 5
    wrong = []
    for mail in mails:
        reader = owner_of(world, str(mail["To"]))
        text = "\n".join(
            str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"
        )
        headers = "\n".join(f"{name}: {value}" for name, value in mail.items() if name not in {"To"})
        known = reader if reader != "somebody else" else "V"  # what everybody may know, nothing more
        wrong += [f"to {reader}: {place}" for place in world.canaries.leaks(text, known)]
        wrong += [f"{mail['Subject']}: {place}" for place in world.canaries.leaks(headers, "V")]
    assert wrong == []


def owner_of(world: World, address: str) -> str:
    """The persona a mail goes to."""
    for word in world.canaries.seen_in(address):
        place = world.canaries.places[word][0]
        return place.removeprefix("e-mail address of ")
    return "somebody else"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything any logger says, as it is written by the portal."""
    said, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(said), root.level
    handler.setFormatter(Lines())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(handler)
    root.setLevel(level)


def test_logs_hold_no_private_words(world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed words, addresses, a crash in the middle: route names and ids are all that is written."""
    words = list(world.canaries.places)
    for persona in ("V", "R", "MO"):
        for word in words[:20]:
            world.ask(persona, "GET", f"/de/search?q={word}")
            world.ask(persona, "POST", "/de/sign-in", {"identifier": f"{word}@example.org"})
            world.ask(persona, "GET", f"/de/{quote(word)}")
        sent = {"text": words[0], "contact": words[1], "begun": begun()}
        assert world.ask(persona, "POST", "/de/report-barrier", sent).status_code == 303

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError(words[2])

    monkeypatch.setattr("portal.content.views.pages.report_barrier", crash)
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    world.ask("R", "POST", "/de/report-barrier", {"text": words[3]})
    while jobs.run_due(limit=100):
        pass
    session.rollback()
    assert "crash" in log.getvalue()
    assert world.canaries.seen_in(log.getvalue()) == set()


# Plain in the file by design: public texts, and what is public again as soon as nobody hides it.
READABLE_IN_FILE = re.compile(
    r"^(hidden|objected) proposal:|^draft:|^draft proposal:|^draft process:|hidden comment|comment below|"
    r"description of|prepared |offered text|note of a pledge|reason for putting|what a mediator says |"
    r"^idea, |^name of a (closed )?group( that|, (closed|founding|proposed)$)|suggested change|"
    r"words of (a|the)( hidden)? video|"
    r"name of a passkey|report of a barrier$|^draft of a vote: |^reason of a vote|^draft process: "
)


def test_a_stolen_file_holds_no_addresses_and_no_confidences(world: World) -> None:
    """E8: what people said in confidence, and who they are, stands encrypted in the database."""
    stored = world.clean.read_bytes().decode("latin-1")
    found = sorted(world.canaries.places[word][0] for word in world.canaries.seen_in(stored))
    assert [place for place in found if not READABLE_IN_FILE.search(place)] == []
    # On which day a discreet group meets; of other groups the calendar asks the database.
    assert world.ids["coming day"] in stored
    assert world.ids["hidden day"] not in stored
    encrypted = {place for place, _ in world.canaries.places.values()} - set(found)
    assert {"words of a report", "address of a reporter", "note among moderators"} <= encrypted


def test_deleted_words_are_gone_from_the_file(world: World) -> None:
    """What somebody deleted is nowhere, not even in free pages."""
    word = next(word for word, (place, _) in world.canaries.places.items() if place == "deleted comment")
    assert word.encode() not in world.clean.read_bytes()
