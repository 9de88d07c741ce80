"""Counting a round: the outcome as one hashed text, and the reasons beside it."""

from __future__ import annotations

import hashlib
import zlib
from tempfile import NamedTemporaryFile
from typing import Any

from portal.core.db import session, upsert
from portal.rounds.models import Round, RoundExplanation, RoundFile, RoundResult
from portal.rounds.queries.logbook import canonical
from portal.voting import Election, Outcome, explain
from portal.voting.pabulib import read
from portal.voting.recount import count_file

ENGINE = "nachbarnetz-voting/1"


def in_words_of_json(election: Election, outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain values, with votes and points of every option."""
    ids = [project.id for project in election.projects]
    return {
        **outcome.to_json(),
        "votes": dict(zip(ids, election.votes, strict=True)),
        "scores": dict(zip(ids, election.scores, strict=True)),
        "point_scale": election.point_scale,
    }


def result_of(
    vote: Round, found: dict[str, Any], *, file_sha256: str, turnout: dict[str, Any]
) -> RoundResult:
    """The row that keeps the result; its text is what is hashed."""
    text = canonical(found)
    return RoundResult(
        round_id=vote.id,
        file_sha256=file_sha256,
        engine=ENGINE,
        outcome=text,
        outcome_sha256=hashlib.sha256(text.encode()).hexdigest(),
        turnout=turnout,
    )


def explanation_of(round_id: int, *, what_ifs: bool) -> str | None:
    """Why each option won or lost, from the published file as anybody else would count it; None without one.

    With what-ifs (at which cost, with how many more votes it would have won) it takes up to minutes.
    """
    stored = session.get(RoundFile, round_id)
    if stored is None:
        return None
    with NamedTemporaryFile(suffix=".pb") as target:
        target.write(zlib.decompress(stored.content))
        target.flush()
        file = read(target.name)
    outcome, file, lottery, _by = count_file(file, file.lottery)
    told = explain(outcome, file.election, lottery, file.terms, what_ifs=what_ifs)
    return canonical(told.to_json())


def keep_explanation(round_id: int, content: str) -> None:
    """Store the reasons, in place of earlier ones."""
    statement = upsert(RoundExplanation).values(round_id=round_id, content=content)
    session.execute(statement.on_conflict_do_update(index_elements=["round_id"], set_={"content": content}))
