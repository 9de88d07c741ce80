"""Counting a published file again, by anybody: `python3 recount.py FILE.pb [--log LOG] [--json] [--rule
RULE]`.

Exit code 0: equal to the published outcome, or none is published; 1: different; 2: the file cannot be
counted. Needs Python 3.11 and nothing else. Runs as `portal recount`, as `python -m portal.voting.recount`,
by its path and as recount.pyz.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

if __name__ == "__main__" and not __package__:
    # Started by its path: the folder of this file would hide modules of the standard library.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from portal.voting import logbook, report
from portal.voting.election import Kind
from portal.voting.explanation import Explanation, explain
from portal.voting.lottery import lottery_order, lottery_seed
from portal.voting.outcome import Outcome
from portal.voting.pabulib import BadFile, PbFile, read
from portal.voting.pabulib.ballots import as_places
from portal.voting.pabulib.dialect import engine_rule
from portal.voting.pabulib.reading import WITHDRAWN_CENTS
from portal.voting.rules import Rule, run

EQUAL, DIFFERENT, UNREADABLE = 0, 1, 2
_MOST_LOG_BYTES = 200_000_000
_HEX = set("0123456789abcdef")


@dataclass
class Recount:
    """What counting again came to. `ties_by`: how ties fell; `findings`: what the log says against it."""

    file: PbFile
    named_rule: str
    rule: Rule
    outcome: Outcome
    explanation: Explanation
    ties_by: str
    log: logbook.LogReport | None = None
    findings: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool | None:
        """Whether the same projects won as are published; None when nothing is published."""
        published = self.file.published
        return None if published is None else set(published) == set(self.outcome.winners)

    @property
    def exit_code(self) -> int:
        """0 equal or nothing published, 1 different; a log that does not fit is different, too."""
        is_wrong = self.is_equal is False or self.findings or (self.log and not self.log.is_whole)
        return DIFFERENT if is_wrong else EQUAL

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON: rule, winners, published, equal, sha256, and all that is known beside."""
        published = self.file.published
        return {
            "rule": self.named_rule,
            "counted_as": str(self.rule),
            "winners": list(self.outcome.winners),
            "published": None if published is None else list(published),
            "equal": self.is_equal,
            "sha256": self.file.sha256,
            "ties_by": self.ties_by,
            "notes": [{"line": n.line, "code": n.code, "detail": n.detail} for n in self.file.notes],
            "log": self.log.to_json() if self.log else None,
            "findings": self.findings,
            "outcome": self.outcome.to_json(),
            "explanation": self.explanation.to_json(),
        }


def recount_file(path: Path | str, *, rule: str | None = None, log: Path | str | None = None) -> Recount:
    """Reads and counts. Raises BadFile for a file that cannot be counted, ValueError for an unknown rule."""
    chosen = None if rule is None else engine_rule(rule)
    if chosen is None and rule is not None:
        raise ValueError(f"unknown rule: {rule}")
    file = read(path)
    if rule is not None and chosen is not None:
        file = file if file.is_counted_by(rule, chosen) else _for_rule(file, chosen)
    checked = _read_log(Path(log)) if log is not None else None
    findings, lottery = _compare_log(file, checked) if checked else ([], file.lottery)
    outcome, file, lottery, ties_by = count_file(file, lottery)
    explanation = explain(outcome, file.election, lottery, file.terms, what_ifs=False)
    said = checked.bodies.get("result", {}).get("winners") if checked else None
    if said is not None and said != list(outcome.winners):
        findings.append("result_differs")
    if checked and checked.bodies:
        findings += checked.roll.findings(outcome.voters + outcome.blank)
    return Recount(
        file=file,
        named_rule=rule or file.named_rule,
        rule=Rule(file.rule),
        outcome=outcome,
        explanation=explanation,
        ties_by=ties_by,
        log=checked,
        findings=findings,
    )


def _for_rule(file: PbFile, rule: Rule) -> PbFile:
    """The same file counted by another rule than its own."""
    election, terms = without_conflicts(file).election, file.terms
    if rule is Rule.SCHULZE and election.kind is not Kind.RANKING:
        election = replace(election, kind=Kind.RANKING, ballots=as_places(election.ballots))
    if not rule.startswith("greedy"):
        terms = replace(terms, threshold=0, extra=0)
    if rule is Rule.MAJORITY and election.kind is not Kind.YES_NO:
        raise BadFile(0, "holds no votes of yes and no")
    return replace(file, election=election, rule=rule, terms=terms)


def without_conflicts(file: PbFile) -> PbFile:
    """The file without the projects that exclude others by its comment: that belongs to its own rule."""
    if file.is_ours or not any(note.code == "conflicts_from_comment" for note in file.notes):
        return file
    plain = tuple(
        replace(project, excluded_with=frozenset(), withdrawn=project.cost_cents == WITHDRAWN_CENTS)
        for project in file.election.projects
    )
    return replace(file, election=replace(file.election, projects=plain))


