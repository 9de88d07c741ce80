"""What follows from what happens to rounds: the kind "round", notices, mails to observers."""

from portal.rounds.subscribers import drafts, leaving, results, telling

__all__ = ["drafts", "leaving", "results", "telling"]
