"""The public lottery of people: whose numbers are drawn, with places shared out among groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.voting.lottery import lottery_order


@dataclass(frozen=True)
class Draw:
    """Who was drawn, group by group; `reserve` follows in the drawn order when somebody declines."""

    chosen: dict[str, tuple[str, ...]]
    reserve: dict[str, tuple[str, ...]]
    places: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "chosen": {group: list(numbers) for group, numbers in self.chosen.items()},
            "reserve": {group: list(numbers) for group, numbers in self.reserve.items()},
            "places": dict(self.places),
        }


def draw(seed: str, people: Mapping[str, str], places: int) -> Draw:
    """Draws `places` of the lot numbers in `people` (number -> group; one group for all: no strata).

    The list is published, with its hash, before the draw. In each group the numbers stand in the order of
    SHA-256(seed "|" number), and the first are taken. Groups get places in proportion to their size.

        >>> people = {f"w{i}": "women" for i in range(6)} | {f"m{i}": "men" for i in range(3)}
        >>> result = draw("2026-05-16: 3 11 19", people, 4)
        >>> result.places, len(result.reserve["women"])
        ({'men': 1, 'women': 3}, 3)
    """
    groups: dict[str, list[str]] = {}
    for number, group in people.items():
        groups.setdefault(group, []).append(number)
    shares = largest_remainder({group: len(numbers) for group, numbers in groups.items()}, places, seed)
    orders = {group: lottery_order(seed, numbers) for group, numbers in sorted(groups.items())}
    return Draw(
        {group: order[: shares[group]] for group, order in orders.items()},
        {group: order[shares[group] :] for group, order in orders.items()},
        shares,
    )


def largest_remainder(sizes: Mapping[str, int], places: int, seed: str) -> dict[str, int]:
    """Places in proportion to sizes, whole: first the whole parts, then by the largest remainders.

    Nobody gets more places than members. Equal remainders: the order drawn from the seed. Source: Hamilton's
    method, Balinski and Young, "Fair Representation", 1982 (in Germany Hare/Niemeyer).

        >>> largest_remainder({"a": 5, "b": 3, "c": 2}, 7, "seed")
        {'a': 4, 'b': 2, 'c': 1}
    """
    total = sum(sizes.values())
    places = min(places, total)
    if not total:
        return {}
    shares = {group: size * places // total for group, size in sorted(sizes.items())}
    order = {group: place for place, group in enumerate(lottery_order(seed, sizes))}
    by_remainder = sorted(sizes, key=lambda group: (-(sizes[group] * places % total), order[group]))
    for group in by_remainder[: places - sum(shares.values())]:
        shares[group] += 1
    return shares
