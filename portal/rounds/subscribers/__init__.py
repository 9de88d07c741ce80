"""What follows from what happens to rounds: the kind "round", notices, mails to observers."""

from portal.rounds.subscribers import drafts, finding, leaving, results, telling

__all__ = ["drafts", "finding", "leaving", "results", "telling"]
