"""Reading Pabulib `.pb` files: participatory budgets of real cities with projects and votes.

The format (Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023;
pabulib.org/format): three sections META, PROJECTS and VOTES, each with a header row, cells separated by
semicolons. Files are read row by row; votes are never held in memory together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path

from portal.core.delimited import BrokenStructure, split_rows, text_lines

SECTIONS = ("META", "PROJECTS", "VOTES")
_GROUPED = re.compile(r"[\s\u00a0\u202f'’]")
_COMMA_DECIMALS = re.compile(r"-?\d+,\d{1,2}")
_MOST_CENTS = 10**15
_KNOWN_PROJECT_COLUMNS = frozenset(
    {"project_id", "name", "cost", "category", "target", "beneficiaries", "latitude", "longitude", "votes"}
    | {"score", "selected"}
)
_KNOWN_VOTE_COLUMNS = frozenset({"voter_id", "vote", "points"})

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class PbProblem:
    """A row that cannot be used; the rows around it can. `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class PbMeta:
    """What the file says about the vote as a whole. Dates stay as written ("15.06.2023" or "2022")."""

    description: str = ""
    country: str = ""
    unit: str = ""
    district: str = ""
    subunit: str = ""
    instance: str = ""
    language: str = ""
    currency: str = ""
    vote_type: str = ""
    rule: str = ""
    date_begin: str = ""
    date_end: str = ""
    budget_cents: int | None = None
    num_projects: int | None = None
    num_votes: int | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PbProject:
    """A project on the ballot. `name` is empty where the file has no names; cents are exact."""

    line: int
    project_id: str
    name: str
    cost_cents: int
    category: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    votes: int | None = None
    score: Decimal | None = None
    selected: bool | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PbVote:
    """One ballot: the projects in the order given and, for cumulative votes, the points for each."""

    line: int
    voter_id: str
    projects: tuple[str, ...]
    points: tuple[Decimal, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


def read_header_and_projects(path: Path | str) -> tuple[PbMeta, Iterator[PbProject | PbProblem]]:
    """The file's META and an iterator over its projects, in the file's order; votes are not read.

    Raises BrokenStructure (line and reason) when the META or PROJECTS section, its header or a needed
    column is missing, or a quote is never closed. Rows that are wrong by themselves, also a project id
    that came before, come as PbProblem in their place.
    """
    rows = _rows(Path(path))
    meta, rest = _read_meta(rows)
    header, line = _header_of("PROJECTS", rest)
    _require(header, ("project_id", "cost"), line)
    return meta, _projects(header, rest)


def read_votes(path: Path | str) -> Iterator[PbVote | PbProblem]:
    """The ballots one by one; nothing when the file has no VOTES section. Raises BrokenStructure."""
    rows = _rows(Path(path))
    for _, cells in rows:
        if _section(cells) == "VOTES":
            break
    else:
        return
    header, line = _next_header(rows, "VOTES")
    _require(header, ("voter_id", "vote"), line)
    for line, cells in rows:
        if _section(cells) is None:
            yield _vote(line, dict(zip(header, cells, strict=False)), surplus=len(cells) > len(header))


def _rows(path: Path) -> Iterator[Row]:
    """Every row that is not blank, cells without outer space."""
    for line, cells in split_rows(text_lines(path), ";"):
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped


def _section(cells: list[str]) -> str | None:
    """The section that begins with this row, if one does; spreadsheets add empty cells to it."""
    word = cells[0].upper()
    return word if word in SECTIONS and not any(cells[1:]) else None


def _next_header(rows: Iterator[Row], section: str) -> tuple[list[str], int]:
    line, cells = next(rows, (0, []))
    if not cells or _section(cells):
        raise BrokenStructure(line, f"section {section} has no header row")
    header = [cell.lower() for cell in cells]
    names = [name for name in header if name]
    if len(set(names)) != len(names):
        raise BrokenStructure(line, f"section {section} names a column twice")
    return header, line


def _header_of(section: str, rows: Iterator[Row]) -> tuple[list[str], int]:
    """The header of a section that must come next."""
    line, cells = next(rows, (0, [""]))
    if _section(cells) != section:
        raise BrokenStructure(line, f"section {section} is missing")
    return _next_header(rows, section)


def _require(header: list[str], names: tuple[str, ...], line: int) -> None:
    for name in names:
        if name not in header:
            raise BrokenStructure(line, f"column {name} is missing")


def _read_meta(rows: Iterator[Row]) -> tuple[PbMeta, Iterator[Row]]:
    """The META section, and the rows from the next section on."""
    _header_of("META", rows)
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, cells in rows:
        if _section(cells):
            return _meta(values, lines), chain([(line, cells)], rows)
        if len(cells) < 2:
            raise BrokenStructure(line, "META needs a key and a value in each row")
        # A description with an unquoted semicolon in it is common enough to be put together again.
        values[cells[0].lower()] = ";".join(cells[1:]).rstrip(";")
        lines[cells[0].lower()] = line
    raise BrokenStructure(0, "section PROJECTS is missing")


def _meta(values: dict[str, str], lines: dict[str, int]) -> PbMeta:
    words = (
        "description", "country", "unit", "district", "subunit", "instance", "language", "currency",
        "vote_type", "rule", "date_begin", "date_end",
    )  # fmt: skip
    numbers: dict[str, int | None] = {}
    for name in ("budget", "num_projects", "num_votes"):
        text = values.get(name, "")
        try:
            numbers[name] = None if not text else cents(text) if name == "budget" else int(text)
        except ValueError:
            raise BrokenStructure(lines[name], f"{name} is not a number: {text[:40]}") from None
    known = {*words, *numbers}
    return PbMeta(
        **{name: values.get(name, "") for name in words},
        budget_cents=numbers["budget"],
        num_projects=numbers["num_projects"],
        num_votes=numbers["num_votes"],
        extra={name: value for name, value in values.items() if name not in known},
    )


def _projects(header: list[str], rows: Iterator[Row]) -> Iterator[PbProject | PbProblem]:
    seen: set[str] = set()
    for line, cells in rows:
        if _section(cells):
            return
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield PbProblem(line, f"{len(cells)} cells for {len(header)} columns")
            continue
        try:
            project = _project(line, dict(zip(header, cells, strict=False)))
        except ValueError as error:
            yield PbProblem(line, str(error))
            continue
        if project.project_id in seen:
            yield PbProblem(line, f"project_id {project.project_id[:40]} came before")
            continue
        seen.add(project.project_id)
        yield project


def _project(line: int, values: dict[str, str]) -> PbProject:
    """The project of one row; ValueError names the cell that is wrong."""
    project_id = values.get("project_id", "")
    if not project_id:
        raise ValueError("project_id is empty")
    latitude = _coordinate(values, "latitude", 90)
    longitude = _coordinate(values, "longitude", 180)
    return PbProject(
        line=line,
        project_id=project_id,
        name=values.get("name", ""),
        cost_cents=_cost(values.get("cost", "")),
        category=_list(values.get("category", "")),
        target=_list(values.get("target", "") or values.get("beneficiaries", "")),
        # One half of a place is no place.
        latitude=latitude if longitude is not None else None,
        longitude=longitude if latitude is not None else None,
        votes=_whole(values, "votes"),
        score=_decimal(values, "score"),
        selected=_yes_or_no(values.get("selected", "")),
        extra={
            name: value
            for name, value in values.items()
            if name and value and name not in _KNOWN_PROJECT_COLUMNS
        },
    )


def _vote(line: int, values: dict[str, str], *, surplus: bool) -> PbVote | PbProblem:
    if surplus:
        return PbProblem(line, "more cells than columns")
    if not values.get("voter_id"):
        return PbProblem(line, "voter_id is empty")
    projects = _list(values.get("vote", ""))
    try:
        points = tuple(Decimal(point) for point in _list(values.get("points", "")))
    except InvalidOperation:
        return PbProblem(line, "points are not numbers")
    if points and len(points) != len(projects):
        return PbProblem(line, f"{len(points)} points for {len(projects)} projects")
    if len(set(projects)) != len(projects):
        return PbProblem(line, "a project is named twice")
    extra = {name: value for name, value in values.items() if value and name not in _KNOWN_VOTE_COLUMNS}
    return PbVote(line, values["voter_id"], projects, points, extra)


def cents(text: str) -> int:
    """An amount of money in cents, exactly: `"75000.0"` is 7,500,000, `"106165,64"` is 10,616,564.

    Raises ValueError for anything that is not an amount with at most two decimals that count.
    """
    plain = _GROUPED.sub("", text)
    if _COMMA_DECIMALS.fullmatch(plain):
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain) * 100
    except InvalidOperation:
        raise ValueError(f"not an amount: {text[:40]}") from None
    if not amount.is_finite() or abs(amount) > _MOST_CENTS or amount != amount.to_integral_value():
        raise ValueError(f"not an amount in cents: {text[:40]}")
    return int(amount)


def _cost(text: str) -> int:
    if not text:
        raise ValueError("cost is empty")
    cost = cents(text)
    if cost < 0:
        raise ValueError(f"cost is negative: {text[:40]}")
    return cost


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def _coordinate(values: dict[str, str], name: str, most: float) -> float | None:
    number = _decimal(values, name)
    if number is None:
        return None
    if abs(number) > most:
        raise ValueError(f"{name} is out of range: {values[name][:40]}")
    return float(number)


def _decimal(values: dict[str, str], name: str) -> Decimal | None:
    text = values.get(name, "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise ValueError(f"{name} is not a number: {text[:40]}")
    return number


def _whole(values: dict[str, str], name: str) -> int | None:
    number = _decimal(values, name)
    if number is None:
        return None
    if number != number.to_integral_value() or abs(number) > 10**12:
        raise ValueError(f"{name} is not a whole number: {values[name][:40]}")
    return int(number)


def _yes_or_no(text: str) -> bool | None:
    """`1` or more is yes (some files count rounds), `0` no; empty or unreadable is not said."""
    return int(text) > 0 if text.isdecimal() and len(text) < 4 else None
