"""Reading a file of projects, whatever its kind, into rows ready to be imported or problems to be told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from babel import Locale

from portal.core import clock
from portal.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from portal.core.pabulib import PbMeta, PbProblem, PbProject, cents, read_header_and_projects
from portal.core.tabular import SURPLUS, read_table
from portal.core.text import GUESSABLE_LANGUAGES, clean_line, excerpt, fold, guess_language
from portal.importing.columns import PROPOSAL_COLUMNS
from portal.importing.topics import topic_of
from portal.places.queries import district_at, districts
from portal.proposals.models import IMPORT_NAME_LENGTH, TITLE_LENGTH
from portal.proposals.operations import ImportedProposal

DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y", "%Y")
SHORTEST_TITLE = 3
# The language of a file: so many texts of it, and so much of each.
TEXTS_LOOKED_AT, LONGEST_LOOKED_AT = 50, 80
# "Music Studio at Kulturbahnhof Affoltern" is no German: shorter texts are in the language of their file.
ENOUGH_TO_TELL = 100
MOST_CENTS = 10**15


@dataclass(frozen=True)
class Problem:
    """A row that cannot be imported: the line it stands on (from 1) and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Source:
    """A file of projects: the name under which they are imported, and its rows (read once, in order)."""

    name: str
    rows: Iterator[ImportedProposal | Problem]


class BadRow(ValueError):
    """A cell of the row cannot be understood."""


def open_source(path: Path, *, name: str = "") -> Source:
    """The file as a source; .pb is Pabulib's format, everything else a table. Raises BrokenStructure."""
    if path.suffix.lower() == ".pb":
        meta, projects = read_header_and_projects(path)
        usual = language_of(meta.language) or _usual_language(_first_names(path))
        return Source(_source_name(name or _pabulib_name(meta, path)), _pabulib_rows(meta, usual, projects))
    table = read_table(path, PROPOSAL_COLUMNS)
    rows = read_table(path, PROPOSAL_COLUMNS)
    usual = _usual_language(f"{cells['title']}\n{cells['what'][:LONGEST_LOOKED_AT]}" for _line, cells in rows)
    return Source(_source_name(name or path.stem), _table_rows(table, usual))


def _first_names(path: Path) -> Iterator[str]:
    _meta, projects = read_header_and_projects(path)
    return (one.name for one in projects if isinstance(one, PbProject))


def _usual_language(texts: Iterator[str]) -> str:
    """The language most of a file is in, from its first texts: one title alone is too short to tell."""
    return guess_language("\n".join(islice(texts, TEXTS_LOOKED_AT)), DEFAULT_LANGUAGE)


def _language_of_text(text: str, usual: str) -> str:
    return guess_language(text, usual) if len(text) >= ENOUGH_TO_TELL else usual


def _source_name(name: str) -> str:
    """The name as it is stored. A longer one keeps a mark of its own, so that two never become one."""
    name = clean_line(name)
    if len(name) <= IMPORT_NAME_LENGTH:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: IMPORT_NAME_LENGTH - 9]} {mark}"


def _pabulib_name(meta: PbMeta, path: Path) -> str:
    parts = [meta.unit or meta.country, meta.subunit or meta.district, meta.instance]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or path.stem


def _pabulib_rows(
    meta: PbMeta, usual: str, projects: Iterator[PbProject | PbProblem]
) -> Iterator[ImportedProposal | Problem]:
    for project in projects:
        if isinstance(project, PbProblem):
            yield Problem(project.line, project.reason)
        elif len(clean_line(project.name)) < SHORTEST_TITLE:
            yield _nameless(meta, usual, project)
        else:
            yield _from_pabulib(meta, usual, project, clean_line(project.name))


def _nameless(meta: PbMeta, usual: str, project: PbProject) -> ImportedProposal:
    # Three of the known files name no projects at all; a number is better than nothing to vote on.
    return _from_pabulib(meta, usual, project, f"{meta.unit or meta.country} {project.project_id}".strip())


def _from_pabulib(meta: PbMeta, usual: str, project: PbProject, title: str) -> ImportedProposal:
    what = project.extra.get("description", "")
    if len(title) > TITLE_LENGTH:
        title, what = excerpt(title, TITLE_LENGTH), f"{title}\n\n{what}".strip()
    place = project.extra.get("neighborhood", "") or project.extra.get("district", "")
    where = ", ".join(dict.fromkeys(part for part in (place, meta.subunit, meta.unit) if part))
    return _placed(
        key=project.project_id,
        title=title,
        what=what,
        for_whom=", ".join(project.target),
        place_words=where,
        topic_words=project.category,
        lat=project.latitude,
        lon=project.longitude,
        language=_language_of_text(f"{title}\n{what}", usual),
        cost_cents=project.cost_cents if _is_currency(meta.currency) else None,
        cost_currency=meta.currency if _is_currency(meta.currency) else "EUR",
        submitted_at=day_of(meta.date_begin),
    )


