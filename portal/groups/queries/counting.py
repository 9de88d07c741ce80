"""What a group's ballots come to, method by method: facts and numbers, worded by the pages.

The engine (`portal.voting`) counts; here stand only a group's own rules: means of those who rated, the status
quo, run-offs, and the rebuilding of countable ballots from the tallies of secret decisions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import pstdev
from typing import Any

from portal.groups.models import DecisionOption, GroupDecision, Method, Status
from portal.voting import Election, Project, Terms, run
from portal.voting.ranking import strongest_paths

Content = Mapping[str, Any]
YES, NO, ABSTAIN, BLOCK = "yes", "no", "abstain", "block"
# Every single one who may answer has to say yes.
EVERYBODY = "all"
MARKS = range(6)
RESISTANCES = range(11)
FITS, IF_NEED_BE, DOES_NOT = 2, 1, 0
STRONG = 8
WARN_FROM_PERCENT = 20


@dataclass(frozen=True)
class Count:
    """What came out. `order`: option numbers, best first; `winners`: those chosen; `facts`: numbers."""

    status: Status
    winners: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, kept with the decision."""
        return {
            "status": str(self.status),
            "winners": list(self.winners),
            "order": list(self.order),
            "facts": self.facts,
        }


def count(
    decision: GroupDecision, options: list[DecisionOption], contents: Iterable[Content], *, eligible: int
) -> Count:
    """Count handed-in ballots. `eligible`: the frozen electorate, for the absolute majority."""
    ballots = [content for content in contents if content]
    here = [option for option in options if not option.dropped]
    counters = {
        Method.CONSENSUS: _consensus,
        Method.MAJORITY: _majority,
        Method.CHOICE: _choice,
        Method.DOTS: _dots,
        Method.SCORE: _score,
        Method.RANKING: _ranking,
        Method.RESISTANCE: _resistance,
        Method.DATE: _dates,
    }
    return counters[decision.method](decision, here, ballots, eligible)


def drawn_by(secret: str, words: str, numbers: Iterable[int]) -> dict[int, str]:
    """The lot of each number, as hex: HMAC-SHA-256 of (words, number) under the secret; lowest first."""
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        key = secret.encode()
    return {
        number: hmac.new(key, f"{words}‖{number}".encode(), hashlib.sha256).hexdigest() for number in numbers
    }


def _projects(options: list[DecisionOption]) -> list[Project]:
    return [Project(str(option.number)) for option in options]


def _numbers(ids: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in ids)


