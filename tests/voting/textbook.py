"""Equal Shares and greedy as textbooks write them: each voter alone, in fractions. Slow, for tests only."""

from fractions import Fraction

from portal.voting import Election


def voters_of(election: Election) -> list[dict[int, int]]:
    """Every voter by themselves: points for each project they support."""
    found = []
    for options, values, voters in election.ballots:
        support = {o: v for o, v in zip(options, values or (1,) * len(options), strict=True) if v > 0}
        found += [support] * voters
    return found


def rank(election: Election, j: int) -> tuple[int, int, int]:
    """Cost, votes, place on the list: the first of a tie has the least."""
    votes = sum(j in voter for voter in voters_of(election))
    return election.projects[j].cost_cents, -votes, j


def equal_shares(election: Election, share: Fraction, *, by_cost: bool) -> list[int]:
    """Winners in order, when everybody begins with this share."""
    voters = voters_of(election)
    money = [share] * len(voters)
    won: list[int] = []
    while True:
        best: tuple[Fraction, list[int], dict[int, Fraction]] | None = None
        prices: dict[int, Fraction] = {}
        for j, project in enumerate(election.projects):
            if j in won or project.withdrawn or any(_exclude(election, j, other) for other in won):
                continue
            price = _price(j, project.cost_cents, voters, money)
            if price is None:
                continue
            prices[j] = price
            use = price / project.cost_cents if by_cost else price
            if best is None or use < best[0]:
                best = (use, [j], prices)
            elif use == best[0]:
                best[1].append(j)
        if best is None:
            return won
        winner = min(best[1], key=lambda j: rank(election, j))
        for i, voter in enumerate(voters):
            money[i] -= min(money[i], prices[winner] * voter.get(winner, 0))
        assert min(money) >= 0
        won.append(winner)


def _exclude(election: Election, j: int, other: int) -> bool:
    one, two = election.projects[j], election.projects[other]
    return two.id in one.excluded_with or one.id in two.excluded_with


def _price(j: int, cost: int, voters: list[dict[int, int]], money: list[Fraction]) -> Fraction | None:
    """The least price per point at which the supporters together pay the cost."""
    supporters = [(money[i] / voter[j], voter[j], money[i]) for i, voter in enumerate(voters) if j in voter]
    if not supporters or sum(has for _, _, has in supporters) < cost:
        return None
    supporters.sort()
    left, points = Fraction(cost), sum(each for _, each, _ in supporters)
    for most, each, has in supporters:
        if left / points <= most:
            return left / points
        left, points = left - has, points - each
    raise AssertionError("somebody can pay")


def add_one(election: Election, *, by_cost: bool) -> list[int]:
    """Whole units more for everybody until it costs too much, or until all that is supported is bought."""
    budget = (election.budget_cents or 0) // 100 * 100
    n = election.voters
    won = equal_shares(election, Fraction(budget, n), by_cost=by_cost)
    whole = budget // 100 // n
    supported = {j for voter in voters_of(election) for j in voter if _can_win(election, j)}
    while not all(j in won or any(_exclude(election, j, other) for other in won) for j in supported):
        whole += 1
        then = equal_shares(election, Fraction(whole * 100), by_cost=by_cost)
        if sum(election.projects[j].cost_cents for j in then) > budget:
            break
        won = then
    return won


def _can_win(election: Election, j: int) -> bool:
    project = election.projects[j]
    return not project.withdrawn and project.cost_cents <= (election.budget_cents or 0)


def greedy(election: Election) -> list[int]:
    """Down the list by points; what still fits is taken."""
    scores = [sum(voter.get(j, 0) for voter in voters_of(election)) for j in range(len(election.projects))]
    left, won = election.budget_cents or 0, []
    for j in sorted(range(len(scores)), key=lambda j: (-scores[j], rank(election, j))):
        project = election.projects[j]
        if project.withdrawn or any(_exclude(election, j, other) for other in won):
            continue
        if project.cost_cents <= left:
            left -= project.cost_cents
            won.append(j)
    return won
