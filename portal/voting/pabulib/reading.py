"""Reading a file to count it: what cannot be counted is refused with line and reason, what is odd noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NoReturn

from portal.voting.election import Election, Kind, Project
from portal.voting.pabulib import dialect
from portal.voting.pabulib.ballots import BallotReader, as_places
from portal.voting.pabulib.lines import BadFile, Lines, open_file
from portal.voting.pabulib.numbers import cents, shown, whole
from portal.voting.rules import Rule, Terms

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = {
    "approval": Kind.APPROVAL,
    "choose-1": Kind.APPROVAL,
    "ordinal": Kind.RANKING,
    "cumulative": Kind.POINTS,
    "scoring": Kind.SCORE,
}
# A cost that says: this project was taken back, and must not win.
WITHDRAWN_CENTS = 999999999_00

Rows = Iterator[tuple[int, list[str]]]


class Note(NamedTuple):
    """Something odd that does not stop the count: line (0: the file as a whole), a code, and what stood
    there.
    """

    line: int
    code: str
    detail: str = ""


@dataclass
class PbFile:
    """A file that can be counted. `published` are the ids marked as selected, None when the file marks
    none.
    """

    meta: dict[str, str]
    rows: dict[str, dict[str, str]]
    election: Election
    rule: str
    named_rule: str
    terms: Terms
    published: tuple[str, ...] | None
    sha256: str
    notes: list[Note] = field(default_factory=list)
    # The drawn order, where the file tells it; otherwise ties fall by the order of the rows.
    lottery: tuple[str, ...] | None = None
    # Written by our own writing.py.
    is_ours: bool = False

    def is_counted_by(self, name: str, rule: Rule) -> bool:
        """Whether a rule that somebody names is the one of the file."""
        return rule == self.rule if self.is_ours else name.strip().lower() == self.named_rule

    @property
    def names(self) -> dict[str, str]:
        """What the projects are called, by id."""
        return {project.id: project.name for project in self.election.projects}


def read(path: Path | str, progress: Callable[[int], object] | None = None) -> PbFile:
    """The election in a `.pb` file. `progress` is called with the number of bytes read since the last call.

    Reads row by row and keeps equal ballots once. Raises BadFile with line and reason for whatever cannot
    be counted: no text, sections or columns missing, numbers that are none, votes for projects that do not
    exist.
    """
    with open_file(Path(path)) as file:
        lines = Lines(file, progress)
        reader = _Reader(lines.rows())
        try:
            reader.read()
        except OSError as error:
            raise BadFile(0, error.strerror or "cannot be read") from None
        return reader.result(lines.sha256)


class _Reader:
    """One reading from front to back."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.meta: dict[str, str] = {}
        self._meta_lines: dict[str, int] = {}
        self.projects: dict[str, dict[str, str]] = {}
        self._costs: dict[str, int] = {}
        self._titles: dict[str, int] = {}
        self.notes: list[Note] = []
        self._last = 0

    def read(self) -> None:
        self._title("META", next(self._rows, (1, [""])))
        self._read_meta()
        self._read_projects()
        kind = self.meta.get("vote_type", "").lower()
        if kind not in VOTE_TYPES:
            self._bad("vote_type", f"vote_type is {shown(kind) or 'missing'}")
        self.kind = VOTE_TYPES[kind]
        self.budget_cents = self._money("budget", self._need("budget"), self._meta_lines["budget"])
        self.ballots = BallotReader(
            self.kind,
            list(self.projects),
            max_length=self._number("max_length"),
            default_score=self._number("default_score") or 0,
            note=lambda line, code, detail: self.notes.append(Note(line, code, detail)),
        )
        self._read_votes()
        self._check_numbers()

    def _read_meta(self) -> None:
        line, header = self._header("META")
        if [cell.lower() for cell in header[:2]] != ["key", "value"]:
            raise BadFile(line, "META must begin with the header key;value")
        for line, cells in self._rows:
            if _section(cells):
                self._title("PROJECTS", (line, cells))
                return
            if len(cells) < 2 or not cells[0]:
                raise BadFile(line, "META needs a key and a value in each row")
            key = cells[0].lower()
            if key in self.meta:
                self.notes.append(Note(line, "meta_twice", shown(key)))
            # A text with a semicolon that nobody quoted is put together again.
            self.meta[key] = ";".join(cells[1:]).rstrip(";")
            self._meta_lines[key] = line
        raise BadFile(line, "the section PROJECTS is missing")

    def _read_projects(self) -> None:
        line, header = self._columns("PROJECTS", ("project_id", "cost"))
        for line, cells in self._rows:
            if _section(cells):
                self._title("VOTES", (line, cells))
                if not self.projects:
                    raise BadFile(line, "there is no project")
                return
            row = self._row(line, header, cells)
            one = row["project_id"]
            if not one:
                raise BadFile(line, "project_id is empty")
            if one in self.projects:
                raise BadFile(line, f"project {shown(one)} came before")
            self._costs[one] = self._money("cost", row.get("cost", ""), line)
            if self._costs[one] == 0:
                self.notes.append(Note(line, "no_cost", one))
            self.projects[one] = row
        raise BadFile(line, "the section VOTES is missing")

    def _read_votes(self) -> None:
        line, header = self._columns("VOTES", ("voter_id", "vote"))
        voter, vote = header.index("voter_id"), header.index("vote")
        points = header.index("points") if "points" in header else None
        if points is None and self.kind in (Kind.POINTS, Kind.SCORE):
            raise BadFile(line, "column points is missing")
        seen: set[str] = set()
        widest = len(header)
        for line, cells in self._rows:
            if len(cells) != widest:
                if _section(cells):
                    raise BadFile(line, f"the section {cells[0].upper()} comes twice or too late")
                if any(cells[widest:]):
                    self.notes.append(Note(line, "more_cells"))
                cells += [""] * (widest - len(cells))
            who = cells[voter]
            if not who:
                raise BadFile(line, "voter_id is empty")
            if who in seen:
                self.notes.append(Note(line, "voter_twice", shown(who)))
            seen.add(who)
            self.ballots.add(line, cells[vote], "" if points is None else cells[points])
        self._last = line

    def _check_numbers(self) -> None:
        """What META and PROJECTS say about numbers, against what was counted."""
        for key, counted in (("num_projects", len(self.projects)), ("num_votes", self.ballots.rows)):
            said = self._number(key)
            if said is not None and said != counted:
                self.notes.append(Note(self._meta_lines[key], key, f"{said} against {counted}"))

    def result(self, sha256: str) -> PbFile:
        """Everything put together."""
        scores = self._column("score")
        ballots, scale, blank = self.ballots.finish(scores)
        named = self.meta.get("rule", "").lower() or "unknown"
        own = self._own()
        rule, terms = dialect.rule_and_terms(self.meta, named, self._number("min_project_score_threshold"))
        if own.rule:
            rule, terms = own.rule, own.terms
        # Places were made points, with which greedy and Equal Shares count.
        kind = own.kind or (Kind.POINTS if self.kind is Kind.RANKING else self.kind)
        if kind is Kind.RANKING:
            ballots = as_places(ballots)
        election = Election(kind, self._listed(), ballots, self.budget_cents, blank, scale)
        published, reserve = dialect.published(self.projects, rule)
        self._check_votes(election)
        terms = dialect.with_scale(terms, scale, reserve)
        return PbFile(
            meta=self.meta,
            rows=self.projects,
            election=election,
            rule=rule,
            named_rule=named,
            terms=terms,
            published=published,
            sha256=sha256,
            notes=self.notes,
            lottery=own.lottery,
            is_ours=own.rule is not None,
        )

    def _listed(self) -> tuple[Project, ...]:
        excluded, beaten = dialect.conflicts(self.meta.get("comment", ""), self.projects)
        if excluded:
            self.notes.append(Note(0, "conflicts_from_comment", ",".join(sorted(excluded))))
        return tuple(
            Project(
                id=one,
                cost_cents=self._costs[one],
                name=row.get("name", ""),
                excluded_with=frozenset(excluded.get(one, ())),
                withdrawn=self._costs[one] == WITHDRAWN_CENTS or one in beaten,
            )
            for one, row in self.projects.items()
        )

    def _own(self) -> dialect.Own:
        try:
            own = dialect.own(self.meta.get("comment", ""), self.projects)
            if own.kind and (own.kind is Kind.APPROVAL) != (self.kind is Kind.APPROVAL):
                raise ValueError(f"kind {own.kind}")
            return own
        except (ValueError, KeyError) as error:
            self._bad("comment", f"the comment names the rule wrongly ({shown(str(error))})")

    def _check_votes(self, election: Election) -> None:
        said = self._column("votes")
        if said is not None and said != [self.ballots.named.get(j, 0) for j in range(len(self.projects))]:
            self.notes.append(Note(0, "votes_differ"))
        scores = self._column("score") if election.kind is not Kind.RANKING else None
        if scores is not None and [s * election.point_scale for s in scores] != list(election.scores):
            self.notes.append(Note(0, "scores_differ"))

    def _column(self, name: str) -> list[int] | None:
        """A column of whole numbers for all projects, if all of them have one."""
        try:
            return [whole(row[name]) for row in self.projects.values()]
        except (KeyError, ValueError):
            return None

    def _title(self, expected: str, row: tuple[int, list[str]]) -> None:
        line, cells = row
        if _section(cells) != expected:
            raise BadFile(line, f"the section {expected} is missing here")
        self._titles[expected] = line

    def _header(self, section: str) -> tuple[int, list[str]]:
        line, cells = next(self._rows, (self._titles.get(section, 0), []))
        if not cells or _section(cells):
            raise BadFile(line, f"the section {section} has no header")
        return line, cells

    def _columns(self, section: str, needed: tuple[str, ...]) -> tuple[int, list[str]]:
        line, cells = self._header(section)
        header = [cell.lower() for cell in cells]
        names = [name for name in header if name]
        if len(set(names)) != len(names):
            raise BadFile(line, f"the section {section} names a column twice")
        for name in needed:
            if name not in header:
                raise BadFile(line, f"column {name} is missing")
        return line, header

    def _row(self, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
        if any(cells[len(header) :]):
            self.notes.append(Note(line, "more_cells"))
        cells += [""] * (len(header) - len(cells))
        return {name: cell for name, cell in zip(header, cells, strict=False) if name}

    def _need(self, key: str) -> str:
        if not self.meta.get(key):
            self._bad(key, f"META does not say the {key}")
        return self.meta[key]

    def _number(self, key: str) -> int | None:
        text = self.meta.get(key, "")
        if not text:
            return None
        try:
            return whole(text)
        except ValueError as error:
            self.notes.append(Note(self._meta_lines[key], "meta_number", f"{key}: {error}"))
            return None

    def _money(self, name: str, text: str, line: int) -> int:
        if not text:
            raise BadFile(line, f"{name} is empty")
        try:
            amount, is_rounded = cents(text)
        except ValueError as error:
            raise BadFile(line, f"{name} is {error}") from None
        if is_rounded:
            self.notes.append(Note(line, "rounded_to_cents", f"{name} {shown(text)}"))
        return amount

    def _bad(self, key: str, reason: str) -> NoReturn:
        """What META says, or should say: the line of the key, or that of the title."""
        raise BadFile(self._meta_lines.get(key, self._titles["META"]), reason)


def _section(cells: list[str]) -> str | None:
    """The section that begins with this row, if one does; spreadsheets add empty cells to it."""
    word = cells[0].upper()
    return word if word in SECTIONS and not any(cells[1:]) else None
