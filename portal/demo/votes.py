"""The votes of the demo town: one that runs, with ballots in its box, and one that is over and explained.

The one that is over is Wieliczka's Green Budget of 2023, where its file is at hand (PORTAL_REAL_DATA), else a
budget that somebody could have voted on in Lindental: invented, 2,000 ballots, always the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from portal.core import clock
from portal.core.db import transaction
from portal.demo.cities import FOLDER
from portal.demo.people import People
from portal.processes.models import Influence
from portal.rounds.errors.roll import MayNotVote
from portal.rounds.models import BallotKind, Round, Rule
from portal.rounds.operations import casting, drafting, eligibility, opening, options
from portal.rounds.operations.importing import import_round

REAL = "Poland_Wieliczka_2023_Green_Budget.pb"
SEED, VOTERS = 2026, 2_000
BUDGET_EUROS = 120_000
# title, cost in euros, how well known it is (of 100), the quarter that wants it most
INVENTED = (
    ("Trinkbrunnen am Marktplatz", 9_500, 38, 0),
    ("Schattenbäume in der Bahnhofstraße", 24_000, 44, 0),
    ("Offene Werkstatt im alten Bauhof", 31_000, 29, 1),
    ("Spielplatz am Auenweg erneuern", 42_000, 41, 2),
    ("Sitzbänke alle zweihundert Meter", 12_800, 47, 0),
    ("Beleuchteter Radweg zur Schule", 55_000, 36, 3),
    ("Gemeinschaftsgarten hinter dem Bad", 7_200, 22, 1),
    ("Mobile Bühne für Feste", 18_500, 18, 2),
    ("Bücherschrank in jedem Viertel", 4_800, 33, 3),
    ("Rampe am Bürgerhaus", 14_600, 31, 1),
    ("Skateanlage an der Halle", 38_000, 21, 2),
    ("Öffentliche Toilette am Fluss", 46_000, 34, 0),
    ("Wildblumen statt Rasen", 6_300, 27, 3),
    ("Sprachcafé mit Kinderbetreuung", 11_900, 19, 1),
)
RUNNING = (
    ("Bäume für den Schulhof", 1_800_000, "Zwölf Bäume, die im Sommer Schatten geben."),
    ("Fahrradstation am Bahnhof", 2_600_000, "Vierzig überdachte Plätze mit Luftpumpe."),
    ("Bewegungspark für Ältere", 2_100_000, "Sechs Geräte am Weg zum Kurpark."),
    ("Bänke mit Lehne am Fluss", 600_000, "Acht Bänke, auf denen man gut aufsteht."),
    ("Probenraum für junge Bands", 1_200_000, "Ein trockener Keller mit Schallschutz."),
    ("Sprachkurs im Park", 400_000, "Zwanzig Abende, von Mai bis September."),
)


def open_one(people: People) -> Round:
    """A budget of the whole town that has run for three days, with a few ballots of its residents."""
    today, actor = clock.now(), people.actor("kettler")
    with clock.pretend(today - timedelta(days=4)):
        vote = drafting.create_round(actor=actor, title="Bürgerbudget: Was bauen wir zuerst?")
        drafting.save_words(
            vote,
            actor=actor,
            title=vote.title,
            question="Welche Vorhaben soll die Stadt im nächsten Jahr bezahlen?",
            intro="Die Stadt gibt **50.000 Euro**. Wählen Sie alles, was Ihnen wichtig ist.",
            language="de",
            influence=Influence.DECISION,
        )
        drafting.save_ballot(vote, actor=actor, kind=BallotKind.APPROVAL)
        drafting.save_counting(
            vote,
            actor=actor,
            rule=Rule.EQUAL_SHARES_ADD1,
            budget_cents=5_000_000,
            lottery_source="Lotto 6 aus 49, erste Ziehung nach dem Ende",
            lottery_on=clock.local(today + timedelta(days=14)).date(),
        )
        for title, cost, text in RUNNING:
            options.add_typed(vote, actor=actor, title=title, text=text, cost_cents=cost)
        drafting.save_voters(vote, actor=actor, level=0, district_ids=(), receipts=True, file_threshold=20)
        begins, ends = today - timedelta(days=3), _evening(today + timedelta(days=11))
        drafting.save_dates(vote, actor=actor, opens_at=begins, closes_at=ends)
        opening.open_round(vote, actor=actor)
    _cast(vote, people)
    return vote


def _evening(day: datetime) -> datetime:
    """Six o'clock in the town: votes end when people are awake."""
    return clock.local(day).replace(hour=18, minute=0, second=0, microsecond=0).astimezone(UTC)


def _cast(vote: Round, people: People) -> None:
    """Some residents have voted; the others can still do it in the demo."""
    dice = Random(SEED)  # noqa: S311  an invented vote, the same every time
    codes = [option.code for option in vote.options]
    for key in people.crowd:
        try:
            entry = eligibility.enter(people.actor(key), vote)
        except MayNotVote:
            continue
        chosen = sorted(dice.sample(codes, dice.randint(1, 4)))
        casting.cast(vote, entry, {"kind": "approval", "choices": chosen})


def load_past(progress: Callable[[int], object] = lambda steps: None) -> str:
    """The vote that is over: imported from a file, its reasons worked out; returns its title."""
    real = Path(os.environ.get(FOLDER) or "/nowhere") / "pb" / REAL
    with TemporaryDirectory() as folder:
        path = real if real.is_file() else _invented_file(Path(folder))
        with transaction():
            done = import_round(path)
            progress(1)
            return done.vote.title


def _invented_file(folder: Path) -> Path:
    """A file like those that towns publish, from an invented vote."""
    dice = Random(SEED)  # noqa: S311  an invented vote, the same every time
    lines = []
    for number in range(1, VOTERS + 1):
        quarter = dice.randrange(4)
        chosen = [
            str(code)
            for code, (_title, _cost, known, wanted_by) in enumerate(INVENTED, 1)
            if dice.random() * 100 < (known * 1.9 if quarter == wanted_by else known * 0.7)
        ]
        if chosen:
            lines.append(f"{number:04};{','.join(chosen[:6])}")
    head = _head(len(lines))
    rows = [f"{code};{cost};{title}" for code, (title, cost, _known, _who) in enumerate(INVENTED, 1)]
    text = [
        "META",
        "key;value",
        *head,
        "PROJECTS",
        "project_id;cost;name",
        *rows,
        "VOTES",
        "voter_id;vote",
        *lines,
    ]
    path = folder / "lindental.pb"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def _head(ballots: int) -> list[str]:
    """The lines about the vote as a whole."""
    year = clock.today().year - 1
    first, last = date(year, 5, 4), date(year, 5, 24)
    meta = {
        "description": "Bürgerbudget von Lindental an der Aue (erfunden)",
        "country": "Germany",
        "unit": "Lindental an der Aue",
        "subunit": "Bürgerbudget",
        "instance": str(year),
        "num_projects": len(INVENTED),
        "num_votes": ballots,
        "budget": BUDGET_EUROS,
        "vote_type": "approval",
        "rule": "equalshares/add1",
        "date_begin": f"{first:%d.%m.%Y}",
        "date_end": f"{last:%d.%m.%Y}",
        "max_length": 6,
        "language": "de",
        "currency": "EUR",
    }
    return [f"{key};{value}" for key, value in meta.items()]
