"""Writing a round as a `.pb` file in which pabulib-checker 1.0.8 finds no error, and which we recount
exactly.

What Pabulib has no field for stands in the comment: our own name of the rule and its terms, projects that
exclude each other, blank ballots, the drawn order. Of the voters nothing is written but the tracking code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from portal.voting.election import Kind, Project, read_content
from portal.voting.outcome import Outcome
from portal.voting.rules import Rule, Terms

# The order pabulib-checker wants, with what it lets be empty.
_COLUMNS = ("category", "beneficiaries", "selected", "neighborhood", "subunit", "district", "description")
_LAST_COLUMNS = ("proposer", "public_id", "latitude", "longitude")
_MAY_BE_EMPTY = {"category", "beneficiaries", "latitude", "longitude"}
_WITHDRAWN = "999999999"
_PLAIN = {
    Rule.GREEDY_NO_SKIP: "greedy-no-skip",
    Rule.GREEDY_EIGHTY: "greedy-custom",
    Rule.EQUAL_SHARES: "equalshares",
    Rule.EQUAL_SHARES_COMPARISON: "equalshares-comparison",
    Rule.EQUAL_SHARES_ADD1: "equalshares/add1",
    Rule.EQUAL_SHARES_ADD1_COMPARISON: "equalshares/add1-comparison",
}
_TERMS = ("threshold", "winners", "majority", "quorum", "eligible", "status_quo", "top_score")


@dataclass(frozen=True)
class Head:
    """What the file says about the vote. `country` in English; `language` and `currency` as ISO codes.

    Without a budget every option costs 1 and the budget is the number of winners, since the format knows only
    budgets. `points_total` is needed for points, `points_most` is the most that one option may get.
    """

    description: str
    unit: str
    instance: str
    date_begin: date
    date_end: date
    kind: Kind
    rule: Rule
    terms: Terms = field(default_factory=Terms)
    country: str = "Germany"
    district: str = ""
    subunit: str = ""
    budget_cents: int | None = None
    max_length: int | None = None
    points_total: int | None = None
    points_most: int | None = None
    language: str = ""
    currency: str = "EUR"
    comments: tuple[str, ...] = ()


def write(
    target: Path | str,
    head: Head,
    projects: Sequence[Project],
    ballots: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    outcome: Outcome | None = None,
    lottery: Sequence[str] | None = None,
) -> str:
    """Writes the file and returns its SHA-256. `ballots` are (tracking code, content as the box keeps it).

    `columns` adds category, district, latitude and so on for a project's id. With an outcome the winners
    are marked as selected. Ballots stand in the order of their codes and projects by points, cost and
    lottery: the same round gives the same bytes. Raises KeyError for an unknown option.
    """
    text = content_of(head, projects, ballots, columns=columns, outcome=outcome, lottery=lottery)
    data = text.encode()
    Path(target).write_bytes(data)
    return sha256(data).hexdigest()


def content_of(
    head: Head,
    projects: Sequence[Project],
    ballots: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    outcome: Outcome | None = None,
    lottery: Sequence[str] | None = None,
) -> str:
    """The text of the file; see `write`."""
    box = _Box(head, projects)
    for code, content in sorted(ballots, key=lambda one: one[0]):
        box.add(code, content)
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows((key, value) for key, value in _meta(head, projects, box, lottery) if value)
    rows.writerow(["PROJECTS"])
    rows.writerows(_projects(head, projects, box, columns or {}, outcome, lottery))
    rows.writerow(["VOTES"])
    rows.writerow(["voter_id", "vote", "points"] if box.has_points else ["voter_id", "vote"])
    rows.writerows(box.lines)
    return out.getvalue()


class _Box:
    """The ballots as lines, and what is counted from them."""

    def __init__(self, head: Head, projects: Sequence[Project]) -> None:
        self._ids = [project.id for project in projects]
        self._positions = {one: place for place, one in enumerate(self._ids)}
        self._kind = head.kind
        self.has_points = head.kind is not Kind.APPROVAL
        self.lines: list[tuple[str, ...]] = []
        self.votes = [0] * len(projects)
        self.scores = [0] * len(projects)
        self.longest = 0
        self.blank = 0

    def add(self, code: str, content: Mapping[str, Any]) -> None:
        options, values = read_content(content, self._positions)
        if self._kind is Kind.RANKING:
            values = tuple(len(self._ids) + 1 - place for place in values)
        pairs = sorted(zip(options, values or (1,) * len(options), strict=True), key=lambda p: (-p[1], p[0]))
        if self._kind is Kind.POINTS:
            pairs = [pair for pair in pairs if pair[1]]
        if not pairs:
            self.blank += 1
            return
        for option, value in pairs:
            self.votes[option] += 1
            self.scores[option] += value
        self.longest = max(self.longest, len(pairs))
        line = (code, ",".join(self._ids[option] for option, _ in pairs))
        self.lines.append((*line, ",".join(str(v) for _, v in pairs)) if self.has_points else line)


def _meta(
    head: Head, projects: Sequence[Project], box: _Box, lottery: Sequence[str] | None
) -> list[tuple[str, str]]:
    budget = _budget(head)
    costs = sum(int(float(_cost(head, project))) for project in projects)
    limit = min(head.max_length or len(projects), len(projects))
    has_sum = head.kind is Kind.POINTS
    return [
        ("description", one_line(head.description)),
        ("country", head.country),
        ("unit", one_line(head.unit)),
        ("district", one_line(head.district)),
        ("subunit", one_line(head.subunit)),
        ("instance", one_line(head.instance)),
        ("num_projects", str(len(projects))),
        ("num_votes", str(len(box.lines))),
        ("budget", budget),
        ("vote_type", _vote_type(head)),
        ("rule", _rule(head, projects)),
        ("date_begin", f"{head.date_begin:%d.%m.%Y}"),
        ("date_end", f"{head.date_end:%d.%m.%Y}"),
        ("max_length", str(max(limit, box.longest)) if head.max_length else ""),
        ("max_points", str(head.points_most or "") if box.has_points else ""),
        ("max_sum_points", str(head.points_total or max(1, *box.scores)) if has_sum else ""),
        ("min_project_score_threshold", str(head.terms.threshold or "") if _is_greedy(head) else ""),
        ("language", head.language),
        ("currency", head.currency),
        ("fully_funded", "1" if int(float(budget)) >= costs else ""),
        ("comment", _comment(head, projects, box, lottery)),
    ]


def _projects(
    head: Head,
    projects: Sequence[Project],
    box: _Box,
    columns: Mapping[str, Mapping[str, str]],
    outcome: Outcome | None,
    lottery: Sequence[str] | None,
) -> Iterable[list[str]]:
    drawn = {one: place for place, one in enumerate(lottery or [project.id for project in projects])}
    order = sorted(
        range(len(projects)),
        key=lambda j: (-box.scores[j], projects[j].cost_cents, -box.votes[j], drawn[projects[j].id]),
    )
    given = {name for row in columns.values() for name, value in row.items() if value}
    names = [n for n in _COLUMNS if n in given or (n == "selected" and outcome)]
    names += [n for n in _LAST_COLUMNS if n in given]
    won = set(outcome.winners) if outcome else set()
    yield ["project_id", "cost", "votes", *(["score"] if box.has_points else []), "name", *names]
    for j in order:
        project = projects[j]
        more = {**columns.get(project.id, {}), "selected": "1" if project.id in won else "0"}
        cells = [one_line(more.get(n, "")) or ("" if n in _MAY_BE_EMPTY else "-") for n in names]
        counted = [str(box.votes[j]), *([str(box.scores[j])] if box.has_points else [])]
        yield [project.id, _cost(head, project), *counted, one_line(project.name) or project.id, *cells]


def _comment(head: Head, projects: Sequence[Project], box: _Box, lottery: Sequence[str] | None) -> str:
    usual = {one.name: one.default for one in fields(Terms)}
    terms = [
        f"{name}={value}"
        for name in _TERMS
        if (value := getattr(head.terms, name)) != usual[name] and value is not None
    ]
    order = ",".join(head.terms.tie_order)
    parts = [f"Nachbarnetz: rule={head.rule} kind={head.kind} ties={order} {' '.join(terms)}".strip()]
    seen: set[frozenset[str]] = set()
    for project in projects:
        for other in sorted(project.excluded_with):
            if (pair := frozenset((project.id, other))) not in seen:
                seen.add(pair)
                parts.append(f"Projects {project.id} and {other} exclude each other.")
        if project.withdrawn:
            cost = money(project.cost_cents)
            parts.append(f"Project {project.id} was withdrawn while people voted; it would have cost {cost}.")
    if box.blank:
        parts.append(f"Blank ballots, not listed and without a share: {box.blank}.")
    if lottery:
        parts.append(f"Lottery order: {','.join(lottery)}")
    parts += [one_line(comment).replace("#", "No. ") for comment in head.comments]
    return " ".join(f"#{number}: {part}" for number, part in enumerate(parts, 1))


def _vote_type(head: Head) -> str:
    if head.kind is Kind.APPROVAL:
        return "choose-1" if head.max_length == 1 else "approval"
    return "cumulative" if head.kind is Kind.POINTS else "scoring"


def _is_greedy(head: Head) -> bool:
    return head.rule.startswith("greedy")


def _rule(head: Head, projects: Sequence[Project]) -> str:
    """Pabulib's name of the rule; "unknown" where it would promise something else than was counted."""
    has_conflicts = any(project.excluded_with for project in projects)
    if head.rule in (Rule.GREEDY, Rule.GREEDY_THRESHOLD):
        return (
            "greedy-exclusive" if has_conflicts else "greedy-threshold" if head.terms.threshold else "greedy"
        )
    name = _PLAIN.get(head.rule, "unknown")
    if has_conflicts:
        return "greedy-custom" if _is_greedy(head) else "unknown"
    return "unknown" if head.terms.threshold and not _is_greedy(head) else name


def _budget(head: Head) -> str:
    return str(head.terms.winners) if head.budget_cents is None else money(head.budget_cents)


def _cost(head: Head, project: Project) -> str:
    if project.withdrawn:
        return _WITHDRAWN
    return "1" if head.budget_cents is None else money(project.cost_cents)


def money(cents: int) -> str:
    """Cents as the format writes money: "1200", "1200.50"."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def one_line(text: str) -> str:
    """Foreign text in one cell: no line ends, no double spaces, none at its ends."""
    return " ".join(text.split())