def _is_currency(code: str) -> bool:
    """Whether amounts are money: experiments count in tokens, which nobody could read as a price."""
    return len(code) == 3 and code.isascii() and code.isupper()


def _table_rows(
    table: Iterator[tuple[int, dict[str, str]]], usual: str
) -> Iterator[ImportedProposal | Problem]:
    seen: dict[str, int] = {}
    for line, cells in table:
        try:
            row = _from_table(cells, usual)
        except BadRow as bad:
            yield Problem(line, str(bad))
            continue
        if row.key in seen:
            yield Problem(line, f"the same proposal stands in line {seen[row.key]}")
            continue
        seen[row.key] = line
        yield row


def _from_table(cells: dict[str, str], usual: str) -> ImportedProposal:
    if cells.get(SURPLUS):
        raise BadRow("the row has more cells than the header")
    title = clean_line(cells["title"])
    if len(title) < SHORTEST_TITLE:
        raise BadRow("the title is missing")
    what = cells["what"]
    words = f"{title}|{cells['place']}|{what}"
    key = cells["id"] or hashlib.sha256(fold(words).encode()).hexdigest()[:16]
    return _placed(
        key=key[:80],
        title=title,
        what=what,
        why=cells["why"],
        for_whom=cells["for_whom"],
        place_words=cells["place"],
        topic_words=tuple(cells["topic"].split(",")),
        district_words=cells["district"],
        lat=_coordinate(cells["latitude"], 90, "latitude"),
        lon=_coordinate(cells["longitude"], 180, "longitude"),
        language=language_of(cells["language"]) or _language_of_text(f"{title}\n{what}", usual),
        cost_cents=cost_of(cells["cost"]),
        submitted_at=_given_day(cells["submitted_on"]),
    )


def _placed(
    *,
    topic_words: tuple[str, ...],
    lat: float | None,
    lon: float | None,
    district_words: str = "",
    place_words: str = "",
    **values: object,
) -> ImportedProposal:
    """Points count only inside the town: elsewhere they would draw the map of another city."""
    here = district_at(lat, lon) if lat is not None and lon is not None else None
    named = next((one for one in districts() if fold(one.name) == fold(district_words)), None)
    if district_words and named is None:
        place_words = ", ".join(part for part in (place_words, district_words) if part)
    district = here or named
    return ImportedProposal(
        topic=topic_of(topic_words),
        district_id=district.id if district else None,
        lat=lat if here else None,
        lon=lon if here else None,
        place_words=place_words,
        **values,  # type: ignore[arg-type]
    )


def cost_of(text: str) -> int | None:
    """An amount as people write it, in cents: "1.234,50 €", "1,234.50", "1 234", "12000"; None for nothing.

    A single mark with three digits behind it groups thousands: nobody writes tenths of a cent.
    """
    plain = re.sub(r"€|EUR|Euro|\s", "", text, flags=re.IGNORECASE).removesuffix(",-").removesuffix(".-")
    if not plain:
        return None
    marks = [mark for mark in plain if mark in ".,"]
    decimal = marks[-1] if marks and plain.count(marks[-1]) == 1 else ""
    if decimal and len(set(marks)) == 1 and len(plain.rpartition(decimal)[2]) == 3:
        decimal = ""
    for mark in set(marks) - {decimal}:
        plain = plain.replace(mark, "")
    try:
        amount = cents(plain.replace(decimal, ".") if decimal else plain)
    except ValueError:
        raise BadRow(f"“{text[:40]}” is not an amount of money") from None
    if not 0 <= amount <= MOST_CENTS:
        raise BadRow(f"“{text[:40]}” is out of range for a cost")
    return amount


def _coordinate(text: str, most: int, name: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise BadRow(f"the {name} “{text}” is not a number") from None
    if not -most <= value <= most:
        raise BadRow(f"the {name} is beyond {most} degrees")
    return value


def language_of(text: str) -> str:
    """A language's code from a code or an English, German or French name; "" for words we do not know."""
    word = text.strip().lower()
    if word in LANGUAGES:
        return word
    if word in _names_of_languages():
        return _names_of_languages()[word]
    return word[:2] if re.fullmatch(r"[a-z]{2}([-_].*)?", word) and word[:2] in GUESSABLE_LANGUAGES else ""


@lru_cache(maxsize=1)
def _names_of_languages() -> dict[str, str]:
    names = {}
    for code in GUESSABLE_LANGUAGES:
        for shown_in in ("en", "de", "fr", code):
            names[(Locale.parse(code).get_display_name(shown_in) or code).lower()] = code
    return names


def day_of(text: str) -> datetime | None:
    """Noon of a day, not later than now; None for what is no day."""
    for pattern in DAY_FORMATS:
        try:
            day = datetime.strptime(text.strip()[:10], pattern).replace(hour=12, tzinfo=UTC)
        except ValueError:
            continue
        return min(day, clock.now())
    return None


def _given_day(text: str) -> datetime | None:
    day = day_of(text)
    if text and day is None:
        raise BadRow(f"“{text[:40]}” is not a date")
    return day
