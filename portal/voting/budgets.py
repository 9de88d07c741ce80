"""Equal Shares for a whole budget: fixed shares, Add1, and the comparison with greedy."""

from __future__ import annotations

from collections.abc import Callable, Set
from fractions import Fraction
from functools import partial

from portal.voting.greedy import count_greedy
from portal.voting.outcome import Outcome, Purchase
from portal.voting.shares import Bought, Field, Run

# A unit of money for Add1: shares grow by whole euros, not by cents.
UNIT_CENTS = 100
# So many counts grow by one unit; then each WIDER counts the step becomes ten times as wide. Real elections
# need a few hundred. Without it four voters and a million would be counted half a million times.
EXACT_RUNS = 20_000
WIDER = 5_000


def count_shares(field: Field, share: Fraction) -> list[Bought]:
    """All purchases when everybody begins with `share` cents."""
    return list(Run(field, share).purchases())


def fixed_shares(field: Field, *, rule: str = "equal_shares") -> Outcome:
    """Equal Shares with the budget divided by the voters, and nothing added.

    Worked example: 30 euro, three voters, so 10 each. Two want the tree (12) and the bench (14), one the
    slide (10). The tree is bought first: 6 each, 12 worth for 6. Then the slide: 10 for 10. The 4 + 4 left
    do not pay the bench.

        >>> from portal.voting import Election, Project, run
        >>> projects = [Project("tree", 1200), Project("bench", 1400), Project("slide", 1000)]
        >>> ballots = [{"choices": ["tree", "bench"]}] * 2 + [{"choices": ["slide"]}]
        >>> outcome = run("equal_shares", Election.of("approval", projects, ballots, budget_cents=3000))
        >>> [(p.project, int(p.price), p.paid_in_full) for p in outcome.purchases]
        [('tree', 600, 2), ('slide', 1000, 1)]
    """
    election = field.election
    share = Fraction(election.budget_cents or 0, election.voters or 1)
    return _outcome(field, count_shares(field, share), rule=rule, first=share, final=share)


def add_one(
    field: Field,
    *,
    rule: str = "equal_shares_add1",
    unit_cents: int = UNIT_CENTS,
    progress: Callable[[int], object] | None = None,
    count: Callable[[Fraction], list[Bought]] | None = None,
) -> Outcome:
    """Equal Shares, with shares that grow euro by euro until the next step would cost more than there is.

    Exactly as pabulib-checker 1.0.8 (`_compute_equalshares_winners`): the first run shares the budget, in
    whole euros, to the last fraction; then everybody gets budget/voters rounded down plus 1, plus 2, ...
    whole euros, and the last result that costs no more than the budget stands. It does not stop earlier
    when nothing more would fit (Wieliczka 2023 comes out only so). Where everything is bought that has
    supporters and fits the budget, more money changes nothing: the count ends, where the checker would go on
    for ever. After 20,000 counts (a handful of voters, many thousands for each) the step widens to 10, then
    100 units: the result still costs no more than the budget, found in coarser steps. `count` may know what
    a share buys without counting it again.

    Worked example: the three voters of `fixed_shares` and 32 euro. With 10.67, 11 and 12 each they get the
    tree and the slide, 22 euro. With 13 each the bench is in as well (7 + 7): 36 euro, more than there is.

        >>> from portal.voting import Election, Project, run
        >>> projects = [Project("tree", 1200), Project("bench", 1400), Project("slide", 1000)]
        >>> ballots = [{"choices": ["tree", "bench"]}] * 2 + [{"choices": ["slide"]}]
        >>> outcome = run("equal_shares_add1", Election.of("approval", projects, ballots, budget_cents=3200))
        >>> outcome.winners, int(outcome.final_share), outcome.runs
        (('tree', 'slide'), 1200, 4)
    """
    election = field.election
    budget = (election.budget_cents or 0) // unit_cents * unit_cents
    share = first = Fraction(budget, election.voters or 1)
    counted = count or partial(count_shares, field)
    bought = counted(share) if election.voters else []
    whole = budget // unit_cents // (election.voters or 1)
    runs = 1
    while election.voters and not is_complete(field, {one.project for one in bought}):
        whole += step_after(runs)
        more = Fraction(whole * unit_cents)
        then = counted(more)
        runs += 1
        if progress is not None:
            progress(runs)
        if _cost(field, then) > budget:
            break
        bought, share = then, more
    return _outcome(field, bought, rule=rule, first=first, final=share, runs=runs)


def step_after(runs: int) -> int:
    """By how many units the share grows after so many counts: 1, from the 20,000th on 10, 100, ...

    >>> step_after(19_999), step_after(20_000), step_after(25_000)
    (1, 10, 100)
    """
    return 1 if runs < EXACT_RUNS else 10 ** (1 + (runs - EXACT_RUNS) // WIDER)


def compare_with_greedy(field: Field, shares: Outcome) -> Outcome:
    """The step "-comparison": the greedy outcome instead, if more voters approve more of its winners.

    As in pabulib-checker 1.0.8: each voter counts the winners they approved; those who have as many in both
    outcomes do not count; Equal Shares stands in case of a draw.
    """
    election = field.election
    greedy = count_greedy(election, field.ties, rule="greedy")
    ours = {election.positions[one] for one in shares.winners}
    theirs = {election.positions[one] for one in greedy.winners}
    prefer_shares = prefer_greedy = 0
    for options, values, count in election.ballots:
        liked = {o for o, v in zip(options, values, strict=True) if v > 0} if values else set(options)
        difference = len(liked & ours) - len(liked & theirs)
        prefer_shares += count if difference > 0 else 0
        prefer_greedy += count if difference < 0 else 0
    details = {"prefer_shares": prefer_shares, "prefer_greedy": prefer_greedy}
    chosen = greedy if prefer_greedy > prefer_shares else shares
    return Outcome(
        rule=f"{shares.rule}_comparison",
        winners=chosen.winners,
        purchases=chosen.purchases,
        ties=chosen.ties,
        budget_cents=shares.budget_cents,
        voters=shares.voters,
        blank=shares.blank,
        first_share=shares.first_share,
        final_share=shares.final_share,
        runs=shares.runs,
        details=details,
    )


def _cost(field: Field, bought: list[Bought]) -> int:
    return sum(field.election.projects[one.project].cost_cents for one in bought)


def is_complete(field: Field, won: Set[int]) -> bool:
    """Whether all that has supporters and fits the budget is in, or excluded by what is in."""
    most, projects = field.election.budget_cents or 0, field.election.projects
    return all(j in won or field.conflicts[j] & won for j in field.eligible if projects[j].cost_cents <= most)


def _outcome(
    field: Field, bought: list[Bought], *, rule: str, first: Fraction, final: Fraction, runs: int = 1
) -> Outcome:
    election, projects = field.election, field.election.projects
    purchases = (
        Purchase(
            projects[one.project].id,
            projects[one.project].cost_cents,
            election.votes[one.project],
            election.scores[one.project],
            one.price,
            one.paid_in_full,
            one.gave_their_rest,
        )
        for one in bought
    )
    ties = tuple(field.ties.tie(step, one.tied) for step, one in enumerate(bought, 1) if len(one.tied) > 1)
    shares = {"first_share": first, "final_share": final}
    return Outcome.of(election, rule, purchases, ties=ties, runs=runs, **shares)
