"""What each form is sent with, so that whoever may send it succeeds."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.core import clock
from portal.core.crypto import keyed_hash
from portal.core.db import transaction
from portal.rounds.queries.opening import rules_text, sha256
from tests.support.factories_rounds import get_round
from tests.support.videos import mp4
from tests.trust.accountwork import districts_file
from tests.trust.peaceforms import PEACE_FORMS
from tests.trust.people import TOTP_SECRET, app_code
from tests.trust.rollwork import sealed
from tests.trust.things import photo
from tests.trust.world import World

Maker = Callable[[World, str, str], dict[str, Any]]
NAME = "Neuer Name"


def _file(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def begun() -> str:
    stamp = str(int(time.time()) - 60)
    return f"{stamp}.{keyed_hash('web.begun', stamp)[:20]}"


def _report(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"category": "spam", "words": "Bitte ansehen", "begun": begun()}


def _decide(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"measure": "none", "ground": "no_breach", "facts": "Der Text hält sich an die Regeln."}


def _seen(world: World, state: str, persona: str) -> dict[str, Any]:
    if state != "draft":
        return {"is_read": "y"}
    with transaction(write=False):
        rules = rules_text(get_round(world.ids["round draft"]))
    return {"is_read": "y", "seen": sha256(rules)}


def _third(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"member": world.ids["third member"]}


ROLE = {"label": "Schlüssel", "rights": ["book_room"], "how": "trust", "term_months": "6"}
LOST = {"batch_number": "1", "letter_number": "2", "language": "de", "reason": "verzogen"}
EDITED = {"title": "Mehr Bänke und Bäume", "what": "Noch eine Bank.", "language": "de", "district": "0"}
PROCESS = {
    "kind": "budget",
    "title": "Bürgerhaushalt",
    "summary": "Wofür soll die Stadt Geld ausgeben?",
    "body": "Alle können mitmachen.",
    "language": "de",
    "influence": "decision",
    "level": "0",
    "contact": "0",
    "organization": "0",
}
PHASE = {
    "kind": "voting",
    "starts_on": "2027-01-01",
    "starts_time": "",
    "ends_on": "2027-01-05",
    "ends_time": "",
}


def _process_texts(world: World, state: str, persona: str) -> dict[str, Any]:
    phase = world.things["process phase"].get(state, {}).get("phase_id", "x")
    words = {"title": "الميزانية", "summary": "ملخص", "body": "نص"}
    return words | {f"phase-{phase}-title": "تصويت", f"phase-{phase}-text": "نص"}


DECIDED = {"results_shown": "at_closing", "quorum_kind": "none", "majority": "simple"} | {
    "electorate": "at_opening",
    "reasons": "optional",
}


def _new_group(world: World, state: str, persona: str) -> dict[str, Any]:
    kind = "professionals" if persona in ("PA", "PC", "PX", "MO", "MX") else "project"
    words = {"name": "Ein Chor", "aim": "Zusammen singen", "alias": f"Stimme {persona}", "preset": "everyone"}
    return {**words, "kind": kind, "privacy": "closed", "district": "0", "key": f"k{persona}"}


def _named(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"alias": f"Neu {persona}"}


def _written_back(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"thread": world.things["group letter"]["answered"]["thread"], "text": "Danke."}


LETTER = {"name": "Rosa", "text": "Ich suche Menschen.", "topic": "other"}
GROUP_WORDS = {"name": "Ein Chor", "aim": "Singen", "welcome": "Kommt!", "contact_way": "Dienstags"}


def _end(world: World, state: str, persona: str) -> dict[str, Any]:
    later = (clock.today() + timedelta(days=20)).isoformat()
    words = {"title": "Ein leises Fest", "statement": "Wir feiern leise.", "who": "Anna"}
    return {**words, "closes_on": later, "closes_hour": "20", "due_on": later}


def _meeting(world: World, state: str, persona: str) -> dict[str, Any]:
    day = (clock.today() + timedelta(days=20)).isoformat()
    when = {"day": day, "starts": "18:00", "minutes": "120", "place": "Im Hof"}
    return {**when, "repeats": "once", "seen": "members"}


def _standing_in(world: World, state: str, persona: str) -> dict[str, Any]:
    today = clock.today().isoformat()
    return {"person": world.people.accounts["PC"].public_id, "from_on": today, "until_on": today}


def _sheet(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"met_on": clock.today().isoformat(), "text": "Es war schön.", "version": "1"}


ACCOMPANIED = {"goal": "Ein Raum", "months": "3", "meetings": "2", "companion": ""}
FORMS: dict[str, dict[str, Any] | Maker] = PEACE_FORMS | {
    "/L/groups/<pid>/meetings/new": _meeting,
    "/L/groups/<pid>/meetings/<did>/change": _meeting,
    "/L/groups/<pid>/meetings/<did>/answer": {"answer": "yes", "people": "1"},
    "/L/groups/<pid>/meetings/<did>/held": {"held": "held"},
    "/L/groups/<pid>/accompaniment/new": ACCOMPANIED,
    "/L/groups/<pid>/accompaniment/offer": ACCOMPANIED,
    "/L/groups/<pid>/accompaniment/<aid>/write": {"text": "Wann passt es?"},
    "/L/groups/<pid>/accompaniment/<aid>/substitutes/<number>": {"answer": "yes"},
    "/L/groups/accompaniments": lambda world, *_: {"code": world.ids["companion code"]},
    "/L/groups/accompaniments/<aid>/look": {"what": "board"},
    "/L/groups/accompaniments/<aid>/report": {"text": "Der Raum ist gefunden."},
    "/L/groups/<pid>/accompaniment/<aid>/report": {"text": "Der Raum ist gefunden."},
    "/L/groups/accompaniments/<aid>/note": {"text": "Ich habe den Kreis kennengelernt."},
    "/L/groups/accompaniments/<aid>/write": {"text": "Am Dienstag."},
    "/L/groups/accompaniments/<aid>/substitute": _standing_in,
    "/L/office/processes/new": {
        "source": "survey",
        "title": "Umfrage",
        "starts_on": "2027-01-01",
        "language": "de",
    },
    "/L/office/processes/<pid>/facts": PROCESS,
    "/L/office/processes/<pid>/phases/new": PHASE,
    "/L/office/processes/<pid>/phases/<phase_id>": PHASE,
    "/L/office/processes/<pid>/texts/<slug>": _process_texts,
    "/L/report-barrier": lambda *_: {"text": "Die Schrift ist zu klein.", "begun": begun()},
    "/L/proposals/new": {"title": "Ein Brunnen"},
    "/L/proposals/<pid>/edit": EDITED,
    "/L/proposals/<pid>/withdraw": {"reason": "other", "note": "Schade"},
    "/L/proposals/<pid>/still-with-it": {"answer": "keep"},
    "/L/proposals/invitations/<token>": {"answer": "decline"},
    "/L/proposals/drafts/<pid>/title": {"title": "Ein Brunnen"},
    "/L/proposals/drafts/<pid>/what": {"text": "Wasser für alle."},
    "/L/proposals/drafts/<pid>/why": {"text": "Es ist heiß."},
    "/L/proposals/drafts/<pid>/for-whom": {"text": "Alle"},
    "/L/proposals/drafts/<pid>/where": {"place_words": "Am Markt", "district": "0"},
    "/L/proposals/drafts/<pid>/needs": {"kind": "hands", "words": "Helfer", "quantity": "2"},
    "/L/proposals/drafts/<pid>/photos": lambda *_: {"picture": _file(photo(), "a.jpg"), "alt": "Ein Brunnen"},
    "/L/proposals/drafts/<pid>/photos/describe": lambda world, *_: {
        "picture": world.things["picture"]["pending"]["public_id"],
        "alt": "Eine Bank",
    },
    "/L/proposals/drafts/<pid>/language": {"language": "de"},
    "/L/office/answers/publish": lambda world, *_: {"answer": world.things["proposal"]["worked"]["pid"]},
    "/L/office/votes/new": {"title": "Noch eine Abstimmung", "start": "survey"},
    "/L/office/votes/<pid>/words": {
        "title": "Neu",
        "influence": "decision",
        "language": "de",
        "contact": "0",
        "part_of": "0",
    },
    "/L/office/votes/<pid>/ballot": {"kind": "approval"},
    "/L/office/votes/<pid>/counting": {"rule": "greedy", "budget": "1000"},
    "/L/office/votes/<pid>/voters": lambda world, *_: {
        "level": "0",
        "file_threshold": "50",
        "districts": str(world.people.north),
    },
    "/L/office/votes/<pid>/dates": {
        "opens_on": "2030-01-01",
        "opens_at": "08:00",
        "closes_on": "2030-02-01",
        "closes_at": "18:00",
    },
    "/L/office/votes/<pid>/check": _seen,
    "/L/office/votes/<pid>/options/proposals": lambda world, *_: {
        "proposal": world.things["proposal"]["examined"]["pid"]
    },
    "/L/office/votes/<pid>/options/new": {"title": "Noch eine", "district": "0"},
    "/L/office/votes/<pid>/options/<code>": {"title": "Anders", "district": "0", "cost": "5"},
    "/L/office/votes/<pid>/options/<code>/withdraw": {"reason": "Der Boden trägt nicht."},
    "/L/office/votes/<pid>/draw": {"draw": "3 11 19 28 33 47"},
    "/L/office/votes/<pid>/objections/<oid>": {"answer": "Wir haben noch einmal gezählt."},
    "/L/votes/<pid>/observed": {"promise": "y"},
    "/L/votes/<pid>/object": {"words": "Meine Stimme fehlt."},
    "/L/office/votes/<pid>/void": {"reason": "Ein Irrtum"},
    "/L/votes/<pid>/code": lambda world, *_: {"code": world.ids["code"]},
    "/L/office/votes/<pid>/letters": lambda world, *_: {
        "size": "2",
        "language": "tr",
        "district": str(world.people.north),
    },
    "/L/office/votes/<pid>/lost-letters/replace": LOST,
    "/L/office/votes/<pid>/lost-letters/revoke": LOST,
    "/L/office/votes/<pid>/counters": {"place": "Bibliothek"},
    "/L/office/counters/<counter_id>/second": lambda world, *_: {
        "name": world.ids["PA2"],
        "code": app_code(),
    },
    "/L/office/counters/<counter_id>/person": {"who": "Rafik"},
    "/L/office/counters/<counter_id>/tick": sealed,
    "/L/office/counters/<counter_id>/help": sealed,
    "/L/office/counters/<counter_id>/close": {"size": "0"},
    "/L/office/counters/<counter_id>/sheets": {"serial": "3", "o-1": "1", "verdict": "as_typed"},
    "/L/office/counters/<counter_id>/sheets/<serial>": {"serial": "2", "verdict": "unclear"},
    "/L/office/vouch": {"name": "Rafik", "sure": "y"},
    "/L/account/known/neighbour": lambda world, *_: {"code": world.ids["wish"]},
    "/L/account/known/vouch": lambda world, *_: {"code": world.ids["wish"], "sure": "y"},
    "/L/proposals/<pid>/stage": {"target": "examined"},
    "/L/proposals/<pid>/answer": {"decision": "accepted", "text": "Wir machen das.", "language": "de"},
    "/L/proposals/<pid>/assessment": {"verdict": "feasible", "reason": "Es geht.", "language": "de"},
    "/L/proposals/<pid>/contact": lambda world, *_: {"contact": world.people.id("PA"), "substitute": "0"},
    "/L/proposals/<pid>/contact/refuse": lambda world, *_: {"account": world.people.id("RV")},
    "/L/proposals/<pid>/progress/steps": {"title": "Fundament", "state": "planned", "language": "de"},
    "/L/proposals/<pid>/progress/news": {"text": "Der Bagger ist da.", "language": "de"},
    "/L/proposals/<pid>/progress/responsible": {"organization": ""},
    "/L/proposals/<pid>/merge": lambda world, *_: {
        "target": world.things["proposal"]["worked"]["pid"],
        "reason": "Sie wollen dasselbe.",
    },
    "/L/proposals/<pid>/split": {"reason": "Sie wollen doch nicht dasselbe."},
    "/L/proposals/<pid>/needs": {"kind": "hands", "words": "Helfer", "quantity": "2"},
    "/L/proposals/<pid>/needs/<nid>/pledge": {"quantity": "1"},
    "/L/proposals/<pid>/texts/<language>": {"title": "Park için çeşme", "what": "Herkes için su."},
    "/L/proposals/<pid>/texts/offers/<oid>": {"answer": "accept"},
    "/L/proposals/<pid>/suggest": {"title": "Mehr Bänke und Bäume", "what": "Noch eine Bank."},
    "/L/proposals/<pid>/changes/<oid>": {"answer": "refuse"},
    "/L/proposals/<pid>/video": lambda *_: {"video": _file(mp4(), "a.mp4"), "words": "Eine Bank"},
    "/L/staff/pages/<page>/video": lambda *_: {"video": _file(mp4(), "a.mp4"), "words": "Das Impressum"},
    "/L/proposals/merges/<mid>": {"answer": "agree"},
    "/L/proposals/merges/<mid>/carry-over": {"answer": "agree"},
    "/L/threads/<tid>/comments": {"body": "Das finde ich gut."},
    "/L/comments/<pid>/edit": {"body": "Das finde ich besser.", "language": "de"},
    "/L/report/<kind>/<pid>": _report,
    "/L/receipts": lambda world, *_: {"code": world.things["receipt"]["of RV"]["code"]},
    "/L/decisions/<pid>/objection": {"words": "Das war ein Zitat."},
    "/L/moderation/cases/<pid>": _decide,
    "/L/moderation/cases/<pid>/notes": {"words": "Bitte mitlesen"},
    "/L/moderation/objections/<pid>": {"outcome": "upheld", "reply": "Wir haben es noch einmal gelesen."},
    "/L/account": lambda _world, _state, persona: {"display_name": f"{NAME} {persona}", "language": "de"},
    "/L/account/again/card": {"code": "abcd efgh jkmn"},
    "/L/account/delete": {"proposals": "keep", "comments": "keep", "support": "delete"},
    "/L/account/email": {"email": "ganz-neu@example.org"},
    "/L/sign-in": {"identifier": "niemand@example.org"},
    "/L/sign-in/code": {"code": "12345678"},
    "/L/staff/second-factor": lambda *_: {"code": app_code()},
    "/L/staff/second-factor/app": lambda *_: {"secret": TOTP_SECRET, "code": app_code()},
    "/L/staff/second-factor/passkey": {"credential": "{}"},
    "/L/staff/people": {"email": "kollegin@example.org", "display_name": "Kollegin", "role": "planner"},
    "/L/staff/cards": {"display_name": "Oma Krause", "language": "de"},
    "/L/staff/barriers/<public_id>": {"answer": "Die Schrift ist jetzt größer."},
    "/L/staff/districts": lambda *_: {"file": _file(districts_file(), "districts.geojson")},
    "/L/staff/organizations/new": {"name": "Neue Stelle", "language": "de"},
    "/L/staff/organizations/<public_id>": {"name": "Neuer Name", "language": "de"},
    "/L/staff/pages/<page>/<slug>": {"title": "Hilfe", "body": "So geht es."},
    "/L/staff/pages/<page>/<slug>/preview": {"title": "Hilfe", "body": "So geht es."},
    "/L/staff/settings/look/logo": lambda *_: {"logo": _file(photo(), "logo.jpg")},
    "/L/groups/<pid>/board/new": {"title": "Ein Fest", "text": "Wer kommt?"},
    "/L/groups/<pid>/board/<post>/answers": {"text": "Ich komme."},
    "/L/groups/<pid>/board/<post>/edit": {"title": "Ein Fest", "text": "Wer hilft?"},
    "/L/groups/<pid>/board/<post>/pictures": lambda *_: {"file": _file(photo(), "a.jpg"), "alt": "Ein Tisch"},
    "/L/groups/<pid>/board/<post>/report": _report,
    "/L/groups/<pid>/board/<post>/order": {"act": "close"},
    "/L/groups/<pid>/files/new": lambda *_: {"file": _file(photo(), "a.jpg"), "alt": "Ein Tisch"},
    "/L/groups/<pid>/files/<file>/describe": {"alt": "Ein Tisch"},
    "/L/groups/<pid>/minutes/new": _sheet,
    "/L/groups/<pid>/minutes/<sheet>/edit": _sheet,
    "/L/groups/<pid>/tasks/new": {"what": "Stühle holen"},
    "/L/groups/<pid>/tasks/<task>/edit": {"what": "Stühle bringen"},
    "/L/groups/<pid>/tasks/<task>": {"act": "take"},
    "/L/groups/<pid>/me": {"alias": "Faden", "notices": "neutral"},
    "/L/groups/<pid>/roles/new": ROLE,
    "/L/groups/<pid>/roles/<key>/change": {**ROLE, "rights": ["assign_roles"], "is_required": "y"},
    "/L/groups/<pid>/roles/<key>/offer": _third,
    "/L/groups/<pid>/roles/<key>/trust": _third,
    "/L/groups/<pid>/roles/<key>/distrust": _third,
    "/L/groups/<pid>/rights": {"rights": ["assign_roles"]},
    "/L/groups/<pid>/together/words": {"act": "contact", "words": "Im Hof"},
    "/L/groups/<pid>/leave": {"texts": "keep"},
    "/L/groups/<pid>/pause": {"days": "10"},
    "/L/groups/<pid>/goes-on": {"answer": "on"},
    "/L/groups/answer/<token>": {"answer": "on"},
    "/L/groups/<pid>/invitations": {"slips": "1"},
    "/L/groups/<pid>/settings": {"name": "Werkstatt", "aim": "Reparieren"},
    "/L/groups/<pid>/joining": {"join_way": "request"},
    "/L/groups/<pid>/privacy": {"privacy": "discreet", "sure": "y"},
    "/L/groups/<pid>/privacy/less": {"privacy": "open"},
    "/L/groups/new": _new_group,
    "/L/groups/new/begin": _new_group,
    "/L/groups/ideas/new": {"title": "Singen", "text": "", "district": "0"},
    "/L/groups/code": {"code": "bomi saru teva"},
    "/L/groups/code/join": {"code": "bomi saru teva", "alias": "Neu"},
    "/L/groups/letters/new": LETTER,
    "/L/groups/letters/<lid>": _written_back,
    "/L/groups/<pid>/join": _named,
    "/L/groups/<pid>/requests/<mid>": {"answer": "yes"},
    "/L/groups/<pid>/founding/privacy": {"privacy": "discreet"},
    "/L/groups/<pid>/founding/contact": {"contact_way": "Dienstags um sechs"},
    "/L/groups/<pid>/founding/plan": lambda *_: {
        "place": "Treff",
        "first_on": (clock.today() + timedelta(days=20)).isoformat(),
        "starts": "18:30",
    },
    "/L/groups/<pid>/founding/charter/<number>": {"goal": "Singen", "for_whom": "Alle"},
    "/L/groups/<pid>/languages": {"languages": "tr"},
    "/L/groups/<pid>/languages/<slug>": GROUP_WORDS,
    "/L/groups/<pid>/letters": {"topic": "grief"},
    "/L/groups/<pid>/letters/<lid>": {"text": "Gern."},
    "/L/groups/<pid>/letter": LETTER,
    "/L/groups/<pid>/decisions/new/<start>": {"title": "Ein Fest im Hof"},
    "/L/groups/<pid>/decisions/<did>/edit": {"title": "Ein Fest im Hof"},
    "/L/groups/<pid>/decisions/<did>/rules": DECIDED,
    "/L/groups/<pid>/decisions/<did>/open": _end,
    "/L/groups/<pid>/decisions/<did>/answer": {"answer": "yes", "go": "check"},
    "/L/groups/<pid>/decisions/<did>/answer/send": {
        "ballot": '{"content": {"answers": {"1": "yes"}}, "reason": ""}'
    },
    "/L/groups/<pid>/decisions/<did>/suggestions": {"text": "Glas"},
    "/L/groups/<pid>/decisions/<did>/cancel": {"reason": "Es hat sich erledigt."},
    "/L/groups/<pid>/decisions/<did>/note": {"note": "Es sind vier Tische."},
    "/L/groups/<pid>/decisions/<did>/next": _end,
    "/L/groups/<pid>/decisions/<did>/outcome": _end,
}


def form_of(world: World, route: str, state: str, persona: str) -> dict[str, Any]:
    """The fields for one POST, at the moment it comes; uploads are made anew, since sending closes them."""
    given = FORMS.get(route, {})
    with world.moment():
        return dict(given(world, state, persona) if callable(given) else given)
