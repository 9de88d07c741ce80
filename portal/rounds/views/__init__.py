"""The pages of votes, one module per topic."""

from portal.rounds.views import closings, drafting, office, options, results, showing
from portal.rounds.views.section import section

__all__ = ["closings", "drafting", "office", "options", "results", "section", "showing"]