def count_file(
    file: PbFile, lottery: Sequence[str] | None
) -> tuple[Outcome, PbFile, Sequence[str] | None, str]:
    """Counts; where ties decide and the file says otherwise, by the ways in which towns break them.

    First by cost, votes and the drawn order (or that of the rows); then by the rows alone, as pabulib-checker
    does; then as published, which is then one of the outcomes that the rule allows.
    """
    by = ", ".join((*file.terms.tie_order[:-1], "lottery" if lottery else "order of the file"))
    outcome = first = run(file.rule, file.election, lottery, file.terms)
    published = set(file.published or ())
    if file.published is None or set(outcome.winners) == published or not outcome.ties or lottery:
        return outcome, file, lottery, by
    by_rows = replace(file, terms=replace(file.terms, tie_order=("lottery",)))
    rows = [project.id for project in file.election.projects]
    ways = (("order of the file", rows), ("as published", sorted(rows, key=lambda one: one not in published)))
    for name, order in ways:
        outcome = run(file.rule, file.election, order, by_rows.terms)
        if set(outcome.winners) == published:
            return outcome, by_rows, order, name
    return first, file, lottery, by


def _read_log(path: Path) -> logbook.LogReport:
    """Checks the log; BadFile when it cannot be opened at all."""
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise BadFile(0, "the log is not an ordinary file")
        if path.stat().st_size > _MOST_LOG_BYTES:
            raise BadFile(0, "the log is too large")
        with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            return logbook.verify(file)
    except OSError as error:
        raise BadFile(0, f"the log: {error.strerror or 'cannot be opened'}") from None


def _compare_log(file: PbFile, log: logbook.LogReport) -> tuple[list[str], Sequence[str] | None]:
    """What in the log speaks against the file, and the drawn order that it tells."""
    findings = []
    hashes = {
        str(log.bodies[kind]["file_sha256"])
        for kind in ("closed", "published")
        if "file_sha256" in log.bodies.get(kind, {})
    }
    if hashes and file.sha256 not in hashes:
        findings.append("file_is_another")
    draw, lottery = log.bodies.get("draw", {}), file.lottery
    closed = log.bodies.get("closed", {}).get("file_sha256")
    seed = str(draw.get("seed", ""))
    if "draw" in draw and isinstance(closed, str):
        computed = lottery_seed(closed, str(draw["draw"]))
        if seed and seed != computed:
            findings.append("seed_differs")
        seed = computed
    if seed and set(seed) <= _HEX:
        drawn = lottery_order(seed, [project.id for project in file.election.projects])
        if lottery is not None and tuple(lottery) != drawn:
            findings.append("lottery_differs")
        lottery = drawn
    return findings, lottery


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Answers in plain English, or in JSON; never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="recount", description="Counts a published vote again.")
    parser.add_argument("file", help="a Pabulib file (.pb)")
    parser.add_argument("--log", help="the log of the round (JSON lines), checked as well")
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    parser.add_argument("--rule", help="count by this rule, not by the file's own: greedy, equalshares, ...")
    given = parser.parse_args(arguments)
    try:
        found = recount_file(given.file, rule=given.rule, log=given.log)
        text = json.dumps(found.to_json(), ensure_ascii=True, indent=1) if given.json else report.text(found)
        code = found.exit_code
    except BadFile as bad:
        text, code = _refusal(given, bad.line, bad.reason), UNREADABLE
    except ValueError as error:
        text, code = _refusal(given, 0, str(error)), UNREADABLE
    except KeyboardInterrupt:
        text, code = _refusal(given, 0, "stopped"), UNREADABLE
    except Exception as error:
        text, code = _refusal(given, 0, f"cannot be counted ({type(error).__name__})"), UNREADABLE
    return _say(text, code)


def _refusal(given: argparse.Namespace, line: int, reason: str) -> str:
    if given.json:
        return json.dumps({"error": {"line": line, "reason": reason}})
    where = f", line {line}" if line else ""
    return f"{report.plain(given.file)}{where}: {report.plain(reason)}"


def _say(text: str, code: int) -> int:
    """Writes the answer; whatever becomes of the words, the exit code says what was found."""
    out = sys.stderr if code == UNREADABLE and not text.startswith("{") else sys.stdout
    if out is None:
        return code  # started without a place to write to
    try:
        out.write(f"{text}\n")
        out.flush()
    except (OSError, ValueError):
        # Whoever reads has seen enough, or the disk is full; without this Python complains at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return code


if __name__ == "__main__":
    sys.exit(main())
