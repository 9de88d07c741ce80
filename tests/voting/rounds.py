"""Rounds to be written as files: ballots as the box keeps them, with codes."""

from datetime import date
from random import Random
from typing import Any

from portal.voting import Kind, Project, Rule, Terms
from portal.voting.pabulib import Head

Ballots = list[tuple[str, dict[str, Any]]]


def head(kind: Kind, rule: Rule, **more: Any) -> Head:
    """The usual head."""
    return Head(
        description="Bürgerhaushalt; was ist uns wichtig?",
        unit="Musterstadt",
        instance="2026",
        date_begin=date(2026, 5, 1),
        date_end=date(2026, 5, 21),
        kind=kind,
        rule=rule,
        language="de",
        comments=("Counted on 22 May # 2026",),
        **{"budget_cents": 5_000_00, **more},
    )


def projects(many: int = 8, **more: Any) -> list[Project]:
    """Some options; `more` changes the one called p2."""
    found = [
        Project(f"p{j}", (300 + 370 * j % 1900) * 100, f'Bank „{j}" am\nMarkt; neu')
        for j in range(1, many + 1)
    ]
    if more:
        old = found[1]
        found[1] = Project(old.id, old.cost_cents, old.name, **more)
    return found


def ballots(kind: Kind, listed: list[Project], many: int = 60, seed: int = 7) -> Ballots:
    """Ballots of this kind, one of them blank."""
    random = Random(seed)
    ids = [project.id for project in listed]
    found: Ballots = [(f"CODE{number:05}", _content(kind, ids, random)) for number in range(many)]
    blank = {Kind.APPROVAL: {"choices": []}, Kind.RANKING: {"order": []}, Kind.YES_NO: {"answers": {}}}
    found.append(("BLANK", blank.get(kind, {"points": {}})))
    random.shuffle(found)
    return found


def _content(kind: Kind, ids: list[str], random: Random) -> dict[str, Any]:
    some = random.sample(ids, random.randint(1, min(4, len(ids))))
    if kind is Kind.APPROVAL:
        return {"kind": "approval", "choices": some}
    if kind is Kind.RANKING:
        return {"kind": "ranking", "order": [some[:1], some[1:]] if some[1:] else [some]}
    if kind is Kind.YES_NO:
        return {"kind": "yes_no", "answers": {one: random.choice(["yes", "no", "abstain"]) for one in ids}}
    if kind in (Kind.RESISTANCE, Kind.DATES):
        most = 10 if kind is Kind.RESISTANCE else 2
        return {"kind": kind, "points": {one: random.randint(0, most) for one in ids}}
    return {"kind": kind, "points": {one: random.randint(1, 4) for one in some}}


# Every way in which a town can decide: kind of ballot, rule, and terms.
WAYS: list[tuple[Kind, Rule, Terms]] = [
    (Kind.APPROVAL, Rule.GREEDY, Terms(threshold=1)),
    (Kind.APPROVAL, Rule.GREEDY_THRESHOLD, Terms(threshold=12)),
    (Kind.APPROVAL, Rule.GREEDY_NO_SKIP, Terms(threshold=1)),
    (Kind.APPROVAL, Rule.GREEDY_EIGHTY, Terms(threshold=1)),
    (Kind.APPROVAL, Rule.EQUAL_SHARES, Terms()),
    (Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1, Terms()),
    (Kind.APPROVAL, Rule.EQUAL_SHARES_COMPARISON, Terms()),
    (Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1_COMPARISON, Terms()),
    (Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1, Terms(threshold=9)),
    (Kind.POINTS, Rule.GREEDY, Terms(threshold=1)),
    (Kind.POINTS, Rule.EQUAL_SHARES_ADD1, Terms()),
    (Kind.SCORE, Rule.EQUAL_SHARES, Terms()),
    (Kind.APPROVAL, Rule.APPROVAL, Terms(winners=2)),
    (Kind.SCORE, Rule.SCORE, Terms(winners=2, top_score=4)),
    (Kind.RANKING, Rule.SCHULZE, Terms(winners=2)),
    (Kind.YES_NO, Rule.MAJORITY, Terms(majority="absolute", eligible=61, quorum=20)),
    (Kind.RESISTANCE, Rule.CONSENSING, Terms(status_quo="p1")),
    (Kind.DATES, Rule.DATES, Terms()),
]
