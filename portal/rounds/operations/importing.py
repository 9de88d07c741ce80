"""A whole real election from a `.pb` file: its projects, its ballots and its result, marked as imported.

The file is the truth: its bytes are kept as they are, everything else is made from them. Nothing of it can be
voted on, and no account here has anything to do with its ballots.
"""

from __future__ import annotations

import csv
import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from babel import Locale
from sqlalchemy import Table, insert, select

from portal.core import clock, jobs
from portal.core.db import session
from portal.core.public_id import new_id
from portal.core.text import clean_line, excerpt, guess_language, render_markdown
from portal.rounds.models import (
    TITLE_LENGTH,
    Ballot,
    BallotKind,
    Channel,
    Round,
    RoundFile,
    RoundOption,
    RoundResult,
    RoundState,
    Rule,
)
from portal.rounds.operations.counting import in_words_of_json, keep_explanation, result_of
from portal.rounds.operations.indexing import let_round_be_found
from portal.rounds.operations.logbook import append
from portal.rounds.queries.logbook import canonical
from portal.voting import explain
from portal.voting.pabulib import PbFile, read
from portal.voting.recount import count_file

BATCH = 2_000
TRACKING_LENGTH = 20
KINDS = {
    "approval": BallotKind.APPROVAL,
    "points": BallotKind.POINTS,
    "score": BallotKind.SCORE,
    "ranking": BallotKind.RANKING,
}
# What counts it stands in the result; a round knows only the rules that can be chosen here.
NEAREST = {
    "greedy_eighty": Rule.GREEDY_NO_SKIP,
    "equal_shares_comparison": Rule.EQUAL_SHARES,
    "equal_shares_add1_comparison": Rule.EQUAL_SHARES_ADD1,
}
VOTE_COLUMNS = ("voter_id", "vote", "points", "voting_method")
ONLINE_WORDS = frozenset({"internet", "online", "web", "electronic"})
# The table and not the class: a third of an import was the ORM looking at rows that nobody reads.
_BOX = cast(Table, Ballot.__table__)
_NO_DAY = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Imported:
    """What became of an import: the round, and whether it is new."""

    vote: Round
    is_new: bool
    ballots: int
    # What is strange about the file and what became of it, in sentences for the command line.
    oddities: tuple[str, ...] = ()


def find_imported(file_sha256: str) -> Round | None:
    """The round made from these very bytes, if there is one."""
    here = (RoundFile.file_sha256 == file_sha256, Round.imported.is_(True))
    return session.scalar(select(Round).join(RoundFile, RoundFile.round_id == Round.id).where(*here))


def import_round(
    path: Path, *, title: str = "", progress: Callable[[int], object] = lambda done: None
) -> Imported:
    """Load one election; the same bytes twice are one round. Raises BadFile with line and reason.

    The file is read to the end before anything is written; `progress` is called with the bytes
    read since the last call.
    """
    before = find_imported(_sha256_of(path))
    if before is not None:
        result = session.get_one(RoundResult, before.id)
        return Imported(before, False, result.turnout.get("ballots", 0))
    found = read(path, progress)
    vote = _round(found, clean_line(title) or _title(found, path))
    session.add(vote)
    session.flush()
    session.execute(insert(RoundOption), list(_options(vote, found)))
    channels = _ballots(vote, path)
    session.add(
        RoundFile(round_id=vote.id, content=zlib.compress(path.read_bytes(), 6), file_sha256=found.sha256)
    )
    _keep_result(vote, found, channels)
    _publish(vote, found)
    jobs.enqueue("rounds.explain", {"id": vote.id}, unique_key=f"rounds.explain:{vote.id}")
    return Imported(vote, True, sum(channels.values()), _oddities(found))


