"""What towns write into their files beside the format: names of rules, reserves, projects that exclude
others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from portal.voting.election import Kind
from portal.voting.rules import Rule, Terms

# Pabulib's names of rules, and what counts them here.
RULES = {
    "greedy": Rule.GREEDY,
    "greedy-no-skip": Rule.GREEDY_NO_SKIP,
    "greedy-threshold": Rule.GREEDY_THRESHOLD,
    "greedy-exclusive": Rule.GREEDY,
    "greedy-custom": Rule.GREEDY,
    "equalshares": Rule.EQUAL_SHARES,
    "equalshares-comparison": Rule.EQUAL_SHARES_COMPARISON,
    "equalshares/add1": Rule.EQUAL_SHARES_ADD1,
    "equalshares/add1-comparison": Rule.EQUAL_SHARES_ADD1_COMPARISON,
    "unknown": Rule.GREEDY,
}
# Our own files name what Pabulib has no name for in the comment; writing.py writes it.
_OWN = re.compile(r"#\d+: Nachbarnetz: ((?:[a-z_0-9]+=\S+ ?)+)")
_DRAWN = re.compile(r"#\d+: Lottery order: (\S+)")
_EIGHTY = re.compile(r"80 ?%")
_ID = r"[\w./-]+"
_TOGETHER = re.compile(
    rf"\bprojects? ({_ID}(?:(?:, and |, | and )(?:project )?{_ID})+)\b"
    r"(?=[^#]*(?:could not|cannot|can not|mutually exclusive|exclud))",
    re.IGNORECASE,
)
_RETAINED = re.compile(rf"\b(?:retained|kept) project ({_ID})\b", re.IGNORECASE)
_COMMENT = re.compile(r"#\d+:")
_SPLIT = re.compile(r", and |, | and ")


def engine_rule(name: str) -> Rule | None:
    """The rule of this name, Pabulib's or our own; None for a name that neither has."""
    plain = name.strip().lower()
    if plain in RULES:
        return RULES[plain]
    return Rule(plain) if plain in set(Rule) else None


@dataclass(frozen=True)
class Own:
    """What our own files say in the comment; empty for those of others."""

    rule: Rule | None = None
    kind: Kind | None = None
    terms: Terms = field(default_factory=Terms)
    lottery: tuple[str, ...] | None = None


def own(comment: str, ids: Iterable[str]) -> Own:
    """Reads what writing.py wrote. Raises ValueError when it does not fit together."""
    found = _OWN.search(comment)
    if not found:
        return Own()
    said = dict(part.split("=", 1) for part in found[1].split())
    terms = Terms(
        threshold=int(said.get("threshold", 0)),
        tie_order=tuple(said.get("ties", "cost,votes,lottery").split(",")),
        winners=int(said.get("winners", 1)),
        majority=said.get("majority", "simple"),
        quorum=int(said.get("quorum", 0)),
        eligible=int(said["eligible"]) if "eligible" in said else None,
        status_quo=said.get("status_quo"),
        top_score=int(said["top_score"]) if "top_score" in said else None,
    )
    drawn = _DRAWN.search(comment)
    order = tuple(drawn[1].split(",")) if drawn else None
    if order and sorted(order) != sorted(ids):
        raise ValueError("the lottery order does not name every project once")
    return Own(Rule(said["rule"]), Kind(said["kind"]), terms, order)


def rule_and_terms(meta: Mapping[str, str], named: str, threshold: int | None) -> tuple[Rule, Terms]:
    """How the file says it was counted. An unknown rule is counted greedily, which most of them were."""
    rule = RULES.get(named, Rule.GREEDY)
    is_poznan = _EIGHTY.search(meta.get("comment", "")) or meta.get("unit", "").startswith("Pozna")
    if named == "greedy-custom" and is_poznan:
        rule = Rule.GREEDY_EIGHTY
    # Pabulib's Equal Shares know no threshold.
    is_greedy = rule.startswith("greedy")
    return rule, Terms(threshold=threshold or 0 if is_greedy else 0)


def with_scale(terms: Terms, scale: int, reserve: int) -> Terms:
    """The terms for points that were multiplied to be whole, and the projects paid from a reserve."""
    return replace(terms, threshold=terms.threshold * scale, extra=reserve)


def conflicts(comment: str, ids: Iterable[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Projects that exclude each other as the comment says, and those that stood back for one named there.

    Only sentences are believed whose numbers are all projects of the file ("projects 773 and 153 ... could
    not be implemented simultaneously"; "The official winner list retained project 2150").
    """
    known = set(ids)
    excluded: dict[str, set[str]] = {}
    beaten: set[str] = set()
    for part in _COMMENT.split(comment):
        for found in _TOGETHER.finditer(part):
            group = {one.removeprefix("project ").rstrip(".") for one in _SPLIT.split(found[1])}
            if not group <= known:
                continue
            for one in group:
                excluded.setdefault(one, set()).update(group - {one})
            kept = {one.rstrip(".") for one in _RETAINED.findall(part)} & group
            if kept:
                beaten |= group - kept
    return excluded, beaten


def published(rows: Mapping[str, Mapping[str, str]], rule: Rule) -> tuple[tuple[str, ...] | None, int]:
    """The ids that the file marks as selected, and how many of them were paid from a reserve.

    1 is selected. 2 and 3 mean something only in Poznań: the last one with 80 %, and a reserve. Elsewhere
    they are what the town added by hand, and not an outcome of the rule.
    """
    marks = {one: row.get("selected", "") for one, row in rows.items()}
    if not any(marks.values()):
        return None, 0
    counted = ("1", "2", "3") if rule is Rule.GREEDY_EIGHTY else ("1",)
    reserve = sum(mark == "3" for mark in marks.values()) if rule is Rule.GREEDY_EIGHTY else 0
    return tuple(one for one, mark in marks.items() if mark.removesuffix(".0") in counted), reserve
