"""Yes or no: simple and absolute majority, two thirds, quorum."""

from __future__ import annotations

from enum import StrEnum

from portal.voting.election import ABSTAIN, NO, YES, Election
from portal.voting.outcome import Outcome, Purchase


class Majority(StrEnum):
    """How many must say yes: more than no; more than half of all who may vote; twice as many as no."""

    SIMPLE = "simple"
    ABSOLUTE = "absolute"
    TWO_THIRDS = "two_thirds"


def count_majority(
    election: Election,
    *,
    majority: Majority | str = Majority.SIMPLE,
    quorum: int = 0,
    eligible: int | None = None,
) -> Outcome:
    """Each proposal by itself: it is adopted, or nothing changes. A tie is no majority.

    `quorum`: so many must answer, abstentions included. `eligible`: all who may vote, needed for the absolute
    majority. All in integers: two thirds means yes >= 2 × no, and at least one yes. Abstentions count for
    neither side. Source: Robert's Rules of Order Newly Revised, 12th edition, section 44.

        >>> from portal.voting import Project, Terms, run
        >>> says = ["yes"] * 4 + ["no"] * 2 + ["abstain"]
        >>> election = Election.of("yes_no", [Project("p")], [{"answers": {"p": one}} for one in says])
        >>> run("majority", election, terms=Terms(majority="two_thirds")).winners
        ('p',)
        >>> run("majority", election, terms=Terms(majority="absolute", eligible=8)).winners
        ()
        >>> run("majority", election, terms=Terms(quorum=8)).details["p"]
        {'yes': 4, 'no': 2, 'abstain': 1, 'cast': 7, 'needed': 3, 'quorum': 8}
    """
    kind = Majority(majority)
    if kind is Majority.ABSOLUTE and eligible is None:
        raise ValueError("an absolute majority needs to know how many may vote")
    won, details = [], {}
    for j, (project, said) in enumerate(zip(election.projects, _answers(election), strict=True)):
        yes, no, cast = said[YES], said[NO], sum(said.values())
        needed = _needed(kind, no, eligible or 0)
        counts = {"yes": yes, "no": no, "abstain": said[ABSTAIN], "cast": cast}
        details[project.id] = {**counts, "needed": needed, "quorum": quorum}
        if yes >= needed and cast >= quorum and not project.withdrawn:
            won.append(Purchase(project.id, project.cost_cents, yes, election.scores[j]))
    return Outcome.of(election, "majority", won, details=details)


def _answers(election: Election) -> list[dict[int, int]]:
    """How many said yes, no and neither, proposal by proposal."""
    answers: list[dict[int, int]] = [{YES: 0, NO: 0, ABSTAIN: 0} for _ in election.projects]
    for options, values, count in election.ballots:
        for option, value in zip(options, values, strict=True):
            answers[option][value] += count
    return answers


def _needed(kind: Majority, no: int, eligible: int) -> int:
    """The least number of yes that is enough."""
    if kind is Majority.ABSOLUTE:
        return eligible // 2 + 1
    return no + 1 if kind is Majority.SIMPLE else max(1, 2 * no)