def _oddities(found: PbFile) -> tuple[str, ...]:
    """Nothing is refused for these and nothing is changed: the file is the truth."""
    budget = found.election.budget_cents
    words = [
        f"{one.id} costs more than the budget: kept, it cannot win"
        for one in found.election.projects
        if budget and one.cost_cents > budget and not one.withdrawn
    ]
    for note in found.notes:
        if note.code == "no_cost":
            words.append(f"line {note.line}: {note.detail} costs nothing: kept and counted as it stands")
        else:
            words.append(f"line {note.line}: {note.code.replace('_', ' ')} {note.detail}".rstrip())
    return tuple(words)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _title(found: PbFile, path: Path) -> str:
    meta = found.meta
    parts = [meta.get(name, "") for name in ("unit", "district", "subunit", "instance")]
    words = ", ".join(dict.fromkeys(part for part in parts if part))
    return excerpt(clean_line(words or path.stem.replace("_", " ")), TITLE_LENGTH)


def _round(found: PbFile, title: str) -> Round:
    meta, election = found.meta, found.election
    begins, ends = _days(meta)
    language = _language(found)
    intro = clean_line(meta.get("description", ""))
    return Round(
        public_id=new_id(),
        title=title[:TITLE_LENGTH],
        question=excerpt(intro, 280),
        intro_md=intro,
        intro_html=render_markdown(intro),
        language=language,
        ballot_kind=KINDS[election.kind.value],
        max_choices=_positive(meta.get("max_length")),
        points_total=_positive(meta.get("max_sum_points")),
        rule=NEAREST.get(found.rule) or Rule(found.rule),
        threshold=_positive(meta.get("min_project_score_threshold")),
        budget_cents=election.budget_cents or None,
        currency=_currency(meta.get("currency", "")),
        receipts=False,
        file_threshold=0,
        level=0,
        opens_at=begins,
        closes_at=ends,
        imported=True,
        created_at=clock.now(),
    )


def _positive(text: str | None) -> int | None:
    """A whole number above 0 that a column can hold; None for anything else."""
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and 0 < int(plain[:12]) < 2**31 else None


def _currency(code: str) -> str:
    return code if len(code) == 3 and code.isascii() and code.isupper() else "XXX"


def _days(meta: dict[str, str]) -> tuple[datetime, datetime]:
    begins = _day(meta.get("date_begin", "")) or _NO_DAY
    ends = _day(meta.get("date_end", "")) or begins
    return begins, max(ends, begins) + timedelta(hours=6)


def _day(text: str) -> datetime | None:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%Y"):
        try:
            return datetime.strptime(text.strip()[:10], pattern).replace(hour=12, tzinfo=UTC)
        except ValueError:
            continue
    return None


def _language(found: PbFile) -> str:
    said = found.meta.get("language", "").strip().lower()[:2]
    if len(said) == 2 and said.isalpha() and _is_language(said):
        return said
    return guess_language("\n".join(islice(found.names.values(), 40)), "en")


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code)
    except ValueError:
        return False
    return True


def _options(vote: Round, found: PbFile) -> Iterator[dict[str, Any]]:
    for position, project in enumerate(found.election.projects):
        row = found.rows[project.id]
        title = clean_line(project.name) or f"{found.meta.get('unit', '')} {project.id}".strip()
        text = clean_line(row.get("description", ""))
        latitude, longitude = _point(row)
        place = ", ".join(dict.fromkeys(row[n] for n in ("neighborhood", "district") if row.get(n)))
        yield {
            "round_id": vote.id,
            "code": project.id,
            "position": position,
            "title": excerpt(title, TITLE_LENGTH),
            "summary": text or (title if len(title) > TITLE_LENGTH else ""),
            "text_html": render_markdown(text) if text else "",
            "language": vote.language,
            "cost_cents": project.cost_cents,
            "category": clean_line(row.get("category", ""))[:40],
            "place_words": clean_line(place)[:120],
            "latitude": latitude,
            "longitude": longitude,
            "is_status_quo": False,
            "withdrawn_at": vote.closes_at if project.withdrawn else None,
            "withdrawn_reason": "see the comment of the file" if project.withdrawn else None,
        }


