"""What happens to rounds by itself. No job opens or ends voting: that is asked at the moment itself."""

from portal.rounds.jobs import closing, drafts, leaving, logbook

__all__ = ["closing", "drafts", "leaving", "logbook"]
