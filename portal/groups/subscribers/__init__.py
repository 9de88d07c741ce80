"""What follows from what happens: kinds of things, notices to members, what an erased account leaves."""

<<<<<<< HEAD
from portal.groups.subscribers import deciding, leaving, meetings, reporting, telling, wishing

__all__ = ["deciding", "leaving", "meetings", "reporting", "telling", "wishing"]
=======
from portal.groups.subscribers import leaving, meetings, peace, reporting, telling, wishing

__all__ = ["leaving", "meetings", "peace", "reporting", "telling", "wishing"]
>>>>>>> eec9c3b (Groups: relations, merges and splits in which every member chooses (domain))
