"""What happens to rounds, for packages above and for this package's own subscribers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundOpened:
    """A draft was frozen; voting begins at its date."""

    round_id: int


@dataclass(frozen=True)
class OptionWithdrawn:
    """An option became impossible while voting ran. Ballots stay as they are."""

    round_id: int
    option_id: int


@dataclass(frozen=True)
class RoundClosed:
    """Voting has ended, the file is made and hashed, the key is destroyed."""

    round_id: int


@dataclass(frozen=True)
class RoundPublished:
    """The result is public."""

    round_id: int


@dataclass(frozen=True)
class RoundVoided:
    """Two people declared it void."""

    round_id: int
    reason: str
