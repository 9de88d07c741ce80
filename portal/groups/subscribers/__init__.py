"""What follows from what happens: kinds of things, notices to members, what an erased account leaves."""

from portal.groups.subscribers import (
    accompanying,
    deciding,
    inside,
    leaving,
    meetings,
    peace,
    reporting,
    telling,
    wishing,
)

__all__ = [
    "accompanying",
    "deciding",
    "inside",
    "leaving",
    "meetings",
    "peace",
    "reporting",
    "telling",
    "wishing",
]