def _consensus(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """Adopted when nobody blocks and more agree than disagree; one block stops it."""
    said = [ballot["answers"]["1"] for ballot in ballots]
    facts = {word: said.count(word) for word in (YES, ABSTAIN, NO, BLOCK)}
    adopted = facts[BLOCK] == 0 and facts[YES] > facts[NO]
    return Count(Status.ADOPTED if adopted else Status.NOT_ADOPTED, (1,) if adopted else (), (), facts)


def _majority(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """As many yes as the agreed majority needs; equal is no majority."""
    agreed = "simple" if decision.majority == EVERYBODY else decision.majority
    terms = Terms(majority=agreed, eligible=eligible)
    outcome = run("majority", Election.of("yes_no", [Project("1")], ballots), terms=terms)
    facts = {**(outcome.details or {})["1"], "majority": decision.majority, "eligible": eligible}
    won = bool(outcome.winners)
    if decision.majority == EVERYBODY:
        facts["needed"], won = eligible, eligible > 0 and facts[YES] == eligible
    return Count(Status.ADOPTED if won else Status.NOT_ADOPTED, (1,) if won else (), (), facts)


def _choice(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """Most votes. Fewer than half of those who answered, where the group wants that: a run-off of two."""
    election = Election.of("approval", _projects(options), ballots)
    outcome = run("approval", election)
    votes = {option.number: election.votes[i] for i, option in enumerate(options)}
    order = tuple(sorted(votes, key=lambda number: (-votes[number], number)))
    facts = {"votes": {str(number): many for number, many in votes.items()}, "answered": len(ballots)}
    most = votes[order[0]] if order else 0
    tied = tuple(number for number in order if votes[number] == most)
    if not most:
        return Count(Status.NOT_ADOPTED, (), order, facts)
    below = decision.run_off_below_half and 2 * most < len(ballots) and len(order) > 2
    if below and decision.round == 1:
        return Count(Status.RUN_OFF, order[:2] if len(tied) < 3 else tied, order, facts)
    if len(tied) > 1:
        return _tie(decision, tied, order, facts)
    return Count(Status.ADOPTED, _numbers(outcome.winners), order, facts)


def _tie(
    decision: GroupDecision, tied: tuple[int, ...], order: tuple[int, ...], facts: dict[str, Any]
) -> Count:
    """Equal at the top: a run-off of the equals first, lots afterwards if the group agreed to them."""
    status = Status.RUN_OFF if decision.round == 1 else Status.TIE
    return Count(status, tied, order, {**facts, "tied": list(tied)})


def _dots(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """Most points; equal: more people behind it."""
    election = Election.of("points", _projects(options), ballots)
    points = dict(zip((option.number for option in options), election.scores, strict=True))
    people = dict(zip(points, election.votes, strict=True))
    facts = {
        "points": {str(number): many for number, many in points.items()},
        "people": {str(number): many for number, many in people.items()},
    }
    return _best(
        decision, {n: (-points[n], -people[n]) for n in points}, facts, barred=lambda n: not points[n]
    )


def _best(
    decision: GroupDecision,
    keys: Mapping[int, tuple[float, ...]],
    facts: dict[str, Any],
    *,
    barred: Any = lambda number: False,
) -> Count:
    """The lowest key wins; several of them are a tie."""
    order = tuple(sorted((n for n in keys if not barred(n)), key=lambda n: (keys[n], n)))
    if not order:
        return Count(Status.NOT_ADOPTED, (), (), facts)
    tied = tuple(number for number in order if keys[number] == keys[order[0]])
    if len(tied) > 1:
        return _tie(decision, tied, order, facts)
    return Count(Status.ADOPTED, order[:1], order, facts)


def _score(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """The highest mean of those who rated an option; at least half of them must have. Equal: lower spread.

    "Don't know" rates nothing and pulls nothing down: 5, 5 and "don't know" is a mean of 5.
    """
    marks = {
        option.number: [
            int(ballot["points"][str(option.number)])
            for ballot in ballots
            if str(option.number) in ballot["points"]
        ]
        for option in options
    }
    means = {n: sum(given) / len(given) if given else 0.0 for n, given in marks.items()}
    spreads = {n: pstdev(given) if given else 0.0 for n, given in marks.items()}
    too_few = {n for n, given in marks.items() if not given or 2 * len(given) < len(ballots)}
    facts = {
        "means": {str(n): round(mean, 2) for n, mean in means.items()},
        "spreads": {str(n): round(spread, 2) for n, spread in spreads.items()},
        "raters": {str(n): len(given) for n, given in marks.items()},
        "too_few": sorted(too_few),
    }
    keys = {n: (-round(means[n], 9), round(spreads[n], 9)) for n in marks}
    return _best(decision, keys, facts, barred=lambda n: n in too_few)


def _ranking(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """Who wins every duel; else Schulze. The page shows the duels: "A before B: 12 to 5"."""
    outcome = run("schulze", Election.of("ranking", _projects(options), ballots))
    duels = (outcome.details or {})["duels"]
    return _from_duels(decision, [str(option.number) for option in options], duels)


def _from_duels(decision: GroupDecision, ids: list[str], duels: dict[str, dict[str, int]]) -> Count:
    """Schulze from a table of duels alone: what a secret ranking leaves behind."""
    size = range(len(ids))
    table = [[duels[ids[i]].get(ids[j], 0) if i != j else 0 for j in size] for i in size]
    paths = strongest_paths(table, list(size))
    beaten = {int(ids[i]): sum(paths[j][i] > paths[i][j] for j in size) for i in size}
    champions = [int(ids[i]) for i in size if all(table[i][j] > table[j][i] for j in size if j != i)]
    facts = {"duels": duels, "condorcet": champions[0] if champions else None}
    if not any(any(row) for row in table):
        return Count(Status.NOT_ADOPTED, (), (), facts)
    return _best(decision, {number: (many,) for number, many in beaten.items()}, facts)


def _resistance(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """The lowest mean resistance; "everything stays" is an option, and wins unless something is below it.

    Equal: the lower share of strong resistance (8 and more), then the lower maximum, then the status quo.
    """
    given = {o.number: [int(ballot["points"][str(o.number)]) for ballot in ballots] for o in options}
    many = len(ballots)
    status_quo = next((option.number for option in options if option.is_status_quo), None)
    totals = {n: sum(each) for n, each in given.items()}
    strong = {n: sum(one >= STRONG for one in each) for n, each in given.items()}
    highest = {n: max(each, default=0) for n, each in given.items()}
    keys = {n: (totals[n], strong[n], highest[n], n != status_quo) for n in given}
    order = tuple(sorted(keys, key=lambda n: (keys[n], n)))
    facts = {
        "means": {str(n): round(totals[n] / many, 2) if many else 0.0 for n in given},
        "acceptance_percent": {str(n): 100 - round(10 * totals[n] / many) if many else 0 for n in given},
        "strong": {str(n): strong[n] for n in given},
        "highest": {str(n): highest[n] for n in given},
        "answered": many,
        "status_quo": status_quo,
        "worse_than_status_quo": [n for n in order if status_quo and totals[n] > totals[status_quo]],
        "talk_with_them": [n for n in order if many and 100 * strong[n] >= WARN_FROM_PERCENT * many],
    }
    if not many:
        return Count(Status.NOT_ADOPTED, (), order, facts)
    tied = tuple(n for n in order if keys[n] == keys[order[0]])
    if len(tied) > 1:
        return _tie(decision, tied, order, facts)
    won = Status.NOT_ADOPTED if order[0] == status_quo else Status.ADOPTED
    return Count(won, order[:1], order, facts)


def _dates(
    decision: GroupDecision, options: list[DecisionOption], ballots: list[Content], eligible: int
) -> Count:
    """Which date suits most, then which suits more if need be. People choose, the portal does not."""
    says = {o.number: [b["points"].get(str(o.number)) for b in ballots] for o in options}
    fits = {n: each.count(FITS) for n, each in says.items()}
    perhaps = {n: each.count(IF_NEED_BE) for n, each in says.items()}
    order = tuple(sorted(says, key=lambda n: (-fits[n], -perhaps[n], n)))
    facts = {
        "fits": {str(n): fits[n] for n in says},
        "if_need_be": {str(n): perhaps[n] for n in says},
        "does_not": {str(n): each.count(DOES_NOT) for n, each in says.items()},
        "unanswered": {str(n): each.count(None) for n, each in says.items()},
    }
    return Count(Status.ADOPTED if ballots else Status.NOT_ADOPTED, (), order, facts)


# ---- secret decisions: ballots that would leave exactly these tallies


def tally_keys(decision: GroupDecision, options: list[DecisionOption]) -> list[str]:
    """All keys a secret decision can count, made at the opening so that no row tells when it was written."""
    numbers = [option.number for option in options if not option.dropped]
    if decision.method is Method.MAJORITY:
        return [f"1={word}" for word in (YES, NO, ABSTAIN)]
    if decision.method is Method.CONSENSUS:
        return [f"1={word}" for word in (YES, NO, ABSTAIN, BLOCK)]
    if decision.method is Method.RANKING:
        return [f"{a}>{b}" for a in numbers for b in numbers if a != b]
    if decision.method is Method.CHOICE:
        return [f"{number}=1" for number in numbers]
    values = {
        Method.DOTS: range(1, (decision.points_each or decision.points_total or 1) + 1),
        Method.SCORE: MARKS,
        Method.RESISTANCE: RESISTANCES,
    }[decision.method]
    return [f"{number}={value}" for number in numbers for value in values]


def keys_of(decision: GroupDecision, options: list[DecisionOption], content: Content) -> list[str]:
    """The counters one secret ballot raises. After that nothing of the ballot is left."""
    if "answers" in content:
        return [f"1={content['answers']['1']}"]
    if "choices" in content:
        return [f"{number}=1" for number in content["choices"]]
    if "order" in content:
        place = {number: at for at, level in enumerate(content["order"]) for number in level}
        numbers = [str(option.number) for option in options if not option.dropped]
        last = len(content["order"])
        return [
            f"{a}>{b}" for a in numbers for b in numbers if a != b and place.get(a, last) < place.get(b, last)
        ]
    return [f"{number}={value}" for number, value in content["points"].items() if f"{value}" != ""]


def count_secret(
    decision: GroupDecision,
    options: list[DecisionOption],
    tallies: Mapping[str, int],
    *,
    eligible: int,
    cast: int,
) -> Count:
    """Count from tallies alone: ballots with equal tallies have equal results under every method here."""
    here = [option for option in options if not option.dropped]
    if decision.method is Method.RANKING:
        ids = [str(option.number) for option in here]
        duels = {a: {b: tallies.get(f"{a}>{b}", 0) for b in ids if b != a} for a in ids}
        return _from_duels(decision, ids, duels)
    return count(decision, options, _rebuilt(decision, here, tallies, cast), eligible=eligible)


def _rebuilt(
    decision: GroupDecision, options: list[DecisionOption], tallies: Mapping[str, int], cast: int
) -> list[dict[str, Any]]:
    if decision.method in (Method.MAJORITY, Method.CONSENSUS):
        return [{"answers": {"1": key.split("=")[1]}} for key, many in tallies.items() for _ in range(many)]
    ballots: list[dict[str, Any]] = [
        {"choices": []} if decision.method is Method.CHOICE else {"points": {}} for _ in range(cast)
    ]
    for option in options:
        said = [
            int(key.split("=")[1])
            for key, many in tallies.items()
            if key.split("=")[0] == str(option.number)
            for _ in range(many)
        ]
        for ballot, value in zip(ballots, said, strict=False):
            if "choices" in ballot:
                ballot["choices"].append(str(option.number))
            else:
                ballot["points"][str(option.number)] = value
    return ballots
