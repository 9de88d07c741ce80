"""What follows from what happens: kinds of things, notices to members, what an erased account leaves."""

from portal.groups.subscribers import leaving, meetings, reporting, telling, wishing

__all__ = ["leaving", "meetings", "reporting", "telling", "wishing"]
