"""The decisions of groups explained: the number that decided, and how far away the others were."""

from __future__ import annotations

from typing import Any

from portal.voting.election import Election
from portal.voting.facts import Option, barred, make_option
from portal.voting.outcome import Outcome
from portal.voting.rules import Rule, Terms

Reason = tuple[str, dict[str, Any]]


def options(outcome: Outcome, election: Election, terms: Terms) -> list[Option]:
    """Every option with its reason. See `explanation.explain`."""
    ways = {
        Rule.MAJORITY: _majority,
        Rule.APPROVAL: _most,
        Rule.SCORE: _most,
        Rule.SCHULZE: _duels,
        Rule.CONSENSING: _resistance,
        Rule.DATES: _dates,
    }
    why = ways[Rule(outcome.rule)]
    places = {one: place for place, one in enumerate(outcome.winners, 1)}
    found = []
    for j, project in enumerate(election.projects):
        place = places.get(project.id)
        if place is None and project.withdrawn:
            reason, facts = "withdrawn", dict[str, Any]()
        else:
            reason, facts = why(outcome, election, j, terms)
            if place is None and (decided := _tied(outcome, project.id)):
                reason, facts = decided[0], {**facts, **decided[1]}
        found.append(make_option(election, j, reason, facts, place=place))
    return found


def _tied(outcome: Outcome, one: str) -> Reason | None:
    """Whether it was equal with the last winner in what counts first."""
    for tie in outcome.ties:
        if one in tie.projects:
            ahead = [other for other in tie.projects if other in outcome.winners]
            code = "lottery" if tie.decided_by == "lottery" else "tie"
            return code, {"lost_to": ahead[-1], "decided_by": tie.decided_by}
    return None


def _last_winner(outcome: Outcome, election: Election) -> int | None:
    return election.positions[outcome.winners[-1]] if outcome.winners else None


def _majority(outcome: Outcome, election: Election, j: int, terms: Terms) -> Reason:
    one = election.projects[j].id
    said = (outcome.details or {})[one]
    if one in outcome.winners:
        return "enough_yes", said
    if said["cast"] < said["quorum"]:
        return "quorum_missed", {**said, "missing": said["quorum"] - said["cast"]}
    return "not_enough_yes", {**said, "missing": said["needed"] - said["yes"]}


def _most(outcome: Outcome, election: Election, j: int, terms: Terms) -> Reason:
    one = election.projects[j].id
    details = outcome.details or {}
    facts: dict[str, Any] = {n: details[n][one] for n in ("medians", "top_scores") if n in details}
    if one in outcome.winners:
        return "most_votes", facts
    if known := barred(election, j, (), terms.threshold):
        return known
    last = _last_winner(outcome, election)
    missing = election.scores[last] - election.scores[j] if last is not None else 0
    return "fewer_votes", {**facts, "missing": missing}


def _duels(outcome: Outcome, election: Election, j: int, terms: Terms) -> Reason:
    details, one = outcome.details or {}, election.projects[j].id
    duels, paths = details["duels"], details["paths"]
    won = [other for other in duels if other != one and duels[one][other] > duels[other][one]]
    lost = [other for other in duels if other != one and duels[one][other] < duels[other][one]]
    facts = {"duels_won": len(won), "duels_lost": len(lost)}
    if one in outcome.winners:
        return ("beats_all" if details["condorcet"] == one else "schulze_path"), facts
    winner = outcome.winners[0]
    if duels[winner][one] > duels[one][winner]:
        counts = {"to": winner, "for": duels[one][winner], "against": duels[winner][one]}
        return "loses_duel", {**facts, **counts}
    strengths = {"to": winner, "own_path": paths[one][winner], "its_path": paths[winner][one]}
    return "weaker_path", {**facts, **strengths}


def _resistance(outcome: Outcome, election: Election, j: int, terms: Terms) -> Reason:
    details, one = outcome.details or {}, election.projects[j].id
    names = ("totals", "acceptance_percent", "highest", "strong")
    facts = {name: details[name][one] for name in names}
    facts["is_status_quo"] = one == details["status_quo"]
    if one in outcome.winners:
        return "lowest_resistance", facts
    if one in details["worse_than_status_quo"]:
        return "worse_than_status_quo", facts
    last = _last_winner(outcome, election)
    more = election.scores[j] - (election.scores[last] if last is not None else 0)
    return "higher_resistance", {**facts, "more": more}


def _dates(outcome: Outcome, election: Election, j: int, terms: Terms) -> Reason:
    details, one = outcome.details or {}, election.projects[j].id
    facts = {name: details[name][one] for name in ("can_come", "suits")}
    if one in outcome.winners:
        return "most_can_come", facts
    winner = outcome.winners[-1] if outcome.winners else None
    missing = details["can_come"][winner] - facts["can_come"] if winner else 0
    return "fewer_can_come", {**facts, "missing": missing}
