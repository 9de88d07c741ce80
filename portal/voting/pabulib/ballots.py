"""The VOTES section: each row once into numbers, equal ballots together, points made whole in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from portal.voting.election import Ballot, Kind
from portal.voting.pabulib.lines import BadFile
from portal.voting.pabulib.numbers import decimal, shown

_MOST_POINTS = 10**9
_MOST_DECIMALS = 6

Numbers = tuple[int | Decimal, ...]


class BallotReader:
    """Takes the rows one after the other. `named` counts how often each project was named, `rows` the
    ballots.
    """

    def __init__(
        self,
        kind: Kind,
        ids: list[str],
        *,
        max_length: int | None,
        default_score: int,
        note: Callable[[int, str, str], None],
    ) -> None:
        self._kind = kind
        self._positions = {one: place for place, one in enumerate(ids)}
        self._max_length = max_length if max_length and max_length > 0 else len(ids)
        self._default_score = default_score if kind in (Kind.SCORE, Kind.RANKING) else 0
        self._note = note
        self._groups: dict[tuple[tuple[int, ...], Numbers], int] = {}
        self._known: dict[tuple[str, str], int] = {}
        self._counts: list[int] = []
        self._choices: list[tuple[tuple[int, ...], Numbers]] = []
        self._decimals = 0
        self.rows = 0
        self.named: dict[int, int] = {}

    def add(self, line: int, vote: str, points: str) -> None:
        """One row. Raises BadFile when it cannot be counted."""
        self.rows += 1
        known = self._known.get((vote, points))
        if known is None:
            choice = self._parse(line, vote, points)
            known = self._groups.setdefault(choice, len(self._counts))
            if known == len(self._counts):
                self._counts.append(0)
                self._choices.append(choice)
            self._known[vote, points] = known
        self._counts[known] += 1

    def _parse(self, line: int, vote: str, points: str) -> tuple[tuple[int, ...], Numbers]:
        names = [name for name in map(str.strip, vote.split(",")) if name]
        if not names:
            self._note(line, "blank", "")
            return (), ()
        try:
            options = [self._positions[name] for name in names]
        except KeyError as error:
            raise BadFile(line, f"a vote for project {shown(error.args[0])}, which is not listed") from None
        if len(set(options)) != len(options):
            self._note(line, "named_twice", shown(vote))
            if self._kind in (Kind.POINTS, Kind.SCORE):
                raise BadFile(line, f"points for the same project twice: {shown(vote)}")
            options = list(dict.fromkeys(options))
        if self._kind is Kind.RANKING:
            return tuple(options), ()
        if self._kind is Kind.APPROVAL:
            return tuple(sorted(options)), ()
        pairs = sorted(zip(options, self._points(line, points, len(options)), strict=True))
        return tuple(option for option, _ in pairs), tuple(number for _, number in pairs)

    def _points(self, line: int, text: str, expected: int) -> list[int | Decimal]:
        parts = [part for part in map(str.strip, text.split(",")) if part]
        if len(parts) != expected:
            raise BadFile(line, f"{len(parts)} numbers of points for {expected} projects")
        found: list[int | Decimal] = []
        for part in parts:
            if len(part) < 10 and part.isdecimal() and part.isascii():
                found.append(int(part))
                continue
            try:
                number = decimal(part)
            except ValueError as error:
                raise BadFile(line, f"points are {error}") from None
            if abs(number) > _MOST_POINTS:
                raise BadFile(line, f"points are out of range: {shown(part)}")
            exponent = number.normalize().as_tuple().exponent
            decimals = max(0, -exponent) if isinstance(exponent, int) else 0
            if decimals > _MOST_DECIMALS:
                raise BadFile(line, f"points have more than {_MOST_DECIMALS} decimals: {shown(part)}")
            self._decimals = max(self._decimals, decimals)
            found.append(number if decimals else int(number))
        return found

    def finish(self, scores: list[int] | None) -> tuple[tuple[Ballot, ...], int, int]:
        """All ballots, the scale of their points, and how many were blank. `scores` as the file states
        them.
        """
        self._known.clear()
        self._groups.clear()
        choices, self._choices = self._choices, []
        named: defaultdict[int, int] = defaultdict(int)
        for (options, _), count in zip(choices, self._counts, strict=True):
            for option in options:
                named[option] += count
        self.named = dict(named)
        if self._kind is Kind.RANKING:
            choices = self._borda(choices, scores)
        scale = 10**self._decimals
        ballots, blank = [], 0
        choices.reverse()
        for count in self._counts:
            options, values = choices.pop()  # what is turned into a ballot is not kept twice
            if not options:
                blank += count
                continue
            if scale != 1:
                values = tuple(int(value * scale) for value in values)
            if self._default_score and self._kind is not Kind.APPROVAL:
                options, values = self._with_default(options, values, scale)
            ballots.append(Ballot(options, values, count))  # type: ignore[arg-type]
        return tuple(ballots), scale, blank

    def _with_default(
        self, options: tuple[int, ...], values: Numbers, scale: int
    ) -> tuple[tuple[int, ...], Numbers]:
        """The ballot with the points that META gives to what a ballot does not name."""
        given = dict(zip(options, values, strict=True))
        everything = range(len(self._positions))
        return tuple(everything), tuple(given.get(j, self._default_score * scale) for j in everything)

    def _borda(
        self, choices: list[tuple[tuple[int, ...], Numbers]], scores: list[int] | None
    ) -> list[tuple[tuple[int, ...], Numbers]]:
        """Places as points: the first gets max_length, the next one less; or the ballot's own length.

        Pabulib's files use either; the stated scores tell which. Without them it is max_length.
        """
        ways = [
            [self._weights(options, longest) for options, _ in choices] for longest in (self._max_length, 0)
        ]
        usual, own = (self._totals(choices, way) for way in ways)
        if scores == own != usual:
            ways.reverse()
        return [(options, weights) for (options, _), weights in zip(choices, ways[0], strict=True)]

    def _weights(self, options: tuple[int, ...], longest: int) -> tuple[int, ...]:
        first = max(longest, len(options))
        return tuple(range(first, first - len(options), -1))

    def _totals(
        self, choices: list[tuple[tuple[int, ...], Numbers]], weights: list[tuple[int, ...]]
    ) -> list[int]:
        totals = [0] * len(self._positions)
        for (options, _), each, count in zip(choices, weights, self._counts, strict=True):
            for option, weight in zip(options, each, strict=True):
                totals[option] += weight * count
        return totals


def as_places(ballots: tuple[Ballot, ...]) -> tuple[Ballot, ...]:
    """Rankings that were written as points (the more, the better): back to places from 1."""
    found = []
    for options, values, voters in ballots:
        values = values or (1,) * len(options)
        place = {value: rank for rank, value in enumerate(sorted(set(values), reverse=True), 1)}
        found.append(Ballot(options, tuple(place[value] for value in values), voters))
    return tuple(found)