def _point(row: dict[str, str]) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(row.get("latitude", "")), float(row.get("longitude", ""))
    except ValueError:
        return None, None
    is_on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude, longitude) if is_on_earth else (None, None)


def _ballots(vote: Round, path: Path) -> Counter[str]:
    """Every ballot as a row, in batches; how many came by which channel, as the file says."""
    channels: Counter[str] = Counter()
    seen: set[str] = set()
    contents: dict[tuple[str, str], str] = {}
    rows = _vote_rows(path)
    while batch := list(islice(rows, BATCH)):
        values = []
        for number, voter, choice, points, method in batch:
            channels["online" if method in ONLINE_WORDS else "paper" if method == "paper" else "unknown"] += 1
            key = hashlib.sha256(f"{vote.public_id}:{number}".encode()).hexdigest()
            name = voter if voter and len(voter) <= TRACKING_LENGTH and voter not in seen else key[:20]
            seen.add(name)
            if (choice, points) not in contents:
                contents[choice, points] = _content(vote, choice, points)
            values.append(
                {
                    "round_id": vote.id,
                    "ballot_key": key,
                    "tracking": name,
                    "channel": Channel.ONLINE,
                    "content": contents[choice, points],
                    "revision": 1,
                }
            )
        session.execute(insert(_BOX), values)
    return channels


def _vote_rows(path: Path) -> Iterator[tuple[int, str, str, str, str]]:
    """(number, voter, vote, points, method) of the VOTES section. The file has been read strictly before."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        for cells in rows:
            if cells and cells[0].strip().upper() == "VOTES" and not any(cells[1:]):
                break
        header = [cell.strip().lower() for cell in next(rows, [])]
        places = [header.index(n) if n in header else -1 for n in VOTE_COLUMNS]
        for number, cells in enumerate((one for one in rows if any(one)), 1):
            yield number, *(cells[p].strip() if 0 <= p < len(cells) else "" for p in places)  # type: ignore[misc]


def _content(vote: Round, choice: str, points: str) -> str:
    """A ballot as the box keeps it."""
    codes = [code for code in map(str.strip, choice.split(",")) if code]
    content: dict[str, Any] = {"kind": vote.ballot_kind.value}
    if vote.ballot_kind is BallotKind.RANKING:
        content["order"] = [[code] for code in codes]
    elif points:
        content["points"] = dict(zip(codes, map(str.strip, points.split(",")), strict=False))
    else:
        content["choices"] = codes
    return canonical(content)


def _keep_result(vote: Round, found: PbFile, channels: Counter[str]) -> None:
    """Counted as the file says; ties fall as published where the rule allows it."""
    outcome, file, lottery, ties_by = count_file(found, found.lottery)
    turnout = {**channels, "blank": file.election.blank, "ballots": sum(channels.values())}
    words = in_words_of_json(file.election, outcome)
    words |= {"ties_by": ties_by, "published": list(found.published) if found.published is not None else None}
    session.add(result_of(vote, words, file_sha256=found.sha256, turnout=turnout))
    told = explain(outcome, file.election, lottery, file.terms, what_ifs=False)
    keep_explanation(vote.id, canonical(told.to_json()))


def _publish(vote: Round, found: PbFile) -> None:
    rules = canonical({"imported": found.sha256, "rule": found.rule, "named_rule": found.named_rule})
    vote.rules_json, vote.rules_sha256 = rules, hashlib.sha256(rules.encode()).hexdigest()
    vote.opened_at, vote.closed_at = vote.opens_at, vote.closes_at
    vote.file_sha256, vote.published_at = found.sha256, clock.now()
    vote.state = RoundState.PUBLISHED
    session.flush()
    append(vote, "imported", {"file_sha256": found.sha256, "rule": found.rule})
    let_round_be_found(vote)
